package web

import (
	"net/url"
	"time"

	"github.com/a-h/templ"

	"concord/internal/access"
	"concord/internal/door"
	"concord/internal/i18n"
	"concord/internal/party"
	"concord/internal/web/ui"
)

// accountPage is the reader's own account: name, language, and the ways to
// everything else about it.
func (s *Site) accountPage(q *door.Req) error {
	return s.showAccount(q, &sheet{q: q, values: url.Values{"name": {q.Account.Name}, "lang": {string(q.Account.Lang)}}})
}

func (s *Site) showAccount(q *door.Req, f *sheet) error {
	title := q.T("account.title")
	facts := ui.Facts{
		{Label: q.T("account.field.email"), Text: ui.Plain(q.Account.Email)},
		{Label: q.T("account.party"), Text: ui.Plain(q.Dir.Name(q.Account.Party, q.Lang))},
		{Label: q.T("account.field.roles"), Text: ui.Plain(roleWords(q, q.Account.Roles))},
	}
	form := ui.Form{
		Action: s.at(q, "/account"), Body: ui.Join(
			ui.TextInput{Field: f.required("name"), Value: f.values.Get("name"), Autocomplete: "name", Width: ui.Medium, MaxLength: 200},
			f.language("lang"),
		),
		Buttons: []ui.Button{{Text: q.T("act.save"), Rank: ui.Primary}},
	}
	return s.Show(q, Page{
		Title: title, Status: f.statusCode(), Errors: f.errors(), Crumbs: []ui.Link{{Text: title}},
		Body: []templ.Component{
			ui.Title{Text: title, Lead: q.T("account.lead")},
			ui.Split{SideAfter: true, Body: ui.Join(facts, form), Side: s.accountSide(q)},
		},
	})
}

// accountSide leads to the pages about the account, and about others where the
// reader looks after them.
func (s *Site) accountSide(q *door.Req) templ.Component {
	factor := q.T("account.code.off")
	if q.Account.HasTOTP {
		factor = q.T("account.code.on")
	}
	safety := ui.Panel{Heading: q.T("account.safety"), Links: []ui.Link{
		{Text: q.T("account.code.title"), Href: s.at(q, "/account/code"), Note: factor},
		{Text: q.T("account.sessions.title"), Href: s.at(q, "/account/sessions")},
		{Text: q.T("account.tokens.title"), Href: s.at(q, "/account/tokens")},
	}}
	if q.Account.HasPassword {
		safety.Links = append([]ui.Link{{Text: q.T("account.password.title"), Href: s.at(q, "/account/password")}}, safety.Links...)
	}
	others := ui.Panel{Heading: q.T("account.others")}
	if q.Actor.Has(access.FocalPoint, access.Administrator) {
		others.Links = append(others.Links, ui.Link{Text: q.T("accounts.title"), Href: s.at(q, "/accounts")})
	}
	if q.Actor.Has(access.FocalPoint, access.Administrator, access.Auditor) {
		others.Links = append(others.Links, ui.Link{Text: q.T("trail.title"), Href: s.at(q, "/trail")})
	}
	if q.Actor.Has(access.Administrator) {
		others.Links = append(others.Links, ui.Link{Text: q.T("admin.parties.title"), Href: s.at(q, "/admin/parties")})
	}
	if len(others.Links) == 0 {
		return safety
	}
	return ui.Join(safety, others)
}

func (s *Site) saveProfile(q *door.Req) error {
	f, err := readSheet(q)
	if err != nil {
		return err
	}
	lang := i18n.Lang(f.values.Get("lang"))
	if err = s.Parties.UpdateProfile(q.Context(), q.Actor, f.values.Get("name"), lang); f.take(err, "name") {
		return s.showAccount(q, f)
	}
	if err != nil {
		return err
	}
	return Redirect(q, "/"+string(lang)+"/account", "profile")
}

func (s *Site) passwordPage(q *door.Req) error {
	return s.showPassword(q, &sheet{q: q, values: url.Values{}})
}

