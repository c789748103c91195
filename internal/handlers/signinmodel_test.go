package handlers_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"gatehouse/internal/center"
	"gatehouse/internal/mfa"
	"gatehouse/internal/mfa/softkey"
	"gatehouse/internal/model"
	"gatehouse/internal/securecart"
	"gatehouse/internal/vault"
)

var sequences = flag.Int("sequences", 300, "how many random sequences of requests sign-in is put through")

// TestNobodyIsSignedInOverHTTPWithoutBothFactors puts the console through random sequences of requests, of time and of what
// administrators do, and asks after each what the browser may do: see a page for signed-in people, and do a dangerous act. A
// model that knows only which proofs were given when says what it must be.
func TestNobodyIsSignedInOverHTTPWithoutBothFactors(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		*sequences = min(*sequences, 40)
	}
	random, reached := rand.New(rand.NewPCG(6238, 8265)), map[standing]int{}
	var w *walk
	for n := range *sequences {
		if n%500 == 0 {
			w = openWalk(t, random) // a trail and a table of sessions that grow for ever would be all that is tried
			w.reached = reached
		}
		w.begin(t)
		for range 4 + w.random.IntN(8) {
			w.step(t)
			want := w.model.may(w.now)
			may := w.probe(t)
			reached[may]++
			if may != want {
				t.Fatalf("sequence %d: the browser %s, the model says it %s\n%s", n, may, want, strings.Join(w.told, "\n"))
			}
		}
	}
	for may, least := range map[standing]int{mayNothing: *sequences / 5, maySee: *sequences / 5, mayAct: *sequences / 5, mayBind: *sequences / 40} {
		if reached[may] < least {
			t.Errorf("that the browser %s was reached %d times in %d sequences: they are too tame", may, reached[may], *sequences)
		}
	}
}

// standing is what a browser may do.
type standing string

const (
	mayNothing standing = "may nothing"
	maySee     standing = "may see pages, but not act dangerously"
	mayAct     standing = "may act"
	mayBind    standing = "may bind a second factor after a reset"
)

// proofs is the model: when what was proved last in the browser, and when it was used last.
type proofs struct {
	password, factor, seen time.Time // zero: not, or not any more
	first                  string    // the second factor that signed in
	leave                  bool      // the password was given with the link of a reset
}

func (p proofs) may(now time.Time) standing {
	switch {
	case p.factor.IsZero() || p.password.IsZero() || now.Sub(p.password) >= 8*time.Hour || now.Sub(p.seen) >= 15*time.Minute:
		return mayNothing
	case now.Sub(p.factor) >= 5*time.Minute:
		return maySee
	}
	return mayAct
}

// walk is a browser on its way, and a person with every kind of second factor.
type walk struct {
	*gate
	random   *rand.Rand
	key      *softkey.Key
	recovery []string
	model    proofs
	kinds    []model.FactorKind   // that the policy accepts
	strong   bool                 // it asks people who administer for a strong one, which the key is and the app is not
	role     []model.AssignmentID // with which the person administers, or none
	wrong    int                  // codes in a row
	reset    resetLink
	reached  map[standing]int
	told     []string
}

func openWalk(t *testing.T, random *rand.Rand) *walk {
	t.Helper()
	w := &walk{gate: openGate(t), random: random,
		key: &softkey.Key{Origin: "http://gatehouse.example", Passkey: true, Verifies: true}}
	w.signInWithCode(t)
	made, err := w.key.Create(w.post("/me/keys/options").Body.Bytes())
	must(t, err)
	leads(t, w.post("/me/keys/new", "key", made, "name", "Key"), "/me")
	w.renewCodes(t)
	return w
}

func (w *walk) signInWithCode(t *testing.T) {
	t.Helper()
	w.cookies = nil
	w.now = w.now.Add(time.Minute)
	w.post("/signin", "username", w.user.UserName, "password", anasPassword)
	leads(t, w.post("/signin/mfa", "code", w.code(t)), "/")
	w.wrong = 0
}

func (w *walk) renewCodes(t *testing.T) {
	t.Helper()
	w.recovery = shownCodes(t, w.post("/me/recovery-codes").Body.String())
}

