package reference

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// errDocument says that a text is no policy.
var errDocument = errors.New("not a policy")

// maxDepth is how deeply a text may be nested.
const maxDepth = 32

// ReadDocument decodes the text of a policy and refuses what is none.
func ReadDocument(text []byte) (Document, error) {
	value, err := decode(text)
	if err != nil {
		return nil, err
	}
	d, ok := value.(map[string]any)
	if !ok || !isPolicy(d) {
		return nil, errDocument
	}
	return d, nil
}

// decode reads JSON into maps and lists and refuses what encoding/json would overlook:
// a name twice in one object, in the same or in another case.
func decode(text []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	value, err := decodeValue(d, 0)
	if err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errDocument
	}
	return value, nil
}

func decodeValue(d *json.Decoder, depth int) (any, error) {
	token, err := d.Token()
	open, nested := token.(json.Delim)
	if err != nil || !nested {
		return token, err
	}
	if depth++; depth > maxDepth {
		return nil, errDocument
	}
	if open == '[' {
		return decodeList(d, depth)
	}
	return decodeObject(d, depth)
}

func decodeList(d *json.Decoder, depth int) (any, error) {
	list := []any{}
	for d.More() {
		v, err := decodeValue(d, depth)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	_, err := d.Token()
	return list, err
}

func decodeObject(d *json.Decoder, depth int) (any, error) {
	object, seen := map[string]any{}, map[string]bool{}
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return nil, err
		}
		name, _ := token.(string)
		if seen[strings.ToLower(name)] {
			return nil, fmt.Errorf("%w: %q is there twice", errDocument, name)
		}
		seen[strings.ToLower(name)] = true
		if object[name], err = decodeValue(d, depth); err != nil {
			return nil, err
		}
	}
	_, err := d.Token()
	return object, err
}

// text is a scalar as it was written.
func text(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case bool:
		return fmt.Sprint(v)
	case json.Number:
		return v.String()
	}
	return ""
}

type policyJSON struct {
	Document json.RawMessage `json:"document"`
}

// ReadScenario reads one line of the conformance format.
func ReadScenario(line []byte) (*Scenario, error) {
	var w struct {
		Principal, Action, Resource, ResourceAccount, ManagementAccount string
		Context                                                         map[string]any
		IdentityPolicies, SessionPolicies                               []policyJSON
		PermissionsBoundary, ResourcePolicy, VPCEndpointPolicy          *policyJSON
		ServiceControlPolicies, ResourceControlPolicies                 []struct{ Policies []policyJSON }
	}
	d := json.NewDecoder(bytes.NewReader(line))
	d.UseNumber()
	if err := d.Decode(&w); err != nil {
		return nil, err
	}
	s := &Scenario{Principal: w.Principal, Action: w.Action, Resource: w.Resource, ResourceAccount: w.ResourceAccount,
		ManagementAccount: w.ManagementAccount, Context: map[string]any{}}
	for key, value := range w.Context {
		s.Context[key] = contextValue(value)
	}
	var problems []error
	one := func(p *policyJSON) Document {
		if p == nil {
			return nil
		}
		d, err := ReadDocument(p.Document)
		problems = append(problems, err)
		return d
	}
	all := func(list []policyJSON) (documents []Document) {
		for i := range list {
			documents = append(documents, one(&list[i]))
		}
		return documents
	}
	s.Identity, s.Session = all(w.IdentityPolicies), all(w.SessionPolicies)
	s.Boundary, s.ResourcePolicy, s.Endpoint = one(w.PermissionsBoundary), one(w.ResourcePolicy), one(w.VPCEndpointPolicy)
	for _, level := range w.ServiceControlPolicies {
		s.SCPs = append(s.SCPs, all(level.Policies))
	}
	for _, level := range w.ResourceControlPolicies {
		s.RCPs = append(s.RCPs, all(level.Policies))
	}
	return s, errors.Join(problems...)
}

func contextValue(v any) any {
	list, many := v.([]any)
	if !many {
		return text(v)
	}
	values := []string{}
	for _, item := range list {
		values = append(values, text(item))
	}
	return values
}
