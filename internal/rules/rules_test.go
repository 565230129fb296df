package rules

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// module is the path of the module, before every import of our own.
const module = "concord/"

// A repo is what the rules look at.
type repo struct {
	fset  *token.FileSet
	files []*file
}

// A file is one text file; Go files are parsed.
type file struct {
	path string // from the root, with slashes
	src  string
	ast  *ast.File // nil unless Go
}

func (f *file) dir() string     { return path.Dir(f.path) }
func (f *file) ext() string     { return path.Ext(f.path) }
func (f *file) test() bool      { return strings.HasSuffix(f.path, "_test.go") }
func (f *file) generated() bool { return strings.HasSuffix(f.path, "_templ.go") }
func (f *file) main() bool      { return f.ast.Name.Name == "main" }

// shipped says whether a Go file can end up in the program.
func (f *file) shipped() bool { return f.ast != nil && !f.test() && !support(f.dir()) }

// support says whether a folder holds help for tests only.
func support(dir string) bool {
	return slices.Contains([]string{"internal/db/dbtest", "internal/browser", "internal/rules"}, dir)
}

// imports lists the paths that a file imports.
func (f *file) imports() []string {
	var paths []string
	for _, spec := range f.ast.Imports {
		p, _ := strconv.Unquote(spec.Path.Value)
		paths = append(paths, p)
	}
	return paths
}

// at words a finding: where, and what to do.
func (r *repo) at(node ast.Node, format string, args ...any) string {
	p := r.fset.Position(node.Pos())
	return fmt.Sprintf("%s:%d: ", p.Filename, p.Line) + fmt.Sprintf(format, args...)
}

// add parses and keeps a file.
func (r *repo) add(name, src string) error {
	f := &file{path: name, src: src}
	if f.ext() == ".go" {
		var err error
		if f.ast, err = parser.ParseFile(r.fset, name, src, parser.ParseComments|parser.SkipObjectResolution); err != nil {
			return err
		}
	}
	r.files = append(r.files, f)
	return nil
}

// texts are the endings of the files that people write; data is not read.
var texts = []string{".go", ".templ", ".css", ".js", ".sql", ".md", ".sh", ".html", ".yml", ".yaml", ""}

// load reads the repository, once.
func load(t *testing.T) *repo {
	t.Helper()
	r, err := loaded()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

var loaded = sync.OnceValues(func() (*repo, error) {
	root := filepath.Join("..", "..")
	r := &repo{fset: token.NewFileSet()}
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if slices.Contains([]string{".git", ".cache", "testdata", "node_modules"}, d.Name()) {
				return fs.SkipDir
			}
			return nil
		}
		if !d.Type().IsRegular() || !slices.Contains(texts, filepath.Ext(name)) {
			return nil
		}
		info, err := d.Info()
		if err != nil || info.Size() > 4<<20 { // a built program, not a text
			return err
		}
		src, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, name)
		if err != nil {
			return err
		}
		return r.add(filepath.ToSlash(rel), string(src))
	})
	return r, err
})

// A rule returns what is wrong, one line each: where, what, what to do.
type rule func(*repo) []string

// all names every rule that looks at the text of the repository. Licences and
// dependencies are in modules_test.go.
var all = map[string]rule{
	"layers":         layers,
	"pure":           pure,
	"drivers":        drivers,
	"record-sql":     recordSQL,
	"support":        testSupport,
	"package-state":  packageState,
	"calls":          calls,
	"forbidden":      forbiddenImports,
	"package-names":  packageNames,
	"package-doc":    packageDoc,
	"gofmt":          gofmt,
	"length":         length,
	"left-and-right": leftAndRight,
	"outside":        outside,
	"words":          words,
}

func TestRules(t *testing.T) {
	r := load(t)
	for name, check := range all {
		t.Run(name, func(t *testing.T) {
			for _, finding := range check(r) {
				t.Error(finding)
			}
		})
	}
	for _, f := range r.files {
		if n := lines(f); n > 300 && counted(f) {
			t.Logf("%s: %d lines; look for the seam before it has %d", f.path, n, maxLines)
		}
	}
}
