package report_test

import (
	"strings"
	"testing"
	"time"

	"gatehouse/internal/report"
)

var generated = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

const file = `user,status,email,groups,last_sign_in,password_last_changed,mfa_active
ann,ENABLED,ann@example.com,Developers; Support,2026-11-20T11:00:00+00:00,2026-10-01T00:00:00+00:00,true
ben,ENABLED,ben@example.com,Support,no_information,2026-01-01T00:00:00+00:00,false
cat,DISABLED,cat@example.com,,no_information,N/A,false
dan,ENABLED,dan@example.com,Finance,2026-06-01T00:00:00+00:00,2026-06-01T00:00:00+00:00,true`

func TestFiltersChooseLinesByWhatTheFileSays(t *testing.T) {
	table, err := report.Read(file)
	if err != nil {
		t.Fatal(err)
	}
	const day = 24 * time.Hour
	for _, test := range []struct {
		name   string
		filter report.Filter
		want   string
	}{
		{"no filter chooses everybody", report.Filter{}, "ann ben cat dan"},
		{"without a second factor leaves out who cannot sign in", report.Filter{WithoutMFA: true}, "ben"},
		{"never signed in leaves out who cannot sign in", report.Filter{NeverSignedIn: true}, "ben"},
		{"an old password is at least that old when the report was made", report.Filter{PasswordAge: 172 * day}, "ben dan"},
		{"a password that is younger by a day is not chosen", report.Filter{PasswordAge: 174 * day}, "ben"},
		{"not signed in for long includes never", report.Filter{NotSignedInFor: 90 * day}, "ben dan"},
		{"text is looked for in name, e-mail and groups", report.Filter{Text: " SUPPORT "}, "ann ben"},
		{"filters add up", report.Filter{Text: "support", WithoutMFA: true}, "ben"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var names []string
			for _, line := range table.Choose(test.filter, generated) {
				names = append(names, table.Value(line, "user"))
			}
			if got := strings.Join(names, " "); got != test.want {
				t.Errorf("Choose(%+v) = %s, want %s", test.filter, got, test.want)
			}
		})
	}
}
