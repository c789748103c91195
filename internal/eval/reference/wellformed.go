package reference

import "encoding/json"

// isPolicy reports whether a decoded text has the form of a policy.
func isPolicy(d map[string]any) bool {
	for name, value := range d {
		ok := false
		switch name {
		case "Version":
			ok = value == "2012-10-17" || value == "2008-10-17"
		case "Id":
			ok = isString(value)
		case "Statement":
			list, many := value.([]any)
			ok = many && every(list, isStatement) || isStatement(value)
		}
		if !ok {
			return false
		}
	}
	_, present := d["Statement"]
	return present
}

func isStatement(v any) bool {
	s, ok := v.(map[string]any)
	if !ok {
		return false
	}
	for name, value := range s {
		switch name {
		case "Sid":
			ok = isString(value)
		case "Effect":
			ok = value == "Allow" || value == "Deny"
		case "Principal", "NotPrincipal":
			ok = isPrincipal(value)
		case "Action", "NotAction", "Resource", "NotResource":
			ok = isStrings(value)
		case "Condition":
			ok = isCondition(value)
		default:
			ok = false
		}
		if !ok {
			return false
		}
	}
	return s["Effect"] != nil && one(s, "Action") && !both(s, "Resource") && !both(s, "Principal")
}

func one(s map[string]any, name string) bool {
	_, present := element(s, name)
	return present && !both(s, name)
}

func both(s map[string]any, name string) bool {
	_, plain := s[name]
	_, negated := s["Not"+name]
	return plain && negated
}

func isPrincipal(v any) bool {
	if v == "*" {
		return true
	}
	kinds, ok := v.(map[string]any)
	for name, value := range kinds {
		known := name == "AWS" || name == "Service" || name == "Federated" || name == "CanonicalUser"
		ok = ok && known && isStrings(value)
	}
	return ok
}

func isCondition(v any) bool {
	operators, ok := v.(map[string]any)
	for _, keys := range operators {
		tests, isObject := keys.(map[string]any)
		ok = ok && isObject
		for _, values := range tests {
			list, many := values.([]any)
			ok = ok && (many && every(list, isScalar) || isScalar(values))
		}
	}
	return ok
}

func isString(v any) bool {
	_, ok := v.(string)
	return ok
}

func isStrings(v any) bool {
	list, many := v.([]any)
	return isString(v) || many && every(list, isString)
}

func isScalar(v any) bool {
	switch v.(type) {
	case string, bool, json.Number:
		return true
	}
	return false
}

func every(list []any, test func(any) bool) bool {
	for _, v := range list {
		if !test(v) {
			return false
		}
	}
	return true
}
