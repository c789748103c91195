package awsapi

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
)

// maxBody is the largest request body in bytes. STS's own largest request, AssumeRole with policies and tags, is
// below 32 KiB.
const maxBody = 64 << 10

// IsCall reports whether a request comes from an AWS client: it is signed, names its action in the query, says so in
// its User-Agent, or carries a header that only such clients send. Browsers post forms to the same address.
func IsCall(r *http.Request) bool {
	if strings.HasPrefix(r.Header.Get("Authorization"), "AWS4-") || r.URL.Query().Has("Action") {
		return true
	}
	if agent := r.UserAgent(); strings.HasPrefix(agent, "aws-") || strings.HasPrefix(agent, "Boto") {
		return true
	}
	for name := range r.Header {
		if strings.HasPrefix(name, "X-Amz-") || strings.HasPrefix(name, "Amz-Sdk-") {
			return true
		}
	}
	return false
}

func readBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return nil, tooLarge()
	}
	if err != nil {
		return nil, aborted()
	}
	return body, nil
}

// readParameters takes the parameters of the query protocol from the query and, for a form, from the body, which
// goes before.
func readParameters(r *http.Request, body []byte) (url.Values, error) {
	parameters, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, malformed()
	}
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "application/x-www-form-urlencoded" {
		return parameters, nil
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, malformed()
	}
	for name, values := range form {
		parameters[name] = values
	}
	return parameters, nil
}

// find chooses the operation by version and action: two services use the query protocol, and their versions differ.
func (h *handler) find(parameters url.Values) (operation, error) {
	action, version := parameters.Get("Action"), parameters.Get("Version")
	if action == "" {
		return nil, missingAction()
	}
	if version == "" {
		version = "NO_VERSION_SPECIFIED"
	}
	act, ok := h.operations[version+" "+action]
	if !ok {
		return nil, unknownAction(action, version)
	}
	return act, nil
}
