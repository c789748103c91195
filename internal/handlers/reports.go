package handlers

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"gatehouse/internal/center"
	"gatehouse/internal/model"
	"gatehouse/internal/report"
	"gatehouse/web/templates"
)

const credentialsPath = "/reports/credentials" // #nosec G101 -- an address, not a secret

// credentialReport shows the newest credential report.
func (h *Handlers) credentialReport(c echo.Context) error {
	ctx, actor := c.Request().Context(), person(c)
	may, err := h.Center.Allows(ctx, actor, model.ActGenerateReport)
	if err != nil {
		return err
	}
	p := templates.CredentialReportPage{MayGenerate: may[model.ActGenerateReport], Now: h.Now(), CSV: credentialsPath + ".csv"}
	newest, err := h.Center.CredentialReport(ctx, actor)
	if model.KindOf(err) != model.NotFound {
		if err != nil {
			return err
		}
		if err := h.fillReport(&p, newest, c.QueryParams()); err != nil {
			return err
		}
	}
	status := http.StatusOK
	if p.AgeProblem != "" {
		status = http.StatusUnprocessableEntity
	}
	return h.render(c, page{status: status, title: "Credential report", section: credentialsPath, failed: p.AgeProblem != "",
		crumbs: []templates.Link{{Text: "Evidence"}, {Text: "Credential report"}}}, templates.CredentialReport(p))
}

// generateCredentialReport generates the report, unless the newest is young enough to stay.
func (h *Handlers) generateCredentialReport(c echo.Context) error {
	form, err := decode[struct {
		Download string `form:"download"`
	}](c)
	if err != nil {
		return err
	}
	newest, err := h.Center.GenerateCredentialReport(c.Request().Context(), person(c))
	if err != nil {
		return err
	}
	if form.Download != "" {
		return h.redirect(c, credentialsPath+".csv")
	}
	if !newest.Fresh {
		return h.done(c, credentialsPath, "The report of "+newest.GeneratedAt.UTC().Format("15:04")+" UTC stays until "+
			newest.RenewableAt.UTC().Format("15:04")+" UTC.")
	}
	return h.done(c, credentialsPath, "Generated the credential report.")
}

// downloadCredentialReport sends the newest report as a file.
func (h *Handlers) downloadCredentialReport(c echo.Context) error {
	newest, err := h.Center.DownloadCredentialReport(c.Request().Context(), person(c))
	if err != nil {
		return err
	}
	return sendCSV(c, "credential-report-"+newest.GeneratedAt.UTC().Format(fileTime)+".csv", newest.File)
}

// reportRows is how many lines of a report a page shows.
const reportRows = 50

func (h *Handlers) fillReport(p *templates.CredentialReportPage, newest center.CredentialReport, q url.Values) error {
	table, err := report.Read(newest.File)
	if err != nil {
		return err
	}
	filter, on := reportFilter(p, q)
	lines := table.Choose(filter, newest.GeneratedAt)
	from, err := strconv.Atoi(q.Get("from"))
	if err != nil || from < 0 || from >= len(lines) {
		from = 0 // made-up addresses start at the first line
	}
	to := min(from+reportRows, len(lines))

	p.Generated, p.GeneratedAt, p.By = true, newest.GeneratedAt, newest.By
	p.RenewableAt, p.Renewable = newest.RenewableAt, newest.Renewable(h.Now())
	for _, line := range lines[from:to] {
		p.Rows = append(p.Rows, credentialRow(table, line, newest.GeneratedAt))
	}
	p.Chips = reportChips(table, newest.GeneratedAt, on)
	p.Filter = templates.FilterProps{Action: credentialsPath, Query: on.Get("q"), Label: "Filter the report",
		Placeholder: "Filter by user name, e-mail or group", Target: "report", Chips: p.Chips, Keep: pairs(with(on, "q", ""))}
	p.Keep = pairs(with(on, "age", ""))
	if len(on) > 0 {
		p.Clear = credentialsPath
	}
	p.Pager = templates.PagerProps{First: from + 1, Last: to, Total: len(lines), Target: "report"}
	if to < len(lines) {
		p.Pager.Next = credentialsPath + "?" + with(on, "from", strconv.Itoa(to)).Encode()
	}
	if from > 0 {
		p.Pager.Back = credentialsPath + "?" + with(on, "from", strconv.Itoa(max(from-reportRows, 0))).Encode()
	}
	return nil
}

