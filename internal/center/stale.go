package center

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"gatehouse/internal/access"
	"gatehouse/internal/model"
	"gatehouse/internal/store"
)

// savedSince decodes the state of a thing at a version, as the trail kept it, and says who saved the newest version and
// when. A version that the trail does not know leaves the state as it is.
func savedSince(ctx context.Context, r store.Reader, s *access.Snapshot, thing model.Ref, version int64, then any) (string, time.Time, error) {
	events, err := r.Events(ctx, store.EventFilter{Object: thing, Outcome: model.Done, Limit: 200})
	if err != nil {
		return "", time.Time{}, fmt.Errorf("look for version %d: %w", version, err)
	}
	by, at := "", time.Time{}
	for _, e := range events {
		if e.State == "" || len(e.Objects) == 0 || e.Objects[0].Kind != thing.Kind || e.Objects[0].ID != thing.ID {
			continue
		}
		if at.IsZero() {
			by, at = e.ActorName, e.At
			if u := s.User(e.Actor); u != nil {
				by = u.DisplayName
			}
		}
		var saved struct {
			Version int64 `json:"version"`
		}
		if err := json.Unmarshal([]byte(e.State), &saved); err != nil {
			return "", at, fmt.Errorf("decode the state in event %d: %w", e.Seq, err)
		}
		if saved.Version == version {
			return by, at, json.Unmarshal([]byte(e.State), then)
		}
	}
	return by, at, nil
}
