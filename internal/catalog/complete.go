package catalog

import (
	"slices"
	"strings"
)

// Complete proposes how what a person has typed in an Action element goes on, whatever the case. Before the
// colon it proposes service prefixes, each with its colon, and then the actions of the service whose prefix was
// typed in full; after the colon the service's actions that begin so. A limit of zero or less means no limit.
func (c *Catalog) Complete(prefix string, limit int) []string {
	service, action, colon := strings.Cut(strings.ToLower(strings.TrimSpace(prefix)), ":")
	var found []string
	if !colon {
		for _, s := range c.services {
			if strings.HasPrefix(s.Prefix, service) {
				found = append(found, s.Prefix+":")
			}
		}
	}
	if limit <= 0 || len(found) < limit {
		found = append(found, c.actionsFrom(service, action)...)
	}
	if limit > 0 && len(found) > limit {
		found = found[:limit]
	}
	return found
}

// actionsFrom lists the full names of a service's actions that begin with the given lower-case letters.
func (c *Catalog) actionsFrom(service, begin string) []string {
	actions := c.service(service).actions
	i, _ := slices.BinarySearchFunc(actions, begin, compareName)
	var found []string
	for _, a := range actions[i:] {
		if !strings.HasPrefix(strings.ToLower(a.Name), begin) {
			break
		}
		found = append(found, a.String())
	}
	return found
}
