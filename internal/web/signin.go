package web

import (
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"
	"unicode"

	"github.com/a-h/templ"

	"concord/internal/door"
	"concord/internal/i18n"
	"concord/internal/party"
	"concord/internal/web/ui"
)

// localPath returns where the reader wanted to go, if that is a page of this
// portal: every page stands under a language, so nothing else passes, and no
// address of another host can be dressed up as one.
func localPath(next string) (string, bool) {
	u, err := url.Parse(next)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || u.Opaque != "" {
		return "", false
	}
	odd := func(r rune) bool { return r == '\\' || !unicode.IsPrint(r) }
	if strings.ContainsFunc(next, odd) || strings.ContainsFunc(u.Path, odd) {
		return "", false
	}
	lang, rest, ok := strings.Cut(strings.TrimPrefix(u.Path, "/"), "/")
	if _, known := i18n.Parse(lang); !ok || !known || !strings.HasPrefix(next, "/"+lang+"/") {
		return "", false
	}
	if clean := path.Clean(u.Path); clean != u.Path && clean+"/" != u.Path {
		return "", false
	}
	switch first, _, _ := strings.Cut(rest, "/"); first {
	case "sign-in", "sign-out", "link", "prove":
		return "", false
	}
	v := u.Query()
	v.Del("done")
	return (&url.URL{Path: u.Path, RawQuery: v.Encode()}).String(), true
}

// signInPage asks who the reader is; who is signed in already goes on.
func (s *Site) signInPage(q *door.Req) error {
	next, ok := localPath(q.URL.Query().Get("next"))
	if !q.Actor.Anonymous() {
		if !ok {
			next = s.at(q, "/delegation")
		}
		return Redirect(q, next, "")
	}
	return s.showSignIn(q, &sheet{q: q, values: url.Values{}})
}

func (s *Site) showSignIn(q *door.Req, f *sheet) error {
	private(q)
	next, wanted := localPath(q.URL.Query().Get("next"))
	p := ui.SignIn{
		Title: q.T("sign-in.title"), Lead: q.T("sign-in.lead"), Ways: s.waysIn(q, f, next),
		Help: []ui.Link{{Text: q.T("sign-in.help"), Href: s.at(q, "/help")}},
	}
	if wanted {
		p.Lead = q.T("sign-in.lead.first")
	}
	if wanted && strings.HasSuffix(next, "/kept") {
		p.Lead = q.T("sign-in.lead.kept")
	}
	return s.Show(q, Page{
		Title: p.Title, Status: f.statusCode(), NoIndex: true, Errors: f.errors(), Body: []templ.Component{p},
	})
}

// waysIn are the ways to sign in, the best first. Each is an ordinary form:
// passkeys and the sign-in of a government or of the United Nations (OpenID
// Connect) come before the password, here.
func (s *Site) waysIn(q *door.Req, f *sheet, next string) []ui.SignInWay {
	return []ui.SignInWay{s.passwordWay(q, f, next)}
}

// passwordWay asks for the code of the second factor with the password, of
// everybody: a second page for those who have one would tell that the password
// was right, and that the account exists.
func (s *Site) passwordWay(q *door.Req, f *sheet, next string) ui.SignInWay {
	action := s.at(q, "/sign-in")
	if next != "" {
		action += "?next=" + url.QueryEscape(next)
	}
	email := ui.TextInput{
		Field: f.required("email"), Value: f.values.Get("email"), Type: "email", Autocomplete: "username", Width: ui.Medium, MaxLength: 254,
	}
	email.Hint = ""
	code := f.code()
	code.Required, code.Optional, code.Hint = false, q.T("form.optional"), q.T("sign-in.code.hint")
	return ui.SignInWay{
		Heading: q.T("sign-in.password"),
		Form: ui.Form{
			Action: action, Body: ui.Join(email, f.password("password", "current-password"), code),
			Buttons: []ui.Button{{Text: q.T("chrome.sign_in"), Rank: ui.Primary}},
		},
	}
}

// signIn opens a session.
func (s *Site) signIn(q *door.Req) error {
	f, err := readSheet(q)
	if err != nil {
		return err
	}
	secret, account, err := s.Parties.SignIn(q.Context(),
		f.values.Get("email"), f.values.Get("password"), f.values.Get("code"), q.UserAgent())
	if f.take(err, "email") {
		return s.showSignIn(q, f)
	}
	if err != nil {
		return err
	}
	return s.comeIn(q, secret, account)
}

