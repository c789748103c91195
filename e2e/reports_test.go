package e2e

import (
	"net/url"
	"testing"
)

func TestTheFirstCredentialReportIsDownloadedInTwoClicks(t *testing.T) { // R1
	t.Parallel()
	j := ownSample(t).As(t, auditor, view{})
	j.keepDownloads()
	j.Click("Credential report")
	j.See("No report has been generated yet")
	j.Click("Generate and download CSV")
	lines := j.Downloaded("credential-report-")
	j.Goal(2, 1)
	factors := column(t, lines, "user", "mfa_active")
	if len(factors) != 18 || factors["elena.novak"] != "true" {
		t.Errorf("second factors by user: %v", factors)
	}
	j.Open("/reports/credentials")
	j.See("As of")
	j.See("Generate at") // the same bytes for four hours
	j.Axe()
}

func TestPeopleWithoutASecondFactorAreOneClickFromTheReport(t *testing.T) { // R2
	t.Parallel()
	c := ownSample(t)
	c.signIn(t, auditor).Post(t, "/reports/credentials", url.Values{})
	j := c.As(t, auditor, view{})
	j.Open("/reports/credentials")
	j.countAnew()
	j.Click("a.gh-chip[href*='finding=no-mfa']")
	j.wait("the finding", `location.search === '?finding=no-mfa'`)
	j.Goal(1, 1)
	j.wait("its lines", `[...document.querySelectorAll('#report tbody tr')].every(r => !r.innerText.includes('1 app'))`)
	j.Type("q", "securecart")
	j.wait("both filters", `location.search.includes('finding=no-mfa') && location.search.includes('q=securecart')`)
	j.Type("age", "0")
	Eval[bool](j, `document.querySelector('[name=age]').form.noValidate = true`)
	j.Submit()
	j.See("Give a number of days from 1 to 3,650.")
	if typed := Eval[string](j, `document.querySelector('[name=age]').value`); typed != "0" {
		t.Errorf("what was typed became %q", typed)
	}
	j.Axe()
}

func TestAllAssignmentsAreAFileInTwoClicks(t *testing.T) { // R4
	t.Parallel()
	j := sample(t).As(t, auditor, view{})
	j.keepDownloads()
	j.Click("Assignments")
	j.Click("CSV of this view")
	lines := j.Downloaded("assignments-")
	j.Goal(2, 1)
	accounts := column(t, lines, "principal", "permission_set")
	if accounts["SecureCart-Developers"] != "SecureCart-Developer-PermSet" {
		t.Errorf("permission sets by principal: %v", accounts)
	}
}

func TestWhoGaveAccessWhenAndWhyIsTwoClicksAway(t *testing.T) { // R5
	t.Parallel()
	j := sample(t).As(t, auditor, view{})
	j.Open("/assignments")
	j.countAnew()
	j.Click("tbody a.gh-why")
	j.Click("History")
	j.See("sso:CreateAccountAssignment")
	j.Goal(2, 2)
	j.Axe()
}

func TestWhatSomebodyDidToSomethingIsThreeClicksAway(t *testing.T) {
	t.Parallel()
	j := sample(t).As(t, auditor, view{})
	j.Click("Audit trail")
	j.Click("Filter by person, object, action and time")
	j.Type("by", "host")
	j.Type("object", "SecureCart-Developers")
	j.Type("action", "sso:CreateAccountAssignment")
	j.Submit()
	j.See("2 events")
	j.See("Deploys the shop")
	j.Goal(3, 2)
}

func TestTheReportAndTheTrailWorkWithoutScripts(t *testing.T) {
	t.Parallel()
	j := ownSample(t).As(t, auditor, view{noScript: true})
	j.keepDownloads()
	j.Click("Credential report")
	j.Click("Generate the report")
	j.See("Generated the credential report.")
	j.Click("a.gh-chip[href*='finding=never']")
	j.wait("the finding", `location.search === '?finding=never'`)
	j.Type("q", "ana")
	j.Submit()
	j.See("ana.beltran")
	j.Click("Download CSV")
	if lines := j.Downloaded("credential-report-"); len(lines) != 19 {
		t.Errorf("the file has %d lines, want one for each of 18 people and a header", len(lines))
	}
	j.Click("Audit trail")
	j.See("downloaded the credential report")
	j.Type("q", "generated")
	j.Submit()
	j.See("generated the credential report")
}
