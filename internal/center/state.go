package center

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
)

// state is what an event keeps of the main thing after it: JSON of a value made of plain fields, without secrets. Field
// by field it is what a history compares.
func state(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return "" // plain fields always encode; a trail without a state is better than an act that fails for it
	}
	return string(text)
}

// digest stands in a state for a text that is too long for it: SHA-256, 64 hex digits.
func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}
