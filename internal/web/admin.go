package web

import (
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"concord/internal/access"
	"concord/internal/door"
	"concord/internal/i18n"
	"concord/internal/party"
	"concord/internal/problem"
	"concord/internal/web/ui"
)

// adminParties lists all parties and groups to the administrator.
func (s *Site) adminParties(q *door.Req) error {
	if !administers(q) {
		return problem.New(problem.Forbidden, "party.administrator")
	}
	title := q.T("admin.parties.title")
	body := []templ.Component{ui.ListHead{
		Title: title, Lead: q.T("admin.parties.lead"),
		Actions: []ui.Link{{Text: q.T("admin.parties.new"), Href: s.at(q, "/admin/parties/"+newParty)}},
	}}
	for _, kind := range partyKinds() {
		var tags ui.Tags
		for _, p := range q.Dir.Parties(q.Lang, kind) {
			tags = append(tags, ui.Link{Text: q.Dir.Name(p.Code, q.Lang), Href: s.at(q, "/admin/parties/"+p.Code)})
		}
		if len(tags) > 0 {
			body = append(body, ui.Section{ID: string(kind), Heading: q.T("party." + string(kind)), Note: i18n.Number(q.Lang, len(tags)), Body: tags})
		}
	}
	var tags ui.Tags
	for _, g := range q.Dir.Groups(q.Lang) {
		tags = append(tags, ui.Link{Text: g.Name(q.Lang), Href: s.at(q, "/admin/groups/"+url.PathEscape(g.Code))})
	}
	body = append(body, ui.Section{ID: "groups", Heading: q.T("party.groups"), Note: i18n.Number(q.Lang, len(tags)), Body: tags})
	return s.Show(q, Page{Title: title, Crumbs: s.trailTo(q, title), Body: body})
}

func partyKinds() []access.PartyKind {
	return []access.PartyKind{access.State, access.Regional, access.UNEntity, access.Stakeholder, access.Secretariat}
}

// newParty stands in the address for a party that is not there yet; codes are
// in capitals.
const newParty = "new"

// adminParty reads the party that the address names.
func (s *Site) adminParty(q *door.Req) (party.Party, error) {
	if !administers(q) {
		return party.Party{}, problem.New(problem.Forbidden, "party.administrator")
	}
	if q.PathValue("code") == newParty {
		return party.Party{Kind: access.Stakeholder, Zone: "UTC", Lang: i18n.English}, nil
	}
	p, ok := q.Dir.Party(q.PathValue("code"))
	if !ok {
		return party.Party{}, problem.New(problem.NotFound, "")
	}
	return p, nil
}

func (s *Site) partyForm(q *door.Req) error {
	p, err := s.adminParty(q)
	if err != nil {
		return err
	}
	v := url.Values{
		"_edited": {stamp(p.Edited)}, "kind": {string(p.Kind)}, "status": {p.Status}, "zone": {p.Zone}, "lang": {string(p.Lang)}, "url": {p.URL},
	}
	spread(v, "names", p.Names)
	spread(v, "short", p.Short)
	return s.showParty(q, p, &sheet{q: q, values: v})
}

// spread puts a text into the form, one value for each language.
func spread(v url.Values, name string, t i18n.Text) {
	for _, l := range i18n.Langs() {
		v.Set(name+"."+string(l), t.Get(l))
	}
}

// gather is the text as it was typed. What a person changed is no longer a
// machine's translation.
func (f *sheet) gather(name string, old i18n.Text) i18n.Text {
	t := i18n.Text{Original: old.Original}
	for _, l := range i18n.Langs() {
		t.By[l.Index()] = i18n.CleanString(f.values.Get(name + "." + string(l)))
		if old.IsMachine(l) && t.Get(l) == old.Get(l) {
			t.Machine = append(t.Machine, l)
		}
	}
	t.Clean()
	return t
}

// stamp is the moment of the last edit, for the form to bring back.
func stamp(at time.Time) string {
	if at.IsZero() {
		return "0"
	}
	return strconv.FormatInt(at.UnixMicro(), 10)
}

func readStamp(s string) (time.Time, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	switch {
	case err != nil:
		return time.Time{}, problem.New(problem.BadRequest, "form")
	case n == 0:
		return time.Time{}, nil
	}
	return time.UnixMicro(n).UTC(), nil
}

// text asks for a text in all six languages.
func (f *sheet) text(name string) ui.MultiText {
	m := ui.MultiText{Field: f.field(name), Add: f.q.T("form.add_language"), MaxLength: 300}
	add := func(l i18n.Lang) {
		flat := name + "." + string(l)
		m.Texts = append(m.Texts, ui.LangText{Lang: l, Label: f.q.T("lang." + string(l)), Value: f.values.Get(flat), Error: f.wrong(flat)})
	}
	add(f.q.Lang)
	for _, l := range i18n.Langs() {
		if l != f.q.Lang {
			add(l)
		}
	}
	return m
}

