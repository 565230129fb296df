package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"concord/internal/door"
	"concord/internal/problem"
	"concord/internal/record"
	"concord/internal/web/ui"
)

// What was typed is never lost because a session ended (WCAG 2.2.5): a form
// that is posted too late is kept on the server, for the account whose browser
// it came from, until its person has signed in and sends it on.

// wayBack is where a request that must wait for a sign-in goes on afterwards:
// to its own page or, if it brought a form, to the page that shows the form
// again. The account is whose form it is.
func (s *Site) wayBack(q *door.Req, account string) (string, error) {
	if q.Method == http.MethodGet || q.Method == http.MethodHead {
		return q.URL.RequestURI(), nil
	}
	if account != "" {
		secret, err := s.keepForm(q, account)
		if err != nil {
			return "", err
		}
		if secret != "" {
			s.cookie(q, cookieKept, secret, time.Hour)
			return s.at(q, "/kept"), nil
		}
	}
	page := func(r door.Route) bool { return r.Method == http.MethodGet && r.Path == q.Route.Path }
	if slices.ContainsFunc(s.Door.Routes(), page) {
		return q.URL.RequestURI(), nil
	}
	return s.at(q, "/delegation"), nil
}

// keepForm keeps the posted form, and returns "" if it is none to keep: one
// with files, with nothing in it, or with a secret.
func (s *Site) keepForm(q *door.Req, account string) (string, error) {
	if !strings.HasPrefix(q.Header.Get("Content-Type"), "application/x-www-form-urlencoded") || q.ParseForm() != nil {
		return "", nil
	}
	if _, ok := localPath(q.URL.Path); !ok || len(q.PostForm) == 0 {
		return "", nil
	}
	for name := range q.PostForm {
		if secretField(name) {
			return "", nil
		}
	}
	return s.Parties.KeepForm(q.Context(), account, q.URL.RequestURI(), q.PostForm)
}

// secretField reports whether a field holds what must not be stored. A form
// with such a field is not kept: it is short, and useless without.
func secretField(name string) bool {
	return slices.Contains([]string{"password", "old", "again", "code", "secret"}, name)
}

// kept is the form that waits for the reader.
func (s *Site) kept(q *door.Req) (string, url.Values, error) {
	secret := s.cookieOf(q, cookieKept)
	if secret == "" {
		return "", nil, problem.New(problem.NotFound, "")
	}
	return s.Parties.KeptForm(q.Context(), secret, q.Account.ID)
}

// keptPage shows what was typed and sends it on with one button.
func (s *Site) keptPage(q *door.Req) error {
	to, values, err := s.kept(q)
	title := q.T("kept.title")
	if problem.Is(err, problem.NotFound) {
		return s.Show(q, Page{Title: title, Body: []templ.Component{ui.Empty{
			Heading: q.T("kept.none"), Text: q.T("kept.none.text"),
			Action: &ui.Link{Text: q.T("chrome.my_delegation"), Href: s.at(q, "/delegation")},
		}}})
	}
	if err != nil {
		return err
	}
	form := ui.Form{Action: to, Buttons: []ui.Button{{Text: q.T("kept.continue"), Rank: ui.Primary}}}
	var facts ui.Facts
	for _, name := range keptNames(values) {
		for _, v := range values[name] {
			form.Hidden = append(form.Hidden, ui.Pair{Name: name, Value: v})
		}
		if !strings.HasPrefix(name, "_") && strings.Join(values[name], "") != "" {
			facts = append(facts, s.keptFact(q, to, name, values[name]))
		}
	}
	body := []templ.Component{ui.Title{Text: title, Lead: q.T("kept.lead")}, form}
	if len(facts) > 0 {
		body = append(body, ui.Section{ID: "what", Heading: q.T("kept.what"), Body: facts})
	}
	drop := ui.Form{Action: s.at(q, "/kept"), Buttons: []ui.Button{{Text: q.T("kept.drop"), Rank: ui.Quiet}}}
	return s.Show(q, Page{Title: title, Crumbs: []ui.Link{{Text: title}}, Body: append(body, drop)})
}

// keptNames lists the names of a form in a fixed order, those for the reader
// first by their name.
func keptNames(v url.Values) []string {
	names := make([]string, 0, len(v))
	for name := range v {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// keptFact words one answer as the form's own page would: by the kind whose
// form it is, if it is of one.
func (s *Site) keptFact(q *door.Req, to, name string, values []string) ui.Fact {
	parts := strings.Split(to, "/")
	var kind *record.Kind
	for _, k := range s.Kinds().All() {
		if len(parts) > 2 && k.Plural == parts[2] {
			kind = k
		}
	}
	label := (&sheet{q: q}).label(strings.TrimSuffix(name, lastLang(name)))
	text := strings.Join(values, "; ")
	switch {
	case name == "audience":
		label, text = q.T("form.audience"), q.T("audience."+values[0])
	case kind != nil:
		label = s.flatLabel(q, kind, name)
		text = s.words(q, kind.Field(name), values)
	}
	return ui.Fact{Label: label, Text: ui.Plain(text)}
}

// dropKept forgets the form at its writer's wish.
func (s *Site) dropKept(q *door.Req) error {
	if secret := s.cookieOf(q, cookieKept); secret != "" {
		if err := s.Parties.DropForm(q.Context(), secret, q.Account.ID); err != nil {
			return err
		}
		s.cookie(q, cookieKept, "", -time.Second)
	}
	return Redirect(q, s.at(q, "/delegation"), "kept-dropped")
}
