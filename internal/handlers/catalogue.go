package handlers

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"gatehouse/internal/model"
	"gatehouse/web/templates"
)

const (
	catalogue     = permissionSets + "/catalogue"
	managedPrefix = "arn:aws:iam::aws:policy/"
	cataloguePage = 50
)

var catalogueCrumb = templates.Link{Text: "AWS-managed policies", Href: catalogue}

// policyHref is the page of an AWS-managed policy: its path and name, or the whole ARN outside AWS's main partition.
func policyHref(arn string) string {
	parts := strings.Split(strings.TrimPrefix(arn, managedPrefix), "/")
	for i := range parts {
		parts[i] = url.PathEscape(parts[i])
	}
	return catalogue + "/" + strings.Join(parts, "/")
}

// nameOfPolicy is the last part of an ARN.
func nameOfPolicy(arn string) string { return arn[strings.LastIndexByte(arn, '/')+1:] }

// listCatalogue searches AWS's managed policies; ?skip= says after how many to go on.
func (h *Handlers) listCatalogue(c echo.Context) error {
	query := c.QueryParams()
	skip, err := strconv.Atoi(query.Get("skip"))
	if err != nil || skip < 0 {
		skip = 0 // an address that somebody made up: start at the first
	}
	found, err := h.Center.CataloguePolicies(c.Request().Context(), person(c), query.Get("q"), skip, cataloguePage)
	if err != nil {
		return err
	}
	p := templates.CataloguePage{Query: query.Get("q"), Empty: found.Empty, Total: found.All,
		Pager: templates.PagerProps{First: skip + 1, Last: skip + len(found.Policies), Total: found.Total, Target: "list"}}
	if next := skip + len(found.Policies); next < found.Total {
		p.Pager.Next = catalogue + "?" + with(query, "skip", strconv.Itoa(next)).Encode()
	}
	if skip > 0 {
		back := ""
		if skip > cataloguePage {
			back = strconv.Itoa(skip - cataloguePage)
		}
		p.Pager.Back = catalogue + "?" + with(query, "skip", back).Encode()
	}
	for _, policy := range found.Policies {
		p.Rows = append(p.Rows, templates.CatalogueRow{Name: policy.Name, Href: policyHref(policy.ARN), Path: policy.Path,
			Version: policy.Version, Updated: policy.Updated, Used: found.Used[policy.ARN],
			ServiceLinked: policy.ServiceLinked()})
	}
	return h.render(
		c,
		page{
			title:   "AWS-managed policies",
			section: permissionSets,
			crumbs:  []templates.Link{setsCrumb, {Text: catalogueCrumb.Text}},
		},
		templates.Catalogue(p),
	)
}

func (h *Handlers) cataloguePolicy(c echo.Context) error {
	rest, err := url.PathUnescape(c.Param("*"))
	if err != nil {
		rest = c.Param("*")
	}
	arn := rest
	if !strings.HasPrefix(rest, "arn:") {
		arn = managedPrefix + rest
	}
	v, err := h.Center.CataloguePolicy(c.Request().Context(), person(c), arn)
	if err != nil {
		return err
	}
	p := templates.CataloguePolicyPage{Name: v.Name, ARN: v.ARN, Version: v.Version, Updated: v.Updated, Listed: v.Listed,
		ServiceLinked: v.ServiceLinked(), Lines: templates.Lines(v.Document, 1, nil, nil),
		Sets: templates.PermissionSetsPage{Now: h.Now()}}
	if v.InUse != "" && v.InUse != v.Document {
		p.Differs = templates.TextDiff(v.InUse, v.Document)
	}
	for _, s := range v.Sets {
		p.Sets.Rows = append(p.Sets.Rows, setRow(s, ""))
	}
	attach := url.Values{"attach": {arn}}.Encode()
	if v.Listed && !p.ServiceLinked && v.May[model.ActUpdatePermissionSet] {
		p.Attach = permissionSets + "?" + attach
	}
	if v.Listed && !p.ServiceLinked && v.May[model.ActCreatePermissionSet] {
		p.New = permissionSets + "/new?" + attach
	}
	return h.render(
		c,
		page{title: v.Name, section: permissionSets, crumbs: []templates.Link{setsCrumb, catalogueCrumb, {Text: v.Name}}},
		templates.CataloguePolicy(p),
	)
}
