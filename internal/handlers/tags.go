package handlers

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"gatehouse/internal/model"
)

// tagsOf reads tags from a field with one key=value a line, and notes in p what is wrong with them.
func tagsOf(p model.Problems, text string) model.Tags {
	tags := model.Tags{}
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		key, value, ok := strings.Cut(line, "=")
		key, value = strings.TrimSpace(key), strings.TrimSpace(value)
		if !ok {
			p.Add("tags", fmt.Sprintf("Write %q as key=value, each tag on a line of its own.", line))
		}
		if _, twice := tags[key]; twice {
			p.Add("tags", fmt.Sprintf("The tag %q is there twice; keep one.", key))
		}
		tags[key] = value
	}
	return tags
}

// tagsText writes tags as such a field has them.
func tagsText(tags model.Tags) string {
	var b strings.Builder
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		fmt.Fprintf(&b, "%s=%s\n", key, tags[key])
	}
	return strings.TrimSuffix(b.String(), "\n")
}
