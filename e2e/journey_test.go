package e2e

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// view is how a page is looked at; the zero view is a desk in daylight.
type view struct {
	phone    bool // 390 px wide instead of 1366
	dark     bool
	noScript bool
}

func (v view) size() (width, height int64) {
	if v.phone {
		return 390, 844
	}
	return 1366, 900
}

func (v view) name() string {
	width, _ := v.size()
	if v.dark {
		return strconv.FormatInt(width, 10) + "-dark"
	}
	return strconv.FormatInt(width, 10)
}

// journey is a person at a browser. It counts what they click and the pages they load,
// and fails the test on script errors and on anything the content policy refuses.
type journey struct {
	t    *testing.T
	ctx  context.Context
	base string
	view view

	mu       sync.Mutex
	clicks   int
	loads    int
	problems []string
	leaving  bool      // a document is on its way that replaces the one in the tab
	acted    time.Time // when something was clicked or typed last

	downloads string // folder of what was downloaded, once it is kept
}

// newJourney opens a tab on the site at base.
func newJourney(t *testing.T, base string, v view) *journey {
	t.Helper()
	j := &journey{t: t, ctx: tab(t), base: base}
	if err := chromedp.Listen(j.ctx, j.observe); err != nil {
		t.Fatal(err)
	}
	if v.noScript {
		j.do("go without scripts", chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
			_, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled,
				emulation.SetScriptExecutionDisabledParams{Value: true})
			return err
		}))
	}
	j.Turn(v)
	t.Cleanup(j.finish)
	return j
}

// Turn looks at the page as it stands in another view.
func (j *journey) Turn(v view) {
	j.t.Helper()
	j.view = v
	theme := "light"
	if v.dark {
		theme = "dark"
	}
	width, height := v.size()
	j.do("set the view", chromedp.EmulateViewport(width, height), chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: theme}, {Name: "prefers-reduced-motion", Value: "reduce"}}})
		return err
	}))
}

// expectedStatus are answers that Chromium writes to the console though they are meant.
var expectedStatus = regexp.MustCompile(
	`^Failed to load resource: the server responded with a status of 4(0[0-9]|09|13|15|22|29) `,
)

func (j *journey) observe(event any) {
	j.mu.Lock()
	defer j.mu.Unlock()
	switch e := event.(type) {
	case *cdppage.EventFrameRequestedNavigation, *cdppage.EventFrameStartedLoading:
		j.leaving = true
	case *cdppage.EventFrameStoppedLoading:
		j.leaving = false
	case *cdppage.EventFrameNavigated:
		if e.Frame.ParentID == "" && strings.HasPrefix(e.Frame.URL, "http") {
			j.loads++
		}
	case *runtime.EventExceptionThrown:
		j.problems = append(j.problems, "exception: "+e.ExceptionDetails.Text)
		if x := e.ExceptionDetails.Exception; x != nil {
			j.problems = append(j.problems, x.Description)
		}
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError && len(e.Args) > 0 {
			j.problems = append(j.problems, "console: "+string(e.Args[0].Value)+e.Args[0].Description)
		}
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError && !expectedStatus.MatchString(e.Entry.Text) {
			j.problems = append(j.problems, "log: "+e.Entry.Text+" "+e.Entry.URL)
		}
	}
}

// finish reports what went wrong in the browser; a failed test leaves a picture.
func (j *journey) finish() {
	j.mu.Lock()
	problems := j.problems
	j.mu.Unlock()
	for _, p := range problems {
		j.t.Error(p)
	}
	if j.t.Failed() {
		j.save("failed-" + strings.NewReplacer("/", "-", " ", "-").Replace(j.t.Name()))
	}
}

func (j *journey) do(what string, steps ...chromedp.Action[chromedp.Void]) {
	j.t.Helper()
	if err := chromedp.Do(j.ctx, steps...); err != nil {
		j.t.Fatalf("%s: %v", what, err)
	}
}

// Open goes to a path, as by a bookmark: a load, not a click.
func (j *journey) Open(path string) {
	j.t.Helper()
	j.settle()
	j.do("open "+path, chromedp.Navigate(j.base+path))
}

// Click clicks what a selector finds first among what can be seen. A selector without
// any of . # [ > : finds a link, button or label by its words.
func (j *journey) Click(selector string) {
	j.t.Helper()
	j.clicks++
	j.act("click "+selector, selector, aStep, chromedp.Click(marked))
}

// Type replaces what stands in a field of the page or of its open dialog, found by its
// form name.
func (j *journey) Type(name, text string) {
	j.t.Helper()
	field := fmt.Sprintf("main [name=%q], dialog [name=%[1]q]", name)
	j.act("type into "+name, field, aStep+time.Duration(len(text))*aStep/10, empty, chromedp.SendKeys(marked, text))
}

// Submit clicks the button of the form around the field typed last; a click like any.
func (j *journey) Submit() {
	j.t.Helper()
	j.Click(`form:has([data-e2e]) button:not([type=button])`)
}

// See waits until a text can be read on the page.
func (j *journey) See(text string) {
	j.t.Helper()
	j.wait("see "+text, `document.body?.innerText.replace(/\s+/g, ' ').includes(`+strconv.Quote(text)+`)`)
}

// At waits until the page's path is this one.
func (j *journey) At(path string) {
	j.t.Helper()
	j.wait("be at "+path, `location.pathname === `+strconv.Quote(path)+` && document.readyState === 'complete'`)
}

