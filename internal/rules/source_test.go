package rules

import (
	"fmt"
	"go/ast"
	"go/format"
	"maps"
	"path"
	"slices"
	"strings"
)

// calls: no panic, init, skipped test or exit in the middle of things.
func calls(r *repo) (found []string) {
	for _, f := range r.files {
		if f.ast == nil || f.generated() {
			continue
		}
		skips := f.dir() != "internal/browser" // which obeys -short, and the script check says so
		ast.Inspect(f.ast, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				if n.Recv == nil && n.Name.Name == "init" {
					found = append(found, r.at(n, "func init; do it in a func that app calls"))
				}
			case *ast.CallExpr:
				switch name := callee(n); {
				case f.shipped() && name == "panic":
					found = append(found, r.at(n, "panic; return an error"))
				case f.shipped() && (strings.HasPrefix(name, "log.Fatal") || strings.HasPrefix(name, "log.Panic")):
					found = append(found, r.at(n, "%s; return an error", name))
				case f.shipped() && !f.main() && name == "os.Exit":
					found = append(found, r.at(n, "os.Exit outside package main; return an error"))
				case skips && (f.test() || support(f.dir())) && skip(n):
					found = append(found, r.at(n, "a skipped test; make it run everywhere, or make it a benchmark or a command"))
				}
			}
			return true
		})
	}
	return found
}

// callee words the function that is called: panic, os.Exit, base32.StdEncoding.WithPadding.
func callee(call *ast.CallExpr) string { return dotted(call.Fun) }

func dotted(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return dotted(e.X) + "." + e.Sel.Name
	case *ast.IndexExpr: // a type argument
		return dotted(e.X)
	case *ast.CallExpr:
		return dotted(e.Fun)
	}
	return "?"
}

// skip says whether a call skips a test: t.Skip("…"), b.SkipNow().
func skip(call *ast.CallExpr) bool {
	s, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	id, ok := s.X.(*ast.Ident)
	return ok && slices.Contains([]string{"t", "b", "f", "tb", "tt"}, id.Name) &&
		slices.Contains([]string{"Skip", "Skipf", "SkipNow"}, s.Sel.Name)
}

// packageNames: a package is named for what it provides.
func packageNames(r *repo) (found []string) {
	empty := []string{"util", "utils", "common", "models", "model", "manager", "managers", "helper", "helpers", "misc", "base", "shared", "lib", "core", "pkg"}
	seen := map[string]bool{}
	for _, f := range r.files {
		if f.ast == nil || seen[f.dir()] {
			continue
		}
		seen[f.dir()] = true
		if name := strings.TrimSuffix(f.ast.Name.Name, "_test"); slices.Contains(empty, name) || slices.Contains(empty, path.Base(f.dir())) {
			found = append(found, fmt.Sprintf("%s: package %s says nothing; name it for what it provides", f.dir(), name))
		}
	}
	return found
}

// packageDoc: every package says in a paragraph what it is for.
func packageDoc(r *repo) (found []string) {
	documented := map[string]bool{}
	for _, f := range r.files {
		if f.ast == nil || f.test() || f.generated() {
			continue
		}
		documented[f.dir()] = documented[f.dir()] || f.ast.Doc != nil
	}
	for _, dir := range slices.Sorted(maps.Keys(documented)) {
		if !documented[dir] {
			found = append(found, fmt.Sprintf("%s: no package comment; say what it is for and what always holds", dir))
		}
	}
	return found
}

// gofmt: there is one layout.
func gofmt(r *repo) (found []string) {
	for _, f := range r.files {
		if f.ast == nil || f.generated() {
			continue
		}
		if out, err := format.Source([]byte(f.src)); err != nil || string(out) != f.src {
			found = append(found, fmt.Sprintf("%s: not formatted; run gofmt -w %s", f.path, f.path))
		}
	}
	return found
}

const maxLines = 400

func lines(f *file) int { return strings.Count(f.src, "\n") }

// counted says whether the length of a file is limited.
func counted(f *file) bool {
	return (f.ext() == ".go" || f.ext() == ".templ") && !f.generated()
}

// length: a file that no one can hold in the head is two files.
func length(r *repo) (found []string) {
	for _, f := range r.files {
		if n := lines(f); counted(f) && n > maxLines {
			found = append(found, fmt.Sprintf("%s: %d lines, more than %d; find the seam and split it", f.path, n, maxLines))
		}
	}
	return found
}
