package e2e

import "testing"

func TestAGuardrailIsWrittenAndAttachedInSevenClicks(t *testing.T) {
	t.Parallel()
	c := ownSample(t)
	j := c.As(t, administrator, view{})
	j.Click("Accounts")
	j.Click("Policies")
	j.Click("New policy")
	j.Type("name", "NoLeavers")
	write(j, `"iam:CreateUser"`, `["organizations:LeaveOrganization", `)
	write(j, `,`+"\n"+`      "Resource"`, `]`)
	j.Type("reason", "CHG-301")
	j.Click("Create policy")
	j.See("Created the policy NoLeavers.")
	j.Click("Attach")
	j.Click("[aria-label='Attach to Workloads']")
	j.Click("form[action='/accounts/attach'] button[type=submit]")
	j.See("Attached the policy to 1 target.")
	j.Goal(7, 6)
	j.Axe()
	j.Open("/accounts/222233334444")
	j.See("NoLeavers")
}

func TestTheEditorSaysWhatIsWrongBeforeAnythingIsSaved(t *testing.T) {
	t.Parallel()
	c := ownSample(t)
	j := c.As(t, administrator, view{})
	j.Open("/accounts/policies/new")
	write(j, `"Effect"`, `"Principal": "*", `)
	j.See("Line 6")
	j.See("SCP syntax error principal.")
	const marked = `[...document.querySelector('.gh-editor-host').shadowRoot.querySelectorAll('.cm-gutter-lint .cm-gutterElement')]
		.filter(line => line.querySelector('.cm-lint-marker-error'))`
	j.wait("a mark at the sixth line", `(marks => marks.length === 1 && Math.abs(marks[0].getBoundingClientRect().top -
		document.querySelector('.gh-editor-host').shadowRoot.querySelectorAll('.cm-line')[5].getBoundingClientRect().top) < 3)(`+marked+`)`)
	j.Shot("policy-findings")
	write(j, `"Effect"`, `,,`)
	j.See("This is not JSON")
	j.Axe()
}

func TestTheTreeShowsWhatLimitsAnAccountInOneClick(t *testing.T) {
	t.Parallel()
	c := ownSample(t)
	j := c.As(t, administrator, view{})
	j.Open("/accounts")
	j.clicks, j.loads = 0, 0
	j.Click("SecureCart-Production")
	j.wait("the account beside the tree", `document.querySelector('aside[aria-label="Selected: SecureCart-Production"]') !== null`)
	j.See("Guardrails in force, top down")
	j.See("ProdGuardrails")
	j.Goal(1, 0)
	j.Type("q", "logarch")
	j.wait("the tree filtered", `document.querySelector('#places').innerText.includes('LogArchive') &&
		!document.querySelector('#places').innerText.includes('SecureCart-Dev')`)
	j.Axe()
}

func TestWhyAPersonCanEnterAnAccountIsOneClickAway(t *testing.T) {
	t.Parallel()
	c := ownSample(t)
	j := c.As(t, administrator, view{})
	j.Open("/accounts/222233334444")
	j.clicks, j.loads = 0, 0
	j.Click("a.gh-why")
	j.wait("the way", `document.querySelector('.gh-path') !== null`)
	j.See("ProdGuardrails")
	j.Goal(1, 0)
	j.Shot("account-why")
	j.Axe()
}

func TestAnAccountIsAddedAndMovedInSixClicks(t *testing.T) {
	t.Parallel()
	c := ownSample(t)
	j := c.As(t, administrator, view{})
	j.Click("Accounts")
	j.Click("Add account")
	j.Type("account_id", "777788889999")
	j.Type("name", "SecureCart-Stage")
	j.Type("email", "aws+stage@securecart.example")
	choose(j, "ou", "Prod")
	j.Click("form[action='/accounts/new'] button[type=submit]")
	j.See("Added the account SecureCart-Stage.")
	j.Click("Move")
	choose(j, "ou", "NonProd")
	j.Click("Review")
	j.See("no longer binds")
	j.Shot("account-move")
	j.Axe()
	j.Click("Move to Workloads/NonProd")
	j.See("Moved the account.")
	j.Goal(6, 6)
}

func TestTheOrganizationWorksWithoutScripts(t *testing.T) {
	t.Parallel()
	c := ownSample(t)
	j := c.As(t, administrator, view{noScript: true})
	j.Open("/accounts")
	j.Click("SecureCart-Production")
	j.See("Guardrails in force, top down")
	j.Type("q", "dev")
	j.Click("Filter")
	j.See("SecureCart-Dev")
	j.Open("/accounts/policies/new")
	j.Type("document", "{ nothing }")
	j.Click("Create policy")
	j.See("There is a problem")
	j.See("Line 1")
	j.Type("name", "Nothing")
	j.Type("document", `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"s3:DeleteBucket","Resource":"*"}]}`)
	j.Click("Create policy")
	j.See("Created the policy Nothing.")
	j.Click("Delete")
	j.See("Delete the policy Nothing")
	j.Click("Delete policy")
	j.See("Deleted the policy.")
}

// choose takes the option of a list whose words these are.
func choose(j *journey, name, words string) {
	j.t.Helper()
	j.wait("the list "+name, `document.querySelector('select[name="`+name+`"]') !== null`)
	Eval[bool](j, `((name, words) => {
		const list = document.querySelector('select[name="' + name + '"]')
		list.value = [...list.options].find(o => o.text.trim() === words).value
		return list.value !== ''
	})('`+name+`', '`+words+`')`)
}
