package search_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"concord/internal/db"
	"concord/internal/db/dbtest"
	"concord/internal/i18n"
	"concord/internal/search"
)

func TestWritesAndFilters(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := search.New(d.Engine)
		q := func(text string) search.Query { return search.Query{Text: text} }
		store(t, d, x,
			rec{n: 1, kind: "need", fields: []search.Field{{Lang: "en", Text: "Incident response", Title: true}, {Lang: "en", Text: "Training for a national team"}}},
			rec{n: 2, kind: "norm-step", fields: en("Legislation on training, and an incident")},
			rec{n: 3, kind: "event", fields: []search.Field{{Lang: "fr", Text: "Formation des équipes"}, {Lang: "en", Text: "Team training"}}},
			rec{n: 4, kind: "event", fields: []search.Field{{Text: "Ecole nationale 网络安全"}}},
		)
		want(t, "incident", numbers(find(t, d, x, public(), q("incidents"))), 1, 2) // the title counts more
		want(t, "all words", matches(t, d, x, public(), q("trainings team")), 1, 3)
		want(t, "no stop words", matches(t, d, x, public(), q("the training of the team")), 1, 3)
		want(t, "some words", matches(t, d, x, public(), q("legislation equipes")), 2, 3)
		want(t, "unknown word", matches(t, d, x, public(), q("legislative")), 2)
		want(t, "nothing like it", matches(t, d, x, public(), q("xylophone")))
		want(t, "French", matches(t, d, x, public(), search.Query{Text: "équipe", Lang: "fr"}), 3)
		want(t, "not French", matches(t, d, x, public(), search.Query{Text: "legislation", Lang: "fr"}))
		want(t, "language unknown", matches(t, d, x, public(), q("national")), 1, 4)
		want(t, "one Chinese character", matches(t, d, x, public(), q("网")), 4)
		want(t, "kind", matches(t, d, x, public(), search.Query{Text: "training", Kinds: []string{"event", "norm-step"}}), 2, 3)
		want(t, "kind", numbers(find(t, d, x, public(), search.Query{Text: "training", Kinds: []string{"norm-step"}})), 2)
		want(t, "no such kind", matches(t, d, x, public(), search.Query{Text: "training", Kinds: []string{`x" OR "#p`, "other"}}))

		store(t, d, x, rec{n: 1, kind: "need", fields: en("Something else")})
		want(t, "after an update", matches(t, d, x, public(), q("incident")), 2)
		want(t, "after an update", matches(t, d, x, public(), q("something")), 1)
		err := d.Tx(t.Context(), func(tx *db.Tx) error {
			if err := x.Optimize(t.Context(), tx); err != nil {
				return err
			}
			return x.Delete(t.Context(), tx, 2)
		})
		if err != nil {
			t.Fatal(err)
		}
		want(t, "after a delete", matches(t, d, x, public(), q("legislation")))
		if got := suggest(t, d, x, public(), "legis", "en"); len(got) > 0 {
			t.Errorf("deleted record suggests %q", got)
		}
		err = d.Tx(t.Context(), func(tx *db.Tx) error {
			return x.Put(t.Context(), tx, search.Doc{N: 99, Fields: en("no such record")})
		})
		if err == nil {
			t.Error("a record without a row was indexed")
		}
	})
}

