package vault

import (
	"slices"
	"strings"
)

const (
	minWalk  = 3 // characters of one walk that count as a piece of a pattern
	maxWalks = 4 // pieces a pattern consists of at most: "qwer1234" has two
	maxCycle = 4 // length of what a pattern repeats at most: "abababab" repeats two characters
)

// walks are the orders in which fingers and minds run: the digits, the alphabet, and the rows and columns of keyboards.
func walks() []string {
	forward := []string{
		"01234567890123456789", "abcdefghijklmnopqrstuvwxyz",
		"qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertyuiopasdfghjklzxcvbnm", "qwertzuiop", "yxcvbnm", "azertyuiop",
		"qsdfghjklm", "wxcvbn", "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p", "qazwsxedcrfvtgbyhnujmikolp",
		"1q2w3e4r5t6y7u8i9o0p", "q1w2e3r4t5y6u7i8o9p0", "a1b2c3d4e5f6g7h8i9", "1a2b3c4d5e6f7g8h9i",
		"!@#$%^&*()", "!\"§$%&/()=", "147258369", "963852741", "159357", "741852963",
	}
	all := slices.Clone(forward)
	for _, walk := range forward {
		back := []rune(walk)
		slices.Reverse(back)
		all = append(all, string(back))
	}
	return all
}

// isPattern reports whether text is a few characters over and over, or a few keyboard walks in a row.
func isPattern(text string) bool {
	if text == "" {
		return false
	}
	if cycle := once(text); cycle != text && len(cycle) <= maxCycle {
		return true
	}

	rest, all := []rune(text), walks()
	for range maxWalks {
		run := longestWalk(rest, all)
		if run < minWalk {
			return false
		}
		rest = rest[run:]
		if len(rest) == 0 {
			return true
		}
	}
	return false
}

// longestWalk returns how much of the beginning of text, which is not empty, lies on one walk or is one character again
// and again.
func longestWalk(text []rune, all []string) int {
	longest := 1
	for longest < len(text) && text[longest] == text[0] {
		longest++
	}
	for _, walk := range all {
		for end := longest + 1; end <= len(text) && strings.Contains(walk, string(text[:end])); end++ {
			longest = end
		}
	}
	return longest
}
