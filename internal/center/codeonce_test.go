package center_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"gatehouse/internal/model"
	"gatehouse/internal/store"
)

var rounds = flag.Int("rounds", 10, "how often equal codes of each kind are sent from two processes at once")

// isSecond is how a test starts its own binary as a second console on the same database.
var isSecond = flag.Bool("second", false, "be the second process of TestOfEqualCodesInTwoProcessesOneSignsIn: see race")

const inEachProcess = 50

// race is what the first process tells the second: where everything is, then for each round what to try with which cookies.
type race struct {
	Location string
	Now      time.Time
	Code     string
	Cookies  []string // from now on; none: as before
}

// result is how many of them were signed in, and with which of them.
type result struct{ Won []int }

// TestOfEqualCodesInTwoProcessesOneSignsIn sends 50 equal codes at once from each of two processes with one database, each
// with a cookie of its own, 200 times with codes of an app and 200 times with recovery codes.
func TestOfEqualCodesInTwoProcessesOneSignsIn(t *testing.T) {
	t.Parallel()
	if *isSecond {
		beSecond(t)
		return
	}
	if testing.Short() {
		*rounds = min(*rounds, 2)
	}
	o := openOffice(t)
	m := o.member(t, "ana")
	r := &racers{office: o, other: o.startSecond(t)}
	for n := range 2 * *rounds {
		o.now = o.now.Add(30 * time.Second)
		code := o.code(t, m.secret, 0)
		if n%2 == 1 {
			code = r.recoveryCode(t, m)
		}
		if won := r.round(t, n, code); won != 1 {
			t.Fatalf("round %d: %d of %d equal codes %s signed in", n, won, 2*inEachProcess, code)
		}
		// Those that came after the first were failures, and five turn codes off.
		err := o.store.Housekeep(t.Context(), func(tx *store.Tx) error { return tx.ClearCodeFailures(t.Context(), m.ID) })
		if err != nil {
			t.Fatal(err)
		}
	}
}

// racers are two processes and the cookies with which they wait for a second factor.
type racers struct {
	*office
	other   *secondProcess
	cookies []string
	opened  time.Time
	codes   []string // recovery codes that are left
}

// recoveryCode is one that was not used yet.
func (r *racers) recoveryCode(t *testing.T, m member) string {
	t.Helper()
	if len(r.codes) == 0 {
		r.now = r.now.Add(30 * time.Second)
		actor := acting(r.signIn(t, m))
		actor.FactorAt = r.now
		var err error
		if r.codes, err = r.c.RenewRecoveryCodes(t.Context(), actor); err != nil {
			t.Fatal(err)
		}
	}
	code := r.codes[0]
	r.codes = r.codes[1:]
	return code
}

// round tries a code everywhere at once and returns how often it was taken.
func (r *racers) round(t *testing.T, n int, code string) int {
	t.Helper()
	turn := race{Now: r.now, Code: code}
	if n == 0 || r.now.Sub(r.opened) >= 4*time.Minute {
		r.cookies, r.opened = nil, r.now
		for range inEachProcess {
			r.cookies = append(r.cookies, r.password(t, "ana").Token.Reveal())
			turn.Cookies = append(turn.Cookies, r.password(t, "ana").Token.Reveal())
		}
	}
	r.other.send(t, turn)
	here, there := r.try(t, r.cookies, code), r.other.result(t)
	for _, i := range here {
		r.cookies[i] = r.password(t, "ana").Token.Reveal()
	}
	return len(here) + len(there.Won)
}

// try gives a code with every cookie at once and returns which of them it signed in.
func (o *office) try(t *testing.T, cookies []string, code string) (won []int) {
	var mu sync.Mutex
	var all sync.WaitGroup
	start := make(chan struct{})
	for i, cookie := range cookies {
		all.Go(func() {
			<-start
			a, err := o.c.VerifyCode(t.Context(), visit, cookie, code)
			if err == nil && a.Session.Stage == model.StageSignedIn {
				mu.Lock()
				defer mu.Unlock()
				won = append(won, i)
			} else if kind := model.KindOf(err); kind != model.Invalid && kind != model.Unauthenticated {
				t.Errorf("a code that is not taken: %v", err)
			}
		})
	}
	close(start)
	all.Wait()
	return won
}

