package web

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"concord/internal/access"
	"concord/internal/door"
	"concord/internal/i18n"
	"concord/internal/problem"
	"concord/internal/record"
	"concord/internal/vocab"
	"concord/internal/web/ui"
)

// entry is a form being shown: the values typed so far, in flat form, and what
// is wrong with them.
type entry struct {
	s        *Site
	q        *door.Req
	k        *record.Kind
	values   url.Values
	problems []problem.Field
	rec      *record.Record // nil when it is new
	action   string         // where the form is sent
}

// wrong is the message for a flat name, "" if nothing is wrong with it.
func (e *entry) wrong(name string) string {
	for _, p := range e.problems {
		if p.Name == name {
			return problemText(e.q, p)
		}
	}
	return ""
}

// errors is the summary at the top of the page.
func (e *entry) errors() *ui.Errors {
	if len(e.problems) == 0 {
		return nil
	}
	sum := &ui.Errors{Heading: e.q.T("form.problem")}
	for _, p := range e.problems {
		var label string
		switch p.Name {
		case "audience", "groups":
			label = e.q.T("form.audience")
		case "note", "narrowed":
			label = e.q.T("field." + p.Name)
		default:
			label = Label(e.q, e.k, strings.TrimSuffix(p.Name, lastLang(p.Name)))
		}
		sum.Items = append(sum.Items, ui.Link{Text: label + e.q.T("form.colon") + problemText(e.q, p), Href: "#" + fieldID(p.Name)})
	}
	return sum
}

// lastLang is the ".fr" at the end of a flat name, if it ends so.
func lastLang(name string) string {
	if i := strings.LastIndexByte(name, '.'); i >= 0 {
		if _, ok := i18n.Parse(name[i+1:]); ok {
			return name[i:]
		}
	}
	return ""
}

// fieldID is the id of an input; dots would need escapes in style sheets.
func fieldID(name string) string { return strings.ReplaceAll(name, ".", "-") }

// body is the questions of the kind, section by section: first those that need
// an answer; those that few need fold, unless something is in them.
func (e *entry) body() []templ.Component {
	var needed, folded []templ.Component
	names := e.k.Sections
	if len(names) == 0 {
		names = []string{""}
	}
	for i, section := range names {
		part := ui.FormPart{ID: "p-" + section, Heading: e.q.T("section." + section), Fold: i > 0, Note: e.q.T("form.optional")}
		var fields []templ.Component
		for _, f := range e.k.Fields {
			if f.Section == section {
				fields = append(fields, e.field(f, f.Name))
				part.Fold, part.Open = part.Fold && !f.Required, part.Open || e.begun(f.Name)
			}
		}
		part.Body = ui.Join(fields...)
		switch {
		case len(fields) == 0:
		case part.Fold:
			folded = append(folded, part)
		default:
			needed = append(needed, part)
		}
	}
	return append(needed, folded...)
}

// begun reports whether something was typed into the field, or is wrong in it.
func (e *entry) begun(name string) bool {
	in := func(flat string) bool { return flat == name || strings.HasPrefix(flat, name+".") }
	for flat, values := range e.values {
		if in(flat) && !strings.HasSuffix(flat, ".original") && strings.Join(values, "") != "" {
			return true
		}
	}
	return slices.ContainsFunc(e.problems, func(p problem.Field) bool { return in(p.Name) })
}

// question is what every input of the field has.
func (e *entry) question(f *record.Field, name string) ui.Field {
	x := ui.Field{
		ID: fieldID(name), Name: name, Label: Label(e.q, e.k, name), Hint: hint(e.q, e.k, name), Error: e.wrong(name),
		Required: f.Required,
	}
	if !f.Required {
		x.Optional = e.q.T("form.optional")
	}
	if f.Audience != "" {
		x.Mark = &ui.AudienceMark{Audience: ui.Audience(f.Audience), Word: e.q.T("audience." + string(f.Audience))}
	}
	return x
}

