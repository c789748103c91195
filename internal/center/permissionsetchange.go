package center

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"gatehouse/internal/model"
)

// setChange is what a save does to a permission set: in AWS's actions and in words.
type setChange struct {
	actions []string // beside sso:UpdatePermissionSet
	words   []string // such as "attached ReadOnlyAccess"
}

// changeOf compares a permission set before and after a save.
func changeOf(before, after model.PermissionSet) setChange {
	var c setChange
	c.attached(before.ManagedPolicies, after.ManagedPolicies)
	c.referred(before.CustomerPolicies, after.CustomerPolicies)
	c.put("inline policy", before.InlinePolicy != "", after.InlinePolicy != "", before.InlinePolicy == after.InlinePolicy,
		model.ActPutInline, model.ActDeleteInline)
	c.put("permissions boundary", before.Boundary.Set(), after.Boundary.Set(), before.Boundary == after.Boundary,
		model.ActPutBoundary, model.ActDeleteBoundary)
	if before.SessionDuration != after.SessionDuration {
		c.words = append(c.words, "set the session duration to "+isoDuration(after.SessionDuration))
	}
	if before.Description != after.Description {
		c.words = append(c.words, "changed the description")
	}
	if before.RelayState != after.RelayState {
		c.words = append(c.words, "changed the relay state")
	}
	c.tagged(before.Tags, after.Tags)
	return c
}

func (c *setChange) attached(before, after []string) {
	added, removed := difference(before, after)
	for _, arn := range added {
		c.add(model.ActAttachManaged, "attached "+baseName(arn))
	}
	for _, arn := range removed {
		c.add(model.ActDetachManaged, "detached "+baseName(arn))
	}
	if len(added)+len(removed) == 0 && !slices.Equal(before, after) {
		c.words = append(c.words, "changed the order of the managed policies")
	}
}

func (c *setChange) referred(before, after []model.CustomerName) {
	added, removed := difference(before, after)
	for _, name := range added {
		c.add(model.ActAttachCustomer, "added the reference to "+name.Path+name.Name)
	}
	for _, name := range removed {
		c.add(model.ActDetachCustomer, "removed the reference to "+name.Path+name.Name)
	}
	if len(added)+len(removed) == 0 && !slices.Equal(before, after) {
		c.words = append(c.words, "changed the order of the customer-managed policies")
	}
}

func (c *setChange) put(what string, had, has, same bool, put, remove string) {
	switch {
	case same:
	case !has:
		c.add(remove, "removed the "+what)
	case !had:
		c.add(put, "added the "+what)
	default:
		c.add(put, "changed the "+what)
	}
}

func (c *setChange) tagged(before, after model.Tags) {
	if maps.Equal(before, after) {
		return
	}
	c.words = append(c.words, "changed the tags")
	for key := range before {
		if _, kept := after[key]; !kept {
			c.actions = append(c.actions, model.ActUntagResource)
			break
		}
	}
	for key, value := range after {
		if old, had := before[key]; !had || old != value {
			c.actions = append(c.actions, model.ActTagResource)
			break
		}
	}
}

func (c *setChange) add(action, words string) {
	if !slices.Contains(c.actions, action) {
		c.actions = append(c.actions, action)
	}
	c.words = append(c.words, words)
}

// mostWords is how many changes a sentence of the trail lists one by one.
const mostWords = 6

func (c setChange) sentence(name string) string {
	words := c.words
	if len(words) > mostWords {
		words = append(slices.Clone(words[:mostWords]), fmt.Sprintf("%d changes more", len(words)-mostWords))
	}
	return "Changed the permission set " + name + ": " + strings.Join(words, ", ")
}

// difference returns what only the one and only the other list has, in their order.
func difference[T comparable](before, after []T) (added, removed []T) {
	for _, v := range after {
		if !slices.Contains(before, v) {
			added = append(added, v)
		}
	}
	for _, v := range before {
		if !slices.Contains(after, v) {
			removed = append(removed, v)
		}
	}
	return added, removed
}

// baseName is the last part of an ARN with a path.
func baseName(arn string) string { return arn[strings.LastIndexByte(arn, '/')+1:] }