// source asks from where the administrator has it.
func (f *sheet) source() ui.TextArea {
	return ui.TextArea{Field: f.required("source"), Value: f.values.Get("source"), Rows: 2, MaxLength: 500}
}

func (s *Site) showParty(q *door.Req, p party.Party, f *sheet, above ...templ.Component) error {
	fresh := p.Code == ""
	title := q.T("admin.parties.new")
	if !fresh {
		title = q.Dir.Name(p.Code, q.Lang)
	}
	var parts []templ.Component
	if fresh {
		kinds := ui.Radios{Field: f.required("kind")}
		for _, k := range partyKinds() {
			kinds.Options = append(kinds.Options, ui.Option{Value: string(k), Label: q.T("party." + string(k) + ".one"), Chosen: f.values.Get("kind") == string(k)})
		}
		parts = append(parts, ui.TextInput{Field: f.required("code"), Value: f.values.Get("code"), Width: ui.Short, MaxLength: 24}, kinds)
	}
	parts = append(parts, f.text("names"), f.text("short"))
	if fresh || p.Kind == access.State {
		status := ui.Select{Field: f.optional("status"), Empty: q.T("admin.status.none")}
		for _, code := range []string{"member", "observer"} {
			status.Options = append(status.Options, ui.Option{Value: code, Label: q.T("admin.status." + code), Chosen: f.values.Get("status") == code})
		}
		parts = append(parts, status)
	}
	parts = append(parts,
		ui.TextInput{Field: f.required("zone"), Value: f.values.Get("zone"), Width: ui.Medium, MaxLength: 60},
		f.language("lang"),
		ui.TextInput{Field: f.optional("url"), Value: f.values.Get("url"), Type: "url", MaxLength: 2000},
		f.source())
	form := ui.Form{
		Action: s.at(q, "/admin/parties/"+q.PathValue("code")), Hidden: []ui.Pair{{Name: "_edited", Value: f.values.Get("_edited")}},
		Body: ui.Join(parts...), Buttons: []ui.Button{{Text: q.T("act.save"), Rank: ui.Primary}},
		Cancel: &ui.Link{Text: q.T("form.cancel"), Href: s.at(q, "/admin/parties")},
	}
	body := append([]templ.Component{ui.Title{Text: title, Kicker: p.Code}}, above...)
	body = append(body, ui.Notice{Tone: ui.Warning, Heading: q.T("admin.names.warning"), Text: q.T("admin.names.warning.text")})
	if !fresh {
		var tags ui.Tags
		for _, code := range q.Dir.GroupsOf(p.Code) {
			tags = append(tags, ui.Link{Text: q.Dir.Name(code, q.Lang), Href: s.at(q, "/admin/groups/"+url.PathEscape(code))})
		}
		body = append(body, ui.Facts{
			{Label: q.T("party.groups"), Body: tags},
			{Label: q.T("accounts.title"), Text: ui.Plain(q.T("accounts.of", title)), Href: s.at(q, "/accounts?party="+url.QueryEscape(p.Code))},
		})
	}
	return s.Show(q, Page{
		Title: title, Status: f.statusCode(), Errors: f.errors(), Crumbs: s.adminCrumbs(q, title), Body: append(body, form),
	})
}

func (s *Site) adminCrumbs(q *door.Req, title string) []ui.Link {
	return []ui.Link{
		{Text: q.T("account.title"), Href: s.at(q, "/account")},
		{Text: q.T("admin.parties.title"), Href: s.at(q, "/admin/parties")}, {Text: title},
	}
}

func (s *Site) saveParty(q *door.Req) error {
	old, err := s.adminParty(q)
	if err != nil {
		return err
	}
	f, err := readSheet(q)
	if err != nil {
		return err
	}
	p := old
	if old.Code == "" {
		p.Code, p.Kind = i18n.CleanString(f.values.Get("code")), access.PartyKind(f.values.Get("kind"))
	}
	p.Names, p.Short = f.gather("names", old.Names), f.gather("short", old.Short)
	p.Status, p.Zone = f.values.Get("status"), i18n.CleanString(f.values.Get("zone"))
	if p.Kind != access.State {
		p.Status = ""
	}
	p.Lang, p.URL = i18n.Lang(f.values.Get("lang")), f.values.Get("url")
	if p.Edited, err = readStamp(f.values.Get("_edited")); err != nil {
		return err
	}
	if _, there := q.Dir.Party(p.Code); there && old.Code == "" {
		f.fault("code", "party-there")
	}
	source := i18n.CleanString(f.values.Get("source"))
	if !f.sourced(source) {
		return s.showParty(q, old, f)
	}
	_, err = s.Parties.EditParty(q.Context(), q.Actor, p)
	if problem.Is(err, problem.Conflict) {
		f.values.Set("_edited", stamp(old.Edited))
		f.status = problem.Conflict.Status()
		return s.showParty(q, old, f, s.changedMeanwhile(q, old.Names))
	}
	if f.take(err, "names") {
		return s.showParty(q, old, f)
	}
	if err != nil {
		return err
	}
	if err := s.Parties.NoteSource(q.Context(), q.Actor, p.Code, source); err != nil {
		return err
	}
	return Redirect(q, s.at(q, "/admin/parties/"+p.Code), "party")
}

