package e2e

import (
	"net/url"
	"testing"
)

// withTwo is a console of the test's own whose auditor administers as well, and where changes of the highest value need both.
func withTwo(t *testing.T) *console {
	t.Helper()
	c := ownSample(t)
	cmd, err := c.command(t.Context(), "recover", "--administrator", pick(t, c.people, auditor).UserName)
	c.must(err)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("make the auditor an administrator: %v\n%s", err, out)
	}
	c.enforce(t, url.Values{"two_people": {"yes"}})
	return c
}

// wishToDelete has the administrator ask for the deletion of somebody.
func wishToDelete(t *testing.T, c *console, v view) *journey {
	t.Helper()
	j := c.As(t, administrator, v)
	j.searchFor("ana.beltran")
	j.Open(Eval[string](j, `location.pathname.split("/").slice(0, 3).join("/")`) + "/delete")
	j.Type("confirm", "ana.beltran")
	j.Click("main button.btn-danger")
	j.See("This needs a second administrator")
	j.Shot("approval-needed")
	j.Axe()
	j.Type("approval_reason", "She left in June.")
	j.Click("Ask for approval")
	j.See("Asked for approval.")
	return j
}

func atApproval(t *testing.T) *journey {
	c := withTwo(t)
	wishToDelete(t, c, view{})
	j := c.As(t, auditor, view{})
	j.Click("Approvals")
	j.Click("main tbody > tr a")
	j.See("Your decision")
	return j
}

func atDecline(t *testing.T) *journey {
	j := atApproval(t)
	j.Click("Decline")
	j.See("Why not")
	return j
}

func atApprovals(t *testing.T) *journey {
	j := atApproval(t)
	j.Open("/approvals")
	return j
}

func TestJourneyOneAsksAndAnotherApproves(t *testing.T) {
	t.Parallel()
	c := withTwo(t)
	asks := wishToDelete(t, c, view{})
	asks.See("Withdraw")
	j := c.As(t, auditor, view{})
	j.Click("Approvals")
	j.See("She left in June.")
	j.Click("main tbody > tr a")
	j.See("Delete the user Ana Beltran")
	j.Type("word", "Her manager says so too.")
	j.Click("Approve and carry out")
	j.See("Approved and carried out.")
	j.Goal(3, 3)
	j.Open("/audit")
	j.See("as Elena Novak asked")
	asks.Open("/me")
	asks.See("Her manager says so too.")
}
