package app

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// TestMessages compares every language with English: keys, placeholders and
// the plural forms that the language needs.
func TestMessages(t *testing.T) {
	modules, err := Modules()
	if err != nil {
		t.Fatal(err)
	}
	_, catalog, err := assemble(modules)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range catalog.Flaws() {
		t.Errorf("%s %s %s", f.Lang, f.Key, f.What)
	}
}

// TestMessageKeys finds keys in the source that no message has: a page would
// show the key itself.
func TestMessageKeys(t *testing.T) {
	modules, err := Modules()
	if err != nil {
		t.Fatal(err)
	}
	_, catalog, err := assemble(modules)
	if err != nil {
		t.Fatal(err)
	}
	key := regexp.MustCompile(`^[a-z][a-z_-]*(\.[a-zA-Z0-9_-]+)+$`)
	err = filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.Contains(path, "gallery") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) == 0 {
				return true
			}
			name, ok := call.Fun.(*ast.SelectorExpr)
			if !ok || name.Sel.Name != "T" {
				return true
			}
			lit, ok := call.Args[0].(*ast.BasicLit)
			if !ok {
				return true
			}
			if s, err := strconv.Unquote(lit.Value); err == nil && key.MatchString(s) && !catalog.Has(s) {
				t.Errorf("%s: no message %q", path, s)
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
