package templates

import "strings"

// context is how many unchanged lines stand around a change.
const context = 3

// TextDiff compares two texts line by line: what was removed, what was added, and a
// few unchanged lines around; a skipped stretch is one line that says how long it is.
// No lines mean no difference.
func TextDiff(before, after string) []CodeLine {
	all := diffLines(splitLines(before), splitLines(after))
	keep := make([]bool, len(all))
	changed := false
	for i, l := range all {
		if l.Mark == MarkNone {
			continue
		}
		changed = true
		for j := max(0, i-context); j <= min(len(all)-1, i+context); j++ {
			keep[j] = true
		}
	}
	if !changed {
		return nil
	}
	return fold(all, keep)
}

// fold leaves out the lines not kept and says how many.
func fold(all []CodeLine, keep []bool) []CodeLine {
	var out []CodeLine
	for i := 0; i < len(all); i++ {
		if keep[i] {
			out = append(out, all[i])
			continue
		}
		from := i
		for i+1 < len(all) && !keep[i+1] {
			i++
		}
		out = append(out, CodeLine{Mark: MarkSkipped, Text: Plural(i-from+1, "unchanged line", "unchanged lines")})
	}
	return out
}

func splitLines(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(strings.TrimSuffix(strings.ReplaceAll(text, "\r\n", "\n"), "\n"), "\n")
}

// diffLines finds the longest common subsequence. Policies have at most a few hundred
// lines, so a table of all pairs is small; common ends are cut off first.
func diffLines(a, b []string) []CodeLine {
	head := 0
	for head < min(len(a), len(b)) && a[head] == b[head] {
		head++
	}
	tail := 0
	for tail < min(len(a), len(b))-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	var out []CodeLine
	for i := range head {
		out = append(out, CodeLine{Old: i + 1, No: i + 1, Text: a[i]})
	}
	out = append(out, diffMiddle(a[head:len(a)-tail], b[head:len(b)-tail], head)...)
	for i := range tail {
		old, no := len(a)-tail+i, len(b)-tail+i
		out = append(out, CodeLine{Old: old + 1, No: no + 1, Text: a[old]})
	}
	return out
}

func diffMiddle(a, b []string, offset int) []CodeLine {
	length := commonLengths(a, b)
	var out []CodeLine
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			out = append(out, CodeLine{Old: offset + i + 1, No: offset + j + 1, Text: a[i]})
			i, j = i+1, j+1
		case j == len(b) || i < len(a) && length[i+1][j] >= length[i][j+1]:
			out = append(out, CodeLine{Old: offset + i + 1, Text: a[i], Mark: MarkRemoved})
			i++
		default:
			out = append(out, CodeLine{No: offset + j + 1, Text: b[j], Mark: MarkAdded})
			j++
		}
	}
	return out
}

// commonLengths[i][j] is the length of the longest common subsequence of a[i:] and b[j:].
func commonLengths(a, b []string) [][]int {
	length := make([][]int, len(a)+1)
	for i := range length {
		length[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				length[i][j] = length[i+1][j+1] + 1
			} else {
				length[i][j] = max(length[i+1][j], length[i][j+1])
			}
		}
	}
	return length
}
