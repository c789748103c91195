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

func TestWhetherSomebodyMayDoSomethingIsAnsweredInThreeClicks(t *testing.T) {
	t.Parallel()
	j := sample(t).As(t, administrator, view{})
	j.Click("Simulate")
	j.Type("user", "priya.raman")
	j.press("\t")
	j.wait("the roles", `[...document.querySelectorAll('[name=role] option')].some(o => o.text === '`+devOpsInProduction+`')`)
	j.Choose("role", devOpsInProduction)
	j.Type("actions", "iam:PutRolePolicy")
	j.Click("Run")
	j.See("Denied by a service control policy")
	j.See("ProdGuardrails, statement 1 of 2")
	j.Goal(3, 2)
}

func TestASavedScenarioIsProvedAgainInThreeClicks(t *testing.T) {
	t.Parallel()
	j := sample(t).As(t, administrator, view{})
	j.Click("Simulate")
	j.Click("Saved scenarios")
	j.Click("tr:nth-child(7) th > a")
	j.See("All cases hold")
	j.Goal(3, 3)
}

func TestVerdictsHoldUpInEveryView(t *testing.T) {
	t.Parallel()
	j := ownSample(t).As(t, administrator, view{})
	ask(j, "priya.raman", devOpsInProduction, "iam:PutRolePolicy", "arn:aws:iam::222233334444:role/checkout")
	j.Click("Run")
	j.See("Denied by a service control policy")
	j.Look("simulate-denied-resource")
	ask(j, "priya.raman", devOpsInProduction, "ec2:RunInstances", "*")
	j.Type("keys", "aws:RequestedRegion = eu-central-1")
	j.Click("Run")
	j.See("Allowed")
	j.Look("simulate-allowed")
	ask(j, "priya.raman", devOpsInProduction, "ec2:RunInstances", "*")
	j.Click("Run")
	j.See("aws:RequestedRegion")
	j.Look("simulate-missing-key")
	ask(j, "tomas.vega", "SecureCart-Product-PermSet in SecureCart-Production",
		"dynamodb:PutItem\ndynamodb:GetItem\ncloudwatch:GetMetricData\ncloudwatch:PutMetricData",
		"arn:aws:dynamodb:eu-central-1:222233334444:table/orders\narn:aws:dynamodb:eu-central-1:222233334444:table/customers")
	j.Click("Run")
	j.See("Nearest miss")
	j.Look("simulate-not-allowed")
	ask(j, "amara.diallo", supportInProduction, "s3:GetObject", "bucket/key")
	j.Click("Run")
	j.See("There is a problem")
	j.Look("simulate-problem")
}

func TestScenariosHoldUpInEveryView(t *testing.T) {
	t.Parallel()
	j := sample(t).As(t, administrator, view{})
	j.Open("/simulate/scenarios")
	j.Look("scenarios")
	j.Click("tr:nth-child(8) th > a")
	j.See("All cases hold")
	j.Look("scenario")
	j.Click("why?")
	j.See("Deciding statement")
	j.Look("simulate-pasted")
}

func TestReportsHoldUpInEveryView(t *testing.T) {
	t.Parallel()
	j := ownSample(t).As(t, administrator, view{})
	j.Open("/reports/credentials")
	j.Look("report-none")
	j.Click("Generate the report")
	j.See("Generated the credential report.")
	j.Look("report")
	j.Open("/reports/credentials?finding=no-mfa")
	j.Look("report-filtered")
	j.Open("/reports/credentials?q=nobody-at-all")
	j.Look("report-nobody")
}

func TestTheTrailHoldsUpInEveryView(t *testing.T) {
	t.Parallel()
	j := sample(t).As(t, administrator, view{})
	j.Open("/audit?by=host&action=sso%3ACreatePermissionSet")
	j.Look("audit-filtered")
	j.Open("/audit?q=zzz&from=2026-11-20&to=2026-10-01")
	j.Look("audit-problem")
}