// field is the question for a field; name is its flat name.
func (e *entry) field(f *record.Field, name string) templ.Component {
	base, value := e.question(f, name), e.values.Get(name)
	switch f.Type {
	case record.Text:
		return e.text(f, name, base)
	case record.Code:
		return e.code(f, base, value)
	case record.Codes:
		return e.codes(f, name, base)
	case record.Day:
		return e.date(name, base)
	case record.Number:
		return ui.Number(ui.TextInput{Field: base, Value: value})
	case record.Flag:
		return ui.Checks{Field: ui.Field{ID: base.ID, Name: name, Label: base.Label, Hint: base.Hint, Error: base.Error},
			Options: []ui.Option{{Value: "yes", Label: e.q.T("flag.yes"), Chosen: value == "yes"}}}
	case record.Link:
		return ui.TextInput{Field: base, Value: value, Type: "url", MaxLength: 2000}
	case record.Mail:
		return ui.TextInput{Field: base, Value: value, Type: "email", Autocomplete: "off", Width: ui.Medium}
	case record.Party:
		return ui.PartyPicker{Field: base, Groups: e.s.partyGroups(e.q, f.Open, e.values[name]), Empty: e.q.T("form.choose")}
	case record.Parties:
		return ui.PartyPicker{Field: base, Many: true, Groups: e.s.partyGroups(e.q, f.Open, e.values[name])}
	case record.One, record.Many:
		base.Hint = e.q.T("hint.ref")
		return ui.TextInput{Field: base, Value: strings.Join(e.values[name], "; ")}
	case record.At:
		return ui.Join(
			ui.TextInput{Field: ui.Field{ID: base.ID, Name: name + ".local", Label: base.Label, Hint: e.q.T("hint.moment"), Error: base.Error, Optional: base.Optional}, Value: e.values.Get(name + ".local"), Width: ui.Medium},
			ui.TextInput{Field: ui.Field{ID: base.ID + "-zone", Name: name + ".zone", Label: e.q.T("field.zone"), Hint: e.q.T("hint.zone")}, Value: e.values.Get(name + ".zone"), Width: ui.Medium},
		)
	case record.Rows:
		return e.rows(f, name, base)
	}
	return ui.TextInput{Field: base, Value: value, MaxLength: f.Max}
}

// text asks for a text in the languages: the one it was written in first, for
// a new record that of the page.
func (e *entry) text(f *record.Field, name string, base ui.Field) templ.Component {
	first, ok := i18n.Parse(e.values.Get(name + ".original"))
	if !ok || e.values.Get(name+"."+string(first)) == "" {
		first = e.q.Lang
		for _, l := range i18n.Langs() {
			if e.values.Get(name+"."+string(first)) == "" && e.values.Get(name+"."+string(l)) != "" {
				first = l
			}
		}
	}
	m := ui.MultiText{Field: base, Add: e.q.T("form.add_language"), Long: f.Long, MaxLength: f.Max}
	if f.Long {
		m.Rows = 4
	}
	add := func(l i18n.Lang) {
		flat := name + "." + string(l)
		m.Texts = append(m.Texts, ui.LangText{Lang: l, Label: e.q.T("lang." + string(l)), Value: e.values.Get(flat), Error: e.wrong(flat)})
	}
	add(first)
	for _, l := range i18n.Langs() {
		if l != first {
			add(l)
		}
	}
	return m
}

func (e *entry) code(f *record.Field, base ui.Field, value string) templ.Component {
	options := e.options(f, []string{value})
	if len(options) <= 5 {
		return ui.Radios{Field: base, Options: options}
	}
	return ui.Select{Field: base, Empty: e.q.T("form.choose"), Options: options}
}

func (e *entry) options(f *record.Field, chosen []string) []ui.Option {
	var options []ui.Option
	for _, t := range e.s.Kinds().Vocab[f.Vocab].Terms {
		label, _ := t.Label.In(e.q.Lang)
		o := ui.Option{Value: t.Code, Label: label, Chosen: slices.Contains(chosen, t.Code)}
		if !t.Hint.IsZero() {
			o.Hint, _ = t.Hint.In(e.q.Lang)
		}
		options = append(options, o)
	}
	return options
}

