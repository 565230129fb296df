package match

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"
)

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
