package handlers

import (
	"strings"

	"gatehouse/internal/model"
)

// browserWords says which browser and system a User-Agent header claims, as far as people care: "Firefox on Linux".
func browserWords(agent string) string {
	name := firstIn(agent, [][2]string{{"Edg/", "Edge"}, {"OPR/", "Opera"}, {"Firefox/", "Firefox"}, {"HeadlessChrome/", "Chrome"},
		{"Chrome/", "Chrome"}, {"CriOS/", "Chrome"}, {"FxiOS/", "Firefox"}, {"Safari/", "Safari"}, {"curl/", "curl"},
		{"Go-http-client", "a Go program"}, {"python", "a Python program"}})
	system := firstIn(agent, [][2]string{{"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Android", "Android"}, {"CrOS", "ChromeOS"},
		{"Windows", "Windows"}, {"Mac OS X", "macOS"}, {"Linux", "Linux"}})
	switch {
	case name == "" && system == "":
		return "Unknown browser"
	case name == "":
		return "A browser on " + system
	case system == "":
		return strings.ToUpper(name[:1]) + name[1:]
	}
	return strings.ToUpper(name[:1]) + name[1:] + " on " + system
}

// firstIn returns the word of the first mark that a text contains.
func firstIn(text string, marks [][2]string) string {
	for _, m := range marks {
		if strings.Contains(text, m[0]) {
			return m[1]
		}
	}
	return ""
}

// methodWords says how a person proved who they are.
func methodWords(methods string) string {
	words := map[string]string{"password": "password alone", "password totp": "password and code",
		"password " + model.LongCodeMethod: "password and code of 8 digits",
		"password recovery-code":           "password and recovery code", "password security-key": "password and security key"}
	if w := words[methods]; w != "" {
		return w
	}
	return methods
}
