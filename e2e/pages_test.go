package e2e

import "testing"

// page is a page of the product and the way to it. A page whose route has a ":" is found by following links.
type page struct {
	route string // its line in the route table
	as    string // who of the sample looks at it
	pick  string // words of the link that leads there, where the first that fits will not do
	query string // goes behind the address
	name  string // of its picture; the route says it otherwise
	do    func(*journey)
	open  func(*testing.T) *journey // for pages that no signed-in person of the sample is led to
}

const (
	administrator = "administrator"
	developer     = "developer"
	auditor       = "auditor"
)

// pages is every page of the product, and some of them in a second state.
func pages() []page {
	var list []page
	for _, section := range [][]page{gatePages(), ownPages(), directoryPages(), accountPages(), setPages(), accessPages()} {
		list = append(list, section...)
	}
	return list
}

func gatePages() []page {
	return []page{
		{route: "/setup/:token", open: atSetUp},
		{route: "/setup/sample", open: atSample},
		{route: "/invite/:token", open: atInvitation},
		{route: "/invite/:token", name: "invite-used", open: atDeadLink},
		{route: "/signin", open: atSignIn},
		{route: "/signin", name: "signin-refused", open: atSignIn, do: func(j *journey) {
			j.Type("username", "elena.novak")
			j.Type("password", "not the password")
			j.Submit()
			j.wait("the refusal", `document.querySelector('[aria-invalid=true], [role=alert]') !== null`)
		}},
		{route: "/signin/mfa", open: atSecondFactor},
		{route: "/signin/mfa", name: "signin-mfa-trust", open: atTrust},
		{route: "/signin/mfa", name: "signin-mfa-key-trust", open: atKeyAndTrust},
		{route: "/signin/enrol", name: "signin-enrol-stronger", open: atStronger},
		{route: "/signin/password", open: atRenewal},
		{route: "/forgot", open: atForgotten},
		{route: "/forgot", name: "forgot-mail", open: atForgottenByMail},
		{route: "/signin/recovery", open: atRecovery},
		{route: "/signin/enrol", open: atEnrolment},
		{route: "/signin/enrol/key", open: atEnrolKey},
	}
}

func ownPages() []page {
	return []page{
		{route: "/me", as: developer},
		{route: "/me/password", as: developer},
		{route: "/me/devices/new", open: atNewDevice},
		{route: "/me/keys/new", as: developer},
		{route: "/confirm", as: administrator, query: "?next=/users"},
		{route: "/confirm", as: administrator, query: "?next=/users", name: "confirm-refused", do: func(j *journey) {
			j.Type("stepup_code", "12")
			j.Submit()
			j.See("There is a problem")
		}},
		{route: "/me/devices/:id/rename", as: developer},
		{route: "/me/devices/:id/remove", as: developer},
		{route: "/me/recovery-codes", as: developer},
		{route: "/me/access", as: developer},
		{route: "/portal", as: developer},
		{route: "/portal", as: administrator, name: "portal-of-an-operator"},
		{route: "/portal/:account/:set", as: developer},
		{route: "/portal/:account/:set", as: developer, name: "portal-keys", do: func(j *journey) {
			j.Click("Take keys")
			j.See("Copy all")
		}},
		{route: "/portal/credentials/revoke", as: developer},
		{route: "/portal/credentials/:key/revoke", as: developer},
		{route: "/simulate", as: developer, name: "simulate-own"},
	}
}

func directoryPages() []page {
	return []page{
		{route: "/", as: administrator},
		{route: "/search", as: administrator, query: "?q=secure"},
		{route: "/search", as: administrator, query: "?q=nothing-has-this-name", name: "search-none"},
		{route: "/users", as: administrator},
		{route: "/users", as: administrator, query: "?q=nobody-has-this-name", name: "users-none"},
		{route: "/users/new", as: administrator},
		{route: "/users/new", as: administrator, name: "users-new-refused", do: refuse},
		{route: "/users/selection", open: atSelection},
		{route: "/users/:id", as: administrator, pick: "Ana Beltran"},
		{route: "/users/:id/access", as: administrator},
		{route: "/users/:id/history", as: administrator},
		{route: "/users/:id/groups", as: administrator},
		{route: "/users/:id/security", as: administrator},
		{route: "/users/:id/security/password", as: administrator},
		{route: "/users/:id/security/mfa", as: administrator},
		{route: "/users/:id/edit", as: administrator},
		{route: "/users/:id/credentials/revoke", as: administrator},
		{route: "/users/:id/credentials/:key/revoke", as: administrator},
		{route: "/users/:id/disable", as: administrator},
		{route: "/users/:id/offboard", as: administrator},
		{route: "/users/:id/leftovers", open: atLeftovers},
		{route: "/users/:id/delete", as: administrator},
		{route: "/groups", as: administrator},
		{route: "/groups/new", as: administrator},
		{route: "/groups/new", as: administrator, name: "groups-new-refused", do: refuse},
		{route: "/groups/:id", as: administrator, pick: "SecureCart-Developers"},
		{route: "/groups/:id/access", as: administrator},
		{route: "/groups/:id/history", as: administrator},
		{route: "/groups/:id/add", as: administrator},
		{route: "/groups/:id/edit", as: administrator},
		{route: "/groups/:id/delete", as: administrator},
	}
}

func accountPages() []page {
	return []page{
		{route: "/accounts", as: administrator},
		{route: "/accounts", as: administrator, query: "?at=222233334444", name: "accounts-at"},
		{route: "/accounts", as: administrator, query: "?view=list", name: "accounts-list"},
		{route: "/accounts", as: administrator, query: "?q=nothing-has-this-name", name: "accounts-none"},
		{route: "/accounts/new", as: administrator},
		{route: "/accounts/new", as: administrator, name: "accounts-new-refused", do: refuse},
		{route: "/accounts/:id", as: administrator, pick: "SecureCart-Production"},
		{route: "/accounts/:id/history", as: administrator},
		{route: "/accounts/:id/edit", as: administrator},
		{route: "/accounts/:id/move", as: administrator},
		{route: "/accounts/:id/remove", as: administrator},
		{route: "/accounts/:id/remove", name: "accounts-id-remove-empty", open: atRemovable},
		{route: "/accounts/ous/new", as: administrator},
		{route: "/accounts/ous/:id", as: administrator, pick: "Prod"},
		{route: "/accounts/ous/:id/history", as: administrator},
		{route: "/accounts/ous/:id/edit", as: administrator},
		{route: "/accounts/ous/:id/delete", as: administrator},
		{route: "/accounts/policies", as: administrator},
		{route: "/accounts/policies/new", as: administrator},
		{route: "/accounts/policies/new", as: administrator, query: "?kind=rcp", name: "accounts-policies-new-rcp"},
		{route: "/accounts/policies/:id", as: administrator, pick: "ProdGuardrails"},
		{route: "/accounts/policies/:id/versions", as: administrator},
		{route: "/accounts/policies/:id/targets", as: administrator},
		{route: "/accounts/policies/:id/history", as: administrator},
		{route: "/accounts/policies/:id/edit", as: administrator},
		{route: "/accounts/policies/:id/delete", as: administrator},
		{route: "/accounts/attach", as: administrator},
		{route: "/accounts/attach", as: administrator, query: "?targets=222233334444", name: "accounts-attach-chosen"},
		{route: "/accounts/detach", as: administrator, pick: "Detach"},
	}
}

func setPages() []page {
	return []page{
		{route: "/permission-sets", as: administrator},
		{route: "/permission-sets/new", as: administrator},
		{route: "/permission-sets/new", as: administrator, name: "permission-sets-new-refused", do: refuse},
		{route: "/permission-sets/catalogue", as: administrator},
		{route: "/permission-sets/catalogue/*", as: administrator},
		{route: "/permission-sets", as: administrator, query: "?attach=arn:aws:iam::aws:policy/ReadOnlyAccess", name: "permission-sets-attach"},
		{route: "/permission-sets/:id", as: administrator, pick: "SecureCart-Developer-PermSet"},
		{route: "/permission-sets/:id/assignments", as: administrator},
		{route: "/permission-sets/:id/people", as: administrator},
		{route: "/permission-sets/:id/settings", as: administrator},
		{route: "/permission-sets/:id/versions", as: administrator},
		{route: "/permission-sets/:id/versions/compare", open: atComparison},
		{route: "/permission-sets/:id/history", as: administrator},
		{route: "/permission-sets/:id/edit", as: administrator},
		{route: "/permission-sets/:id/delete", as: administrator},
	}
}

