package center

import (
	"testing"

	"gatehouse/internal/model"
)

func TestAnAccountIsAddedChangedMovedAndRemoved(t *testing.T) {
	t.Parallel()
	h, ctx := newHouse(t), t.Context()
	prod, dev := h.unit("Prod", h.org.RootID), h.unit("Dev", h.org.RootID)
	a := h.account("222233334444", "SecureCart-Production", prod.ID)
	if e := h.last(); e.Summary != "Added the account SecureCart-Production (222233334444) to Prod" ||
		len(e.Objects) != 2 {
		t.Errorf("last event = %q about %v", e.Summary, e.Objects)
	}
	a.State, a.Tags = model.AccountSuspended, model.Tags{"owner": "priya"}
	if _, err := h.UpdateAccount(ctx, host, a, "incident"); err != nil {
		t.Fatal(err)
	}
	saved, err := h.Store.Account(ctx, a.ID)
	if err != nil || saved.State != model.AccountSuspended || saved.Tags["owner"] != "priya" || saved.Version != 2 {
		t.Errorf("Account() = %+v, %v", saved, err)
	}
	if err := h.MoveAccount(ctx, host, Move{Account: a.ID, To: dev.ID}); err != nil {
		t.Fatal(err)
	}
	if at := h.snapshot().Account(a.ID).OU.Name; at != "Dev" {
		t.Errorf("the account is in %s, want Dev", at)
	}
	if err := h.RemoveAccount(ctx, host, a.ID, ""); err != nil {
		t.Fatal(err)
	}
	if h.snapshot().Account(a.ID) != nil {
		t.Error("the account is still there")
	}
	if again := h.account(a.ID, "SecureCart-Production", dev.ID); again.Version != 1 {
		t.Errorf("an account that comes back has version %d, want 1", again.Version)
	}
}

func TestAnAccountKeepsTheRulesOfAWS(t *testing.T) {
	t.Parallel()
	h, ctx := newHouse(t), t.Context()
	prod := h.unit("Prod", h.org.RootID)
	a := h.account("222233334444", "SecureCart-Production", prod.ID)
	add := func(a model.Account) error { _, err := h.AddAccount(ctx, host, a, ""); return err }
	update := func(a model.Account) error { _, err := h.UpdateAccount(ctx, host, a, ""); return err }
	boss, err := h.Store.Account(ctx, management)
	if err != nil {
		t.Fatal(err)
	}
	stale, bossAsleep := a, boss
	stale.Version, bossAsleep.State = 9, model.AccountSuspended
	for what, c := range map[string]struct {
		err  error
		want model.Kind
	}{
		"eleven digits":        {add(model.Account{ID: "22223333444", Name: "X", Email: "x@securecart.example"}), model.Invalid},
		"no e-mail":            {add(model.Account{ID: "333344445555", Name: "X"}), model.Invalid},
		"reserved tag":         {add(model.Account{ID: "333344445555", Name: "X", Email: "x@securecart.example", Tags: model.Tags{"aws:x": "y"}}), model.Invalid},
		"twice":                {add(model.Account{ID: a.ID, Name: "X", Email: "x@securecart.example"}), model.Conflict},
		"somebody's e-mail":    {add(model.Account{ID: "333344445555", Name: "X", Email: "AWS@securecart.example"}), model.Conflict},
		"no such unit":         {add(model.Account{ID: "333344445555", Name: "X", Email: "x@securecart.example", OU: "ou-none-1"}), model.Invalid},
		"stale":                {update(stale), model.Conflict},
		"suspend management":   {update(bossAsleep), model.Conflict},
		"unknown account":      {update(model.Account{ID: "999999999999", Name: "X", Email: "x@securecart.example", State: model.AccountActive}), model.NotFound},
		"move where it is":     {h.MoveAccount(ctx, host, Move{Account: a.ID, To: prod.ID}), model.Invalid},
		"move nowhere":         {h.MoveAccount(ctx, host, Move{Account: a.ID, To: "ou-none-1"}), model.Invalid},
		"remove management":    {h.RemoveAccount(ctx, host, management, ""), model.Conflict},
		"remove a strange one": {h.RemoveAccount(ctx, host, "999999999999", ""), model.NotFound},
	} {
		refuses(t, what, c.err, c.want)
	}
}
