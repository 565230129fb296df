package app

import (
	"encoding/csv"
	"net/url"
	"strconv"
	"strings"
)

// file is a CSV file as somebody gets it.
func (c *chronicle) file(path, who string) [][]string {
	status, body := c.stage.ask(c.T, c.stage.client(c.T, who), "GET", path, nil)
	lines, err := csv.NewReader(strings.NewReader(body)).ReadAll()
	if status != 200 || err != nil {
		c.Fatalf("%s: %d %v", path, status, err)
	}
	return lines
}

// topicCount is how many needs about incident response the coverage counts in
// the Pacific for somebody.
func (c *chronicle) topicCount(who string) int {
	for _, line := range c.file("/en/coverage?format=csv", who) {
		if line[0] == "csirt-incident-response" && line[1] == "@un-asia-pacific" {
			n, err := strconv.Atoi(line[2])
			if err != nil {
				c.Fatal(err)
			}
			return n
		}
	}
	c.Fatal("no such line")
	return 0
}

// Step 4: another State sees the need everywhere.
func (c *chronicle) seen(before int) {
	p := c.enter("EST focal-point")
	if !strings.Contains(p.Text("#new"), c.title) {
		c.Error("the need is not new for Estonia")
	}
	for _, path := range []string{"/needs?topics=csirt-establishment", "/search?q=vagalau" + c.lang, "/parties/WSM"} {
		p.visit(path)
		if !p.Has(".results a[href$='/needs/" + c.need + "']") {
			c.Errorf("Estonia does not see the need on %s", path)
		}
	}
	if after := c.topicCount("EST focal-point"); after != before+1 {
		c.Errorf("the coverage counts %d for Estonia, %d before", after, before)
	}
}

// wherever are the pages and files on which a need could show.
func wherever() []string {
	return []string{
		"/LANG/", "/LANG/needs", "/LANG/needs?topics=csirt-establishment", "/LANG/needs?owner=WSM", "/LANG/needs?sort=created",
		"/LANG/needs?topics=csirt-incident-response&timeframe=short", "/LANG/needs?q=vagalauLANG", "/LANG/needs?format=csv", "/LANG/search?q=vagalauLANG", "/LANG/search?q=nationale",
		"/LANG/parties/WSM", "/LANG/parties", "/LANG/coverage", "/LANG/coverage?format=csv", "/LANG/report",
		"/api/v1/needs?owner=WSM", "/api/v1/needs?limit=100", "/api/v1/needs?topics=csirt-establishment", "/api/v1/search?q=vagalauLANG", "/feeds/need.atom", "/feeds/need.atom?owner=WSM",
	}
}

// insider may read the need: that its pages change shows that hidden can fail.
const insider = "EST focal-point"

// outsiders are those who must not learn of the need, with what they saw
// before it was there; and the insider.
func (c *chronicle) outsiders() map[string][]string {
	seen := map[string][]string{}
	for _, who := range []string{"", "GFCE contributor", "FIRST contributor", "OAS focal-point", insider} {
		seen[who] = c.look(who)
	}
	return seen
}

func (c *chronicle) look(who string) []string {
	program := c.stage.client(c.T, who)
	var bodies []string
	for _, path := range wherever() {
		_, body := c.stage.ask(c.T, program, "GET", strings.ReplaceAll(path, "LANG", c.lang), nil)
		bodies = append(bodies, body)
	}
	return bodies
}

// hidden: for outsiders every page, file and count is as it was, byte for
// byte, and the need is where nothing is.
func (c *chronicle) hidden(before map[string][]string) {
	for who, bodies := range before {
		after, changed := c.look(who), 0
		for i, body := range after {
			if body == bodies[i] {
				continue
			}
			if changed++; who != insider {
				c.Errorf("%q sees a difference on %s", who, wherever()[i])
			}
		}
		if who == insider {
			if changed != len(after)-3 { // all but the list of parties and the feeds, which are public
				c.Errorf("the insider sees a difference on %d of %d pages", changed, len(after))
			}
			continue
		}
		program := c.stage.client(c.T, who)
		nothing := strings.Repeat("0", len(c.need))
		for _, path := range []string{"/" + c.lang + "/needs/", "/api/v1/needs/"} {
			for _, rest := range []string{"", "/history", "/matches", "/revisions", "/edit"} {
				status, body := c.stage.ask(c.T, program, "GET", path+c.need+rest, nil)
				other, same := c.stage.ask(c.T, program, "GET", path+nothing+rest, nil)
				if status != other || strings.ReplaceAll(body, c.need, nothing) != same || status == 200 {
					c.Errorf("%q: %s%s answers %d, nothing %d, or in other words", who, path, rest, status, other)
				}
			}
		}
		if status, _ := c.stage.ask(c.T, program, "POST", "/en/matches/new", url.Values{"need": {c.need}, "offer": {c.need}, "kind": {"offer"}, "from": {"need"}}); status == 200 || status == 303 && who != "" {
			c.Errorf("%q begins a talk about it: %d", who, status)
		}
	}
}
