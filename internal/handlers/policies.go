package handlers

import (
	"net/url"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"gatehouse/internal/center"
	"gatehouse/internal/eval"
	"gatehouse/internal/model"
	"gatehouse/web/templates"
)

// policiesCrumbs leads to a page about organization policies.
func policiesCrumbs(more ...templates.Link) []templates.Link {
	return append(
		[]templates.Link{{Text: "Accounts", Href: "/accounts"}, {Text: "Policies", Href: "/accounts/policies"}},
		more...)
}

// policyKind is the kind that an address or a form names: an SCP unless it says otherwise.
func policyKind(text string) model.PolicyKind {
	if text == "rcp" || text == string(model.ResourceControlPolicy) {
		return model.ResourceControlPolicy
	}
	return model.ServiceControlPolicy
}

// policies is the list of organization policies: GET /accounts/policies.
func (h *Handlers) policies(c echo.Context) error {
	q, kind := center.PolicyQuery{Text: c.QueryParam("q")}, c.QueryParam("kind")
	if kind == "scp" || kind == "rcp" {
		q.Kind = policyKind(kind)
	}
	list, err := h.Center.Policies(c.Request().Context(), person(c), q)
	if err != nil {
		return err
	}
	view := templates.PoliciesPage{Query: q.Text, Now: h.Now(), Clear: "/accounts/policies",
		Count: templates.Plural(list.SCPs, "SCP", "SCPs") + ", " + templates.Plural(list.RCPs, "RCP", "RCPs")}
	for _, k := range []string{"scp", "rcp"} {
		query := with(url.Values{"q": {q.Text}}, "kind", k)
		if kind == k {
			query = with(query, "kind", "")
			view.Keep = []templates.Pair{{Name: "kind", Value: k}}
		}
		if q.Text == "" {
			query.Del("q")
		}
		view.Chips = append(
			view.Chips,
			templates.Chip{Text: "Only " + policyKind(k).Short() + "s", On: kind == k, Removable: kind == k,
				Href: "/accounts/policies?" + query.Encode()},
		)
	}
	for _, p := range list.Policies {
		view.Rows = append(view.Rows, policyRow(p))
	}
	may, err := h.Center.Allows(c.Request().Context(), person(c), model.ActCreatePolicy, model.ActAttachPolicy)
	if err != nil {
		return err
	}
	if may[model.ActAttachPolicy] {
		view.Actions = append(view.Actions, templates.Action{Text: "Attach", Href: "/accounts/attach", Icon: "link"})
	}
	if may[model.ActCreatePolicy] {
		view.Actions = append(
			view.Actions,
			templates.Action{Text: "New policy", Href: "/accounts/policies/new", Icon: "plus", Primary: true},
		)
	}
	return h.render(c, formPage("Organization policies", accountsCrumbs("Policies"), 0), templates.Policies(view))
}

// mostTargets is how many targets a row of the list names.
const mostTargets = 3

func policyRow(p center.PolicyUse) templates.PolicyRow {
	link := policyLink(p.Policy)
	row := templates.PolicyRow{
		Name:    link.Text,
		Href:    link.Href,
		Text:    p.Description,
		Kind:    p.Kind.Short(),
		AWS:     p.AWSManaged,
		Version: int(p.Version),
		SavedAt: p.UpdatedAt,
		More:    max(0, len(p.Targets)-mostTargets),
	}
	for _, t := range p.Targets[:min(len(p.Targets), mostTargets)] {
		row.Targets = append(row.Targets, templates.Link{Text: t.Name, Href: placeHref(t.Target)})
	}
	return row
}

