package feeds

import (
	"context"
	"encoding/xml"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"concord/internal/access"
	"concord/internal/db"
	"concord/internal/db/dbtest"
	"concord/internal/door"
	"concord/internal/i18n"
	"concord/internal/party"
	"concord/internal/party/reference"
	"concord/internal/problem"
	"concord/internal/record"
	"concord/internal/search"
	"concord/internal/vocab"
)

type talk struct {
	Title   i18n.Text `json:"title" rec:"title,search"`
	Summary i18n.Text `json:"summary,omitzero" rec:"summary,search,long,choice"`
	Topics  []string  `json:"topics" rec:"vocab=topic,facet"`
}

// portal has feeds of one kind, and the focal point of a State.
type portal struct {
	t     *testing.T
	store *record.Store
	door  *door.Door
	ken   access.Actor
}

func open(t *testing.T, d *db.DB) *portal {
	t.Helper()
	at := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	now := func() time.Time { at = at.Add(time.Second); return at }
	places, err := reference.Load()
	if err != nil {
		t.Fatal(err)
	}
	parties := party.New(d, now)
	if err := parties.Seed(t.Context(), places); err != nil {
		t.Fatal(err)
	}
	vocabularies, err := vocab.Load()
	if err != nil {
		t.Fatal(err)
	}
	kind, err := record.NewKind[talk](record.Kind{Name: "talk", Plural: "talks", KindRule: access.KindRule{
		Authors: []access.PartyKind{access.State}, Audiences: []access.Audience{access.Public, access.States, access.Own},
	}})
	if err != nil {
		t.Fatal(err)
	}
	kinds, err := record.NewKinds(vocabularies, []*record.Kind{kind})
	if err != nil {
		t.Fatal(err)
	}
	directory := func(ctx context.Context) (record.Directory, error) { return parties.Directory(ctx) }
	words, err := i18n.LoadCatalog(fstest.MapFS{
		"en.json": {Data: []byte(`{"kind.talks": "Talks"}`)}, "ar.json": {Data: []byte(`{"kind.talks": "محاضرات"}`)},
	})
	if err != nil {
		t.Fatal(err)
	}
	p := &portal{t: t, store: record.NewStore(d, kinds, directory, search.New(d.Engine), now)}
	p.ken = access.Actor{Account: "ken", Party: "KEN", Kind: access.State, Roles: []access.Role{access.FocalPoint}, Via: "web"}
	p.door = &door.Door{Parties: parties, Catalog: words, Log: slog.New(slog.DiscardHandler), Now: now}
	p.door.Fail = func(q *door.Req, e *problem.Error) { q.W.WriteHeader(e.Kind.Status()) }
	feeds := &Feeds{Store: p.store, Catalog: words, Base: "https://Portal.example:8443/"}
	if err := p.door.Add(feeds.Routes()...); err != nil {
		t.Fatal(err)
	}
	return p
}

func (p *portal) make(a access.Audience, b *talk) *record.Record {
	p.t.Helper()
	r, err := p.store.Create(p.t.Context(), p.ken, record.Draft{Kind: "talk", Audience: a, Body: b}, access.Publish)
	if err != nil {
		p.t.Fatal(err)
	}
	return r
}

// read asks for a feed, checks it against the rules of RFC 4287 and returns it
// with its bytes.
func (p *portal) read(target string) (*feed, string) {
	p.t.Helper()
	r := httptest.NewRequest("GET", target, nil)
	r.Header.Set("Cookie", "session=nonsense")
	w := httptest.NewRecorder()
	p.door.ServeHTTP(w, r)
	if w.Code != 200 || w.Header().Get("Content-Type") != "application/atom+xml; charset=utf-8" {
		p.t.Fatalf("%s: %d %v %s", target, w.Code, w.Header(), w.Body)
	}
	var f feed
	if err := xml.Unmarshal(w.Body.Bytes(), &f); err != nil {
		p.t.Fatalf("%s: %v in %s", target, err, w.Body)
	}
	p.rules(&f)
	return &f, w.Body.String()
}

func (p *portal) rules(f *feed) {
	p.t.Helper()
	check := func(ok bool, format string, args ...any) {
		p.t.Helper()
		if !ok {
			p.t.Errorf(format, args...)
		}
	}
	stamped := func(s string) time.Time {
		at, err := time.Parse(time.RFC3339, s)
		check(err == nil, "updated %q: %v", s, err)
		return at
	}
	uri := func(s string) {
		u, err := url.Parse(s)
		check(err == nil && u.IsAbs(), "address %q: %v", s, err)
	}
	check(f.XMLName.Space == "http://www.w3.org/2005/Atom" && f.XMLName.Local == "feed", "root %v", f.XMLName)
	check(strings.HasPrefix(f.ID, "tag:portal.example,2026:"), "id %q", f.ID)
	check(f.Title.Type == "text" && f.Title.Body != "", "title %+v", f.Title)
	check(len(f.Entries) <= newest, "%d entries", len(f.Entries))
	rels := map[string]int{}
	for _, l := range f.Links {
		uri(l.Href)
		rels[l.Rel]++
	}
	check(rels["self"] == 1 && rels["alternate"] == 1, "links %v", f.Links)
	newestAt, last := stamped(f.Updated), time.Time{}
	seen := map[string]bool{f.ID: true}
	for i, e := range f.Entries {
		at := stamped(e.Updated)
		check(i > 0 || at.Equal(newestAt), "feed of %s, first entry of %s", f.Updated, e.Updated)
		check(i == 0 || !at.After(last), "entries are not in order")
		last = at
		uri(e.ID)
		check(!seen[e.ID], "id %s is there twice", e.ID)
		seen[e.ID] = true
		check(e.Title.Type == "text" && e.Author.Name != "" && e.Link.Rel == "alternate", "entry %+v", e)
		uri(e.Link.Href)
	}
}

