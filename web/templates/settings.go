package templates

import "time"

// SignInPolicyForm is what the page of the sign-in policy sends.
type SignInPolicyForm struct {
	Version   string   `form:"version"`
	Factor    string   `form:"factor"`
	Exempt    string   `form:"exempt"` // names of groups, separated by commas
	NoDevice  string   `form:"no_device"`
	Until     string   `form:"until"` // a day, 2027-01-31
	Kinds     []string `form:"kinds"`
	Operators string   `form:"operators"`
	MinLength string   `form:"min_length"`
	MaxAge    string   `form:"max_age"` // days; empty: none
	Reuse     string   `form:"reuse"`
	Idle      string   `form:"idle"`       // minutes
	Absolute  string   `form:"absolute"`   // minutes
	TwoPeople string   `form:"two_people"` // "yes" or empty
	Reason    string   `form:"reason"`
	Reviewed  string   `form:"reviewed"` // stands for the rules whose effects the page shows
}

// SignInPolicyPage is the sign-in policy with its form. Without May it only shows what is in force.
type SignInPolicyPage struct {
	Form     SignInPolicyForm
	Kinds    []CheckProps
	Groups   []string // names to suggest
	InForce  []Fact
	May      bool
	Mail     bool // the viewer may see e-mails
	Review   *SignInReview
	Problems map[string]string
}

// SignInReview is whom the rules of the form would affect.
type SignInReview struct {
	People    int // that the policy is for
	Effects   []SignInEffect
	Approvers SignInEffect // who could approve; empty where nobody has to
}

// SignInEffect is one way in which people are affected.
type SignInEffect struct {
	Title   string // "3 people would be locked out"
	Tone    Tone
	People  []AffectedRow
	More    int    // not named
	Already string // who fares so today; empty when nobody does
}

// AffectedRow is a person whom a policy affects.
type AffectedRow struct {
	Person        Link
	Why           string
	Administrator bool
}

// quiet reports whether nobody is affected.
func (r SignInReview) quiet() bool {
	for _, e := range r.Effects {
		if len(e.People) > 0 {
			return false
		}
	}
	return true
}

func settingsTabs(current string, mail bool) []Tab {
	tabs := []Tab{{Text: "Sign-in policy", Href: "/settings"}, {Text: "History", Href: "/settings/history"}}
	if mail {
		tabs = append(tabs, Tab{Text: "E-mail", Href: "/settings/mail"})
	}
	for i := range tabs {
		tabs[i].Current = tabs[i].Href == current
	}
	return tabs
}

func (p SignInPolicyPage) button() string {
	if p.Review != nil {
		return "Save the policy"
	}
	return "Review who is affected"
}

// signInFields is the order of the form's fields.
func signInFields() []string {
	return []string{"factor", "exempt", "no_device", "until", "kinds", "operators", "min_length", "max_age", "reuse", "idle",
		"absolute", "two_people", "reason"}
}

// SettingsHistoryPage is what happened to the sign-in policy.
type SettingsHistoryPage struct {
	Mail    bool
	History HistoryProps
}

// MailPage is what became of e-mails.
type MailPage struct {
	Server, From string // empty: none is set up
	Queued       int
	Sent         int
	Failed       int
	Rows         []MailRow
	Test         bool // the viewer may send one
	Now          time.Time
}

// MailRow is one e-mail.
type MailRow struct {
	Subject   string
	Recipient string
	Person    Link
	State     State
	Problem   string
	Attempts  int
	At        time.Time // when it was written
	Next      time.Time // of the next try; zero when there is none
}

func (p MailPage) actions() []Action {
	if !p.Test {
		return nil
	}
	return []Action{{Text: "Send me a test", Href: "/settings/mail/test", Icon: "mail", Post: true}}
}

func (p MailPage) facts() []Fact {
	return []Fact{{Label: "Server", Value: Mono(p.Server)}, {Label: "Sender", Value: Text(p.From)},
		{Label: "Waiting", Value: Text(Number(p.Queued))}, {Label: "Sent", Value: Text(Number(p.Sent))},
		{Label: "Failed", Value: Text(Number(p.Failed))}}
}
