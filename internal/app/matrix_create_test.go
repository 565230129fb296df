package app

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

// TestCreating has everybody make a record of every kind, by the form and by
// the API, published at once if they like: who may not make it makes nothing,
// and who may not publish it makes nothing either.
func TestCreating(t *testing.T) {
	onBoth(t, func(t *testing.T, dsn string) {
		m := &matrix{house: openHouse(t, dsn), absent: map[string]string{}}
		for _, k := range m.Store.Kinds().All() {
			for _, c := range everybody() {
				for _, then := range []string{"", "publish", "submit"} {
					m.create(k.Name, k.Plural, m.people[c.name], then, k.Internal)
				}
			}
		}
		t.Logf("%d cells", m.cells)
	})
}

func (m *matrix) create(kind, plural string, c *caller, then string, internal bool) {
	may := !internal && c.party != "" && creates(c, kind)
	if class := (&sample{owner: c.party}).class(); may && then != "" {
		may = has(whoMoves[class+" draft"][string(c.role)], then)
	}
	body := m.body(m.generic(kind), "Made by "+c.name)
	form := m.Store.Kinds().Kind(m.generic(kind)).Flatten(body)
	form.Set("_then", then)
	b, err := json.Marshal(body)
	m.must(err)
	var sent map[string]any
	m.must(json.Unmarshal(b, &sent))
	if state := map[string]string{"publish": "published", "submit": "awaiting"}[then]; state != "" {
		sent["state"] = state
		if then == "submit" && (&sample{owner: c.party}).class() == "stakeholder" {
			sent["state"] = "submitted"
		}
	}
	for _, x := range []struct {
		target, body string
		made         int
		reads        bool
	}{
		{"/en/" + plural + "/new", form.Encode(), 303, c.name == "wsm-reads"},
		{"/api/v1/" + plural, encode(sent), 201, false},
	} {
		if x.reads {
			continue
		}
		want, ok := []int{403}, may
		switch {
		case internal:
			want = []int{400, 401, 403, 404, 422, 303}
		case c.party == "" && x.made == 303:
			want = []int{303}
		case c.party == "":
			want = []int{401}
		case c.name == "wsm-reads":
			want, ok = []int{403}, false
		case may:
			want = []int{x.made}
		}
		before := m.made()
		w := m.ask(c.name, "POST", x.target, x.body)
		fresh := m.made() - before
		m.cell(slices.Contains(want, w.Code) && (fresh == 1) == ok && fresh <= 1, "%s makes a %s and then %q at %s: %d and %d records, want %v and %v: %s",
			c.name, kind, then, x.target, w.Code, fresh, want, ok, short(w))
		if strings.Contains(w.Body.String(), "Made by") && !ok && w.Code < 300 {
			m.cell(false, "%s is shown a %s that was not made", c.name, kind)
		}
	}
}

// generic is a kind whose form is sent to the address of an internal one.
func (m *matrix) generic(kind string) string {
	if m.Store.Kinds().Kind(kind).Internal {
		return "need"
	}
	return kind
}

func (m *matrix) made() (n int) {
	m.must(m.DB.QueryRow(m.t.Context(), `SELECT count(*) FROM record`).Scan(&n))
	return n
}
