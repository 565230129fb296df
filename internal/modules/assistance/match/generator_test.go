package match

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

// generator makes random needs and offers like real ones: a skewed vocabulary
// of words, two or three topics, groups, dates, languages.
type generator struct {
	r     *rand.Rand
	words []string
	opt   Options
}

var testGroups = []string{"@a", "@b", "@c", "@d", "@sids", "@ldc", "@m49-002", "@m49-009"}

func newGenerator(seed uint64, words int) *generator {
	g := &generator{r: rand.New(rand.NewPCG(seed, 7))}
	for i := range words {
		g.words = append(g.words, fmt.Sprintf("wort%d", i))
	}
	for i := range 21 {
		area := []string{coordination, "funding", "skills-workforce", "legislation", "policy-strategy", "csirt-incident-response", "critical-infrastructure"}
		code := fmt.Sprintf("area%d", i)
		if i < len(area) {
			code = area[i]
		}
		g.opt.Topics = append(g.opt.Topics, Topic{Code: code, Words: g.naming(code)})
		for j := range 5 {
			sub := fmt.Sprintf("%s-%d", code, j)
			g.opt.Topics = append(g.opt.Topics, Topic{Code: sub, Parent: code, Words: g.naming(sub)})
		}
	}
	g.opt.Today = time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	return g
}

// naming gives the words that name a topic.
func (g *generator) naming(code string) map[string][]string {
	w := strings.ReplaceAll(code, "-", "x")
	return map[string][]string{"en": {w, "the " + w + " work"}, "fr": {w + "ique"}}
}

// word follows a Zipf-like law.
func (g *generator) word() string {
	n := float64(len(g.words))
	return g.words[int(math.Pow(n, g.r.Float64()))-1]
}

// text makes a title and a body; half the time the body names one of topics or,
// more rarely, another.
func (g *generator) text(topics []string) []Text {
	one := func(lang string, n int) Text {
		ws := make([]string, n)
		for i := range ws {
			ws[i] = g.word()
		}
		switch g.r.IntN(8) {
		case 0, 1, 2, 3:
			if len(topics) > 0 {
				ws[0] = g.naming(topics[0])[lang][0]
			}
		case 4:
			ws[0] = g.naming(g.opt.Topics[g.r.IntN(len(g.opt.Topics))].Code)[lang][0]
		}
		return Text{lang, strings.Join(ws, " "), false}
	}
	lang := []string{"en", "en", "en", "fr"}[g.r.IntN(4)]
	ts := []Text{one(lang, 5+g.r.IntN(5)), one(lang, 10+g.r.IntN(25))}
	if g.r.IntN(8) == 0 {
		ts = append(ts, one("fr", 20), one("en", 20))
	}
	return ts
}

func (g *generator) pick(from []string, most int) (out []string) {
	for range g.r.IntN(most + 1) {
		if s := from[g.r.IntN(len(from))]; !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

func (g *generator) state() string { return fmt.Sprintf("S%02d", g.r.IntN(60)) }

func (g *generator) date() time.Time {
	if g.r.IntN(3) == 0 {
		return time.Time{}
	}
	return g.opt.Today.AddDate(0, g.r.IntN(48)-24, 0)
}

func (g *generator) topics() (out []string) {
	for range 1 + g.r.IntN(3) {
		out = append(out, g.opt.Topics[g.r.IntN(len(g.opt.Topics))].Code)
	}
	return out
}

var (
	testCaps  = []string{"policies-regulations", "processes-structures", "people-skills", "technology"}
	testForms = []string{"training", "financial", "equipment", "advisory"}
	testLangs = []string{"en", "fr", "es", "ar"}
)

func (g *generator) need(i int) Need {
	ts := g.topics()
	n := Need{ID: fmt.Sprintf("n%05d", i), Party: g.state(), Groups: g.pick(testGroups, 3), Topics: ts,
		Capability: g.pick(testCaps, 1), Modalities: g.pick(testForms, 2), Languages: g.pick(testLangs, 2), Text: g.text(ts), Start: g.date()}
	switch g.r.IntN(20) {
	case 0:
		n.Party, n.Groups = "", nil
	case 1:
		n.Topics = nil
	case 2:
		n.Timeframe = Emergency
	case 3:
		n.Text = nil
	case 4:
		n.People = 20
	}
	return n
}

func (g *generator) offer(i int) Offer {
	kinds := []string{KindOffer, KindFund, KindCourse, KindProject, KindEvent, KindTraining}
	ts := g.topics()
	o := Offer{ID: fmt.Sprintf("o%05d", i), Kind: kinds[g.r.IntN(6)], Topics: ts, Text: g.text(ts),
		Capability: g.pick(testCaps, 2), Modalities: g.pick(testForms, 2), Languages: g.pick(testLangs, 3), ValidTo: g.date()}
	where := append(g.pick(testGroups, 2), g.pick([]string{g.state(), g.state(), "@a+@b"}, 2)...)
	switch g.r.IntN(6) {
	case 0, 1:
		o.Open = true
	case 2, 3:
		o.Named = where
	case 4:
		o.Eligible = where
	}
	switch g.r.IntN(12) {
	case 0:
		o.Status = StatusProposed
	case 1:
		o.Status = StatusCompleted
	case 2:
		o.Status = StatusClosed
	case 3:
		o.EmergencyHours = 24
	case 4:
		o.Capacity = 10
	case 5:
		o.Restricted = true
	case 6:
		o.Topics = []string{coordination}
	}
	return o
}

func (g *generator) offers(n int) []Offer {
	os := make([]Offer, n)
	for i := range os {
		os[i] = g.offer(i)
	}
	return os
}

func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Fatalf("%s:\n got %+v\nwant %+v", what, got, want)
	}
}
