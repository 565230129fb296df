package match

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
)

// TestSwapInvariance gives every State and provider the name and code of
// another in all data and texts, and expects the same scores to the thousandth.
func TestSwapInvariance(t *testing.T) {
	w := loadWorld(t)
	b, err := os.ReadFile("testdata/pool.json")
	if err != nil {
		t.Fatal(err)
	}
	// Pairs of names as the pool writes them. What is swapped stands in the
	// same groups as far as the pool can tell, because it names no others.
	pairs := [][2]string{
		{"Albania", "Iceland"}, {"ALB", "ISL"}, {"Saudi Arabia", "Qatar"}, {"SAU", "QAT"},
		{"Switzerland", "Liechtenstein"}, {"CHE", "LIE"}, {"Jordan", "Lebanon"}, {"JOR", "LBN"},
		{"UNDP", "UNODC"}, {"UNITAR", "UNIDIR"}, {"World Bank", "UNESCO"}, {"Israel", "Egypt"}, {"ISR", "EGY"},
	}
	var swap []string
	for _, p := range pairs {
		swap = append(swap, p[0], p[1], p[1], p[0])
	}
	swapped := []byte(strings.NewReplacer(swap...).Replace(string(b)))
	if bytes.Equal(b, swapped) {
		t.Fatal("nothing was swapped")
	}
	// The groups go with the code, so the swapped State has its groups.
	codes := map[string]string{}
	for _, p := range pairs {
		codes[p[0]], codes[p[1]] = p[1], p[0]
	}
	places := Places{
		Resolve: func(name string) ([]string, bool) {
			// "World Bank client countries" is a group, not a name.
			cs, ok := w.places.Resolve(strings.ReplaceAll(name, "UNESCO client", "World Bank client"))
			return cs, ok
		},
		GroupsOf: func(code string) []string {
			if c, ok := codes[code]; ok {
				code = c
			}
			return w.places.GroupsOf(code)
		},
	}
	rank := func(b []byte, p Places) map[string]Result {
		needs, offers, err := ReadStatements(bytes.NewReader(b), p)
		if err != nil {
			t.Fatal(err)
		}
		opt := w.opt
		for _, o := range offers {
			opt.Names = append(opt.Names, ProviderNames(o.Provider)...)
		}
		e := New(offers, opt)
		out := map[string]Result{}
		for _, n := range needs {
			out[n.ID] = e.Rank(n, 0)
		}
		return out
	}
	was, is := rank(b, w.places), rank(swapped, places)
	if len(was) == 0 {
		t.Fatal("no needs")
	}
	for id, r := range was {
		if got, want := brief(is[id]), brief(r); got != want {
			t.Errorf("%s:\n%s\nafter the swap\n%s", id, want, got)
		}
	}
}

func brief(r Result) string {
	var b strings.Builder
	for _, m := range r.Matches {
		fmt.Fprintf(&b, "%s %.3f %v\n", m.Offer, m.Score, m.Strong)
	}
	return b.String()
}

// TestNamesAreLeftOut: a name, its plural, adjective and genitive are no words,
// nor are function words, words of asking and single letters.
func TestNamesAreLeftOut(t *testing.T) {
	e := New(nil, Options{Names: []string{"Albania", "World Bank", "FIRST", "日本", "Côte d’Ivoire"}})
	for text, want := range map[string]string{
		"Albanian experts":             "experts",
		"Albania's experts of FIRST":   "experts",
		"World Bank's first experts":   "first experts",
		"experts of the World Bank":    "experts",
		"world banking":                "world banking",
		"A State needs a plan B":       "State plan",
		"What 5 experts could do 网":    "experts 网",
		"experts in Côte d’Ivoire":     "experts",
		"日本 experts and AI, is it so?": "AI experts",
	} {
		got := e.text.analyse([]Text{{"en", text, false}}).terms["en"]
		for _, w := range strings.Fields(want) {
			if _, ok := got[strings.ToLower(w)]; !ok {
				t.Errorf("%q: no %q in %v", text, w, got)
			}
		}
		if len(got) != len(strings.Fields(want)) {
			t.Errorf("%q: %v, want %q", text, got, want)
		}
	}
}

func TestProviderNames(t *testing.T) {
	for in, want := range map[string]string{
		"OAS (supported by Canada)":                             `["OAS","Canada"]`,
		"Private sector with decision makers":                   `null`,
		"World Bank; Department of Communications and the Arts": `["World Bank","Department of Communications","the Arts"]`,
		"": `null`,
	} {
		if b, _ := json.Marshal(ProviderNames(in)); string(b) != want {
			t.Errorf("%q: %s, want %s", in, b, want)
		}
	}
}
