package api

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"strings"
	"sync"
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

// talk is a kind with every type of field.
type talk struct {
	Title    i18n.Text          `json:"title" rec:"title,search,required,max=120"`
	Summary  i18n.Text          `json:"summary,omitzero" rec:"summary,search,long,max=2000"`
	Speaker  string             `json:"speaker,omitempty" rec:"search,max=60"`
	Topics   []string           `json:"topics" rec:"vocab=topic,facet,required"`
	Priority string             `json:"priority,omitempty" rec:"vocab=priority,facet"`
	Day      record.Date        `json:"day,omitempty" rec:"date"`
	Starts   record.Moment      `json:"starts,omitzero"`
	Seats    int                `json:"seats,omitempty" rec:"max=500"`
	Online   bool               `json:"online,omitempty" rec:"facet"`
	Link     record.URL         `json:"link,omitempty"`
	Contact  record.Email       `json:"contact,omitempty" rec:"choice"`
	Budget   string             `json:"budget,omitempty" rec:"audience=states,search"`
	Host     record.PartyCode   `json:"host,omitempty" rec:"facet"`
	Guests   []record.PartyCode `json:"guests,omitempty" rec:"open"`
	Before   record.Ref         `json:"before,omitempty" rec:"kind=talk"`
	Related  []record.Ref       `json:"related,omitempty"`
	Steps    []step             `json:"steps,omitempty"`
}

type step struct {
	Name i18n.Text   `json:"name" rec:"required"`
	Due  record.Date `json:"due,omitempty"`
}

// Check is a rule of the kind's own.
func (t *talk) Check(f *problem.Fields) { f.Check(!t.Online || t.Link != "", "link", "required") }

type secret struct {
	Title i18n.Text `json:"title" rec:"title"`
}

func kinds(t testing.TB) *record.Kinds {
	t.Helper()
	all := []access.PartyKind{access.State, access.Regional, access.UNEntity, access.Stakeholder, access.Secretariat}
	k, err := record.NewKind[talk](record.Kind{Name: "talk", Plural: "talks", Review: 24 * time.Hour, KindRule: access.KindRule{
		Authors: all, Audiences: []access.Audience{access.States, access.Public, access.Group, access.Own},
	}})
	if err != nil {
		t.Fatal(err)
	}
	inner, err := record.NewKind[secret](record.Kind{Name: "secret", Plural: "secrets", Internal: true, KindRule: access.KindRule{
		Authors: all, Audiences: []access.Audience{access.Own},
	}})
	if err != nil {
		t.Fatal(err)
	}
	v, err := vocab.Load()
	if err != nil {
		t.Fatal(err)
	}
	ks, err := record.NewKinds(v, []*record.Kind{k, inner})
	if err != nil {
		t.Fatal(err)
	}
	return ks
}

// portal is an API on a database with a few accounts.
type portal struct {
	t       *testing.T
	api     *API
	door    *door.Door
	parties *party.Store
	log     *bytes.Buffer
	tokens  map[string]string // by the account's name
	dir     *party.Directory
}

type clock struct {
	mu sync.Mutex
	at time.Time
}

// now moves on a little each time, so that no two changes are of one moment.
func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(1234567 * time.Nanosecond)
	return c.at
}

// each runs f on a fresh portal on each engine.
func each(t *testing.T, f func(*portal)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { f(open(t, d)) })
}

