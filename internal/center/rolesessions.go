package center

import (
	"context"
	"encoding/base64"
	"fmt"
	"time"

	"gatehouse/internal/access"
	"gatehouse/internal/model"
	"gatehouse/internal/store"
	"gatehouse/internal/vault"
)

// RoleCredentials are what an AWS client needs to act in a role. They are handed out once: nothing of them that is
// secret is kept.
type RoleCredentials struct {
	AccessKeyID     model.AccessKeyID
	SecretAccessKey vault.Secret // 40 characters of base64
	SessionToken    vault.Secret
	IssuedAt        time.Time
	ExpiresAt       time.Time
	Region          string // the organization's home Region, for clients that ask for one
	Role            Role
}

// roleSessionState is what the trail keeps of role credentials.
type roleSessionState struct {
	AccessKeyID string     `json:"accessKeyId"`
	Role        string     `json:"role"`
	SessionName string     `json:"sessionName"`
	ExpiresAt   time.Time  `json:"expiresAt"`
	RevokedAt   *time.Time `json:"revokedAt,omitempty"`
}

func stateOfRoleSession(s model.RoleSession) string {
	kept := roleSessionState{AccessKeyID: string(s.AccessKeyID), Role: s.RoleARN, SessionName: s.SessionName,
		ExpiresAt: s.ExpiresAt}
	if !s.RevokedAt.IsZero() {
		kept.RevokedAt = &s.RevokedAt
	}
	return state(kept)
}

// IssueRoleCredentials gives the actor credentials for a role that they hold at this moment. They last as long as the
// permission set's sessions, and never past the moment from which nothing gives the role any more.
func (c *Center) IssueRoleCredentials(ctx context.Context, actor model.Actor, account model.AccountID,
	set model.PermissionSetID) (RoleCredentials, error) {
	var issued RoleCredentials
	err := c.do(ctx, actor, func(w *work) error {
		role, err := w.hold(account, set)
		if err != nil {
			return err
		}
		session, digest, err := w.newRoleSession(role, &issued)
		if err != nil {
			return err
		}
		if err := w.tx.InsertRoleSession(w.ctx, session, digest); err != nil {
			return err
		}
		return w.record(model.Event{Action: model.ActGetRoleCredentials,
			Objects: append([]model.Ref{roleSessionRef(session)}, roleRefs(role)...),
			Summary: fmt.Sprintf("Took credentials of %s in %s", role.Set.Name, role.Account.Name),
			State:   stateOfRoleSession(session)})
	})
	if err != nil {
		return RoleCredentials{}, err
	}
	return issued, nil
}

// hold returns the role if the actor holds it now. Whether they do not, or there is no such account or permission set,
// the refusal is the same.
func (w *work) hold(account model.AccountID, set model.PermissionSetID) (Role, error) {
	w.own()
	if w.access == nil {
		return Role{}, errNotSetUp
	}
	role, held := w.access.Role(w.actor.User, account, set, w.tx.Now())
	if held {
		return role, nil
	}
	asked := act{action: model.ActGetRoleCredentials, resources: []string{string(account), string(set)}}
	if supposed, known := w.access.Supposed(w.actor.User, account, set); known {
		asked.objects = roleRefs(supposed)
	}
	return Role{}, &refused{act: asked, err: &model.Error{Kind: model.Forbidden,
		Message: "You do not have this role, or not any more. My accounts lists the roles you have."}}
}

// newRoleSession makes credentials for a role, what is kept of them, and the digest of their session token.
func (w *work) newRoleSession(role Role, issued *RoleCredentials) (s model.RoleSession, digest string, err error) {
	c, now := w.center, w.tx.Now()
	*issued = RoleCredentials{IssuedAt: now, ExpiresAt: now.Add(role.Set.Duration), Region: w.org.Region, Role: role}
	if end := role.ExpiresAt(); !end.IsZero() && end.Before(issued.ExpiresAt) {
		issued.ExpiresAt = end
	}
	if issued.AccessKeyID, err = model.NewAccessKeyID(c.Random); err != nil {
		return s, "", err
	}
	if issued.SessionToken, digest, err = vault.NewToken(c.Random); err != nil {
		return s, "", err
	}
	s = model.RoleSession{AccessKeyID: issued.AccessKeyID, User: role.User.ID, Account: role.Account.ID,
		PermissionSet: role.Set.ID, RoleARN: w.access.ARN(role), RoleID: access.RoleID(role.Set.ID, role.Account.ID),
		SessionName: model.SessionName(role.User.UserName), Session: w.actor.Session, MasterKey: c.Vault.KeyID(),
		IssuedAt: issued.IssuedAt, ExpiresAt: issued.ExpiresAt}
	issued.SecretAccessKey, err = c.secretAccessKey(s)
	return s, digest, err
}

// secretBytes is how many bytes a secret access key has before base64 makes 40 characters of them, as AWS's have.
const secretBytes = 30

// secretAccessKey derives the secret access key of a role session.
func (c *Center) secretAccessKey(s model.RoleSession) (vault.Secret, error) {
	raw, err := c.Vault.Derive(vault.RoleCredential, s.MasterKey, string(s.AccessKeyID))
	if err != nil {
		return "", err
	}
	return vault.Secret(base64.StdEncoding.EncodeToString(raw[:secretBytes])), nil
}

func roleSessionRef(s model.RoleSession) model.Ref {
	return model.Ref{Kind: model.RefRoleSession, ID: string(s.AccessKeyID), Name: string(s.AccessKeyID)}
}

// roleRefs names whose role it is, the account and the permission set.
func roleRefs(r Role) []model.Ref {
	return []model.Ref{{Kind: model.RefUser, ID: string(r.User.ID), Name: r.User.DisplayName}, memberRef(r.Account),
		{Kind: model.RefPermissionSet, ID: string(r.Set.ID), Name: r.Set.Name}}
}

// Issued is a set of role credentials that is neither expired nor revoked.
type Issued struct {
	model.RoleSession
	AccountName string
	SetName     string
	Held        bool // the person still holds the role: otherwise the credentials are refused
}

// RoleSessionsOf returns the role credentials of a person that are neither expired nor revoked, newest first: one's
// own, or with permission those of somebody else.
func (c *Center) RoleSessionsOf(ctx context.Context, actor model.Actor, user model.UserID) ([]Issued, error) {
	var list []Issued
	err := c.look(ctx, func(r store.Reader, s *access.Snapshot) (err error) {
		if !actor.Host && user != actor.User {
			if _, err := authorise(s, actor, c.Now(), c.actOn(s, model.ActListSessions, user)); err != nil {
				return c.settle(ctx, actor, err)
			}
		}
		list, err = c.issuedTo(ctx, r, s, user)
		return err
	})
	return list, err
}

func (c *Center) issuedTo(ctx context.Context, r store.Reader, s *access.Snapshot, user model.UserID,
) ([]Issued, error) {
	sessions, err := r.RoleSessionsOf(ctx, user, c.Now())
	if err != nil {
		return nil, err
	}
	list := make([]Issued, len(sessions))
	for i, session := range sessions {
		_, held := s.Role(user, session.Account, session.PermissionSet, c.Now())
		list[i] = Issued{RoleSession: session, AccountName: string(session.Account),
			SetName: string(session.PermissionSet), Held: held}
		if a := s.Account(session.Account); a != nil {
			list[i].AccountName = a.Name
		}
		if set := s.Set(session.PermissionSet); set != nil {
			list[i].SetName = set.Name
		}
	}
	return list, nil
}
