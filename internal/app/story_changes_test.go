package app

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"concord/internal/browser"
	"concord/internal/i18n"
)

// refused: who may read the need still changes nothing in it.
func (c *chronicle) refused() {
	for _, who := range []string{"KEN focal-point", "KEN editor", "UNODA moderator", "UNODA administrator", "WSM viewer", "WSM editor"} {
		v := c.enter(who)
		c.want(v, "/needs/"+c.need, 200)
		if v.Has(".actions a[href$='/edit']") || v.Has("a[href*='/move']") || v.Has("#matches form") && !strings.HasPrefix(who, "WSM") {
			c.Errorf("%s is offered to change the need", who)
		}
		program := c.stage.client(c.T, who)
		for path, form := range map[string]url.Values{
			"/edit": {"title.fr": {"Pris"}, "topics": {"funding"}, "timeframe": {"short"}, "_revision": {"1"}, "audience": {"public"}},
			"/move": {"to": {"withdraw"}, "_revision": {"1"}},
		} {
			if status, _ := c.stage.ask(c.T, program, "POST", "/en/needs/"+c.need+path, form); status != 403 && status != 404 {
				c.Errorf("%s posts %s: %d", who, path, status)
			}
		}
		if status, _ := c.stage.ask(c.T, program, "GET", "/en/needs/"+c.need+"/edit", nil); status != 403 {
			c.Errorf("%s opens the form: %d", who, status)
		}
	}
	c.samoa.visit("/needs/" + c.need)
	if !strings.Contains(c.samoa.Text("h1"), c.title) {
		c.Error("somebody changed the need")
	}
}

// Step 6: two windows on one need.
func (c *chronicle) edited() {
	first, second := c.samoa, c.enter("WSM focal-point")
	for _, w := range []*person{first, second} {
		w.visit("/needs/" + c.need)
		w.Click(".actions a[href$='/edit']")
	}
	first.Fill("[name='title.fr']", c.title+" premier")
	first.send("_then", "save")
	if first.Status() != 200 {
		c.Fatalf("the first window saves: %d", first.Status())
	}
	second.Fill("[name='title.fr']", c.title+" second")
	second.write("office", "Ministère")
	second.send("_then", "save")
	if second.Status() != 412 || !strings.Contains(second.Text(".notice.warn"), "premier") || !strings.Contains(second.Text(".notice.warn"), "second") {
		c.Errorf("the second window is not told: %d", second.Status())
	}
	if second.value("[name='title.fr']") != c.title+" second" || second.value("main [name=office]") != "Ministère" {
		c.Error("the second window loses its text")
	}
	second.send("_then", "save")
	if second.Status() != 200 || !strings.Contains(second.Text("h1"), "second") {
		c.Errorf("saving knowingly: %d", second.Status())
	}
	first.visit("/needs/" + c.need + "/history")
	if n := first.count("table tbody tr"); n < 3 {
		c.Errorf("%d revisions", n)
	}
	first.Click("tbody tr:first-child a[href*='from=']")
	change := first.Text(".compare")
	if !strings.Contains(change, "premier") || !strings.Contains(change, "second") {
		c.Errorf("compared:\n%s", change)
	}
}

// Step 6, continued: withdrawn after a question, and back.
func (c *chronicle) withdrawn() {
	p, estonia := c.samoa, c.enter("EST focal-point")
	move := func(to string) {
		p.visit("/needs/" + c.need)
		p.Click(".actions a[href*='to=" + to + "']")
		if p.Status() != 200 || p.count("main form button") != 1 {
			c.Errorf("%s is not asked about: %d", to, p.Status())
		}
		p.Submit("main form")
		if p.Status() != 200 || !p.Has(".notice[role=status]") {
			c.Errorf("%s: %d", to, p.Status())
		}
	}
	c.want(estonia, "/needs/"+c.need, 200)
	move("withdraw")
	if !p.Has(".state.withdrawn") {
		c.Error("not withdrawn")
	}
	c.want(estonia, "/needs/"+c.need, 404)
	move("restore")
	if !p.Has(".state.draft") {
		c.Error("not restored as a draft")
	}
	c.want(estonia, "/needs/"+c.need, 404)
	move("publish")
	c.want(estonia, "/needs/"+c.need, 200)
}

// TestStoryImport takes offers in from a file through the page: tried first,
// then taken.
func TestStoryImport(t *testing.T) {
	s := raise(t)
	for _, lang := range []string{"en", "ar"} {
		p := s.enter(t, "EST focal-point", lang)
		p.visit("/offers")
		p.Click(".doers a[href$='/offers/import']")
		p.send("do", "check")
		if p.Status() != 422 || p.count(".errors a[href='#file']") != 1 || !p.Has("#file[aria-invalid]") {
			t.Errorf("%s: without a file: %d", lang, p.Status())
		}
		const file = "key,title.en,topics,conditions,audience\n1LANG,Log review LANG,csirt-establishment,none,states\n2LANG,Drill LANG,incident-exercises,none,public\n3LANG,Without conditions,funding,,public\n"
		browser.Eval[int](p.Page, fmt.Sprintf(`(() => { const d = new DataTransfer(); d.items.add(new File([%q], "offers.csv", {type: "text/csv"})); document.querySelector("#file").files = d.files; return d.files.length })()`,
			strings.ReplaceAll(file, "LANG", lang)))
		p.Choose("input[name=state]", "published")
		p.send("do", "check")
		row := i18n.Number(i18n.Lang(lang), 4)
		if p.Status() != 200 || !slices.Contains(p.texts("table tbody th"), row) || !p.Has("input[name=kept]") {
			t.Fatalf("%s: tried: %d\n%s", lang, p.Status(), p.Text("main"))
		}
		v := s.enter(t, "KEN viewer", lang)
		v.visit("/search?q=%22Log+review%22+" + lang)
		if v.Has(".results") && strings.Contains(v.Text(".results"), "Log review "+lang) {
			t.Errorf("%s: a try wrote something", lang)
		}
		p.Submit("main form")
		if p.Status() != 200 || !p.Has(".notice.ok") {
			t.Errorf("%s: taken: %d\n%s", lang, p.Status(), p.Text("main"))
		}
		p.Click(".notice.ok a")
		if got := p.Text(".results"); !strings.Contains(got, "Log review "+lang) || !strings.Contains(got, "Drill "+lang) || strings.Contains(got, "Without conditions") {
			t.Errorf("%s: the list after the import:\n%s", lang, got)
		}
		v.visit("/search?q=Drill+" + lang)
		if !strings.Contains(v.Text("main"), "Drill "+lang) {
			t.Errorf("%s: what was taken in is not found", lang)
		}
	}
}