func (s *Site) showPassword(q *door.Req, f *sheet) error {
	title := q.T("account.password.title")
	parts := []templ.Component{userName(q.Account.Email), f.password("old", "current-password")}
	if q.Account.HasTOTP {
		parts = append(parts, f.code())
	}
	parts = append(parts, f.password("password", "new-password"), f.password("again", "new-password"))
	form := ui.Form{
		Action: s.at(q, "/account/password"), Body: ui.Join(parts...),
		Buttons: []ui.Button{{Text: q.T("account.password.button"), Rank: ui.Primary}},
		Cancel:  &ui.Link{Text: q.T("form.cancel"), Href: s.at(q, "/account")},
	}
	body := []templ.Component{ui.Title{Text: title, Lead: q.T("account.password.lead")}, form}
	if !q.Account.HasPassword {
		body[1] = ui.Notice{Text: q.T("account.password.none")}
	}
	return s.Show(q, Page{Title: title, Status: f.statusCode(), Errors: f.errors(), Crumbs: s.trailTo(q, title), Body: body})
}

// changePassword ends all sessions and opens a new one for this browser.
func (s *Site) changePassword(q *door.Req) error {
	f, err := readSheet(q)
	if err != nil {
		return err
	}
	if !f.checkAgain() {
		return s.showPassword(q, f)
	}
	secret, err := s.Parties.SetPassword(q.Context(), q.Actor,
		f.values.Get("old"), f.values.Get("code"), f.values.Get("password"), q.UserAgent())
	if f.take(err, "old") {
		f.proofWords()
		return s.showPassword(q, f)
	}
	if err != nil {
		return err
	}
	s.Door.BeginSession(q, secret)
	return Redirect(q, s.at(q, "/account"), "password")
}

// codePage is the second factor: how to begin it, or how to give it up.
func (s *Site) codePage(q *door.Req) error {
	return s.showCode(q, &sheet{q: q, values: url.Values{}}, party.Enrolment{})
}

// showCode asks for the password first, then, with the secret of an enrolment
// that has begun, for the first code of the app.
func (s *Site) showCode(q *door.Req, f *sheet, e party.Enrolment) error {
	private(q)
	title := q.T("account.code.title")
	form := ui.Form{Action: s.at(q, "/account/code"), Cancel: &ui.Link{Text: q.T("form.cancel"), Href: s.at(q, "/account")}}
	var body []templ.Component
	switch {
	case e.Secret != "":
		body = append(body, ui.Title{Text: title, Kicker: q.T("account.code.step2"), Lead: q.T("account.code.scan")},
			qrCode(e.URL, q.T("account.code.qr")), otpLink(e.URL, q.T("account.code.open")),
			ui.Facts{{Label: q.T("account.code.secret"), Body: secretLine(fours(e.Secret))}})
		form.Hidden = []ui.Pair{{Name: "do", Value: "confirm"}, {Name: "secret", Value: e.Secret}, {Name: "url", Value: e.URL}}
		form.Body = f.code()
		form.Buttons = []ui.Button{{Text: q.T("account.code.confirm"), Rank: ui.Primary}}
	case q.Account.HasTOTP:
		body = append(body, ui.Title{Text: title, Lead: q.T("account.code.is-on")})
		form.Hidden = []ui.Pair{{Name: "do", Value: "off"}}
		form.Body = f.proof("password")
		form.Buttons = []ui.Button{{Text: q.T("account.code.turn-off"), Rank: ui.Dangerous}}
	case !q.Account.HasPassword:
		body = append(body, ui.Title{Text: title}, ui.Notice{Text: q.T("account.password.none")})
	default:
		body = append(body, ui.Title{Text: title, Kicker: q.T("account.code.step1"), Lead: q.T("account.code.lead")})
		form.Hidden = []ui.Pair{{Name: "do", Value: "begin"}}
		form.Body = f.password("password", "current-password")
		form.Buttons = []ui.Button{{Text: q.T("account.code.begin"), Rank: ui.Primary}}
	}
	if len(form.Buttons) > 0 {
		body = append(body, form)
	}
	return s.Show(q, Page{Title: title, Status: f.statusCode(), Errors: f.errors(), Crumbs: s.trailTo(q, title), Body: body})
}

