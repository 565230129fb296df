package app

import (
	"fmt"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"concord/internal/access"
	"concord/internal/door"
	"concord/internal/i18n"
	"concord/internal/record"
)

// matrix counts what it asks and notes what is wrong.
type matrix struct {
	*house
	mu     sync.Mutex
	cells  int
	faults int
	absent map[string]string // who, route and language → the answer to an id that nobody has
}

// most is how many faults are worth printing.
const mostFaults = 40

func (m *matrix) cell(ok bool, format string, args ...any) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.cells++
	if ok {
		return
	}
	if m.faults++; m.faults <= mostFaults {
		m.t.Errorf(format, args...)
	}
}

// nowhere is an id of the right form that no record has.
var nowhere = strings.Repeat("0", 26)

// TestMatrix asks every route about every record as everybody, and compares
// with what is written by hand in matrix_table_test.go. A route that has no row
// there fails.
func TestMatrix(t *testing.T) {
	onBoth(t, func(t *testing.T, dsn string) {
		m := &matrix{house: openHouse(t, dsn), absent: map[string]string{}}
		began := time.Now()
		stock := m.stock()
		stock = append(stock, m.inner()...)
		stocked := time.Since(began)
		m.records(stock)
		m.lists(stock)
		m.fixed()
		if m.faults > mostFaults {
			t.Errorf("and %d more", m.faults-mostFaults)
		}
		t.Logf("%d cells on %d records in %v, after %v to make them", m.cells, len(stock), time.Since(began)-stocked, stocked)
		if least := 72_000 / thin; m.cells < least {
			t.Errorf("%d cells, fewer than %d", m.cells, least)
		}
	})
}

// inner makes an introduction and a checklist, which modules write themselves.
func (m *matrix) inner() (list []*sample) {
	for _, kind := range []string{"match", "checklist"} {
		s := &sample{kind: kind, plural: m.Store.Kinds().Kind(kind).Plural, owner: "WSM", audience: "own", partner: "KEN", status: "published"}
		m.must(m.Store.Do(m.t.Context(), m.actor("wsm-focal"), func(w *record.Writer) error {
			body := m.Store.Kinds().Kind(kind).New()
			rec, err := w.CreateOpen(record.Draft{Kind: kind, Audience: access.Own, Partners: []string{"KEN"}, Body: body})
			if err == nil {
				s.id = rec.ID
			}
			return err
		}))
		list = append(list, s)
	}
	return list
}

// records asks every route that concerns one record about each, as everybody.
func (m *matrix) records(stock []*sample) {
	var wg sync.WaitGroup
	work := make(chan func())
	for range 4 {
		wg.Go(func() {
			for f := range work {
				f()
			}
		})
	}
	asked := map[string]int{}
	for _, r := range m.Door.Routes() {
		about := r.Kind
		if strings.Contains(r.Path, "{about}") {
			about = "project"
		}
		if r.Method != "GET" || about == "" || !strings.Contains(r.Path, "{id}") && about == r.Kind {
			continue
		}
		for i, s := range stock {
			if s.kind != about {
				continue
			}
			for j, c := range everybody() {
				if asked[r.Path]++; (i*len(everybody())+j)%thin == 0 {
					work <- func() { m.record(r, s, m.people[c.name], i+j) }
				}
			}
		}
		if asked[r.Path] == 0 {
			m.t.Errorf("no record to ask GET %s about", r.Path)
		}
	}
	close(work)
	wg.Wait()
}

// acts are what the pages about a move are asked for, in turn.
var acts = []string{"submit", "publish", "return", "reject", "withdraw", "archive", "restore", "edit"}

// record is one cell: its number chooses the language and the act.
func (m *matrix) record(r door.Route, s *sample, c *caller, number int) {
	machine := strings.HasPrefix(r.Path, "/api/")
	if c.name == "wsm-reads" && !machine {
		return // a token is no session
	}
	lang, act := string(i18n.Langs()[number%6]), acts[number%len(acts)]
	want := expect(r, c, s, act)
	if want == 0 {
		m.cell(false, "the route %s %s (%s) has no row in expect", r.Method, r.Path, r.Act)
		return
	}
	address := func(id string) string {
		path := strings.NewReplacer("{lang}", lang, "{id}", id, "{about}", id).Replace(r.Path)
		switch {
		case r.Act == "ask":
			path += "?to=" + act
		case strings.Contains(r.Path, "{about}"):
			path += "?kind=project&list=principles&phase=design"
		}
		return path
	}
	w := m.ask(c.name, "GET", address(s.id), "")
	m.cell(w.Code == want, "%s: GET %s about %v: %d, want %d", c.name, address("ID"), s, w.Code, want)
	if want != 404 {
		return
	}
	key := c.name + " " + address("ID")
	m.mu.Lock()
	empty, ok := m.absent[key]
	m.mu.Unlock()
	if !ok {
		empty = shape(m.ask(c.name, "GET", address(nowhere), ""), nowhere)
		m.mu.Lock()
		m.absent[key] = empty
		m.mu.Unlock()
	}
	if got := shape(w, s.id); got != empty {
		m.cell(false, "%s: GET %s about %v differs from what is not there:\n%s\n%s", c.name, address("ID"), s, got, empty)
	}
}

// shape is an answer, headers and all, without the id that was asked for.
func shape(w *httptest.ResponseRecorder, id string) string {
	var b strings.Builder
	fmt.Fprintln(&b, w.Code)
	for _, name := range slices.Sorted(mapsKeys(w.Header())) {
		fmt.Fprintln(&b, name, w.Header()[name])
	}
	b.WriteString(w.Body.String())
	return strings.ReplaceAll(b.String(), id, "ID")
}

// fixed asks the routes that concern no record, as everybody, and fails if one
// has no row.
func (m *matrix) fixed() {
	for _, r := range m.Door.Routes() {
		row, ok := fixed[r.Act]
		if !ok {
			_, written := writes[r.Act]
			m.cell(written || expect(r, m.people["public"], &sample{status: "draft"}, "") != 0, "the route %s %s has no row for the act %s", r.Method, r.Path, r.Act)
		}
		if r.Method != "GET" || strings.Contains(r.Path, "{about}") || !ok && r.Act != "new" {
			continue
		}
		for _, c := range everybody() {
			if c.name == "wsm-reads" && !strings.HasPrefix(r.Path, "/api/") {
				continue
			}
			m.place(r, &c, row.public, row.anybody, row.only)
		}
	}
}

func (m *matrix) place(r door.Route, c *caller, public, anybody []int, only string) {
	path := strings.NewReplacer("{$}", "", "{lang}", "en", "{id}", nowhere, "{do}", "disable", "{code}", code(r.Path), "{secret}", "x", "{name}", name(r.Path)).Replace(r.Path)
	want := anybody
	switch {
	case r.Act == "new":
		if want = []int{403}; creates(c, r.Kind) {
			want = []int{200}
		}
		if c.party == "" {
			want = []int{303}
		}
	case c.party == "":
		want = public
	case only != "" && !has(only, string(c.role)):
		want = []int{403, 404} // 404: a person of another party
	}
	if r.Act == "search" {
		path += "?q=matrixword"
	}
	w := m.ask(c.name, "GET", path, "")
	m.cell(slices.Contains(want, w.Code), "%s: GET %s: %d, want %v", c.name, path, w.Code, want)
}

// code is a party or group for routes that want one.
func code(path string) string {
	if strings.Contains(path, "groups") {
		return "@sids"
	}
	return "WSM"
}

func name(path string) string {
	if strings.HasPrefix(path, "/static/") {
		return styleName()
	}
	return "topic"
}
