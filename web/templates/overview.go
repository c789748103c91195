package templates

import "time"

// OverviewPage is the organization at a glance.
type OverviewPage struct {
	Organization   string
	Accounts       int
	People         int
	WithFactor     int
	Administrators []Link
	Rules          int
	Ending         []EndingRule
	Scenarios      int
	Failing        []Link
	Proofs         []ScenarioRow // some of the saved scenarios, those that fail first
	SignIns        BarsProps
	SignedIn       int
	Failed         int
	Recent         []FeedItem
	Trail          string // address of the trail; empty for who may not read it
	Slowdown       Slowdown
	MayAssign      bool
	Now            time.Time
}

// Slowdown is why codes from unknown browsers are slowed down. The zero value says that they are not.
type Slowdown struct {
	Wrong int       // codes within an hour
	Off   int       // people whose codes they turned off
	Until time.Time // when it ends, unless it goes on
	Every int       // seconds from one code to the next
	Trail string    // address of the events
}

func (s Slowdown) on() bool { return s.Every > 0 }

func (s Slowdown) title() string {
	words := Plural(s.Wrong, "wrong code", "wrong codes") + " within an hour"
	if s.Off > 0 {
		words += ", and the codes of " + Plural(s.Off, "person", "people") + " turned off"
	}
	return words
}

// EndingRule is an assignment that ends soon.
type EndingRule struct {
	Who, Href, What string
	Ends            time.Time
}

func (p OverviewPage) headActions() []Action {
	if !p.MayAssign {
		return nil
	}
	return []Action{{Text: "Assign access", Href: "/assignments/new", Icon: "plus", Primary: true}}
}

func (p OverviewPage) ring() RingProps {
	return RingProps{Part: p.WithFactor, Whole: p.People,
		Label: Number(p.WithFactor) + " of " + Plural(p.People, "person has", "people have") + " a second factor"}
}
