package center_test

import (
	"crypto/rand"
	"testing"

	"gatehouse/internal/center"
	"gatehouse/internal/mfa"
	"gatehouse/internal/model"
	"gatehouse/internal/store/storetest"
	"gatehouse/internal/vault"
)

// TestWhatRestsUnderTheEarlierKeyGoesOnUnderTheNewOneAlone rotates the master key while an e-mail waits and an app is bound,
// and forgets the earlier key.
func TestWhatRestsUnderTheEarlierKeyGoesOnUnderTheNewOneAlone(t *testing.T) {
	t.Parallel()
	m := openMailroom(t)
	ana := m.member(t, "ana")
	u := m.user(t, "ben")
	_, err := m.c.Invite(t.Context(), m.helpDesk, u.ID, center.ByMail)
	must(t, err)

	config := m.c.Config
	next, err := vault.NewKey(rand.Reader)
	must(t, err)
	config.Vault, err = vault.New(rand.Reader, next, storetest.MasterKey(t))
	must(t, err)
	_, err = m.store.Guard(t.Context(), config.Vault.RowKeys())
	must(t, err)
	_, err = center.New(config).RotateKeys(t.Context(), m.helpDesk)
	if model.KindOf(err) != model.Forbidden {
		t.Errorf("an operator rotates keys: %v", err)
	}
	done, err := center.New(config).RotateKeys(t.Context(), host)
	must(t, err)
	if done.Secrets < 2 || done.MACs == 0 {
		t.Errorf("brought under the new key: %+v", done)
	}

	config.Vault, err = vault.New(rand.Reader, next)
	must(t, err)
	_, err = m.store.Guard(t.Context(), config.Vault.RowKeys())
	must(t, err)
	m.c = center.New(config)
	if letters := m.deliver(t); len(letters) != 1 || token(t, letters[0]) == "" {
		t.Errorf("arrived after the rotation: %+v", letters)
	}
	m.now = m.now.Add(mfa.Period)
	m.signIn(t, ana)
}
