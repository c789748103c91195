package catalog

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Contents is what a catalogue is made of, in any order.
type Contents struct {
	Origins  []Origin
	Policies []PolicyContents
	Services []ServiceContents
}

// PolicyContents is a policy with its document. Name and Path are taken from the ARN.
type PolicyContents struct {
	Policy
	Document json.RawMessage
}

// ServiceContents is a service with its details. The actions' Service is taken from the service.
type ServiceContents struct {
	Service
	Actions       []Action
	ResourceTypes []ResourceType
	ConditionKeys []ConditionKey
}

// memberSize is about how many bytes of policy documents one gzip member holds: enough to compress well, little
// enough that reading one document costs below a millisecond.
const memberSize = 64 << 10

// Write makes the files of a catalogue in a folder. The same contents make the same bytes.
func Write(folder string, c Contents) error {
	var w writer
	for _, o := range c.Origins {
		w.index(lineOrigin, o.Package, o.Version)
	}
	w.policies(c.Policies)
	w.services(c.Services)
	if w.err != nil {
		return w.err
	}
	var index archiveWriter
	if _, err := index.add(w.lines.String()); err != nil {
		return fmt.Errorf("compress %s: %w", indexFile, err)
	}
	files := map[string][]byte{
		indexFile:    index.out.Bytes(),
		policiesFile: w.documents.out.Bytes(),
		servicesFile: w.details.out.Bytes(),
	}
	for name, data := range files {
		// #nosec G306 -- public data that the build embeds
		if err := os.WriteFile(filepath.Join(folder, name), data, 0o644); err != nil {
			return fmt.Errorf("write catalogue: %w", err)
		}
	}
	return nil
}

// A writer collects the files and keeps the first error.
type writer struct {
	lines     strings.Builder // the index
	documents archiveWriter
	details   archiveWriter
	err       error
}

func (w *writer) index(fields ...string) { w.line(&w.lines, fields...) }

func (w *writer) line(to *strings.Builder, fields ...string) {
	for i, f := range fields {
		if strings.ContainsAny(f, "\t\n\r") && w.err == nil {
			w.err = fmt.Errorf("tab or line break in %q", f)
		}
		if i > 0 {
			to.WriteByte('\t')
		}
		to.WriteString(f)
	}
	to.WriteByte('\n')
}

func (w *writer) member(to *archiveWriter, text string) int64 {
	offset, err := to.add(text)
	if err != nil && w.err == nil {
		w.err = fmt.Errorf("compress catalogue: %w", err)
	}
	return offset
}

// policies writes the documents into members in the order of their ARNs, which puts like beside like, and then
// the index in the order of their names.
func (w *writer) policies(all []PolicyContents) {
	all = slices.SortedFunc(slices.Values(all), func(a, b PolicyContents) int { return cmp.Compare(a.ARN, b.ARN) })
	var entries []policyEntry
	for len(all) > 0 {
		var block bytes.Buffer
		n := 0
		for ; n < len(all) && block.Len() < memberSize; n++ {
			if err := json.Compact(&block, all[n].Document); err != nil && w.err == nil {
				w.err = fmt.Errorf("document of %s: %w", all[n].ARN, err)
			}
			block.WriteByte('\n')
		}
		offset := w.member(&w.documents, block.String())
		for line, p := range all[:n] {
			entries = append(entries, policyEntry{Policy: p.Policy, member: offset, line: line})
		}
		all = all[n:]
	}
	for _, p := range sorted(entries, func(p policyEntry) string { return path.Base(p.ARN) }) {
		updated := p.Updated.UTC().Format(time.RFC3339)
		w.index(linePolicy, p.ARN, p.Version, updated, fmt.Sprint(p.member), fmt.Sprint(p.line))
	}
}

// services writes the services, and then whose condition keys have a prefix that is no service's own.
func (w *writer) services(all []ServiceContents) {
	all = slices.SortedFunc(slices.Values(all), func(a, b ServiceContents) int {
		return cmp.Compare(a.Prefix, b.Prefix)
	})
	for _, s := range all {
		w.index(lineService, s.Prefix, s.Name, fmt.Sprint(w.member(&w.details, w.service(s))))
	}
	for _, s := range all {
		for _, prefix := range foreignPrefixes(s) {
			w.index(lineKeys, prefix, s.Prefix)
		}
	}
}

func (w *writer) service(s ServiceContents) string {
	var text strings.Builder
	for _, a := range sorted(s.Actions, func(a Action) string { return a.Name }) {
		var resources []string
		for _, r := range a.ResourceTypes {
			if r.Required {
				r.Name += "*"
			}
			resources = append(resources, r.Name)
		}
		w.line(&text, lineAction, a.Name, string(a.AccessLevel), w.list(resources), w.list(a.ConditionKeys), a.Description)
	}
	for _, r := range sorted(s.ResourceTypes, func(r ResourceType) string { return r.Name }) {
		w.line(&text, lineResource, r.Name, r.ARN, w.list(r.ConditionKeys))
	}
	for _, k := range sorted(s.ConditionKeys, func(k ConditionKey) string { return k.Name }) {
		w.line(&text, lineKey, k.Name, string(k.Type), k.Description)
	}
	return text.String()
}

func (w *writer) list(items []string) string {
	for _, item := range items {
		if strings.Contains(item, ",") && w.err == nil {
			w.err = fmt.Errorf("comma in %q", item)
		}
	}
	return strings.Join(items, ",")
}

func sorted[T any](all []T, name func(T) string) []T {
	return slices.SortedStableFunc(slices.Values(all), func(a, b T) int {
		return cmp.Or(
			cmp.Compare(strings.ToLower(name(a)), strings.ToLower(name(b))),
			cmp.Compare(name(a), name(b)))
	})
}

// foreignPrefixes lists the lower-case prefixes of a service's condition keys that are neither its own nor
// global, such as saml, whose keys belong to sts.
func foreignPrefixes(s ServiceContents) []string {
	var found []string
	for _, k := range s.ConditionKeys {
		prefix, _, _ := strings.Cut(strings.ToLower(k.Name), ":")
		if prefix != s.Prefix && prefix != "aws" {
			found = append(found, prefix)
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}
