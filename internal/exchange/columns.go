package exchange

import (
	"slices"
	"strconv"
	"strings"

	"concord/internal/i18n"
	"concord/internal/problem"
	"concord/internal/record"
)

// The columns of the envelope. "key" is the file's own name for the row; "id"
// does as well, and in a file that this portal wrote it is the record itself.
const (
	colKey      = "key"
	colID       = "id"
	colOwner    = "owner"
	colAudience = "audience"
	colGroups   = "groups"
	colState    = "state"
)

// ignored are columns that our own files have and that a file cannot set.
func ignored(name string) bool {
	return slices.Contains([]string{"kind", "created", "updated", "verified", "reviewDue", "origin", "revision", "partners"}, name)
}

// csvRows is how many rows of a repeated field a written file has columns for;
// a file that is read may have more.
const csvRows = 5

// column is a column of a file that is read.
type column struct {
	name     string        // flat name, or one of the envelope
	field    *record.Field // nil for the envelope
	envelope bool
	skip     bool
}

// readHeader finds out what the columns are. A column that is not known is
// left out, with a warning that names the nearest one that is.
func readHeader(k *record.Kind, cells []string, lang i18n.Lang, rep *Report) []column {
	all := k.Names(50)
	columns := make([]column, len(cells))
	seen := map[string]bool{}
	for i, cell := range cells {
		name := strings.TrimSpace(i18n.CleanString(cell))
		c := &columns[i]
		c.name, c.skip = name, true
		if at := slices.IndexFunc(all, func(n string) bool { return strings.EqualFold(n, name) }); at >= 0 {
			c.name = all[at]
		}
		c.field = fieldOf(k, c.name)
		lower := strings.ToLower(name)
		switch {
		case name == "" || ignored(name):
		case slices.Contains([]string{colKey, colID, colOwner, colAudience, colGroups, colState}, lower):
			c.name, c.envelope, c.skip, c.field = lower, true, false, nil
		case c.field != nil:
			c.skip = false
			if c.field.Type == record.Text && !slices.Contains(all, c.name) {
				c.name += "." + string(lang) // "title" alone
			}
		default:
			p := Problem{Row: 1, Field: problem.Clip(name), Tier: Warning, Code: "import.unknown-column", Args: []any{problem.Clip(name)}}
			if near := nearest(name, all); near != "" {
				p.Code, p.Args = "import.unknown-column-near", []any{problem.Clip(name), near}
			}
			rep.Add(p)
		}
		if !c.skip && seen[c.name] {
			rep.critical(1, c.name, "import.column-twice", c.name)
		}
		seen[c.name] = seen[c.name] || !c.skip
	}
	title := k.TitleField().Name
	if !slices.ContainsFunc(columns, func(c column) bool {
		return !c.skip && !c.envelope && (c.name == title || strings.HasPrefix(c.name, title+"."))
	}) {
		rep.critical(1, title, "import.no-title", title)
	}
	return columns
}

// fieldOf is the field that a flat name is of: "title.fr" of title,
// "indicators.0.target" of the rows' target.
func fieldOf(k *record.Kind, name string) *record.Field {
	parts := strings.Split(name, ".")
	f := k.Field(parts[0])
	if f == nil {
		return nil
	}
	parts = parts[1:]
	if f.Type == record.Rows {
		if len(parts) < 2 {
			return nil
		}
		if n, err := strconv.Atoi(parts[0]); err != nil || n < 0 || n >= f.Max {
			return nil
		}
		at := slices.IndexFunc(f.Rows, func(r *record.Field) bool { return r.Name == parts[1] })
		if at < 0 {
			return nil
		}
		f, parts = f.Rows[at], parts[2:]
	}
	switch {
	case len(parts) == 0:
		return f
	case len(parts) > 1:
		return nil
	case f.Type == record.Text && (i18n.Lang(parts[0]).Valid() || parts[0] == "original"):
		return f
	case f.Type == record.At && (parts[0] == "local" || parts[0] == "zone"):
		return f
	}
	return nil
}

// nearest is the known name that a misspelt one most likely means, or "".
func nearest(name string, known []string) string {
	name = strings.ToLower(name)
	best, distance := "", 3
	if len(name) > 60 {
		return ""
	}
	for _, k := range append(slices.Clone(known), colKey, colOwner, colAudience, colGroups, colState) {
		short, _, _ := strings.Cut(k, ".")
		for _, try := range [...]string{k, short} {
			if d := edits(name, strings.ToLower(try)); d < distance && d < len(try)/2+1 {
				best, distance = try, d
			}
		}
	}
	return best
}

// edits is the number of letters in which two words differ, two neighbours in
// the wrong order being one.
func edits(a, b string) int {
	x, y := []rune(a), []rune(b)
	if len(x) > len(y)+3 || len(y) > len(x)+3 {
		return len(x) + len(y)
	}
	rows := [3][]int{make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)}
	for j := range rows[1] {
		rows[1][j] = j
	}
	for i := 1; i <= len(x); i++ {
		before, above, here := rows[(i-1)%3], rows[i%3], rows[(i+1)%3]
		here[0] = i
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			here[j] = min(above[j]+1, here[j-1]+1, above[j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				here[j] = min(here[j], before[j-2]+1)
			}
		}
	}
	return rows[(len(x)+1)%3][len(y)]
}

// neutral keeps a spreadsheet from running a text as a formula (ASVS 5.0
// V1.2.10); plain takes that back.
func neutral(s string) string {
	if formula(s) {
		return "'" + s
	}
	return s
}

func plain(s string) string {
	if formula(s) && s[0] == '\'' {
		return s[1:]
	}
	return s
}

// formula reports whether s, or s without quotes in front, begins as what a
// spreadsheet would run.
func formula(s string) bool {
	s = strings.TrimLeft(s, "'")
	return s != "" && strings.IndexByte("=+-@\t\r", s[0]) >= 0
}

// hides reports whether a cell has characters that nobody sees and that make a
// text show otherwise than it reads.
func hides(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool {
		return r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 ||
			r < ' ' && r != '\n' && r != '\t' && r != '\r' || r >= 0x7f && r < 0xa0
	})
}
