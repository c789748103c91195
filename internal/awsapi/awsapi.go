// Package awsapi owns AWS's wire protocols: it reads requests of unmodified AWS clients, tells who signed them, and
// answers in AWS's forms with AWS's error names. So far that is STS's query protocol with GetCallerIdentity.
//
// It leaves to others which role sessions exist and whose they are (center), and how a signature is checked
// (sigv4).
package awsapi

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"time"

	"gatehouse/internal/model"
	"gatehouse/internal/vault"
)

// Config is what the protocols need.
type Config struct {
	// Session returns the role session that an access key belongs to, expired or revoked ones too, and its secret
	// access key. A key that does not exist, or that a session token does not belong to, is a *model.Error of kind
	// NotFound. The signature is checked afterwards: the call alone proves nothing.
	Session func(context.Context, model.AccessKeyID, vault.Secret) (model.RoleSession, vault.Secret, error)
	// Used is told of each session that signed a request, once the signature is known to be right.
	Used   func(context.Context, model.RoleSession)
	Now    func() time.Time // the clock
	Random io.Reader        // randomness of request ids
	Log    *slog.Logger     // faults of ours
}

// An operation answers a call: the value becomes the response's XML.
type operation func(call) (any, error)

// A call is a request whose signature is right.
type call struct {
	session   model.RoleSession
	requestID string
}

type handler struct {
	Config
	operations map[string]operation // by version and action
}

// New returns the handler of AWS's protocols. It belongs at POST /, and for clients whose endpoint has a path, at
// GET and POST of /aws and /aws/: signatures cover the path, so that nothing may be stripped from it.
func New(c Config) http.Handler {
	return &handler{Config: c, operations: map[string]operation{
		stsVersion + " GetCallerIdentity": getCallerIdentity,
	}}
}

// ServeHTTP implements http.Handler.
func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	id, err := model.NewUUID(h.Random)
	if err != nil {
		h.Log.ErrorContext(r.Context(), "make a request id", "error", err)
	}
	answer, err := h.answer(w, r, id)
	if err != nil {
		h.refuse(w, r, id, err)
		return
	}
	h.write(w, r, http.StatusOK, id, answer)
}

func (h *handler) answer(w http.ResponseWriter, r *http.Request, id string) (any, error) {
	body, err := readBody(w, r)
	if err != nil {
		return nil, err
	}
	parameters, err := readParameters(r, body)
	if err != nil {
		return nil, err
	}
	act, err := h.find(parameters)
	if err != nil {
		return nil, err
	}
	session, err := h.authenticate(r, body)
	if err != nil {
		return nil, err
	}
	h.Used(r.Context(), session)
	return act(call{session: session, requestID: id})
}
