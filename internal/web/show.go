package web

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"concord/internal/access"
	"concord/internal/door"
	"concord/internal/i18n"
	"concord/internal/record"
	"concord/internal/web/ui"
)

// show is the page of a record.
func (s *Site) show(k *record.Kind) door.Handler {
	return func(q *door.Req) error {
		r, err := s.Store.Get(q.Context(), q.Actor, k.Name, q.PathValue("id"))
		if err != nil {
			return err
		}
		side, below, err := s.panels(q, r)
		if err != nil {
			return err
		}
		head, err := s.head(q, k, r)
		if err != nil {
			return err
		}
		body := []templ.Component{head}
		if actions := s.actions(q, k, r); len(actions.Items) > 0 {
			body = append(body, actions)
		}
		sections, err := s.sections(q, k, r)
		if err != nil {
			return err
		}
		main := ui.Join(append(sections, below...)...)
		if len(side) > 0 {
			main = ui.Split{SideAfter: true, Side: ui.Join(side...), Body: main}
		}
		title, _ := k.Title(r.Body).In(q.Lang)
		return s.Show(q, Page{
			Title:  title,
			Crumbs: []ui.Link{{Text: q.T("kind." + k.Plural), Href: s.at(q, "/"+k.Plural)}, {Text: title}},
			Body:   append(body, main),
		})
	}
}

// panels gathers what the modules add to the page.
func (s *Site) panels(q *door.Req, r *record.Record) (side, below []templ.Component, err error) {
	for _, m := range s.Modules {
		if m.Panels == nil {
			continue
		}
		a, b, err := m.Panels(s, q, r)
		if err != nil {
			return nil, nil, err
		}
		side, below = append(side, a...), append(below, b...)
	}
	return side, below, nil
}

func (s *Site) head(q *door.Req, k *record.Kind, r *record.Record) (ui.RecordHead, error) {
	h := ui.RecordHead{
		Kind: q.T("kind." + k.Name), Title: Content(q, k.Title(r.Body)), Lead: ui.Phrase{},
		Owner: ui.Plain(q.Dir.Name(r.Owner, q.Lang)), OwnerHref: s.at(q, "/parties/"+r.Owner), OwnerSays: q.T("record.owner"),
		State: stateMark(q, r.Status, r.Due(s.Store.Now())),
		Band:  &ui.AudienceBand{AudienceMark: *Mark(q, r), Explain: q.T("audience." + string(r.Audience) + ".explain")},
		Meta:  []string{q.T("list.updated", Day(q, r.Updated))},
	}
	if r.Status != access.Published && r.Status != access.Archived {
		h.Band.Explain = q.T("state." + string(r.Status) + ".explain")
	}
	if !r.Verified.IsZero() {
		h.Meta = append(h.Meta, q.T("record.verified", Day(q, r.Verified)))
	}
	if r.Owner == q.Actor.Party && !r.ReviewDue.IsZero() {
		h.Meta = append(h.Meta, q.T("record.review_due", Day(q, r.ReviewDue)))
	}
	return h, nil
}

// sections shows the fields that have a value, under the headings of the kind.
func (s *Site) sections(q *door.Req, k *record.Kind, r *record.Record) ([]templ.Component, error) {
	links, err := s.refs(q, k, r)
	if err != nil {
		return nil, err
	}
	var parts []templ.Component
	names := k.Sections
	if len(names) == 0 {
		names = []string{""}
	}
	for _, section := range names {
		var facts ui.Facts
		for _, f := range k.Fields {
			if f.Section == section && !f.Title && !f.Empty(r.Body) {
				facts = append(facts, s.fact(q, k, f, r, links))
			}
		}
		if len(facts) > 0 {
			parts = append(parts, ui.Section{ID: "s-" + section, Heading: q.T("section." + section), Body: facts})
		}
	}
	return parts, nil
}

// refs loads the records that this one points at and the reader may see.
func (s *Site) refs(q *door.Req, k *record.Kind, r *record.Record) (map[string]*record.Record, error) {
	var ids []string
	for _, f := range k.Fields {
		if f.Type == record.One || f.Type == record.Many {
			ids = append(ids, f.Strings(r.Body)...)
		}
	}
	return s.Store.Many(q.Context(), q.Actor, ids)
}

