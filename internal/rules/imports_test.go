package rules

import (
	"fmt"
	"go/ast"
	"go/token"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// floors of the house, from the ground up. A package may import its own floor
// and those below. What stands in a subfolder belongs to the floor of its
// parent.
var floors = [][]string{
	{"internal/ical", "internal/vcard", "internal/stix", "internal/taxii", "internal/oaipmh", "internal/iati",
		"internal/dcat", "internal/skos", "internal/csaf", "internal/atom"},
	{"internal/db", "internal/i18n", "internal/ids", "internal/problem", "internal/vocab", "internal/jobs", "internal/mail", "internal/blob"},
	{"internal/access", "internal/party", "internal/audit", "internal/search"},
	{"internal/record"},
	{"internal/door"},
	{"internal/web", "internal/api", "internal/feeds", "internal/exchange"},
	{"internal/modules"},
	{"internal/app"},
	{"cmd"},
}

// floor returns the floor of a folder, or -1.
func floor(dir string) int {
	return slices.IndexFunc(floors, func(names []string) bool {
		return slices.ContainsFunc(names, func(name string) bool { return under(dir, name) })
	})
}

func under(dir, parent string) bool { return dir == parent || strings.HasPrefix(dir, parent+"/") }

// moduleOf returns the folder of the module that a folder belongs to, or "".
func moduleOf(dir string) string {
	rest, ok := strings.CutPrefix(dir, "internal/modules/")
	if !ok {
		return ""
	}
	name, _, _ := strings.Cut(rest, "/")
	return name
}

// layers: imports point one way, and no module knows another.
func layers(r *repo) (found []string) {
	unknown := map[string]bool{}
	for _, f := range r.files {
		if !f.shipped() {
			continue
		}
		mine := floor(f.dir())
		if mine < 0 && !unknown[f.dir()] {
			unknown[f.dir()] = true
			found = append(found, fmt.Sprintf("%s: on no floor of the house; add it to floors in internal/rules/imports_test.go", f.dir()))
			continue
		}
		for _, path := range f.imports() {
			dir, ours := strings.CutPrefix(path, module)
			if !ours || support(dir) {
				continue
			}
			if other := floor(dir); other > mine {
				found = append(found, fmt.Sprintf("%s: imports %s, which is above it; declare a small interface here and let internal/app supply it", f.path, dir))
			}
			if a, b := moduleOf(f.dir()), moduleOf(dir); a != "" && b != "" && a != b {
				found = append(found, fmt.Sprintf("%s: module %s imports module %s; declare a small interface here and let internal/app supply it", f.path, a, b))
			}
		}
	}
	return found
}

// input and output, which pure packages do without, even through others of ours.
var inputOutput = []string{"database/sql", "net/http", "net", "os", "os/exec", "os/user", "syscall", "log", "log/slog"}

// pure: some packages have neither input nor output. Package access imports
// nothing but the standard library.
func pure(r *repo) (found []string) {
	imports := map[string]map[string]bool{}
	for _, f := range r.files {
		if f.shipped() {
			if imports[f.dir()] == nil {
				imports[f.dir()] = map[string]bool{}
			}
			for _, path := range f.imports() {
				imports[f.dir()][path] = true
			}
		}
	}
	for _, dir := range slices.Sorted(maps.Keys(imports)) {
		if under(dir, "internal/access") {
			for path := range imports[dir] {
				if strings.Contains(strings.Split(path, "/")[0], ".") || strings.HasPrefix(path, module) {
					found = append(found, fmt.Sprintf("%s: imports %s; the rule of who may see what rests on the standard library alone", dir, path))
				}
			}
		}
		if !under(dir, "internal/access") && !under(dir, "internal/record/listindex") && !under(dir, "internal/modules/assistance/match") && floor(dir) != 0 {
			continue
		}
		seen := map[string]bool{}
		var visit func(at string)
		visit = func(at string) {
			seen[at] = true
			for _, path := range slices.Sorted(maps.Keys(imports[at])) {
				if slices.Contains(inputOutput, path) && (floor(dir) != 0 || path == "database/sql" || strings.HasPrefix(path, "os")) {
					found = append(found, fmt.Sprintf("%s: must be pure, but %s imports %s; pass in what it needs", dir, at, path))
				}
				if next, ours := strings.CutPrefix(path, module); ours && !seen[next] {
					if floor(dir) == 0 && floor(next) != 0 {
						found = append(found, fmt.Sprintf("%s: a format knows no %s; translate in the module or in feeds", dir, next))
					}
					visit(next)
				}
			}
		}
		visit(dir)
	}
	return found
}

// drivers: one package knows which databases there are.
func drivers(r *repo) (found []string) {
	for _, f := range r.files {
		if !f.shipped() || under(f.dir(), "internal/db") {
			continue
		}
		for _, path := range f.imports() {
			for _, driver := range []string{"modernc.org/sqlite", "github.com/jackc/pgx", "github.com/pressly/goose", "github.com/lib/pq", "github.com/mattn/go-sqlite3"} {
				if under(path, driver) {
					found = append(found, fmt.Sprintf("%s: imports the driver %s; what differs between the engines belongs in internal/db", f.path, path))
				}
			}
		}
	}
	return found
}

var recordTable = regexp.MustCompile(`(?i)\b(FROM|JOIN|INTO|UPDATE|TABLE|,)\s+(record(_\w+)?|revision)\b`)

// recordSQL: there is one way to a record. The search index joins the table
// under the same predicate, which package access words.
func recordSQL(r *repo) (found []string) {
	for _, f := range r.files {
		if !f.shipped() || under(f.dir(), "internal/record") || f.dir() == "internal/search" || f.dir() == "internal/access" {
			continue
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			lit, ok := n.(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING || !strings.Contains(lit.Value, " ") {
				return true
			}
			if m := recordTable.FindStringSubmatch(lit.Value); m != nil && m[1] != "," {
				found = append(found, r.at(lit, "SQL on the table %s; go through the gate, package record", m[2]))
			}
			return true
		})
	}
	return found
}

// testSupport: help for tests stays out of the program.
func testSupport(r *repo) (found []string) {
	for _, f := range r.files {
		if !f.shipped() {
			continue
		}
		for _, path := range f.imports() {
			dir, ours := strings.CutPrefix(path, module)
			if ours && support(dir) || path == "testing" || strings.HasPrefix(path, "testing/") || strings.HasPrefix(path, "github.com/chromedp/") || strings.HasPrefix(path, "github.com/google/go-cmp") {
				found = append(found, fmt.Sprintf("%s: imports %s outside a test; move the file to _test.go, or its folder to support in internal/rules/rules_test.go", f.path, path))
			}
		}
	}
	return found
}

// forbiddenImports: no process is started, and nothing is decoded into types
// that the bytes name.
func forbiddenImports(r *repo) (found []string) {
	why := map[string]string{
		"os/exec":      "the program starts no other",
		"encoding/gob": "it is not for bytes from outside; use JSON",
		"unsafe":       "nothing here is worth it",
		"plugin":       "one binary",
		"io/ioutil":    "use io and os",
		"math/rand":    "use math/rand/v2, or crypto/rand for secrets",
	}
	for _, f := range r.files {
		if !f.shipped() {
			continue
		}
		tool := under(f.dir(), "cmd") && f.dir() != "cmd/concord" // may start the program to measure it
		for _, path := range f.imports() {
			if why[path] != "" && !(tool && path == "os/exec") {
				found = append(found, fmt.Sprintf("%s: imports %s; %s", f.path, path, why[path]))
			}
		}
	}
	return found
}
