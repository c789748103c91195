package eval

import "strings"

// arn is an ARN cut at its first five colons. Rest keeps its own colons, and head has all
// that stands before it.
type arn struct {
	head, partition, service, region, account, rest string
}

// splitARN cuts a text that starts with "arn:" and has at least six parts.
func splitARN(s string) (a arn, ok bool) {
	ok = a.split(s)
	return a, ok
}

// split is splitARN in place. It leaves a as it is when the text is no ARN.
func (a *arn) split(s string) bool {
	if !strings.HasPrefix(s, "arn:") {
		return false
	}
	partition := nextByte(s, len("arn:"), ':')
	service := nextByte(s, partition+1, ':')
	region := nextByte(s, service+1, ':')
	account := nextByte(s, region+1, ':')
	if account >= len(s) {
		return false
	}
	a.head, a.partition, a.service = s[:account+1], s[len("arn:"):partition], s[partition+1:service]
	a.region, a.account, a.rest = s[service+1:region], s[region+1:account], s[account+1:]
	return true
}

// header is what stands before the fifth colon of a resource pattern.
type header struct {
	partition, service, region, account string
	head                                string // all of it, unless there is a star in it
}

// plain reports whether each field is either a literal or a lone star.
func (h *header) plain() bool {
	for _, field := range [...]string{h.partition, h.service, h.region, h.account} {
		if field != "*" && hasWildcard(field) {
			return false
		}
	}
	return true
}

// match reports whether the header, which is plain, covers that of the ARN.
func (h *header) match(a *arn) bool {
	if h.head != "" {
		return h.head == a.head
	}
	return (h.region == a.region || h.region == "*") && (h.service == a.service || h.service == "*") &&
		(h.account == a.account || h.account == "*") && (h.partition == a.partition || h.partition == "*")
}

func isARN(s string) bool {
	_, ok := splitARN(s)
	return ok
}

// resourcePattern is one compiled entry of a Resource element.
type resourcePattern struct {
	any     bool // the lone star
	dead    bool // can match nothing, such as a text that is not an ARN
	padding padding
	header  header
	pattern pattern
}

// padding says what an ARN with fewer than six parts was. Policies of different kinds
// treat it differently.
type padding uint8

const (
	complete     padding = iota // all six parts, nothing padded
	shortPlain                  // short, without wildcard
	shortStar                   // short, ending in a star
	shortPattern                // short, with a wildcard elsewhere
)

// compileResource reads an entry. The missing parts of a short ARN are filled with
// stars; whether that counts depends on the layer.
func compileResource(text string, variables bool) resourcePattern {
	if text == "*" {
		return resourcePattern{any: true}
	}
	fields := strings.SplitN(text, ":", 6)
	short := len(fields) < 6
	fixed := fields[:min(len(fields), 5)]
	if fixed[0] != "arn" || variables && strings.Contains(strings.Join(fixed, ":"), "${") {
		return resourcePattern{dead: true}
	}
	// No wildcard may stand for a service, unless the ARN ends there and means "everything from here on".
	if len(fields) > 3 && hasWildcard(fields[2]) {
		return resourcePattern{dead: true}
	}
	r := resourcePattern{padding: paddingOf(text, short)}
	full := text + strings.Repeat(":*", 6-len(fields))
	parts := strings.SplitN(full, ":", 6)
	r.header = header{partition: parts[1], service: parts[2], region: parts[3], account: parts[4]}
	if head := full[:len(full)-len(parts[5])]; !hasWildcard(head) {
		r.header.head = head
	}
	var err error
	r.pattern, err = compilePattern(full, dialect{wildcards: true, variables: variables, arn: true})
	r.dead = err != nil
	return r
}

func paddingOf(text string, short bool) padding {
	switch {
	case !short:
		return complete
	case strings.HasSuffix(text, "*"):
		return shortStar
	case hasWildcard(text):
		return shortPattern
	}
	return shortPlain
}

// match reports whether the entry covers the resource in a policy of the layer.
func (p *resourcePattern) match(resource string, l Layer, ctx *Context) bool {
	if p.any {
		return true
	}
	return !p.dead && l.pads(p.padding) && p.pattern.match(resource, ctx)
}
