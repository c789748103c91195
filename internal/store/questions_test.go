package store_test

import (
	"context"
	"errors"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"gatehouse/internal/model"
	"gatehouse/internal/store"
	"gatehouse/internal/store/storetest"
)

// answer drops the error of a question.
func answer[T any](v T, err error) (any, error) { return v, err }

// fullStore is guardedStore with an event, an e-mail, a scenario, a known browser, a sign-in policy and guesses at codes beside it.
func fullStore(t *testing.T) (*store.Store, *storetest.Intruder) {
	t.Helper()
	s, i := guardedStore(t)
	change(t, s, func(tx *store.Tx) error {
		ctx := t.Context()
		_, _, claimed := tx.ClaimShipment(ctx, "tls://logs.example", "one", noon.Add(time.Minute))
		return errors.Join(claimed,
			tx.InsertMail(ctx, model.Mail{ID: "m-1", Kind: model.MailInvitation, User: "u-ana", Recipient: "ana@securecart.example",
				Body: []byte("sealed"), ExpiresAt: noon.Add(time.Hour)}),
			tx.InsertScenario(ctx, model.Scenario{ID: "sc-1", Name: "Prod stays shut"}),
			tx.InsertBrowser(ctx, model.KnownBrowser{ID: "b-ana", User: "u-ana", Trusted: true, ExpiresAt: noon.Add(time.Hour)}, "cookie"),
			tx.AddNetwork(ctx, "b-ana", "192.0.2.0/24"),
			tx.Record(ctx, model.Event{Action: model.ActSignIn, Outcome: model.Done, State: `{"a":1}`, Actor: "u-ana", ActorName: "ana",
				Objects: []model.Ref{{Kind: model.RefUser, ID: "u-ana", Name: "ana"}}}),
			tx.Record(ctx, model.Event{Action: model.ActSignIn, Outcome: model.Failed, ActorName: "bo",
				Objects: []model.Ref{{Kind: model.RefUser, ID: "u-bo", Name: "bo"}}}))
	})
	return s, i
}

// questions are those whose answers are made of several rows or of rows that hold JSON or base64.
var questions = map[string]func(context.Context, store.Reader) (any, error){
	"account":             func(ctx context.Context, r store.Reader) (any, error) { return answer(r.Account(ctx, prodAccount)) },
	"approval":            func(ctx context.Context, r store.Reader) (any, error) { return answer(r.Approval(ctx, "one")) },
	"approvals that wait": func(ctx context.Context, r store.Reader) (any, error) { return answer(r.WaitingApprovals(ctx)) },
	"browser that vouches": func(ctx context.Context, r store.Reader) (any, error) {
		return answer(r.Vouches(ctx, "u-ana", "b-ana", "192.0.2.0/24", noon))
	},
	"browser with proofs": func(ctx context.Context, r store.Reader) (any, error) {
		return answer(r.ProvedIn(ctx, "u-ana", "cookie", noon))
	},
	"document in use": func(ctx context.Context, r store.Reader) (any, error) { return answer(r.DocumentInUse(ctx, arnA)) },
	"events": func(ctx context.Context, r store.Reader) (any, error) {
		return answer(r.Events(ctx, store.EventFilter{Actor: "u-ana"}))
	},
	"events to send": func(ctx context.Context, r store.Reader) (any, error) { return answer(r.EventsAfter(ctx, 0, 10)) },
	"graph":          func(ctx context.Context, r store.Reader) (any, error) { return answer(r.Graph(ctx)) },
	"guesses":        func(ctx context.Context, r store.Reader) (any, error) { return answer(r.GuessedAt(ctx, noon)) },
	"hash":           func(ctx context.Context, r store.Reader) (any, error) { return answer(r.EventHash(ctx, 3)) },
	"keys":           func(ctx context.Context, r store.Reader) (any, error) { return answer(r.SecurityKeys(ctx, "u-ana")) },
	"live credentials": func(ctx context.Context, r store.Reader) (any, error) {
		counts, last, err := r.LiveRoleSessions(ctx, noon)
		return []any{counts, last}, err
	},
	"mail that is due": func(ctx context.Context, r store.Reader) (any, error) { return answer(r.MailDue(ctx, noon)) },
	"members": func(ctx context.Context, r store.Reader) (any, error) {
		return answer(r.MembersSince(ctx, "g-ops", []model.UserID{"u-ana", "u-bo"}))
	},
	"outbox": func(ctx context.Context, r store.Reader) (any, error) { return answer(r.Outbox(ctx, 10)) },
	"people by handle": func(ctx context.Context, r store.Reader) (any, error) {
		return answer(r.UsersByHandle(ctx, []string{"ana", "bo"}))
	},
	"policies in use": func(ctx context.Context, r store.Reader) (any, error) { return answer(r.PoliciesInUse(ctx)) },
	"policy's versions": func(ctx context.Context, r store.Reader) (any, error) {
		return answer(r.PolicyVersions(ctx, guardrails))
	},
	"scenarios":      func(ctx context.Context, r store.Reader) (any, error) { return answer(r.Scenarios(ctx)) },
	"sealed secrets": func(ctx context.Context, r store.Reader) (any, error) { return answer(r.SealedSecrets(ctx)) },
	"set's version": func(ctx context.Context, r store.Reader) (any, error) {
		return answer(r.PermissionSetVersion(ctx, "ps-read", 1))
	},
	"set's versions": func(ctx context.Context, r store.Reader) (any, error) {
		return answer(r.PermissionSetVersions(ctx, "ps-read"))
	},
	"sets without policy": func(ctx context.Context, r store.Reader) (any, error) { return answer(r.SetsWithoutDocument(ctx)) },
	"sign-ins": func(ctx context.Context, r store.Reader) (any, error) {
		return answer(r.SignIns(ctx, []time.Time{noon, noon.Add(time.Hour)}))
	},
	"signed in": func(ctx context.Context, r store.Reader) (any, error) { return answer(r.SignedIn(ctx)) },
	"state before": func(ctx context.Context, r store.Reader) (any, error) {
		return answer(r.StateBefore(ctx, model.Ref{Kind: model.RefUser, ID: "u-ana"}, 100))
	},
}

