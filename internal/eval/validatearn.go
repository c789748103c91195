package eval

import (
	"slices"
	"strings"
)

// resource checks one entry of a Resource element.
func (v *validator) resource(t *Text) {
	if t.Value == "*" || !v.variable(t) {
		return
	}
	fields := strings.SplitN(t.Value, ":", 6)
	if fields[0] != "arn" {
		v.fail(t.Span, "Invalid ARN prefix", `Start with "arn:", or write "*" for every resource.`)
		return
	}
	if len(fields) < 6 {
		v.shortARN(t)
		return
	}
	if strings.Contains(strings.Join(fields[:5], ":"), "${") {
		v.fail(t.Span, "Variable unsupported in element", "Use variables only after the fifth colon of an ARN.")
		return
	}
	v.partition(t, fields[1])
	v.arnService(t, fields[2])
	v.arnRegion(t, fields)
	v.arnAccount(t, fields)
	if fields[5] == "" {
		v.fail(t.Span, "Invalid ARN resource", `Name a resource after the fifth colon, or write "*" there.`)
	}
}

func (v *validator) shortARN(t *Text) {
	padded := paddingOf(t.Value, true)
	if padded == shortPlain || v.kind == TypeRCP || v.kind == TypeSCP && padded != shortStar {
		v.fail(t.Span, "Missing ARN field", "Write all six parts: arn:partition:service:region:account:resource.")
	}
}

func (v *validator) partition(t *Text, partition string) {
	known := []string{"aws", "aws-cn", "aws-us-gov", "aws-eusc", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f"}
	if !hasWildcard(partition) && !slices.Contains(known, partition) {
		v.fail(t.Span, "Invalid partition", "Write aws instead of "+quote(partition)+", or aws-cn or aws-us-gov.")
	}
}

func (v *validator) arnService(t *Text, service string) {
	switch lower := lowerASCII(service); {
	case service == "" || hasWildcard(service):
		v.fail(t.Span, "Invalid service", "Name one service in the third part of the ARN; wildcards do not work there.")
	case lower != service:
		v.fail(t.Span, "Invalid ARN service case", "Write "+quote(lower)+" in small letters.")
	case !v.hasService(service) && !slices.Contains(arnOnlyServices(), service):
		v.warn(t.Span, "Invalid service", "Check "+quote(service)+"; no action has this prefix.")
	}
}

// hasService reports whether the catalogue knows the prefix, or there is no catalogue.
func (v *validator) hasService(prefix string) bool {
	if v.catalog.Actions == nil {
		return true
	}
	_, ok := v.actions(prefix)
	return ok
}

// arnOnlyServices are services whose ARNs have another name than their actions.
func arnOnlyServices() []string {
	return []string{"elasticloadbalancing", "execute-api", "cassandra", "catalog"}
}

// arnRegion checks the region of services that are known to have one or to have none.
func (v *validator) arnRegion(t *Text, fields []string) {
	service, region, account := fields[2], fields[3], fields[4]
	global := service == "iam" || service == "organizations" || service == "cloudfront" || service == "route53"
	switch wild := hasWildcard(region); {
	case wild:
	case region != "" && (global || service == "s3" && account == ""):
		v.fail(t.Span, "ARN Region not allowed", "Leave the Region empty; ARNs of "+service+" have none here.")
	case region == "" && slices.Contains(regional(), service):
		v.fail(t.Span, "Missing ARN Region", `Name a Region in the fourth part of the ARN, or write "*" there.`)
	case region != "" && !isRegion(region):
		v.fail(t.Span, "Invalid ARN Region", "Write a Region such as eu-west-1 instead of "+quote(region)+".")
	}
}

// regional are services all of whose resources belong to a Region.
func regional() []string {
	return []string{"sqs", "sns", "lambda", "kms", "secretsmanager", "logs", "ecs", "ecr", "kinesis", "states"}
}

// isRegion accepts words of small letters joined by dashes with a number at the end.
func isRegion(s string) bool {
	words := strings.Split(s, "-")
	for _, w := range words[:len(words)-1] {
		if w == "" || strings.Trim(w, "abcdefghijklmnopqrstuvwxyz") != "" {
			return false
		}
	}
	return len(words) >= 3 && allDigits(words[len(words)-1])
}

func (v *validator) arnAccount(t *Text, fields []string) {
	service, region, account, rest := fields[2], fields[3], fields[4], fields[5]
	switch {
	case account == "" && (service == "iam" || slices.Contains(regional(), service)):
		v.fail(t.Span, "Missing ARN account", `Name an account in the fifth part of the ARN, or write "*" there.`)
	case account == "" || hasWildcard(account) || account == "aws":
	case !isAccountID(account) && account != "cloudfront" && account != "aws-managed":
		v.fail(t.Span, "Invalid ARN account", "Write the account's twelve digits instead of "+quote(account)+".")
	case service == "s3" && region == "" && !strings.ContainsAny(rest, "/:") && !strings.HasPrefix(rest, "*"):
		v.fail(t.Span, "ARN account not allowed", "Leave the account empty; a bucket's ARN has none.")
	}
}

func isAccountID(s string) bool { return len(s) == 12 && allDigits(s) }
