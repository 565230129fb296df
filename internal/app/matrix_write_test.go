package app

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"concord/internal/door"
)

// writes are the acts of routes that change records, and what each does.
var writes = map[string]string{
	"create": "create", "import": "create", "update": "edit", "patch": "edit", "withdraw": "withdraw",
	"move": "move", "transition": "move", "sign-out": "",
}

// TestWriting sends every route that changes a record a request that would do,
// from everybody, about records of every audience and status: it is done if
// the table says so, else refused and nothing has changed.
func TestWriting(t *testing.T) {
	onBoth(t, func(t *testing.T, dsn string) {
		m := &matrix{house: openHouse(t, dsn), absent: map[string]string{}}
		done := 0
		number := 0
		for _, s := range m.subjects() {
			m.put(s)
			for _, r := range m.Door.Routes() {
				if r.Kind != s.kind || !strings.Contains(r.Path, "{id}") || writes[r.Act] == "" {
					continue
				}
				for _, c := range everybody() {
					if number++; number%thin == 0 {
						done += m.write(r, m.people[c.name], s, number)
					}
				}
			}
		}
		t.Logf("%d cells, %d of them changed something", m.cells, done)
		if done < 100/thin {
			t.Errorf("only %d changes were made: the test does not see both answers", done)
		}
	})
}

// subjects are records to write in: of kinds for States, for everybody, and
// with partners.
func (m *matrix) subjects() (all []*sample) {
	for _, kind := range []string{"need", "project", "lesson"} {
		for _, owner := range []string{"WSM", "GFCE", "UNODA"} {
			if kind == "need" && owner != "WSM" {
				continue
			}
			for _, status := range statuses(owner) {
				for _, audience := range []string{"public", "own", "group"} {
					s := &sample{kind: kind, plural: kind + "s", owner: owner, audience: audience, status: status}
					if audience == "group" {
						s.named = []string{"OAS", "GFCE"}
					}
					if kind == "project" && owner != "KEN" {
						s.partner = "KEN"
					}
					all = append(all, s)
				}
			}
		}
	}
	return all
}

// write is one cell. It returns 1 if something was changed, and puts a new
// record in its place.
func (m *matrix) write(r door.Route, c *caller, s *sample, number int) int {
	machine := strings.HasPrefix(r.Path, "/api/")
	if c.name == "wsm-reads" && !machine {
		return 0
	}
	act := acts[number%7] // not the last, which is no move
	if writes[r.Act] == "withdraw" {
		act = "withdraw"
	}
	may := moves(c, s, act)
	switch {
	case writes[r.Act] == "edit":
		may = edits(c, s)
	case r.Act == "transition" && s.class() != "stakeholder" && (act == "return" || act == "restore"):
		may = moves(c, s, "return") || moves(c, s, "restore") // both lead to a draft
	}
	want := []int{403, 422} // 422: what leads elsewhere
	switch {
	case c.party == "" && machine:
		want = []int{401}
	case c.party == "":
		want = []int{303}
	case c.name == "wsm-reads":
		want = []int{403}
	case !reads(c, s):
		want = []int{404}
	case may:
		want = []int{200, 204, 303}
	}
	before := m.hash(s.id)
	path := strings.NewReplacer("{lang}", "en", "{id}", s.id).Replace(r.Path)
	w := m.ask(c.name, r.Method, path, m.request(r, c, s, act), "If-Match", "*")
	m.cell(slices.Contains(want, w.Code), "%s: %s %s (%s) of %v: %d, want %v: %s", c.name, r.Method, r.Path, act, s, w.Code, want, short(w))
	changed := m.hash(s.id) != before
	m.cell(changed == (may && c.party != "" && c.name != "wsm-reads" && reads(c, s)), "%s: %s %s (%s) of %v changed it: %v", c.name, r.Method, r.Path, act, s, changed)
	if !changed {
		return 0
	}
	m.put(s)
	return 1
}

