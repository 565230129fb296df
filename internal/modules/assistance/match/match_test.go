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

func TestRankEqualsBruteForce(t *testing.T) {
	for seed := range uint64(12) {
		g := newGenerator(seed, 40+int(seed)*60)
		e := New(g.offers(50+g.r.IntN(700)), g.opt)
		hidden := func(id string) bool { return id[len(id)-1] != '7' }
		for i := range 60 {
			p := e.Prepare(g.need(i))
			for _, ask := range []Ask{{Limit: 10, Excluded: 10}, {Limit: 3}, {Limit: 1, Excluded: 2, Visible: hidden}, {Excluded: -1}} {
				same(t, fmt.Sprint(seed, i, ask.Limit), e.RankPrepared(&p, ask), e.bruteForce(&p, ask))
			}
		}
	}
}

func TestScores(t *testing.T) {
	g := newGenerator(5, 300)
	e := New(g.offers(500), g.opt)
	strong := 0
	for i := range 200 {
		r := e.Rank(g.need(i), 0)
		gap := true
		for j, m := range r.Matches {
			sum := 0.0
			for _, x := range slices.Concat(m.Reasons, m.Caveats) {
				if x.Weight != math.Round(x.Weight*1000)/1000 {
					t.Fatalf("weight %v of %s is not in thousandths", x.Weight, x.Code)
				}
				sum += math.Round(x.Weight * 1000)
			}
			if sum/1000 != m.Score || m.Score <= 0 || m.Score > 1 {
				t.Fatalf("%s %s: score %v, reasons add up to %v", r.Need, m.Offer, m.Score, sum/1000)
			}
			if j > 0 && m.Score > r.Matches[j-1].Score {
				t.Fatalf("%s: not in order", r.Need)
			}
			gap = gap && !m.Strong
			if m.Strong {
				strong++
			}
		}
		if r.Gap != gap {
			t.Errorf("%s: Gap = %v", r.Need, r.Gap)
		}
	}
	if strong == 0 {
		t.Error("nothing is strong")
	}
}

// TestGreatestScore holds the table to its promise: nothing adds up to more
// than 1.
func TestGreatestScore(t *testing.T) {
	w := table
	if sum := w.Topic + w.Specific + w.Focus + w.Text + w.Party + w.Modality + w.Capable + w.Language + w.Ready; sum > 1000 {
		t.Errorf("the greatest score is %d thousandths", sum)
	}
}

func TestChangesEqualRebuild(t *testing.T) {
	g := newGenerator(9, 200)
	offers := g.offers(300)
	e := New(offers[:100], g.opt)
	have := map[string]Offer{}
	for _, o := range offers[:100] {
		have[o.ID] = o
	}
	for range 1000 {
		switch o := g.offer(g.r.IntN(300)); g.r.IntN(3) {
		case 0:
			_, had := have[o.ID]
			if e.Remove(o.ID) != had {
				t.Fatalf("Remove(%s) = %v", o.ID, !had)
			}
			delete(have, o.ID)
		default:
			e.Put(o)
			have[o.ID] = o
		}
	}
	var left []Offer
	for _, o := range have {
		left = append(left, o) // in random order: order must not matter
	}
	fresh := New(left, g.opt)
	if e.Len() != len(left) {
		t.Fatalf("Len = %d, want %d", e.Len(), len(left))
	}
	for i := range 100 {
		n := g.need(i)
		same(t, n.ID, e.Rank(n, 10), fresh.Rank(n, 10))
	}
}

// TestRestrictedCannotBeFelt: what not everybody may read changes nothing in
// what others see.
func TestRestrictedCannotBeFelt(t *testing.T) {
	g := newGenerator(11, 150)
	var public, all []Offer
	for _, o := range g.offers(400) {
		o.Restricted = g.r.IntN(3) == 0
		all = append(all, o)
		if !o.Restricted {
			public = append(public, o)
		}
	}
	some, every := New(public, g.opt), New(all, g.opt)
	visible := func(id string) bool { return slices.ContainsFunc(public, func(o Offer) bool { return o.ID == id }) }
	for i := range 60 {
		p := every.Prepare(g.need(i))
		ask := Ask{Limit: 20, Excluded: 20, Visible: visible}
		same(t, p.need.ID, every.RankPrepared(&p, ask), some.RankPrepared(&p, ask))
	}
}

func TestRankAll(t *testing.T) {
	g := newGenerator(13, 200)
	e := New(g.offers(300), g.opt)
	var ps []Prepared
	for i := range 50 {
		ps = append(ps, e.Prepare(g.need(i)))
	}
	for i, r := range e.RankAll(ps, Ask{Limit: 10}) {
		same(t, r.Need, r, e.RankPrepared(&ps[i], Ask{Limit: 10}))
	}
	if got := e.RankAll(nil, Ask{}); len(got) != 0 {
		t.Errorf("RankAll(nil) = %v", got)
	}
}

