package handlers

import (
	"fmt"
	"net/url"
	"time"

	"github.com/labstack/echo/v4"

	"gatehouse/internal/center"
	"gatehouse/internal/model"
	"gatehouse/web/templates"
)

// overview is the first page: the console's for operators, the portal for everybody else. An operator who may not see the
// overview begins with the first place that they may open.
func (h *Handlers) overview(c echo.Context) error {
	ctx, actor := c.Request().Context(), person(c)
	m, err := h.Center.Menu(ctx, actor)
	if err != nil {
		return err
	}
	if first := navigation(m)[0].Items[0].Href; first != "/" {
		return h.redirect(c, first)
	}
	may, err := h.Center.Allows(ctx, actor, model.ActReadAudit, model.ActCreateAssignment)
	if err != nil {
		return err
	}
	o, err := h.Center.Overview(ctx, actor)
	if err != nil {
		return err
	}
	p := templates.OverviewPage{Organization: o.Organization.Name, Accounts: o.Accounts, People: o.People,
		WithFactor: o.WithFactor, Rules: o.Rules, Scenarios: o.Scenarios, Now: h.Now(), MayAssign: may[model.ActCreateAssignment]}
	for _, u := range o.Administrators {
		p.Administrators = append(p.Administrators, templates.Link{Text: u.Name, Href: hrefOf(u)})
	}
	for _, rule := range o.Ending {
		p.Ending = append(p.Ending, templates.EndingRule{Who: rule.Who, What: rule.Set + " · " + rule.Where, Ends: rule.EndsAt,
			Href: hrefOf(model.Ref{Kind: model.RefAssignment, ID: string(rule.ID)})})
	}
	for _, s := range o.Failing {
		p.Failing = append(p.Failing, templates.Link{Text: s.Name, Href: scenariosPath + "/" + string(s.ID)})
	}
	for _, proof := range o.Proofs {
		p.Proofs = append(p.Proofs, scenarioRow(proof))
	}
	fillSignIns(&p, o.SignIns)
	if may[model.ActReadAudit] {
		p.Trail, p.Slowdown = "/audit", slowdownOf(o.Slowdown)
		for _, e := range o.Recent {
			event := eventOf(e)
			p.Recent = append(p.Recent, templates.FeedItem{Icon: event.Icon, What: event.What, At: event.At, Detail: event.Detail})
		}
	}
	return h.render(c, page{title: "Overview", section: "/"}, templates.Overview(p))
}

func slowdownOf(s center.Slowdown) templates.Slowdown {
	return templates.Slowdown{Wrong: s.Wrong, Off: s.Off, Until: s.Until, Every: int(s.Every / time.Second),
		Trail: "/audit?" + url.Values{"q": {center.WrongCode}}.Encode()}
}

func fillSignIns(p *templates.OverviewPage, days []center.SignInDay) {
	for _, day := range days {
		bar := templates.Bar{Name: day.Day.Format("2 Jan"), OK: day.SignedIn, Bad: day.Failed}
		if day.MostFailed != "" {
			bar.Note = fmt.Sprintf("%d failed: %s", day.MostFailedTimes, day.MostFailed)
		}
		p.SignIns.Bars = append(p.SignIns.Bars, bar)
		p.SignedIn += day.SignedIn
		p.Failed += day.Failed
	}
	p.SignIns.Label = fmt.Sprintf("Sign-ins of the last %d days: %d signed in, %d failed", len(days), p.SignedIn, p.Failed)
}