// secondProcess is another console on the database of an office.
type secondProcess struct {
	in  *json.Encoder
	out *json.Decoder
}

func (o *office) startSecond(t *testing.T) *secondProcess {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.CommandContext(t.Context(), self, "-test.run", "^TestOfEqualCodesInTwoProcessesOneSignsIn$", "-second")
	c.Stderr = os.Stderr
	in, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		in.Close()
		_ = c.Wait() // it says what went wrong in its results, and nobody reads its last words
	})
	s := &secondProcess{in: json.NewEncoder(in), out: json.NewDecoder(out)}
	s.send(t, race{Location: o.path})
	return s
}

func (s *secondProcess) send(t *testing.T, r race) {
	t.Helper()
	if err := s.in.Encode(r); err != nil {
		t.Fatal("the second process is gone: ", err)
	}
}

func (s *secondProcess) result(t *testing.T) result {
	t.Helper()
	var r result
	if err := s.out.Decode(&r); err != nil {
		t.Fatal("the second process gives no answer: ", err)
	}
	return r
}

// beSecond is what the second process does until the first one goes away.
func beSecond(t *testing.T) {
	in, out := json.NewDecoder(os.Stdin), json.NewEncoder(os.Stdout)
	var first race
	if err := in.Decode(&first); err != nil {
		t.Fatal(err)
	}
	o := officeAt(t, first.Location)
	var cookies []string
	for {
		var turn race
		if err := in.Decode(&turn); err == io.EOF {
			return
		} else if err != nil {
			t.Fatal(err)
		}
		if o.now = turn.Now; turn.Cookies != nil {
			cookies = turn.Cookies
		}
		won := o.try(t, cookies, turn.Code)
		for _, i := range won {
			cookies[i] = o.password(t, "ana").Token.Reveal()
		}
		if err := out.Encode(result{won}); err != nil {
			t.Fatal(err)
		}
	}
}

// TestACodeCountsOnceHoweverItIsWritten gives codes a second time, as they were and in other forms.
func TestACodeCountsOnceHoweverItIsWritten(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	_, a := o.invited(t, "ana")
	m := member{User: a.User, secret: o.key(t, a.Token)}
	code := func(steps int64) string { return o.code(t, m.secret, steps) }
	if _, err := o.c.ConfirmEnrolment(t.Context(), visit, a.Token.Reveal(), "", code(0)); err != nil {
		t.Fatal(err)
	}
	refused := func(what, given string) {
		t.Helper()
		if _, err := o.c.VerifyCode(t.Context(), visit, o.password(t, "ana").Token.Reveal(), given); model.KindOf(err) != model.Invalid {
			t.Errorf("%s is taken, or fails oddly: %v", what, err)
		}
	}
	taken := func(what, given string) {
		t.Helper()
		if _, err := o.c.VerifyCode(t.Context(), visit, o.password(t, "ana").Token.Reveal(), given); err != nil {
			t.Errorf("%s is not taken: %v", what, err)
		}
	}
	refused("the code that enrolled the app", code(0))
	refused("the code before the one that enrolled the app", code(-1))
	taken("the next code, before its time", code(1))
	refused("the present code after the next one", code(0))
	refused("a used code with spaces", " "+code(1)[:3]+" "+code(1)[3:]+" ")
	refused("a used code with a dash", code(1)[:2]+"-"+code(1)[2:])
	o.now = o.now.Add(30 * time.Second)
	refused("a used code one step later", code(0))
	taken("the code of the step after", code(1))
	wide := strings.Map(func(r rune) rune { return r - '0' + '０' }, code(2))
	for _, given := range []string{code(2) + "\n", "\t" + code(2), code(2) + "\u3000", code(2) + "\x00", wide, "0" + code(2)} {
		refused(fmt.Sprintf("the next code written as %q", given), given)
	}
	o.now = o.now.Add(time.Minute)
	refused("the code of two steps ago", code(-2))
}
