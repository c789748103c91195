package center_test

import (
	"encoding/csv"
	"fmt"
	"strings"
	"testing"
	"time"

	"gatehouse/internal/audit"
	"gatehouse/internal/center"
	"gatehouse/internal/model"
)

// chosen are the summaries of the events that a filter chooses, newest first.
func (f *firm) chosen(t *testing.T, filter center.TrailFilter) []string {
	t.Helper()
	past, err := f.c.Trail(t.Context(), f.auditor, filter)
	if err != nil {
		t.Fatal(err)
	}
	if past.Next == 0 && filter.Before == 0 && past.Total != len(past.Entries) {
		t.Errorf("%+v: %d entries, and %d are counted", filter, len(past.Entries), past.Total)
	}
	var summaries []string
	for _, e := range past.Entries {
		summaries = append(summaries, e.Summary)
	}
	return summaries
}

func TestTheTrailIsFilteredByPersonObjectActionOutcomeAndTime(t *testing.T) {
	t.Parallel()
	f := openFirm(t)
	ctx := t.Context()
	start := f.now
	f.now = start.Add(24 * time.Hour)
	f.administrator.FactorAt = f.now
	ops, err := f.c.CreateGroup(ctx, f.administrator, model.Group{Name: "Ops 100%"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.c.CreateGroup(ctx, f.helpDesk, model.Group{Name: "Mine"}); err == nil {
		t.Fatal("the help desk created a group")
	}
	f.now = start.Add(48 * time.Hour)
	if err := f.c.DeleteGroup(ctx, f.administrator, ops.ID, "CHG-99: not needed"); err != nil {
		t.Fatal(err)
	}
	_, err = f.c.SignIn(ctx, visit, center.Credentials{UserName: "dora", Password: "wrong wrong wrong"})
	if err == nil {
		t.Fatal("a wrong password signed in")
	}

	const created, deleted, refused = "Created the group Ops 100%", "Deleted the group Ops 100%", "Refused " + model.ActCreateGroup
	const failed = "Sign-in as dora failed: there is no password yet"
	for _, test := range []struct {
		name   string
		filter center.TrailFilter
		want   []string
	}{
		{"by a user name, whatever its case", center.TrailFilter{By: " ELENA "}, []string{deleted, created}},
		{"by somebody who did nothing", center.TrailFilter{By: "dora"}, nil},
		{"by the id of an object", center.TrailFilter{Object: model.Ref{ID: string(ops.ID), Name: string(ops.ID)}}, []string{deleted, created}},
		{"by the name of an object", center.TrailFilter{Object: model.Ref{Name: "ops 100%"}}, []string{deleted, created}},
		{"by part of a name", center.TrailFilter{Object: model.Ref{Name: "ops"}}, nil},
		{"by action", center.TrailFilter{Actions: []string{model.ActDeleteGroup}}, []string{deleted}},
		{"by outcome", center.TrailFilter{Outcome: model.Refused}, []string{refused}},
		{"by failed sign-ins", center.TrailFilter{Outcome: model.Failed}, []string{failed}},
		{"by time, the end excluded", center.TrailFilter{From: start.Add(24 * time.Hour), To: start.Add(48 * time.Hour)}, []string{refused, created}},
		{"by words of the reason", center.TrailFilter{Text: "chg-99"}, []string{deleted}},
		{"by words that a pattern would take for signs", center.TrailFilter{Text: "100%", Outcome: model.Done}, []string{deleted, created}},
		{"by several at once", center.TrailFilter{By: "elena", Actions: []string{model.ActCreateGroup}}, []string{created}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := f.chosen(t, test.filter); fmt.Sprint(got) != fmt.Sprint(test.want) {
				t.Errorf("the trail has %q, want %q", got, test.want)
			}
		})
	}
	if got := f.chosen(t, center.TrailFilter{Object: model.Ref{Name: "dora"}}); len(got) < 3 || got[0] != failed {
		t.Errorf("about dora, by user name: %q, want the sign-in first, then how dora came here", got)
	}
	if got := f.chosen(t, center.TrailFilter{Text: "beltrán"}); len(got) == 0 {
		t.Error("letters beyond ASCII are not found")
	}
}

func TestTheTrailIsPaged(t *testing.T) {
	t.Parallel()
	f := openFirm(t)
	for i := range 60 {
		if _, err := f.c.CreateGroup(t.Context(), host, model.Group{Name: fmt.Sprintf("Group %02d", i)}); err != nil {
			t.Fatal(err)
		}
	}
	filter := center.TrailFilter{Actions: []string{model.ActCreateGroup}}
	first, err := f.c.Trail(t.Context(), f.auditor, filter)
	if err != nil || len(first.Entries) != 50 || first.Next == 0 || first.Total != 61 {
		t.Fatalf("first page: %d of %d, next %d, %v", len(first.Entries), first.Total, first.Next, err)
	}
	filter.Before = first.Next
	second, err := f.c.Trail(t.Context(), f.auditor, filter)
	if err != nil || len(second.Entries) != 11 || second.Next != 0 || second.Total != 61 {
		t.Fatalf("second page: %d of %d, next %d, %v", len(second.Entries), second.Total, second.Next, err)
	}
	if first.Entries[49].Summary != "Created the group Group 10" || second.Entries[0].Summary != "Created the group Group 09" {
		t.Errorf("the pages meet at %q and %q", first.Entries[49].Summary, second.Entries[0].Summary)
	}
}

func TestTheTrailIsDownloadedAndTheDownloadIsInIt(t *testing.T) {
	t.Parallel()
	f := openFirm(t)
	ctx := t.Context()
	if _, err := f.c.CreateGroup(ctx, f.administrator, model.Group{Name: "=Ops, \"and\" Dev"}); err != nil {
		t.Fatal(err)
	}
	file, err := f.c.DownloadTrail(ctx, f.auditor, center.TrailFilter{By: "elena"})
	if err != nil {
		t.Fatal(err)
	}
	lines, err := csv.NewReader(strings.NewReader(file)).ReadAll()
	if err != nil || len(lines) != 2 || lines[0][0] != "seq" || lines[0][14] != "hash" {
		t.Fatalf("the file has %d lines, %v: %.300s", len(lines), err, file)
	}
	e := lines[1]
	if e[1] != "2026-11-20T12:00:00+00:00" || e[2] != "elena" || e[4] != model.ActCreateGroup || e[5] != "done" ||
		e[6] != `Created the group =Ops, "and" Dev` || !strings.HasPrefix(e[7], `group =Ops, "and" Dev (`) || len(e[14]) != 64 {
		t.Errorf("the event is %q", e)
	}
	f.trail(t, "Downloaded 1 event of the audit trail")
}

func TestTheTrailLeavesAsLinesThatProveItsChain(t *testing.T) {
	t.Parallel()
	f := openFirm(t)
	file, err := f.c.DownloadTrailLines(t.Context(), f.auditor, center.TrailFilter{})
	if err != nil {
		t.Fatal(err)
	}
	check, n := audit.NewCheck(), 0
	for line := range strings.Lines(file) {
		e, err := audit.ParseLine([]byte(line))
		if err != nil {
			t.Fatal(err)
		}
		if err := check.Add(e); err != nil {
			t.Error(err)
		}
		n++
	}
	f.trail(t, fmt.Sprintf("Downloaded %d events of the audit trail", n))
	if n < 5 {
		t.Errorf("%d events left", n)
	}
}

func TestTheTrailIsForThoseWhoMayReadIt(t *testing.T) {
	t.Parallel()
	f := openFirm(t)
	for _, actor := range []model.Actor{f.helpDesk, f.developer} {
		_, err := f.c.Trail(t.Context(), actor, center.TrailFilter{})
		f.refused(t, model.ActReadAudit, err)
		if _, err = f.c.DownloadTrail(t.Context(), actor, center.TrailFilter{}); model.KindOf(err) != model.Forbidden {
			t.Errorf("%s downloads the trail: %v", actor.UserName, err)
		}
		if _, err = f.c.DownloadTrailLines(t.Context(), actor, center.TrailFilter{}); model.KindOf(err) != model.Forbidden {
			t.Errorf("%s downloads the trail as lines: %v", actor.UserName, err)
		}
	}
	noFactor := f.auditor
	noFactor.MFA = false
	_, err := f.c.Trail(t.Context(), noFactor, center.TrailFilter{})
	f.refused(t, model.ActReadAudit, err)
}
