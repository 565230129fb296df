package record

import (
	"net/mail"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"concord/internal/access"
	"concord/internal/i18n"
	"concord/internal/ids"
	"concord/internal/problem"
)

var textType = reflect.TypeFor[i18n.Text]()

// Directory is what validation asks of the parties.
type Directory interface {
	Has(code string) bool // a party or, with "@", a group
	Kind(code string) access.PartyKind
}

// Validate notes what is wrong with body. A draft needs only its title;
// leaving draft needs every required field and the kind's own rules.
func (ks *Kinds) Validate(k *Kind, body any, dir Directory, draft bool, problems *problem.Fields) {
	v := validator{ks, dir, draft, problems}
	v.fields("", k.Fields, reflect.ValueOf(body).Elem())
	if c, ok := body.(Checker); ok && !draft {
		c.Check(problems)
	}
}

type validator struct {
	kinds    *Kinds
	dir      Directory
	draft    bool
	problems *problem.Fields
}

func (c validator) fields(prefix string, fields []*Field, s reflect.Value) {
	for _, f := range fields {
		name, v := prefix+f.Name, s.Field(f.index)
		if c.problems.Has(name) { // could not even be read
			continue
		}
		if v.IsZero() || f.Type == Text && v.Interface().(i18n.Text).IsZero() {
			c.problems.Check(!f.Required || c.draft && !f.Title, name, "required")
			continue
		}
		c.field(name, f, v)
	}
}

// field checks one value that is there.
func (c validator) field(name string, f *Field, v reflect.Value) {
	switch f.Type {
	case Text:
		t := v.Interface().(i18n.Text)
		for _, l := range t.Langs() {
			n := utf8.RuneCountInString(t.Get(l))
			c.problems.Check(n <= f.Max, name+"."+string(l), "too-long", f.Max, n)
		}
	case Line:
		c.problems.Check(utf8.RuneCountInString(v.String()) <= f.Max, name, "too-long", f.Max, utf8.RuneCountInString(v.String()))
	case Link:
		c.problems.Check(safeURL(v.String()), name, "url")
	case Mail:
		_, err := mail.ParseAddress(v.String())
		c.problems.Check(err == nil && len(v.String()) <= f.Max, name, "email")
	case Code:
		c.problems.Check(c.kinds.Vocab[f.Vocab].Has(v.String()), name, "code", v.String())
	case Codes:
		c.list(name, f, v, "code", c.kinds.Vocab[f.Vocab].Has)
	case Day:
		c.problems.Check(Date(v.String()).Valid(), name, "date")
	case At:
		_, ok := v.Interface().(Moment).Time()
		c.problems.Check(ok, name, "moment")
	case Number:
		c.problems.Check(v.Int() >= 0 && v.Int() <= int64(f.Max), name, "number-range", 0, f.Max)
	case Party:
		c.problems.Check(c.party(f, v.String()), name, "party", v.String())
	case Parties:
		c.list(name, f, v, "party", func(code string) bool { return c.party(f, code) })
	case One:
		c.problems.Check(ids.Valid(v.String()), name, "ref")
	case Many:
		c.list(name, f, v, "ref", ids.Valid)
	case Rows:
		if v.Len() > f.Max {
			c.problems.Add(name, "too-many", f.Max, v.Len())
			return
		}
		for i := range v.Len() {
			c.fields(name+"."+strconv.Itoa(i)+".", f.Rows, v.Index(i))
		}
	}
}

func (c validator) list(name string, f *Field, v reflect.Value, code string, ok func(string) bool) {
	if v.Len() > f.Max {
		c.problems.Add(name, "too-many", f.Max, v.Len())
		return
	}
	for i := range v.Len() {
		if s := v.Index(i).String(); !ok(s) {
			c.problems.Add(name, code, problem.Clip(s))
			return
		}
	}
}

func (c validator) party(f *Field, code string) bool {
	return c.dir.Has(code) && (f.Open || !strings.HasPrefix(code, "@"))
}

// safeURL reports whether s is an http or https address that a page may link.
func safeURL(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && u.User == nil && len(s) <= 2000
}

// Title is the name of the record in the reader's language, and the language
// it is in.
func (k *Kind) Title(body any) i18n.Text { return k.text(k.TitleField(), body) }

// Summary is the paragraph shown in lists; zero if the kind has none.
func (k *Kind) Summary(body any) i18n.Text { return k.text(k.SummaryField(), body) }

func (k *Kind) text(f *Field, body any) i18n.Text {
	if f == nil || body == nil {
		return i18n.Text{}
	}
	switch v := reflect.ValueOf(body).Elem().Field(f.index); f.Type {
	case Text:
		return v.Interface().(i18n.Text)
	default:
		return i18n.NewText(i18n.English, v.String())
	}
}

