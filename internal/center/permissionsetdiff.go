package center

import (
	"maps"
	"slices"
	"strings"

	"gatehouse/internal/store"
)

// SetDifference is what differs between two versions of a permission set.
type SetDifference struct {
	Fields    []Change         // short fields, with what was and what is
	Documents []DocumentChange // policies whose text differs
}

// DocumentChange is a policy document in two versions; an empty side had none.
type DocumentChange struct{ Name, Before, After string }

// Empty reports whether the versions are alike.
func (d SetDifference) Empty() bool { return len(d.Fields)+len(d.Documents) == 0 }

// DifferenceOf compares two versions of a permission set field by field and document by document.
func DifferenceOf(before, after store.SetVersion) SetDifference {
	var d SetDifference
	d.field("Description", before.Description, after.Description)
	d.field("Session duration", isoDuration(before.SessionDuration), isoDuration(after.SessionDuration))
	d.field("Relay state", before.RelayState, after.RelayState)
	d.lists("AWS-managed policy", before.ManagedPolicies, after.ManagedPolicies)
	d.lists("Customer-managed policy", pathsOf(before.CustomerPolicies), pathsOf(after.CustomerPolicies))
	d.field("Permissions boundary", boundaryOf(before), boundaryOf(after))
	for _, key := range slices.Sorted(maps.Keys(merged(before.Tags, after.Tags))) {
		d.field("Tag "+key, tagOf(before.Tags, key), tagOf(after.Tags, key))
	}
	if before.InlinePolicy != after.InlinePolicy {
		d.Documents = append(d.Documents, DocumentChange{"Inline policy", before.InlinePolicy, after.InlinePolicy})
	}
	for _, arn := range slices.Sorted(maps.Keys(merged(before.Documents, after.Documents))) {
		was, is := before.Documents[arn], after.Documents[arn]
		if hasPolicy(before, arn) && hasPolicy(after, arn) && was != is {
			d.Documents = append(d.Documents, DocumentChange{baseName(arn), was, is})
		}
	}
	return d
}

func (d *SetDifference) field(name, before, after string) {
	if before != after {
		d.Fields = append(d.Fields, Change{Field: name, Before: before, After: after})
	}
}

// lists compares two lists item by item; when only the order differs, as a whole.
func (d *SetDifference) lists(name string, before, after []string) {
	added, removed := difference(before, after)
	for _, item := range removed {
		d.field(name, item, "")
	}
	for _, item := range added {
		d.field(name, "", item)
	}
	if len(added)+len(removed) == 0 {
		d.field(name+", order", strings.Join(before, ", "), strings.Join(after, ", "))
	}
}

func hasPolicy(v store.SetVersion, arn string) bool {
	return slices.Contains(v.ManagedPolicies, arn) || v.Boundary.ManagedPolicy == arn
}

func boundaryOf(v store.SetVersion) string {
	return v.Boundary.ManagedPolicy + v.Boundary.Customer.Path + v.Boundary.Customer.Name
}

// tagOf is the value of a tag, in quotes so that an empty value is not an absent tag.
func tagOf(tags map[string]string, key string) string {
	value, has := tags[key]
	if !has {
		return ""
	}
	return `"` + value + `"`
}

func merged(a, b map[string]string) map[string]string {
	all := maps.Clone(a)
	if all == nil {
		all = map[string]string{}
	}
	maps.Copy(all, b)
	return all
}
