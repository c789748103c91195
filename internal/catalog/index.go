package catalog

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// The kinds of line in the index, each the first field of its line. Policies come by name, services by prefix.
const (
	lineOrigin  = "origin"  // package, version
	linePolicy  = "policy"  // ARN, version, time of last change, member of the policies file, line in it
	lineService = "service" // prefix, name, member of the services file
	lineKeys    = "keys"    // condition key prefix, prefix of the service that lists such keys
)

// readIndex fills the catalogue from the text of the index.
func (c *Catalog) readIndex(text string) error {
	c.byARN = map[string]int{}
	c.byPrefix = map[string]int{}
	c.keyOwners = map[string][]int{}
	for line := range strings.Lines(text) {
		fields := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if err := c.readIndexLine(fields); err != nil {
			return fmt.Errorf("line %q: %w", line, err)
		}
	}
	return nil
}

func (c *Catalog) readIndexLine(fields []string) error {
	switch kind, n := fields[0], len(fields); {
	case kind == lineOrigin && n == 3:
		c.origins = append(c.origins, Origin{Package: fields[1], Version: fields[2]})
	case kind == linePolicy && n == 6:
		return c.readPolicyLine(fields[1:])
	case kind == lineService && n == 4:
		offset, err := strconv.ParseInt(fields[3], 10, 64)
		if err != nil {
			return err
		}
		c.byPrefix[strings.ToLower(fields[1])] = len(c.services)
		c.services = append(c.services, &serviceEntry{
			Service: Service{Prefix: fields[1], Name: fields[2]},
			member:  offset,
		})
	case kind == lineKeys && n == 3:
		owner, ok := c.byPrefix[fields[2]]
		if !ok {
			return fmt.Errorf("no service %s", fields[2])
		}
		c.keyOwners[fields[1]] = append(c.keyOwners[fields[1]], owner)
	default:
		return fmt.Errorf("not a line of an index")
	}
	return nil
}

func (c *Catalog) readPolicyLine(fields []string) error {
	updated, err := time.Parse(time.RFC3339, fields[2])
	if err != nil {
		return err
	}
	member, err := strconv.ParseInt(fields[3], 10, 64)
	if err != nil {
		return err
	}
	line, err := strconv.Atoi(fields[4])
	if err != nil {
		return err
	}
	arn := fields[0]
	_, path, ok := strings.Cut(arn, ":policy/")
	if !ok {
		return fmt.Errorf("%s is not the ARN of a policy", arn)
	}
	folder := strings.LastIndexByte(path, '/') + 1
	c.byARN[arn] = len(c.policies)
	c.policies = append(c.policies, policyEntry{
		Policy: Policy{
			ARN:     arn,
			Name:    path[folder:],
			Path:    "/" + path[:folder],
			Version: fields[1],
			Updated: updated,
		},
		lower:  strings.ToLower(arn),
		member: member,
		line:   line,
	})
	return nil
}
