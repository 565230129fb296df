package match

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"concord/internal/i18n"
	"concord/internal/party/reference"
	"concord/internal/search"
	"concord/internal/vocab"
)

// world is the reference data that the program gives the engine.
type world struct {
	opt    Options
	places Places
	ref    *reference.Data
}

func loadWorld(t testing.TB) *world {
	t.Helper()
	set, err := vocab.Load()
	if err != nil {
		t.Fatal(err)
	}
	ref, err := reference.Load()
	if err != nil {
		t.Fatal(err)
	}
	w := &world{ref: ref, places: Places{Resolve: ref.Resolve, GroupsOf: ref.GroupsOf}}
	for _, term := range set[vocab.Topic].Terms {
		topic := Topic{Code: term.Code, Parent: term.Parent, Words: map[string][]string{}}
		for _, l := range i18n.Langs() {
			topic.Words[string(l)] = term.Phrases(l)
		}
		w.opt.Topics = append(w.opt.Topics, topic)
	}
	add := func(t i18n.Text, aliases []string) {
		for _, l := range i18n.Langs() {
			if s := t.Get(l); s != "" {
				w.opt.Names = append(w.opt.Names, s)
			}
		}
		w.opt.Names = append(w.opt.Names, aliases...)
	}
	for _, s := range ref.States {
		add(s.Names, s.Aliases)
	}
	for _, g := range ref.Groups {
		add(g.Names, g.Aliases)
	}
	for _, o := range ref.Organisations {
		add(o.Names, o.Aliases)
		add(o.Short, nil)
	}
	w.opt.Terms = func(text, lang string) []string { return search.Terms(text, i18n.Lang(lang)) }
	return w
}

type judgement struct {
	Offer string `json:"offer"`
	Grade int    `json:"grade"`
}

type judged struct {
	Need       string      `json:"need"`
	Judgements []judgement `json:"judgements"`
}

type evaluation struct {
	ndcg, p3, p3any     float64
	strong, wrongStrong int // needs with a grade 2 that have a strong one; needs without that have one
	strongBad           int // strong matches judged 0
	strong1, strong2    int
	have2               int
}

// evaluate ranks the judged offers only: nDCG@5 with gain 2^grade-1 and the
// ideal from the judged; P@3 is the share of the first three judged offers
// that have grade 2, averaged over the needs.
func evaluate(t testing.TB, e *Engine, needs map[string]Need, js []judged, show bool) (ev evaluation) {
	for _, j := range js {
		n, ok := needs[j.Need]
		if !ok {
			t.Fatalf("no need %s", j.Need)
		}
		r := e.Rank(n, 0)
		grade := map[string]int{}
		var ideal []int
		for _, g := range j.Judgements {
			grade[g.Offer] = g.Grade
			ideal = append(ideal, g.Grade)
		}
		slices.SortFunc(ideal, func(a, b int) int { return b - a })
		var got []int
		anyStrong := false
		for _, m := range r.Matches {
			anyStrong = anyStrong || m.Strong
			g, ok := grade[m.Offer]
			if ok {
				got = append(got, g)
			}
			if m.Strong && ok {
				switch g {
				case 0:
					ev.strongBad++
				case 1:
					ev.strong1++
				case 2:
					ev.strong2++
				}
			}
		}
		d := dcg(got) / dcg(ideal)
		ev.ndcg += d / float64(len(js))
		for i, g := range got {
			if i < 3 && g == 2 {
				ev.p3 += 1. / 3 / float64(len(js))
			}
			if i < 3 && g > 0 {
				ev.p3any += 1. / 3 / float64(len(js))
			}
		}
		if ideal[0] == 2 {
			ev.have2++
			if anyStrong {
				ev.strong++
			}
		} else if anyStrong {
			ev.wrongStrong++
		}
		if show {
			t.Logf("%s nDCG %.2f %v of %v strong %v", j.Need, d, got, ideal, anyStrong)
			for i, m := range r.Matches {
				g, ok := grade[m.Offer]
				if !ok && !m.Strong && i > 4 {
					continue
				}
				var b strings.Builder
				for _, r := range append(m.Reasons, m.Caveats...) {
					b.WriteString(" " + r.Code + strings.Join(append([]string{""}, r.Args...), " ") + "=" + strings.TrimPrefix(jsonNumber(r.Weight), "0"))
				}
				gs := "-"
				if ok {
					gs = string(rune('0' + g))
				}
				t.Logf("   %s %s %.3f strong=%v%s", gs, m.Offer, m.Score, m.Strong, b.String())
			}
		}
	}
	return ev
}

