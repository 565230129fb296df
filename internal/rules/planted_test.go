package rules

import (
	"go/token"
	"strings"
	"testing"
)

// TestPlanted shows that each rule finds what it is for, and lets pass what
// looks like it.
func TestPlanted(t *testing.T) {
	const search, access, web, needs = "internal/search/x.go", "internal/access/x.go", "internal/web/x.go", "internal/modules/needs/x.go"
	tests := []struct {
		rule, path, src string
		want            string // part of the only finding; "" if there is none
	}{
		{"layers", search, `import "concord/internal/record"`, "above"},
		{"layers", web, `import "concord/internal/record"`, ""},
		{"layers", "internal/web/x_test.go", `import "concord/internal/app"`, ""},
		{"layers", needs, `import "concord/internal/modules/offers"`, "imports module offers"},
		{"layers", needs, `import "concord/internal/modules/needs/match"`, ""},
		{"layers", "internal/attic/x.go", ``, "on no floor"},
		{"layers", "internal/webhooks/x.go", ``, "on no floor"},
		{"pure", access, `import "golang.org/x/text/language"`, "standard library alone"},
		{"pure", access, `import "os"`, "must be pure"},
		{"pure", access, `import "strings"`, ""},
		{"pure", "internal/record/listindex/x.go", `import "database/sql"`, "must be pure"},
		{"pure", "internal/ical/x.go", `import "concord/internal/i18n"`, "a format knows no"},
		{"drivers", web, `import _ "modernc.org/sqlite"`, "internal/db"},
		{"drivers", web, `import "github.com/jackc/pgx/v5/pgconn"`, "internal/db"},
		{"drivers", "internal/db/x.go", `import _ "modernc.org/sqlite"`, ""},
		{"record-sql", needs, "const q = `SELECT id FROM record WHERE id = $1`", "through the gate"},
		{"record-sql", needs, "const q = `update\n record_idx set n = 1`", "through the gate"},
		{"record-sql", needs, "const q = `SELECT id FROM recording`", ""},
		{"record-sql", "internal/record/x.go", "const q = `SELECT id FROM record`", ""},
		{"support", web, `import "concord/internal/browser"`, "outside a test"},
		{"support", web, `import "testing"`, "outside a test"},
		{"support", "internal/web/x_test.go", `import "concord/internal/browser"`, ""},
		{"forbidden", web, `import "os/exec"`, "starts no other"},
		{"forbidden", "cmd/concord/main.go", `import "os/exec"`, "starts no other"},
		{"forbidden", "cmd/load/main.go", `import "os/exec"`, ""},
		{"forbidden", web, `import "encoding/gob"`, "use JSON"},
		{"package-state", web, `var count int`, "package variable count"},
		{"package-state", web, `var mu sync.Mutex`, "package variable mu"},
		{"package-state", web, `var cache = map[string]int{}`, "package variable cache"},
		{"package-state", web, `var now = time.Now()`, "package variable now"},
		{"package-state", web, `var words = []string{"a"}; func f() { words[0] = "b" }`, "changes the package variable words"},
		{"package-state", web, `var words = []string{"a"}; func f() { slices.Sort(words) }`, "changes the package variable words"},
		{"package-state", web, `var words = []string{"a"}; func f() *[]string { return &words }`, "changes the package variable words"},
		{"package-state", web, `var words = []string{"a"}; func f() { words := words; words[0] = "b" }`, ""},
		{"package-state", web, `var errLate = errors.New("late")`, ""},
		{"package-state", web, `var zip = sync.Pool{New: func() any { return 1 }}`, ""},
		{"package-state", web, `var typ = reflect.TypeFor[int]()`, ""},
		{"package-state", web, "//go:embed style.css\nvar style []byte", ""},
		{"package-state", web, `var _ error = (*E)(nil)`, ""},
		{"package-state", "internal/web/x_test.go", `var count int`, ""},
		{"calls", web, `func f() { panic("no") }`, "return an error"},
		{"calls", web, `func init() {}`, "func init"},
		{"calls", web, `type t int; func (t) init() {}`, ""},
		{"calls", web, `func f() { log.Fatalf("no") }`, "return an error"},
		{"calls", web, `func f() { os.Exit(1) }`, "package main"},
		{"calls", "internal/web/x_test.go", `func f(t *testing.T) { t.Skip("no") }`, "skipped"},
		{"calls", "internal/web/x_test.go", `func f() { panic("no") }`, ""},
		{"package-names", "internal/utils/x.go", ``, "says nothing"},
		{"package-doc", "internal/web/y.go", "-package web", "no package comment"},
		{"gofmt", web, `var   x = 1`, "gofmt -w"},
		{"length", web, strings.Repeat("\n", 401), "split it"},
		{"length", "internal/web/x_templ.go", strings.Repeat("\n", 401), ""},
		{"left-and-right", "x.css", "p {\n margin-left: 1em }", "x.css:2:"},
		{"left-and-right", "x.css", "p { text-align: right }", "logical"},
		{"left-and-right", "x.css", "/* left */ p { margin-inline-start: 1em }", ""},
		{"outside", "x.css", "p { background: url(https://a.example/x.png) }", "embed it"},
		{"outside", "x.css", "@import 'other.css';", "embed it"},
		{"outside", "x.templ", `<script async src="//a.example/x.js">`, "embed it"},
		{"outside", "x.templ", `<link rel="stylesheet" href={ "https://a.example/x.css" }>`, "embed it"},
		{"outside", "x.templ", `<a href="https://www.un.org/">UN</a> <img src="/x.png">`, ""},
		{"outside", web, "const h = `<img src=\"https://a.example/x.png\">`", "embed it"},
		{"words", "docs/x.md", "TO" + "DO: more", "open an issue"},
		{"words", "check", "npm --registry https://registry." + "npmjs.org", "ordinary client"},
		{"words", "docs/x.md", "see `x` in /ro" + "ot/x", "one machine"},
		{"words", "docs/x.md", "as the bri" + "ef says", "has not been there"},
		{"words", "docs/x.md", "the tenth session of the working group; technical assistance", ""},
	}
	planted := map[string]bool{}
	for _, test := range tests {
		r := &repo{fset: token.NewFileSet()}
		src := test.src
		if strings.HasSuffix(test.path, ".go") {
			if rest, bare := strings.CutPrefix(src, "-"); bare {
				src = rest + "\n"
			} else {
				src = "// Package x is.\npackage x\n\n" + src + "\n"
			}
		}
		if err := r.add(test.path, src); err != nil {
			t.Fatal(err)
		}
		found := all[test.rule](r)
		switch {
		case test.want == "" && len(found) > 0:
			t.Errorf("%s: %q: got %q, want nothing", test.rule, test.src, found)
		case test.want != "" && (len(found) != 1 || !strings.Contains(found[0], test.want)):
			t.Errorf("%s: %q: got %q, want one with %q", test.rule, test.src, found, test.want)
		}
		planted[test.rule] = true
	}
	for name := range all {
		if !planted[name] {
			t.Errorf("no violation of %s is planted here", name)
		}
	}
}