// Value is the value of field f in body.
func (f *Field) Value(body any) any { return reflect.ValueOf(body).Elem().Field(f.index).Interface() }

// Set gives field f of body, a pointer to the kind's struct, a value of the
// field's own type.
func (f *Field) Set(body, value any) {
	reflect.ValueOf(body).Elem().Field(f.index).Set(reflect.ValueOf(value))
}

// Zero empties the field.
func (f *Field) Zero(body any) { reflect.ValueOf(body).Elem().Field(f.index).SetZero() }

// Empty reports whether the field has no value.
func (f *Field) Empty(body any) bool { return reflect.ValueOf(body).Elem().Field(f.index).IsZero() }

// Strings lists the codes, parties or refs that the field holds.
func (f *Field) Strings(body any) []string {
	v := reflect.ValueOf(body).Elem().Field(f.index)
	switch f.Type {
	case Codes, Parties, Many:
		list := make([]string, v.Len())
		for i := range list {
			list[i] = v.Index(i).String()
		}
		return list
	case Flag:
		if v.Bool() {
			return []string{"yes"}
		}
		return []string{"no"}
	case Code, Party, One, Line, Day, Link, Mail:
		if v.Len() > 0 {
			return []string{v.String()}
		}
	}
	return nil
}

// kindDate is the kind's own date of the record, in microseconds; 0 for none,
// and where some readers may not see it: the order of a list would tell.
func (k *Kind) kindDate(r *Record) int64 {
	for _, f := range k.Fields {
		if !f.Date || r.fieldAudience(f) != "" {
			continue
		}
		switch v := f.Value(r.Body).(type) {
		case Date:
			if at := v.Start(); !at.IsZero() {
				return at.UnixMicro()
			}
		case Moment:
			if at, ok := v.Time(); ok {
				return at.UnixMicro()
			}
		}
	}
	return 0
}

// refs calls keep for every reference in body, with the flat name of its field,
// and removes those it says no to.
func (k *Kind) refs(body any, keep func(name string, f *Field, r Ref) bool) {
	walkRefs("", k.Fields, reflect.ValueOf(body).Elem(), keep)
}

func walkRefs(prefix string, fields []*Field, s reflect.Value, keep func(string, *Field, Ref) bool) {
	for _, f := range fields {
		name, v := prefix+f.Name, s.Field(f.index)
		switch f.Type {
		case One:
			if r := Ref(v.String()); r != "" && !keep(name, f, r) {
				v.SetString("")
			}
		case Many:
			kept := reflect.Zero(v.Type())
			for i := range v.Len() {
				if keep(name, f, Ref(v.Index(i).String())) {
					kept = reflect.Append(kept, v.Index(i))
				}
			}
			v.Set(kept)
		case Rows:
			for i := range v.Len() {
				walkRefs(name+"."+strconv.Itoa(i)+".", f.Rows, v.Index(i), keep)
			}
		}
	}
}

// carryRefs puts the hidden references of an old struct back where the new one
// has none: in a list, and in the row of the same number.
func carryRefs(fields []*Field, from, to reflect.Value, hidden func(Ref) bool) {
	for _, f := range fields {
		old, v := from.Field(f.index), to.Field(f.index)
		switch f.Type {
		case One:
			if r := Ref(old.String()); r != "" && v.Len() == 0 && hidden(r) {
				v.Set(old)
			}
		case Many:
			list := v.Interface().([]Ref)
			for _, r := range old.Interface().([]Ref) {
				if hidden(r) && !slices.Contains(list, r) {
					list = append(list, r)
				}
			}
			v.Set(reflect.ValueOf(list))
		case Rows:
			for i := range min(old.Len(), v.Len()) {
				carryRefs(f.Rows, old.Index(i), v.Index(i), hidden)
			}
		}
	}
}

// pointsAt lists the records that body points at.
func (k *Kind) pointsAt(body any) []string {
	var ids []string
	k.refs(body, func(_ string, _ *Field, r Ref) bool { ids = append(ids, string(r)); return true })
	return ids
}

// hasRefs reports whether the kind can point at other records.
func (k *Kind) hasRefs() bool {
	found := false
	var look func([]*Field)
	look = func(fields []*Field) {
		for _, f := range fields {
			found = found || f.Type == One || f.Type == Many
			look(f.Rows)
		}
	}
	look(k.Fields)
	return found
}

// Len is the number of rows of a repeated field.
func (f *Field) Len(body any) int { return reflect.ValueOf(body).Elem().Field(f.index).Len() }