func jsonNumber(f float64) string { b, _ := json.Marshal(f); return string(b) }

func dcg(grades []int) (d float64) {
	for i, g := range grades {
		if i == 5 {
			break
		}
		d += (math.Pow(2, float64(g)) - 1) / math.Log2(float64(i)+2)
	}
	return d
}

func readFile(t testing.TB, path string, p Places) ([]Need, []Offer) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	ns, os, err := ReadStatements(f, p)
	if err != nil {
		t.Fatal(err)
	}
	return ns, os
}

// data is one set of needs, offers and judgements.
type data struct {
	needs  map[string]Need
	offers []Offer
	js     []judged
	opt    Options
}

// fixture is the data that ships: without the quotations of the statements.
func fixture(t testing.TB) data {
	return load(t, "testdata/judgements.json", "testdata/pool.json")
}

// datasets are the data there are: the fixture, and the data with quotations if
// CONCORD_MATCH_DATA says where they are. strong is the share of needs with a
// full answer of which more must have a strong match.
func datasets(t testing.TB) map[string]dataset {
	t.Helper()
	sets := map[string]dataset{"fixture": {fixture(t), 0.4}}
	if dir := os.Getenv("CONCORD_MATCH_DATA"); dir != "" {
		sets["with quotations"] = dataset{load(t, filepath.Join(dir, "match-judgements-dev.json"),
			filepath.Join(dir, "seed-statements.json"), filepath.Join(dir, "projects", "public-record.json")), 0.5}
	}
	return sets
}

type dataset struct {
	data
	strong float64
}

// TestJudgements holds the figures of README.md.
func TestJudgements(t *testing.T) {
	for name, d := range datasets(t) {
		t.Run(name, func(t *testing.T) {
			ev := evaluate(t, New(d.offers, d.opt), d.needs, d.js, testing.Verbose())
			t.Logf("%+v", ev)
			if ev.ndcg < 0.90 {
				t.Errorf("nDCG@5 = %.3f, want 0.90", ev.ndcg)
			}
			if ev.p3 < 0.52 {
				t.Errorf("P@3 = %.3f, want 0.52", ev.p3)
			}
			if ev.wrongStrong > 0 {
				t.Errorf("%d needs without a full answer have a strong match", ev.wrongStrong)
			}
			if float64(ev.strong) <= d.strong*float64(ev.have2) {
				t.Errorf("only %d of %d needs with a full answer have a strong match", ev.strong, ev.have2)
			}
		})
	}
}

func load(t testing.TB, judgements string, files ...string) data {
	t.Helper()
	w := loadWorld(t)
	d := data{needs: map[string]Need{}, opt: w.opt}
	for _, f := range files {
		ns, os := readFile(t, f, w.places)
		for _, n := range ns {
			d.needs[n.ID] = n
		}
		d.offers = append(d.offers, os...)
	}
	for _, o := range d.offers {
		d.opt.Names = append(d.opt.Names, ProviderNames(o.Provider)...)
	}
	b, err := os.ReadFile(judgements)
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Needs []judged }
	if err := json.Unmarshal(b, &file); err != nil {
		t.Fatal(err)
	}
	d.js = file.Needs
	return d
}
