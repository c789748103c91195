// Package templates owns what people see: the layouts, the components, and the pages,
// each page with the view model it takes. It loads nothing and decides nothing.
//
// # Layouts
//
// Layout(Shell, body) is the operator console, Portal(Shell, body) what everyone sees,
// Gate(Shell, wide, body) sign-in and set-up. A Shell names the place (Title, Section,
// Crumbs), the Viewer, the Nav this person may open, Toasts, and Editor for pages with
// a policy editor. Toasts for a page already shown: MoreToasts, behind the region.
//
// # Pages
//
//	Head         title (the only H1), count, facts, actions; Facts, Details, Tabs, Segments, Steps
//	Card         a block with a title; Padded for text and fields, else a table follows
//	Note         a message that belongs to the page; Empty says why a list is empty
//	Action       a link, a form of its own (Post), or a link into the dialog (Dialog);
//	             ActionButton draws one, More several in a menu
//	Confirm      asks before something is taken away; Panel shows something: both are
//	             pages, and the fragment "dialog" of the same address
//	ErrorPage    instead of the page asked for; Conflict for a form saved meanwhile
//
// # Forms
//
// Every form works without scripts, has novalidate, and is answered with 422 and what
// was typed. ErrorSummary(Problems(fields, order…)) stands first in it.
//
//	Field        one input; Type "password" can be looked at, "code" takes one-time codes
//	Select, TextArea, Check, Radios, Hidden, Submit, SubmitDanger, Cancel
//	EditorField  a JSON document; Validate and Complete are addresses that answer
//	             {"findings":[Finding…]} to POST document, kind and {"items":["…"]} to GET prefix
//	SaveBar      the foot of a long form; data-guard on the form warns before leaving
//
// # Lists
//
//	Filter       search and chips over a list; Target is the id of the region that follows
//	Table        with Columns; rows are the children: tr, th scope="row" first, td
//	SelectRow, Bulk  rows that can be selected, and what can be done with them
//	Pager        "1–50 of 1,234", Back and Next
//
// With TableProps.Cards rows become cards on narrow screens; cells then say where they
// go: c-main and c-a the first line, c-sub the second, c-b and c-c the third, c-sel the
// checkbox, c-hide not at all. gh-num aligns numbers, gh-mono sets ids, gh-name a link
// that is the row's name, gh-why the link to an explanation, gh-2 and gh-3 quieter text;
// rows: gh-sel chosen, gh-open with gh-detail below it; gh-d1 to gh-d3 depth in a tree.
//
// # Values
//
// Status, Pill and Tag for states, with a Tone; Text, Mono, Copyable, ARN, Secret for
// values; Time (relative) and Moment (written out); Icon, Avatar; Ago, Number, Plural,
// Initials as strings.
//
// # Explanations
//
// Graph (how access arrives), Path (the same in a row), Chain (layers of a decision) in
// a Verdict, Miss (the nearest statement), Code with marked Lines, Diff of TextDiff,
// Events, Changes and Feed for what happened, Figures, Ring, Bars, Legend and Meter for
// numbers. Drawings say in words what they show.
//
// # Arranging
//
// gh-stack puts blocks below each other 16 px apart, gh-stack-s 8 px, gh-row side by
// side, gh-g2 in two columns, gh-main-side with a column of 340 px (with gh-side-wide
// 376 px); gh-push moves to the end, gh-grow takes the rest, gh-mt adds space above.
//
// Class names are whole literals, and icons literals where an icon belongs, because the
// build looks for them in the sources. There is no inline script, style or event
// attribute: the content policy refuses them.
package templates
