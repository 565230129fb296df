package app

import (
	"compress/gzip"
	"flag"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"concord/internal/browser"
	"concord/internal/i18n"
)

// sight is a page of the portal as a visitor comes to see it.
type sight struct {
	name string
	who  string
	open func(*person)
	more bool // judged in English and Arabic only
}

// sights lists every sort of page.
func (s *stage) sights(t *testing.T) []sight {
	t.Helper()
	const samoa, kenya = "WSM focal-point", "KEN focal-point"
	p := s.enter(t, samoa, "en")
	p.visit("/needs?owner=WSM&topics=csirt-establishment")
	p.Click(".results a")
	need := last(p.URL())
	p.Click("form[action$='/matches/new'] button")
	talk := last(p.URL())
	p.visit("/projects?owner=KEN&topics=incident-exercises")
	p.Click(".results a")
	project := last(p.URL())

	at := func(path string) func(*person) { return func(p *person) { p.visit(path) } }
	return []sight{
		{"home", "", at("/"), false},
		{"list", "", at("/offers"), false},
		{"record", samoa, at("/needs/" + need), false},
		{"form", samoa, at("/needs/new"), false},
		{"form-errors", samoa, func(p *person) {
			p.visit("/needs/new")
			p.send("_then", "publish")
		}, false},
		{"sign-in", "", at("/sign-in"), false},
		{"error", "", at("/needs/nothing"), false},
		{"delegation", samoa, at("/delegation"), false},
		{"coverage", "", at("/coverage"), false},
		{"report", samoa, at("/report"), false},
		{"talk", samoa, at("/matches/" + talk), false},
		{"search", "", at("/search?q=csirt"), false},
		{"account", samoa, at("/account"), false},
		{"list-filtered", samoa, at("/needs?topics=csirt-establishment&timeframe=medium"), true},
		{"form-offer", samoa, at("/offers/new"), true},
		{"form-audience", samoa, func(p *person) {
			p.visit("/needs/new")
			p.Choose("input[name=audience]", "group")
			p.tick("groups", "@pif")
			p.send("_preview", "1")
		}, true},
		{"sign-in-errors", "", func(p *person) {
			p.visit("/sign-in")
			p.Submit("main form")
		}, true},
		{"project", kenya, at("/projects/" + project), true},
		{"checklist", kenya, at("/checklists/" + project + "?kind=project&list=principles&phase=design"), true},
		{"import", samoa, at("/offers/import"), true},
		{"parties", "", at("/parties"), true},
		{"party", "", at("/parties/WSM"), true},
		{"history", samoa, at("/needs/" + need + "/history"), true},
		{"move", samoa, at("/needs/" + need + "/move?to=withdraw"), true},
		{"help", "", at("/help"), true},
	}
}

// looking reports whether somebody wants to see pictures: go test -artifacts.
func looking() bool { return flag.Lookup("test.artifacts").Value.String() == "true" }

// TestSights holds every sort of page to WCAG 2.2 AA and contrast AAA by axe,
// to narrow windows, and to two requests; with -artifacts it also takes
// pictures of them, to be looked at.
func TestSights(t *testing.T) {
	s := raise(t)
	sights := s.sights(t)
	for _, lang := range i18n.Langs() {
		t.Run(string(lang), func(t *testing.T) {
			pictured := lang == i18n.English || lang == i18n.Arabic
			visitors := map[string]*person{}
			for _, x := range sights {
				if x.more && !pictured {
					continue
				}
				p := visitors[x.who]
				if p == nil {
					p = s.enter(t, x.who, string(lang))
					visitors[x.who] = p
				}
				x.open(p)
				p.judge(t, x.name)
				if looking() && pictured {
					for _, width := range []int{1280, 360} {
						p.Screenshot(filepath.Join(t.ArtifactDir(), fmt.Sprintf("%s-%s-%d.png", x.name, lang, width)), width, 0)
					}
				}
				p.SetViewport(1280)
			}
		})
	}
}

// judge holds the page shown to what every page is held to.
func (p *person) judge(t *testing.T, name string) {
	t.Helper()
	p.Accessible(t)
	if n := browser.Eval[int](p.Page, `performance.getEntriesByType("resource").length + 1`); n > 2 {
		t.Errorf("%s takes %d requests", name, n)
	}
	if got := p.count("h1"); got != 1 {
		t.Errorf("%s has %d h1", name, got)
	}
	if got := browser.Eval[string](p.Page, `document.documentElement.lang.slice(0, 2) + " " + getComputedStyle(document.body).direction`); got != p.lang+" "+i18n.Lang(p.lang).Dir() {
		t.Errorf("%s is %s", name, got)
	}
	p.NoOverflow(t)
	p.SetViewport(320)
	if wide := browser.Eval[int](p.Page, "document.documentElement.scrollWidth"); wide > 320 {
		t.Errorf("%s: %s is %d pixels wide in a window of 320", p.URL(), name, wide)
	}
}

// TestWeight holds the pages that most people open first to what one round
// trip carries: ten segments of 1,460 bytes, the style sheet included. The
// longer lists may take a little more.
func TestWeight(t *testing.T) {
	const most, mostOfLists = 14600, 16000
	s := raise(t)
	size := func(path string) (int, string) {
		req, err := http.NewRequestWithContext(t.Context(), "GET", s.url+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Accept-Encoding", "gzip")
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		var wire strings.Builder
		z, err := gzip.NewReader(io.TeeReader(resp.Body, &wire))
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		body, err := io.ReadAll(z)
		if err != nil || resp.StatusCode != 200 {
			t.Fatalf("%s: %d %v", path, resp.StatusCode, err)
		}
		return wire.Len(), string(body)
	}
	_, page := size("/en/")
	_, after, _ := strings.Cut(page, `rel="stylesheet" href="`)
	href, _, _ := strings.Cut(after, `"`)
	style, _ := size(href)
	for _, lang := range i18n.Langs() {
		for path, limit := range map[string]int{
			"/": most, "/needs": most, "/funds": most, "/offers": mostOfLists, "/courses": mostOfLists, "/projects": mostOfLists,
		} {
			if html, _ := size("/" + string(lang) + path); html+style > limit {
				t.Errorf("/%s%s: %d bytes and %d of style are more than %d", lang, path, html, style, limit)
			}
		}
	}
}
