package catalog

import (
	"regexp"
	"strings"
)

// quotedAction finds what looks like an action in a document.
var quotedAction = regexp.MustCompile(`"([A-Za-z0-9-]+):([A-Za-z0-9*?]+)"`)

// Retired reports whether an AWS-managed policy names an action, whatever its case, that AWS's list of actions does not
// have: one of a service that was shut down, or one that AWS never documented. The first question reads every document,
// which takes a fraction of a second.
func (c *Catalog) Retired(action string) bool {
	c.retiredOnce.Do(c.readRetired)
	return c.retired[strings.ToLower(action)]
}

func (c *Catalog) readRetired() {
	c.retired = map[string]bool{}
	read := map[int64]bool{}
	known := map[string]map[string]bool{}
	for _, p := range c.policies {
		if read[p.member] {
			continue
		}
		read[p.member] = true
		for _, match := range quotedAction.FindAllStringSubmatch(c.documents.mustMember(p.member), -1) {
			prefix, name := strings.ToLower(match[1]), strings.ToLower(match[2])
			if known[prefix] == nil {
				known[prefix] = map[string]bool{}
				for _, a := range c.Actions(prefix) {
					known[prefix][strings.ToLower(a.Name)] = true
				}
			}
			if !known[prefix][name] {
				c.retired[prefix+":"+name] = true
			}
		}
	}
}
