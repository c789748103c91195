package main

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"gatehouse/internal/catalog"
)

// services reads every service with its actions, resource types and condition keys.
func services(folder string) ([]catalog.ServiceContents, error) {
	var prefixes []string
	if err := readJSON(filepath.Join(folder, "services.json"), &prefixes); err != nil {
		return nil, err
	}
	var names map[string]string
	if err := readJSON(filepath.Join(folder, "serviceNames.json"), &names); err != nil {
		return nil, err
	}
	var all []catalog.ServiceContents
	for _, prefix := range prefixes {
		s := catalog.ServiceContents{Service: catalog.Service{Prefix: prefix, Name: names[prefix]}}
		var err error
		if s.Actions, err = actions(filepath.Join(folder, "actions", prefix+".json")); err != nil {
			return nil, err
		}
		if s.ResourceTypes, err = resourceTypes(filepath.Join(folder, "resourceTypes", prefix+".json")); err != nil {
			return nil, err
		}
		if s.ConditionKeys, err = conditionKeys(filepath.Join(folder, "conditionKeys", prefix+".json")); err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, nil
}

func actions(path string) ([]catalog.Action, error) {
	var published map[string]struct {
		Name, Description, AccessLevel string
		ConditionKeys                  []string
		ResourceTypes                  []struct {
			Name          string
			Required      bool
			ConditionKeys []string
		}
	}
	if err := readJSON(path, &published); err != nil {
		return nil, err
	}
	var all []catalog.Action
	for _, p := range published {
		level, err := accessLevel(p.AccessLevel)
		if err != nil {
			return nil, fmt.Errorf("%s: action %s: %w", path, p.Name, err)
		}
		a := catalog.Action{Name: p.Name, AccessLevel: level, Description: oneLine(p.Description)}
		keys := p.ConditionKeys
		for _, r := range p.ResourceTypes {
			a.ResourceTypes = append(a.ResourceTypes, catalog.ActionResource{Name: r.Name, Required: r.Required})
			keys = append(keys, r.ConditionKeys...)
		}
		a.ConditionKeys = keyNames(keys)
		all = append(all, a)
	}
	return all, nil
}

// accessLevel takes the level that AWS's own tables show. The package adds Write to the two levels that change
// something in a particular way ("Tagging, Write").
func accessLevel(text string) (catalog.AccessLevel, error) {
	level, _, _ := strings.Cut(text, ",")
	known := []catalog.AccessLevel{
		catalog.LevelList, catalog.LevelRead, catalog.LevelWrite, catalog.LevelTagging, catalog.LevelPermissions,
	}
	if !slices.Contains(known, catalog.AccessLevel(level)) {
		return "", fmt.Errorf("unknown access level %q", text)
	}
	return catalog.AccessLevel(level), nil
}

func resourceTypes(path string) ([]catalog.ResourceType, error) {
	var published map[string]struct {
		Key           string
		ARN           string
		ConditionKeys []string
	}
	if err := readJSON(path, &published); err != nil {
		return nil, err
	}
	var all []catalog.ResourceType
	for _, p := range published {
		all = append(all, catalog.ResourceType{Name: p.Key, ARN: p.ARN, ConditionKeys: keyNames(p.ConditionKeys)})
	}
	return all, nil
}

func conditionKeys(path string) ([]catalog.ConditionKey, error) {
	var published map[string]struct {
		Key, Type, Description string
	}
	if err := readJSON(path, &published); err != nil {
		return nil, err
	}
	var all []catalog.ConditionKey
	for _, key := range slices.Sorted(maps.Keys(published)) {
		p := published[key]
		k := catalog.ConditionKey{
			Name: keyName(p.Key), Type: catalog.KeyType(p.Type), Description: oneLine(p.Description),
		}
		if !slices.ContainsFunc(all, func(other catalog.ConditionKey) bool { return other.Name == k.Name }) {
			all = append(all, k)
		}
	}
	return all, nil
}

// keyName writes every condition key that names a tag as most are written: with ${TagKey}. Some services document
// theirs as s3:ExistingObjectTag/<key>, ssm:resourceTag/tag-key or glacier:ResourceTag/.
func keyName(name string) string {
	for _, ending := range []string{"/<key>", "/tag-key", "/"} {
		if front, ok := strings.CutSuffix(name, ending); ok {
			return front + "/${TagKey}"
		}
	}
	return name
}

// keyNames orders condition keys and takes each once.
func keyNames(names []string) []string {
	var all []string
	for _, name := range names {
		all = append(all, keyName(name))
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// oneLine puts a text of several lines on one.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
