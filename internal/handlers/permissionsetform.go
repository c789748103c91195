package handlers

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"gatehouse/internal/model"
	"gatehouse/web/templates"
)

// setOf reads a permission set from what was typed. When something cannot be read, the error names every problem of the
// form, not only those of reading.
func (h *Handlers) setOf(form templates.PermissionSetForm) (model.PermissionSet, error) {
	problems := model.Problems{}
	s := model.PermissionSet{Name: form.Name, Description: form.Description, InlinePolicy: form.InlinePolicy,
		RelayState: form.RelayState, ManagedPolicies: arnsOf(form), CustomerPolicies: customerNames(form.CustomerPolicies)}
	s.SessionDuration = hoursOf(problems, form.SessionDuration)
	s.Boundary = boundaryOf(problems, form.Boundary)
	s.Tags = tagsOf(problems, form.Tags)
	s.Version, _ = strconv.ParseInt(form.Version, 10, 64) // no number is no version: a stale one
	if len(problems) == 0 {
		return s, nil
	}
	if e, ok := errors.AsType[*model.Error](h.Center.CheckPermissionSet(s, form.Reason)); ok {
		for field, words := range e.Fields {
			problems.Add(field, words)
		}
	}
	return s, problems.Err()
}

// arnsOf returns the ARNs of a form, each once: ticked ones come one a value, typed ones one a line.
func arnsOf(form templates.PermissionSetForm) []string {
	var arns []string
	for _, value := range form.ManagedPolicies {
		for _, arn := range strings.Fields(value) {
			if !slices.Contains(arns, arn) {
				arns = append(arns, arn)
			}
		}
	}
	return arns
}

// customerNames reads references, one a line: /path/name or name.
func customerNames(text string) []model.CustomerName {
	var names []model.CustomerName
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			names = append(names, customerName(line))
		}
	}
	return names
}

func customerName(text string) model.CustomerName {
	slash := strings.LastIndexByte(text, '/')
	if slash < 0 {
		return model.CustomerName{Name: text, Path: "/"}
	}
	return model.CustomerName{Name: text[slash+1:], Path: text[:slash+1]}
}

// hoursOf reads a duration in hours, such as 4 or 1.5.
func hoursOf(p model.Problems, text string) time.Duration {
	text = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(text), "h"))
	hours, err := strconv.ParseFloat(strings.ReplaceAll(text, ",", "."), 64)
	within := hours >= model.ShortestSession.Hours() && hours <= model.LongestSession.Hours() // not a number is not
	if err != nil || !within {
		p.Add("session_duration", "Enter hours from 1 to 12, such as 4 or 1.5.")
		return model.ShortestSession
	}
	return time.Duration(hours * float64(time.Hour)).Round(time.Minute)
}

// hoursText writes a duration as the form takes it.
func hoursText(d time.Duration) string {
	return strings.TrimSuffix(strings.TrimRight(strconv.FormatFloat(d.Hours(), 'f', 4, 64), "0"), ".")
}

func boundaryOf(p model.Problems, text string) model.Boundary {
	text = strings.TrimSpace(text)
	switch {
	case text == "":
		return model.Boundary{}
	case strings.HasPrefix(text, "arn:"):
		return model.Boundary{ManagedPolicy: text}
	case !strings.HasPrefix(text, "/"):
		p.Add("boundary", "Write the ARN of an AWS-managed policy, or /path/name of a customer-managed one.")
		return model.Boundary{}
	}
	return model.Boundary{Customer: customerName(text)}
}

// formOf writes a permission set as the form takes it.
func formOf(s model.PermissionSet) templates.PermissionSetForm {
	form := templates.PermissionSetForm{Name: s.Name, Description: s.Description, ManagedPolicies: s.ManagedPolicies,
		InlinePolicy: s.InlinePolicy, SessionDuration: hoursText(s.SessionDuration), RelayState: s.RelayState,
		Version: strconv.FormatInt(
			s.Version,
			10,
		), Boundary: s.Boundary.ManagedPolicy + s.Boundary.Customer.Path + s.Boundary.Customer.Name}
	var customer []string
	for _, c := range s.CustomerPolicies {
		customer = append(customer, c.Path+c.Name)
	}
	form.CustomerPolicies, form.Tags = strings.Join(customer, "\n"), tagsText(s.Tags)
	return form
}

// inlineFindings is what is to be said about an inline policy; nothing about none.
func (h *Handlers) inlineFindings(document string) []templates.Finding {
	if strings.TrimSpace(document) == "" {
		return nil
	}
	findings, err := h.Center.Findings("identity", document)
	if err != nil {
		return nil // the kind is one of eval's: there is no error
	}
	return findingsOf(findings)
}
