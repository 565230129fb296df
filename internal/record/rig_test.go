package record

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"concord/internal/access"
	"concord/internal/db"
	"concord/internal/db/dbtest"
	"concord/internal/i18n"
	"concord/internal/problem"
	"concord/internal/search"
	"concord/internal/vocab"
)

// thing is a kind with every type of field and every way to keep one for fewer
// readers.
type thing struct {
	Title   i18n.Text   `json:"title" rec:"title,search,required,max=80"`
	Summary i18n.Text   `json:"summary,omitzero" rec:"summary,search,long,max=500,choice"`
	Topics  []string    `json:"topics,omitempty" rec:"vocab=topic,facet,required,choice"`
	Phone   string      `json:"phone,omitempty" rec:"search,facet,choice,max=40"`
	Mail    Email       `json:"mail,omitempty" rec:"audience=states"`
	Day     Date        `json:"day,omitempty" rec:"date,choice"`
	Starts  Moment      `json:"starts,omitzero"`
	People  int         `json:"people,omitempty" rec:"max=500"`
	Urgent  bool        `json:"urgent,omitempty" rec:"facet"`
	Link    URL         `json:"link,omitempty"`
	Host    PartyCode   `json:"host,omitempty" rec:"facet"`
	Guests  []PartyCode `json:"guests,omitempty" rec:"open"`
	Before  Ref         `json:"before,omitempty" rec:"kind=thing"`
	Related []Ref       `json:"related,omitempty"`
	Steps   []step      `json:"steps,omitempty" rec:"max=4"`
}

type step struct {
	Name i18n.Text `json:"name" rec:"required,max=40"`
	Due  Date      `json:"due,omitempty"`
	See  Ref       `json:"see,omitempty" rec:"kind=thing"`
}

// Check is a rule of the kind's own.
func (x *thing) Check(f *problem.Fields) { f.Check(!x.Urgent || x.People > 0, "people", "required") }

// inner is a kind that a module runs itself.
type inner struct {
	Title i18n.Text `json:"title" rec:"title"`
}

// directory is a handful of parties and a group.
type directory map[string]access.PartyKind

func (d directory) Has(code string) bool              { return d[code] != "" || code == "@sids" || code == "@all" }
func (d directory) Kind(code string) access.PartyKind { return d[code] }

func parties() directory {
	return directory{
		"WSM": access.State, "KEN": access.State, "EST": access.State, "VUT": access.State,
		"OAS": access.Regional, "GFCE": access.Stakeholder, "UNODA": access.Secretariat,
	}
}

const (
	review = 100 * 24 * time.Hour
	expire = 30 * 24 * time.Hour
)

func testKinds(t testing.TB) *Kinds {
	t.Helper()
	rule := access.KindRule{
		Authors:   []access.PartyKind{access.State, access.Regional, access.Stakeholder, access.Secretariat},
		Audiences: []access.Audience{access.States, access.Public, access.Group, access.Own}, Joint: true,
	}
	k, err := NewKind[thing](Kind{Name: "thing", Plural: "things", Review: review, Expire: expire, KindRule: rule})
	if err != nil {
		t.Fatal(err)
	}
	in, err := NewKind[inner](Kind{Name: "inner", Plural: "inners", Internal: true, KindRule: rule})
	if err != nil {
		t.Fatal(err)
	}
	v, err := vocab.Load()
	if err != nil {
		t.Fatal(err)
	}
	ks, err := NewKinds(v, []*Kind{k, in})
	if err != nil {
		t.Fatal(err)
	}
	return ks
}

// rig is a store on a real database, with a clock that only tests turn.
type rig struct {
	*Store
	t  *testing.T
	mu sync.Mutex
	at time.Time
}

func (r *rig) now() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.at = r.at.Add(time.Millisecond)
	return r.at
}

func (r *rig) wait(d time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.at = r.at.Add(d)
}

// each runs f on a fresh store on each engine.
func each(t *testing.T, f func(*rig)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { f(newRig(t, d)) })
}

func newRig(t *testing.T, d *db.DB) *rig {
	t.Helper()
	r := &rig{t: t, at: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}
	r.Store = NewStore(d, testKinds(t), func(context.Context) (Directory, error) { return parties(), nil }, search.New(d.Engine), r.now)
	return r
}

