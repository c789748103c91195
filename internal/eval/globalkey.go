package eval

import "strings"

// keyType is the type of a condition key's values, in AWS's words: String, ARN, Bool,
// Date, Numeric or IPAddress, and the same after ArrayOf for a multi-valued key. It is
// empty for a key of which nothing is known.
type keyType string

func (k keyType) many() bool { return strings.HasPrefix(string(k), "ArrayOf") }

// comparesWith reports whether an operator fits the type. ARNs are compared as strings
// too, and a date in seconds as a number.
func (k keyType) comparesWith(op operator) bool {
	one := strings.TrimPrefix(string(k), "ArrayOf")
	switch op.compare {
	case stringEquals, stringEqualsIgnoreCase, stringLike:
		return one == "String" || one == "ARN" || one == "Binary"
	case arnLike:
		return one == "ARN"
	case boolEquals:
		return one == "Bool"
	case ipInRange:
		return one == "IPAddress"
	case dateOrder:
		return one == "Date"
	case numericOrder:
		return one == "Numeric" || one == "Date"
	default:
		return true
	}
}

// operators names a family of operators that fits the type.
func (k keyType) operators() string {
	switch one := strings.TrimPrefix(string(k), "ArrayOf"); one {
	case "ARN":
		return "Arn"
	case "IPAddress":
		return "IpAddress"
	default:
		return one
	}
}

// keyType finds a condition key among the global ones and in the catalogue.
func (v *validator) keyType(name string) (k keyType, known bool) {
	if k := globalKey(name); k != "" {
		return k, true
	}
	if v.catalog.ConditionKey == nil {
		return "", false
	}
	kind, known := v.catalog.ConditionKey(name)
	return keyType(kind), known
}

// globalKey returns the type of a key that every service knows, or "".
func globalKey(name string) keyType {
	name = foldKey(name)
	for _, k := range globalKeys() {
		if k.name == name || strings.HasSuffix(k.name, "/") && strings.HasPrefix(name, k.name) {
			return k.keyType
		}
	}
	return ""
}

// namedKey is a key and its type. A name that ends in a slash is followed by a tag.
type namedKey struct {
	name string
	keyType
}

// globalKeys is the table of global condition keys (IAM user guide, "AWS global
// condition context keys"), as of 2026-08.
func globalKeys() []namedKey {
	return []namedKey{
		{"aws:assumedroot", "Bool"},
		{"aws:calledvia", "ArrayOfString"},
		{"aws:calledviaawsmcp", "String"},
		{"aws:calledviafirst", "String"},
		{"aws:calledvialast", "String"},
		{"aws:chatbotsourcearn", "ARN"},
		{"aws:currenttime", "Date"},
		{"aws:ec2instancesourceprivateipv4", "IPAddress"},
		{"aws:ec2instancesourcevpc", "String"},
		{"aws:epochtime", "Date"},
		{"aws:federatedprovider", "String"},
		{"aws:ismcpserviceaction", "Bool"},
		{"aws:multifactorauthage", "Numeric"},
		{"aws:multifactorauthpresent", "Bool"},
		{"aws:principalaccount", "String"},
		{"aws:principalarn", "ARN"},
		{"aws:principalisawsservice", "Bool"},
		{"aws:principalorgid", "String"},
		{"aws:principalorgpaths", "ArrayOfString"},
		{"aws:principalservicename", "String"},
		{"aws:principalservicenameslist", "ArrayOfString"},
		{"aws:principaltag/", "String"},
		{"aws:principaltype", "String"},
		{"aws:referer", "String"},
		{"aws:requestedregion", "String"},
		{"aws:requesttag/", "String"},
		{"aws:resourceaccount", "String"},
		{"aws:resourceorgid", "String"},
		{"aws:resourceorgpaths", "ArrayOfString"},
		{"aws:resourcetag/", "String"},
		{"aws:securetransport", "Bool"},
		{"aws:signinsessionarn", "ARN"},
		{"aws:sourceaccount", "String"},
		{"aws:sourcearn", "ARN"},
		{"aws:sourceidentity", "String"},
		{"aws:sourceip", "IPAddress"},
		{"aws:sourceorgid", "String"},
		{"aws:sourceorgpaths", "ArrayOfString"},
		{"aws:sourcevpc", "String"},
		{"aws:sourcevpcarn", "ARN"},
		{"aws:sourcevpce", "String"},
		{"aws:tagkeys", "ArrayOfString"},
		{"aws:tokenissuetime", "Date"},
		{"aws:useragent", "String"},
		{"aws:userid", "String"},
		{"aws:username", "String"},
		{"aws:viaawsmcpservice", "Bool"},
		{"aws:viaawsservice", "Bool"},
		{"aws:vpceaccount", "String"},
		{"aws:vpceorgid", "String"},
		{"aws:vpceorgpaths", "ArrayOfString"},
		{"aws:vpcsourceip", "IPAddress"},
	}
}
