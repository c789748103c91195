package handlers_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"gatehouse/internal/model"
	"gatehouse/internal/report"
	"gatehouse/internal/store"
	"gatehouse/web/templates"
)

// TestNoCellOfAFileStartsAFormula stores every hostile value wherever a file shows what people typed, past all checks, and
// downloads every file: no cell begins a formula, and all that was stored can be read in them, letter by letter.
func TestNoCellOfAFileStartsAFormula(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	var values []string
	for _, value := range hostileValues() {
		if utf8.ValidString(value) && len(value) <= 4096 {
			values = append(values, value)
		}
	}
	h := &hostileDirectory{shop: s}
	h.plant(t, values)
	s.now = s.now.Add(5 * time.Hour) // a new report may be generated
	s.openAgain(t)
	if w := s.serve(http.MethodPost, "/reports/credentials", url.Values{}); w.Code != http.StatusSeeOther {
		t.Fatalf("the report was not generated: %d %s", w.Code, main(w))
	}
	for path, in := range map[string]func(i int) []string{
		"/reports/credentials.csv": func(i int) []string { return []string{h.names[i], h.names[i] + "@x.example", h.names[i]} },
		"/assignments.csv":         func(i int) []string { return []string{h.names[i], h.names[i], h.names[i], values[i]} },
		"/audit.csv":               func(i int) []string { return []string{h.names[i], h.names[i], values[i]} },
	} {
		w := s.serve(http.MethodGet, path, nil)
		if w.Code != http.StatusOK {
			t.Fatalf("%s: %d %s", path, w.Code, main(w))
		}
		found := judgeFile(t, path, w.Body.String())
		for i := range values {
			for _, text := range in(i) {
				if text != "" && found[text] == 0 {
					t.Errorf("%s does not have %.80q", path, text)
				}
				found[text]--
			}
		}
	}
	h.simulate(t, values)
}

// judgeFile reads a file as RFC 4180 has it, judges its cells, and counts them without the apostrophe that leads some.
func judgeFile(t *testing.T, path, file string) map[string]int {
	t.Helper()
	found := map[string]int{}
	records := readCSV(t, file)
	for _, record := range records {
		if len(record) != len(records[0]) {
			t.Errorf("%s: a line has %d cells, the first %d", path, len(record), len(records[0]))
		}
		for _, cell := range record {
			if startsFormula(cell) {
				t.Errorf("%s: the cell %.80q starts a formula", path, cell)
			}
			bare := strings.TrimPrefix(cell, "'")
			if report.Cell(bare) != cell {
				bare = cell
			}
			found[bare]++
		}
	}
	return found
}

// startsFormula reports whether a spreadsheet could take a cell for a formula.
func startsFormula(cell string) bool {
	if cell != "" && strings.ContainsRune("\t\r\n\x00", rune(cell[0])) {
		return true
	}
	cell = strings.TrimLeftFunc(cell, func(r rune) bool { return unicode.IsSpace(r) || r == '\ufeff' || r == '\u200b' })
	for _, start := range []string{"=", "+", "-", "@", "＝", "＋", "－", "＠"} {
		if strings.HasPrefix(cell, start) {
			return true
		}
	}
	return false
}

// readCSV reads a file by the grammar of RFC 4180, with LF for a line break as well, and keeps every letter of a quoted cell.
func readCSV(t *testing.T, file string) (records [][]string) {
	t.Helper()
	var record []string
	for rest := file; rest != ""; {
		var cell string
		if strings.HasPrefix(rest, `"`) {
			rest = rest[1:]
			for {
				before, after, ok := strings.Cut(rest, `"`)
				if !ok {
					t.Fatalf("a quoted cell has no end: %.80q", rest)
				}
				cell, rest = cell+before, after
				if !strings.HasPrefix(rest, `"`) {
					break
				}
				cell, rest = cell+`"`, rest[1:]
			}
		} else {
			end := strings.IndexAny(rest, ",\r\n")
			if end < 0 {
				end = len(rest)
			}
			cell, rest = rest[:end], rest[end:]
			if strings.Contains(cell, `"`) {
				t.Fatalf("a cell without quotes has one in it: %.80q", cell)
			}
		}
		record = append(record, cell)
		switch {
		case strings.HasPrefix(rest, ","):
			rest = rest[1:]
		case strings.HasPrefix(rest, "\n"), rest == "":
			rest = strings.TrimPrefix(rest, "\n")
			records, record = append(records, record), nil
		default:
			t.Fatalf("a cell is followed by %.80q", rest)
		}
	}
	return records
}

