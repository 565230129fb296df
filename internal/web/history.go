package web

import (
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"concord/internal/door"
	"concord/internal/problem"
	"concord/internal/record"
	"concord/internal/web/ui"
)

// history lists the revisions of a record; with from and to it compares two.
func (s *Site) history(k *record.Kind) door.Handler {
	return func(q *door.Req) error {
		r, err := s.Store.Get(q.Context(), q.Actor, k.Name, q.PathValue("id"))
		if err != nil {
			return err
		}
		revisions, err := s.Store.Revisions(q.Context(), q.Actor, k.Name, r.ID)
		if err != nil {
			return err
		}
		name := s.TitleOf(q, r).Text
		title := q.T("record.history")
		body := []templ.Component{ui.Title{Text: title, Kicker: name}}
		if q.URL.Query().Has("to") {
			c, err := s.compare(q, k, revisions)
			if err != nil {
				return err
			}
			body = append(body, c)
		}
		h := ui.History{Caption: title, When: q.T("record.when"), Who: q.T("record.who"), What: q.T("record.what")}
		for i, rev := range revisions {
			what := q.T("did." + rev.Action)
			if rev.Note != "" {
				what += q.T("form.colon") + rev.Note
			}
			item := ui.Revision{
				When: Day(q, rev.At) + " " + rev.At.Format("15:04") + " UTC", DateTime: rev.At.Format("2006-01-02T15:04:05Z"),
				Who: ui.Plain(q.Dir.Name(rev.Party, q.Lang)), What: ui.Plain(what), State: stateMark(q, rev.Status, false),
			}
			if i+1 < len(revisions) {
				item.Compare = &ui.Link{Text: q.T("record.compare"), Href: "?to=" + strconv.Itoa(rev.Number) + "&from=" + strconv.Itoa(revisions[i+1].Number)}
			}
			h.Items = append(h.Items, item)
		}
		return s.Show(q, Page{
			Title:  title,
			Crumbs: []ui.Link{{Text: q.T("kind." + k.Plural), Href: s.at(q, "/"+k.Plural)}, {Text: name, Href: s.Path(q, r)}, {Text: title}},
			Body:   append(body, h),
		})
	}
}

// compare shows what differs between two revisions.
func (s *Site) compare(q *door.Req, k *record.Kind, revisions []record.Revision) (templ.Component, error) {
	find := func(name string) (*record.Revision, error) {
		number, err := strconv.Atoi(q.URL.Query().Get(name))
		i := slices.IndexFunc(revisions, func(r record.Revision) bool { return r.Number == number })
		if err != nil || i < 0 {
			return nil, problem.New(problem.NotFound, "")
		}
		return &revisions[i], nil
	}
	from, err := find("from")
	if err != nil {
		return nil, err
	}
	to, err := find("to")
	if err != nil {
		return nil, err
	}
	c := ui.Compare{
		Caption: q.T("compare.caption", from.Number, to.Number), Field: q.T("record.field"), Changed: q.T("record.changed"),
		Sides: []string{q.T("compare.revision", from.Number), q.T("compare.revision", to.Number)},
	}
	add := func(label, before, after string) {
		if before != after {
			c.Rows = append(c.Rows, ui.CompareRow{Label: label, Sides: []ui.Phrase{ui.Plain(before), ui.Plain(after)}, Changed: true})
		}
	}
	add(q.T("facet.state"), q.T("state."+string(from.Status)), q.T("state."+string(to.Status)))
	add(q.T("facet.audience"), q.T("audience."+string(from.Audience)), q.T("audience."+string(to.Audience)))
	before, after := k.Flatten(from.Body), k.Flatten(to.Body)
	for _, name := range k.Names(compared) {
		if !strings.HasSuffix(name, ".original") {
			f := k.Field(name)
			add(s.flatLabel(q, k, name), s.words(q, f, before[name]), s.words(q, f, after[name]))
		}
	}
	if len(c.Rows) == 0 {
		return ui.Notice{Text: q.T("compare.same")}, nil
	}
	return c, nil
}

// words is the values of a flat name for people; f is nil inside rows and
// texts.
func (s *Site) words(q *door.Req, f *record.Field, values []string) string {
	labels := make([]string, len(values))
	for i, v := range values {
		labels[i] = s.codeLabel(q, f, v)
	}
	return strings.Join(labels, "; ")
}
