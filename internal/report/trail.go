package report

import (
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"

	"gatehouse/internal/model"
)

// TrailColumns are the columns of the audit trail as a file, in order.
var TrailColumns = []string{
	"seq", "time", "actor", "actor_id", "action", "outcome", "summary", "objects", "reason", "allowed_by", "source_ip",
	"session", "request_id", "repeated", "hash",
}

// Trail writes events as CSV, one a line, in the order given, LF between lines. Cells that a spreadsheet would take for a
// formula are led by an apostrophe; the file to prove the chain with is another one.
func Trail(events []model.Event) (string, error) {
	var b strings.Builder
	w := csv.NewWriter(&b)
	if err := w.Write(TrailColumns); err != nil {
		return "", fmt.Errorf("write the header: %w", err)
	}
	for _, e := range events {
		cells := []string{
			strconv.FormatInt(e.Seq, 10), e.At.UTC().Format(timeForm), e.ActorName, string(e.Actor), e.Action, string(e.Outcome),
			e.Summary, objects(e.Objects), e.Reason, e.Grant, e.SourceIP, string(e.Session), e.RequestID,
			strconv.Itoa(e.Repeated), e.Hash,
		}
		for i, cell := range cells {
			cells[i] = Cell(cell)
		}
		if err := w.Write(cells); err != nil {
			return "", fmt.Errorf("write event %d: %w", e.Seq, err)
		}
	}
	w.Flush()
	return b.String(), w.Error()
}

// objects names what an event concerns: kind, id and name of each.
func objects(refs []model.Ref) string {
	names := make([]string, len(refs))
	for i, ref := range refs {
		names[i] = fmt.Sprintf("%s %s (%s)", ref.Kind, ref.Name, ref.ID)
	}
	return strings.Join(names, "; ")
}
