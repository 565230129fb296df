package web

import (
	"errors"
	"net/url"
	"strings"
	"time"

	"github.com/a-h/templ"

	"concord/internal/access"
	"concord/internal/door"
	"concord/internal/i18n"
	"concord/internal/problem"
	"concord/internal/web/ui"
)

// accountRoutes are the pages by which people come in, look after their own
// account and, where they manage them, after those of others.
func (s *Site) accountRoutes(get, post func(path, act string, who door.Who, h door.Handler) door.Route) []door.Route {
	return []door.Route{
		get("/{lang}/sign-in", "sign-in", door.Anyone, s.signInPage),
		post("/{lang}/sign-in", "sign-in", door.Anyone, s.signIn),
		post("/{lang}/sign-out", "sign-out", door.Anyone, s.signOut),
		get("/{lang}/link/{secret}", "link", door.Anyone, s.linkPage),
		post("/{lang}/link/{secret}", "link", door.Anyone, s.useLink),
		get("/{lang}/prove", "own", door.SignedIn, s.provePage),
		post("/{lang}/prove", "own", door.SignedIn, s.prove),
		get("/{lang}/kept", "own", door.SignedIn, s.keptPage),
		post("/{lang}/kept", "own", door.SignedIn, s.dropKept),

		get("/{lang}/account", "own", door.SignedIn, s.accountPage),
		post("/{lang}/account", "own", door.SignedIn, s.saveProfile),
		get("/{lang}/account/password", "own", door.SignedIn, s.passwordPage),
		post("/{lang}/account/password", "own", door.SignedIn, s.changePassword),
		get("/{lang}/account/code", "own", door.SignedIn, s.codePage),
		post("/{lang}/account/code", "own", door.SignedIn, s.changeCode),
		get("/{lang}/account/sessions", "own", door.SignedIn, s.sessionsPage),
		post("/{lang}/account/sessions", "own", door.SignedIn, s.endSessions),
		get("/{lang}/account/tokens", "own", door.SignedIn, s.tokensPage),
		get("/{lang}/account/tokens/new", "own", door.SignedIn, s.sensitive(s.tokenForm)),
		post("/{lang}/account/tokens/new", "own", door.SignedIn, s.sensitive(s.addToken)),
		get("/{lang}/account/tokens/{id}", "own", door.SignedIn, s.askRevoke),
		post("/{lang}/account/tokens/{id}", "own", door.SignedIn, s.revokeToken),

		get("/{lang}/accounts", "manage", door.SignedIn, s.peoplePage),
		get("/{lang}/accounts/new", "manage", door.SignedIn, s.sensitive(s.inviteForm)),
		post("/{lang}/accounts/new", "manage", door.SignedIn, s.sensitive(s.invite)),
		get("/{lang}/accounts/{id}", "manage", door.SignedIn, s.personPage),
		post("/{lang}/accounts/{id}", "manage", door.SignedIn, s.sensitive(s.setRoles)),
		get("/{lang}/accounts/{id}/{do}", "manage", door.SignedIn, s.sensitive(s.askPerson)),
		post("/{lang}/accounts/{id}/{do}", "manage", door.SignedIn, s.sensitive(s.doPerson)),

		get("/{lang}/admin/parties", "administer", door.SignedIn, s.adminParties),
		get("/{lang}/admin/parties/{code}", "administer", door.SignedIn, s.sensitive(s.partyForm)),
		post("/{lang}/admin/parties/{code}", "administer", door.SignedIn, s.sensitive(s.saveParty)),
		get("/{lang}/admin/groups/{code}", "administer", door.SignedIn, s.sensitive(s.groupForm)),
		post("/{lang}/admin/groups/{code}", "administer", door.SignedIn, s.sensitive(s.saveGroup)),
	}
}

// sheet is a form of these pages being shown: what was typed, and what is
// wrong with it.
type sheet struct {
	q        *door.Req
	values   url.Values
	problems []problem.Field
	status   int
}

// readSheet reads a posted form.
func readSheet(q *door.Req) (*sheet, error) {
	if err := q.ParseForm(); err != nil {
		return nil, badForm(err)
	}
	return &sheet{q: q, values: q.PostForm}, nil
}

// fault is a problem that no single field has: a wrong password, too many
// attempts. It is shown at the field named at.
func (f *sheet) fault(at, code string, args ...any) {
	f.problems = append(f.problems, problem.Field{Name: at, Code: code, Args: args})
}

