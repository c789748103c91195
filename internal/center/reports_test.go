package center_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gatehouse/internal/center"
	"gatehouse/internal/model"
	"gatehouse/internal/report"
)

// generate generates the credential report, or gets the one that there is.
func (f *firm) generate(t *testing.T) center.CredentialReport {
	t.Helper()
	r, err := f.c.GenerateCredentialReport(t.Context(), f.auditor)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// line is what a report says about a person, by column.
func line(t *testing.T, r center.CredentialReport, user string) map[string]string {
	t.Helper()
	table, err := report.Read(r.File)
	if err != nil {
		t.Fatal(err)
	}
	cells := map[string]string{}
	for _, l := range table.Lines {
		if table.Value(l, "user") == user {
			for i, column := range table.Header {
				cells[column] = l[i]
			}
		}
	}
	return cells
}

func TestACredentialReportStaysTheSameForFourHoursToTheSecond(t *testing.T) {
	t.Parallel()
	f := openFirm(t)
	f.now = f.now.Add(300 * time.Millisecond) // the report's time is a whole second, so that the page can promise it
	first := f.generate(t)
	if !first.Fresh || !first.GeneratedAt.Equal(noon) || !first.RenewableAt.Equal(noon.Add(4*time.Hour)) {
		t.Fatalf("generated at %s, fresh %t, renewable at %s", first.GeneratedAt, first.Fresh, first.RenewableAt)
	}
	f.trail(t, "Generated the credential report")
	f.user(t, "newcomer")

	f.now = noon.Add(4*time.Hour - time.Second)
	again := f.generate(t)
	if again.Fresh || again.File != first.File || again.Renewable(f.now) {
		t.Errorf("a second before four hours: fresh %t, the same bytes %t", again.Fresh, again.File == first.File)
	}
	f.trail(t, "Asked for a credential report; the present one is younger than four hours")

	f.now = noon.Add(4 * time.Hour)
	if !again.Renewable(f.now) {
		t.Error("at four hours it cannot be renewed")
	}
	next := f.generate(t)
	if !next.Fresh || next.File == first.File || line(t, next, "newcomer")["user"] == "" {
		t.Errorf("at four hours: fresh %t, and without the newcomer", next.Fresh)
	}
	for _, get := range []func() (center.CredentialReport, error){
		func() (center.CredentialReport, error) { return f.c.CredentialReport(t.Context(), f.auditor) },
		func() (center.CredentialReport, error) { return f.c.DownloadCredentialReport(t.Context(), f.auditor) },
	} {
		if got, err := get(); err != nil || got.File != next.File || got.By != "Ana Beltrán" {
			t.Errorf("the newest report: %v, the same bytes %t, by %s", err, got.File == next.File, got.By)
		}
	}
	f.trail(t, "Downloaded the credential report")
}

func TestTheReportHasTheColumnsAndTheWordsOfAWS(t *testing.T) {
	t.Parallel()
	f := openFirm(t)
	ctx := t.Context()
	m := f.member(t, "mia")
	f.signIn(t, m)
	f.user(t, "=1+1")
	r := f.generate(t)
	const header = "user,arn,user_creation_time,status,email,groups,last_sign_in,password_enabled,password_last_changed," +
		"password_last_used,password_next_rotation,mfa_active,totp_devices,webauthn_devices,recovery_codes_left," +
		"active_sessions,accounts,permission_sets,last_role_session\n"
	if !strings.HasPrefix(r.File, header) || strings.HasSuffix(r.File, "\n") || strings.Contains(r.File, "\r") {
		t.Errorf("the file begins %.300q and ends %q", r.File, r.File[len(r.File)-1:])
	}
	org, err := f.c.Organization(ctx)
	if err != nil {
		t.Fatal(err)
	}
	then := f.now.Format("2006-01-02T15:04:05+00:00")
	want := map[string]string{"user": "mia", "arn": org.UserARN(m.User.ID), "user_creation_time": then, "status": "ENABLED",
		"email": "mia@securecart.example", "groups": "", "last_sign_in": then, "password_enabled": "true",
		"password_last_changed": then, "password_last_used": then, "password_next_rotation": "N/A", "mfa_active": "true",
		"totp_devices": "1", "webauthn_devices": "0", "recovery_codes_left": "10", "active_sessions": "1", "accounts": "0",
		"permission_sets": "0", "last_role_session": "N/A"}
	if diff := cmp.Diff(want, line(t, r, "mia")); diff != "" {
		t.Errorf("mia (-want +got):\n%s", diff)
	}
	dora := line(t, r, "dora")
	for column, want := range map[string]string{"groups": "Developers", "last_sign_in": "no_information", "mfa_active": "false",
		"password_enabled": "false", "password_last_changed": "N/A", "password_last_used": "N/A", "accounts": "1",
		"permission_sets": "1", "active_sessions": "0", "recovery_codes_left": "0"} {
		if dora[column] != want {
			t.Errorf("dora: %s is %q, want %q", column, dora[column], want)
		}
	}
	if formula := line(t, r, "'=1+1"); formula["status"] != "ENABLED" {
		t.Error("a user name that a spreadsheet takes for a formula is not led by an apostrophe")
	}
	if !strings.Contains(r.File, "\ndora,") || strings.Index(r.File, "\ndora,") > strings.Index(r.File, "\nmia,") {
		t.Error("people are not in order of their user names")
	}
}

func TestASessionCountsInTheReportUntilItsLimits(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		after time.Duration
		seen  bool // again at that moment
		want  string
	}{
		{"a moment before it is idle too long", 15*time.Minute - time.Second, false, "1"},
		{"idle too long", 15 * time.Minute, false, "0"},
		{"past its absolute limit, whatever it does", 8 * time.Hour, true, "0"},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := openFirm(t)
			m := f.member(t, "mia")
			a := f.signIn(t, m)
			for passed := time.Duration(0); test.seen && passed < test.after-10*time.Minute; passed += 10 * time.Minute {
				f.now = f.now.Add(10 * time.Minute)
				f.alive(t, a.Token)
			}
			f.now = noon.Add(test.after)
			f.auditor.FactorAt = f.now
			if got := line(t, f.generate(t), "mia")["active_sessions"]; got != test.want {
				t.Errorf("active_sessions is %s, want %s", got, test.want)
			}
		})
	}
}

