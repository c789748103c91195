package handlers

import (
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"strconv"
	"strings"
	"time"

	"gatehouse/internal/center"
	"gatehouse/internal/model"
	"gatehouse/web/templates"
)

// The marks before an id in the values of the assign form.
const (
	markUser    = "user:"
	markGroup   = "group:"
	markAccount = "account:"
	markOU      = "ou:"
)

// assignFormOf reads the form from an address: what pages link to (?user=, ?group=, ?set=, ?account=, ?unit=) and what
// the form itself sends for a review.
func assignFormOf(q url.Values) templates.AssignForm {
	form := templates.AssignForm{Principals: q["principals"], Sets: q["permission_sets"], Targets: q["targets"],
		Who: q.Get("who"),
		Set: q.Get("name"), Where: q.Get("where"), Ends: q.Get("ends"), ExpiresAt: q.Get("expires_at"),
		StartsAt: q.Get("starts_at"), Reason: q.Get("reason")}
	for _, id := range q["user"] {
		form.Principals = append(form.Principals, markUser+id)
	}
	for _, id := range q["group"] {
		form.Principals = append(form.Principals, markGroup+id)
	}
	form.Sets = append(form.Sets, q["set"]...)
	for _, id := range q["account"] {
		form.Targets = append(form.Targets, markAccount+id)
	}
	for _, id := range q["unit"] {
		form.Targets = append(form.Targets, markOU+id)
	}
	return form
}

// assignAddress is the address that shows the form as it is.
func assignAddress(form templates.AssignForm) string {
	q := url.Values{"principals": form.Principals, "permission_sets": form.Sets, "targets": form.Targets}
	for name, value := range map[string]string{"who": form.Who, "name": form.Set, "where": form.Where, "ends": form.Ends,
		"expires_at": form.ExpiresAt, "starts_at": form.StartsAt, "reason": form.Reason} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if query := q.Encode(); query != "" {
		return "/assignments/new?" + query
	}
	return "/assignments/new"
}

// digestOf identifies what a form would do: what was reviewed has to be what is carried out.
func digestOf(form templates.AssignForm) string {
	form.Who, form.Set, form.Where, form.Reason, form.Review = "", "", "", "", ""
	sum := sha256.Sum256([]byte(assignAddress(form)))
	return hex.EncodeToString(sum[:16])
}

// requestOf reads what a form asks for. Times that cannot be read are problems of their fields.
func requestOf(form templates.AssignForm, now time.Time) (center.AssignRequest, error) {
	p := model.Problems{}
	q := center.AssignRequest{Principals: principalsOf(form.Principals), Targets: targetsOf(form.Targets),
		StartsAt: timeOf(p, "starts_at", form.StartsAt), ExpiresAt: endOf(p, form,
			now), Reason: strings.TrimSpace(form.Reason)}
	for _, id := range form.Sets {
		q.Sets = append(q.Sets, model.PermissionSetID(id))
	}
	return q, p.Err()
}

func principalsOf(values []string) []model.Principal {
	var list []model.Principal
	for _, v := range values {
		if id, ok := strings.CutPrefix(v, markUser); ok {
			list = append(list, model.Principal{Kind: model.PrincipalUser, ID: id})
		} else if id, ok := strings.CutPrefix(v, markGroup); ok {
			list = append(list, model.Principal{Kind: model.PrincipalGroup, ID: id})
		}
	}
	return list
}

func targetsOf(values []string) []model.Target {
	var list []model.Target
	for _, v := range values {
		if id, ok := strings.CutPrefix(v, markAccount); ok {
			list = append(list, model.Target{Kind: model.TargetAccount, ID: id})
		} else if id, ok := strings.CutPrefix(v, markOU); ok {
			list = append(list, model.Target{Kind: model.TargetOU, ID: id})
		}
	}
	return list
}

// endOf is the end that the form asks for: the date when one is given, else the period from now.
func endOf(p model.Problems, form templates.AssignForm, now time.Time) time.Time {
	if form.ExpiresAt != "" {
		return timeOf(p, "expires_at", form.ExpiresAt)
	}
	if form.Ends == "" {
		return time.Time{}
	}
	hours, err := strconv.Atoi(form.Ends)
	if err != nil || hours < 1 || hours > 24*366 {
		p.Add("expires_at", "Choose one of the periods, or a date.")
		return time.Time{}
	}
	return now.Add(time.Duration(hours) * time.Hour)
}

// timeOf reads a date and time in UTC as browsers send it.
func timeOf(p model.Problems, field, text string) time.Time {
	if text == "" {
		return time.Time{}
	}
	for _, layout := range []string{"2006-01-02T15:04", "2006-01-02T15:04:05", "2006-01-02 15:04"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t
		}
	}
	p.Add(field, "Enter a date and time such as 2026-11-27T14:30. It is read as UTC.")
	return time.Time{}
}
