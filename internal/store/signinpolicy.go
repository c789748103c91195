package store

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"gatehouse/internal/model"
)

// signInRules is a sign-in policy as its row keeps it.
type signInRules struct {
	Factor       model.FactorRule   `json:"factor"`
	Exempt       []model.GroupID    `json:"exempt"`
	NoDevice     model.NoDeviceRule `json:"no_device"`
	AllowedUntil time.Time          `json:"allowed_until,omitzero"`
	Kinds        []model.FactorKind `json:"kinds"`
	Operators    model.OperatorRule `json:"operators,omitempty"` // empty, from before there was a choice: any
	MinLength    int                `json:"min_length"`
	MaxAgeDays   int                `json:"max_age_days"`
	Reuse        int                `json:"reuse"`
	IdleMinutes  int                `json:"idle_minutes"`
	TotalMinutes int                `json:"absolute_minutes"`
	TwoPeople    bool               `json:"two_people,omitempty"`
}

type signInPolicyRow struct {
	Version       int64
	Body, SavedBy string
	SavedAt       time.Time
}

func (r signInPolicyRow) policy() (model.SignInPolicy, error) {
	var b signInRules
	if err := json.Unmarshal([]byte(r.Body), &b); err != nil {
		return model.SignInPolicy{}, fmt.Errorf("decode version %d of the sign-in policy: %w", r.Version, err)
	}
	return model.SignInPolicy{Version: r.Version, Factor: b.Factor, Exempt: b.Exempt, NoDevice: b.NoDevice, AllowedUntil: b.AllowedUntil,
		Kinds: b.Kinds, Operators: cmp.Or(b.Operators, model.OperatorsAny), MinLength: b.MinLength, MaxAge: b.MaxAgeDays, Reuse: b.Reuse,
		Idle: time.Duration(b.IdleMinutes) * time.Minute, Absolute: time.Duration(b.TotalMinutes) * time.Minute,
		TwoPeople: b.TwoPeople, SavedAt: r.SavedAt.UTC(), SavedBy: model.UserID(r.SavedBy)}, nil
}

// SignInPolicy returns the sign-in policy in force: the standard until somebody saved one.
func (r Reader) SignInPolicy(ctx context.Context) (model.SignInPolicy, error) {
	if err := r.check(ctx, signInPolicies, `to_seq IS NULL`); err != nil {
		return model.SignInPolicy{}, err
	}
	var rows []signInPolicyRow
	err := r.list(ctx, &rows, `SELECT version, body, saved_at, saved_by FROM sign_in_policies WHERE to_seq IS NULL`)
	switch {
	case err != nil:
		return model.SignInPolicy{}, fmt.Errorf("read the sign-in policy: %w", err)
	case len(rows) == 0:
		return model.StandardSignInPolicy(), nil
	}
	return rows[0].policy()
}

// AsksForTwo reports whether the sign-in policy in force has acts of the highest value wait for a second administrator. A
// policy that was taken away, or an earlier one that was put in its place, would turn that off: both are found here.
func (r Reader) AsksForTwo(ctx context.Context) (bool, error) {
	if err := r.whole(ctx, signInPolicies); err != nil {
		return false, err
	}
	p, err := r.SignInPolicy(ctx)
	return p.TwoPeople, err
}

// SaveSignInPolicy puts a policy in force as the version after the one it carries; when somebody saved since, it is stale.
func (t *Tx) SaveSignInPolicy(ctx context.Context, p model.SignInPolicy, by model.UserID) error {
	n, err := t.amend(ctx, signInPolicies, `to_seq = ?`, `to_seq IS NULL AND version = ?`, t.seq(), p.Version)
	if err != nil {
		return fmt.Errorf("close version %d of the sign-in policy: %w", p.Version, err)
	}
	var rows int64
	if err := t.one(ctx, &rows, `SELECT count(*) FROM sign_in_policies`); err != nil {
		return fmt.Errorf("count the versions of the sign-in policy: %w", err)
	}
	if n == 0 && (rows > 0 || p.Version != 0) {
		return model.Stale("sign-in policy")
	}
	body, err := json.Marshal(signInRules{Factor: p.Factor, Exempt: p.Exempt, NoDevice: p.NoDevice, AllowedUntil: p.AllowedUntil,
		Kinds: p.Kinds, Operators: p.Operators, MinLength: p.MinLength, MaxAgeDays: p.MaxAge, Reuse: p.Reuse,
		IdleMinutes: int(p.Idle / time.Minute), TotalMinutes: int(p.Absolute / time.Minute), TwoPeople: p.TwoPeople})
	if err != nil {
		return fmt.Errorf("encode the sign-in policy: %w", err)
	}
	err = t.insert(ctx, signInPolicies, `
		INSERT INTO sign_in_policies (pk, version, body, saved_at, saved_by, from_seq, to_seq) VALUES (?, ?, ?, ?, ?, ?, NULL)`,
		t.newPK(), p.Version+1, string(body), t.now, by, t.seq())
	if err != nil {
		return fmt.Errorf("save the sign-in policy: %w", err)
	}
	return nil
}
