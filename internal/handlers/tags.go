package handlers

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"gatehouse/internal/model"
)

// tagsOf reads tags from a field with one key=value a line.
func tagsOf(text string) (model.Tags, error) {
	tags := model.Tags{}
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		key, value, ok := strings.Cut(line, "=")
		key, value = strings.TrimSpace(key), strings.TrimSpace(value)
		_, twice := tags[key]
		switch {
		case !ok:
			return nil, problem("tags", fmt.Sprintf("Write %q as key=value, each tag on a line of its own.", line))
		case twice:
			return nil, problem("tags", fmt.Sprintf("The tag %q is there twice; keep one.", key))
		}
		tags[key] = value
	}
	return tags, nil
}

// tagsText writes tags as such a field has them.
func tagsText(tags model.Tags) string {
	var b strings.Builder
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		fmt.Fprintf(&b, "%s=%s\n", key, tags[key])
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// problem is an error about one field of a form.
func problem(field, words string) error {
	return &model.Error{Kind: model.Invalid, Message: "Check the marked fields.", Fields: map[string]string{field: words}}
}