// changeCode takes a step of the second factor. The secret of an enrolment is
// shown in the answer to the form itself: an address must not hold it.
func (s *Site) changeCode(q *door.Req) error {
	f, err := readSheet(q)
	if err != nil {
		return err
	}
	switch f.values.Get("do") {
	case "begin":
		e, err := s.Parties.BeginTOTP(q.Context(), q.Actor, f.values.Get("password"))
		if f.take(err, "password") {
			f.proofWords()
			return s.showCode(q, f, party.Enrolment{})
		}
		if err != nil {
			return err
		}
		return s.showCode(q, f, e)
	case "confirm":
		if err := s.Parties.ConfirmTOTP(q.Context(), q.Actor, f.values.Get("code")); f.take(err, "code") {
			return s.showCode(q, f, party.Enrolment{Secret: f.values.Get("secret"), URL: f.values.Get("url")})
		} else if err != nil {
			return err
		}
		return Redirect(q, s.at(q, "/account"), "code-on")
	default:
		if err := s.Parties.DisableTOTP(q.Context(), q.Actor, f.values.Get("password"), f.values.Get("code")); f.take(err, "password") {
			f.proofWords()
			return s.showCode(q, f, party.Enrolment{})
		} else if err != nil {
			return err
		}
		return Redirect(q, s.at(q, "/account"), "code-off")
	}
}

// sessionsPage lists where the account is signed in.
func (s *Site) sessionsPage(q *door.Req) error {
	sessions, err := s.Parties.Sessions(q.Context(), q.Actor, q.Session())
	if err != nil {
		return err
	}
	title, to := q.T("account.sessions.title"), s.at(q, "/account/sessions")
	t := ui.Table{Caption: title, Hide: true}
	for _, key := range []string{"agent", "created", "seen", "end"} {
		t.Columns = append(t.Columns, ui.Column{Label: q.T("account.sessions." + key)})
	}
	for _, x := range sessions {
		name := browserName(x.Agent)
		if name == "" {
			name = q.T("account.sessions.unknown")
		}
		last := ui.Text(q.T("account.sessions.this"))
		if !x.Current {
			last = ui.Cell{Body: ui.Actions{Label: name, Items: []ui.Action{
				{Text: q.T("account.sessions.end-this"), Post: to, Hidden: []ui.Pair{{Name: "end", Value: x.ID}}},
			}}}
		}
		t.Rows = append(t.Rows, ui.TableRow{Cells: []ui.Cell{ui.Text(name), ui.Text(when(q, x.Created)), ui.Text(when(q, x.Seen)), last}})
	}
	all := ui.Form{Action: to, Hidden: []ui.Pair{{Name: "end", Value: "all"}}, Buttons: []ui.Button{{Text: q.T("account.sessions.all"), Rank: ui.Dangerous}}}
	return s.Show(q, Page{
		Title: title, Crumbs: s.trailTo(q, title),
		Body: []templ.Component{ui.Title{Text: title, Lead: q.T("account.sessions.lead")}, t, all},
	})
}

func (s *Site) endSessions(q *door.Req) error {
	f, err := readSheet(q)
	if err != nil {
		return err
	}
	if id := f.values.Get("end"); id != "all" {
		if err := s.Parties.EndSession(q.Context(), q.Actor, id); err != nil {
			return err
		}
		return Redirect(q, s.at(q, "/account/sessions"), "session-ended")
	}
	if err := s.Parties.SignOutEverywhere(q.Context(), q.Actor); err != nil {
		return err
	}
	s.Door.EndSession(q)
	s.cookie(q, cookieKept, "", -time.Second)
	return Redirect(q, s.at(q, "/sign-in"), "signed-out-everywhere")
}
