package app

import (
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
	"testing"

	"concord/internal/browser"
	"concord/internal/i18n"
)

// program asks with somebody's session, and the API with their token, what no
// page offers to ask.
type program struct {
	http.Client
	token string
}

func (s *stage) client(t *testing.T, who string) *program {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	stop := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	c := &program{http.Client{Jar: jar, CheckRedirect: stop}, s.tokens[who]}
	if who != "" {
		if status, _ := s.ask(t, c, "GET", "/en/link/"+s.links[who], nil); status != http.StatusSeeOther {
			t.Fatalf("%s signs in: %d", who, status)
		}
	}
	return c
}

func (s *stage) ask(t *testing.T, c *program, method, path string, form url.Values) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, s.url+path, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	if c.token != "" && strings.HasPrefix(path, "/api/") {
		req.Header.Set("Authorization", "Bearer "+c.token)
	}
	resp, err := c.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

// TestStory is the portal's main story, through the pages and without
// JavaScript: a State says what it needs, finds who offers it, both agree, and
// it becomes a project; and nobody learns of it for whom it is not.
func TestStory(t *testing.T) {
	for _, lang := range []string{"en", "ar"} {
		t.Run(lang, func(t *testing.T) {
			s := raise(t)
			c := &chronicle{T: t, stage: s, lang: lang, title: "Équipe nationale vagalau" + lang}
			outsiders := c.outsiders()
			estonia := c.topicCount("EST focal-point")
			c.writes()
			c.hidden(outsiders)
			c.answers()
			c.seen(estonia)
			c.refused()
			c.introduced()
			c.project()
			c.counted()
			c.edited()
			c.withdrawn()
			c.gap()
		})
	}
}

// chronicle is the story as far as it has gone.
type chronicle struct {
	*testing.T
	stage *stage
	lang  string
	title string // of the need: words that nothing else has
	samoa *person

	need, accepted, declined, made string // ids of the need, the talks and the project
}

func (c *chronicle) says(key string) string {
	l, _ := i18n.Parse(c.lang)
	return c.stage.portal.Door.Catalog.T(l, key)
}

func (c *chronicle) enter(who string) *person { return c.stage.enter(c.T, who, c.lang) }

func (c *chronicle) want(p *person, path string, status int) {
	c.Helper()
	if got := p.visit(path); got != status {
		c.Errorf("%s answers %d, want %d", path, got, status)
	}
}

// Step 1: the focal point finds her page, errs, looks who would see it, and
// publishes.
func (c *chronicle) writes() {
	p := c.enter("WSM focal-point")
	c.samoa = p
	p.visit("/delegation")
	if p.count(".tasks ol a") < 4 || !p.Has("#new") || p.count("#own .results > li") < 4 || !slices.ContainsFunc(p.paths(".tasks a"), func(s string) bool { return strings.Contains(s, "/needs/") }) {
		c.Errorf("the delegation's page lacks what is due, drafts or suggestions:\n%s", p.Text("main"))
	}
	if p.count(".user a[href$='/account']") != 1 {
		c.Error("no way to the own account")
	}
	p.Click(".doers a.primary")

	p.write("title.fr", c.title)
	p.tick("capability", "processes-structures")
	p.send("_then", "publish")
	if p.Status() != 422 {
		c.Fatalf("an unfinished need is answered with %d", p.Status())
	}
	if title := browser.Eval[string](p.Page, "document.title"); !strings.HasPrefix(title, c.says("chrome.error_prefix")) {
		c.Errorf("title with errors: %q", title)
	}
	if dead := browser.Eval[[]string](p.Page, `[...document.querySelectorAll(".errors a")].map(a => a.hash).filter(h => !document.getElementById(h.slice(1))?.checkVisibility())`); len(dead) > 0 || p.count(".errors a") != 2 {
		c.Errorf("the summary has %d errors; lead nowhere: %v", p.count(".errors a"), dead)
	}
	for _, name := range []string{"topics", "timeframe"} {
		if !p.Has("#" + name + ".wrong .error") {
			c.Errorf("no error beside %s", name)
		}
	}
	if p.value("[name='title.fr']") != c.title || !p.ticked("capability", "processes-structures") {
		c.Error("what was typed is lost")
	}

	p.tick("topics", "csirt-establishment")
	p.tick("modality", "training")
	p.tick("modality", "equipment")
	p.Choose("input[name=timeframe]", "short")
	p.Choose("input[name=priority]", "high")
	p.write("context.fr", "Le mandat est approuvé ; le débit entre les îles est faible.")
	p.Choose("input[name=audience]", "group")
	p.tick("groups", "EST")
	p.tick("groups", "@pif")
	p.send("_preview", "1")
	c.preview(p)
	p.Choose("input[name=audience]", "states")
	p.send("_preview", "1")
	if p.count(".readers .names li") != 0 || !p.ticked("audience", "states") {
		c.Error("the preview still names the group")
	}
	p.send("_then", "publish")
	c.need = last(p.URL())
	if p.Status() != 200 || !p.Has(".aud.band.states") || !strings.Contains(p.Text("h1"), c.title) || !p.Has("h1 [lang=fr][dir=ltr]") {
		c.Fatalf("%d %s after publishing:\n%s", p.Status(), p.URL(), p.Text("main"))
	}
}