// TestMonotone: an offer that takes up a topic of the need does not fall.
func TestMonotone(t *testing.T) {
	g := newGenerator(17, 200)
	offers := g.offers(200)
	score := func(o Offer, n Need) float64 {
		e := New(offers, g.opt)
		o.Restricted = true // so that the rarities stay as they are
		e.Put(o)
		for _, m := range e.Rank(n, 0).Matches {
			if m.Offer == o.ID {
				return m.Score
			}
		}
		return 0
	}
	for i := range 40 {
		n := g.need(i)
		o := g.offer(0)
		more := o
		more.Topics = append(slices.Clone(o.Topics), n.Topics...)
		if a, b := score(o, n), score(more, n); b < a {
			t.Errorf("%s: %v with topics %v, %v with %v", n.ID, a, o.Topics, b, more.Topics)
		}
	}
}

func TestEmpty(t *testing.T) {
	var none Need
	for _, e := range []*Engine{New(nil, Options{}), New([]Offer{{}}, Options{}), New([]Offer{{ID: "x"}}, Options{})} {
		if r := e.Rank(none, 10); len(r.Matches) != 0 || !r.Gap {
			t.Errorf("Rank of nothing = %+v", r)
		}
	}
	e := New([]Offer{{ID: "a", Text: []Text{{"en", "forensic laboratory", true}}}}, Options{})
	r := e.Rank(Need{Text: []Text{{"en", "A forensic laboratory", true}}}, 10)
	if len(r.Matches) != 1 || r.Matches[0].Strong || len(r.Matches[0].Reasons) != 1 {
		t.Errorf("by words alone: %+v", r)
	}
}

func TestEligibility(t *testing.T) {
	day := func(y int) time.Time { return time.Date(y, 1, 1, 0, 0, 0, 0, time.UTC) }
	opt := Options{Topics: []Topic{{Code: "law"}, {Code: coordination}}, Today: day(2026)}
	need := Need{ID: "n", Party: "TON", Groups: []string{"@sids", "@pacific"}, Topics: []string{"law"}, Languages: []string{"en"}, Start: day(2026), End: day(2027), People: 12}
	tests := []struct {
		name    string
		edit    func(*Offer)
		need    func(*Need)
		reason  string // expected among the reasons and caveats
		exclude string
	}{
		{name: "named State", edit: func(o *Offer) { o.Eligible = []string{"WSM", "TON"} }, reason: "eligible.party"},
		{name: "group", edit: func(o *Offer) { o.Eligible = []string{"@pacific"} }, reason: "eligible.group"},
		{name: "two groups at once", edit: func(o *Offer) { o.Eligible = []string{"@sids+@pacific"} }, reason: "eligible.group"},
		{name: "one of two groups", edit: func(o *Offer) { o.Eligible = []string{"@sids+@africa"} }, exclude: "exclude.party"},
		{name: "other group", edit: func(o *Offer) { o.Eligible = []string{"@asean"} }, exclude: "exclude.party"},
		{name: "served others", edit: func(o *Offer) { o.Named = []string{"@asean"} }, reason: "named.others"},
		{name: "all", edit: func(o *Offer) { o.Open = true }, reason: "eligible.all"},
		{name: "all by code", edit: func(o *Offer) { o.Eligible = []string{All} }, reason: "eligible.all"},
		{name: "all and the State", edit: func(o *Offer) { o.Open, o.Named = true, []string{"TON"} }, reason: "eligible.party"},
		{name: "nothing said", edit: func(o *Offer) {}, reason: "eligible.unstated"},
		{name: "in words", edit: func(o *Offer) { o.Circle = "Diplomats" }, reason: "eligible.circle"},
		{name: "State not known", edit: func(o *Offer) { o.Eligible = []string{"@asean"} }, need: func(n *Need) { n.Party, n.Groups = "", nil }, reason: "eligible.unstated"},
		{name: "language", edit: func(o *Offer) { o.Languages = []string{"fr", "en"} }, reason: "language.same"},
		{name: "other language", edit: func(o *Offer) { o.Languages = []string{"fr"} }, exclude: "exclude.language"},
		{name: "over", edit: func(o *Offer) { o.ValidTo = day(2025) }, reason: "period.over"},
		{name: "course over", edit: func(o *Offer) { o.Kind, o.ValidTo = KindCourse, day(2025) }, exclude: "exclude.period"},
		{name: "too late", edit: func(o *Offer) { o.ValidFrom = day(2028) }, exclude: "exclude.period"},
		{name: "places", edit: func(o *Offer) { o.Capacity = 12 }, reason: "eligible.unstated"},
		{name: "too few places", edit: func(o *Offer) { o.Capacity = 11 }, exclude: "exclude.capacity"},
		{name: "closed", edit: func(o *Offer) { o.Status = StatusClosed }, exclude: "exclude.closed"},
		{name: "proposed", edit: func(o *Offer) { o.Status = StatusProposed }, reason: "status.proposed"},
		{name: "completed", edit: func(o *Offer) { o.Status = StatusCompleted }, reason: "period.over"},
		{name: "meeting", edit: func(o *Offer) { o.Kind = KindEvent }, reason: "kind.meeting"},
		{name: "own", edit: func(o *Offer) { o.Own, o.Eligible = true, []string{"TON"} }, reason: "offer.own"},
		{name: "ready", edit: func(o *Offer) { o.EmergencyHours = 4 }, need: func(n *Need) { n.Timeframe = Emergency }, reason: "emergency.ready"},
		{name: "not ready", edit: func(o *Offer) {}, need: func(n *Need) { n.Timeframe = Emergency }, reason: "emergency.none"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o, n := Offer{ID: "o", Topics: []string{"law"}}, need
			tt.edit(&o)
			if tt.need != nil {
				tt.need(&n)
			}
			r := New([]Offer{o}, opt).Rank(n, 10)
			if tt.exclude != "" {
				if len(r.Matches) != 0 || len(r.Excluded) != 1 || r.Excluded[0].Reasons[0].Code != tt.exclude {
					t.Errorf("got %+v, want excluded by %s", r, tt.exclude)
				}
				return
			}
			if len(r.Matches) != 1 || !slices.ContainsFunc(slices.Concat(r.Matches[0].Reasons, r.Matches[0].Caveats), func(x Reason) bool { return x.Code == tt.reason }) {
				t.Errorf("got %+v, want %s", r, tt.reason)
			}
		})
	}
}