func short(w *httptest.ResponseRecorder) string {
	text := visible(w.Body.String())
	return text[:min(len(text), 300)]
}

// request is what a route wants to be sent to do the act.
func (m *matrix) request(r door.Route, c *caller, s *sample, act string) string {
	rec, err := m.Store.Get(m.t.Context(), m.actor(ownerName(s.owner)), s.kind, s.id)
	m.must(err)
	form := m.Store.Kinds().Kind(s.kind).Flatten(rec.Body)
	form.Set("title.en", "Changed by "+c.name+" by "+r.Method)
	form.Set("_revision", strconv.Itoa(rec.Revision))
	switch r.Act {
	case "update":
		if r.Method == "POST" {
			return form.Encode()
		}
		b, err := json.Marshal(rec.Body)
		m.must(err)
		var body map[string]any
		m.must(json.Unmarshal(b, &body))
		body["title"] = map[string]string{"en": "Changed by " + c.name}
		return encode(body)
	case "patch":
		return encode(map[string]any{"title": map[string]string{"en": "Patched by " + c.name}})
	case "move":
		return url.Values{"to": {act}, "_revision": {strconv.Itoa(rec.Revision)}, "note": {"because"}}.Encode()
	case "transition":
		to := map[string]string{"submit": "submitted", "publish": "published", "return": "returned", "reject": "rejected",
			"withdraw": "withdrawn", "archive": "archived", "restore": "draft"}[act]
		if s.class() != "stakeholder" && act == "submit" {
			to = "awaiting"
		}
		if s.class() != "stakeholder" && act == "return" {
			to = "draft"
		}
		return encode(map[string]string{"to": to, "note": "because"})
	}
	return ""
}

func encode(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// hash is of a record, its revisions, and what is on the trail as done to it.
func (m *matrix) hash(id string) string {
	return m.digest(`SELECT r.n, r.id, r.audience, r.named, r.partners, r.narrowed, r.state, r.revision, r.body,
		(SELECT count(*) FROM revision v WHERE v.n = r.n), (SELECT count(*) FROM audit a WHERE a.record = r.id AND a.outcome = 'done'),
		(SELECT env FROM record_idx i WHERE i.n = r.n), r.updated FROM record r WHERE r.id = $1`, 13, id)
}

// whole is of every record, revision and line of the trail.
func (h *house) whole() string {
	return h.digest(`SELECT n, id, state, audience, named, partners, narrowed, revision, body, updated FROM record ORDER BY n`, 10) +
		h.digest(`SELECT n, revision, at, account, body FROM revision ORDER BY n, revision`, 5) +
		h.digest(`SELECT seq, at, account, action, record, outcome, detail FROM audit WHERE action NOT LIKE 'account%' ORDER BY seq`, 7)
}

func (h *house) digest(query string, columns int, args ...any) string {
	h.t.Helper()
	rows, err := h.DB.Query(h.t.Context(), query, args...)
	h.must(err)
	defer rows.Close()
	sum := sha256.New()
	for rows.Next() {
		values, into := make([]any, columns), make([]any, columns)
		for i := range values {
			into[i] = &values[i]
		}
		h.must(rows.Scan(into...))
		fmt.Fprintf(sum, "%v\n", values)
	}
	h.must(rows.Err())
	return hex.EncodeToString(sum.Sum(nil)[:8])
}

// TestReadingChangesNothing gets and heads every address there is, as everybody
// who matters: records, revisions and trail are as before.
func TestReadingChangesNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, dsn string) {
		h := openHouse(t, dsn)
		s := &sample{kind: "project", plural: "projects", owner: "WSM", audience: "public", status: "published", partner: "KEN"}
		h.put(s)
		before, asked := h.whole(), 0
		for _, r := range h.Door.Routes() {
			if r.Method != "GET" {
				continue
			}
			for _, c := range []string{"public", "wsm-focal", "ken-focal", "moderator", "admin"} {
				for _, method := range []string{"GET", "HEAD"} {
					path := strings.NewReplacer("{$}", "", "{lang}", "en", "{id}", s.id, "{about}", s.id, "{do}", "disable",
						"{code}", code(r.Path), "{secret}", "x", "{name}", name(r.Path)).Replace(r.Path)
					h.ask(c, method, path+"?to=withdraw&_then=publish&done=saved&_method=DELETE&kind=project&list=principles&phase=design", "")
					h.ask(c, method, path, "", "X-HTTP-Method-Override", "DELETE", "X-User", "wsm-focal", "X-Forwarded-User", "admin")
					asked += 2
				}
			}
		}
		if after := h.whole(); after != before {
			t.Errorf("%d requests that only read changed something", asked)
		}
		t.Logf("%d requests", asked)
	})
}