// shownCodes are the recovery codes of the one page that shows them.
func shownCodes(t *testing.T, page string) (codes []string) {
	t.Helper()
	for code := range strings.SplitSeq(page, "<code>") {
		if code, _, found := strings.Cut(code, "</code>"); found && mfa.IsRecoveryCode(code) {
			codes = append(codes, code)
		}
	}
	if len(codes) != mfa.RecoveryCodes {
		t.Fatalf("%d recovery codes", len(codes))
	}
	return codes
}

// begin is a new browser, an hour later, of a person to whom nothing has happened, or a reset of the second factor.
func (w *walk) begin(t *testing.T) {
	t.Helper()
	w.now = w.now.Add(time.Hour)
	w.told, w.model = nil, proofs{}
	w.accept(t, model.FactorKinds(), false)
	w.restore(t)
	if w.wrong > 0 || len(w.recovery) < 4 {
		w.signInWithCode(t)
		w.renewCodes(t)
	}
	w.cookies = nil
	if w.random.IntN(2) == 0 {
		w.accept(t, model.FactorKinds(), true)
		w.employ(t)
	}
	if w.random.IntN(8) == 0 {
		w.takeFactors(t)
	}
}

func (w *walk) tell(format string, args ...any) {
	w.told = append(w.told, fmt.Sprintf(format, args...))
}

// post sends a form, which uses the session: when it was used last is stored once a minute.
func (w *walk) post(path string, pairs ...string) *httptest.ResponseRecorder {
	w.touch()
	return w.gate.post(path, pairs...)
}

func (w *walk) touch() {
	if w.model.may(w.now) != mayNothing && w.now.Sub(w.model.seen) >= time.Minute {
		w.model.seen = w.now
	}
}

// step is one thing that happens: often what leads on, else anything.
func (w *walk) step(t *testing.T) {
	t.Helper()
	steps := []func(*testing.T){w.wait, w.password, w.factor, w.stepUp, w.passkey, w.badPassword, w.badFactor, w.signOut, w.end,
		w.disable, w.steal, w.change, w.employ, w.takeFactors, w.useLink, w.bind}
	if w.random.IntN(2) == 0 {
		switch {
		case w.reset.pending && w.reset.token == "":
			steps = []func(*testing.T){w.password, w.bind, w.bind}
		case w.reset.pending:
			steps = []func(*testing.T){w.useLink, w.useLink, w.password, w.bind}
		case w.pending():
			steps = []func(*testing.T){w.factor}
		case w.model.may(w.now) == mayNothing:
			steps = []func(*testing.T){w.password, w.password, w.passkey}
		default:
			steps = []func(*testing.T){w.wait, w.stepUp}
		}
	}
	steps[w.random.IntN(len(steps))](t)
}

func (w *walk) wait(*testing.T) {
	pauses := []time.Duration{time.Second, 30 * time.Second, time.Minute, 3 * time.Minute, 299 * time.Second, 5 * time.Minute, 6 * time.Minute,
		13 * time.Minute, 14 * time.Minute, 15 * time.Minute, 8 * time.Hour}
	pause := pauses[w.random.IntN(len(pauses))]
	w.now = w.now.Add(pause)
	w.tell("%v pass", pause)
}

func (w *walk) password(*testing.T) {
	w.tell("the right password")
	w.post("/signin", "username", w.user.UserName, "password", anasPassword)
	w.model = proofs{password: w.now}
}

func (w *walk) badPassword(*testing.T) {
	w.tell("a wrong password")
	w.now = w.now.Add(15 * time.Minute) // however many came before, it is looked at
	w.post("/signin", "username", w.user.UserName, "password", "not the password")
	w.now = w.now.Add(15 * time.Minute)
}

// pending reports whether the browser waits for its second factor.
func (w *walk) pending() bool {
	return !w.model.password.IsZero() && w.model.factor.IsZero() && w.now.Sub(w.model.password) < 5*time.Minute
}

// proof is the second factor in one of its forms, for a form whose fields are called so, with options from an address.
func (w *walk) proof(t *testing.T, code, key, options string) (what, field, value string) {
	t.Helper()
	switch w.random.IntN(3) {
	case 0:
		w.now = w.now.Add(30 * time.Second) // a code that was not used before
		return "a code", code, w.code(t)
	case 1:
		if len(w.recovery) > 1 {
			recovery := w.recovery[0]
			w.recovery = w.recovery[1:]
			return "a recovery code", code, recovery
		}
	}
	asked := w.post(options)
	if asked.Code != http.StatusOK {
		return "no key, which was not asked for", key, "{}"
	}
	answer, err := w.key.Get(asked.Body.Bytes())
	must(t, err)
	return "a security key", key, answer
}

