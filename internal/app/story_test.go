package app

import (
	"flag"
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
	tokens  map[string]string
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

// looking reports whether somebody wants to see pictures: go test -artifacts.
func looking() bool { return flag.Lookup("test.artifacts").Value.String() == "true" }

// sight is a page of the portal as a visitor comes to see it.
type sight struct {
	name string
	who  string
	open func(*person)
}

func at(path string) func(*person) { return func(p *person) { p.visit(path) } }

// sights lists every sort of page; those of a talk and a record are of this
// stage.
func (s *stage) sights(need, talk, project string) []sight {
	const samoa = "WSM focal-point"
	return []sight{
		{"home", "", at("/")},
		{"list", "", at("/offers")},
		{"list-filtered", samoa, at("/needs?topics=csirt-establishment&topics=incident-response")},
		{"sign-in", "", at("/sign-in")},
		{"error", "", at("/needs/nothing")},
		{"search", "", at("/search?q=csirt")},
		{"coverage", "", at("/coverage")},
		{"report", samoa, at("/report")},
		{"delegation", samoa, at("/delegation")},
		{"record", samoa, at("/needs/" + need)},
		{"form", samoa, at("/needs/new")},
		{"form-errors", samoa, func(p *person) {
			p.visit("/needs/new")
			p.Click("form.form button[value=publish]")
		}},
		{"form-offer", samoa, at("/offers/new")},
		{"talk", samoa, at("/matches/" + talk)},
		{"project", samoa, at("/projects/" + project)},
		{"checklist", samoa, at("/checklists/" + project + "?kind=project&list=principles&phase=design")},
		{"account", samoa, at("/account")},
		{"import", samoa, at("/offers/import")},
		{"parties", "", at("/parties")},
		{"history", samoa, at("/needs/" + need + "/history")},
		{"move", samoa, at("/needs/" + need + "/move?to=withdraw")},
	}
}

func TestLook(t *testing.T) {
	if !looking() {
		t.Skip("only with -artifacts")
	}
	s := raise(t)
	dir := t.ArtifactDir()
	p := s.enter(t, "WSM focal-point", "en")
	p.visit("/needs?owner=WSM&topics=csirt-establishment")
	p.Click(".results a")
	need := last(p.URL())
	project := need
	p.Click("form[action$='/matches/new'] button")
	talk := last(p.URL())
	for _, lang := range []string{"en", "ar"} {
		visitors := map[string]*person{}
		for _, x := range s.sights(need, talk, project) {
			v := visitors[x.who]
			if v == nil {
				v = s.enter(t, x.who, lang)
				visitors[x.who] = v
			}
			for _, width := range []int{1280, 360} {
				v.SetViewport(width)
				x.open(v)
				v.Screenshot(filepath.Join(dir, fmt.Sprintf("%s-%s-%d.png", x.name, lang, width)), width, 0)
			}
		}
	}
}

func last(url string) string {
	url, _, _ = strings.Cut(url, "?")
	return url[strings.LastIndexByte(url, '/')+1:]
}