func TestSuggest(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := search.New(d.Engine)
		var recs []rec
		for i := range 40 {
			text := "Government security"
			if i%8 == 0 {
				text += " governor"
			}
			recs = append(recs, rec{n: int64(i + 1), fields: []search.Field{
				{Lang: "en", Text: text}, {Lang: "fr", Text: "L’École et la sécurité"},
				{Lang: "ar", Text: "الأمن والحكومة"}, {Lang: "zh", Text: "网络安全，合作"}}})
		}
		store(t, d, x, recs...)
		for _, c := range []struct {
			lang  i18n.Lang
			typed string
			want  string
		}{
			{"en", "gov", "government governor"},
			{"en", "Public gov", "Public government|Public governor"},
			{"en", "GOV", "government governor"},
			{"fr", "ecol", "école"},
			{"fr", "l'éc", "l'école"},
			{"fr", "gov", ""},
			{"", "secu", "sécurité security"},
			{"ar", "الأم", "الأمن"},
			{"zh", "网", "网络安全"},
			{"en", "g", ""},
			{"en", "gov ", ""},
			{"en", "", ""},
			{"en", "%_'\"", ""},
		} {
			words := strings.Fields(c.want)
			if strings.Contains(c.want, "|") {
				words = strings.Split(c.want, "|")
			}
			if got := suggest(t, d, x, public(), c.typed, c.lang); !slices.Equal(got, words) {
				t.Errorf("Suggest(%q, %q) = %q, want %q", c.typed, c.lang, got, words)
			}
		}
	})
}

// TestVisible asks as the public and as a party.
func TestVisible(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := search.New(d.Engine)
		store(t, d, x,
			rec{n: 1, fields: en("canary song in public")},
			rec{n: 2, cell: 1, fields: en("canaries for States, zeppelin")},
			rec{n: 3, cell: 2, owner: "KEN", fields: en("own canary, quokka")},
			rec{n: 4, cell: 2, owner: "NOR", fields: en("a named canary, wombat")},
		)
		err := d.Tx(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `INSERT INTO record_reader (code, n) VALUES ('KEN', 4)`)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			who  search.Visible
			text string
			want []int64
		}{
			{public(), "canary", []int64{1}},
			{party("SWE"), "canary", []int64{1, 2}},
			{party("KEN"), "canary", []int64{1, 2, 3, 4}},
			{party("NOR"), "canary", []int64{1, 2, 4}},
			{public(), "zeppelin", nil},
			{party("SWE"), "zeppelin", []int64{2}}, // known to no statistics
			{party("SWE"), "quokka wombat", nil},
			{party("KEN"), "quokka", []int64{3}},
		} {
			query := search.Query{Text: c.text}
			want(t, "Matches "+c.text, matches(t, d, x, c.who, query), c.want...)
			hits := numbers(find(t, d, x, c.who, query))
			slices.Sort(hits)
			want(t, "Find "+c.text, hits, c.want...)
		}
	})
}

// TestNonInterference compares what the public gets from databases that differ
// in hidden records only, and from one whose records were hidden later.
func TestNonInterference(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		answers := func(d *db.DB, hide, later bool) string {
			x := search.New(d.Engine)
			words := strings.Fields("security incident response training national strategy cooperation network capacity norm")
			var recs, hidden []rec
			for i := range 300 {
				n := int64(3*i + 1)
				text := strings.Join([]string{words[i%10], words[i/2%7], words[i/3%9], words[i%4], fmt.Sprint("topic", i%50), strings.Repeat(" filler", i%13)}, " ")
				recs = append(recs, rec{n: n, kind: "need", fields: en(text)})
				if hide && i%2 == 0 {
					r := rec{n: n + 1, kind: "need", cell: 1 + i%4/2, owner: "KEN",
						fields: en(strings.Repeat("security incidental canaryword strategies ", 1+i%3) + text)}
					if later {
						r.cell = 0
					}
					recs = append(recs, r)
					hidden = append(hidden, r)
				}
			}
			store(t, d, x, recs...)
			if later { // published, then hidden
				for i := range hidden {
					hidden[i].cell = 2
				}
				store(t, d, x, hidden...)
			}
			x = search.New(d.Engine)
			if hide { // readers who see more ask first
				find(t, d, x, party("KEN"), search.Query{Text: "canaryword security incident"})
				suggest(t, d, x, party("KEN"), "cana", "en")
			}
			var b strings.Builder
			for _, text := range append(words, "security incident", "national strategy response", "canaryword", "canaryword security",
				"canarywords training", "incidentally", "strategic", "topic7 norm", "security the of") {
				for _, l := range []i18n.Lang{"", "en"} {
					query := search.Query{Text: text, Lang: l, Kinds: []string{"need"}, Limit: 30}
					fmt.Fprintln(&b, text, l, find(t, d, x, public(), query), matches(t, d, x, public(), query))
				}
			}
			for _, prefix := range []string{"can", "ca", "inc", "se", "st", "na", "to", "tra"} {
				fmt.Fprintln(&b, prefix, suggest(t, d, x, public(), prefix, "en"), suggest(t, d, x, public(), prefix, ""))
			}
			return b.String()
		}
		other := func() *db.DB {
			if d.Engine == db.SQLite {
				return dbtest.SQLite(t)
			}
			return dbtest.Postgres(t)
		}
		without := answers(d, false, false)
		if got := answers(other(), true, false); got != without {
			t.Errorf("hidden records change what the public gets:\n%s", difference(got, without))
		}
		if got := answers(other(), true, true); got != without {
			t.Errorf("records hidden later change what the public gets:\n%s", difference(got, without))
		}
		if strings.Contains(without, "canaryword [{") {
			t.Error("the canary was found where it is not")
		}
	})
}

