package center

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"gatehouse/internal/access"
	"gatehouse/internal/catalog"
	"gatehouse/internal/model"
	"gatehouse/internal/store"
)

// noCatalogue is a catalogue without anything in it.
func noCatalogue() *catalog.Catalog {
	c, err := catalog.Open(embed.FS{})
	if err != nil {
		panic("center: an empty catalogue does not open: " + err.Error()) // no file is read
	}
	return c
}

// documentsOf returns the documents of a set's AWS-managed policies by ARN. One that the set had before keeps its
// document, one that other sets have takes theirs, and a new one takes the catalogue's, so that a policy means the same
// everywhere. Policies that AWS does not have are problems, unless there is no catalogue to know it from.
func (w *work) documentsOf(s model.PermissionSet, before store.SetVersion) (map[string]string, error) {
	p, documents := model.Problems{}, map[string]string{}
	find := func(field, arn string) error {
		had := slices.Contains(before.ManagedPolicies, arn) || before.Boundary.ManagedPolicy == arn
		body, problem, err := w.documentOf(arn, before.Documents[arn], had)
		if problem != "" {
			p.Add(field, problem)
		}
		if body != "" {
			documents[arn] = body
		}
		return err
	}
	for _, arn := range s.ManagedPolicies {
		if err := find("managed_policies", arn); err != nil {
			return nil, err
		}
	}
	if arn := s.Boundary.ManagedPolicy; arn != "" {
		if err := find("boundary", arn); err != nil {
			return nil, err
		}
	}
	return documents, p.Err()
}

func (w *work) documentOf(arn, kept string, had bool) (body, problem string, err error) {
	if kept != "" {
		return kept, "", nil
	}
	if body, err = w.tx.DocumentInUse(w.ctx, arn); err != nil || body != "" {
		return body, "", err
	}
	policy, document, known := w.center.Catalog.Policy(arn)
	switch {
	case known && policy.ServiceLinked() && !had:
		return "", policy.Name + " belongs to a service-linked role. AWS lets nobody attach it.", nil
	case known:
		return string(document), "", nil
	case had || w.center.Catalog.Empty():
		return "", "", nil // its document stays unknown: it grants nothing
	}
	return "", w.center.noSuchPolicy(arn), nil
}

func (c *Center) noSuchPolicy(arn string) string {
	words := fmt.Sprintf("AWS has no managed policy %s.", arn)
	if near := nearest(c.Catalog, arn); len(near) > 0 {
		words += " Nearest: " + strings.Join(near, ", ") + "."
	}
	return words
}

// AdoptCatalogue fills in the documents that permission sets lack because there was no catalogue when they were saved,
// in one recorded event, each set as a new version. It changes nothing when no document is missing or none is known.
func (c *Center) AdoptCatalogue(ctx context.Context, actor model.Actor) error {
	if c.Catalog.Empty() {
		return nil
	}
	missing, err := c.Store.SetsWithoutDocument(ctx)
	if err != nil || len(missing) == 0 {
		return err
	}
	err = c.do(ctx, actor, func(w *work) error {
		if err := w.may(act{action: model.ActAdoptCatalog, resources: []string{w.org.InstanceARN()}}); err != nil {
			return err
		}
		return w.adopt()
	})
	if errors.Is(err, errNothingChanged) {
		return nil
	}
	return err
}

func (w *work) adopt() error {
	missing, err := w.tx.SetsWithoutDocument(w.ctx)
	if err != nil {
		return err
	}
	var refs []model.Ref
	adopted := map[string]bool{}
	for _, id := range missing {
		set, err := w.tx.PermissionSet(w.ctx, id)
		if err != nil {
			return err
		}
		documents, err := w.documentsOf(set.PermissionSet, set)
		if err != nil {
			return err
		}
		if len(documents) == len(set.Documents) {
			continue
		}
		for arn := range documents {
			if set.Documents[arn] == "" {
				adopted[arn] = true
			}
		}
		if err := w.tx.UpdatePermissionSet(w.ctx, set.PermissionSet, w.actor.User, documents); err != nil {
			return err
		}
		refs = append(refs, refSet(set.PermissionSet))
	}
	if len(refs) == 0 {
		return errNothingChanged
	}
	return w.record(
		model.Event{Action: model.ActAdoptCatalog, Objects: refs, State: state(slices.Sorted(maps.Keys(adopted))),
			Summary: fmt.Sprintf(
				"Adopted the documents of %d AWS-managed policies in %d permission sets",
				len(adopted),
				len(refs),
			)},
	)
}

// CataloguePage is a page of AWS's managed policies.
type CataloguePage struct {
	Empty    bool // the program was built without the catalogue
	Policies []catalog.Policy
	Used     map[string]int // ARN → how many permission sets have it
	Total    int            // that answer the search, on all pages
	All      int            // in the catalogue
}

// CataloguePolicies searches AWS's managed policies: most of them, beginning after the first skip.
func (c *Center) CataloguePolicies(
	ctx context.Context,
	actor model.Actor,
	query string,
	skip, most int,
) (CataloguePage, error) {
	page := CataloguePage{Empty: c.Catalog.Empty()}
	err := c.view(
		ctx,
		actor,
		act{action: model.ActListPermissionSets},
		func(r store.Reader, _ *access.Snapshot) (err error) {
			found := c.Catalog.Search(query, 0)
			page.Total, page.All = len(found), len(c.Catalog.Policies())
			found = found[min(max(skip, 0), len(found)):]
			page.Policies = found[:min(most, len(found))]
			page.Used, err = r.PoliciesInUse(ctx)
			return err
		},
	)
	return page, err
}

// PolicyView is an AWS-managed policy with the sets that have it.
type PolicyView struct {
	catalog.Policy
	Document string // the catalogue's, or the one in use when the catalogue has none; may be empty
	InUse    string // the document that the sets have; empty when none has one
	Listed   bool   // the catalogue has it
	Sets     []SetSummary
	May      map[string]bool // of sso:CreatePermissionSet and sso:UpdatePermissionSet, on any set
}

// CataloguePolicy returns an AWS-managed policy by its ARN.
func (c *Center) CataloguePolicy(ctx context.Context, actor model.Actor, arn string) (PolicyView, error) {
	var v PolicyView
	err := c.view(ctx, actor, act{action: model.ActListPermissionSets}, func(r store.Reader, s *access.Snapshot) error {
		rows, err := r.PermissionSets(ctx, store.SetFilter{Policy: arn})
		if err != nil {
			return err
		}
		for _, row := range rows {
			v.Sets = append(v.Sets, SetSummary{row, s.Reach(row.ID, c.Now())})
		}
		if v.InUse, err = r.DocumentInUse(ctx, arn); err != nil {
			return err
		}
		policy, document, listed := c.Catalog.Policy(arn)
		v.Policy, v.Listed, v.Document = policy, listed, string(document)
		if !listed {
			v.Policy, v.Document = catalog.Policy{ARN: arn, Name: baseName(arn)}, v.InUse
		}
		v.May = map[string]bool{}
		for _, action := range []string{model.ActCreatePermissionSet, model.ActUpdatePermissionSet} {
			_, refused := authorise(s, actor, c.Now(), act{action: action})
			v.May[action] = actor.Host || refused == nil
		}
		if !listed && len(v.Sets) == 0 {
			return model.Missing("AWS-managed policy", arn)
		}
		return nil
	})
	return v, err
}
