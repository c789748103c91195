package catalog

import (
	"bytes"
	"encoding/json"
	"strings"
	"time"
)

// A Policy is an AWS-managed policy, without its document.
type Policy struct {
	ARN     string
	Name    string
	Path    string    // "/" or a folder such as "/job-function/"
	Version string    // AWS's default version, such as "v12"
	Updated time.Time // when AWS last changed it, UTC
}

// ServiceLinked reports whether the policy belongs to a service-linked role. AWS lets nobody attach those.
func (p Policy) ServiceLinked() bool {
	return p.Path == "/aws-service-role/"
}

// A policyEntry is a policy with where its document is.
type policyEntry struct {
	Policy
	lower  string // the ARN in lower case, for searching
	member int64  // of the policies file
	line   int    // in the member
}

// Policies lists every AWS-managed policy by name.
func (c *Catalog) Policies() []Policy {
	all := make([]Policy, len(c.policies))
	for i, p := range c.policies {
		all[i] = p.Policy
	}
	return all
}

// Policy returns the AWS-managed policy with the given ARN and its document, indented for reading. The
// document's statements and keys are in AWS's own order.
func (c *Catalog) Policy(arn string) (Policy, []byte, bool) {
	i, ok := c.byARN[arn]
	if !ok {
		return Policy{}, nil, false
	}
	p := c.policies[i]
	return p.Policy, c.document(p), true
}

func (c *Catalog) document(p policyEntry) []byte {
	n := 0
	for line := range strings.Lines(c.documents.mustMember(p.member)) {
		if n == p.line {
			var out bytes.Buffer
			if err := json.Indent(&out, []byte(line), "", "  "); err != nil {
				panic("catalog: damaged data: " + p.ARN + ": " + err.Error())
			}
			return bytes.TrimSpace(out.Bytes())
		}
		n++
	}
	panic("catalog: damaged data: no document for " + p.ARN)
}