func actor(party string, role access.Role) access.Actor {
	a := access.Actor{Account: party + "." + string(role), Party: party, Kind: parties()[party], Roles: []access.Role{role}, Via: "web"}
	if party == "VUT" {
		a.Groups = []string{"@sids"}
	}
	return a
}

// The people of these tests.
func samoa() access.Actor     { return actor("WSM", access.FocalPoint) }
func kenya() access.Actor     { return actor("KEN", access.FocalPoint) }
func estonia() access.Actor   { return actor("EST", access.FocalPoint) }
func vanuatu() access.Actor   { return actor("VUT", access.Viewer) }
func gfce() access.Actor      { return actor("GFCE", access.Contributor) }
func moderator() access.Actor { return actor("UNODA", access.Moderator) }
func operator() access.Actor {
	return access.Actor{Account: "operator", Party: "UNODA", Kind: access.Secretariat, Roles: []access.Role{access.Administrator}, Via: "cli"}
}
func nobody() access.Actor { return access.Actor{Via: "web"} }

func en(s string) i18n.Text { return i18n.NewText(i18n.English, s) }

// named is a complete thing with a title.
func named(title string) *thing {
	return &thing{Title: en(title), Topics: []string{"national-strategy"}}
}

// make creates a thing of the actor's party and takes it through acts.
func (r *rig) make(a access.Actor, d Draft, acts ...access.Action) *Record {
	r.t.Helper()
	d.Kind = "thing"
	rec, err := r.Create(r.t.Context(), a, d, acts...)
	if err != nil {
		r.t.Fatal(err)
	}
	return rec
}

// public publishes a thing for everybody.
func (r *rig) public(a access.Actor, body *thing) *Record {
	r.t.Helper()
	return r.make(a, Draft{Audience: access.Public, Body: body}, access.Publish)
}

func (r *rig) get(a access.Actor, id string) *thing {
	r.t.Helper()
	rec, err := r.Get(r.t.Context(), a, "thing", id)
	if err != nil {
		r.t.Fatalf("%s: %v", a.Party, err)
	}
	return rec.Body.(*thing)
}

// edit changes a thing as its reader a sees it.
func (r *rig) edit(a access.Actor, id string, change func(*thing)) error {
	rec, err := r.Get(r.t.Context(), a, "thing", id)
	if err != nil {
		return err
	}
	change(rec.Body.(*thing))
	_, err = r.Update(r.t.Context(), a, "thing", id, rec.Revision, Change{Body: rec.Body})
	return err
}

func (r *rig) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

// want fails unless err is a problem of the kind.
func (r *rig) want(kind problem.Kind, err error) {
	r.t.Helper()
	if !problem.Is(err, kind) {
		r.t.Errorf("got %v, want %s", err, kind)
	}
}

// wantFields fails unless err names exactly the fields.
func (r *rig) wantFields(err error, fields ...string) {
	r.t.Helper()
	p, ok := errors.AsType[*problem.Error](err)
	if !ok {
		r.t.Errorf("got %v, want problems with %v", err, fields)
		return
	}
	var got []string
	for _, f := range p.Fields {
		got = append(got, f.Name)
	}
	if slices.Sort(got); !slices.Equal(got, fields) {
		r.t.Errorf("got problems with %v, want %v", got, fields)
	}
}

// titles lists what the actor's list of a query holds, in its order.
func (r *rig) titles(a access.Actor, q Query) string {
	r.t.Helper()
	if q.Kinds == nil {
		q.Kinds = []string{"thing"}
	}
	page, err := r.List(r.t.Context(), a, q)
	if err != nil {
		r.t.Fatal(err)
	}
	var titles []string
	for _, rec := range page.Records {
		titles = append(titles, rec.Body.(*thing).Title.Get(i18n.English))
	}
	return strings.Join(titles, " ")
}

// same compares what should be equal.
func same[T comparable](r *rig, what string, got, want T) {
	r.t.Helper()
	if got != want {
		r.t.Errorf("%s: got %v, want %v", what, got, want)
	}
}