func TestADisabledPersonHasNoActiveSessions(t *testing.T) {
	t.Parallel()
	f := openFirm(t)
	m := f.member(t, "mia")
	f.signIn(t, m)
	if err := f.c.DisableUser(t.Context(), host, m.User.ID, ""); err != nil {
		t.Fatal(err)
	}
	mia := line(t, f.generate(t), "mia")
	if mia["status"] != "DISABLED" || mia["active_sessions"] != "0" || mia["password_enabled"] != "true" {
		t.Errorf("mia: %v", mia)
	}
}

func TestReportsAreForThoseWhoMayReadThem(t *testing.T) {
	t.Parallel()
	f := openFirm(t)
	ctx := t.Context()
	if _, err := f.c.CredentialReport(ctx, f.auditor); model.KindOf(err) != model.NotFound {
		t.Errorf("before one was generated: %v, want it not found", err)
	}
	for _, actor := range []model.Actor{f.helpDesk, f.developer} {
		_, err := f.c.GenerateCredentialReport(ctx, actor)
		f.refused(t, model.ActGenerateReport, err)
		_, err = f.c.DownloadCredentialReport(ctx, actor)
		f.refused(t, model.ActGetReport, err)
		if _, err := f.c.CredentialReport(ctx, actor); model.KindOf(err) != model.Forbidden {
			t.Errorf("%s reads the report: %v", actor.UserName, err)
		}
	}
}

func TestTheReportSaysWhenThePolicyHasAPasswordReplaced(t *testing.T) {
	t.Parallel()
	f := openFirm(t)
	f.member(t, "rita")
	f.save(t, func(p *model.SignInPolicy) { p.MaxAge = 90 })
	if got := line(t, f.generate(t), "rita")["password_next_rotation"]; got != "2027-02-18T12:00:00+00:00" {
		t.Errorf("the next rotation is %q", got)
	}
}
