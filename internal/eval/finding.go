package eval

// Severity is how much a finding matters, in the words of IAM Access Analyzer.
type Severity string

// The severities, worst first. A document with an ERROR is not valid.
const (
	Error           Severity = "ERROR"
	SecurityWarning Severity = "SECURITY_WARNING"
	Warning         Severity = "WARNING"
	Suggestion      Severity = "SUGGESTION"
)

// Finding is one remark about a document. Code is the name of the check in the IAM
// guide's "Access Analyzer policy check reference"; Message says what to write instead.
type Finding struct {
	Severity Severity `json:"severity"`
	Code     string   `json:"code"`
	Message  string   `json:"message"`
	Span
}