// policyView is what every tab of a policy has.
func (h *Handlers) policyView(c echo.Context, tab string) (center.PolicyDetail, templates.PolicyPage, error) {
	v, err := h.Center.Policy(c.Request().Context(), person(c), model.PolicyID(c.Param("id")))
	if err != nil {
		return v, templates.PolicyPage{}, err
	}
	kind := map[model.PolicyKind]string{model.ServiceControlPolicy: "Service control policy", model.ResourceControlPolicy: "Resource control policy"}[v.Kind]
	view := templates.PolicyPage{
		Name:  v.Name,
		ID:    string(v.ID),
		Text:  v.Description,
		Tab:   tab,
		Saves: len(v.Versions),
		Now:   h.Now(),
		Facts: []templates.Fact{
			{Label: "Kind", HideLabel: true, Value: templates.Text(kind)},
			{Label: "Id", Value: templates.Copyable(string(v.ID), "policy id")},
			{Label: "Holds for", Value: templates.Text(templates.Plural(v.Reaches, "account", "accounts"))},
			{Label: "ARN", Value: templates.ARN(v.ARN)},
		},
	}
	if v.AWSManaged {
		view.Facts = append(
			view.Facts,
			templates.Fact{Label: "Owner", HideLabel: true, Value: templates.Pill(templates.ToneInfo, "AWS's own")},
		)
	}
	for _, t := range v.Targets {
		view.Targets = append(view.Targets, policyTarget(v, t))
	}
	base := "/accounts/policies/" + view.ID
	if v.May[model.ActDeletePolicy] && !v.AWSManaged {
		view.Actions = append(
			view.Actions,
			templates.Action{Text: "Delete", Href: base + "/delete", Icon: "trash", Danger: true, Dialog: true},
		)
	}
	if v.May[model.ActAttachPolicy] {
		view.Attach = "/accounts/attach?policy=" + view.ID
		view.Actions = append(view.Actions, templates.Action{Text: "Attach", Href: view.Attach, Icon: "link"})
	}
	if v.May[model.ActUpdatePolicy] && !v.AWSManaged {
		view.Actions = append(
			view.Actions,
			templates.Action{Text: "Edit", Href: base + "/edit", Icon: "pencil", Primary: true},
		)
	}
	return v, view, nil
}

func policyTarget(v center.PolicyDetail, t center.PolicyTarget) templates.PolicyTargetRow {
	row := templates.PolicyTargetRow{
		Place: templates.Link{Text: t.Name, Href: placeHref(t.Target)},
		Unit:  t.IsUnit(),
		ID:    t.Target.ID,
		Path:  unitLink(t.Place).Text,
		Since: t.Since,
		Void:  t.Management && v.Kind == model.ServiceControlPolicy,
	}
	if t.Unit == "" {
		row.Path = ""
	}
	if v.May[model.ActDetachPolicy] {
		row.Detach = detachHref(v.ID, t.Target)
	}
	return row
}

func (h *Handlers) renderPolicy(c echo.Context, view templates.PolicyPage) error {
	return h.render(c, formPage(view.Name, policiesCrumbs(templates.Link{Text: view.Name}), 0),
		templates.ControlPolicy(view))
}

// policy is the document of a policy: GET /accounts/policies/:id.
func (h *Handlers) policy(c echo.Context) error {
	v, view, err := h.policyView(c, "document")
	if err != nil {
		return err
	}
	view.Findings = findingsOf(v.Findings)
	view.Lines = templates.FindingLines(v.Document, view.Findings)
	view.Size = templates.Number(utf8.RuneCountInString(v.Document)) + " characters with white space"
	for _, q := range eval.Quotas() {
		if string(q.Type) == v.Kind.Short() {
			view.Size = templates.Number(
				utf8.RuneCountInString(v.Document),
			) + " of " + templates.Number(
				q.Characters,
			) + " characters, white space included"
		}
	}
	return h.renderPolicy(c, view)
}

// policyVersions is the Versions tab: GET /accounts/policies/:id/versions.
func (h *Handlers) policyVersions(c echo.Context) error {
	v, view, err := h.policyView(c, "versions")
	if err != nil {
		return err
	}
	shown := versionOf(c.QueryParam("version"))
	if shown == 0 {
		shown = v.Version
	}
	for i, save := range v.Versions {
		row := templates.PolicyVersionRow{
			Version: int(save.Version),
			Name:    save.PolicyVersion.Name,
			By:      save.Name,
			At:      save.SavedAt,
			Current: save.Version == v.Version,
		}
		if row.By == "" {
			row.By = "the host"
		}
		if i+1 < len(v.Versions) {
			row.Compare = c.Request().URL.Path + "?version=" + templates.Digits(row.Version)
			if save.Version == shown {
				before := v.Versions[i+1]
				view.Compare = &templates.PolicyCompare{From: int(before.Version), To: row.Version,
					Lines: templates.TextDiff(before.Document, save.Document)}
			}
		}
		view.Versions = append(view.Versions, row)
	}
	return h.renderPolicy(c, view)
}

// policyTargets is the Attached tab: GET /accounts/policies/:id/targets.
func (h *Handlers) policyTargets(c echo.Context) error {
	_, view, err := h.policyView(c, "targets")
	if err != nil {
		return err
	}
	return h.renderPolicy(c, view)
}

// policyHistory is the History tab: GET /accounts/policies/:id/history.
func (h *Handlers) policyHistory(c echo.Context) error {
	v, view, err := h.policyView(c, "history")
	if err != nil {
		return err
	}
	if view.History, err = h.history(c, model.Ref{Kind: model.RefPolicy, ID: string(v.ID)}, "policy"); err != nil {
		return err
	}
	return h.renderPolicy(c, view)
}
