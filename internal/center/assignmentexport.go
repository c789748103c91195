package center

import (
	"context"

	"gatehouse/internal/access"
	"gatehouse/internal/model"
	"gatehouse/internal/report"
)

// mostRows is how many rows of assignments one file holds.
const mostRows = 250_000

// DownloadAssignments returns the rows that the chosen rules come to, one for each account that a rule reaches, as a CSV
// file, and records that they left the console.
func (c *Center) DownloadAssignments(ctx context.Context, actor model.Actor, q AssignmentQuery) (string, error) {
	q.After, q.Before = "", ""
	var file string
	err := c.do(ctx, actor, func(w *work) error {
		if err := w.may(act{action: model.ActListAssignments}); err != nil {
			return err
		}
		rules, rows, err := w.chosenRules(q)
		if err != nil {
			return err
		}
		if file, err = report.Assignments(rules, w.org, w.tx.Now()); err != nil {
			return err
		}
		return w.record(model.Event{Action: model.ActListAssignments,
			Objects: []model.Ref{{Kind: model.RefReport, ID: "assignments", Name: "Assignments"}},
			Summary: "Downloaded " + numbered(rows, "row", "rows") + " of assignments"})
	})
	return file, err
}

// chosenRules are the rules that a query chooses, and how many rows they come to. More than one file holds is an Invalid
// error.
func (w *work) chosenRules(q AssignmentQuery) (rules []*access.Rule, rows int, err error) {
	about, err := q.ends(w.access)
	if err != nil {
		return nil, 0, err
	}
	f := q.filter(about, w.center)
	f.Limit = 0
	list, err := w.tx.Assignments(w.ctx, f)
	if err != nil {
		return nil, 0, err
	}
	for _, a := range list {
		if rule := w.access.Rule(a.ID); rule != nil {
			rules = append(rules, rule)
			rows += max(len(rule.Accounts()), 1)
		}
	}
	if rows > mostRows {
		return nil, 0, &model.Error{Kind: model.Invalid, Message: "These are more than 250,000 rows, which is the most that one " +
			"file holds. Filter by permission set, group or unit and download them in parts."}
	}
	return rules, rows, nil
}
