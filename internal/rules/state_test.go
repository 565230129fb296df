package rules

import (
	"errors"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// allowedState names the package variables that the rule cannot see to be
// harmless, and why each is.
var allowedState = map[string]string{
	"internal/party.maxHashing": "read once from the machine, never changed",
}

// makers are functions whose results do not change once made.
var makers = []string{"errors.New", "fmt.Errorf", "regexp.MustCompile", "reflect.TypeFor", "reflect.TypeOf",
	"sync.OnceValue", "sync.OnceValues", "strings.NewReplacer", "base32.", "base64.", "language.", "template.Must"}

// packageState: what a package keeps between calls belongs in a value that app
// makes. Fixed are errors, compiled expressions, embedded files, pools,
// reflected types, and tables that nothing in the package changes.
func packageState(r *repo) (found []string) {
	packages := map[string][]*file{}
	for _, f := range r.files {
		if f.shipped() && !f.generated() {
			packages[f.dir()] = append(packages[f.dir()], f)
		}
	}
	for dir, files := range packages {
		var tables []types.Object
		info := resolve(r.fset, dir, files)
		for _, f := range files {
			for _, decl := range f.ast.Decls {
				gen, ok := decl.(*ast.GenDecl)
				if !ok || gen.Tok != token.VAR {
					continue
				}
				for _, spec := range gen.Specs {
					spec := spec.(*ast.ValueSpec)
					for i, name := range spec.Names {
						switch {
						case name.Name == "_" || allowedState[dir+"."+name.Name] != "" || embedded(gen, spec) || pool(spec):
						case i < len(spec.Values) && made(spec.Values[i]):
						case i < len(spec.Values) && table(spec.Values[i]):
							tables = append(tables, info.Defs[name])
						default:
							found = append(found, r.at(name, "package variable %s; keep it in a value that app makes, or say in allowedState why it is harmless", name.Name))
						}
					}
				}
			}
		}
		for _, f := range files {
			for _, id := range changes(f.ast) {
				if obj := info.Uses[id]; obj != nil && slices.Contains(tables, obj) {
					found = append(found, r.at(id, "changes the package variable %s; tables are fixed", id.Name))
				}
			}
		}
	}
	slices.Sort(found)
	return found
}

// resolve finds what each name of a package means, without its imports.
func resolve(fset *token.FileSet, dir string, files []*file) *types.Info {
	info := &types.Info{Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{}}
	var parsed []*ast.File
	for _, f := range files {
		parsed = append(parsed, f.ast)
	}
	config := types.Config{Error: func(error) {}, Importer: nothing{}}
	config.Check(dir, fset, parsed, info) // errors are certain: nothing is imported
	return info
}

type nothing struct{}

func (nothing) Import(string) (*types.Package, error) { return nil, errors.New("not imported") }

func embedded(gen *ast.GenDecl, spec *ast.ValueSpec) bool {
	for _, doc := range []*ast.CommentGroup{gen.Doc, spec.Doc} {
		if doc != nil && slices.ContainsFunc(doc.List, func(c *ast.Comment) bool { return strings.HasPrefix(c.Text, "//go:embed ") }) {
			return true
		}
	}
	return false
}

func pool(spec *ast.ValueSpec) bool {
	if spec.Type != nil {
		return dotted(spec.Type) == "sync.Pool"
	}
	lit, ok := spec.Values[0].(*ast.CompositeLit)
	return ok && lit.Type != nil && dotted(lit.Type) == "sync.Pool"
}

func made(e ast.Expr) bool {
	call, ok := e.(*ast.CallExpr)
	if !ok {
		if s, ok := e.(*ast.SelectorExpr); ok { // var german = language.German
			return slices.ContainsFunc(makers, func(m string) bool { return strings.HasSuffix(m, ".") && strings.HasPrefix(dotted(s), m) })
		}
		return false
	}
	name := callee(call)
	return slices.ContainsFunc(makers, func(m string) bool {
		return name == m || strings.HasSuffix(m, ".") && strings.HasPrefix(name, m)
	})
}

// table says whether an expression is written out in full: a list, map or
// struct that can be read as data. Locks and counters are not data.
func table(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.CompositeLit:
		name := ""
		if e.Type != nil {
			name = dotted(e.Type)
		}
		return !strings.HasPrefix(name, "sync.") && !strings.HasPrefix(name, "atomic.") && len(e.Elts) > 0
	case *ast.UnaryExpr: // &net.IPNet{…}
		return e.Op == token.AND && table(e.X)
	}
	return false
}

// changes returns the variables that statements of a file change or let others
// change: by assignment, by address, by a builtin or by sorting in place.
func changes(f *ast.File) (ids []*ast.Ident) {
	keep := func(e ast.Expr) {
		if id := rootOf(e); id != nil {
			ids = append(ids, id)
		}
	}
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, e := range n.Lhs {
				keep(e)
			}
		case *ast.IncDecStmt:
			keep(n.X)
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				keep(n.X)
			}
		case *ast.CallExpr:
			name := callee(n)
			inPlace := slices.Contains([]string{"delete", "clear", "copy", "append", "slices.Reverse", "maps.Copy"}, name) ||
				strings.HasPrefix(name, "slices.Sort") || strings.HasPrefix(name, "sort.")
			if inPlace && len(n.Args) > 0 {
				keep(n.Args[0])
			}
		}
		return true
	})
	return ids
}

// rootOf finds the variable of x, x[i], x.f, (*x)[i:j].
func rootOf(e ast.Expr) *ast.Ident {
	for {
		switch x := e.(type) {
		case *ast.Ident:
			return x
		case *ast.IndexExpr:
			e = x.X
		case *ast.SelectorExpr:
			e = x.X
		case *ast.StarExpr:
			e = x.X
		case *ast.ParenExpr:
			e = x.X
		case *ast.SliceExpr:
			e = x.X
		default:
			return nil
		}
	}
}
