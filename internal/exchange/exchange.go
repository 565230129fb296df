// Package exchange brings records of any kind in from files and writes them
// out again: CSV both ways, JSON Lines out, and synthetic records for load
// tests.
//
// Invariant: everything passes record.Store, for the actor given: nothing is
// read, written or told here that the actor may not. A file is trusted in
// nothing: its size, rows, columns and cells are bounded before they are kept,
// and a file that cannot be read to its end writes nothing at all.
package exchange

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode/utf8"

	"concord/internal/access"
	"concord/internal/i18n"
	"concord/internal/party/reference"
	"concord/internal/problem"
	"concord/internal/record"
)

// Options say how a file is taken in.
type Options struct {
	// Directory is the parties of now; nil is those of the release. Statements
	// do without.
	Directory record.Directory
	// Resolve finds the codes that the name of a party means; may be nil.
	Resolve func(name string) (codes []string, ok bool)
	// As is the party that answers for rows that name no owner; "" is the
	// actor's own. Only the operator brings in for other parties.
	As string
	// Audience and Named are for rows that say nothing of it; "" is the kind's
	// default.
	Audience access.Audience
	Named    []string
	// State is draft or published, for rows that say nothing of it; "" is
	// draft, for the operator published.
	State access.Status
	// Lang is the language of text columns that name none; "" is English.
	Lang   i18n.Lang
	DryRun bool // all but the commit
	// MaxRows and MaxBytes bound the file; 0 is a million rows and 2 GB.
	MaxRows  int
	MaxBytes int64
	Progress func(rows int) // called now and then; may be nil
}

// Tier says how bad a problem is.
type Tier string

// The tiers.
const (
	Critical Tier = "critical" // the file cannot be used: nothing is written
	Error    Tier = "error"    // the row is refused
	Warning  Tier = "warning"  // the row is taken, with this remark
)

// Problem is something wrong with a file or a row of it.
type Problem struct {
	Row   int    `json:"row"` // as a spreadsheet counts, the header being 1; an entry of a list from 1; 0 is the file
	Key   string `json:"key,omitempty"`
	Field string `json:"field,omitempty"`
	Tier  Tier   `json:"tier"`
	Code  string `json:"code"` // of the message "error.CODE"
	Args  []any  `json:"args,omitempty"`
}

// maxProblems is how many problems a report lists; all are counted.
const maxProblems = 1000

// Report says what became of a file.
type Report struct {
	Kind      string    `json:"kind,omitempty"`
	DryRun    bool      `json:"dryRun"`
	Rows      int       `json:"rows"`
	Created   int       `json:"created"`
	Updated   int       `json:"updated"`
	Unchanged int       `json:"unchanged"`
	Refused   int       `json:"refused"`
	Critical  int       `json:"critical"`
	Errors    int       `json:"errors"`
	Warnings  int       `json:"warnings"`
	Problems  []Problem `json:"problems,omitempty"` // the first maxProblems
}

// Failed reports whether the file could not be used.
func (r *Report) Failed() bool { return r.Critical > 0 }

// Add notes a problem.
func (r *Report) Add(p Problem) {
	switch p.Tier {
	case Critical:
		r.Critical++
	case Error:
		r.Errors++
	default:
		r.Warnings++
	}
	if len(r.Problems) < maxProblems {
		r.Problems = append(r.Problems, p)
	}
}

// critical notes why the file cannot be used.
func (r *Report) critical(row int, field, code string, args ...any) {
	r.Add(Problem{Row: row, Field: field, Tier: Critical, Code: code, Args: args})
}

// Fail notes that a file cannot be used, for readers of other formats.
func (r *Report) Fail(code string, args ...any) { r.critical(0, "", code, args...) }

// Operator gives the person at the shell the party in whose name the trail
// will say what was brought in: the Secretariat. Other actors stay as they are.
func Operator(a access.Actor) access.Actor {
	if a.Operator() && a.Party == "" {
		a.Party = secretariat
	}
	return a
}

