package main

import (
	"encoding/json"
	"fmt"
	"time"

	"gatehouse/internal/catalog"
)

// policies reads the managed policies with the document of their default version.
func policies(path string) ([]catalog.PolicyContents, error) {
	var published map[string]struct {
		ARN             string
		LatestVersionID string    `json:"latestVersionId"`
		Updated         time.Time `json:"lastUpdatedDate"`
		Versions        map[string]struct{ Document json.RawMessage }
	}
	if err := readJSON(path, &published); err != nil {
		return nil, err
	}
	var all []catalog.PolicyContents
	for name, p := range published {
		version, ok := p.Versions[p.LatestVersionID]
		if !ok {
			return nil, fmt.Errorf("policy %s has no version %q", name, p.LatestVersionID)
		}
		all = append(all, catalog.PolicyContents{
			Policy:   catalog.Policy{ARN: p.ARN, Version: p.LatestVersionID, Updated: p.Updated},
			Document: version.Document,
		})
	}
	return all, nil
}
