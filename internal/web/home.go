package web

import (
	"slices"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"concord/internal/access"
	"concord/internal/audit"
	"concord/internal/door"
	"concord/internal/i18n"
	"concord/internal/problem"
	"concord/internal/record"
	"concord/internal/web/ui"
)

// home is the front page of the portal.
func (s *Site) home(q *door.Req) error {
	body := []templ.Component{ui.Title{Text: q.T("home.title"), Lead: q.T("home.lead")}}
	for _, m := range s.Modules {
		if m.Home == nil {
			continue
		}
		parts, err := m.Home(s, q)
		if err != nil {
			return err
		}
		body = append(body, parts...)
	}
	return s.Show(q, Page{Title: q.T("home.short"), Body: body})
}

// delegation is the page of the reader's own party: what waits for it, what is
// new for it, its drafts and what is due.
func (s *Site) delegation(q *door.Req) error {
	last, err := s.Parties.MarkHome(q.Context(), q.Account.ID)
	if err != nil {
		return err
	}
	tasks, own, err := s.waiting(q)
	if err != nil {
		return err
	}
	name := q.Dir.Name(q.Actor.Party, q.Lang)
	head := ui.ListHead{Title: q.T("delegation.title", name), Lead: q.T("delegation.lead", q.Account.Name)}
	for _, k := range s.Kinds().All() {
		if !k.Internal && access.MayCreate(q.Actor, k.KindRule) && len(head.Actions) < 2 {
			head.Actions = append(head.Actions, ui.Link{Text: q.T("new." + k.Name), Href: s.at(q, "/"+k.Plural+"/new")})
		}
	}
	body := []templ.Component{head, ui.Tasks{Heading: q.T("delegation.tasks"), Items: tasks, None: q.T("delegation.tasks.none")}}
	for _, m := range s.Modules {
		if m.Delegation != nil {
			parts, err := m.Delegation(s, q)
			if err != nil {
				return err
			}
			body = append(body, parts...)
		}
	}
	fresh, err := s.fresh(q, last)
	if err != nil {
		return err
	}
	body = append(body, fresh, own)
	return s.Show(q, Page{Title: head.Title, Body: body})
}

// shown is how many records a part of the delegation page lists.
const shown = 8

// waiting lists what the party has to do: drafts to finish, approvals, reviews
// that are due, and what the modules add. It also returns the party's own
// records as a part of the page.
func (s *Site) waiting(q *door.Req) ([]ui.Task, templ.Component, error) {
	page, err := s.Store.List(q.Context(), q.Actor, record.Query{Kinds: s.Kinds().Generic(), Owner: q.Actor.Party, Limit: record.MaxLimit})
	if err != nil {
		return nil, nil, err
	}
	now := s.Store.Now()
	var tasks []ui.Task
	for _, m := range s.Modules {
		if m.Tasks != nil {
			more, err := m.Tasks(s, q)
			if err != nil {
				return nil, nil, err
			}
			tasks = append(tasks, more...)
		}
	}
	results := ui.Results{Label: q.T("delegation.own"), Under: true}
	for _, r := range page.Records {
		t := ui.Task{Text: s.TitleOf(q, r), Href: s.Path(q, r)}
		switch {
		case r.Status == access.Awaiting && q.Actor.Has(access.FocalPoint):
			t.Kind = q.T("task.approve")
		case r.Status == access.Returned:
			t.Kind = q.T("task.returned")
		case r.Due(now):
			t.Kind, t.Urgent = q.T("task.review"), q.T("task.late")
		case r.Status == access.Published && !r.ReviewDue.IsZero() && r.ReviewDue.Sub(now) < 30*24*time.Hour:
			t.Kind, t.Due = q.T("task.review"), q.T("task.by", Day(q, r.ReviewDue))
		case r.Status == access.Draft:
			t.Kind = q.T("task.draft")
		}
		if t.Kind != "" {
			tasks = append(tasks, t)
		}
		if len(results.Items) < shown {
			results.Items = append(results.Items, s.Result(q, r, true))
		}
	}
	if q.Actor.Has(access.Moderator) {
		more, err := s.submissions(q)
		if err != nil {
			return nil, nil, err
		}
		tasks = append(tasks, more...)
	}
	own := ui.Section{ID: "own", Heading: q.T("delegation.own"), Note: q.T("search.count", page.Total), Body: results}
	if len(results.Items) == 0 {
		own.Body = ui.Empty{Heading: q.T("delegation.own.none"), Text: q.T("delegation.own.none.text")}
	}
	return tasks, own, nil
}

// submissions are what stakeholders have submitted and nobody has answered.
func (s *Site) submissions(q *door.Req) ([]ui.Task, error) {
	page, err := s.Store.List(q.Context(), q.Actor, record.Query{
		Kinds: s.Kinds().Generic(), Filter: map[string][]string{"state": {string(access.Submitted)}}, Asc: true,
	})
	if err != nil {
		return nil, err
	}
	var tasks []ui.Task
	for _, r := range page.Records {
		tasks = append(tasks, ui.Task{Text: s.TitleOf(q, r), Href: s.Path(q, r), Kind: q.T("task.moderate"), Due: q.T("list.updated", Day(q, r.Updated))})
	}
	return tasks, nil
}

