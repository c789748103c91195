package center

import "encoding/json"

// state is what an event keeps of the main thing after it: JSON of a value made of plain fields, without secrets. Field
// by field it is what a history compares.
func state(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return "" // plain fields always encode; a trail without a state is better than an act that fails for it
	}
	return string(text)
}
