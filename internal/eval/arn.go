package eval

import "strings"

// arn is an ARN cut at its first five colons. Rest keeps its own colons.
type arn struct {
	partition, service, region, account, rest string
}

// splitARN cuts a text that starts with "arn:" and has at least six parts.
func splitARN(s string) (a arn, ok bool) {
	if !strings.HasPrefix(s, "arn:") {
		return arn{}, false
	}
	var ends [4]int
	at := len("arn:")
	for i := range ends {
		for at < len(s) && s[at] != ':' {
			at++
		}
		if at == len(s) {
			return arn{}, false
		}
		ends[i] = at
		at++
	}
	return arn{
		partition: s[len("arn:"):ends[0]], service: s[ends[0]+1 : ends[1]], region: s[ends[1]+1 : ends[2]],
		account: s[ends[2]+1 : ends[3]], rest: s[at:],
	}, true
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
	header := fields[:min(len(fields), 5)]
	if header[0] != "arn" || variables && strings.Contains(strings.Join(header, ":"), "${") {
		return resourcePattern{dead: true}
	}
	// No wildcard may stand for a service, unless the ARN ends there and means "everything from here on".
	if len(fields) > 3 && hasWildcard(fields[2]) {
		return resourcePattern{dead: true}
	}
	r := resourcePattern{padding: paddingOf(text, short)}
	full := text + strings.Repeat(":*", 6-len(fields))
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
