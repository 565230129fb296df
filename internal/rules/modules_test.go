package rules

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// licences that leave the program free, known by words of their own. MPL-2.0
// is not here: nothing we link needs it so far.
var licences = []struct{ name, words string }{
	{"Apache-2.0", "Apache License"},
	{"MIT", "Permission is hereby granted, free of charge"},
	{"ISC", "Permission to use, copy, modify, and"},
	{"BSD", "Redistribution and use in source and binary forms"},
}

// bound is what no licence of a module may say.
var bound = regexp.MustCompile(`(?i)GNU (Affero |Lesser |Library )?General Public|Mozilla Public|Server Side Public|Business Source|Commons Clause|Elastic License|European Union Public|Creative Commons`)

// licence names what a licence text grants; all its parts must be free.
func licence(text string) (string, error) {
	text = strings.Join(strings.Fields(text), " ")
	if m := bound.FindString(text); m != "" {
		return "", fmt.Errorf("it speaks of the %s", m)
	}
	var names []string
	for _, l := range licences {
		if strings.Contains(text, l.words) {
			names = append(names, l.name)
		}
	}
	if len(names) == 0 {
		return "", fmt.Errorf("it is none of Apache-2.0, MIT, ISC, BSD")
	}
	return strings.Join(names, ", "), nil
}

func TestLicence(t *testing.T) {
	for text, want := range map[string]string{
		"Permission is hereby\n granted, free of charge, to":                              "MIT",
		"Redistribution and use in source and binary forms, with":                         "BSD",
		"Apache License Version 2.0 … Redistribution and use in source\nand binary forms": "Apache-2.0, BSD",
		"Permission is hereby granted, free of charge. GNU Affero General Public":         "",
		"Mozilla Public License, version 2.0":                                             "",
		"All rights reserved":                                                             "",
	} {
		if got, err := licence(text); got != want || (err == nil) != (want != "") {
			t.Errorf("%q: got %q, %v, want %q", text, got, err, want)
		}
	}
}

// goTool runs the go command at the root and decodes its lines of JSON.
func goTool[T any](t *testing.T, args ...string) (list []T) {
	t.Helper()
	c := exec.Command("go", args...)
	c.Dir = filepath.Join("..", "..")
	var stderr bytes.Buffer
	c.Stderr = &stderr
	out, err := c.Output()
	if err != nil {
		t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, &stderr)
	}
	for d := json.NewDecoder(bytes.NewReader(out)); d.More(); {
		var v T
		if err := d.Decode(&v); err != nil {
			t.Fatal(err)
		}
		list = append(list, v)
	}
	return list
}

// A source is a module that something is taken from.
type source struct{ Path, Version, Dir string }

// sources lists the modules of everything that is built here: the program, its
// tests and its tools.
func sources(t *testing.T) map[string]source {
	t.Helper()
	modules := map[string]source{}
	for _, p := range goTool[struct{ Module *source }](t, "list", "-e", "-deps", "-test", "-json=Module", "./...", "tool") {
		if p.Module != nil && p.Module.Version != "" {
			modules[p.Module.Path] = *p.Module
		}
	}
	if len(modules) < 5 {
		t.Fatalf("only %d modules found", len(modules))
	}
	return modules
}

// TestLicences: everything that is built here may be given on under our
// licence. What is linked into the program is part of that.
func TestLicences(t *testing.T) {
	for _, m := range sources(t) {
		text, err := licenceText(m.Dir)
		if err != nil {
			t.Errorf("%s: %v; do without this module", m.Path, err)
			continue
		}
		if _, err := licence(text); err != nil {
			t.Errorf("%s: its licence does not fit: %v; do without this module", m.Path, err)
		}
	}
}

func licenceText(dir string) (string, error) {
	for _, pattern := range []string{"LICENSE", "LICENSE.*", "LICENCE*", "COPYING*"} {
		names, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			return "", err
		}
		if len(names) > 0 {
			text, err := os.ReadFile(names[0])
			return string(text), err
		}
	}
	return "", fmt.Errorf("no licence file in %s", dir)
}

// line is a row of a table of docs/dependencies.md: module, version, licence.
var line = regexp.MustCompile("(?m)^\\| `([^`]+)` \\| (v[^ |]+) \\| ([^|]+) \\|")

// TestDependencies: go.mod says what is direct (the command that tidies it
// cannot run everywhere, so this does its work), and each direct module has a
// line in docs/dependencies.md with the version and the licence it has.
func TestDependencies(t *testing.T) {
	used := sources(t)
	direct := directModules(t, used)
	type requirement struct {
		Path, Version string
		Indirect      bool
	}
	required := goTool[struct{ Require []requirement }](t, "mod", "edit", "-json")[0].Require

	doc, err := os.ReadFile(filepath.Join("..", "..", "docs", "dependencies.md"))
	if err != nil {
		t.Fatal(err)
	}
	lines := map[string][]string{}
	for _, m := range line.FindAllStringSubmatch(string(doc), -1) {
		lines[m[1]] = m
	}
	for _, r := range required {
		switch { // an indirect line that seems unused may serve another platform
		case direct[r.Path] && r.Indirect:
			t.Errorf("go.mod: %s is imported here; remove its // indirect", r.Path)
		case !direct[r.Path] && !r.Indirect:
			t.Errorf("go.mod: %s is not imported here; mark it // indirect", r.Path)
		}
		if !direct[r.Path] {
			continue
		}
		row := lines[r.Path]
		delete(lines, r.Path)
		if row == nil {
			t.Errorf("docs/dependencies.md: no line for %s; add | `%s` | %s | licence | what for and why this one |", r.Path, r.Path, r.Version)
			continue
		}
		if row[2] != r.Version {
			t.Errorf("docs/dependencies.md: %s is at %s, not %s", r.Path, r.Version, row[2])
		}
		if text, err := licenceText(used[r.Path].Dir); err == nil {
			names, _ := licence(text) // TestLicences reports what fails
			for _, name := range strings.Split(names, ", ") {
				if !strings.Contains(row[3], name) {
					t.Errorf("docs/dependencies.md: the licence of %s is %s, not %s", r.Path, names, row[3])
				}
			}
		}
	}
	for path := range lines {
		t.Errorf("docs/dependencies.md: %s is no direct dependency; remove its line", path)
	}
}

// directModules returns the modules that files of ours import, and those of
// our tools.
func directModules(t *testing.T, used map[string]source) map[string]bool {
	t.Helper()
	paths := []string{}
	for _, f := range load(t).files {
		if f.ast != nil {
			paths = append(paths, f.imports()...)
		}
	}
	for _, tool := range goTool[struct{ Tool []struct{ Path string } }](t, "mod", "edit", "-json")[0].Tool {
		paths = append(paths, tool.Path)
	}
	direct := map[string]bool{}
	for _, path := range paths {
		best := ""
		for name := range used {
			if under(path, name) && len(name) > len(best) {
				best = name
			}
		}
		if best != "" {
			direct[best] = true
		}
	}
	if !slices.Contains(paths, "database/sql") {
		t.Fatal("the repository was not read")
	}
	return direct
}
