package center

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"gatehouse/internal/access"
	"gatehouse/internal/catalog"
	"gatehouse/internal/model"
	"gatehouse/internal/store"
)

// SetDraft is what a form for a permission set offers beside its fields.
type SetDraft struct {
	Set       SetView // zero for a new one
	Chosen    []PolicyLine
	Found     []PolicyLine // without the chosen ones
	Total     int          // policies that answer the search, chosen or not
	Catalogue bool         // there is one
}

// mostFound is how many policies a search in a form shows.
const mostFound = 8

// DraftPermissionSet returns what a form for a permission set needs: a new one when id is empty, else the one to
// change. find searches AWS's managed policies, and chosen are the ARNs picked so far. It needs permission to save and
// saves nothing.
func (c *Center) DraftPermissionSet(
	ctx context.Context,
	actor model.Actor,
	id model.PermissionSetID,
	find string,
	chosen []string,
) (SetDraft, error) {
	d := SetDraft{Catalogue: !c.Catalog.Empty()}
	err := c.look(ctx, func(r store.Reader, s *access.Snapshot) (err error) {
		if id != "" {
			d.Set, err = c.setFor(ctx, moment{r, s, actor}, id, model.ActUpdatePermissionSet)
		} else {
			instance := []string{s.Organization.InstanceARN()}
			err = c.allow(ctx, s, actor, act{action: model.ActCreatePermissionSet, resources: instance})
		}
		if err != nil {
			return err
		}
		used, err := r.PoliciesInUse(ctx)
		if err != nil {
			return err
		}
		d.choose(c, find, chosen, used)
		return nil
	})
	return d, err
}

// allow is the permission check of a question whose act is only known once it is under way.
func (c *Center) allow(ctx context.Context, s *access.Snapshot, actor model.Actor, a act) error {
	if actor.Host {
		return nil
	}
	_, err := authorise(s, actor, c.Now(), a)
	return c.settle(ctx, actor, err)
}

// choose lists the chosen policies, and those found: without a search the ones that other sets have and the usual ones.
func (d *SetDraft) choose(c *Center, find string, chosen []string, used map[string]int) {
	for _, arn := range chosen {
		line := c.policyLine(arn, "")
		line.Known = line.Listed || used[arn] > 0
		d.Chosen = append(d.Chosen, line)
	}
	found := c.Catalog.Search(find, 0)
	d.Total = len(found)
	if strings.TrimSpace(find) == "" {
		found = slices.DeleteFunc(
			found,
			func(p catalog.Policy) bool { return used[p.ARN] == 0 && !slices.Contains(usualPolicies, p.Name) },
		)
		slices.SortStableFunc(found, func(a, b catalog.Policy) int { return cmp.Compare(used[b.ARN], used[a.ARN]) })
	}
	for _, p := range found {
		if !slices.Contains(chosen, p.ARN) && len(d.Found) < mostFound {
			d.Found = append(d.Found, PolicyLine{Policy: p, Listed: true, Known: true})
		}
	}
}

// usualPolicies are what AWS calls job functions, and the two wide ones that most organizations begin with.
var usualPolicies = []string{
	"AdministratorAccess",
	"ReadOnlyAccess",
	"PowerUserAccess",
	"ViewOnlyAccess",
	"SecurityAudit",
	"Billing",
	"SupportUser",
	"NetworkAdministrator",
	"DatabaseAdministrator",
	"SystemAdministrator",
}

// SetPreview is what saving a permission set would do.
type SetPreview struct {
	Before SetView
	After  store.SetVersion
	Same   bool // nothing would change
}

// PreviewPermissionSet tries a save: the same checks and the same permission, and nothing stays.
func (c *Center) PreviewPermissionSet(
	ctx context.Context,
	actor model.Actor,
	s model.PermissionSet,
	reason string,
) (SetPreview, error) {
	s = tidySet(s)
	var p SetPreview
	_, _, err := c.foresee(ctx, actor, func(w *work) error {
		before, _, err := w.updateSet(&s, reason)
		if err != nil && !errors.Is(err, errNothingChanged) {
			return err
		}
		p.Before, p.Same = c.setView(w.access, actor, before), err != nil
		p.After, err = w.tx.PermissionSet(w.ctx, s.ID)
		return err
	})
	return p, err
}
