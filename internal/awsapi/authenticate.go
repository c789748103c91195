package awsapi

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"strings"

	"gatehouse/internal/awsapi/sigv4"
	"gatehouse/internal/model"
	"gatehouse/internal/vault"
)

// authenticate tells whose role session signed the request. Whether the session has expired or was revoked is
// told only to whom the signature shows to hold its secret.
func (h *handler) authenticate(r *http.Request, body []byte) (model.RoleSession, error) {
	signature, err := sigv4.Parse(signed(r, body))
	if err != nil {
		return model.RoleSession{}, err
	}
	key, token := model.AccessKeyID(signature.AccessKeyID), vault.Secret(signature.SessionToken)
	session, secret, err := h.Session(r.Context(), key, token)
	if model.KindOf(err) == model.NotFound {
		return model.RoleSession{}, invalidToken()
	}
	if err != nil {
		return model.RoleSession{}, fmt.Errorf("find the session of an access key: %w", err)
	}
	now := h.Now()
	if err := signature.Verify("sts", secret.Reveal(), now); err != nil {
		return model.RoleSession{}, err
	}
	if !session.RevokedAt.IsZero() {
		return model.RoleSession{}, invalidToken()
	}
	if !now.Before(session.ExpiresAt) {
		return model.RoleSession{}, expiredToken()
	}
	return session, nil
}

// signed is what the client signed. The path and the query are those of the request line, before anything decoded
// them.
func signed(r *http.Request, body []byte) sigv4.Request {
	target := r.RequestURI
	if _, rest, absolute := strings.Cut(target, "://"); absolute && !strings.HasPrefix(target, "/") {
		_, target, _ = strings.Cut(rest, "/")
		target = "/" + target
	}
	path, query, _ := strings.Cut(target, "?")
	return sigv4.Request{
		Method: r.Method, Host: r.Host, Path: path, Query: query, Header: r.Header, BodyHash: sha256.Sum256(body),
	}
}