// secretariat is the code of the Secretariat in the reference data.
const secretariat = "UNODA"

// Format is a kind of file.
type Format string

// The formats that Detect knows. Only CSV, JSONLines (out) and Statements are
// built.
const (
	CSV        Format = "csv"
	JSONLines  Format = "json"
	Statements Format = "statements"
	Documents  Format = "documents"
	ICS        Format = "ics"
	VCard      Format = "vcard"
	STIX       Format = "stix"
	IATI       Format = "iati"
	Workbook   Format = "xlsx"
	Unknown    Format = ""
)

// HeadSize is how much of a file Detect wants to see.
const HeadSize = 64 << 10

// Detect tells the format of a file by how it begins.
func Detect(head []byte) Format {
	head = bytes.TrimPrefix(head, []byte("\ufeff"))
	text := bytes.TrimLeft(head, " \t\r\n")
	switch {
	case len(text) == 0:
		return Unknown
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return Workbook
	case hasPrefixFold(text, "BEGIN:VCALENDAR"):
		return ICS
	case hasPrefixFold(text, "BEGIN:VCARD"):
		return VCard
	case text[0] == '<':
		if bytes.Contains(text, []byte("<iati-activities")) {
			return IATI
		}
		return Unknown
	case text[0] == '{':
		return detectJSON(text)
	case text[0] == '[' || text[0] == '%':
		return Unknown
	case bytes.HasPrefix(head, []byte{0xff, 0xfe}), bytes.HasPrefix(head, []byte{0xfe, 0xff}):
		return CSV // UTF-16
	}
	line, _, _ := bytes.Cut(text, []byte("\n"))
	if bytes.IndexByte(line, 0) >= 0 || !utf8.Valid(line) || len(line) == HeadSize {
		return Unknown
	}
	return CSV
}

func hasPrefixFold(b []byte, prefix string) bool {
	return len(b) >= len(prefix) && strings.EqualFold(string(b[:len(prefix)]), prefix)
}

// detectJSON tells JSON files apart by the names in their first object.
func detectJSON(text []byte) Format {
	d := json.NewDecoder(bytes.NewReader(text))
	names := map[string]bool{}
	depth, name := 0, true
	for {
		t, err := d.Token()
		if err != nil {
			break
		}
		switch v := t.(type) {
		case json.Delim:
			if v == '{' || v == '[' {
				depth++
			} else {
				depth--
			}
			name = depth == 1
		case string:
			if depth == 1 {
				if name {
					names[v] = true
				} else if v == "bundle" {
					names["stix bundle"] = true
				}
				name = !name
			}
		default:
			name = name || depth == 1
		}
		if depth == 0 || names["entries"] || names["needs"] {
			break
		}
	}
	switch {
	case names["entries"] || names["needs"]:
		return Statements
	case names["stix bundle"]:
		return STIX
	case names["lang"] && names["title"] && names["text"]:
		return Documents
	}
	return Unknown
}

// Readable is nil for the formats that this release takes in, else a problem
// that says what to do instead.
func (f Format) Readable() error {
	switch f {
	case CSV, Statements:
		return nil
	case Workbook:
		return problem.New(problem.Unsupported, "import.workbook")
	case Unknown:
		return problem.New(problem.Unsupported, "import.unknown-format")
	}
	return problem.New(problem.Unsupported, "import.format-later", string(f))
}

// known is the directory of the reference data, for content that is made here.
type known struct{ kinds map[string]access.PartyKind }

func (k known) Has(code string) bool              { _, ok := k.kinds[code]; return ok }
func (k known) Kind(code string) access.PartyKind { return k.kinds[code] }

func directoryOf(d *reference.Data) known {
	k := known{map[string]access.PartyKind{}}
	for _, s := range d.States {
		k.kinds[s.Code] = access.State
	}
	for _, o := range d.Organisations {
		k.kinds[o.Code] = access.PartyKind(o.Kind)
	}
	for _, g := range d.Groups {
		k.kinds[g.Code] = ""
	}
	return k
}