func (w *walk) factor(t *testing.T) {
	what, field, value := w.proof(t, "code", "key", "/signin/key/options")
	w.tell("%s at sign-in", what)
	path := "/signin/mfa"
	if field == "key" {
		path = "/signin/key"
	}
	accepted := w.pending() && value != "{}" && w.accepts(what) && !w.reset.pending
	w.post(path, field, value)
	w.prove(accepted, what)
}

// prove notes a second factor that has to be accepted. Only a right code makes wrong ones forgotten.
func (w *walk) prove(accepted bool, what string) {
	if !accepted {
		return
	}
	if w.model.factor.IsZero() {
		w.model.first = what
	}
	w.model.factor, w.model.seen = w.now, w.now
	if what == "a code" {
		w.wrong = 0
	}
	w.meet() // who proves too little is led to bind something stronger, and signed in by nothing else
}

func (w *walk) stepUp(t *testing.T) {
	what, field, value := w.proof(t, "stepup_code", "stepup_key", "/confirm/options")
	w.tell("%s at a step-up", what)
	accepted := w.model.may(w.now) != mayNothing && value != "{}" && w.accepts(what)
	w.post("/confirm", field, value)
	w.prove(accepted, what)
}

func (w *walk) passkey(t *testing.T) {
	w.key.Verifies = w.random.IntN(3) > 0
	asked := w.post("/signin/passkey/options")
	answer, err := w.key.Get(asked.Body.Bytes())
	must(t, err)
	w.tell("a passkey that made sure who holds it: %t", w.key.Verifies)
	w.post("/signin/passkey", "key", answer)
	if w.key.Verifies && w.accepts("a security key") && !w.reset.pending {
		w.model = proofs{password: w.now, factor: w.now, seen: w.now, first: "a security key"}
	}
	w.key.Verifies = true
}

// badFactor is a proof that nobody may take: a wrong code, one that was used before, a key's answer to another question.
func (w *walk) badFactor(t *testing.T) {
	path, code, key := "/signin/mfa", "code", "key"
	if w.random.IntN(2) == 0 {
		path, code, key = "/confirm", "stepup_code", "stepup_key"
	}
	switch w.random.IntN(3) {
	case 0:
		if w.wrong++; w.wrong > 3 {
			return
		}
		w.tell("a wrong code at %s", path)
		w.post(path, code, "000000")
	case 1:
		w.tell("a recovery code of nobody at %s", path)
		w.post(path, code, "AAAA-BBBB-CCCC-DDDD-EEEE-FFFF")
	default:
		w.tell("an answer to another question at %s", path)
		answer, err := w.key.Get(w.post("/signin/passkey/options").Body.Bytes())
		must(t, err)
		if path == "/signin/mfa" {
			path = "/signin/key"
		}
		w.post(path, key, answer)
	}
}

func (w *walk) signOut(*testing.T) {
	w.tell("signing out")
	pending := w.pending()
	if w.model.may(w.now) != mayNothing {
		w.post("/signout")
		w.model = proofs{}
	} else if pending {
		w.post("/signin/cancel")
		w.model = proofs{}
	}
}

// end is an administrator who ends all sessions.
func (w *walk) end(t *testing.T) {
	w.tell("all sessions are ended")
	must(t, w.center.EndSessions(t.Context(), host, w.user.ID))
	w.model = proofs{}
}

// disable is an administrator who disables the person and enables them again.
func (w *walk) disable(t *testing.T) {
	w.tell("the person is disabled, and enabled again")
	must(t, w.center.DisableUser(t.Context(), host, w.user.ID, ""))
	if may := w.probe(t); may != mayNothing {
		t.Fatalf("somebody disabled %s\n%s", may, strings.Join(w.told, "\n"))
	}
	must(t, w.center.EnableUser(t.Context(), host, w.user.ID, ""))
	w.model = proofs{}
}