// step is after how many more looks something is given up the next time. On PostgreSQL each try takes many round trips to a server.
func step() int64 {
	if os.Getenv(storetest.Variable) != "" {
		return 23
	}
	return 1
}

func TestAQuestionThatIsGivenUpIsNeverAnsweredInPart(t *testing.T) {
	t.Parallel()
	s, _ := fullStore(t)
	for what, ask := range questions {
		want, err := ask(t.Context(), s.Reader)
		if err != nil {
			t.Errorf("%s: %v", what, err)
			continue
		}
		for looks := int64(0); ; looks += step() {
			var got any
			ctx := storetest.GiveUp(t.Context(), looks)
			asked := false
			err := s.Snapshot(t.Context(), func(r store.Reader) (err error) {
				asked = true
				got, err = ask(ctx, r)
				return err
			})
			if err == nil {
				if !asked || !reflect.DeepEqual(got, want) {
					t.Errorf("%s, given up at look %d, is answered %v; want %v", what, looks, got, want)
				}
				break
			}
			if kind := model.KindOf(err); kind != model.Internal {
				t.Fatalf("%s, given up at look %d, is answered as if somebody else were at fault: %v", what, looks, err)
			}
			if looks > 1000 {
				t.Fatalf("%s does not end: %v", what, err)
			}
		}
	}
}

// TestWhatCannotBeReadIsAnErrorAndNoAnswerInPart has an intruder write what is neither JSON nor base64 where that belongs.
func TestWhatCannotBeReadIsAnErrorAndNoAnswerInPart(t *testing.T) {
	t.Parallel()
	s, i := fullStore(t)
	for _, spoil := range []struct{ table, column, what string }{
		{"accounts", "tags", "account"},
		{"approvals", "objects", "approval"},
		{"approvals", "objects", "approvals that wait"},
		{"events", "objects", "events"},
		{"events", "objects", "events to send"},
		{"events", "objects", "sign-ins"},
		{"outbox", "body", "outbox"},
		{"permission_set_versions", "tags", "set's version"},
		{"permission_set_versions", "tags", "set's versions"},
		{"scenarios", "body", "scenarios"},
		{"security_keys", "credential_id", "keys"},
		{"security_keys", "public_key", "keys"},
		{"totp_devices", "secret", "sealed secrets"},
	} {
		i.Do(`CREATE TEMP TABLE spoiled AS SELECT * FROM ` + spoil.table)
		for n, row := range i.Rows(spoil.table) {
			i.Put(spoil.table, spoil.column, row, "{!"+strings.Repeat("!", n))
		}
		if got, err := questions[spoil.what](t.Context(), s.Reader); err == nil {
			t.Errorf("%s is answered %v with %s spoiled in %s", spoil.what, got, spoil.column, spoil.table)
		}
		i.Do(`DELETE FROM ` + spoil.table)
		i.Do(`INSERT INTO ` + spoil.table + ` SELECT * FROM spoiled`)
		i.Do(`DROP TABLE spoiled`)
	}
	for what, ask := range questions {
		if _, err := ask(t.Context(), s.Reader); err != nil {
			t.Errorf("%s, after all was put back: %v", what, err)
		}
	}
}

func TestADocumentThatIsGoneStopsWhatIsDecidedOnIt(t *testing.T) {
	t.Parallel()
	s, i := fullStore(t)
	for _, table := range []string{"permission_set_policies", "policy_versions"} {
		i.Do(`DELETE FROM documents WHERE hash IN (SELECT document_hash FROM ` + table + ` WHERE document_hash IS NOT NULL)`)
		if _, err := s.Graph(t.Context()); model.KindOf(err) != model.Unavailable {
			t.Errorf("without the documents of %s: %v, want Unavailable", table, err)
		}
		i.Restore("documents")
	}
	if _, err := s.Graph(t.Context()); err != nil {
		t.Errorf("after all was put back: %v", err)
	}
}

