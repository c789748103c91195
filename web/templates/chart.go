package templates

import (
	"fmt"
	"math"
	"strconv"
)

// RingProps is a part of a whole as a ring with the percentage in it.
type RingProps struct {
	Part, Whole int
	Label       string // the fact in words, for the ear: "44 of 48 people have a second factor"
}

const ringRadius = 34

func (p RingProps) share() float64 {
	if p.Whole <= 0 {
		return 0
	}
	return min(max(float64(p.Part)/float64(p.Whole), 0), 1)
}

// percent never rounds to all while something is missing, nor to nothing.
func (p RingProps) percent() string {
	switch {
	case p.Whole <= 0:
		return "–"
	case p.Part <= 0:
		return "0%"
	case p.Part >= p.Whole:
		return "100%"
	}
	return fmt.Sprintf("%d%%", int(min(max(math.Round(p.share()*100), 1), 99)))
}

func (p RingProps) dash() string {
	around := 2 * math.Pi * ringRadius
	return fmt.Sprintf("%.1f %.1f", p.share()*around, around)
}

// BarsProps is a chart of days with what went well below and what failed on top.
type BarsProps struct {
	Label string // the facts in words, for the ear
	Bars  []Bar
	Every int // every how many bars a name stands below, counted from the last; 3 when zero
}

// Bar is one day.
type Bar struct {
	Name    string
	OK, Bad int
	Note    string // beside the bar: what is odd about it
}

// The chart's measures, in units of its viewBox.
const (
	chartWidth  = 520
	chartHeight = 150
	chartLeft   = 26
	chartBase   = 122
	chartTop    = 12
	letter      = 5.4 // about the width of a letter of a note
)

// plotBar is one bar with its place.
type plotBar struct {
	x, width, mid        string
	okY, okHeight        string
	badY, badHeight      string
	hasOK, hasBad, named bool
	name, note           string
	noteX, noteY         string
	noteAnchor           string
}

// tick is a line of the grid.
type tick struct{ y, textY, text string }

// ceiling is the top of the scale: a round number, and even, so that its half is whole.
func (p BarsProps) ceiling() int {
	most := 2
	for _, b := range p.Bars {
		most = max(most, b.OK+b.Bad)
	}
	for power := 1; ; power *= 10 {
		for _, step := range []int{2, 4, 5, 6, 8, 10} {
			if top := step * power; top >= most && top%2 == 0 {
				return top
			}
		}
	}
}

func (p BarsProps) ticks() []tick {
	var out []tick
	for i := range 3 {
		value := p.ceiling() * i / 2
		y := p.y(value)
		out = append(out, tick{y: number(y), textY: number(y + 4), text: Number(value)})
	}
	return out
}

func (p BarsProps) y(value int) float64 {
	return chartBase - float64(value)/float64(p.ceiling())*(chartBase-chartTop)
}

func (p BarsProps) plot() []plotBar {
	every := p.Every
	if every <= 0 {
		every = 3
	}
	step := float64(chartWidth-chartLeft) / float64(max(len(p.Bars), 1))
	width := min(step*0.74, 40)
	var out []plotBar
	for i, b := range p.Bars {
		x := chartLeft + step*float64(i) + (step-width)/2
		okTop, top := p.y(b.OK), p.y(b.OK+b.Bad)
		gap := 0.0
		if b.OK > 0 && b.Bad > 0 {
			gap = 1.5
		}
		bar := plotBar{
			x: number(x), width: number(width), mid: number(x + width/2),
			okY: number(okTop), okHeight: number(chartBase - okTop),
			badY: number(top - gap), badHeight: number(max(okTop-top, 1)),
			hasOK: b.OK > 0, hasBad: b.Bad > 0,
			name: b.Name, named: (len(p.Bars)-1-i)%every == 0, note: b.Note,
			noteX: number(x + width), noteAnchor: "end",
		}
		if i < len(p.Bars)/2 {
			bar.noteX, bar.noteAnchor = number(x), "start"
		}
		bar.noteY = number(p.noteY(i, step))
		out = append(out, bar)
	}
	return out
}

// noteY is just above every bar that the note of bar i reaches over.
func (p BarsProps) noteY(i int, step float64) float64 {
	reach := int(float64(runes(p.Bars[i].Note))*letter/step) + 1
	from, to := max(i-reach, 0), i
	if i < len(p.Bars)/2 {
		from, to = i, min(i+reach, len(p.Bars)-1)
	}
	top := float64(chartBase)
	for _, b := range p.Bars[from : to+1] {
		top = min(top, p.y(b.OK+b.Bad))
	}
	return max(top-6, 10)
}

// number writes a coordinate with at most one decimal.
func number(f float64) string { return strconv.FormatFloat(math.Round(f*10)/10, 'f', -1, 64) }
