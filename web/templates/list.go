package templates

import "fmt"

// summary is "1–50 of 1,234", or what the list says about itself.
func (p PagerProps) summary() string {
	switch {
	case p.Note != "":
		return p.Note
	case p.Last < p.First:
		return "None of " + Number(max(p.Total, 0))
	case p.Total < 0:
		return fmt.Sprintf("%s–%s", Number(p.First), Number(p.Last))
	}
	return fmt.Sprintf("%s–%s of %s", Number(p.First), Number(p.Last), Number(p.Total))
}

func (p TableProps) class() string {
	class := "table"
	if p.Cards {
		class += " gh-cards-s"
	}
	if p.Cards && p.Select != "" {
		class += " gh-cards-c"
	}
	if p.Tall {
		class += " gh-tall"
	}
	return class
}

func orElse(text, standard string) string {
	if text == "" {
		return standard
	}
	return text
}

func meterClass(t Tone) string {
	switch t {
	case ToneOK:
		return "gh-meter gh-m-ok"
	case ToneWarn:
		return "gh-meter gh-m-warn"
	case ToneBad:
		return "gh-meter gh-m-bad"
	}
	return "gh-meter gh-m-accent"
}

// meterWidth is the part of the width that is filled; something is never nothing.
func meterWidth(part, whole, width int) int {
	if whole <= 0 || part <= 0 {
		return 0
	}
	return min(max(part*width/whole, 2), width)
}