// take notes what is wrong and reports whether the form can say so. Whatever
// belongs to no field is shown at the field named at.
func (f *sheet) take(err error, at string) bool {
	p, ok := errors.AsType[*problem.Error](err)
	if !ok || p.Kind != problem.Invalid && p.Kind != problem.TooMany {
		return false
	}
	f.status = p.Kind.Status()
	f.problems = append(f.problems, p.Fields...)
	if len(p.Fields) == 0 {
		f.fault(at, p.Code, p.Args...)
	}
	return true
}

// proofWords says of a wrong proof what is asked on pages for people who are
// signed in: there the address is no question.
func (f *sheet) proofWords() {
	for i := range f.problems {
		if f.problems[i].Code == "sign-in-failed" {
			f.problems[i].Code = "proof-failed"
		}
	}
}

func (f *sheet) wrong(name string) string {
	for _, p := range f.problems {
		if p.Name == name {
			return problemText(f.q, p)
		}
	}
	return ""
}

// label is the question's own words on these pages, else the portal's.
func (f *sheet) label(name string) string {
	if key := "account.field." + name; f.q.Words().Has(key) {
		return f.q.T(key)
	}
	return f.q.T("field." + name)
}

func (f *sheet) field(name string) ui.Field {
	x := ui.Field{ID: fieldID(name), Name: name, Label: f.label(name), Error: f.wrong(name)}
	if key := "account.hint." + name; f.q.Words().Has(key) {
		x.Hint = f.q.T(key)
	}
	return x
}

func (f *sheet) required(name string) ui.Field {
	x := f.field(name)
	x.Required = true
	return x
}

func (f *sheet) optional(name string) ui.Field {
	x := f.field(name)
	x.Optional = f.q.T("form.optional")
	return x
}

// password asks for a secret. It is never shown again.
func (f *sheet) password(name, autocomplete string) ui.TextInput {
	return ui.TextInput{Field: f.required(name), Type: "password", Autocomplete: autocomplete, Width: ui.Medium}
}

// code asks for the number of an authenticator app.
func (f *sheet) code() ui.TextInput {
	return ui.TextInput{Field: f.required("code"), InputMode: "numeric", Autocomplete: "one-time-code", Width: ui.Short, MaxLength: 12}
}

// proof asks for what proves the person again.
func (f *sheet) proof(name string) templ.Component {
	parts := []templ.Component{f.password(name, "current-password")}
	if f.q.Account.HasTOTP {
		parts = append(parts, f.code())
	}
	return ui.Join(parts...)
}

func (f *sheet) language(name string) ui.Select {
	sel := ui.Select{Field: f.required(name)}
	for _, l := range i18n.Langs() {
		sel.Options = append(sel.Options, ui.Option{Value: string(l), Label: l.Name(), Chosen: f.values.Get(name) == string(l)})
	}
	return sel
}

// errors is the summary on top of the page, nil if nothing is wrong.
func (f *sheet) errors() *ui.Errors {
	if len(f.problems) == 0 {
		return nil
	}
	sum := &ui.Errors{Heading: f.q.T("form.problem")}
	for _, p := range f.problems {
		label := f.label(strings.TrimSuffix(p.Name, lastLang(p.Name))) + f.q.T("form.colon")
		switch p.Code {
		case "sign-in-failed", "proof-failed", "sign-in-limit": // these speak for themselves
			label = ""
		}
		sum.Items = append(sum.Items, ui.Link{Text: label + problemText(f.q, p), Href: "#" + fieldID(p.Name)})
	}
	return sum
}

func (f *sheet) statusCode() int {
	if f.status == 0 && len(f.problems) > 0 {
		return problem.Invalid.Status()
	}
	return f.status
}

// private keeps a page out of every cache: it has a secret, or is about one.
func private(q *door.Req) { q.W.Header().Set("Cache-Control", "no-store") }

// when words a moment.
func when(q *door.Req, at time.Time) string { return i18n.DateTime(q.Lang, at) }

// roleWords words the roles of an account.
func roleWords(q *door.Req, roles []access.Role) string {
	words := make([]string, len(roles))
	for i, r := range roles {
		words[i] = q.T("role." + string(r))
	}
	return i18n.List(q.Lang, words)
}

// trailTo is the way back to the reader's account, for pages below it.
func (s *Site) trailTo(q *door.Req, title string) []ui.Link {
	return []ui.Link{{Text: q.T("account.title"), Href: s.at(q, "/account")}, {Text: title}}
}
