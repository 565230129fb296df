package web

import (
	"net/url"
	"slices"

	"github.com/a-h/templ"

	"concord/internal/access"
	"concord/internal/door"
	"concord/internal/i18n"
	"concord/internal/party"
	"concord/internal/problem"
	"concord/internal/web/ui"
)

// office is the party whose accounts a page is about, as the reader may deal
// with it.
type office struct {
	party.Party
	people []party.Account
	manage bool // the reader manages its accounts
	first  bool // the reader may invite its first focal point, and nothing else
}

// office reads the party that the address names, the reader's own by default.
// Who has no business there is told that there is nothing.
func (s *Site) office(q *door.Req) (office, error) {
	code := q.URL.Query().Get("party")
	if code == "" {
		code = q.Actor.Party
	}
	p, ok := q.Dir.Party(code)
	if !ok {
		return office{}, problem.New(problem.NotFound, "")
	}
	o := office{Party: p}
	var err error
	if o.people, err = s.Parties.Accounts(q.Context(), q.Actor, code); err == nil {
		o.manage = true
		return o, nil
	}
	own := slices.Contains([]access.PartyKind{access.State, access.Regional, access.UNEntity}, p.Kind)
	if !problem.Is(err, problem.NotFound) || !own || !administers(q) {
		return office{}, err
	}
	head, err := s.Parties.HasHead(q.Context(), code)
	o.first = !head
	return o, err
}

func administers(q *door.Req) bool {
	return q.Actor.Kind == access.Secretariat && q.Actor.Has(access.Administrator)
}

func (s *Site) officePath(q *door.Req, path string, o office) string {
	if o.Code == q.Actor.Party {
		return s.at(q, path)
	}
	return s.at(q, path+"?party="+url.QueryEscape(o.Code))
}

func (s *Site) officeCrumbs(q *door.Req, o office, title string) []ui.Link {
	return []ui.Link{
		{Text: q.T("account.title"), Href: s.at(q, "/account")},
		{Text: q.T("accounts.title"), Href: s.officePath(q, "/accounts", o)}, {Text: title},
	}
}

// peoplePage lists the accounts of a party.
func (s *Site) peoplePage(q *door.Req) error {
	o, err := s.office(q)
	if err != nil {
		return err
	}
	name := q.Dir.Name(o.Code, q.Lang)
	title := q.T("accounts.of", name)
	head := ui.ListHead{Title: title, Lead: q.T("accounts.lead")}
	invite := ui.Link{Text: q.T("accounts.invite"), Href: s.officePath(q, "/accounts/new", o)}
	var body []templ.Component
	switch {
	case o.manage:
		head.Count, head.Actions = q.T("accounts.count", len(o.people)), []ui.Link{invite}
		body = append(body, head, s.peopleTable(q, title, o.people))
	case o.first:
		body = append(body, ui.Title{Text: title}, ui.Empty{
			Heading: q.T("accounts.first"), Text: q.T("accounts.first.text", name),
			Action: &ui.Link{Text: q.T("accounts.invite.first"), Href: invite.Href},
		})
	default:
		body = append(body, ui.Title{Text: title}, ui.Notice{Text: q.T("accounts.their-own", name)})
	}
	if administers(q) {
		var tags ui.Tags
		for _, p := range q.Dir.Parties(q.Lang, access.Stakeholder) {
			tags = append(tags, ui.Link{Text: q.Dir.Name(p.Code, q.Lang), Href: s.at(q, "/accounts?party="+url.QueryEscape(p.Code))})
		}
		body = append(body, ui.Section{
			ID: "others", Heading: q.T("accounts.others"), Body: tags,
			Link: &ui.Link{Text: q.T("admin.parties.title"), Href: s.at(q, "/admin/parties")},
		})
	}
	return s.Show(q, Page{Title: title, Crumbs: s.trailTo(q, q.T("accounts.title")), Body: body})
}

func (s *Site) peopleTable(q *door.Req, title string, people []party.Account) templ.Component {
	t := ui.Table{Caption: title, Hide: true}
	for _, key := range []string{"name", "email", "roles", "state", "code"} {
		t.Columns = append(t.Columns, ui.Column{Label: q.T("accounts.column." + key)})
	}
	for _, a := range people {
		code := q.T("account.code.off")
		if a.HasTOTP {
			code = q.T("account.code.on")
		}
		href := s.at(q, "/accounts/"+a.ID)
		if a.ID == q.Account.ID {
			href = s.at(q, "/account")
		}
		t.Rows = append(t.Rows, ui.TableRow{Cells: []ui.Cell{
			{Text: ui.Plain(a.Name), Href: href}, ui.Text(a.Email), ui.Text(roleWords(q, a.Roles)), ui.Text(s.personState(q, a)), ui.Text(code),
		}})
	}
	return t
}

func (s *Site) personState(q *door.Req, a party.Account) string {
	switch {
	case a.Disabled:
		return q.T("accounts.state.disabled")
	case a.Pending():
		return q.T("accounts.state.pending")
	case a.Seen.IsZero():
		return q.T("accounts.state.active")
	}
	return q.T("accounts.state.seen", Day(q, a.Seen))
}