// preview checks that the readers are named, each of them, and nothing is lost.
func (c *chronicle) preview(p *person) {
	dir, err := c.stage.portal.Parties.Directory(c.Context())
	if err != nil {
		c.Fatal(err)
	}
	l, _ := i18n.Parse(c.lang)
	var want []string
	for _, code := range dir.Readers([]string{"EST", "@pif"}) {
		if code != "WSM" {
			want = append(want, dir.Name(code, l))
		}
	}
	got := p.texts(".readers .names li")
	slices.Sort(want)
	slices.Sort(got)
	if len(want) < 10 || !slices.Equal(got, want) {
		c.Errorf("readers by name: got %v, want %v", got, want)
	}
	if p.value("[name='title.fr']") != c.title || !p.ticked("topics", "csirt-establishment") || !p.ticked("groups", "@pif") || !p.ticked("priority", "high") ||
		!strings.HasPrefix(p.value("[name='context.fr']"), "Le mandat") || !strings.HasSuffix(p.URL(), "#p-audience") {
		c.Error("a look at the readers loses what was typed, or its place")
	}
}

// Step 2: what answers the need, and why.
func (c *chronicle) answers() {
	p := c.samoa
	p.visit("/needs/" + c.need)
	var kinds []string
	for _, path := range p.paths("#matches .match h3 a") {
		kinds = append(kinds, strings.Split(path, "/")[2])
	}
	for _, kind := range []string{"offers", "courses", "funds", "projects"} {
		if !slices.Contains(kinds, kind) {
			c.Errorf("no match among the %s: %v", kind, kinds)
		}
	}
	scores := browser.Eval[[]int](p.Page, `[...document.querySelectorAll("#matches .meter rect:not(.bg)")].map(e => e.width.baseVal.value)`)
	if !slices.IsSortedFunc(scores, func(a, b int) int { return b - a }) || len(scores) != p.count("#matches .match") {
		c.Errorf("matches are not ranked: %v", scores)
	}
	if bare := p.count("#matches .match:not(:has(.plus li bdi))"); bare > 0 {
		c.Errorf("%d matches without a reason", bare)
	}
	p.Press(".excluded > summary")
	if whys := p.texts(".excluded .note"); len(whys) == 0 || slices.Contains(whys, "") {
		c.Errorf("left out without a reason: %q", whys)
	}
	if p.count(".notice.warn .overlaps a[href*='/projects/']") == 0 {
		c.Error("no warning of the running project of the Pacific")
	}
	for _, raw := range p.texts("#matches li, .excluded .note, .overlaps li") {
		if strings.Contains(raw, "match.") || strings.Contains(raw, "exclude.") || strings.Contains(raw, "{0}") {
			c.Errorf("a reason is no words: %q", raw)
		}
	}
}

// gap: a need that nothing on record answers says so.
func (c *chronicle) gap() {
	p := c.samoa
	p.visit("/needs/new")
	p.write("title."+c.lang, "Quantum")
	p.tick("topics", "child-protection")
	p.Choose("input[name=timeframe]", "short")
	p.send("_then", "publish")
	if p.Status() != 200 || !p.Has("#matches .notice.info") {
		c.Errorf("%d, no notice of a gap:\n%s", p.Status(), p.Text("main"))
	}
}

// Step 3: two introductions, one accepted, one declined, seen by two parties.
func (c *chronicle) introduced() {
	p := c.samoa
	begin := func(party string) string {
		p.visit("/needs/" + c.need)
		p.Click(fmt.Sprintf(".match:has(.owner a[href$='/parties/%s']) form[action$='/matches/new'] button", party))
		if p.Status() != 200 || !strings.Contains(p.URL(), "/matches/") {
			c.Fatalf("asking %s leads to %s, %d", party, p.URL(), p.Status())
		}
		return last(p.URL())
	}
	c.accepted, c.declined = begin("EST"), begin("ITU")
	answer := func(who, talk, step string) *person {
		v := c.enter(who)
		v.Click(fmt.Sprintf(".tasks a[href$='/matches/%s']", talk))
		v.Fill("#text", "Réponse de "+who)
		v.send("step", step)
		if v.Status() != 200 || !strings.Contains(v.Text("#messages"), "Réponse de "+who) {
			c.Errorf("%s: %s is answered with %d", who, step, v.Status())
		}
		return v
	}
	estonia := answer("EST focal-point", c.accepted, "accept")
	itu := answer("ITU focal-point", c.declined, "decline")
	if itu.Has("#next") || strings.Contains(itu.Text("main"), c.title) {
		c.Error("who declined still has steps, or sees the title of a need that is for States")
	}
	c.want(itu, "/needs/"+c.need, 404)
	for _, who := range []string{"KEN focal-point", "UNODA moderator", "UNODA administrator", "GFCE contributor", "EST focal-point", "ITU focal-point"} {
		v, program := c.enter(who), c.stage.client(c.T, who)
		for _, talk := range []string{c.accepted, c.declined} {
			if talk == c.accepted && who == "EST focal-point" || talk == c.declined && who == "ITU focal-point" {
				continue
			}
			c.want(v, "/matches/"+talk, 404)
			if status, _ := c.stage.ask(c.T, program, "POST", "/en/matches/"+talk, url.Values{"step": {"end"}}); status != 404 {
				c.Errorf("%s ends the talk of others: %d", who, status)
			}
		}
	}
	p.visit("/matches/" + c.declined)
	if p.Has("#next") || !strings.Contains(p.Text("#messages"), "Réponse de ITU") {
		c.Error("the declined talk goes on, or its answer is lost")
	}
	estonia.visit("/matches/" + c.accepted)
	estonia.send("step", "agree")
	if estonia.Has("button[value=agree]") || estonia.Has("button[value=project]") {
		c.Error("agreed by one side only, and yet it goes on")
	}
	p.visit("/delegation")
	p.Click(fmt.Sprintf(".tasks a[href$='/matches/%s']", c.accepted))
	p.send("step", "agree")
	p.send("step", "project")
	if p.Status() != 200 || !strings.HasSuffix(strings.Split(p.URL(), "?")[0], "/edit") {
		c.Fatalf("the project begins at %s with %d", p.URL(), p.Status())
	}
	c.made = last(strings.TrimSuffix(strings.Split(p.URL(), "?")[0], "/edit"))
}