// codes asks for several codes: topics by area, short lists all in view.
func (e *entry) codes(f *record.Field, name string, base ui.Field) templ.Component {
	v, chosen := e.s.Kinds().Vocab[f.Vocab], splitAll(e.values[name])
	leveled := slices.ContainsFunc(v.Terms, func(t vocab.Term) bool { return t.Parent != "" })
	if !leveled {
		options := e.options(f, chosen)
		return ui.Checks{Field: base, Options: options, Columns: len(options) > 8}
	}
	g := ui.CheckGroups{Field: base}
	for _, area := range v.Children("") {
		label, _ := area.Label.In(e.q.Lang)
		group := ui.OptionGroup{Heading: label}
		count := 0
		for _, t := range append([]vocab.Term{area}, v.Children(area.Code)...) {
			name, _ := t.Label.In(e.q.Lang)
			if t.Code == area.Code {
				name = e.q.T("form.whole_area", label)
			}
			o := ui.Option{Value: t.Code, Label: name, Chosen: slices.Contains(chosen, t.Code)}
			if o.Chosen {
				count++
			}
			group.Options = append(group.Options, o)
		}
		if count > 0 {
			group.Note, group.Open = e.q.T("form.chosen", count), true
		}
		g.Groups = append(g.Groups, group)
	}
	return g
}

func splitAll(values []string) []string {
	var all []string
	for _, v := range values {
		for s := range strings.SplitSeq(v, ";") {
			all = append(all, strings.TrimSpace(s))
		}
	}
	return all
}

// date asks for day, month and year; a stored date is split into them.
func (e *entry) date(name string, base ui.Field) templ.Component {
	d := ui.DateInput{
		Field: base, Day: e.values.Get(name + ".day"), Month: e.values.Get(name + ".month"), Year: e.values.Get(name + ".year"),
		DayLabel: e.q.T("form.day"), MonthLabel: e.q.T("form.month"), YearLabel: e.q.T("form.year"),
	}
	if stored := strings.Split(e.values.Get(name), "-"); stored[0] != "" {
		d.Year = stored[0]
		if len(stored) > 1 {
			d.Month = strings.TrimPrefix(stored[1], "0")
		}
		if len(stored) > 2 {
			d.Day = strings.TrimPrefix(stored[2], "0")
		}
	}
	return d
}

// rows asks for a repeated field: the rows there are and an empty one.
func (e *entry) rows(f *record.Field, name string, base ui.Field) templ.Component {
	r := ui.Rows{Field: base, Add: e.q.T("form.add_row"), Remove: e.q.T("form.remove"), Action: e.action + "#" + base.ID}
	n := 0
	for key := range e.values {
		if rest, ok := strings.CutPrefix(key, name+"."); ok {
			number, _, _ := strings.Cut(rest, ".")
			if i, err := strconv.Atoi(number); err == nil && i >= n && i < f.Max {
				n = i + 1
			}
		}
	}
	if e.values.Get("_add") == name || n == 0 {
		n++
	}
	for i := range n {
		prefix := name + "." + strconv.Itoa(i) + "."
		var fields []templ.Component
		for _, c := range f.Rows {
			fields = append(fields, e.field(c, prefix+c.Name))
		}
		r.Rows = append(r.Rows, ui.Row{Legend: e.q.T("form.row", base.Label, i+1), Body: ui.Join(fields...)})
	}
	return r
}

// removeRow takes the row that the pressed button names out of the values.
func removeRow(v url.Values) {
	name := v.Get("_remove")
	if name == "" {
		return
	}
	for key := range v {
		if strings.HasPrefix(key, name+".") {
			v.Del(key)
		}
	}
}

// partyGroups lists parties to choose from, under headings, each in the
// alphabet of the reader.
func (s *Site) partyGroups(q *door.Req, groups bool, chosen []string) []ui.OptionGroup {
	chosen = splitAll(chosen)
	option := func(code string) ui.Option {
		return ui.Option{Value: code, Label: q.Dir.Name(code, q.Lang), Chosen: slices.Contains(chosen, code)}
	}
	var list []ui.OptionGroup
	add := func(heading string, options []ui.Option) {
		n := 0
		for _, o := range options {
			if o.Chosen {
				n++
			}
		}
		g := ui.OptionGroup{Heading: heading, Options: options}
		if n > 0 {
			g.Note, g.Open = q.T("form.chosen", n), true
		}
		if len(options) > 0 {
			list = append(list, g)
		}
	}
	if groups {
		var options []ui.Option
		for _, g := range q.Dir.Groups(q.Lang) {
			options = append(options, option(g.Code))
		}
		add(q.T("party.groups"), options)
	}
	for _, kind := range []access.PartyKind{access.State, access.Regional, access.UNEntity, access.Stakeholder, access.Secretariat} {
		var options []ui.Option
		for _, p := range q.Dir.Parties(q.Lang, kind) {
			options = append(options, option(p.Code))
		}
		add(q.T("party."+string(kind)), options)
	}
	return list
}
