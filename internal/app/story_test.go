package app

import (
	"fmt"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"concord/internal/browser"
	"concord/internal/modules/assistance"
)

// stage is a portal with the demonstration content on this machine, and a
// browser in front of it.
type stage struct {
	t       *testing.T
	browser *browser.Browser
	portal  *Portal
	url     string
	links   map[string]string // "WSM focal-point" to the secret that signs in
	tokens  map[string]string // the same, to the token for the API
}

// raise opens the portal as the command demo does.
func raise(t *testing.T) *stage {
	t.Helper()
	s := &stage{t: t, browser: browser.Start(t), links: map[string]string{}, tokens: map[string]string{}}
	modules, err := Modules()
	if err != nil {
		t.Fatal(err)
	}
	s.portal, err = Open(t.Context(), Options{Database: filepath.Join(t.TempDir(), databaseName), Demo: true}, modules...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.portal.Close() })
	if err := assistance.Demo(t.Context(), s.portal.Store, s.portal.Places); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(s.portal.Door)
	t.Cleanup(server.Close)
	s.url = server.URL
	accounts, err := demoAccounts(t.Context(), s.portal.Parties, s.url)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range accounts {
		_, secret, _ := strings.Cut(a.SignIn, "/link/")
		s.links[a.Party+" "+a.Role], s.tokens[a.Party+" "+a.Role] = secret, a.Token
	}
	return s
}

// person is somebody in front of a browser of their own, without JavaScript.
type person struct {
	*browser.Page
	stage *stage
	lang  string
}

// enter signs somebody in by the link of the demonstration; "" is the public.
func (s *stage) enter(t *testing.T, who, lang string) *person {
	t.Helper()
	p := &person{s.browser.Page(t), s, lang}
	p.JavaScript(false)
	if who == "" {
		return p
	}
	secret := s.links[who]
	if secret == "" {
		t.Fatalf("no account of %s", who)
	}
	p.Open(s.url + "/" + lang + "/link/" + secret)
	if !strings.Contains(p.URL(), "/delegation") {
		t.Fatalf("%s came to %s", who, p.URL())
	}
	return p
}

// visit opens a page in the person's language and returns its status.
func (p *person) visit(path string) int {
	p.Open(p.stage.url + "/" + p.lang + path)
	return p.Status()
}

// count is how many elements match now.
func (p *person) count(sel string) int {
	return browser.Eval[int](p.Page, fmt.Sprintf("document.querySelectorAll(%q).length", sel))
}

// texts are the visible texts of all that match.
func (p *person) texts(sel string) []string {
	return browser.Eval[[]string](p.Page, fmt.Sprintf("[...document.querySelectorAll(%q)].map(e => e.innerText.trim())", sel))
}

// paths are the addresses that all that match lead to, without the host.
func (p *person) paths(sel string) []string {
	return browser.Eval[[]string](p.Page, fmt.Sprintf("[...document.querySelectorAll(%q)].map(e => e.pathname)", sel))
}

// value is what a field holds.
func (p *person) value(sel string) string {
	return browser.Eval[string](p.Page, fmt.Sprintf("document.querySelector(%q)?.value ?? 'no such field'", sel))
}

// ticked reports whether a box or a radio button is chosen.
func (p *person) ticked(name, value string) bool {
	return p.Has(fmt.Sprintf("input[name=%q][value=%q]:checked", name, value))
}

// unfold opens what folds around an element, from the outside in, as a reader
// would by pressing one summary after the other.
func (p *person) unfold(sel string) {
	for p.Has(fmt.Sprintf("details:not([open]):has(%s)", sel)) {
		p.Press(fmt.Sprintf("details:not([open]):has(%s) > summary", sel))
	}
}

// write fills in a field, unfolding it first.
func (p *person) write(name, text string) {
	sel := fmt.Sprintf("[name=%q]", name)
	p.unfold(sel)
	p.Fill(sel, text)
}

// tick chooses a box, unfolding it first.
func (p *person) tick(name, value string) {
	sel := fmt.Sprintf("input[name=%q][value=%q]", name, value)
	p.unfold(sel)
	p.Check(sel, true)
}

// send presses a button of the page's form by its name and value.
func (p *person) send(name, value string) {
	p.Click(fmt.Sprintf("main form button[name=%q][value=%q]", name, value))
}

// last is the last part of an address: the id of what it leads to.
func last(url string) string {
	url, _, _ = strings.Cut(url, "?")
	url, _, _ = strings.Cut(url, "#")
	return url[strings.LastIndexByte(url, '/')+1:]
}