func accessPages() []page {
	return []page{
		{route: "/assignments", as: administrator},
		{route: "/assignments/new", as: administrator},
		{route: "/assignments/new", as: administrator, name: "assignments-new-review", do: reviewFour},
		{route: "/assignments/new", as: administrator, name: "assignments-new-refused", do: endBeforeStart},
		{route: "/assignments/:id", as: administrator},
		{route: "/assignments/:id/history", as: administrator},
		{route: "/assignments/remove", as: administrator, pick: "Remove"},
		{route: "/simulate", as: administrator},
		{route: "/simulate", as: administrator, name: "simulate-denied", do: func(j *journey) { simulate(j, "iam:PutRolePolicy") }},
		{route: "/simulate", as: administrator, name: "simulate-allowed", do: func(j *journey) { simulate(j, "ecs:UpdateService") }},
		{route: "/simulate/scenarios", as: administrator},
		{route: "/simulate/scenarios/:id", as: administrator},
		{route: "/simulate/scenarios/:id/history", as: administrator},
		{route: "/simulate/scenarios/:id/edit", as: administrator},
		{route: "/simulate/scenarios/:id/delete", as: administrator},
		{route: "/reports/credentials", as: auditor, do: generate},
		{route: "/approvals", as: administrator},
		{route: "/approvals", name: "approvals-waiting", open: atApprovals},
		{route: "/approvals/:id", open: atApproval},
		{route: "/approvals/:id/decline", open: atDecline},
		{route: "/settings", as: administrator},
		{route: "/settings", as: auditor, name: "settings-read"},
		{route: "/settings", as: administrator, name: "settings-review", do: reviewRules},
		{route: "/settings/history", as: administrator},
		{route: "/settings/mail", as: administrator},
		{route: "/settings/mail", name: "settings-mail-failed", open: atOutbox},
		{route: "/audit", as: auditor},
		{route: "/audit", as: auditor, query: "?q=nothing-has-happened-like-this", name: "audit-none"},
		{route: "/audit", as: developer, name: "refused"},
	}
}

// refuse sends a form as it stands, empty, and waits for what is wrong with it.
func refuse(j *journey) {
	Eval[bool](j, `document.querySelectorAll('main form').forEach(f => f.noValidate = true), true`)
	j.Click(`main form[method=post] .btn-primary`)
	j.wait("what is wrong", `document.querySelector('main [aria-invalid=true]') !== null`)
}

// reviewFour chooses two groups, a permission set and two places, and reads what that comes to.
func reviewFour(j *journey) {
	for _, box := range []string{"principals", "principals", "permission_sets", "targets", "targets"} {
		j.Click("input[name=" + box + "]:not(:checked)")
	}
	j.See("Assign 4")
}

// endBeforeStart asks for access that ends before it begins.
func endBeforeStart(j *journey) {
	for _, box := range []string{"principals", "permission_sets", "targets"} {
		j.Click("input[name=" + box + "]")
	}
	Eval[bool](j, `[['starts_at', '2031-05-05T10:00'], ['expires_at', '2031-05-04T10:00']].every(([name, time]) => {
		const field = document.querySelector('[name=' + name + ']')
		field.value = time
		return field.dispatchEvent(new Event('change', {bubbles: true}))
	})`)
	j.See("The end lies before the start.")
	j.wait("what is wrong at its field", `document.querySelector('main [aria-invalid=true]') !== null`)
}

// simulate asks what Priya Raman may do in the Region of the production account.
func simulate(j *journey, action string) {
	j.Type("user", "priya.raman")
	j.Type("actions", action)
	j.Type("keys", "aws:RequestedRegion = eu-central-1")
	j.wait("her roles", `[...document.querySelectorAll('[name=role] option')].some(o => o.text.includes('Production'))`)
	Eval[bool](j, `(roles => {
		roles.selectedIndex = [...roles.options].findIndex(o => o.text.includes('Production'))
		return true
	})(document.querySelector('[name=role]'))`)
	j.Click("Run")
	j.wait("the verdict", `document.querySelector('#answer') !== null`)
}

// generate makes the credential report when there is none yet.
func generate(j *journey) {
	if Eval[bool](j, `document.querySelector('main').innerText.includes('No report has been generated yet')`) {
		j.Click("Generate the report")
	}
	j.See("As of")
}

// atSelection ticks people in the list and asks what keeping them out would mean.
func atSelection(t *testing.T) *journey {
	j := sample(t).Tab(t, administrator, view{})
	j.Open("/users")
	j.Click("tbody .c-sel input")
	j.Click("Disable")
	j.At("/users/selection")
	return j
}

// atComparison saves a permission set anew and looks at what changed.
func atComparison(t *testing.T) *journey {
	j := sample(t).Tab(t, administrator, view{})
	set := setPath(j, "SecureCart-Product")
	j.Open(set + "/edit")
	j.Type("description", "Reads usage figures, order data and more.")
	j.Click("Review and save")
	j.Click("Save version 2")
	j.See("Saved version 2")
	j.Open(set + "/versions")
	j.Click("changes")
	j.At(set + "/versions/compare")
	return j
}

// atRemovable asks about removing an account that nothing is assigned on.
func atRemovable(t *testing.T) *journey {
	j := sample(t).Tab(t, administrator, view{})
	j.Open("/accounts/444455556666/remove")
	return j
}