// Eval is the value of an expression in the page.
func Eval[T any](j *journey, expression string) T {
	j.t.Helper()
	j.settle()
	v, err := chromedp.Run(j.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		j.t.Fatalf("evaluate %.80s: %v", expression, err)
	}
	return v
}

// Goal fails the test when the journey took more than it may.
func (j *journey) Goal(clicks, loads int) {
	j.t.Helper()
	j.mu.Lock()
	defer j.mu.Unlock()
	j.t.Logf("%d clicks, %d page loads", j.clicks, j.loads)
	if j.clicks > clicks || j.loads > loads {
		j.t.Errorf("took %d clicks and %d page loads, may take %d and %d", j.clicks, j.loads, clicks, loads)
	}
}

// marked is the element that find found last.
var marked = chromedp.CSS("[data-e2e]")

// empty clears the marked field without a word to the page, as replacing a selected text does.
var empty = chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
	_, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`(field => {
		field?.focus()
		if (field) field.value = ''
		return true
	})(document.querySelector('[data-e2e]'))`))
	return err
})

// aStep is how long one touch of an element may take once the element is there.
const aStep = 5 * time.Second

// act does something to what a selector finds. A page may replace the element between the look and the act: then it is
// looked for again. What was done is never done twice, because these steps wait for the element before they touch it.
func (j *journey) act(what, selector string, within time.Duration, steps ...chromedp.Action[chromedp.Void]) {
	j.t.Helper()
	for range 5 {
		j.find(selector)
		ctx, stop := context.WithTimeout(j.ctx, within)
		err := chromedp.Do(ctx, steps...)
		stop()
		j.mu.Lock()
		j.acted = time.Now()
		j.mu.Unlock()
		if err == nil {
			return
		}
		if !errors.Is(err, context.DeadlineExceeded) {
			j.t.Fatalf("%s: %v", what, err)
		}
	}
	j.t.Fatalf("%s: the element did not stay", what)
}

// reaction is how long a browser may take to begin loading a page after a click.
const reaction = 30 * time.Millisecond

// settle waits until a page on its way is there, so that no step touches the one that is left behind.
func (j *journey) settle() {
	for late := time.Now().Add(10 * time.Second); time.Now().Before(late); time.Sleep(2 * time.Millisecond) {
		j.mu.Lock()
		still := !j.leaving && time.Since(j.acted) > reaction
		j.mu.Unlock()
		if still {
			return
		}
	}
}

// find marks the element that the next step is about, waiting for it to be there.
func (j *journey) find(selector string) {
	j.t.Helper()
	j.wait("find "+selector, `(selector => {
		const words = !/[.#[>:]/.test(selector)
		const said = e => (e.ariaLabel ?? e.innerText ?? '').replace(/\s+/g, ' ').trim()
		const place = document.querySelector('dialog[open]') ?? document
		const all = [...place.querySelectorAll(words ? 'a, button, summary, label' : selector)]
		const element = all.find(e => e.checkVisibility() && (!words || said(e) === selector)) ??
			all.find(e => e.checkVisibility() && words && said(e).startsWith(selector))
		if (!element) return false
		document.querySelectorAll('[data-e2e]').forEach(e => e.removeAttribute('data-e2e'))
		element.setAttribute('data-e2e', '')
		return true
	})(`+strconv.Quote(selector)+`)`)
}

// patience is how long something may take to happen, on a machine that does other things as well.
const patience = 15 * time.Second

// wait asks until an expression is true. A page on its way answers with an error.
func (j *journey) wait(what, expression string) {
	j.t.Helper()
	j.settle()
	ctx, stop := context.WithTimeout(j.ctx, patience)
	defer stop()
	again := time.NewTicker(25 * time.Millisecond)
	defer again.Stop()
	for {
		if ok, err := chromedp.Run(j.ctx, chromedp.Evaluate[bool](expression)); err == nil && ok {
			return
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			j.t.Fatalf("%s: it did not happen within %s", what, patience)
		}
	}
}

// picturing reports whether pictures are asked for.
func picturing() bool { return os.Getenv("E2E_SHOTS") != "" }

// Shot keeps a picture of the whole page when pictures are asked for.
func (j *journey) Shot(name string) {
	j.t.Helper()
	if picturing() {
		j.save(name + "-" + j.view.name())
	}
}

func (j *journey) save(name string) {
	// The window is made as tall as the page, so that what sticks to its edges does.
	width, height := j.view.size()
	tall, err := chromedp.Run(j.ctx, chromedp.Evaluate[int64](`document.documentElement.scrollHeight`))
	if err != nil {
		j.t.Log("measure the page:", err)
	}
	const painted = `new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))`
	_ = chromedp.Do(j.ctx, chromedp.EmulateViewport(width, max(tall, height)))
	if !j.view.noScript {
		_, _ = chromedp.Run(j.ctx, chromedp.Evaluate[bool](painted, chromedp.EvalAwaitPromise))
	}
	picture, err := chromedp.Run(j.ctx, chromedp.CaptureScreenshot())
	_ = chromedp.Do(j.ctx, chromedp.EmulateViewport(width, height))
	if err != nil {
		j.t.Log("take a picture:", err)
		return
	}
	_ = os.MkdirAll("shots", 0o755)
	if err := os.WriteFile(filepath.Join("shots", name+".png"), picture, 0o644); err != nil {
		j.t.Log("keep a picture:", err)
	}
}
