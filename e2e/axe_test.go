package e2e

import (
	"fmt"
	"os"
	"strings"
	"sync"
)

// axeScript is axe-core, read once.
var axeScript = sync.OnceValues(func() (string, error) {
	script, err := os.ReadFile("../web/node_modules/axe-core/axe.min.js")
	if err != nil {
		return "", fmt.Errorf("axe-core is not installed, run make assets: %w", err)
	}
	return string(script) + "; true", nil
})

// What axe-core tries: all of it, all but the contrast of colours, which takes as long as the rest together, what depends on
// colours alone, or what depends on the room there is and on what shows on
// a phone alone.
const (
	allRules = `runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], ` +
		`rules: {region: {enabled: false}}`
	structureRules = `runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], ` +
		`rules: {region: {enabled: false}, 'color-contrast': {enabled: false}}`
	roomRules = `runOnly: {type: 'rule', values: ['target-size', 'scrollable-region-focusable', 'link-name', ` +
		`'button-name', 'label', 'aria-hidden-focus', 'aria-valid-attr-value', 'summary-name', 'heading-order']}`
	colourRules = `runOnly: {type: 'rule', values: ['color-contrast', 'link-in-text-block']}`
)

// Axe fails the test for everything axe-core finds on the page against WCAG 2.2 A and
// AA, and for icons that the sprite does not have.
func (j *journey) Axe() { j.sound(allRules) }

func (j *journey) sound(rules string) {
	j.t.Helper()
	j.axe(rules)
	j.icons()
	j.Fits()
}

// Fits fails the test for a page that does not fit its window.
func (j *journey) Fits() {
	j.t.Helper()
	if !Eval[bool](j, `(all => all.length === 0 || all.some(e => e.checkVisibility()))(
		[...document.querySelectorAll('main form :is(button, input:not([type=hidden]), select, textarea)')])`) {
		j.t.Errorf("%s: nothing of the page's forms can be seen", Eval[string](j, "location.pathname"))
	}
	// A page that is wider than the window scrolls sideways, which no page may.
	if wide := Eval[int](j, `document.documentElement.scrollWidth - innerWidth`); wide > 0 {
		j.t.Errorf("%s: the page is %d px too wide", Eval[string](j, "location.pathname"), wide)
	}
	j.overlaps()
}

// overlaps fails the test for cells of a row that stand on one another.
func (j *journey) overlaps() {
	j.t.Helper()
	for _, row := range Eval[[]string](j, `[...document.querySelectorAll('tbody tr')].filter(row => {
		const cells = [...row.children].filter(c => c.checkVisibility()).map(c => c.getBoundingClientRect())
		return cells.some((a, i) => cells.slice(i + 1).some(b => a.left < b.right - 1 && b.left < a.right - 1 &&
			a.top < b.bottom - 1 && b.top < a.bottom - 1))
	}).slice(0, 1).map(row => row.innerText)`) {
		j.t.Errorf("%s at %s: cells of a row stand on one another: %q", Eval[string](j, "location.pathname"), j.view.name(), row)
	}
}

func (j *journey) axe(rules string) {
	j.t.Helper()
	if !Eval[bool](j, `'axe' in window`) {
		script, err := axeScript()
		if err != nil {
			j.t.Fatal(err)
		}
		// The debugger's expressions are not bound by the page's content policy.
		Eval[bool](j, script)
	}
	for _, finding := range Eval[[]string](j, `axe.run(document, {resultTypes: ['violations'], preload: false, `+rules+`})
		.then(r => r.violations.flatMap(v => v.nodes.map(n =>
			v.id + ': ' + n.target.join(' ') + ' ' + n.failureSummary.replace(/\s+/g, ' '))))`) {
		j.t.Errorf("%s at %s: axe: %s", Eval[string](j, "location.pathname"), j.view.name(), finding)
	}
}

// icons fails the test for icons that the sprite does not have.
func (j *journey) icons() {
	j.t.Helper()
	for _, name := range Eval[[]string](j, `(async () => {
		const uses = [...document.querySelectorAll('use')].map(u => u.getAttribute('href').split('#'))
		if (uses.length === 0) return []
		const sprite = await (await fetch(uses[0][0])).text()
		return [...new Set(uses.map(u => u[1]).filter(name => !sprite.includes('id="' + name + '"')))]
	})()`) {
		j.t.Errorf("the sprite has no icon %q", strings.TrimSpace(name))
	}
}
