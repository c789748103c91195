package center

import (
	"cmp"
	"slices"
	"strings"

	"gatehouse/internal/catalog"
)

// mostNear is how many names are proposed for one that does not exist.
const mostNear = 3

// nearest returns the names of the catalogue's policies that look most like the last part of an ARN: the same name at
// another path, then few letters apart. Nothing when none is near.
func nearest(c *catalog.Catalog, arn string) []string {
	wanted := strings.ToLower(baseName(arn))
	type candidate struct {
		name     string
		distance int
	}
	var near []candidate
	for _, p := range c.Policies() {
		if p.ServiceLinked() {
			continue
		}
		d := distance(wanted, strings.ToLower(p.Name))
		if d <= max(2, len(wanted)/4) {
			near = append(near, candidate{strings.TrimPrefix(p.Path, "/") + p.Name, d})
		}
	}
	slices.SortStableFunc(near, func(a, b candidate) int { return cmp.Compare(a.distance, b.distance) })
	var names []string
	for _, n := range near[:min(len(near), mostNear)] {
		names = append(names, n.name)
	}
	return names
}

// distance is how many letters must be put in, taken out or changed to make b of a.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