// roleChoice asks for the roles of an account, each with what it may do.
func (f *sheet) roleChoice(kind access.PartyKind) ui.Checks {
	c := ui.Checks{Field: f.required("roles")}
	for _, r := range access.Roles(kind) {
		c.Options = append(c.Options, ui.Option{
			Value: string(r), Label: f.q.T("role." + string(r)), Hint: f.q.T("role." + string(r) + ".explain"),
			Chosen: slices.Contains(f.values["roles"], string(r)),
		})
	}
	return c
}

func (f *sheet) roles() []access.Role {
	var roles []access.Role
	for _, r := range f.values["roles"] {
		roles = append(roles, access.Role(r))
	}
	return roles
}

func (s *Site) inviteForm(q *door.Req) error {
	o, err := s.office(q)
	if err != nil {
		return err
	}
	v := url.Values{"lang": {string(o.Lang)}}
	if roles := access.Roles(o.Kind); len(roles) == 1 {
		v.Set("roles", string(roles[0]))
	}
	return s.showInvite(q, o, &sheet{q: q, values: v})
}

func (s *Site) showInvite(q *door.Req, o office, f *sheet) error {
	if !o.manage && !o.first {
		return problem.New(problem.Forbidden, "account.manage")
	}
	title, name := q.T("accounts.invite"), q.Dir.Name(o.Code, q.Lang)
	parts := []templ.Component{
		ui.TextInput{Field: f.required("name"), Value: f.values.Get("name"), Autocomplete: "off", Width: ui.Medium, MaxLength: 200},
		ui.TextInput{Field: f.required("email"), Value: f.values.Get("email"), Type: "email", Autocomplete: "off", Width: ui.Medium, MaxLength: 254},
		f.language("lang"),
	}
	lead := q.T("accounts.invite.lead", name)
	if o.first {
		title, lead = q.T("accounts.invite.first"), q.T("accounts.invite.first.lead", name)
		parts = append(parts, ui.TextInput{Field: f.required("reference"), Value: f.values.Get("reference"), MaxLength: 200})
	} else {
		parts = append(parts, f.roleChoice(o.Kind))
	}
	form := ui.Form{
		Action: s.officePath(q, "/accounts/new", o), Body: ui.Join(parts...),
		Buttons: []ui.Button{{Text: q.T("accounts.invite.button"), Rank: ui.Primary}},
		Cancel:  &ui.Link{Text: q.T("form.cancel"), Href: s.officePath(q, "/accounts", o)},
	}
	return s.Show(q, Page{
		Title: title, Status: f.statusCode(), Errors: f.errors(), Crumbs: s.officeCrumbs(q, o, title),
		Body: []templ.Component{ui.Title{Text: title, Lead: lead}, form},
	})
}

// invite makes the account and shows its link in the answer: nothing else may
// hold it. Sent again, the form finds the address taken.
func (s *Site) invite(q *door.Req) error {
	o, err := s.office(q)
	if err != nil {
		return err
	}
	f, err := readSheet(q)
	if err != nil {
		return err
	}
	acc := party.Account{
		Party: o.Code, Name: f.values.Get("name"), Email: f.values.Get("email"), Lang: i18n.Lang(f.values.Get("lang")), Roles: f.roles(),
	}
	if o.first {
		acc.Roles = []access.Role{access.FocalPoint}
	}
	acc, secret, err := s.Parties.Invite(q.Context(), q.Actor, acc, f.values.Get("reference"))
	if f.take(err, "email") {
		return s.showInvite(q, o, f)
	}
	if err != nil {
		return err
	}
	return s.showNewLink(q, o, acc, secret, "invite")
}

// showNewLink shows a link to be passed on, and how to do that safely.
func (s *Site) showNewLink(q *door.Req, o office, acc party.Account, secret, purpose string) error {
	private(q)
	scheme := "http://"
	if s.Door.Secure {
		scheme = "https://"
	}
	address := scheme + q.Host + "/" + string(acc.Lang) + "/link/" + secret
	title := q.T("accounts.link."+purpose+".title", acc.Name)
	steps := []string{q.T("accounts.link.step.pass", acc.Name), q.T("accounts.link.step.never"), q.T("accounts.link.step." + purpose), q.T("accounts.link.step.lost")}
	return s.Show(q, Page{Title: title, Crumbs: s.officeCrumbs(q, o, title), Body: []templ.Component{
		ui.Confirmed{Title: title},
		ui.Notice{Tone: ui.Warning, Heading: q.T("accounts.link.once"), Text: q.T("accounts.link.once.text")},
		ui.Facts{{Label: q.T("accounts.link.label", acc.Name), Body: secretLine(address)}, {Label: q.T("account.field.email"), Text: ui.Plain(acc.Email)}},
		ui.Section{ID: "next", Heading: q.T("accounts.link.next"), Body: ui.Join(markup(`<div class="doc">`), bullets(steps), markup(`</div>`))},
		ui.Link{Text: q.T("accounts.title"), Href: s.officePath(q, "/accounts", o)},
	}})
}
