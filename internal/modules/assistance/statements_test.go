package assistance_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"concord/internal/access"
	"concord/internal/db"
	"concord/internal/db/dbtest"
	"concord/internal/exchange"
	"concord/internal/i18n"
	"concord/internal/modules/assistance"
	"concord/internal/party"
	"concord/internal/party/reference"
	"concord/internal/problem"
	"concord/internal/record"
	"concord/internal/search"
	"concord/internal/vocab"
)

// world is a store with the module's kinds and the reference data.
type world struct {
	*record.Store
	dir    *party.Directory
	places *reference.Data
}

func open(t testing.TB, d *db.DB) world {
	t.Helper()
	all, err := assistance.Kinds()
	if err != nil {
		t.Fatal(err)
	}
	v, err := vocab.Load()
	if err != nil {
		t.Fatal(err)
	}
	ks, err := record.NewKinds(v, all)
	if err != nil {
		t.Fatal(err)
	}
	places, err := reference.Load()
	if err != nil {
		t.Fatal(err)
	}
	now := func() time.Time { return time.Date(2026, 9, 1, 12, 0, 0, 0, time.UTC) }
	parties := party.New(d, now)
	if err := parties.Seed(t.Context(), places); err != nil {
		t.Fatal(err)
	}
	dir, err := parties.Directory(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	directory := func(ctx context.Context) (record.Directory, error) { return parties.Directory(ctx) }
	return world{record.NewStore(d, ks, directory, search.New(d.Engine), now), dir, places}
}

func (w world) take(t testing.TB, file string, o exchange.Options) exchange.Report {
	t.Helper()
	rep, err := assistance.ImportStatements(t.Context(), w.Store, party.Operator(), w.places, strings.NewReader(file), o)
	if err != nil {
		t.Fatal(err)
	}
	if rep.Rows != rep.Created+rep.Updated+rep.Unchanged+rep.Refused {
		t.Errorf("the counts do not add up: %+v", rep)
	}
	return rep
}

func (w world) byKey(t testing.TB, a access.Actor, kind, key string) *record.Record {
	t.Helper()
	id, err := w.ByKey(t.Context(), a, key)
	if err != nil || id == "" {
		t.Fatalf("%s: %q, %v", key, id, err)
	}
	r, err := w.Get(t.Context(), a, kind, id)
	if err != nil {
		t.Fatalf("%s: %v", key, err)
	}
	return r
}

func embedded(t testing.TB, name string) string {
	t.Helper()
	b, err := os.ReadFile("demo/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestImportStatements(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := open(t, d)
		file := embedded(t, "statements.json")
		rep := w.take(t, file, exchange.Options{DryRun: true})
		for _, p := range rep.Problems {
			t.Logf("%+v", p)
		}
		if rep.Rows != 141 || rep.Refused != 0 {
			t.Fatalf("%+v", rep)
		}
		if rep = w.take(t, file, exchange.Options{}); rep.Created != 141 {
			t.Fatalf("%+v", rep)
		}
		if rep = w.take(t, file, exchange.Options{}); rep.Unchanged != 141 || rep.Created+rep.Updated != 0 {
			t.Errorf("the same file again: %+v", rep)
		}
		if rep = w.take(t, embedded(t, "public-record.json"), exchange.Options{}); rep.Created != 22 || len(rep.Problems) > 0 {
			t.Errorf("%+v", rep)
		}
		public := access.Actor{}
		need := w.byKey(t, public, "need", "statement:ss-015")
		n := need.Body.(*assistance.Need)
		if need.Owner != "KEN" || need.Status != access.Published || n.Process != "oewg-2021-25" || n.Timeframe != "not-stated" ||
			!strings.HasPrefix(n.Reported.Get(i18n.English), "Paraphrase of a statement made on 9 March 2023 (Philippines): OEWG 2021-25, session 4 meeting 7 (unofficial transcript), s4m7-L") {
			t.Errorf("%+v %+v", need, n)
		}
		offer := w.byKey(t, public, "offer", "statement:ss-191")
		if o := offer.Body.(*assistance.Offer); offer.Owner != "UNODC" || !slices.Equal(o.Eligible, []record.PartyCode{"@all"}) || o.Conditions != "not-stated" {
			t.Errorf("%+v %+v", offer, o)
		}
		if r := w.byKey(t, public, "offer", "statement:ss-065"); r.Owner != "ARG" {
			t.Errorf("nobody's offer is of %s", r.Owner)
		}
		if r := w.byKey(t, public, "course", "statement:ss-026"); r.Owner != "CHL" || r.Body.(*assistance.Course).Progress != "proposed" {
			t.Errorf("%+v %+v", r, r.Body)
		}
		project := w.byKey(t, public, "project", "statement:ss-100")
		if p := project.Body.(*assistance.Project); project.Owner != "UNDP" || len(p.Parties) != 2 || !slices.ContainsFunc(p.Parties, func(x assistance.Partner) bool { return x.Party == "DEU" && x.Role == "funder" }) ||
			!slices.Equal(p.Beneficiaries, []record.PartyCode{"BIH"}) {
			t.Errorf("%+v %+v", project, p)
		}
		past := w.byKey(t, public, "project", "statement:pr-01").Body.(*assistance.Project)
		if past.Progress != "completed" || len(past.Beneficiaries) != 4 || past.Source == "" {
			t.Errorf("%+v", past)
		}
	})
}

