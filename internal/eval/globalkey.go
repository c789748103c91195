package eval

import "strings"

// keyKind is the type of a condition key's values.
type keyKind uint8

const (
	stringKey keyKind = iota
	arnKey
	boolKey
	dateKey
	numericKey
	ipKey
)

func (k keyKind) words() string {
	return [...]string{"String", "Arn", "Bool", "Date", "Numeric", "IpAddress"}[k]
}

// keyType is what is known of a global condition key.
type keyType struct {
	name string // in lower case; one ending in a slash is followed by a tag
	kind keyKind
	many bool // multi-valued
}

// comparesWith reports whether an operator fits the type. ARNs are compared as strings
// too, and a date in seconds as a number.
func (k keyType) comparesWith(op operator) bool {
	switch op.compare {
	case isNull:
		return true
	case stringEquals, stringEqualsIgnoreCase, stringLike, binaryEquals:
		return k.kind == stringKey || k.kind == arnKey
	case arnLike:
		return k.kind == arnKey
	case boolEquals:
		return k.kind == boolKey
	case ipInRange:
		return k.kind == ipKey
	case dateOrder:
		return k.kind == dateKey
	case numericOrder:
		return k.kind == numericKey || k.name == "aws:epochtime"
	default:
		return false
	}
}

// globalKey finds a key that every service knows.
func globalKey(name string) (keyType, bool) {
	name = foldKey(name)
	for _, k := range globalKeys() {
		if k.name == name || strings.HasSuffix(k.name, "/") && strings.HasPrefix(name, k.name) {
			return k, true
		}
	}
	return keyType{}, false
}

// globalKeys is the table of global condition keys (IAM user guide, "AWS global
// condition context keys"), as of 2026-08.
func globalKeys() []keyType {
	return []keyType{
		{name: "aws:assumedroot", kind: boolKey},
		{name: "aws:calledvia", many: true},
		{name: "aws:calledviaawsmcp"},
		{name: "aws:calledviafirst"},
		{name: "aws:calledvialast"},
		{name: "aws:chatbotsourcearn", kind: arnKey},
		{name: "aws:currenttime", kind: dateKey},
		{name: "aws:ec2instancesourceprivateipv4", kind: ipKey},
		{name: "aws:ec2instancesourcevpc"},
		{name: "aws:epochtime", kind: dateKey},
		{name: "aws:federatedprovider"},
		{name: "aws:multifactorauthage", kind: numericKey},
		{name: "aws:multifactorauthpresent", kind: boolKey},
		{name: "aws:principalaccount"},
		{name: "aws:principalarn", kind: arnKey},
		{name: "aws:principalisawsservice", kind: boolKey},
		{name: "aws:principalorgid"},
		{name: "aws:principalorgpaths", many: true},
		{name: "aws:principalservicename"},
		{name: "aws:principalservicenameslist", many: true},
		{name: "aws:principaltag/"},
		{name: "aws:principaltype"},
		{name: "aws:referer"},
		{name: "aws:requestedregion"},
		{name: "aws:requesttag/"},
		{name: "aws:resourceaccount"},
		{name: "aws:resourceorgid"},
		{name: "aws:resourceorgpaths", many: true},
		{name: "aws:resourcetag/"},
		{name: "aws:securetransport", kind: boolKey},
		{name: "aws:signinsessionarn", kind: arnKey},
		{name: "aws:sourceaccount"},
		{name: "aws:sourcearn", kind: arnKey},
		{name: "aws:sourceidentity"},
		{name: "aws:sourceip", kind: ipKey},
		{name: "aws:sourceorgid"},
		{name: "aws:sourceorgpaths", many: true},
		{name: "aws:sourcevpc"},
		{name: "aws:sourcevpcarn", kind: arnKey},
		{name: "aws:sourcevpce"},
		{name: "aws:tagkeys", many: true},
		{name: "aws:tokenissuetime", kind: dateKey},
		{name: "aws:useragent"},
		{name: "aws:userid"},
		{name: "aws:username"},
		{name: "aws:viaawsmcpservice", kind: boolKey},
		{name: "aws:viaawsservice", kind: boolKey},
		{name: "aws:vpceaccount"},
		{name: "aws:vpceorgid"},
		{name: "aws:vpceorgpaths", many: true},
		{name: "aws:vpcsourceip", kind: ipKey},
	}
}
