package audit

import (
	"strings"

	"gatehouse/internal/model"
)

// Clean returns e with every text as a database gives it back: valid UTF-8 without NUL. An event is cleaned before it
// is hashed; else bytes that somebody typed as a user name could make the trail look broken when it is read.
func Clean(e model.Event) model.Event {
	e.Actor = model.UserID(text(string(e.Actor)))
	e.Session = model.SessionID(text(string(e.Session)))
	e.Outcome = model.Outcome(text(string(e.Outcome)))
	for _, field := range []*string{
		&e.ActorName, &e.Action, &e.Summary, &e.Reason, &e.Grant, &e.SourceIP, &e.RequestID, &e.State,
	} {
		*field = text(*field)
	}

	objects := make([]model.Ref, len(e.Objects))
	for i, o := range e.Objects {
		objects[i] = model.Ref{Kind: model.RefKind(text(string(o.Kind))), ID: text(o.ID), Name: text(o.Name)}
	}
	e.Objects = objects
	return e
}

func text(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}