// Step 3, continued: the partner writes in the draft, the State publishes it.
func (c *chronicle) project() {
	estonia, kenya := c.enter("EST focal-point"), c.enter("KEN focal-point")
	c.want(kenya, "/projects/"+c.made, 404)
	c.want(estonia, "/projects/"+c.made, 200)
	estonia.Click(".actions a[href$='/edit']")
	if estonia.Has("#audience") || estonia.Has("button[value=publish]") {
		c.Error("the partner can widen or publish the project")
	}
	estonia.write("purpose."+c.lang, "Three people keep watch.")
	estonia.send("_then", "save")
	if estonia.Status() != 200 || !strings.Contains(estonia.Text("main"), "Three people keep watch.") {
		c.Fatalf("the partner's words: %d\n%s", estonia.Status(), estonia.Text("main"))
	}
	p := c.samoa
	p.visit("/projects/" + c.made)
	p.Click(".actions a.primary")
	if p.count(".readers") != 1 {
		c.Error("published without saying who will see it")
	}
	p.Submit("main form")
	if p.Status() != 200 || p.Has(".state.draft") || !strings.Contains(p.Text("main"), "Three people keep watch.") {
		c.Errorf("the project is not published: %d\n%s", p.Status(), p.Text("main"))
	}
	c.want(kenya, "/projects/"+c.made, 200)
	c.want(c.enter(""), "/projects/"+c.made, 404)
	p.visit("/matches/" + c.accepted)
	if !p.Has("main a[href$='/projects/" + c.made + "']") {
		c.Error("the talk does not lead to its project")
	}
}

// Step 5: the coverage in numbers, drawn and as a file, and the yearly report.
func (c *chronicle) counted() {
	p := c.samoa
	p.visit("/coverage")
	if p.count(".heat table") != 2 || p.count(".heat svg.drawing[role=img] title") != 2 || p.count(".stats li") != 2 {
		c.Errorf("coverage lacks a table, a drawing or its numbers")
	}
	// The table, the drawing and the file say the same.
	rows := browser.Eval[[]string](p.Page, `[...document.querySelectorAll("#main .heat:first-of-type tbody tr, .heat tbody tr")].map(r => [...r.querySelectorAll("td")].map(d => d.innerText.trim()).join())`)
	drawn := browser.Eval[[]string](p.Page, `[...document.querySelectorAll(".drawing text[class*=on-]")].map(e => e.textContent)`)
	if strings.Join(rows, ",") != strings.Join(drawn, ",") {
		c.Errorf("the drawing differs from the table:\n%v\n%v", rows, drawn)
	}
	file := c.file("/"+c.lang+"/coverage?format=csv", "WSM focal-point")
	if len(file)-1 != len(rows)/2*5 {
		c.Errorf("the file has %d lines for %d rows", len(file)-1, len(rows)/2)
	}
	p.visit("/report")
	funnel := p.texts(".funnel b")
	if strings.Join(funnel, "") != "–––––" || p.count(".funnel .note") != 5 {
		c.Errorf("counts of one State, or of none, are not withheld: %v", funnel)
	}
	if p.count(".tabs a") != 4 {
		c.Error("no choice of years")
	}
	p.Click(".tabs li:nth-child(2) a")
	zero := i18n.Number(i18n.Lang(c.lang), 0)
	if numbers := p.texts("td.n"); len(numbers) < 12 || slices.ContainsFunc(numbers, func(n string) bool { return n != zero }) {
		c.Errorf("the year before counts %q", numbers)
	}
	v := c.enter("")
	v.visit("/report")
	if v.Has(".funnel") {
		c.Error("the public sees how far introductions got")
	}
}