// TestADocumentThatWasChangedIsKeptUnderTheHashOfWhatItIs is what accepting damage does with it.
func TestADocumentThatWasChangedIsKeptUnderTheHashOfWhatItIs(t *testing.T) {
	t.Parallel()
	s, i := fullStore(t)
	i.Do(`UPDATE documents SET body = body || ' '`)
	accept := func(ctx context.Context) error {
		return s.Update(ctx, func(tx *store.Tx) error {
			if err := errors.Join(tx.RenameDocuments(ctx), tx.ForgetForged(ctx)); err != nil {
				return err
			}
			if _, err := tx.RemakeMACs(ctx); err != nil {
				return err
			}
			return errors.Join(tx.Reindex(ctx), tx.Record(ctx, model.Event{Action: model.ActAcceptDamage, Outcome: model.Done}))
		})
	}
	before := len(damages(t, s))
	for looks := int64(0); accept(storetest.GiveUp(t.Context(), looks)) != nil; looks += step() {
		if after := len(damages(t, s)); after != before {
			t.Fatalf("given up at look %d: %d damages instead of %d", looks, after, before)
		}
		if looks > 5000 {
			t.Fatal("it does not end")
		}
	}
	if found := append(damages(t, s), misindexed(t, s)...); len(found) > 0 {
		t.Errorf("afterwards: %q", found)
	}
	if p, err := s.Policy(t.Context(), guardrails); err != nil || p.Document != `{"Deny":2} ` {
		t.Errorf("the document is %q, %v; want what it is, with the space", p.Document, err)
	}
}

func TestWhatIsThereOrInUseIsAConflict(t *testing.T) {
	t.Parallel()
	s, _ := fullStore(t)
	for what, act := range map[string]func(context.Context, *store.Tx) error{
		"a second organization": func(ctx context.Context, tx *store.Tx) error {
			return tx.InsertOrganization(ctx, model.Organization{ID: "o-another", RootID: rootUnit, ManagementAccount: "111122223333"})
		},
		"a key that somebody has": func(ctx context.Context, tx *store.Tx) error {
			return tx.InsertSecurityKey(ctx, "u-bo", securityKey("ana"))
		},
		"deleting a permission set that is assigned": func(ctx context.Context, tx *store.Tx) error {
			return tx.DeletePermissionSet(ctx, "ps-admin", 1)
		},
	} {
		if err := s.Update(t.Context(), func(tx *store.Tx) error { return act(t.Context(), tx) }); model.KindOf(err) != model.Conflict {
			t.Errorf("%s: %v, want Conflict", what, err)
		}
	}
}

func TestARoleIsTakenWithAnAccountThatIsThere(t *testing.T) {
	t.Parallel()
	s, _ := fullStore(t)
	err := s.Update(t.Context(), func(tx *store.Tx) error {
		return tx.InsertRoleSession(t.Context(), model.RoleSession{AccessKeyID: "ASIAGONE", User: "u-ana", Account: "999999999999",
			PermissionSet: "ps-admin", ExpiresAt: noon.Add(time.Hour)}, "token")
	})
	if err == nil || !strings.Contains(err.Error(), "is gone") {
		t.Errorf("with an account that is not there: %v", err)
	}
}

func TestWhatACollectorLostIsSentAgain(t *testing.T) {
	t.Parallel()
	s, _ := fullStore(t)
	change(t, s, func(tx *store.Tx) error {
		ctx := t.Context()
		err := errors.Join(tx.AdvanceShipment(ctx, "tls://logs.example", "one", 3),
			tx.RewindShipment(ctx, "tls://logs.example", "another", 0), // who does not send says nothing
			tx.RewindShipment(ctx, "tls://logs.example", "one", 2))
		_, ok, claimed := tx.ClaimShipment(ctx, "tls://logs.example", "another", noon.Add(time.Minute))
		if ok {
			t.Error("another one sends while the first does")
		}
		return errors.Join(err, claimed)
	})
	if seq, err := s.Shipped(t.Context(), "tls://logs.example"); err != nil || seq != 2 {
		t.Errorf("sent up to %d, %v; want 2", seq, err)
	}
}

func TestAnEMailIsTakenWholeOrNotAtAll(t *testing.T) {
	t.Parallel()
	s, _ := fullStore(t)
	for looks := int64(0); ; looks += step() {
		var taken []model.Mail
		ctx := storetest.GiveUp(t.Context(), looks)
		err := s.Housekeep(ctx, func(tx *store.Tx) (err error) {
			taken, err = tx.TakeMail(ctx, 10, time.Minute)
			return err
		})
		mails, readErr := s.Outbox(t.Context(), 10)
		if readErr != nil {
			t.Fatal(readErr)
		}
		if want := map[bool]int{true: 1, false: 0}[err == nil]; mails[0].Attempts != want || err == nil && len(taken) != 1 {
			t.Fatalf("given up at look %d (%v): %d taken, %d attempts", looks, err, len(taken), mails[0].Attempts)
		}
		if err == nil {
			return
		}
		if looks > 1000 {
			t.Fatal(err)
		}
	}
}