func english(s string) i18n.Text { return i18n.NewText(i18n.English, s) }

func TestFeed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := open(t, d)
		empty, _ := p.read("/feeds/talk.atom")
		if len(empty.Entries) != 0 {
			t.Errorf("an empty portal: %v", empty.Entries)
		}
		two := english("Norms & <b>rules</b> ]]> \"all\"")
		two.Set(i18n.Arabic, "القواعد")
		first := p.make(access.Public, &talk{Title: two, Summary: english("a\vb \x1f & c"), Topics: []string{"national-strategy"}})
		second := p.make(access.Public, &talk{Title: english("Later"), Topics: []string{"risk-management"}})
		p.make(access.States, &talk{Title: english("canary states")})
		p.make(access.Own, &talk{Title: english("canary own")})

		f, body := p.read("/feeds/talk.atom?lang=en")
		if strings.Contains(body, "canary") {
			t.Errorf("the feed shows what is not public: %s", body)
		}
		if len(f.Entries) != 2 || f.Entries[0].Title.Body != "Later" || f.Entries[1].Title.Body != two.Get(i18n.English) || f.Title.Body != "Talks" {
			t.Fatalf("feed: %s", body)
		}
		if s := f.Entries[1].Summary; s == nil || s.Body != "a\ufffdb \ufffd & c" {
			t.Errorf("summary %+v", s)
		}
		if got, want := f.Entries[1].Link.Href, "https://Portal.example:8443/en/talks/"+first.ID; got != want {
			t.Errorf("link %s, want %s", got, want)
		}
		if got := f.Entries[1].Author.Name; got != "Kenya" {
			t.Errorf("author %q", got)
		}
		if !strings.Contains(body, `<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">`) {
			t.Errorf("no language: %s", body)
		}

		ar, arBody := p.read("/feeds/talks.atom?lang=ar")
		if ar.Entries[1].Title.Body != "القواعد" || ar.Title.Body != "محاضرات" || ar.Entries[1].Author.Name == "Kenya" {
			t.Errorf("in Arabic: %s", arBody)
		}
		if !strings.Contains(arBody, `<title type="text" xml:lang="en">Later</title>`) || strings.Contains(arBody, `xml:lang="ar">القواعد`) {
			t.Errorf("languages are not marked: %s", arBody)
		}
		if ar.Entries[1].ID != f.Entries[1].ID || ar.ID == f.ID {
			t.Errorf("ids: %s %s, %s %s", ar.Entries[1].ID, f.Entries[1].ID, ar.ID, f.ID)
		}

		for query, want := range map[string]int{"topics=risk-management": 1, "topics=nonsense": 0, "q=norms": 1, "owner=KEN": 2, "state=draft&x=%ff&cursor=x&sort=created": 2, "q=canary": 0, "q=%ff%00": 0, "q=%00": 2} {
			if f, body := p.read("/feeds/talk.atom?lang=fr&" + query); len(f.Entries) != want {
				t.Errorf("%s: %d entries, want %d: %s", query, len(f.Entries), want, body)
			}
		}
		a, _ := p.read("/feeds/talk.atom?topics=risk-management&lang=en&q=later")
		b, _ := p.read("/feeds/talk.atom?q=later&topics=risk-management&x=1&lang=en")
		if a.ID != b.ID || !slices.Equal(a.Links, b.Links) {
			t.Errorf("one feed has two identities: %s and %s", a.ID, b.ID)
		}

		// What changes keeps its id and comes first; what is withdrawn is gone.
		if _, err := p.store.Update(t.Context(), p.ken, "talk", first.ID, first.Revision, record.Change{Body: first.Body}); err != nil {
			t.Fatal(err)
		}
		if _, err := p.store.Move(t.Context(), p.ken, "talk", second.ID, 0, access.Withdraw, ""); err != nil {
			t.Fatal(err)
		}
		if again, body := p.read("/feeds/talk.atom?lang=en"); len(again.Entries) != 1 || again.Entries[0].ID != f.Entries[1].ID {
			t.Errorf("after a change: %s", body)
		}
	})
}

func TestFeedIsBounded(t *testing.T) {
	p := open(t, dbtest.SQLite(t))
	for i := range newest + 5 {
		p.make(access.Public, &talk{Title: english(fmt.Sprint("Talk ", i))})
	}
	if f, _ := p.read("/feeds/talk.atom"); len(f.Entries) != newest || f.Entries[0].Title.Body != fmt.Sprint("Talk ", newest+4) {
		t.Errorf("%d entries, the first %q", len(f.Entries), f.Entries[0].Title.Body)
	}
}

// Not even the owner of a record finds more in a feed than the public does.
func TestFeedIgnoresSessions(t *testing.T) {
	p := open(t, dbtest.SQLite(t))
	p.make(access.States, &talk{Title: english("canary states")})
	handle := p.door.Routes()[0].Handle
	w := httptest.NewRecorder()
	dir, err := p.door.Parties.Directory(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest("GET", "/feeds/talk.atom?lang=en", nil)
	q := &door.Req{Request: r, W: w, Lang: i18n.English, Actor: p.ken, Dir: dir}
	if err := handle(q); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(w.Body.String(), "canary") {
		t.Errorf("its owner is shown %s", w.Body)
	}
}