func TestImportStatementsRefuses(t *testing.T) {
	w := open(t, dbtest.SQLite(t))
	_, err := assistance.ImportStatements(t.Context(), w.Store, access.Actor{Party: "KEN", Kind: access.State, Roles: []access.Role{access.FocalPoint}, Via: "web"}, w.places, strings.NewReader(`{"entries":[{}]}`), exchange.Options{})
	if !problem.Is(err, problem.Forbidden) {
		t.Errorf("a State imports for others: %v", err)
	}
	good := `{"id":"g","kind":"offer","title":"T","organisation":"ITU","topics":["quantum"]}`
	for file, want := range map[string]string{
		``:                                  "[0 critical import.json]",
		`[]`:                                "[0 critical import.json]",
		`{"entries":[]}`:                    "[0 critical import.no-rows]",
		`{"entries":[` + good + `,`:         "[0 critical import.json]",
		"{\"entries\":[{\"id\":\"\xff\"}]}": "[0 critical import.encoding]",
		`{"entries":[1]}`:                   "[1 error import.json]",
		`{"entries":[{"id":["x"]}]}`:        "[1 error import.json]",
		`{"entries":[` + good + `,` + good + `]}`:                                                                                   "[2 error import.key-twice]",
		`{"entries":[{"id":"x","kind":"poem","title":"T"}]}`:                                                                        "[1 error import.unknown-kind]",
		`{"entries":[{"id":"x","kind":"offer","organisation":"ITU"}]}`:                                                              "[1 error required]",
		`{"entries":[{"id":"x","kind":"need","title":"T","topics":["quantum"],"speaker":"Kenya"}]}`:                                 "[1 error import.no-state]",
		`{"entries":[{"id":"x","kind":"need","title":"T","topics":["quantum"],"subject":"ITU"}]}`:                                   "[1 error party]",
		`{"entries":[{"id":"x","kind":"offer","title":"T","topics":["nonsense"],"organisation":"ITU"}]}`:                            "[1 error code]",
		`{"entries":[{"id":"x","kind":"offer","title":"T","topics":["quantum"],"organisation":"ITU","start":"soon"}]}`:              "[1 error date]",
		`{"entries":[{"id":"x","kind":"offer","title":"T","topics":["quantum"],"organisation":"ITU","start":"2026","end":"2025"}]}`: "[1 error ends-before-start]",
		`{"entries":[{"id":"x","kind":"offer","title":"T","topics":["quantum"],"organisation":"ITU","mood":1}]}`:                    "[1 warning import.unknown-column]",
		`{"entries":[{"id":"x","kind":"offer","title":"T","topics":["quantum"],"organisation":"ITU","url":"javascript:1"}]}`:        "[1 error url]",
	} {
		rep := w.take(t, file, exchange.Options{DryRun: true})
		var got []string
		for _, p := range rep.Problems {
			got = append(got, fmt.Sprintf("%d %s %s", p.Row, p.Tier, p.Code))
		}
		if fmt.Sprint(got) != want {
			t.Errorf("%s: %v, want %s", file, got, want)
		}
	}
}

func TestDemo(t *testing.T) {
	w := open(t, dbtest.SQLite(t))
	for range 2 {
		if err := assistance.Demo(t.Context(), w.Store, w.places); err != nil {
			t.Fatal(err)
		}
	}
	actor := func(code string, roles ...access.Role) access.Actor {
		return access.Actor{Account: code, Party: code, Kind: w.dir.Kind(code), Groups: w.dir.GroupsOf(code), Roles: roles, Via: "web"}
	}
	count := func(a access.Actor, kinds ...string) int {
		page, err := w.List(t.Context(), a, record.Query{Kinds: kinds})
		if err != nil {
			t.Fatal(err)
		}
		return page.Total
	}
	public, samoa, estonia := count(access.Actor{}, "need"), count(actor("WSM", access.FocalPoint), "need"), count(actor("EST", access.FocalPoint), "need")
	if !(public < estonia && estonia < samoa) {
		t.Errorf("needs: the public sees %d, Estonia %d, Samoa %d", public, estonia, samoa)
	}
	queue, err := w.List(t.Context(), actor("UNODA", access.Moderator), record.Query{Kinds: []string{"offer"}, Filter: map[string][]string{"state": {"submitted"}}, All: true})
	if err != nil || queue.Total != 1 {
		t.Errorf("%d submissions wait for the Secretariat, %v", queue.Total, err)
	}
	b, err := os.ReadDir("demo")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range b {
		text := embedded(t, f.Name())
		if strings.Contains(text, `"quote"`) {
			t.Errorf("%s quotes", f.Name())
		}
	}
	for _, line := range strings.Split(embedded(t, "records.json"), "\n") {
		if strings.Contains(line, `"key"`) && !strings.Contains(line, "Demonstration entry, not a statement of") {
			t.Errorf("not marked: %.80s", line)
		}
	}
}

// FuzzStatements: no file makes the importer fail, and the counts add up.
func FuzzStatements(f *testing.F) {
	for _, s := range []string{
		`{"entries":[{"id":"x","kind":"offer","title":"T","topics":["quantum"],"organisation":["ITU","Kenya"],"beneficiaries":"OAS member states"}]}`,
		`{"needs":[{"id":"x","subject":"KEN","title":"T","topics":["quantum"]}]}`,
		`{"entries":[{"id":"x","kind":"project","title":"T","topics":[],"funder":null,"organisation":"UNDP (funded by Germany)","start":"2024-02","source":{"date":"2023-03-09"}}]}`,
	} {
		f.Add([]byte(s))
	}
	w := open(f, dbtest.SQLite(f))
	f.Fuzz(func(t *testing.T, b []byte) {
		rep, err := assistance.ImportStatements(t.Context(), w.Store, party.Operator(), w.places, bytes.NewReader(b), exchange.Options{DryRun: true})
		if err != nil {
			t.Fatal(err)
		}
		if rep.Rows != rep.Created+rep.Updated+rep.Unchanged+rep.Refused || rep.Failed() && rep.Rows > 0 {
			t.Errorf("%+v", rep)
		}
	})
}
