package e2e

import (
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

func TestADialogOpensOverThePageAndGivesTheFocusBack(t *testing.T) {
	t.Parallel()
	j := newJourney(t, startGallery(t), view{})
	j.Open("/object")
	j.Click("Delete")
	j.wait("the dialog", `document.querySelector('#dialog').open`)
	j.See("6 roles in 3 accounts end at once")
	j.Shot("dialog")
	j.Axe()
	j.press(kb.Escape)
	j.wait("the dialog closed", `!document.querySelector('#dialog').open`)
	j.wait("the focus back", `document.activeElement.textContent.includes('Delete')`)
	j.Goal(1, 1)
}

func TestWithoutScriptsADialogIsAPage(t *testing.T) {
	t.Parallel()
	j := newJourney(t, startGallery(t), view{noScript: true})
	j.Open("/object")
	j.Click("Delete")
	j.At("/confirm")
	j.See("Delete Ana Beltrán?")
	j.Goal(1, 2)
}

func TestWithoutScriptsNothingDeadIsShown(t *testing.T) {
	t.Parallel()
	j := newJourney(t, startGallery(t), view{noScript: true, phone: true})
	for path := range galleryPages() {
		j.Open(path)
		if n := Eval[int](j, `[...document.querySelectorAll('button[type=button]')]
			.filter(b => b.checkVisibility()).length`); n > 0 {
			t.Errorf("%s: %d buttons do nothing without scripts", path, n)
		}
	}
	j.Open("/lists")
	j.Click("Menu")
	j.See("My security")
	j.Shot("menu")
	j.Click("Simulate")
	j.At("/explain")
}

func TestTheNextPageOfAListComesWithoutANewDocument(t *testing.T) {
	t.Parallel()
	j := newJourney(t, startGallery(t), view{})
	j.Open("/lists")
	j.Click("Next")
	j.wait("the address", `location.search === '?after=8'`)
	j.Goal(1, 1)
}

func TestSelectingRowsShowsWhatCanBeDone(t *testing.T) {
	t.Parallel()
	j := newJourney(t, startGallery(t), view{})
	j.Open("/lists")
	if Eval[bool](j, `document.querySelector('[data-bulk]').checkVisibility()`) {
		t.Error("the bar is there before anything is selected")
	}
	j.Click("[data-select-all]")
	j.See("8 selected on this page")
	j.Click(".c-sel input")
	j.See("7 selected on this page")
	j.Shot("selection")
	j.Axe()
}

func TestShortcutsReachTheFilterAndTheirOwnList(t *testing.T) {
	t.Parallel()
	j := newJourney(t, startGallery(t), view{})
	j.Open("/lists")
	j.press("/")
	j.wait("the filter", `document.activeElement.id === 'q'`)
	j.press("?")
	if Eval[bool](j, `document.querySelector('#shortcuts').open`) {
		t.Error("a shortcut fired while typing")
	}
	Eval[bool](j, `document.activeElement.blur(), true`)
	j.press("?")
	j.wait("the list", `document.querySelector('#shortcuts').open`)
	j.Shot("shortcuts")
	j.Axe()
}

func TestTheThemeIsRemembered(t *testing.T) {
	t.Parallel()
	j := newJourney(t, startGallery(t), view{})
	j.Open("/overview")
	j.Click("[data-theme-toggle]")
	j.Click("[data-theme-toggle]")
	j.wait("dark", `document.documentElement.dataset.bsTheme === 'dark'`)
	j.Open("/lists")
	j.wait("dark", `document.documentElement.dataset.bsTheme === 'dark'`)
}

func TestCopyingIsConfirmed(t *testing.T) {
	t.Parallel()
	j := newJourney(t, startGallery(t), view{})
	j.Open("/object")
	j.Click(`[aria-label="Copy user id"]`)
	j.wait("the confirmation", `document.querySelector('#announce').textContent === 'Copied user id'`)
}

func TestAWholeCodeSendsItself(t *testing.T) {
	t.Parallel()
	j := newJourney(t, startGallery(t), view{})
	j.Open("/enrol")
	j.Type("code", "730 196")
	j.At("/signin")
	j.Goal(0, 2)
}

func TestAPasswordCanBeLookedAt(t *testing.T) {
	t.Parallel()
	j := newJourney(t, startGallery(t), view{})
	j.Open("/signin")
	j.Type("password", "correct horse")
	j.Click("Show")
	j.wait("the password", `document.querySelector('#password').type === 'text'`)
}

func TestLeavingAChangedFormIsAskedAbout(t *testing.T) {
	t.Parallel()
	j := newJourney(t, startGallery(t), view{})
	j.Open("/forms")
	const leave = `!dispatchEvent(new Event('beforeunload', {cancelable: true}))`
	if Eval[bool](j, leave) {
		t.Error("asked before anything was typed")
	}
	j.Type("relay", "https://example.com")
	if !Eval[bool](j, leave) {
		t.Error("not asked although something was typed")
	}
}

func TestTheEditorShowsFindingsWhileTyping(t *testing.T) {
	t.Parallel()
	j := newJourney(t, startGallery(t), view{})
	j.Open("/forms")
	const editor = `document.querySelector('.gh-editor-host').shadowRoot`
	j.wait("the editor", editor+`?.querySelector('.cm-lint-marker-error') !== null`)
	j.See("support:AddComment does not exist.")
	Eval[bool](j, `document.querySelector(".gh-editor-host").scrollIntoView({block: "center"}), true`)
	j.Shot("editor")
	j.Axe()
	Eval[bool](j, `document.querySelector('.gh-editor-host').view.dispatch({changes: {from: 0, insert: 'x'}}), true`)
	j.See("This is not JSON.")
	Eval[bool](
		j,
		`(view => view.dispatch({
			changes: {from: 0, to: view.state.doc.length, insert: '{"Action": "s3:"}'}, selection: {anchor: 15},
		}))(document.querySelector('.gh-editor-host').view), true`,
	)
	j.wait("no finding", `document.querySelector('#policy-findings').childElementCount === 0`)
	j.wait("the field follows", `document.querySelector('#policy').value === '{"Action": "s3:"}'`)
	j.Click(".gh-editor-host")
	Eval[bool](j, `document.querySelector('.gh-editor-host').view.dispatch({selection: {anchor: 15}}), true`)
	j.press("G")
	j.wait("completion", editor+`.textContent.includes('s3:GObject')`)
}

// press strikes keys on whatever has the focus.
func (j *journey) press(keys string) {
	j.t.Helper()
	j.settle()
	j.do("press "+keys, chromedp.KeyEvent(keys))
	j.mu.Lock()
	j.acted = time.Now()
	j.mu.Unlock()
}

func TestAListFollowsItsFilterWhileTyping(t *testing.T) {
	t.Parallel()
	j := newJourney(t, startGallery(t), view{})
	j.Open("/lists")
	j.Type("q", "ana")
	j.wait("the address", `location.search === '?q=ana'`)
	j.wait("the field", `document.activeElement.id === 'q' && document.activeElement.value === 'ana'`)
	j.Goal(0, 1)
}

func TestARefusedRegionShowsItsPage(t *testing.T) {
	t.Parallel()
	j := newJourney(t, startGallery(t), view{})
	j.Open("/object")
	Eval[bool](j, `document.querySelector('.gh-acts a[hx-get]').setAttribute('hx-get', '/none'), true`)
	j.Click("Delete")
	j.At("/none")
}