// comeIn gives the browser its new session, ends the one it replaces and leads
// to where the reader wanted to go, in their own language if nowhere.
func (s *Site) comeIn(q *door.Req, secret string, account party.Account) error {
	if old := q.Session(); old != "" {
		if err := s.Parties.SignOut(q.Context(), old); err != nil {
			return err
		}
	}
	s.Door.BeginSession(q, secret)
	s.cookie(q, cookieAccount, account.ID, 30*24*time.Hour)
	next, ok := localPath(q.URL.Query().Get("next"))
	if !ok {
		next = "/" + string(account.Lang) + "/delegation"
	}
	return Redirect(q, next, "")
}

// signOut ends the session, and what was kept for it. It works without one:
// who presses it again, or late, is signed out all the same.
func (s *Site) signOut(q *door.Req) error {
	if secret := q.Session(); secret != "" {
		if err := s.Parties.SignOut(q.Context(), secret); err != nil {
			return err
		}
	}
	if kept := s.cookieOf(q, cookieKept); kept != "" && q.Account.ID != "" {
		if err := s.Parties.DropForm(q.Context(), kept, q.Account.ID); err != nil {
			return err
		}
	}
	s.Door.EndSession(q)
	return Redirect(q, s.at(q, "/"), "signed-out")
}

// proofLife is how long a proof of the password is good for what concerns
// accounts, tokens and names.
const proofLife = 30 * time.Minute

// sensitive asks for the password again before h if it was not given lately.
// What was typed is kept meanwhile. An account without a password came by a
// link that the operator answers for, and has nothing to prove itself with.
func (s *Site) sensitive(h door.Handler) door.Handler {
	return func(q *door.Req) error {
		if !q.Account.HasPassword || s.Door.Now().Sub(q.Account.Proved) < proofLife {
			return h(q)
		}
		next, err := s.wayBack(q, q.Account.ID)
		if err != nil {
			return err
		}
		http.Redirect(q.W, q.Request, s.at(q, "/prove?next="+url.QueryEscape(next)), http.StatusSeeOther)
		return nil
	}
}

func (s *Site) provePage(q *door.Req) error {
	return s.showProve(q, &sheet{q: q, values: url.Values{}})
}

func (s *Site) showProve(q *door.Req, f *sheet) error {
	next, _ := localPath(q.URL.Query().Get("next"))
	title := q.T("prove.title")
	form := ui.Form{
		Action: s.at(q, "/prove?next="+url.QueryEscape(next)), Body: f.proof("password"),
		Buttons: []ui.Button{{Text: q.T("prove.button"), Rank: ui.Primary}},
		Cancel:  &ui.Link{Text: q.T("form.cancel"), Href: s.at(q, "/account")},
	}
	return s.Show(q, Page{
		Title: title, Status: f.statusCode(), Errors: f.errors(), Crumbs: s.trailTo(q, title),
		Body: []templ.Component{ui.Title{Text: title, Lead: q.T("prove.lead")}, form},
	})
}

func (s *Site) prove(q *door.Req) error {
	f, err := readSheet(q)
	if err != nil {
		return err
	}
	secret, err := s.Parties.StepUp(q.Context(), q.Actor, q.Session(), f.values.Get("password"), f.values.Get("code"))
	if f.take(err, "password") {
		f.proofWords()
		return s.showProve(q, f)
	}
	if err != nil {
		return err
	}
	s.Door.BeginSession(q, secret)
	next, ok := localPath(q.URL.Query().Get("next"))
	if !ok {
		next = s.at(q, "/account")
	}
	return Redirect(q, next, "")
}

// Cookies of the pages, beside the session.
const (
	cookieAccount = "account" // whose browser this is: an id, which opens nothing
	cookieKept    = "kept"    // opens the form that was kept
)

// cookie hands the browser a value, or takes it away if the age is negative.
func (s *Site) cookie(q *door.Req, name, value string, age time.Duration) {
	http.SetCookie(q.W, &http.Cookie{
		Name: s.cookieName(name), Value: value, Path: "/", MaxAge: int(age.Seconds()),
		HttpOnly: true, Secure: s.Door.Secure, SameSite: http.SameSiteLaxMode,
	})
}

func (s *Site) cookieName(name string) string {
	if s.Door.Secure {
		return "__Host-" + name
	}
	return name
}

// cookieOf is what the browser holds, "" for nothing.
func (s *Site) cookieOf(q *door.Req, name string) string {
	c, err := q.Cookie(s.cookieName(name))
	if err != nil {
		return ""
	}
	return c.Value
}
