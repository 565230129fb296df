package web

import (
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"concord/internal/door"
	"concord/internal/party"
	"concord/internal/problem"
	"concord/internal/web/ui"
)

// linkPage shows what a link is for. It consumes nothing: mail scanners and
// previews open links too.
func (s *Site) linkPage(q *door.Req) error {
	l, err := s.Parties.Link(q.Context(), q.PathValue("secret"))
	if err != nil {
		private(q)
		return err
	}
	// The demonstration's links may be used again and again, so that opening
	// one consumes nothing: it signs in at once.
	if s.Demo && l.Purpose == party.LinkSignIn && !l.Account.HasTOTP && q.Method == http.MethodGet {
		return s.useLink(q)
	}
	return s.showLink(q, l, &sheet{q: q, values: url.Values{}})
}

func (s *Site) showLink(q *door.Req, l party.Link, f *sheet) error {
	private(q)
	who, of := l.Account.Name, q.Dir.Name(l.Account.Party, q.Lang)
	facts := ui.Facts{
		{Label: q.T("account.field.name"), Text: ui.Plain(who)},
		{Label: q.T("account.party"), Text: ui.Plain(of)},
		{Label: q.T("account.field.email"), Text: ui.Plain(l.Account.Email)},
		{Label: q.T("account.field.roles"), Text: ui.Plain(roleWords(q, l.Account.Roles))},
	}
	form := ui.Form{Action: s.at(q, "/link/"+q.PathValue("secret"))}
	var title, lead string
	switch l.Purpose {
	case party.LinkSignIn:
		title, lead = q.T("link.signin.title"), q.T("link.signin.lead")
		if l.Account.HasTOTP {
			form.Body = f.code()
		}
		form.Buttons = []ui.Button{{Text: q.T("link.signin.button", who, roleWords(q, l.Account.Roles), of), Rank: ui.Primary}}
	default:
		title, lead = q.T("link."+string(l.Purpose)+".title"), q.T("link."+string(l.Purpose)+".lead", when(q, l.Expires))
		form.Body = f.newPassword(l.Account.Email)
		form.Buttons = []ui.Button{{Text: q.T("link.password.button"), Rank: ui.Primary}}
	}
	body := []templ.Component{ui.Title{Text: title, Lead: lead}}
	if !q.Actor.Anonymous() && q.Account.ID != l.Account.ID {
		body = append(body, ui.Notice{Tone: ui.Warning, Text: q.T("link.other", q.Account.Name)})
	}
	return s.Show(q, Page{
		Title: title, Status: f.statusCode(), NoIndex: true, Errors: f.errors(), Body: append(body, facts, form),
	})
}

// newPassword asks for a password twice: without scripts it cannot be looked
// at while it is typed. The address is there for password managers.
func (f *sheet) newPassword(email string) templ.Component {
	return ui.Join(userName(email), f.password("password", "new-password"), f.password("again", "new-password"))
}

// checkAgain notes that the password was not typed the same twice.
func (f *sheet) checkAgain() bool {
	if f.values.Get("password") != f.values.Get("again") {
		f.fault("again", "password-differs")
		return false
	}
	return true
}

// useLink does what the link is for.
func (s *Site) useLink(q *door.Req) error {
	private(q)
	f, err := readSheet(q)
	if err != nil {
		return err
	}
	secret := q.PathValue("secret")
	l, err := s.Parties.Link(q.Context(), secret)
	if err != nil {
		return err
	}
	if l.Purpose == party.LinkSignIn {
		session, account, err := s.Parties.SignInWithLink(q.Context(), secret, f.values.Get("code"), q.UserAgent())
		if f.take(err, "code") {
			f.problems[0].Code = codeWords(f.problems[0])
			return s.showLink(q, l, f)
		}
		if err != nil {
			return err
		}
		return s.comeIn(q, session, account)
	}
	if !f.checkAgain() {
		return s.showLink(q, l, f)
	}
	if _, err = s.Parties.AcceptLink(q.Context(), secret, f.values.Get("password")); f.take(err, "password") {
		return s.showLink(q, l, f)
	}
	if err != nil {
		return err
	}
	return Redirect(q, s.at(q, "/sign-in"), "password-set")
}

// codeWords says of a refused sign-in by link that the code is wrong, which is
// all that can be.
func codeWords(p problem.Field) string {
	if p.Code == "sign-in-failed" {
		return "totp-code"
	}
	return p.Code
}
