// Command unreviewed reads what govulncheck found, as JSON, and the list of what was reviewed, and says what is left. It ends
// with status 1 if anything is, and if the list names what is not found any more. Its argument is the list: a file of lines
// "id,reason".
package main

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
)

// message is the part of govulncheck's output that counts here: a vulnerability, or a place where one is found.
type message struct {
	OSV *struct {
		ID      string `json:"id"`
		Summary string `json:"summary"`
	} `json:"osv"`
	Finding *struct {
		OSV   string `json:"osv"`
		Fixed string `json:"fixed_version"`
		Trace []struct {
			Module   string `json:"module"`
			Version  string `json:"version"`
			Function string `json:"function"`
		} `json:"trace"`
	} `json:"finding"`
}

func main() {
	left, err := run(os.Stdin, os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	if left > 0 {
		os.Exit(1)
	}
}

func run(in io.Reader, list string) (int, error) {
	reviewed, err := read(list)
	if err != nil {
		return 0, err
	}
	found, err := called(in)
	if err != nil {
		return 0, err
	}
	left := 0
	for _, id := range slices.Sorted(maps.Keys(found)) {
		if reason, ok := reviewed[id]; ok {
			fmt.Printf("reviewed  %s: %s\n", id, reason)
			delete(reviewed, id)
			continue
		}
		left++
		fmt.Printf("FOUND     %s: %s\n", id, found[id])
	}
	for id := range reviewed {
		left++
		fmt.Printf("STALE     %s is reviewed and not found any more: take it off the list\n", id)
	}
	fmt.Printf("%d unreviewed\n", left)
	return left, nil
}

func read(list string) (map[string]string, error) {
	file, err := os.Open(list) // #nosec G304 -- the list that is named on the command line
	if err != nil {
		return nil, err
	}
	defer file.Close()
	records, err := csv.NewReader(file).ReadAll()
	if err != nil {
		return nil, err
	}
	reviewed := map[string]string{}
	for _, r := range records[1:] {
		if len(r) != 2 || r[1] == "" {
			return nil, fmt.Errorf("%s: %s has no reason", list, r[0])
		}
		reviewed[r[0]] = r[1]
	}
	return reviewed, nil
}

// called is the vulnerabilities in functions that the program can reach, with what one needs to know of each.
func called(in io.Reader) (map[string]string, error) {
	summaries, found := map[string]string{}, map[string]string{}
	for decoder := json.NewDecoder(in); ; {
		var m message
		if err := decoder.Decode(&m); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, fmt.Errorf("read what was found: %w", err)
		}
		if m.OSV != nil {
			summaries[m.OSV.ID] = m.OSV.Summary
		}
		if f := m.Finding; f != nil && len(f.Trace) > 0 && f.Trace[0].Function != "" {
			fixed := "not fixed"
			if f.Fixed != "" {
				fixed = "fixed in " + f.Fixed
			}
			found[f.OSV] = fmt.Sprintf("%s (%s %s, %s)", summaries[f.OSV], f.Trace[0].Module, f.Trace[0].Version, fixed)
		}
	}
	if len(summaries) == 0 {
		return nil, errors.New("the database knows nothing of any of our modules, which cannot be")
	}
	return found, nil
}
