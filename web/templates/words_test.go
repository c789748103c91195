package templates_test

import (
	"strings"
	"testing"
	"time"

	"gatehouse/web/templates"

	"github.com/google/go-cmp/cmp"
)

func TestAgoSaysWhenInTheWordsOfTheProduct(t *testing.T) {
	tests := []struct {
		from time.Duration
		want string
	}{
		{
			-time.Second,
			"now",
		}, {-4 * time.Minute, "4 min ago"}, {-3 * time.Hour, "3 h ago"}, {-14 * time.Hour, "14 h ago"},
		{-16 * time.Hour, "yesterday"}, {-26 * time.Hour, "yesterday"}, {-48 * time.Hour, "2 days ago"},
		{-28 * 24 * time.Hour, "28 days ago"}, {-29 * 24 * time.Hour, "22 Oct 2026"},
		{
			30 * time.Second,
			"now",
		}, {5 * time.Minute, "in 5 min"}, {9 * time.Hour, "in 9 h"}, {27 * time.Hour, "tomorrow"},
		{96 * time.Hour, "in 4 days"}, {40 * 24 * time.Hour, "30 Dec 2026"},
	}
	for _, tt := range tests {
		if got := templates.Ago(now.Add(tt.from), now); got != tt.want {
			t.Errorf("%v from now: %q, want %q", tt.from, got, tt.want)
		}
	}
	if got := templates.Ago(time.Time{}, now); got != "never" {
		t.Errorf("no time: %q", got)
	}
}

func TestCountsAreGroupedAndFollowTheirNoun(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 18204: "18,204", 1234567: "1,234,567", -1000: "-1,000", -100: "-100"} {
		if got := templates.Number(n); got != want {
			t.Errorf("Number(%d) = %q, want %q", n, got, want)
		}
	}
	if a, b := templates.Plural(1, "group", "groups"), templates.Plural(2000, "group", "groups"); a != "1 group" ||
		b != "2,000 groups" {
		t.Errorf("got %q and %q", a, b)
	}
}

func TestInitialsOfNames(t *testing.T) {
	for name, want := range map[string]string{
		"Ana Beltrán": "AB", "Élodie de la Tour": "ÉT", "elena.novak": "EN", "Cher": "C", "": "?", "  ": "?", "李 小龙": "李小",
	} {
		if got := templates.Initials(name); got != want {
			t.Errorf("Initials(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestProblemsComeInTheOrderOfTheFields(t *testing.T) {
	got := templates.Problems(map[string]string{"b": "B", "a": "A", "": "all", "z": "Z", "c": ""}, "z", "b", "c")
	want := []templates.Problem{
		{Field: "", Text: "all"},
		{Field: "z", Text: "Z"},
		{Field: "b", Text: "B"},
		{Field: "a", Text: "A"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestADiffRebuildsBothTexts(t *testing.T) {
	texts := []string{"", "a", "a\nb", "b\na", "a\nb\nc\nd", "a\nx\nc\ny\nd", "x\ny", "a\na\na", "a\r\nb"}
	for _, before := range texts {
		for _, after := range texts {
			var old, new []string
			for _, l := range templates.TextDiff(before, after) {
				if l.Mark != templates.MarkAdded {
					old = append(old, l.Text)
				}
				if l.Mark != templates.MarkRemoved {
					new = append(new, l.Text)
				}
			}
			clean := func(s string) string { return strings.ReplaceAll(s, "\r\n", "\n") }
			if clean(before) == clean(after) {
				if len(old)+len(new) > 0 {
					t.Errorf("%q and itself differ", before)
				}
				continue
			}
			if strings.Join(old, "\n") != clean(before) || strings.Join(new, "\n") != clean(after) {
				t.Errorf("%q to %q: rebuilt %q and %q", before, after, old, new)
			}
		}
	}
}

func TestALongUnchangedStretchIsFolded(t *testing.T) {
	before := strings.Repeat("same\n", 40) + "old"
	lines := templates.TextDiff(before, strings.Repeat("same\n", 40)+"new")
	if len(lines) != 6 || lines[0].Text != "37 unchanged lines" || lines[0].Mark != templates.MarkSkipped {
		t.Errorf("got %d lines, first %+v", len(lines), lines[0])
	}
}
