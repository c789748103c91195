package templates_test

import (
	"testing"

	"gatehouse/web/templates"
)

func TestApprovals(t *testing.T) {
	needed := templates.ApprovalNeededPage{Wish: `delete the SCP "Spare"`, Action: "/accounts/policies/p-1/delete", Cancel: "/accounts/policies",
		Life: "24 hours", Fields: []templates.Pair{{Name: "confirm", Value: "Spare"}}, Reason: "CHG-9"}
	golden(t, "approval-needed", templates.ApprovalNeeded(needed))
	needed.Reason, needed.Problems = "", map[string]string{"approval_reason": "Enter why it is to be done."}
	golden(t, "approval-needed-refused", templates.ApprovalNeeded(needed))

	golden(t, "approvals-off", templates.Approvals(templates.ApprovalsPage{Now: now}))
	golden(t, "approvals-empty", templates.Approvals(templates.ApprovalsPage{Asked: true, Now: now}))
	golden(t, "approvals", templates.Approvals(templates.ApprovalsPage{Asked: true, Now: now,
		Waiting: []templates.ApprovalRow{{Wish: "delete the SCP Spare", Href: "/approvals/1", Asker: "Elena Novak", Reason: "CHG-9", AskedAt: now,
			State: templates.State{Tone: templates.ToneWait, Text: "waits"}}},
		Past: []templates.ApprovalRow{{Wish: "delete the user Ana", Href: "/approvals/2", Asker: "Otto (you)", Reason: "left", AskedAt: now,
			State: templates.State{Tone: templates.ToneOK, Text: "approved"}}}}))

	page := templates.ApprovalPage{ID: "1", Wish: "save version 2 of the SCP Spare", State: templates.State{Tone: templates.ToneWait, Text: "waits"},
		Facts:  []templates.Fact{{Label: "Asked by", Value: templates.Text("Elena Novak")}},
		Parts:  []templates.ApprovalPart{{Label: "Name", Before: "Spare", After: "Spare 2"}, {Label: "Document", Lines: templates.TextDiff("{\n}", "{\n1\n}")}},
		Decide: true}
	golden(t, "approval", templates.Approval(page))
	page.Failure = "Nothing was done, because this changed since it was asked for."
	golden(t, "approval-stale", templates.Approval(page))
	golden(t, "approval-own", templates.Approval(templates.ApprovalPage{ID: "1", Wish: "delete the SCP Spare", Withdraw: true, Why: "Gone.",
		State: templates.State{Tone: templates.ToneWait, Text: "waits"}}))
	golden(t, "approval-decline", templates.Decline(templates.DeclinePage{ID: "1", Wish: "delete the SCP Spare", Asker: "Elena Novak",
		Problems: map[string]string{"why": "Enter why not."}}))
}
