// Package catalog owns what AWS publishes and the console only reads: the AWS-managed policies with their
// documents, and the services with their actions, resource types and condition keys. The data is embedded in
// the program, made by the generate command from two npm packages at build time, and never in version control;
// a program built without it holds an empty catalogue and says so through Empty.
//
// It leaves to others what a policy means (eval), which policies are in use and which document they had at a
// given time (store), and what a person may attach (center).
package catalog

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"sync"
	"time"
)

// The files a catalogue consists of. Each is a plain gzip file of tab-separated text or, for documents, one
// JSON document a line. The two archives are sequences of gzip members, so that a single policy or service is
// read without unpacking the rest.
const (
	indexFile    = "index.tsv.gz"
	policiesFile = "policies.jsonl.gz"
	servicesFile = "services.tsv.gz"
)

//go:embed all:data
var embedded embed.FS

// A Catalog is one edition of AWS's managed policies and actions. It is safe for concurrent use: the index is
// read once when it is opened, a service's actions when they are first asked for.
type Catalog struct {
	origins   []Origin
	policies  []policyEntry    // ordered by name
	byARN     map[string]int   // policies by ARN
	services  []*serviceEntry  // ordered by prefix
	byPrefix  map[string]int   // services by lower-case prefix
	keyOwners map[string][]int // services by lower-case prefix of condition keys that is not their own
	globals   []ConditionKey   // AWS's global condition keys
	documents archive
	details   archive

	retiredOnce sync.Once
	retired     map[string]bool // actions in lower case
}

// An Origin is a package that the data was made from.
type Origin struct {
	Package string // as npm names it
	Version string
}

// Load opens the catalogue that was built into the program.
func Load() (*Catalog, error) {
	files, err := fs.Sub(embedded, "data")
	if err != nil {
		return nil, fmt.Errorf("open the embedded catalogue: %w", err)
	}
	return Open(files)
}

// Open reads the catalogue from the files that Write made. Without an index file the catalogue is empty.
// The files stay open for as long as the catalogue is used.
func Open(files fs.FS) (*Catalog, error) {
	c := &Catalog{globals: globalKeys()}
	index, err := openArchive(files, indexFile)
	if errors.Is(err, fs.ErrNotExist) {
		return c, nil
	}
	if err != nil {
		return nil, err
	}
	if c.documents, err = openArchive(files, policiesFile); err != nil {
		return nil, err
	}
	if c.details, err = openArchive(files, servicesFile); err != nil {
		return nil, err
	}
	text, err := index.member(0)
	if err != nil {
		return nil, fmt.Errorf("read catalogue index: %w", err)
	}
	if err := c.readIndex(text); err != nil {
		return nil, fmt.Errorf("read catalogue index: %w", err)
	}
	return c, nil
}

// Empty reports whether the program was built without catalogue data.
func (c *Catalog) Empty() bool {
	return len(c.policies) == 0 && len(c.services) == 0
}

// Origins tells which packages the data was made from, so that a change of catalogue can be recorded.
func (c *Catalog) Origins() []Origin {
	return append([]Origin(nil), c.origins...)
}

// Newest is the time of the last change to any policy in the catalogue: how fresh the data is.
func (c *Catalog) Newest() time.Time {
	var newest time.Time
	for _, p := range c.policies {
		if p.Updated.After(newest) {
			newest = p.Updated
		}
	}
	return newest
}
