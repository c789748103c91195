package eval

// Explanation is a decision with everything that led to it. It can be drawn or printed
// as it is: nothing in it needs to be looked up.
type Explanation struct {
	Result
	// Reason says in one sentence why.
	Reason string `json:"reason"`
	// Layers are all layers in AWS's order, each level of an organization by itself.
	Layers []LayerTrace `json:"layers"`
	// Deciding is the statement the decision rests on. An implicit deny has none.
	Deciding *StatementRef `json:"decidingStatement,omitempty"`
	// Matched are the statements that match in full, Allow and Deny, in the order of the layers.
	Matched []StatementRef `json:"matchedStatements"`
	// Nearest are, for an implicit deny, the Allow statements that came closest, best first.
	Nearest []StatementTrace `json:"nearestMisses,omitempty"`
	// BlockedBy are the layers each of which would be enough to block the request.
	BlockedBy []LayerRef `json:"blockedBy,omitempty"`
	// Missing are the condition keys that statements about this request ask for and the
	// request does not carry, service control policies included.
	Missing []MissingKey `json:"missingKeys,omitempty"`
	// Depends says how values of missing keys could turn the answer around, and is nil
	// when none could.
	Depends *Dependence `json:"depends,omitempty"`
}

// LayerRef names a layer, and for control policies the level.
type LayerRef struct {
	Layer  Layer  `json:"layer"`
	Target string `json:"target,omitempty"` // id of the root, OU or account
}

// Outcome is what a layer says about a request.
type Outcome string

// The outcomes of a layer.
const (
	OutcomeAllows       Outcome = "allows"
	OutcomeExplicitDeny Outcome = "explicitDeny"
	OutcomeNoAllow      Outcome = "noAllow"
	OutcomeNotSet       Outcome = "notSet"       // there is no such policy
	OutcomeNotApplied   Outcome = "doesNotApply" // there may be one, but it is not asked; Reason says why
	OutcomeUnreadable   Outcome = "unreadable"   // a Deny about the request cannot be read
)

// LayerTrace is the part a layer plays.
type LayerTrace struct {
	LayerRef
	Outcome Outcome `json:"outcome"`
	// Reason says why a layer does not apply, or why its missing Allow does no harm.
	Reason     string           `json:"reason,omitempty"`
	Decides    bool             `json:"decides"`  // the decision rests on it
	Blocks     bool             `json:"blocks"`   // it would be enough to block the request
	Policies   int              `json:"policies"` // how many there are
	Allowing   int              `json:"allowing"` // how many of them allow
	Statements []StatementTrace `json:"statements,omitempty"`
}

// StatementRef names a statement and where it stands in its policy's text.
type StatementRef struct {
	LayerRef
	Policy string `json:"policy"`
	Sid    string `json:"sid,omitempty"`
	Index  int    `json:"index"` // from 0
	Effect Effect `json:"effect"`
	Span
}

// Match is whether a statement, or one of its elements, fits the request.
type Match string

// The kinds of match.
const (
	Matched    Match = "matched"
	Missed     Match = "missed"
	Unreadable Match = "unreadable"
)

// StatementTrace is one statement held against the request.
type StatementTrace struct {
	StatementRef
	Match Match `json:"match"`
	// Grants says, in a resource policy, whether the caller, its role or its account is named.
	Grants   string         `json:"grants,omitempty"`
	Elements []ElementTrace `json:"elements"`
}

// MatchedElements counts the elements that match.
func (s *StatementTrace) MatchedElements() int {
	n := 0
	for i := range s.Elements {
		if s.Elements[i].Match == Matched {
			n++
		}
	}
	return n
}

// ElementTrace is one element of a statement held against the request. A Condition
// element has one trace for each operator and key.
type ElementTrace struct {
	Element  string `json:"element"` // Principal, NotAction, …, Condition
	Operator string `json:"operator,omitempty"`
	Key      string `json:"key,omitempty"`
	Match    Match  `json:"match"`
	// Asked is what the request has: its action, its resource, the values of the key.
	// A key that the request does not carry has none, and Absent is set.
	Asked  []string `json:"asked,omitempty"`
	Absent bool     `json:"absent,omitempty"`
	// Covers is what the statement says, with the values of variables put in.
	Covers []string `json:"covers,omitempty"`
	// Hit is the entry of Covers that fits, if one does.
	Hit string `json:"hit,omitempty"`
	// Note says what the values alone do not, such as that IfExists passes a missing key.
	Note string `json:"note,omitempty"`
	Span
}

// MissingKey is a condition key that a statement asks for and the request lacks.
type MissingKey struct {
	Key string `json:"key"` // as the policy spells it
	// Passed says that a condition of the policy is met only because the key is absent:
	// a negated operator, IfExists, ForAllValues or Null passed it.
	Passed bool `json:"matchedBecauseAbsent,omitempty"`
	StatementRef
}
