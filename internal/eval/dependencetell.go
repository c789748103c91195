package eval

import (
	"slices"
	"strings"
	"unicode"
)

// maxStates bounds the product of patterns, maxMoves how often one of the patterns moves, in
// all products of a search.
const (
	maxStates = 3_000
	maxMoves  = 400_000
)

// walk is a text on its way through all patterns at once.
type walk struct {
	text   string
	places [][]int
}

// tellApart returns texts for every way in which patterns can fit and not fit one text,
// the shortest of each. It walks through the product of the patterns as automata. It is
// not complete when there are too many states, or not enough moves left.
func tellApart(globs []glob, moves *int) (found []string, complete bool) {
	for _, g := range globs {
		*moves += len(g.tokens)
		found = append(found, g.instance())
	}
	if *moves > maxMoves {
		return found, false
	}
	globs = append(slices.Clone(globs), glob{tokens: []token{{kind: anyOne}, {kind: anyOne, star: true}}})
	other := unnamed(globs)
	begin := walk{}
	for i := range globs {
		begin.places = append(begin.places, globs[i].reach(nil, 0))
	}
	visited := map[string]bool{key(begin.places): true}
	fits := map[string]bool{}
	for queue := []walk{begin}; len(queue) > 0; queue = queue[1:] {
		w := queue[0]
		if f := fit(globs, w.places); !fits[f] {
			fits[f] = true
			found = append(found, w.text)
		}
		for _, r := range characters(globs, w.places, other) {
			if *moves += len(globs); *moves > maxMoves {
				return found, false
			}
			next := walk{text: w.text + string(r)}
			for i := range globs {
				next.places = append(next.places, globs[i].step(w.places[i], r))
			}
			if k := key(next.places); !visited[k] {
				if visited[k] = true; len(visited) > maxStates {
					return found, false
				}
				queue = append(queue, next)
			}
		}
	}
	return found, true
}

func fit(globs []glob, places [][]int) string {
	b := make([]byte, len(globs))
	for i := range globs {
		b[i] = '0' + byte(truthOf(slices.Contains(places[i], len(globs[i].tokens))))
	}
	return string(b)
}

func key(places [][]int) string {
	var b strings.Builder
	for _, list := range places {
		for _, p := range list {
			b.WriteRune(rune(p + 1))
		}
		b.WriteByte(0)
	}
	return b.String()
}

// characters returns those that lead from the places to different ones: those that a
// pattern names there, and one that stands for all others.
func characters(globs []glob, places [][]int, other rune) []rune {
	list := []rune{other}
	add := func(r rune) {
		if !slices.Contains(list, r) {
			list = append(list, r)
		}
	}
	for i := range globs {
		for _, p := range places[i] {
			if p == len(globs[i].tokens) {
				continue
			}
			switch t := globs[i].tokens[p]; t.kind {
			case literal:
				add(t.char)
				for r := unicode.SimpleFold(t.char); globs[i].fold && r != t.char; r = unicode.SimpleFold(r) {
					add(r)
				}
			case fieldOne:
				add(':')
			default:
			}
		}
	}
	return list
}

// unnamed returns a character that no pattern names, whatever its case.
func unnamed(globs []glob) rune {
	for r := 'x'; ; r++ {
		if !slices.ContainsFunc(globs, func(g glob) bool {
			return slices.ContainsFunc(g.tokens, func(t token) bool { return strings.EqualFold(string(t.char), string(r)) })
		}) {
			return r
		}
	}
}
