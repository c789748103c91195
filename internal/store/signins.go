package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"gatehouse/internal/model"
)

// SignInCount is how many sign-ins of one kind fell into one stretch of time.
type SignInCount struct {
	Stretch int // index into the bounds that were asked for
	Failed  bool
	User    model.Ref // of failures: who it was about; zero when nobody has the user name
	Times   int       // repeated failures that one event stands for included
}

// SignIns counts sign-ins between successive bounds: stretch i is from bounds[i] up to before bounds[i+1].
func (r Reader) SignIns(ctx context.Context, bounds []time.Time) ([]SignInCount, error) {
	var stretch strings.Builder
	var args []any
	for i, bound := range bounds[1:] {
		fmt.Fprintf(&stretch, " WHEN e.at < ? THEN %d", i)
		args = append(args, bound.UTC())
	}
	var rows []struct {
		Stretch          int
		Outcome, Objects string
		Times            int
	}
	err := r.list(ctx, &rows, `
		SELECT stretch, outcome, objects, count(*) + sum(repeated) AS times
		FROM (
			SELECT CASE`+stretch.String()+` ELSE -1 END AS stretch, e.outcome, e.repeated,
				CASE WHEN e.outcome = 'done' THEN '[]' ELSE e.objects END AS objects
			FROM events e
			WHERE e.action = ? AND e.at >= ? AND e.at < ?
		) counted
		GROUP BY stretch, outcome, objects
		ORDER BY stretch, outcome, objects`,
		append(args, model.ActSignIn, bounds[0].UTC(), bounds[len(bounds)-1].UTC())...)
	if err != nil {
		return nil, fmt.Errorf("count sign-ins: %w", err)
	}
	counts := make([]SignInCount, len(rows))
	for i, row := range rows {
		counts[i] = SignInCount{Stretch: row.Stretch, Failed: row.Outcome != string(model.Done), Times: row.Times}
		var objects []model.Ref
		if err := json.Unmarshal([]byte(row.Objects), &objects); err != nil {
			return nil, fmt.Errorf("decode whom a sign-in is about: %w", err)
		}
		if len(objects) > 0 {
			counts[i].User = objects[0]
		}
	}
	return counts, nil
}
