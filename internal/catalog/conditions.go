package catalog

import (
	"slices"
	"strings"
)

// A KeyType is the type of a condition key's values; it decides which operators make sense.
type KeyType string

// AWS's types of condition keys. The array types hold any number of values in one request.
const (
	TypeString         KeyType = "String"
	TypeARN            KeyType = "ARN"
	TypeBool           KeyType = "Bool"
	TypeNumeric        KeyType = "Numeric"
	TypeDate           KeyType = "Date"
	TypeIPAddress      KeyType = "IPAddress"
	TypeArrayOfString  KeyType = "ArrayOfString"
	TypeArrayOfARN     KeyType = "ArrayOfARN"
	TypeArrayOfBool    KeyType = "ArrayOfBool"
	TypeArrayOfNumeric KeyType = "ArrayOfNumeric"
)

// A ConditionKey is a property of a request that conditions can test.
type ConditionKey struct {
	Name        string // may carry placeholders, as in aws:RequestTag/${TagKey}
	Type        KeyType
	Description string // empty for global keys
}

// Multivalued reports whether one request can carry several values of the key, so that conditions on it need a
// set qualifier.
func (k ConditionKey) Multivalued() bool { return strings.HasPrefix(string(k.Type), "ArrayOf") }

// GlobalConditionKeys lists AWS's global condition keys by name.
func (c *Catalog) GlobalConditionKeys() []ConditionKey { return slices.Clone(c.globals) }

// ConditionKey finds a condition key by the name that a policy uses, whatever the case: aws:RequestTag/Team
// finds aws:RequestTag/${TagKey}. It looks in the global keys and in those of every service that lists keys of
// this prefix. The global keys are known even when the catalogue is empty.
func (c *Catalog) ConditionKey(name string) (ConditionKey, bool) {
	lower := strings.ToLower(name)
	prefix, _, ok := strings.Cut(lower, ":")
	if !ok {
		return ConditionKey{}, false
	}
	if k, ok := findKey(c.globals, lower); ok {
		return k, true
	}
	if k, ok := findKey(c.service(prefix).keys, lower); ok {
		return k, true
	}
	for template, owners := range c.keyOwners {
		if !matchesTemplate(template, prefix) {
			continue
		}
		for _, i := range owners {
			if k, ok := findKey(c.service(c.services[i].Prefix).keys, lower); ok {
				return k, true
			}
		}
	}
	return ConditionKey{}, false
}

func findKey(keys []ConditionKey, lower string) (ConditionKey, bool) {
	i := slices.IndexFunc(keys, func(k ConditionKey) bool { return matchesTemplate(strings.ToLower(k.Name), lower) })
	if i < 0 {
		return ConditionKey{}, false
	}
	return keys[i], true
}

// matchesTemplate reports whether name is the template with each ${placeholder} replaced by one character or
// more. Both must be of the same case. Its time is linear, since names come from people's policies.
func matchesTemplate(template, name string) bool {
	literal, rest, placeholder := strings.Cut(template, "${")
	if !placeholder {
		return template == name
	}
	name, fits := strings.CutPrefix(name, literal)
	for fits {
		_, rest, _ = strings.Cut(rest, "}")
		literal, rest, placeholder = strings.Cut(rest, "${")
		if !placeholder {
			return len(name) > len(literal) && strings.HasSuffix(name, literal)
		}
		if name == "" {
			return false
		}
		_, name, fits = strings.Cut(name[1:], literal)
	}
	return false
}