func (s *Site) fact(q *door.Req, k *record.Kind, f *record.Field, r *record.Record, links map[string]*record.Record) ui.Fact {
	fact := ui.Fact{Label: Label(q, k, f.Name)}
	if a := f.Audience; a != "" && r.Audience.Wider(a) {
		fact.Mark = &ui.AudienceMark{Audience: ui.Audience(a), Word: q.T("audience." + string(a))}
	}
	if a := r.Narrowed[f.Name]; a != "" {
		fact.Mark = &ui.AudienceMark{Audience: ui.Audience(a), Word: q.T("audience." + string(a))}
	}
	switch f.Type {
	case record.Text:
		p := Content(q, f.Value(r.Body).(i18n.Text))
		if f.Long {
			fact.Body = ui.Prose(p)
		} else {
			fact.Text = p
		}
	case record.Link:
		fact.Text, fact.Href = ui.Plain(string(f.Value(r.Body).(record.URL))), string(f.Value(r.Body).(record.URL))
	case record.Mail:
		mail := string(f.Value(r.Body).(record.Email))
		fact.Text, fact.Href = ui.Plain(mail), "mailto:"+mail
	case record.Codes, record.Parties:
		var tags ui.Tags
		for _, code := range f.Strings(r.Body) {
			tag := ui.Link{Text: s.codeLabel(q, f, code)}
			if f.Facet {
				tag.Href = s.at(q, "/"+k.Plural+"?"+f.Name+"="+code)
			}
			tags = append(tags, tag)
		}
		fact.Body = tags
	case record.One, record.Many:
		var items []templ.Component
		for _, id := range f.Strings(r.Body) {
			if to := links[id]; to != nil {
				items = append(items, ui.Link{Text: s.TitleOf(q, to).Text, Href: s.Path(q, to)}, ui.Words(" "))
			}
		}
		fact.Body = ui.Join(items...)
	case record.Rows:
		fact.Body = s.rows(q, k, f, r)
	default:
		fact.Text = ui.Plain(s.plain(q, f, r.Body))
	}
	return fact
}

// plain words the value of a simple field.
func (s *Site) plain(q *door.Req, f *record.Field, body any) string {
	switch v := f.Value(body).(type) {
	case record.Date:
		return Date(q, v)
	case record.Moment:
		at, ok := v.Time()
		if !ok {
			return v.Local
		}
		return i18n.DateTime(q.Lang, at)
	case int:
		if v == 0 {
			return ""
		}
		return i18n.Number(q.Lang, v)
	case bool:
		return q.T("flag." + f.Strings(body)[0])
	case i18n.Text:
		text, _ := v.In(q.Lang)
		return text
	}
	var labels []string
	for _, code := range f.Strings(body) {
		labels = append(labels, s.codeLabel(q, f, code))
	}
	return i18n.List(q.Lang, labels)
}

// rows shows a repeated field as a table of the columns that are used.
func (s *Site) rows(q *door.Req, k *record.Kind, f *record.Field, r *record.Record) templ.Component {
	t := ui.Table{Caption: Label(q, k, f.Name), Hide: true}
	flat := k.Flatten(r.Body)
	n := f.Len(r.Body)
	var columns []*record.Field
	for _, c := range f.Rows {
		if given(flat, f.Name+"."+c.Name) {
			columns = append(columns, c)
			t.Columns = append(t.Columns, ui.Column{Label: Label(q, k, f.Name+"."+c.Name)})
		}
	}
	for i := range n {
		var row ui.TableRow
		for _, c := range columns {
			name := f.Name + "." + strconv.Itoa(i) + "." + c.Name
			cell := ui.Cell{Text: ui.Plain(flat.Get(name))}
			switch c.Type {
			case record.Text:
				var text i18n.Text
				for _, l := range i18n.Langs() {
					text.By[l.Index()] = flat.Get(name + "." + string(l))
				}
				text.Original = i18n.Lang(flat.Get(name + ".original"))
				cell.Text = Content(q, text)
			case record.Day:
				cell.Text = ui.Plain(Date(q, record.Date(flat.Get(name))))
			case record.Code, record.Party:
				if code := flat.Get(name); code != "" {
					cell.Text = ui.Plain(s.codeLabel(q, c, code))
				}
			}
			row.Cells = append(row.Cells, cell)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// given reports whether any row has something in the column.
func given(flat url.Values, column string) bool {
	for name, values := range flat {
		if strings.HasPrefix(generic(name)+".", column+".") && strings.Join(values, "") != "" {
			return true
		}
	}
	return false
}

// actions are what the reader may do with the record.
func (s *Site) actions(q *door.Req, k *record.Kind, r *record.Record) ui.Actions {
	a := ui.Actions{Label: q.T("record.actions")}
	path := s.Path(q, r)
	subject := r.Subject()
	if k.Internal {
		return a
	}
	for _, act := range []access.Action{access.Publish, access.Submit} { // who may publish need not ask
		if _, may := access.Move(q.Actor, act, subject); may {
			a.Items = append(a.Items, ui.Action{Text: q.T("act." + string(act)), Href: path + "/move?to=" + string(act), Rank: ui.Primary})
			break
		}
	}
	if access.MayConfirm(q.Actor, subject) && r.Due(s.Store.Now()) {
		a.Items = append(a.Items, ui.Action{Text: q.T("act.confirm"), Post: path + "/move", Hidden: []ui.Pair{{Name: "to", Value: string(access.Confirm)}}, Rank: ui.Primary})
	}
	if access.MayEdit(q.Actor, subject, k.KindRule) {
		a.Items = append(a.Items, ui.Action{Text: q.T("act.edit"), Href: path + "/edit"})
	}
	for _, act := range access.Moves(q.Actor, subject) {
		if act == access.Publish || act == access.Submit {
			continue
		}
		rank := ui.Secondary
		if act == access.Withdraw || act == access.Reject {
			rank = ui.Dangerous
		}
		a.Items = append(a.Items, ui.Action{Text: q.T("act." + string(act)), Href: path + "/move?to=" + string(act), Rank: rank})
	}
	a.Items = append(a.Items, ui.Action{Text: q.T("record.history"), Href: path + "/history", Rank: ui.Quiet})
	return a
}