// fresh lists what is new for the reader since the last visit.
func (s *Site) fresh(q *door.Req, last time.Time) (templ.Component, error) {
	page, err := s.Store.List(q.Context(), q.Actor, record.Query{
		Kinds: s.Kinds().Generic(), Filter: map[string][]string{"state": {string(access.Published)}}, Limit: shown * 2,
	})
	if err != nil {
		return nil, err
	}
	results := ui.Results{Label: q.T("delegation.new"), Under: true}
	for _, r := range page.Records {
		if r.Owner != q.Actor.Party && (last.IsZero() || r.Updated.After(last)) && len(results.Items) < shown {
			results.Items = append(results.Items, s.Result(q, r, true))
		}
	}
	section := ui.Section{ID: "new", Heading: q.T("delegation.new"), Body: results}
	if len(results.Items) == 0 {
		section.Body = ui.Notice{Text: q.T("delegation.new.none")}
	}
	return section, nil
}

// trail shows the reader's party what its people did, from the audit trail;
// auditors and administrators see that of all parties.
func (s *Site) trail(q *door.Req) error {
	party := q.Actor.Party
	if q.Actor.Has(access.Auditor, access.Administrator) {
		party = ""
	} else if !q.Actor.Has(access.FocalPoint) {
		return problem.New(problem.Forbidden, "forbidden.trail")
	}
	before, err := parseBefore(q.URL.Query().Get("before"))
	if err != nil {
		return err
	}
	entries, err := s.Store.Trail(q.Context(), party, before, 50)
	if err != nil {
		return err
	}
	t := ui.Table{Caption: q.T("trail.title"), Hide: true}
	for _, key := range []string{"record.when", "record.who", "record.what", "trail.record", "trail.outcome"} {
		t.Columns = append(t.Columns, ui.Column{Label: q.T(key)})
	}
	for _, e := range entries {
		t.Rows = append(t.Rows, ui.TableRow{Cells: []ui.Cell{
			ui.Text(e.At.Format("2006-01-02 15:04:05") + " UTC"), ui.Text(q.Dir.Name(e.Party, q.Lang)),
			ui.Text(s.did(q, e.Action)), ui.Text(e.Record), ui.Text(s.outcome(q, e)),
		}})
	}
	body := []templ.Component{ui.Title{Text: q.T("trail.title"), Lead: q.T("trail.lead")}, t}
	if n := len(entries); n == 50 {
		body = append(body, ui.Pager{Label: q.T("list.pages"), Next: &ui.Link{Text: q.T("list.next"), Href: "?before=" + itoa(int(entries[n-1].Seq))}})
	}
	return s.Show(q, Page{Title: q.T("trail.title"), Crumbs: []ui.Link{{Text: q.T("trail.title")}}, Body: body})
}

func (s *Site) did(q *door.Req, action string) string {
	if key := "did." + action; q.Words().Has(key) {
		return q.T(key)
	}
	return action
}

func (s *Site) outcome(q *door.Req, e audit.Entry) string {
	text := q.T("outcome." + e.Outcome)
	if e.Detail != "" {
		text += " (" + e.Detail + ")"
	}
	return text
}

// partiesPage lists States and organisations in the reader's alphabet.
func (s *Site) partiesPage(q *door.Req) error {
	title := q.T("parties.title")
	body := []templ.Component{ui.Title{Text: title, Lead: q.T("parties.lead")}}
	for _, kind := range []access.PartyKind{access.State, access.Regional, access.UNEntity, access.Stakeholder, access.Secretariat} {
		var tags ui.Tags
		for _, p := range q.Dir.Parties(q.Lang, kind) {
			tags = append(tags, ui.Link{Text: q.Dir.Name(p.Code, q.Lang), Href: s.at(q, "/parties/"+p.Code)})
		}
		if len(tags) > 0 {
			body = append(body, ui.Section{ID: string(kind), Heading: q.T("party." + string(kind)), Note: i18n.Number(q.Lang, len(tags)), Body: tags})
		}
	}
	return s.Show(q, Page{Title: title, Crumbs: []ui.Link{{Text: title}}, Body: body})
}

// partyPage is what is on record from one party, as the reader may see it.
func (s *Site) partyPage(q *door.Req) error {
	p, ok := q.Dir.Party(q.PathValue("code"))
	if !ok {
		return problem.New(problem.NotFound, "")
	}
	page, err := s.Store.List(q.Context(), q.Actor, record.Query{
		Kinds: s.Kinds().Generic(), Owner: p.Code, Filter: map[string][]string{"state": {string(access.Published)}},
		Facets: []string{"kind"}, After: q.URL.Query().Get("cursor"),
	})
	if err != nil {
		return err
	}
	name := q.Dir.Name(p.Code, q.Lang)
	head := ui.ListHead{Title: name, Lead: q.T("party." + string(p.Kind) + ".one"), Count: q.T("search.count", page.Total)}
	var facts ui.Facts
	var tags ui.Tags
	for _, g := range q.Dir.Groups(q.Lang) {
		if slices.Contains(q.Dir.GroupsOf(p.Code), g.Code) {
			tags = append(tags, ui.Link{Text: q.Dir.Name(g.Code, q.Lang)})
		}
	}
	if len(tags) > 0 {
		facts = append(facts, ui.Fact{Label: q.T("party.groups"), Body: tags})
	}
	if p.URL != "" {
		facts = append(facts, ui.Fact{Label: q.T("field.url"), Text: ui.Plain(p.URL), Href: p.URL})
	}
	body := []templ.Component{head, facts, s.hits(q, page, q.URL.Query())}
	if page.Total == 0 {
		body[2] = ui.Notice{Text: q.T("parties.none")}
	}
	return s.Show(q, Page{
		Title: name, Crumbs: []ui.Link{{Text: q.T("parties.title"), Href: s.at(q, "/parties")}, {Text: name}}, Body: body,
	})
}

func parseBefore(s string) (int64, error) {
	if s == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 1 {
		return 0, problem.New(problem.BadRequest, "cursor")
	}
	return n, nil
}
