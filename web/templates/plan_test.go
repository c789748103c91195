package templates

import (
	"fmt"
	"testing"
)

func TestAGraphOfAnySizeStaysInsideAndNothingOverlaps(t *testing.T) {
	for _, size := range []int{1, 2, 3, 7, 40} {
		p := GraphProps{Columns: []string{"Person", "Group", "Set", "Account"}}
		for c := range 4 {
			for i := range size {
				p.Nodes = append(
					p.Nodes,
					GraphNode{
						ID:     fmt.Sprint(c, "-", i),
						Column: c,
						Title:  "SecureCart-Permission-Set-Of-Everyone",
						Sub:    "222233334444",
					},
				)
				if c > 0 {
					p.Edges = append(
						p.Edges,
						GraphEdge{From: fmt.Sprint(c-1, "-", (i*7)%size), To: fmt.Sprint(c, "-", i)},
					)
				}
			}
		}
		plan := p.plan()
		if len(plan.boxes) != 4*size || len(plan.lines) != 3*size {
			t.Fatalf("size %d: %d boxes, %d lines", size, len(plan.boxes), len(plan.lines))
		}
		for i, a := range plan.boxes {
			if a.x < 0 || a.x+a.width > graphWidth || a.y < 0 || a.y+graphNode > plan.height {
				t.Errorf("size %d: %s is outside at %v, %v", size, a.ID, a.x, a.y)
			}
			for _, b := range plan.boxes[i+1:] {
				if a.Column == b.Column && a.y < b.y+graphNode && b.y < a.y+graphNode {
					t.Errorf("size %d: %s is over %s", size, a.ID, b.ID)
				}
			}
		}
	}
}

func TestAColumnFollowsWhatLeadsToIt(t *testing.T) {
	p := GraphProps{
		Nodes: []GraphNode{
			{ID: "u"},
			{ID: "g1", Column: 1},
			{ID: "g2", Column: 1},
			{ID: "s2", Column: 2},
			{ID: "s1", Column: 2},
		},
		Edges: []GraphEdge{
			{From: "u", To: "g1"},
			{From: "u", To: "g2"},
			{From: "g1", To: "s1"},
			{From: "g2", To: "s2"},
		},
	}
	columns := p.ordered()
	if columns[2][0].ID != "s1" || columns[2][1].ID != "s2" {
		t.Errorf("the third column is %v, its edges cross", columns[2])
	}
}

func TestThePercentageNeverHidesARest(t *testing.T) {
	for want, p := range map[string]RingProps{
		"–": {}, "0%": {Whole: 9}, "1%": {Part: 1, Whole: 1000}, "99%": {Part: 999, Whole: 1000}, "100%": {Part: 9, Whole: 9}, "92%": {Part: 44, Whole: 48},
	} {
		if got := p.percent(); got != want {
			t.Errorf("%d of %d: %s, want %s", p.Part, p.Whole, got, want)
		}
	}
}

func TestTheScaleIsRoundAndHighEnough(t *testing.T) {
	for most, want := range map[int]int{0: 2, 1: 2, 3: 4, 7: 8, 43: 50, 61: 80, 100: 100, 101: 200, 1200: 2000, 4999: 5000} {
		p := BarsProps{Bars: []Bar{{OK: most}}}
		if got := p.ceiling(); got != want {
			t.Errorf("most %d: scale up to %d, want %d", most, got, want)
		}
	}
}

func TestTokensLoseNothing(t *testing.T) {
	for _, line := range []string{`  "Action": ["s3:*", "a\"b"], 12.5, true`, `"open`, ``, `{}`, `"é": "ü"`, "not json at all", `"a\`} {
		joined := ""
		for _, tok := range tokens(line) {
			joined += tok.text
		}
		if joined != line {
			t.Errorf("%q came out as %q", line, joined)
		}
	}
	if got := tokens(`"k": "v"`); got[0].class != "k" || got[2].class != "s" {
		t.Errorf("key and value are %v", got)
	}
}

func TestThePolicySizeLeavesOutWhiteSpace(t *testing.T) {
	if got := policySize("{ \"a\":\n\t1 }"); got != 7 {
		t.Errorf("got %d, want 7", got)
	}
}