// hostileDirectory is a shop whose people, groups, accounts and permission sets are called what attackers call them.
type hostileDirectory struct {
	*shop
	names    []string // made unique by what follows the value
	users    []model.User
	accounts []model.AccountID
	sets     []model.PermissionSetID
}

// plant writes the values to the database past the rules that would refuse many of them.
func (h *hostileDirectory) plant(t *testing.T, values []string) {
	t.Helper()
	ctx := t.Context()
	org, err := h.center.Store.Organization(ctx)
	must(t, err)
	must(t, h.center.Store.Housekeep(ctx, func(tx *store.Tx) error {
		for i, value := range values {
			name := fmt.Sprintf("%s ·%d", value, i)
			h.names = append(h.names, name)
			if err := h.plantOne(t, tx, org, i, value, name); err != nil {
				return err
			}
		}
		return nil
	}))
}

func (h *hostileDirectory) plantOne(t *testing.T, tx *store.Tx, org model.Organization, i int, value, name string) error {
	t.Helper()
	ctx := t.Context()
	id := func() string {
		id, err := model.NewPrincipalID(h.center.Random, string(org.IdentityStoreID))
		must(t, err)
		return id
	}
	set, err := model.NewPermissionSetID(h.center.Random)
	must(t, err)
	u := model.User{ID: model.UserID(id()), UserName: name, GivenName: name, FamilyName: name, DisplayName: name, Title: name,
		Email: name + "@x.example", Status: model.UserEnabled}
	g := model.Group{ID: model.GroupID(id()), Name: name, Description: value}
	a := model.Account{ID: model.AccountID(fmt.Sprintf("9%011d", i)), Name: name, Email: name, State: model.AccountActive, OU: org.RootID}
	h.users, h.accounts, h.sets = append(h.users, u), append(h.accounts, a.ID), append(h.sets, set)
	assignment, err := model.NewUUID(h.center.Random)
	must(t, err)
	for _, step := range []func() error{
		func() error { return tx.InsertUser(ctx, u) },
		func() error { return tx.InsertGroup(ctx, g) },
		func() error { _, err := tx.InsertMembership(ctx, g.ID, u.ID); return err },
		func() error { return tx.InsertAccount(ctx, a) },
		func() error {
			return tx.InsertPermissionSet(ctx, model.PermissionSet{ID: set, Name: name, Description: value, SessionDuration: time.Hour}, "", nil)
		},
		func() error {
			return tx.InsertAssignment(ctx, model.Assignment{ID: model.AssignmentID(assignment), PermissionSet: set, Reason: value,
				Principal: model.Principal{Kind: model.PrincipalUser, ID: string(u.ID)},
				Target:    model.Target{Kind: model.TargetAccount, ID: string(a.ID)}})
		},
		func() error {
			return tx.Record(ctx, model.Event{Actor: u.ID, ActorName: name, Action: model.ActUpdateUser, Outcome: model.Done,
				Summary: name, Reason: value, Objects: []model.Ref{{Kind: model.RefUser, ID: string(u.ID), Name: name}}})
		},
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// simulate downloads answers about the hostile roles, and about principals and resources of such names.
func (h *hostileDirectory) simulate(t *testing.T, values []string) {
	t.Helper()
	answered := 0
	for i, value := range values {
		if testing.Short() && i%5 != 0 {
			continue
		}
		for _, form := range []url.Values{
			{"user": {h.names[i]}, "role": {templates.OtherRole}, "account": {string(h.accounts[i])}, "set": {string(h.sets[i])},
				"actions": {"s3:GetObject"}, "resources": {"arn:aws:s3:::" + value}},
			{"principal": {value}, "identity": {model.FullAWSAccessBody}, "actions": {"s3:GetObject"}, "resources": {value}},
			{"principal": {value}, "identity": {model.FullAWSAccessBody}, "actions": {value}, "resources": {"*"}},
		} {
			w := h.serve(http.MethodPost, "/simulate.csv", form)
			if w.Code >= http.StatusInternalServerError {
				t.Errorf("%.80q: %d", value, w.Code)
			}
			if w.Code == http.StatusOK && strings.HasPrefix(w.Header().Get("Content-Type"), "text/csv") {
				judgeFile(t, "/simulate.csv", w.Body.String())
				answered++
			}
		}
	}
	if answered < len(values)/10 {
		t.Errorf("only %d questions were answered", answered)
	}
}
