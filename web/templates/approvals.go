package templates

import (
	"strings"
	"time"
)

// ApprovalNeededPage says that an act needs a second administrator, and offers to ask for approval with what was typed.
type ApprovalNeededPage struct {
	Wish     string // what is to be done: "delete the SCP Spare"
	Action   string // the act's own address
	Fields   []Pair // what was typed
	Reason   string
	Life     string // for how long it waits: "24 hours"
	Cancel   string
	Problems map[string]string
}

// ApprovalsPage lists what waits for a second administrator and what became of earlier requests.
type ApprovalsPage struct {
	Asked         bool // the sign-in policy asks for a second administrator
	Waiting, Past []ApprovalRow
	Now           time.Time
}

// ApprovalRow is one of them.
type ApprovalRow struct {
	Wish, Href, Asker, Reason string
	State                     State
	AskedAt                   time.Time
}

func (p ApprovalsPage) empty() EmptyProps {
	if !p.Asked {
		return EmptyProps{Icon: "checks", Title: "One administrator is enough", Text: "The sign-in policy does not ask for a second one. " +
			"Where it does, changes of the highest value wait here until another administrator approves them.",
			Actions: []Action{{Text: "Sign-in policy", Href: "/settings"}}}
	}
	return EmptyProps{Icon: "checks", Title: "Nothing waits for approval", Text: "Changes of the highest value wait here until another " +
		"administrator approves them."}
}

// ApprovalPage is one act that waits, or waited, for a second administrator.
type ApprovalPage struct {
	ID       string
	Wish     string
	State    State
	Facts    []Fact
	Parts    []ApprovalPart
	Effects  []SignInEffect // of a sign-in policy
	Why      string         // why it could not be carried out now
	Waits    bool
	Decide   bool   // the viewer may approve or decline
	Withdraw bool   // the viewer asked, and it waits
	Word     string // as typed
	Problems map[string]string
	Failure  string // what stood in the way of approving it just now
}

// ApprovalPart is one thing that an act would change.
type ApprovalPart struct {
	Label         string
	Before, After string
	Lines         []CodeLine // of documents, compared; empty for other things
}

// changes are the parts that are no documents.
func (p ApprovalPage) changes() []ApprovalPart {
	var list []ApprovalPart
	for _, part := range p.Parts {
		if len(part.Lines) == 0 {
			list = append(list, part)
		}
	}
	return list
}

// asTitle is a wish as a sentence begins.
func asTitle(wish string) string {
	if wish == "" {
		return "Approval"
	}
	return strings.ToUpper(wish[:1]) + wish[1:]
}

// nothing is said where no change is shown.
func (p ApprovalPage) nothing() string {
	if p.Waits {
		return "What it concerns is not there any more."
	}
	return "This is decided. The audit trail has what came of it."
}

func (p ApprovalPage) address(more string) string { return "/approvals/" + p.ID + more }

// DeclinePage asks why somebody declines.
type DeclinePage struct {
	ID, Wish, Asker string
	Why             string // as typed
	Problems        map[string]string
}