func (f *sheet) sourced(source string) bool {
	if source == "" {
		f.fault("source", "required")
	}
	if n := len([]rune(source)); n > 500 {
		f.fault("source", "too-long", 500, n)
	}
	return len(f.problems) == 0
}

// changedMeanwhile says what stands there now, when somebody else was faster.
// Sending the form again overwrites it, knowingly.
func (s *Site) changedMeanwhile(q *door.Req, now i18n.Text) templ.Component {
	var facts ui.Facts
	for _, l := range now.Langs() {
		facts = append(facts, ui.Fact{Label: q.T("lang." + string(l)), Text: ui.Phrase{Text: now.Get(l), Lang: l}})
	}
	return ui.Notice{Tone: ui.Warning, Heading: q.T("conflict.title"), Text: q.T("admin.conflict"), Live: true, Body: facts}
}

func (s *Site) adminGroup(q *door.Req) (party.Group, error) {
	if !administers(q) {
		return party.Group{}, problem.New(problem.Forbidden, "party.administrator")
	}
	g, ok := q.Dir.Group(q.PathValue("code"))
	if !ok {
		return party.Group{}, problem.New(problem.NotFound, "")
	}
	return g, nil
}

func (s *Site) groupForm(q *door.Req) error {
	g, err := s.adminGroup(q)
	if err != nil {
		return err
	}
	v := url.Values{"_edited": {stamp(g.Edited)}, "members": slices.Clone(g.Members), "source": {g.Source}}
	spread(v, "names", g.Names)
	return s.showGroup(q, g, &sheet{q: q, values: v})
}

func (s *Site) showGroup(q *door.Req, g party.Group, f *sheet, above ...templ.Component) error {
	title := g.Name(q.Lang)
	form := ui.Form{
		Action: s.at(q, "/admin/groups/"+url.PathEscape(g.Code)), Hidden: []ui.Pair{{Name: "_edited", Value: f.values.Get("_edited")}},
		Body: ui.Join(f.text("names"),
			ui.PartyPicker{Field: f.field("members"), Many: true, Groups: s.partyGroups(q, false, f.values["members"])},
			f.source()),
		Buttons: []ui.Button{{Text: q.T("act.save"), Rank: ui.Primary}},
		Cancel:  &ui.Link{Text: q.T("form.cancel"), Href: s.at(q, "/admin/parties")},
	}
	body := append([]templ.Component{ui.Title{Text: title, Kicker: g.Code}}, above...)
	body = append(body,
		ui.Notice{Tone: ui.Warning, Heading: q.T("admin.members.warning"), Text: q.T("admin.members.warning.text")}, form)
	return s.Show(q, Page{
		Title: title, Status: f.statusCode(), Errors: f.errors(), Crumbs: s.adminCrumbs(q, title), Body: body,
	})
}

func (s *Site) saveGroup(q *door.Req) error {
	old, err := s.adminGroup(q)
	if err != nil {
		return err
	}
	f, err := readSheet(q)
	if err != nil {
		return err
	}
	g := old
	g.Names, g.Members = f.gather("names", old.Names), slices.Clone(f.values["members"])
	g.Source = i18n.CleanString(f.values.Get("source"))
	if g.Edited, err = readStamp(f.values.Get("_edited")); err != nil {
		return err
	}
	if !f.sourced(g.Source) {
		return s.showGroup(q, old, f)
	}
	_, err = s.Parties.EditGroup(q.Context(), q.Actor, g)
	if problem.Is(err, problem.Conflict) {
		f.values.Set("_edited", stamp(old.Edited))
		f.status = problem.Conflict.Status()
		return s.showGroup(q, old, f, s.changedMeanwhile(q, old.Names))
	}
	if f.take(err, "members") {
		return s.showGroup(q, old, f)
	}
	if err != nil {
		return err
	}
	return Redirect(q, s.at(q, "/admin/groups/"+url.PathEscape(g.Code)), "group")
}
