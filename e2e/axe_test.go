package e2e

import (
	"os"
	"strings"
)

// Axe fails the test for everything axe-core finds on the page against WCAG 2.2 A and
// AA, and for icons that the sprite does not have.
func (j *journey) Axe() {
	j.t.Helper()
	script, err := os.ReadFile("../web/node_modules/axe-core/axe.min.js")
	if err != nil {
		j.t.Fatalf("axe-core is not installed, run make assets: %v", err)
	}
	// The debugger's expressions are not bound by the page's content policy.
	Eval[bool](j, string(script)+"; true")
	for _, finding := range Eval[[]string](j, `axe.run(document, {
		runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
		rules: {region: {enabled: false}}})
		.then(r => r.violations.flatMap(v => v.nodes.map(n =>
			v.id + ': ' + n.target.join(' ') + ' ' + n.failureSummary.replace(/\s+/g, ' '))))`) {
		j.t.Errorf("%s: axe: %s", Eval[string](j, "location.pathname"), finding)
	}
	for _, name := range Eval[[]string](j, `(async () => {
		const uses = [...document.querySelectorAll('use')].map(u => u.getAttribute('href').split('#'))
		if (uses.length === 0) return []
		const sprite = await (await fetch(uses[0][0])).text()
		return [...new Set(uses.map(u => u[1]).filter(name => !sprite.includes('id="' + name + '"')))]
	})()`) {
		j.t.Errorf("the sprite has no icon %q", strings.TrimSpace(name))
	}
	// A page that is wider than the window scrolls sideways, which no page may.
	if wide := Eval[int](j, `document.documentElement.scrollWidth - innerWidth`); wide > 0 {
		j.t.Errorf("%s: the page is %d px too wide", Eval[string](j, "location.pathname"), wide)
	}
}
