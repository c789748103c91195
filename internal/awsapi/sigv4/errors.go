package sigv4

// A Code is AWS's name for why a request is refused.
type Code string

// The refusals of this package.
const (
	MissingAuthenticationToken Code = "MissingAuthenticationToken"
	IncompleteSignature        Code = "IncompleteSignature"
	SignatureDoesNotMatch      Code = "SignatureDoesNotMatch"
)

// The HTTP statuses that AWS sends with them.
const (
	statusBadRequest = 400
	statusForbidden  = 403
)

// An Error is why a request is not accepted as signed. Code, status and message are AWS's; the message never
// contains the signature.
type Error struct {
	Code    Code
	Status  int
	Message string
}

// Error implements error.
func (e *Error) Error() string { return string(e.Code) + ": " + e.Message }

const wrongSignature = "The request signature we calculated does not match the signature you provided. " +
	"Check your AWS Secret Access Key and signing method. Consult the service documentation for details."

func missing() error {
	return &Error{MissingAuthenticationToken, statusForbidden, "Request is missing Authentication Token"}
}

func incomplete(message string) error {
	return &Error{IncompleteSignature, statusBadRequest, message}
}

func mismatch(message string) error {
	return &Error{SignatureDoesNotMatch, statusForbidden, message}
}