// TestLanguages: the same in another language is found by the words of the
// topics; what is said in two languages does not count twice.
func TestLanguages(t *testing.T) {
	opt := Options{Topics: []Topic{{Code: "csirt", Words: map[string][]string{"en": {"csirt"}, "fr": {"équipe d'intervention"}, "zh": {"应急响应"}}}},
		Terms: func(text, lang string) (out []string) {
			for _, w := range cut(strings.ToLower(text)) {
				if lang != "zh" {
					out = append(out, w)
					continue
				}
				rs := []rune(w)
				for i := range len(rs) - 1 {
					out = append(out, string(rs[i:i+2]))
				}
			}
			return out
		}}
	e := New([]Offer{{ID: "en", Text: []Text{{"en", "Setting up a national CSIRT", true}}}}, opt)
	for lang, s := range map[string]string{"fr": "Une équipe d'intervention nationale", "zh": "国家应急响应团队"} {
		r := e.Rank(Need{Text: []Text{{lang, s, true}}}, 1)
		if len(r.Matches) != 1 || r.Matches[0].Reasons[0].Code != "topic.worded" {
			t.Errorf("%s: %+v", lang, r)
		}
	}
	en := Text{"en", "forensic laboratory", true}
	fr := Text{"fr", "laboratoire forensique", true}
	e = New([]Offer{{ID: "1", Text: []Text{en}}, {ID: "2", Text: []Text{en, fr}}, {ID: "3", Text: []Text{fr}}}, Options{})
	m := e.Rank(Need{Text: []Text{en, fr}}, 0).Matches
	if len(m) != 3 || m[0].Score != m[1].Score {
		t.Errorf("one and two languages: %+v", m)
	}
}

func TestOverlaps(t *testing.T) {
	day := func(y int) time.Time { return time.Date(y, 1, 1, 0, 0, 0, 0, time.UTC) }
	topics := []Topic{{Code: "csirt"}, {Code: "csirt-new", Parent: "csirt"}, {Code: "csirt-old", Parent: "csirt"}, {Code: "law"}}
	members := func(g string) []string {
		return map[string][]string{"@pacific": {"TON", "WSM"}, "@sids": {"TON", "MUS"}}[g]
	}
	a := Offer{ID: "a", Topics: []string{"csirt-new"}, Named: []string{"TON"}, ValidFrom: day(2024), ValidTo: day(2026)}
	others := []Offer{
		a,
		{ID: "group", Topics: []string{"csirt", "law"}, Named: []string{"@pacific"}, ValidFrom: day(2025), ValidTo: day(2027)},
		{ID: "both", Topics: []string{"csirt-new"}, Eligible: []string{"@pacific+@sids"}},
		{ID: "other topic", Topics: []string{"csirt-old"}, Named: []string{"TON"}},
		{ID: "other State", Topics: []string{"csirt"}, Named: []string{"WSM"}},
		{ID: "later", Topics: []string{"csirt"}, Named: []string{"TON"}, ValidFrom: day(2028)},
		{ID: "for all", Topics: []string{"csirt"}, Open: true, Named: []string{All}},
		{ID: "over", Topics: []string{"csirt"}, Named: []string{"TON"}, Status: StatusCompleted},
	}
	same(t, "Overlaps", Overlaps(a, others, topics, members), []Overlap{
		{With: "both", Parties: []string{"TON"}, Topics: []string{"csirt-new"}, From: day(2024), To: day(2026)},
		{With: "group", Parties: []string{"TON"}, Topics: []string{"csirt-new"}, From: day(2025), To: day(2026), Sure: true},
	})
}