func difference(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(g), len(w)) {
		if g[i] != w[i] {
			return fmt.Sprintf("got  %.400s\nwant %.400s", g[i], w[i])
		}
	}
	return "lengths differ"
}

func TestHostileQueries(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := search.New(d.Engine)
		store(t, d, x, rec{n: 1, kind: "need", fields: en("plain words of a record NEAR and OR not")})
		var many strings.Builder
		for i := range 500 {
			fmt.Fprintf(&many, "w%d ", i)
		}
		for _, text := range []string{
			"", " ", "\x00", "!!! ??? ...", `"`, `'`, `\`, `" OR "#p`, "#p", "#kneed", "plain^5", "NEAR(a b)", "t:plain", "-plain", "*", "plain*",
			"' | 'x", "a & b", ":*", "<->", "\xff\xfe", "plain\x00words", many.String(), strings.Repeat("x", 10<<10),
			strings.Repeat("x ", 10<<10), strings.Repeat("网络", 4<<10), "plain أمن 网络 слово ελ हिन्दी", strings.Repeat("(", 5000), "ﷺ",
		} {
			for _, l := range []i18n.Lang{"", "en", "zh", "xx"} {
				query := search.Query{Text: text, Lang: l}
				find(t, d, x, public(), query)
				matches(t, d, x, public(), query)
				suggest(t, d, x, public(), text, l)
			}
		}
		want(t, "quotes", matches(t, d, x, public(), search.Query{Text: `"plain" AND ('words')`}), 1)
	})
}

func FuzzFind(f *testing.F) {
	f.Add("plain words", "en", "need")
	f.Add(`"' OR 1 \ # ^5 NEAR(`, "", `"`)
	f.Add("网 络安全 أمن район", "zh", "")
	d := dbtest.SQLite(f)
	x := search.New(d.Engine)
	store(f, d, x, rec{n: 1, kind: "need", fields: []search.Field{{Lang: "en", Text: "plain words"}, {Lang: "zh", Text: "网络安全"}}},
		rec{n: 2, kind: "need", cell: 2, fields: en("hidden words")})
	f.Fuzz(func(t *testing.T, text, lang, kind string) {
		query := search.Query{Text: text, Lang: i18n.Lang(lang)}
		if kind != "" {
			query.Kinds = []string{kind}
		}
		for _, h := range find(t, d, x, public(), query) {
			if h.N != 1 || h.Score != h.Score {
				t.Fatalf("found %v", h)
			}
		}
		for _, n := range matches(t, d, x, public(), query) {
			if n != 1 {
				t.Fatalf("matched %d", n)
			}
		}
		suggest(t, d, x, public(), text, query.Lang)
	})
}
