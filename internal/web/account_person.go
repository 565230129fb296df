package web

import (
	"errors"
	"net/url"
	"slices"

	"github.com/a-h/templ"

	"concord/internal/access"
	"concord/internal/door"
	"concord/internal/party"
	"concord/internal/problem"
	"concord/internal/web/ui"
)

// person is the account that a page is about, of a party whose accounts the
// reader manages.
func (s *Site) person(q *door.Req) (office, party.Account, error) {
	acc, err := s.Parties.Account(q.Context(), q.Actor, q.PathValue("id"))
	if err != nil {
		return office{}, acc, err
	}
	p, _ := q.Dir.Party(acc.Party)
	return office{Party: p, manage: true}, acc, nil
}

// below reports whether it makes sense to offer acts on an account: package
// party decides, strictly below one's own rank, and heads are each other's
// equals. Who has not come yet can be taken back.
func below(q *door.Req, acc party.Account) bool {
	return acc.ID != q.Account.ID && (acc.Pending() || !slices.Contains(acc.Roles, access.FocalPoint) && !slices.Contains(acc.Roles, access.Administrator))
}

// personPage shows an account and what can be done about it.
func (s *Site) personPage(q *door.Req) error {
	o, acc, err := s.person(q)
	if err != nil {
		return err
	}
	if acc.ID == q.Account.ID {
		return Redirect(q, s.at(q, "/account"), "")
	}
	v := url.Values{}
	for _, r := range acc.Roles {
		v.Add("roles", string(r))
	}
	return s.showPerson(q, o, acc, &sheet{q: q, values: v})
}

func (s *Site) showPerson(q *door.Req, o office, acc party.Account, f *sheet) error {
	facts := ui.Facts{
		{Label: q.T("account.field.email"), Text: ui.Plain(acc.Email)},
		{Label: q.T("account.party"), Text: ui.Plain(q.Dir.Name(acc.Party, q.Lang))},
		{Label: q.T("account.field.roles"), Text: ui.Plain(roleWords(q, acc.Roles))},
		{Label: q.T("account.field.lang"), Text: ui.Plain(acc.Lang.Name())},
		{Label: q.T("accounts.column.state"), Text: ui.Plain(s.personState(q, acc))},
		{Label: q.T("accounts.created"), Text: ui.Plain(Day(q, acc.Created))},
	}
	body := []templ.Component{ui.Title{Text: acc.Name}, facts}
	if !below(q, acc) {
		body = append(body, ui.Notice{Text: q.T("accounts.equal")})
	} else {
		base := s.at(q, "/accounts/"+acc.ID)
		acts := ui.Actions{Label: q.T("accounts.acts")}
		if acc.Disabled {
			acts.Items = append(acts.Items, ui.Action{Text: q.T("accounts.enable"), Href: base + "/enable"})
		} else {
			body = append(body, ui.Form{
				Action: base, Body: f.roleChoice(o.Kind), Buttons: []ui.Button{{Text: q.T("accounts.roles.button"), Rank: ui.Primary}},
			})
			acts.Items = append(acts.Items,
				ui.Action{Text: q.T("accounts." + linkAct(acc)), Href: base + "/link"},
				ui.Action{Text: q.T("accounts.disable"), Href: base + "/disable", Rank: ui.Dangerous})
		}
		body = append(body, acts)
	}
	return s.Show(q, Page{
		Title: acc.Name, Status: f.statusCode(), Errors: f.errors(), Crumbs: s.officeCrumbs(q, o, acc.Name), Body: body,
	})
}

// linkAct is what a new link for an account is: a second invitation, or a way
// to another password.
func linkAct(acc party.Account) string {
	if acc.Pending() {
		return "invite-again"
	}
	return "reset"
}

func (s *Site) setRoles(q *door.Req) error {
	o, acc, err := s.person(q)
	if err != nil {
		return err
	}
	f, err := readSheet(q)
	if err != nil {
		return err
	}
	err = s.Parties.SetRoles(q.Context(), q.Actor, acc.ID, f.roles())
	if refused(f, err, "roles") || f.take(err, "roles") {
		return s.showPerson(q, o, acc, f)
	}
	if err != nil {
		return err
	}
	return Redirect(q, s.at(q, "/accounts/"+acc.ID), "roles")
}

// refused shows a refusal where it happened, if it has words of its own.
func refused(f *sheet, err error, at string) bool {
	p, ok := errors.AsType[*problem.Error](err)
	if !ok || p.Kind != problem.Forbidden || p.Code == "" {
		return false
	}
	f.status = p.Kind.Status()
	f.fault(at, p.Code, p.Args...)
	return true
}

// askPerson asks once more before something is done to an account.
func (s *Site) askPerson(q *door.Req) error {
	o, acc, err := s.person(q)
	if err != nil {
		return err
	}
	act, rank := q.PathValue("do"), ui.Primary
	switch act {
	case "link":
		act = linkAct(acc)
	case "disable":
		rank = ui.Dangerous
	case "enable":
	default:
		return problem.New(problem.NotFound, "")
	}
	title := q.T("accounts." + act)
	return s.Show(q, Page{
		Title: title, Crumbs: s.officeCrumbs(q, o, title), Body: []templ.Component{ui.Ask{
			Title: q.T("accounts."+act+".ask", acc.Name), Text: q.T("accounts." + act + ".text"),
			Facts: ui.Facts{
				{Label: q.T("account.field.email"), Text: ui.Plain(acc.Email)},
				{Label: q.T("account.field.roles"), Text: ui.Plain(roleWords(q, acc.Roles))},
			},
			Form: ui.Form{
				Action: s.at(q, "/accounts/"+acc.ID+"/"+q.PathValue("do")), Buttons: []ui.Button{{Text: title, Rank: rank}},
				Cancel: &ui.Link{Text: q.T("form.cancel"), Href: s.at(q, "/accounts/"+acc.ID)},
			},
		}},
	})
}

func (s *Site) doPerson(q *door.Req) error {
	o, acc, err := s.person(q)
	if err != nil {
		return err
	}
	page := s.at(q, "/accounts/"+acc.ID)
	switch q.PathValue("do") {
	case "link":
		secret, err := s.Parties.Relink(q.Context(), q.Actor, acc.ID)
		if err != nil {
			return err
		}
		purpose := string(party.LinkReset)
		if acc.Pending() {
			purpose = string(party.LinkInvite)
		}
		return s.showNewLink(q, o, acc, secret, purpose)
	case "disable":
		if err := s.Parties.Disable(q.Context(), q.Actor, acc.ID); err != nil {
			return err
		}
		return Redirect(q, page, "account-disabled")
	case "enable":
		if err := s.Parties.Enable(q.Context(), q.Actor, acc.ID); err != nil {
			return err
		}
		return Redirect(q, page, "account-enabled")
	}
	return problem.New(problem.NotFound, "")
}
