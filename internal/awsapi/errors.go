package awsapi

import (
	"errors"
	"fmt"
	"net/http"

	"gatehouse/internal/awsapi/sigv4"
	"gatehouse/internal/model"
)

// A refusal is an error in AWS's words.
type refusal struct {
	status  int
	code    string
	message string
}

// Error implements error.
func (r *refusal) Error() string { return r.code + ": " + r.message }

// side is who is to blame: the client, or the service.
func (r *refusal) side() string {
	if r.status >= http.StatusInternalServerError {
		return "Receiver"
	}
	return "Sender"
}

func missingAction() error {
	return &refusal{http.StatusBadRequest, "MissingAction", "The request must contain the parameter Action."}
}

func unknownAction(action, version string) error {
	return &refusal{
		http.StatusBadRequest, "InvalidAction",
		fmt.Sprintf("Could not find operation %s for version %s", action, version),
	}
}

// malformed has the status that AWS documents, odd as it is.
func malformed() error {
	return &refusal{http.StatusNotFound, "MalformedQueryString", "The query string contains a syntax error."}
}

func tooLarge() error {
	return &refusal{http.StatusRequestEntityTooLarge, "RequestEntityTooLarge", "The request entity is too large."}
}

func aborted() error {
	return &refusal{http.StatusBadRequest, "RequestAborted", "The request was aborted before it was read."}
}

// invalidToken stands for a key that does not exist, a session token that is not its own, and a revoked session.
func invalidToken() error {
	return &refusal{
		http.StatusForbidden, "InvalidClientTokenId", "The security token included in the request is invalid",
	}
}

func expiredToken() error {
	return &refusal{http.StatusForbidden, "ExpiredToken", "The security token included in the request is expired"}
}

// refusalOf puts any error into AWS's words. The second result is false for a fault of ours, of which the client
// learns nothing but that there is one.
func refusalOf(err error) (*refusal, bool) {
	if r, ok := errors.AsType[*refusal](err); ok {
		return r, true
	}
	if e, ok := errors.AsType[*sigv4.Error](err); ok {
		return &refusal{e.Status, string(e.Code), e.Message}, true
	}
	if model.KindOf(err) == model.Unavailable {
		return &refusal{
			http.StatusServiceUnavailable, "ServiceUnavailable",
			"The request has failed due to a temporary failure of the server.",
		}, false
	}
	return &refusal{
		http.StatusInternalServerError, "InternalFailure",
		"The request processing has failed because of an unknown error, exception or failure.",
	}, false
}
