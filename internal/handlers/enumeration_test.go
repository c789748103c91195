package handlers_test

import (
	"flag"
	"fmt"
	"io"
	"maps"
	"math"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"gatehouse/internal/center"
	"gatehouse/internal/handlers"
	"gatehouse/internal/store"
	"gatehouse/internal/vault"
)

// samples are how many sign-ins of each kind are timed. The times are compared when there are many: on a machine that does
// nothing else they then show differences of a tenth of the limit.
var samples = flag.Int("samples", 4, "how many sign-ins with a wrong password are made for each kind of person; from 100 on their times are compared")

// enough samples to compare times.
const enough = 100

const (
	mostApart  = 2 * time.Millisecond // of the medians
	leastLikes = 0.001                // probability that times of one distribution differ as much
)

// strangers are the kinds of people that nobody may tell apart who has no password of theirs, each with user names. Those of
// the first have fewer failures than turn a password off.
func (g *gate) strangers(t *testing.T) map[string][]string {
	t.Helper()
	c, ctx := g.center, t.Context()
	all := map[string][]string{}
	for i, name := range slices.Sorted(maps.Keys(g.planted.Users))[:8] {
		kind := "known"
		switch {
		case i >= 6:
			kind = "without a password"
		case i == 5:
			kind = "disabled"
		case i == 4:
			kind = "locked"
		}
		all[kind] = append(all[kind], name)
		if kind != "without a password" {
			_, err := c.ProvisionCredentials(ctx, host, g.planted.Users[name], anasPassword)
			must(t, err)
		}
	}
	must(t, c.DisableUser(ctx, host, g.planted.Users[all["disabled"][0]], ""))
	must(t, c.Store.Housekeep(ctx, func(tx *store.Tx) error {
		for range 100 {
			if err := tx.CountPasswordFailure(ctx, g.planted.Users[all["locked"][0]]); err != nil {
				return err
			}
		}
		return nil
	}))
	all["unknown"] = []string{"no.body", "xyz.xyzxyz"}
	return all
}

// TestNobodyLearnsWhoExistsFromSigningIn compares status, headers and page of wrong passwords for people who are known,
// unknown, locked, disabled and without a password, at the cost of real passwords, and how long the answers take.
func TestNobodyLearnsWhoExistsFromSigningIn(t *testing.T) {
	t.Parallel()
	g := openGate(t)
	config := g.center.Config
	var err error
	config.Hasher, err = vault.NewHasher(vault.DefaultCost())
	must(t, err)
	g.center = center.New(config)
	people := g.strangers(t)
	server := httptest.NewServer(handlers.New(handlers.Config{Center: g.center, Log: config.Log, Now: config.Now, BaseURL: config.BaseURL,
		Proxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}}))
	defer server.Close()

	kinds := slices.Sorted(maps.Keys(people))
	alike, times := "", map[string][]time.Duration{}
	random := rand.New(rand.NewPCG(63, 8))
	for n := range *samples {
		random.Shuffle(len(kinds), func(i, j int) { kinds[i], kinds[j] = kinds[j], kinds[i] })
		for i, kind := range kinds {
			name := people[kind][n%len(people[kind])]
			answer, took := wrongPassword(t, server, name, fmt.Sprintf("2001:db8:%x:%x::1", n, i))
			times[kind] = append(times[kind], took)
			if alike != "" && answer != alike {
				t.Fatalf("%s, who is %s, is answered\n%s\nothers\n%s", name, kind, answer, alike)
			}
			alike = answer
		}
	}
	if !strings.Contains(alike, "The user name or the password is not right.") {
		t.Fatalf("the answer is %s", alike)
	}
	if *samples < enough {
		return
	}
	for _, kind := range kinds {
		apart := median(times[kind]) - median(times["known"])
		likes := likelihood(times[kind], times["known"])
		t.Logf("%-18s median %v, %v from known, p = %.4f", kind, median(times[kind]), apart, likes)
		if apart.Abs() >= mostApart || likes <= leastLikes {
			t.Errorf("answers about who is %s take another time: %v apart, p = %.5f", kind, apart, likes)
		}
	}
}

// wrongPassword tries a wrong password from an address and returns the whole answer without what is of the request alone.
func wrongPassword(t *testing.T, server *httptest.Server, name, from string) (answer string, took time.Duration) {
	t.Helper()
	form := url.Values{"username": {name}, "password": {"a wrong password"}}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+"/signin", strings.NewReader(form.Encode()))
	must(t, err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("X-Forwarded-For", from)
	began := time.Now()
	w, err := server.Client().Do(r)
	must(t, err)
	body, err := io.ReadAll(w.Body)
	must(t, err)
	took = time.Since(began)
	must(t, w.Body.Close())
	w.Header.Del("Date")
	w.Header.Del("Content-Length") // the page has what was typed
	var b strings.Builder
	fmt.Fprintln(&b, w.Proto, w.Status)
	must(t, w.Header.Write(&b))
	b.WriteString(tokens.ReplaceAllString(strings.ReplaceAll(string(body), name, "NAME"), "ID"))
	return b.String(), took
}

func median(times []time.Duration) time.Duration {
	return slices.Sorted(slices.Values(times))[len(times)/2]
}

// likelihood is the probability, after Mann and Whitney, that two samples of one distribution differ as much in rank as these
// do, by the normal approximation. Times that are equal to the nanosecond are too few to matter.
func likelihood(a, b []time.Duration) float64 {
	u := 0.0
	for _, x := range a {
		for _, y := range b {
			switch {
			case x > y:
				u++
			case x == y:
				u += 0.5
			}
		}
	}
	n, m := float64(len(a)), float64(len(b))
	z := math.Abs(u-n*m/2) / math.Sqrt(n*m*(n+m+1)/12)
	return math.Erfc(z / math.Sqrt2)
}

// TestTheTestOfTimesSeesADifference holds it against samples of which it is known whether they differ.
func TestTheTestOfTimesSeesADifference(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1947, 18))
	draw := func(shift time.Duration) []time.Duration {
		list := make([]time.Duration, 300)
		for i := range list {
			list[i] = 30*time.Millisecond + shift + time.Duration(random.NormFloat64()*float64(time.Millisecond))
		}
		return list
	}
	alarms := 0
	for range 100 {
		if likelihood(draw(0), draw(0)) <= leastLikes {
			alarms++
		}
		if p := likelihood(draw(0), draw(time.Millisecond)); p > leastLikes {
			t.Errorf("a difference of a millisecond is not seen: p = %v", p)
		}
	}
	if alarms > 2 {
		t.Errorf("%d of 100 equal pairs seem to differ", alarms)
	}
}
