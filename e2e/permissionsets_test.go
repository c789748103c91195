package e2e

import (
	"strconv"
	"testing"
)

func TestAPermissionSetIsCreatedInFourClicks(t *testing.T) {
	t.Parallel()
	j := sample(t).As(t, administrator, view{})
	j.Click("Permission sets")
	j.Click("New permission set")
	j.Type("name", "Bucket-Readers")
	j.Type("find", "s3 read")
	j.See("policies match")
	j.Click("AmazonS3ReadOnlyAccess")
	write(j, "", `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"s3:ListAllMyBuckets","Resource":"*"}]}`)
	j.Type("session_duration", "4")
	j.Click("Create permission set")
	j.See("Created the permission set Bucket-Readers.")
	j.See("AmazonS3ReadOnlyAccess")
	j.See("s3:ListAllMyBuckets")
	j.See("4 h")
	j.Goal(4, 3)
	j.Axe()
}

func TestAnActionIsAddedToASetInThreeClicks(t *testing.T) {
	t.Parallel()
	j := ownSample(t).As(t, administrator, view{})
	j.Open(setPath(j, "SecureCart-Support"))
	j.clicks, j.loads = 0, 0
	j.Click("Edit")
	write(j, `"support:Describe*"`, `"support:CreateCase", `)
	j.Type("reason", "CHG-204: support opens cases")
	j.Click("Review and save")
	j.See("Review version 2")
	j.See("support:CreateCase")
	j.Shot("permission-set-review")
	j.Axe()
	j.Click("Save version 2")
	j.See("Saved version 2 of SecureCart-Support-PermissionSet.")
	j.Goal(3, 4)
	j.Open(setPath(j, "SecureCart-Support") + "/versions")
	j.See("CHG-204: support opens cases")
	j.Shot("permission-set-versions")
	j.Axe()
	j.Click("changes")
	j.See("From version 1 to version 2")
	j.Shot("permission-set-compare")
	j.Axe()
}

func TestALateSaveIsShownBesideTheSavedOne(t *testing.T) {
	t.Parallel()
	c := ownSample(t)
	j := c.As(t, administrator, view{})
	set := setPath(j, "SecureCart-Support")
	j.Open(set + "/edit")
	saved := Eval[bool](j, `(async () => {
		const form = new URLSearchParams(new FormData(document.querySelector('form[data-guard]')))
		form.set('description', 'Reads orders and invoices.')
		return (await fetch(`+strconv.Quote(set)+`, { method: 'POST', body: form })).ok
	})()`)
	if !saved {
		t.Fatal("the save from elsewhere failed")
	}
	j.Type("description", "Reads orders, nothing else.")
	write(j, `"support:Describe*"`, `"support:CreateCase", `)
	j.Click("Review and save")
	j.See("Elena Novak saved this permission set")
	j.See("Reads orders and invoices.")
	j.Shot("permission-set-conflict")
	j.Axe()
	j.Click("Save this mix")
	j.See("Review version 3")
	j.See("Reads orders, nothing else.")
	j.Click("Save version 3")
	j.See("Saved version 3")
}

func TestASetInUseIsDeletedInTwoClicks(t *testing.T) {
	t.Parallel()
	j := ownSample(t).As(t, administrator, view{})
	j.Open(setPath(j, "SecureCart-Support"))
	j.clicks, j.loads = 0, 0
	j.Click("Delete")
	j.See("2 assignments are removed.")
	j.Shot("permission-set-delete-dialog")
	j.Axe()
	j.Click("Delete with 2 assignments")
	j.See("Deleted the permission set SecureCart-Support-PermissionSet.")
	j.Goal(2, 2)
}

func TestAPermissionSetIsMadeWithoutScripts(t *testing.T) {
	t.Parallel()
	j := sample(t).As(t, administrator, view{noScript: true})
	j.Open("/permission-sets/new")
	j.Type("name", "Bucket-Auditors")
	j.Type("inline_policy", `{"Version":"2012-10-17","Statement":[]}`)
	j.Type("find", "s3 read")
	j.Click("Find")
	j.See("policies match")
	j.Click("AmazonS3ReadOnlyAccess")
	j.Type("find", "billing")
	j.Click("Find")
	j.See("AmazonS3ReadOnlyAccess")
	j.Type("name", "Bucket Auditors")
	j.Click("Create permission set")
	j.See("A name has letters, digits")
	j.Type("name", "Bucket-Auditors")
	j.Click("Create permission set")
	j.See("Created the permission set Bucket-Auditors.")
	j.See("AmazonS3ReadOnlyAccess")
}

// write types a text into the policy editor of the page, before another.
func write(j *journey, before, text string) {
	j.t.Helper()
	j.wait("an editor", `document.querySelector('[data-editor-host]')?.view !== undefined`)
	Eval[bool](j, `((before, text) => {
		const view = document.querySelector('[data-editor-host]').view
		view.dispatch({ changes: { from: view.state.doc.toString().indexOf(before), insert: text } })
		return true
	})(`+strconv.Quote(before)+`, `+strconv.Quote(text)+`)`)
}

// setPath is the path of the page about the first permission set whose name has a text.
func setPath(j *journey, name string) string {
	j.t.Helper()
	j.Open("/permission-sets?q=" + name)
	j.See(name)
	return Eval[string](j, `document.querySelector('th a.gh-name').getAttribute('href')`)
}