// findings are the filters that an auditor asks for every time.
var findings = []struct {
	value, text, icon string
	filter            report.Filter
}{
	{"no-mfa", "No second factor", iconFinding, report.Filter{WithoutMFA: true}},
	{"never", "Never signed in", "", report.Filter{NeverSignedIn: true}},
	{"unused", "Not signed in for 90 days", "", report.Filter{NotSignedInFor: 90 * 24 * time.Hour}},
}

// iconFinding marks the finding that is to be acted on first.
const iconFinding = "alert-triangle"

// reportFilter reads the filters of an address; on holds those that are in force.
func reportFilter(p *templates.CredentialReportPage, q url.Values) (filter report.Filter, on url.Values) {
	on = url.Values{}
	for _, f := range findings {
		if f.value == q.Get("finding") {
			filter = f.filter
			on.Set("finding", f.value)
		}
	}
	if text := strings.TrimSpace(q.Get("q")); text != "" {
		filter.Text = text
		on.Set("q", text)
	}
	if p.Age = q.Get("age"); p.Age != "" {
		days, err := strconv.Atoi(p.Age)
		if err != nil || days < 1 || days > 3650 {
			p.AgeProblem = "Give a number of days from 1 to 3,650."
			return filter, on
		}
		filter.PasswordAge = time.Duration(days) * 24 * time.Hour
		on.Set("age", p.Age)
	}
	return filter, on
}

// reportChips are the findings with how many lines each has.
func reportChips(table report.Table, at time.Time, on url.Values) []templates.Chip {
	href := func(finding string) string { return credentialsPath + "?" + with(on, "finding", finding).Encode() }
	chips := []templates.Chip{{Text: "Everyone", Count: templates.Number(len(table.Lines)), Href: href(""),
		On: on.Get("finding") == ""}}
	for _, f := range findings {
		chips = append(chips, templates.Chip{Text: f.text, Count: templates.Number(len(table.Choose(f.filter, at))),
			Icon: f.icon, Href: href(f.value), On: on.Get("finding") == f.value})
	}
	return chips
}

func pairs(v url.Values) []templates.Pair {
	var list []templates.Pair
	for _, name := range slices.Sorted(maps.Keys(v)) {
		list = append(list, templates.Pair{Name: name, Value: v.Get(name)})
	}
	return list
}

// factorWords counts a person's devices: "1 app", "2 apps, 1 key".
func factorWords(apps, keys int) string {
	words := templates.Plural(apps, "app", "apps")
	switch {
	case keys == 0:
		return words
	case apps == 0:
		return templates.Plural(keys, "key", "keys")
	}
	return words + ", " + templates.Plural(keys, "key", "keys")
}

func credentialRow(t report.Table, line []string, at time.Time) templates.CredentialRow {
	value := func(column string) string { return t.Value(line, column) }
	row := templates.CredentialRow{
		UserName: value("user"), Enabled: value("status") == string(model.UserEnabled), Groups: value("groups"),
		MFA: value("mfa_active") == "true", NoSignIn: value("last_sign_in"), NoPassword: value("password_last_changed"),
		RecoveryCodes: value("recovery_codes_left"), Sessions: value("active_sessions"),
		Accounts: value("accounts"), Sets: value("permission_sets"),
	}
	if _, id, ok := strings.Cut(value("arn"), ":user/"); ok {
		row.Href = hrefOf(model.Ref{Kind: model.RefUser, ID: id})
	}
	apps, appsErr := strconv.Atoi(value("totp_devices"))
	keys, keysErr := strconv.Atoi(value("webauthn_devices"))
	if appsErr == nil && keysErr == nil {
		row.SecondFactors = factorWords(apps, keys)
	}
	row.LastSignIn, _ = t.Moment(line, "last_sign_in")
	if changed, ok := t.Moment(line, "password_last_changed"); ok {
		row.PasswordChanged, row.PasswordAgeInDays = changed, int(at.Sub(changed)/(24*time.Hour))
	}
	return row
}