// change is an administrator who saves which kinds of second factor are accepted, and what is asked of people who administer.
func (w *walk) change(t *testing.T) {
	totp, keys, recovery := model.FactorTOTP, model.FactorWebAuthn, model.FactorRecovery
	choices := [][]model.FactorKind{{totp}, {totp, keys}, {totp, recovery}, {keys, recovery}, model.FactorKinds()}
	w.accept(t, choices[w.random.IntN(len(choices))], w.random.IntN(2) == 0)
	w.tell("the policy accepts %v, strong ones alone of who administers: %t", w.kinds, w.strong)
	w.meet()
}

// employ makes the person one who administers, or ends that.
func (w *walk) employ(t *testing.T) {
	if len(w.role) > 0 {
		w.tell("the person administers no more")
		_, err := w.center.Unassign(t.Context(), host, w.role, "")
		must(t, err)
		w.role = nil
		return
	}
	w.tell("the person administers")
	made, err := w.center.Assign(t.Context(), host, center.AssignRequest{Sets: []model.PermissionSetID{w.planted.Sets[center.AuditorSet]},
		Principals: []model.Principal{{Kind: model.PrincipalUser, ID: string(w.user.ID)}},
		Targets:    []model.Target{{Kind: model.TargetAccount, ID: string(securecart.Management)}}})
	must(t, err)
	for _, a := range made {
		w.role = append(w.role, a.ID)
	}
	w.meet()
}

// meet ends the session of whoever signed in with less than is asked for now, whatever they stepped up with since.
func (w *walk) meet() {
	weak := w.strong && len(w.role) > 0 && !w.accepts("a security key")
	if !w.model.factor.IsZero() && (weak || !w.accepts(w.model.first)) {
		w.model = proofs{}
	}
}

// accept puts a policy in force that accepts these kinds.
func (w *walk) accept(t *testing.T, kinds []model.FactorKind, strong bool) {
	t.Helper()
	if slices.Equal(kinds, w.kinds) && strong == w.strong {
		return
	}
	w.enforce(t, func(p *model.SignInPolicy) {
		p.Kinds, p.Operators = kinds, model.OperatorsAny
		if strong {
			p.Operators = model.OperatorsStrong
		}
	})
	w.kinds, w.strong = kinds, strong
}

// accepts reports whether a proof is taken: one of a kind that the policy accepts, and no short code where the person has
// to be, and can be, asked for their key.
func (w *walk) accepts(what string) bool {
	kind := map[string]model.FactorKind{"a code": model.FactorTOTP, "a recovery code": model.FactorRecovery,
		"a security key": model.FactorWebAuthn}
	if what == "a code" && w.strong && len(w.role) > 0 && slices.Contains(w.kinds, model.FactorWebAuthn) {
		return false
	}
	return slices.Contains(w.kinds, kind[what])
}

// steal puts the cookie of one step where that of another belongs.
func (w *walk) steal(t *testing.T) {
	w.tell("cookies change places")
	token, _, err := vault.NewToken(w.center.Random)
	must(t, err)
	for _, c := range w.cookies {
		name := map[string]string{"gatehouse": "gatehouse-signin", "gatehouse-signin": "gatehouse"}[c.Name]
		if name == "" {
			continue
		}
		kept := w.cookies
		w.cookies = []*http.Cookie{{Name: name, Value: c.Value}, {Name: c.Name, Value: token.Reveal()}}
		if may := w.probe(t); may != mayNothing {
			t.Fatalf("with its cookie under another name the browser %s\n%s", may, strings.Join(w.told, "\n"))
		}
		w.cookies = kept
	}
}

// probe finds out what the browser may do. Asking uses the session, as any request does.
func (w *walk) probe(t *testing.T) standing {
	t.Helper()
	w.touch()
	page := w.serve(http.MethodGet, "/portal", nil)
	if page.Code != http.StatusOK {
		if page.Code != http.StatusSeeOther || !strings.HasPrefix(page.Header().Get("Location"), "/signin") {
			t.Fatalf("the portal answers %d", page.Code)
		}
		return mayNothing
	}
	switch w.serve(http.MethodGet, "/me/keys/new", nil).Code { // the way to another second factor
	case http.StatusForbidden:
		return maySee
	case http.StatusOK:
		return mayAct
	}
	t.Fatal("the page for another key neither opens nor asks to confirm")
	return mayNothing
}
