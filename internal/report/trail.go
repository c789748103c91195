package report

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gatehouse/internal/audit"
	"gatehouse/internal/model"
)

// TrailColumns are the columns of the audit trail as a file, in order.
var TrailColumns = []string{
	"seq", "time", "actor", "actor_id", "action", "outcome", "summary", "objects", "reason", "allowed_by", "source_ip",
	"session", "request_id", "repeated", "hash",
}

// Trail writes events as a File, one a line, in the order given. It is for reading; TrailLines is what proves the chain.
func Trail(events []model.Event) (string, error) {
	lines := [][]string{TrailColumns}
	for _, e := range events {
		lines = append(lines, []string{
			strconv.FormatInt(e.Seq, 10), e.At.UTC().Format(timeForm), e.ActorName, string(e.Actor), e.Action, string(e.Outcome),
			e.Summary, objects(e.Objects), e.Reason, e.Grant, e.SourceIP, string(e.Session), e.RequestID,
			strconv.Itoa(e.Repeated), e.Hash,
		})
	}
	return File(lines)
}

// TrailLines writes events as JSON lines, from the last of those given to the first: with a trail newest first, in the
// order of the chain.
func TrailLines(events []model.Event) (string, error) {
	var b strings.Builder
	for _, e := range slices.Backward(events) {
		line, err := audit.Line(e)
		if err != nil {
			return "", err
		}
		b.Write(line)
		b.WriteByte('\n')
	}
	return b.String(), nil
}

// objects names what an event concerns: kind, id and name of each.
func objects(refs []model.Ref) string {
	names := make([]string, len(refs))
	for i, ref := range refs {
		names[i] = fmt.Sprintf("%s %s (%s)", ref.Kind, ref.Name, ref.ID)
	}
	return strings.Join(names, "; ")
}