func open(t *testing.T, d *db.DB) *portal {
	t.Helper()
	c := &clock{at: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}
	places, err := reference.Load()
	if err != nil {
		t.Fatal(err)
	}
	p := &portal{t: t, log: &bytes.Buffer{}, tokens: map[string]string{}, parties: party.New(d, c.now)}
	if err := p.parties.Seed(t.Context(), places); err != nil {
		t.Fatal(err)
	}
	store := record.NewStore(d, kinds(t), func(ctx context.Context) (record.Directory, error) { return p.parties.Directory(ctx) }, search.New(d.Engine), c.now)
	words := fstest.MapFS{}
	for lang, messages := range map[string]map[string]string{"en": english(), "fr": french()} {
		b, err := json.Marshal(messages)
		if err != nil {
			t.Fatal(err)
		}
		words[lang+".json"] = &fstest.MapFile{Data: b}
	}
	catalog, err := i18n.LoadCatalog(words)
	if err != nil {
		t.Fatal(err)
	}
	p.api = &API{Store: store, Parties: p.parties, Base: "https://portal.example/"}
	p.door = &door.Door{Parties: p.parties, Catalog: catalog, Log: slog.New(slog.NewTextHandler(p.log, nil)), Now: c.now, FailAPI: p.api.Fail}
	p.api.Also([]door.Route{
		{Method: "GET", Path: "/api/v1/talks/{id}/matches", Who: door.Anyone, Kind: "talk", Act: "matches"},
		{Method: "GET", Path: "/{lang}/talks", Who: door.Anyone, Kind: "talk", Act: "list"},
	})
	if err := p.door.Add(p.api.Routes()...); err != nil {
		t.Fatal(err)
	}
	if p.dir, err = p.parties.Directory(t.Context()); err != nil {
		t.Fatal(err)
	}
	for name, a := range map[string]struct {
		party string
		role  access.Role
	}{
		"ken": {"KEN", access.FocalPoint}, "ken-editor": {"KEN", access.Editor}, "ken-viewer": {"KEN", access.Viewer},
		"est": {"EST", access.FocalPoint}, "wsm": {"WSM", access.FocalPoint},
		"first": {"FIRST", access.Contributor}, "moderator": {"UNODA", access.Moderator},
	} {
		p.account(name, a.party, a.role, party.ScopeWrite)
	}
	p.account("ken-reads", "KEN", access.FocalPoint, party.ScopeRead)
	return p
}

func (p *portal) account(name, code string, role access.Role, scope string) {
	p.t.Helper()
	acc, _, err := p.parties.Invite(p.t.Context(), party.Operator(), party.Account{
		Party: code, Name: name, Email: name + "@example.org", Lang: i18n.English, Roles: []access.Role{role},
	}, "")
	if err != nil {
		p.t.Fatal(err)
	}
	if _, p.tokens[name], err = p.parties.AddToken(p.t.Context(), party.Operator(), acc.ID, "test", []string{scope}, time.Time{}); err != nil {
		p.t.Fatal(err)
	}
}

// reply is an answer of the API.
type reply struct {
	*httptest.ResponseRecorder
	json object
}

