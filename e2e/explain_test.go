package e2e

import (
	"strconv"
	"testing"
)

// ask puts a question to the simulator about a person's role, which is found by its words.
func ask(j *journey, user, role, actions, resources string) {
	j.t.Helper()
	j.Open("/simulate?user=" + user)
	j.Choose("role", role)
	j.Type("actions", actions)
	j.Type("resources", resources)
}

// Choose picks the option of a select that has these words; a click like any, as opening and choosing are.
func (j *journey) Choose(name, words string) {
	j.t.Helper()
	j.clicks++
	if !Eval[bool](j, `(select => {
		const option = [...select.options].find(o => o.text === `+strconv.Quote(words)+`)
		if (option) { select.value = option.value; select.dispatchEvent(new Event('change', {bubbles: true})) }
		return !!option
	})(document.querySelector('[name=`+name+`]'))`) {
		j.t.Fatalf("%s offers no %s", name, words)
	}
}

const (
	devOpsInProduction  = "SecureCart-DevOps-PermissionSet in SecureCart-Production"
	supportInProduction = "SecureCart-Support-PermissionSet in SecureCart-Production"
)

func TestTheSimulatorSaysWhatWouldTurnAnAnswerAround(t *testing.T) {
	j := sample(t).As(t, administrator, view{})
	ask(j, "priya.raman", devOpsInProduction, "ec2:RunInstances", "*")
	j.Click("Run")
	j.See("It depends on condition keys that the request does not say.")
	j.See("Allowed if aws:RequestedRegion is ")
	j.Axe()
	j.Click("Ask with")
	j.See("nothing denies it")
}

// look opens every page about explaining and evidence, keeps a picture of each and asks axe.
func look(j *journey) {
	shot := func(name string) {
		j.t.Helper()
		j.Shot(name)
		j.Axe()
	}
	j.Open("/simulate")
	shot("simulate")
	ask(j, "priya.raman", devOpsInProduction, "iam:PutRolePolicy", "arn:aws:iam::222233334444:role/checkout")
	j.Click("Run")
	j.See("Denied by a service control policy")
	shot("simulate-denied")
	ask(j, "priya.raman", devOpsInProduction, "ec2:RunInstances", "*")
	j.Type("keys", "aws:RequestedRegion = eu-central-1")
	j.Click("Run")
	j.See("Allowed")
	shot("simulate-allowed")
	ask(j, "priya.raman", devOpsInProduction, "ec2:RunInstances", "*")
	j.Click("Run")
	j.See("aws:RequestedRegion")
	shot("simulate-missing-key")
	ask(j, "tomas.vega", "SecureCart-Product-PermSet in SecureCart-Production",
		"dynamodb:PutItem\ndynamodb:GetItem\ncloudwatch:GetMetricData\ncloudwatch:PutMetricData",
		"arn:aws:dynamodb:eu-central-1:222233334444:table/orders\narn:aws:dynamodb:eu-central-1:222233334444:table/customers")
	j.Click("Run")
	j.See("Nearest miss")
	shot("simulate-not-allowed")
	ask(j, "amara.diallo", supportInProduction, "s3:GetObject", "bucket/key")
	j.Click("Run")
	j.See("There is a problem")
	shot("simulate-problem")
	j.Open("/simulate/scenarios")
	shot("scenarios")
	j.Click("tr:nth-child(8) th > a")
	j.See("All cases hold")
	shot("scenario")
	j.Click("why?")
	j.See("Deciding statement")
	shot("simulate-pasted")
	j.Open("/reports/credentials")
	shot("report-none")
	j.Click("Generate the report")
	j.See("Generated the credential report.")
	shot("report")
	j.Open("/reports/credentials?finding=no-mfa")
	shot("report-filtered")
	j.Open("/reports/credentials?q=nobody-at-all")
	shot("report-nobody")
	j.Open("/audit")
	shot("audit")
	j.Open("/audit?by=host&action=sso%3ACreatePermissionSet")
	shot("audit-filtered")
	j.Open("/audit?q=zzz&from=2026-11-20&to=2026-10-01")
	shot("audit-problem")
	j.Open("/audit?q=zzz")
	shot("audit-none")
	j.Open("/")
	shot("overview")
}

func TestThePagesThatExplainHoldUpInEveryView(t *testing.T) {
	t.Parallel()
	for _, v := range []view{{}, {dark: true}, {phone: true}, {phone: true, dark: true}} {
		t.Run(v.name(), func(t *testing.T) {
			c := ownSample(t)
			look(c.As(t, administrator, v))
		})
	}
}
