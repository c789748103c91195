package vault

import (
	"embed"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

const (
	minPasswordRunes = 8
	maxPasswordBytes = 1024

	// maxPadding is how many digits and signs around a common word leave it a common password: "Dragon2024!".
	maxPadding = 8
	// minName is the length from which on a part of a name counts: "Al" or "Co" is in too many words.
	minName = 4
)

// Weakness is why a password is refused, as a sentence for the person who chose it. The empty Weakness is no objection.
type Weakness string

// The objections there are. No mixture of letters, digits and signs is asked for: such rules produce guessable
// passwords (NIST SP 800-63B-4 §3.1.1.2).
const (
	TooShort  Weakness = "Use at least 8 characters."
	TooLong   Weakness = "Use at most 1,024 bytes, which is 256 to 1,024 characters."
	TooCommon Weakness = "This password is among the first that attackers try. Choose another, such as four words."
	FromName  Weakness = "Choose a password that is not made from your name or the organization's."
)

// commonList is words and patterns that passwords are made of, short ones among them, which padding does not hide.
//
//go:embed common.txt
var commonList string

// leaked holds leaked.txt, the passwords that leaked most often, as "make assets" wrote it. Without it the program still
// compiles, and refuses what the list above has.
//
//go:embed all:data
var leaked embed.FS

// Weak returns the first objection to password as a new password, if there is one. The names are the person's and the
// organization's: user name, e-mail address, display name. Signing in never asks Weak.
func Weak(password Secret, names ...string) Weakness {
	text := password.Reveal()
	if utf8.RuneCountInString(text) < minPasswordRunes {
		return TooShort
	}
	if len(text) > maxPasswordBytes {
		return TooLong
	}

	words, lists := readings(strings.ToLower(text)), commonLists()
	for _, word := range words {
		if isPattern(word) || contains(lists, word) {
			return TooCommon
		}
	}
	for _, name := range names {
		for _, word := range words {
			if isFromName(word, name) {
				return FromName
			}
		}
	}
	return ""
}

// readings lists the words that a password amounts to for somebody who guesses: itself, without a little padding around
// it, with digits and signs read as the letters they stand for, and only once when it is the same word again and again.
func readings(text string) []string {
	words := []string{text, unpadded(text)}
	for _, word := range words {
		words = append(words, plainLetters(word))
	}
	words = append(words, unpadded(plainLetters(text)))
	for _, word := range words {
		words = append(words, once(word))
	}
	return words
}

// unpadded cuts digits and signs off both ends, as long as they are few or follow a pattern themselves.
func unpadded(text string) string {
	notLetter := func(r rune) bool { return !unicode.IsLetter(r) }
	word := strings.TrimFunc(text, notLetter)
	if word == "" {
		return text
	}
	head, tail, _ := strings.Cut(text, word)
	if utf8.RuneCountInString(head)+utf8.RuneCountInString(tail) > maxPadding && !isPattern(head+tail) {
		return text
	}
	return word
}

func plainLetters(text string) string {
	return strings.NewReplacer("@", "a", "4", "a", "8", "b", "3", "e", "1", "i", "!", "i", "0", "o", "$", "s", "5", "s",
		"7", "t").Replace(text)
}

func once(text string) string {
	for size := 1; size <= len(text)/2; size++ {
		if len(text)%size == 0 && strings.Repeat(text[:size], len(text)/size) == text {
			return text[:size]
		}
	}
	return text
}

// commonLists are texts of one password a line, with a line end before the first, read once.
var commonLists = sync.OnceValue(func() []string {
	often, _ := leaked.ReadFile("data/leaked.txt") // not there: the assets were not built
	return []string{"\n" + commonList, "\n" + string(often)}
})

func contains(lists []string, word string) bool {
	return slices.ContainsFunc(lists, func(list string) bool { return strings.Contains(list, "\n"+word+"\n") })
}

// isFromName reports whether word is the name, a part of it, or neighbouring parts without what stood between them.
func isFromName(word, name string) bool {
	word = letters(word)
	parts := strings.FieldsFunc(strings.ToLower(name), notWord)
	for first := range parts {
		candidate := ""
		for _, part := range parts[first:] {
			candidate += part
			if candidate == word && utf8.RuneCountInString(word) >= minName {
				return true
			}
		}
	}
	return false
}

func letters(text string) string {
	return strings.Join(strings.FieldsFunc(text, notWord), "")
}

func notWord(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }
