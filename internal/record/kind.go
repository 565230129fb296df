// Package record is the kernel: everything in the portal is a record of some
// kind, answered for by a party, readable by an audience, moving through a
// lifecycle. Every way to a record goes through Store.
//
// Invariant: no row leaves Store that access.Scope.May does not admit, no
// field that MayField does not; and every change writes its revision, search
// terms, list entry, audit line and jobs in one transaction.
package record

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"concord/internal/access"
	"concord/internal/problem"
	"concord/internal/vocab"
)

// Kind is a type of record, described once from a Go struct. From it come the
// form, validation, facets, list, page, JSON, CSV, OpenAPI and search text.
type Kind struct {
	Name   string // "need": in JSON, in message keys, in the database
	Plural string // "needs": in addresses
	access.KindRule

	// Review is how long content counts as fresh before its owner is asked to
	// confirm it; 0 means it does not age.
	Review time.Duration
	// Expire is how long after the review date unconfirmed content is
	// archived; 0 means never.
	Expire time.Duration
	// Internal kinds are written by their module's own workflow: they have no
	// generic form and no generic create, change or transition.
	Internal bool
	// Sections orders the fields of form and page; see the tag "section".
	Sections []string

	Fields []*Field
	typ    reflect.Type
	byName map[string]*Field
}

// Checker is implemented by kinds with rules of their own beyond their tags.
// It runs before a record leaves draft.
type Checker interface {
	Check(*problem.Fields)
}

// Type says how a field is entered, stored and shown.
type Type string

// The types of fields and the Go types they are made from.
const (
	Text    Type = "text"    // i18n.Text
	Line    Type = "line"    // string
	Link    Type = "url"     // URL
	Mail    Type = "email"   // Email
	Code    Type = "code"    // string with a vocabulary
	Codes   Type = "codes"   // []string with a vocabulary
	Day     Type = "date"    // Date
	At      Type = "moment"  // Moment
	Number  Type = "number"  // int
	Flag    Type = "flag"    // bool
	Party   Type = "party"   // PartyCode
	Parties Type = "parties" // []PartyCode
	One     Type = "ref"     // Ref
	Many    Type = "refs"    // []Ref
	Rows    Type = "rows"    // slice of a struct
)

// Field describes one field of a kind.
type Field struct {
	Name     string // as in JSON, CSV, forms and message keys
	Type     Type
	Required bool // before the record leaves draft
	Title    bool // names the record; the first text field with it
	Summary  bool // one paragraph under the title in lists
	Long     bool // several lines
	Max      int  // runes of a text, rows, or the largest number
	Vocab    string
	Facet    bool
	Search   bool
	Column   bool // shown in lists and tables
	Date     bool // the kind's own date, to sort by
	Open     bool // parties: may name groups and "@all" as well
	Kind     string
	Section  string
	// Audience is narrower than the record's for every record of the kind.
	Audience access.Audience
	// Choice lets the owner narrow the field's audience in each record.
	Choice bool
	Rows   []*Field // of one row

	index int
}

// URL is an http or https address.
type URL string

// Email is a mail address.
type Email string

// PartyCode names a party; where the field is open, also a group.
type PartyCode string

// Ref is the id of another record. Refs that the reader may not follow are
// removed before a record leaves the store.
type Ref string

// NewKind describes T, a struct whose fields carry `json` and `rec` tags.
//
// The rec tag is a list of words: required, title, summary, long, facet,
// search, column, date, open, choice; and of pairs: max=200, vocab=topic,
// kind=need, section=what, audience=states.
func NewKind[T any](k Kind) (*Kind, error) {
	k.typ = reflect.TypeFor[T]()
	fields, err := describe(k.typ)
	if err != nil {
		return nil, fmt.Errorf("kind %s: %w", k.Name, err)
	}
	k.Fields = fields
	k.byName = map[string]*Field{}
	for _, f := range fields {
		k.byName[f.Name] = f
	}
	switch {
	case k.Name == "" || k.Plural == "":
		return nil, fmt.Errorf("kind %v: no name", k.typ)
	case len(k.Authors) == 0 || len(k.Audiences) == 0:
		return nil, fmt.Errorf("kind %s: no authors or no audiences", k.Name)
	case k.TitleField() == nil:
		return nil, fmt.Errorf("kind %s: no title field", k.Name)
	}
	if slices.Contains(k.Audiences, access.Sealed) {
		return nil, fmt.Errorf("kind %s: sealed content is not built yet", k.Name)
	}
	return &k, nil
}

// New returns a pointer to an empty struct of the kind.
func (k *Kind) New() any { return reflect.New(k.typ).Interface() }

// Field returns the field with the name, or nil.
func (k *Kind) Field(name string) *Field { return k.byName[name] }

// TitleField is the field that names the record.
func (k *Kind) TitleField() *Field { return k.first(func(f *Field) bool { return f.Title }) }

// SummaryField is the field shown under the title in lists, or nil.
func (k *Kind) SummaryField() *Field { return k.first(func(f *Field) bool { return f.Summary }) }

func (k *Kind) first(ok func(*Field) bool) *Field {
	if i := slices.IndexFunc(k.Fields, ok); i >= 0 {
		return k.Fields[i]
	}
	return nil
}

// Facets lists the fields to filter by.
func (k *Kind) Facets() []*Field {
	var fs []*Field
	for _, f := range k.Fields {
		if f.Facet {
			fs = append(fs, f)
		}
	}
	return fs
}

// describe reads the fields of a struct type.
func describe(t reflect.Type) ([]*Field, error) {
	if t.Kind() != reflect.Struct {
		return nil, fmt.Errorf("%v is not a struct", t)
	}
	var fields []*Field
	for i := range t.NumField() {
		sf := t.Field(i)
		name, _, _ := strings.Cut(sf.Tag.Get("json"), ",")
		if !sf.IsExported() || name == "" || name == "-" {
			return nil, fmt.Errorf("field %s needs a json name", sf.Name)
		}
		f := &Field{Name: name, index: i}
		if err := f.read(sf.Tag.Get("rec")); err != nil {
			return nil, fmt.Errorf("field %s: %w", name, err)
		}
		if err := f.infer(sf.Type); err != nil {
			return nil, fmt.Errorf("field %s: %w", name, err)
		}
		if f.Max == 0 {
			f.Max = f.defaultMax()
		}
		fields = append(fields, f)
	}
	return fields, nil
}

// read parses the rec tag.
func (f *Field) read(tag string) error {
	words := map[string]*bool{
		"required": &f.Required, "title": &f.Title, "summary": &f.Summary, "long": &f.Long, "facet": &f.Facet,
		"search": &f.Search, "column": &f.Column, "date": &f.Date, "open": &f.Open, "choice": &f.Choice,
	}
	for word := range strings.SplitSeq(tag, ",") {
		key, value, isPair := strings.Cut(word, "=")
		switch {
		case word == "":
		case !isPair && words[word] != nil:
			*words[word] = true
		case key == "vocab":
			f.Vocab = value
		case key == "kind":
			f.Kind = value
		case key == "section":
			f.Section = value
		case key == "audience" && access.Audience(value).Valid():
			f.Audience = access.Audience(value)
		case key == "max":
			if _, err := fmt.Sscanf(value, "%d", &f.Max); err != nil {
				return fmt.Errorf("max: %w", err)
			}
		default:
			return fmt.Errorf("unknown word %q in tag", word)
		}
	}
	return nil
}

// infer settles the field's type from its Go type.
func (f *Field) infer(t reflect.Type) error {
	plain := map[reflect.Type]Type{
		textType: Text, reflect.TypeFor[URL](): Link, reflect.TypeFor[Email](): Mail,
		reflect.TypeFor[Date](): Day, reflect.TypeFor[Moment](): At, reflect.TypeFor[int](): Number,
		reflect.TypeFor[bool](): Flag, reflect.TypeFor[PartyCode](): Party, reflect.TypeFor[[]PartyCode](): Parties,
		reflect.TypeFor[Ref](): One, reflect.TypeFor[[]Ref](): Many,
		reflect.TypeFor[string](): Line, reflect.TypeFor[[]string](): Codes,
	}
	typ, ok := plain[t]
	switch {
	case ok && typ == Line && f.Vocab != "":
		typ = Code
	case ok && typ == Codes && f.Vocab == "":
		return fmt.Errorf("a list of codes needs a vocabulary")
	case !ok && t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Struct:
		rows, err := describe(t.Elem())
		if err != nil {
			return err
		}
		for _, r := range rows {
			if r.Audience != "" || r.Choice {
				return fmt.Errorf("%s: a field of a row has the audience of the whole", r.Name)
			}
		}
		typ, f.Rows = Rows, rows
	case !ok:
		return fmt.Errorf("no field type for %v", t)
	}
	f.Type = typ
	return nil
}

func (f *Field) defaultMax() int {
	switch {
	case f.Type == Text && f.Long:
		return 10_000
	case f.Type == Number:
		return 1_000_000_000
	case f.Type == Rows:
		return 50
	case f.Type == Codes || f.Type == Many:
		return 100
	case f.Type == Parties:
		return 250
	}
	return 300
}

// Kinds are the kinds of a running portal and the vocabularies they use.
type Kinds struct {
	all    []*Kind
	byName map[string]*Kind
	Vocab  vocab.Set
}

// NewKinds checks the kinds together.
func NewKinds(v vocab.Set, all []*Kind) (*Kinds, error) {
	ks := &Kinds{all: all, byName: map[string]*Kind{}, Vocab: v}
	for _, k := range all {
		if ks.byName[k.Name] != nil || ks.byName[k.Plural] != nil {
			return nil, fmt.Errorf("two kinds are named %s or %s", k.Name, k.Plural)
		}
		ks.byName[k.Name] = k
	}
	for _, k := range all {
		if err := ks.check(k.Name, k.Fields); err != nil {
			return nil, err
		}
	}
	return ks, nil
}

// check finds fields that name a vocabulary or kind there is not.
func (ks *Kinds) check(kind string, fields []*Field) error {
	for _, f := range fields {
		if f.Vocab != "" && ks.Vocab[f.Vocab] == nil {
			return fmt.Errorf("kind %s, field %s: no vocabulary %s", kind, f.Name, f.Vocab)
		}
		if f.Kind != "" && ks.byName[f.Kind] == nil {
			return fmt.Errorf("kind %s, field %s: no kind %s", kind, f.Name, f.Kind)
		}
		if err := ks.check(kind, f.Rows); err != nil {
			return err
		}
	}
	return nil
}

// All lists the kinds in the order of their modules.
func (ks *Kinds) All() []*Kind { return ks.all }

// Generic names the kinds that have pages, forms and an API of their own: all
// that are not internal.
func (ks *Kinds) Generic() []string {
	var names []string
	for _, k := range ks.all {
		if !k.Internal {
			names = append(names, k.Name)
		}
	}
	return names
}

// Kind returns the kind with the name, or nil.
func (ks *Kinds) Kind(name string) *Kind { return ks.byName[name] }

// ByPlural returns the kind whose addresses use the plural, or nil.
func (ks *Kinds) ByPlural(plural string) *Kind {
	if i := slices.IndexFunc(ks.all, func(k *Kind) bool { return k.Plural == plural }); i >= 0 {
		return ks.all[i]
	}
	return nil
}
