package handlers_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"gatehouse/internal/center"
	"gatehouse/internal/mfa/softkey"
	"gatehouse/internal/model"
)

// resetLink is what the model knows of a reset of the second factor.
type resetLink struct {
	pending bool      // the person has no second factor since
	token   string    // of the link; empty once it was used
	until   time.Time // when it is too old
}

// takeFactors is an administrator who resets the second factor.
func (w *walk) takeFactors(t *testing.T) {
	w.tell("the second factor is reset")
	token, err := w.center.ResetMFA(t.Context(), host, w.user.ID, center.ByHand)
	must(t, err)
	w.reset = resetLink{pending: true, token: token.Reveal(), until: w.now.Add(center.LinkLife)}
	w.model = proofs{}
}

// useLink gives the password with the link, if there is one, be it good or too old.
func (w *walk) useLink(*testing.T) {
	if w.reset.token == "" {
		return
	}
	w.tell("the right password with the link")
	w.post("/invite/"+w.reset.token, "password", anasPassword)
	if w.now.Before(w.reset.until) {
		w.reset.token, w.model = "", proofs{password: w.now, leave: true}
	}
}

// bind tries to bind a key in place of the second factor that is gone, and then adds an app, so that the person has every kind again.
func (w *walk) bind(t *testing.T) {
	if !w.reset.pending {
		return
	}
	may := w.model.leave && w.pending()
	if may && (!slices.Equal(w.kinds, model.FactorKinds()) || w.strong && len(w.role) > 0) {
		return // an app as before cannot be added
	}
	w.tell("another key is bound")
	key := &softkey.Key{Origin: w.key.Origin, Passkey: true, Verifies: true}
	asked := w.post("/signin/enrol/key/options")
	if allowed := asked.Code == http.StatusOK; allowed != may {
		t.Fatalf("that a key may be bound is %t, the model says %t\n%s", allowed, may, strings.Join(w.told, "\n"))
	}
	if !may {
		return
	}
	made, err := key.Create(asked.Body.Bytes())
	must(t, err)
	w.recovery = shownCodes(t, w.post("/signin/enrol/key", "key", made, "name", "Key").Body.String())
	leads(t, w.post("/me/devices"), "/me/devices/new")
	w.secret = shownKey(t, w.get("/me/devices/new").Body.String())
	leads(t, w.post("/me/devices/new", "code", w.code(t), "name", "App"), "/me")
	w.key, w.reset, w.wrong = key, resetLink{}, 0
	w.model = proofs{password: w.model.password, factor: w.now, seen: w.now, first: "a security key"}
	w.reached[mayBind]++
}

// restore gives a person back what a reset took away.
func (w *walk) restore(t *testing.T) {
	t.Helper()
	if !w.reset.pending {
		return
	}
	bound := w.reached[mayBind]
	w.cookies = nil
	w.takeFactors(t)
	w.useLink(t)
	w.bind(t)
	if w.reset.pending {
		t.Fatal("the link of a reset does not lead to another second factor")
	}
	w.reached[mayBind] = bound // that was none of the sequence
	w.told, w.model = nil, proofs{}
}