// ask sends a request as the account of the name, "" for nobody. Headers are
// pairs; a body that is no string is sent as JSON.
func (p *portal) ask(who, method, target string, body any, headers ...string) reply {
	p.t.Helper()
	var sent []byte
	switch b := body.(type) {
	case nil:
	case string:
		sent = []byte(b)
	default:
		var err error
		if sent, err = json.Marshal(b); err != nil {
			p.t.Fatal(err)
		}
	}
	r := httptest.NewRequest(method, target, bytes.NewReader(sent))
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if who != "" {
		r.Header.Set("Authorization", "Bearer "+p.tokens[who])
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	p.door.ServeHTTP(w, r)
	answer := reply{ResponseRecorder: w}
	if w.Body.Len() > 0 && strings.Contains(w.Header().Get("Content-Type"), "json") {
		if err := json.Unmarshal(w.Body.Bytes(), &answer.json); err != nil {
			p.t.Fatalf("%s %s: %v in %s", method, target, err, w.Body)
		}
	}
	if w.Code >= 500 {
		p.t.Errorf("%s %s: %d %s\n%s", method, target, w.Code, w.Body, p.log)
	}
	return answer
}

// want fails unless the answer has the status.
func (p *portal) want(r reply, status int) reply {
	p.t.Helper()
	if r.Code != status {
		p.t.Fatalf("got status %d, want %d: %s", r.Code, status, r.Body)
	}
	return r
}

// wantField fails unless the answer is a problem with the field and code.
func (p *portal) wantField(r reply, status int, field, code string) {
	p.t.Helper()
	p.want(r, status)
	list, _ := r.json["errors"].([]any)
	for _, item := range list {
		if x := item.(object); x["field"] == field && x["code"] == code {
			if x["detail"] == "" || strings.HasPrefix(x["detail"].(string), "error.") {
				p.t.Errorf("no words for %s: %v", code, x)
			}
			return
		}
	}
	p.t.Errorf("got %s, want a problem with %s: %s", r.Body, field, code)
}

// make sends a new talk and returns its id.
func (p *portal) make(who, title string, more object) string {
	p.t.Helper()
	b := object{"title": object{"en": title}, "topics": []string{"national-strategy"}, "state": "published"}
	for k, v := range more {
		b[k] = v
	}
	return p.want(p.ask(who, "POST", "/api/v1/talks", b), 201).json["id"].(string)
}

func (r reply) ids() string {
	var ids []string
	items, _ := r.json["items"].([]any)
	for _, item := range items {
		ids = append(ids, fmt.Sprint(item.(object)["id"]))
	}
	return strings.Join(ids, " ")
}

func (r reply) count(facet, value string) any {
	facets, _ := r.json["facets"].(object)
	list, _ := facets[facet].([]any)
	for _, c := range list {
		if c := c.(object); c["value"] == value {
			return c["count"]
		}
	}
	return nil
}

// english are the messages that the package needs.
func english() map[string]string {
	return map[string]string{
		"problem.not-found": "Not found", "problem.not-found.text": "There is nothing here that you may see.",
		"problem.sign-in": "Sign in", "problem.sign-in.text": "Send the token of an account.",
		"problem.forbidden": "Not allowed", "problem.forbidden.text": "You may see this but not do it.",
		"problem.invalid": "Fields are wrong", "problem.invalid.text": "Some fields need another look.",
		"problem.bad-request": "The request cannot be read", "problem.bad-request.text": "The request cannot be read.",
		"problem.conflict": "Changed meanwhile", "problem.conflict.text": "It has changed since you read it.",
		"problem.too-large": "Too large", "problem.too-large.text": "More than the limit.",
		"problem.too-many": "Too many requests", "problem.too-many.text": "Try again later.",
		"problem.unsupported": "Not supported", "problem.unsupported.text": "Not supported.",
		"problem.precondition": "If-Match is missing", "problem.precondition.text": "If-Match is missing.",
		"problem.internal": "A fault", "problem.internal.text": "It is our fault.",
		"error.unknown-parameter": "There is no such parameter.", "error.once": "Give this parameter once.",
		"error.encoding": "This is not UTF-8.", "error.one-of": "One of: {0}.", "error.parameters": "Some parameters are wrong.",
		"error.query": "The query cannot be read.", "error.media-type": "Send {0}.", "error.json": "Not JSON, at byte {0}.",
		"error.json-object": "An object is needed.", "error.json-depth": "Nested deeper than {0}.", "error.json-twice": "{0} is there twice.",
		"error.json-list": "A list is needed.", "error.json-string": "A string is needed.", "error.json-flag": "true or false is needed.",
		"error.json-text": "A text is needed.", "error.unknown-field": "There is no such field.", "error.read-only": "This cannot be changed here.",
		"error.original": "There is no text in that language.", "error.if-match": "Send If-Match.", "error.changed-meanwhile": "It is at revision {0} now.",
		"error.transition": "It cannot become {0} from here.", "error.token-reads": "This token only reads.",
		"error.idempotency-key": "At most {0} characters.", "error.required": "This is needed.", "error.too-long": "At most {0} characters, not {1}.",
		"error.number": "A whole number is needed.", "error.number-range": "From {0} to {1}.", "error.code": "{0} is not in the list.",
		"error.party": "{0} is not a party.", "error.url": "Not an address.", "error.email": "Not an e-mail address.", "error.date": "Not a date.",
		"error.moment": "Not a time.", "error.ref": "No such record.", "error.too-many": "At most {0}, not {1}.", "error.cursor": "Not a cursor of ours.",
		"error.audience": "Not an audience of this kind.", "error.narrowed": "Not a field to narrow.", "error.body-too-large": "At most {0} bytes.",
		"error.token-invalid": "The token is not valid.", "error.bearer": "Send a bearer token.", "error.sealed-not-yet": "Not yet.",
		"error.forbidden.create": "You may not make one.", "error.forbidden.edit": "You may not change it.", "error.forbidden.share": "You may not share it.",
		"error.forbidden.publish": "You may not publish it.", "error.forbidden.withdraw": "You may not withdraw it.",
		"error.forbidden.submit": "You may not submit it.", "error.forbidden.reject": "You may not reject it.", "error.forbidden.return": "You may not return it.",
		"error.forbidden.archive": "You may not archive it.", "error.forbidden.restore": "You may not restore it.",
	}
}

func french() map[string]string {
	return map[string]string{
		"problem.not-found": "Introuvable", "problem.not-found.text": "Il n’y a rien ici que vous puissiez voir.",
		"problem.invalid": "Des champs sont à revoir", "error.required": "Ce champ est nécessaire.",
	}
}

// words is a text in English.
func words(s string) object { return object{"en": s, "original": "en"} }