// TestTwoObjects sends, with the address of one record, the names of another in
// every place a form or a JSON body has: only the one of the address may
// change, and only by who may change it (C1 of the threats).
func TestTwoObjects(t *testing.T) {
	onBoth(t, func(t *testing.T, dsn string) {
		m := &matrix{house: openHouse(t, dsn), absent: map[string]string{}}
		put := func(kind, owner, audience string) *sample {
			s := &sample{kind: kind, plural: kind + "s", owner: owner, audience: audience, status: "published"}
			m.put(s)
			return s
		}
		foreigners := 0
		for _, kind := range []string{"project", "lesson"} {
			for _, of := range []struct{ owner, audience string }{{"KEN", "public"}, {"KEN", "own"}, {"GFCE", "own"}} {
				foreign, own := put(kind, of.owner, of.audience), put(kind, "WSM", "public")
				before := m.hash(foreign.id)
				for _, r := range m.Door.Routes() {
					if r.Kind != kind || r.Method == "GET" {
						continue
					}
					for _, at := range []*sample{own, foreign} {
						for _, w := range m.confuse(r, at, own, foreign) {
							makes := !strings.Contains(r.Path, "{id}")
							m.cell(w.Code < 500 && (at == own || makes || w.Code >= 400), "%s %s about the foreign %s: %d", r.Method, r.Path, kind, w.Code)
						}
					}
				}
				m.cell(m.hash(foreign.id) == before, "the foreign %s of %s for %s has changed", kind, foreign.owner, foreign.audience)
				foreigners++
				var foreignRecords int
				m.must(m.DB.QueryRow(t.Context(), `SELECT count(*) FROM record WHERE owner <> 'WSM'`).Scan(&foreignRecords))
				m.cell(foreignRecords == foreigners, "%d records are not Samoa's, %d were made by others", foreignRecords, foreigners)
			}
		}
		t.Logf("%d cells", m.cells)
	})
}

// confuse sends the route about one record with the names of both in the body,
// the query and the headers.
func (m *matrix) confuse(r door.Route, at, own, foreign *sample) (list []*httptest.ResponseRecorder) {
	path := strings.NewReplacer("{lang}", "en", "{id}", at.id).Replace(r.Path)
	for _, other := range []*sample{own, foreign} {
		names := map[string]string{"id": other.id, "_id": other.id, "owner": other.owner, "party": other.owner, "n": "1", "kind": other.kind, "as": other.owner, "user_id": "1"}
		body := map[string]any{"title": map[string]string{"en": "Confused"}, "state": "withdrawn", "to": "withdrawn"}
		query := url.Values{}
		for name, value := range names {
			body[name] = value
			query.Set(name, value)
		}
		form := url.Values{"title.en": {"Confused"}, "to": {"withdraw"}, "_revision": {"1"}, "audience": {"public"}, "groups": {"KEN"}}
		for name, value := range names {
			form.Set(name, value)
		}
		sent := form.Encode()
		if strings.HasPrefix(r.Path, "/api/") {
			sent = encode(body)
		}
		for _, target := range []string{path, path + "?" + query.Encode()} {
			list = append(list, m.ask("wsm-focal", r.Method, target, sent, "If-Match", "*", "X-Record", other.id))
		}
	}
	return list
}
