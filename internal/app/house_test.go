package app

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"concord/internal/access"
	"concord/internal/db/dbtest"
	"concord/internal/i18n"
	"concord/internal/party"
	"concord/internal/web"
)

// house is a portal in this process with the assistance module and the test
// module, people of every standing, and a clock that only tests turn.
type house struct {
	*Portal
	t      *testing.T
	people map[string]*caller
	log    *logged

	mu sync.Mutex
	at time.Time
}

// caller is somebody who asks: a browser's session, a program's token.
type caller struct {
	name    string
	party   string
	role    access.Role
	session string
	token   string
	actor   access.Actor
}

// logged is what the portal wrote to its log.
type logged struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logged) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(b)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

var dawn = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

func (h *house) now() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.at
}

// turn sets the clock to so long after dawn.
func (h *house) turn(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.at = dawn.Add(d)
}

// people are who asks in these tests. Estonia is a member of @un-eastern-european and
// OAS is named in records; the African Union and FIRST are not.
func everybody() []caller {
	return []caller{
		{name: "public"},
		{name: "wsm-focal", party: "WSM", role: access.FocalPoint},
		{name: "wsm-editor", party: "WSM", role: access.Editor},
		{name: "wsm-viewer", party: "WSM", role: access.Viewer},
		{name: "wsm-contact", party: "WSM", role: access.Contact},
		{name: "wsm-reads", party: "WSM", role: access.FocalPoint}, // by a token that only reads
		{name: "ken-focal", party: "KEN", role: access.FocalPoint},
		{name: "ken-editor", party: "KEN", role: access.Editor},
		{name: "est-viewer", party: "EST", role: access.Viewer},
		{name: "oas-focal", party: "OAS", role: access.FocalPoint},
		{name: "itu-focal", party: "ITU", role: access.FocalPoint},
		{name: "gfce", party: "GFCE", role: access.Contributor},
		{name: "first", party: "FIRST", role: access.Contributor},
		{name: "moderator", party: "UNODA", role: access.Moderator},
		{name: "admin", party: "UNODA", role: access.Administrator},
		{name: "auditor", party: "UNODA", role: access.Auditor},
	}
}

// onBoth runs f on a house on each engine.
func onBoth(t *testing.T, f func(t *testing.T, dsn string)) {
	t.Run("sqlite", func(t *testing.T) { f(t, filepath.Join(t.TempDir(), databaseName)) })
	t.Run("postgres", func(t *testing.T) { f(t, dbtest.PostgresDSN(t)) })
}

func openHouse(t *testing.T, dsn string) *house {
	t.Helper()
	h := &house{t: t, people: map[string]*caller{}, log: &logged{}, at: dawn}
	modules, err := Modules()
	h.must(err)
	extra, err := library()
	h.must(err)
	h.Portal, err = Open(t.Context(), Options{
		Database: dsn, Base: "https://portal.example", Now: h.now, Log: slog.New(slog.NewTextHandler(h.log, nil)),
	}, append(modules, []web.Module{extra}...)...)
	h.must(err)
	t.Cleanup(func() { h.Close() })
	for _, c := range everybody() {
		h.people[c.name] = &c
		if c.party != "" {
			h.join(&c)
		}
	}
	return h
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// join makes the caller's account, session and token.
func (h *house) join(c *caller) {
	h.t.Helper()
	ctx, operator := h.t.Context(), party.Operator()
	acc, _, err := h.Parties.Invite(ctx, operator, party.Account{
		Party: c.party, Name: "Person " + c.name, Email: c.name + "@example.org", Lang: i18n.English, Roles: []access.Role{c.role},
	}, "test")
	h.must(err)
	scopes := []string{party.ScopeRead, party.ScopeWrite}
	if c.name == "wsm-reads" {
		scopes = scopes[:1]
	}
	_, c.token, err = h.Parties.AddToken(ctx, operator, acc.ID, "test", scopes, h.now().AddDate(0, 0, 200))
	h.must(err)
	link, err := h.Parties.SignInLink(ctx, operator, acc.ID, time.Hour, true)
	h.must(err)
	c.session, _, err = h.Parties.SignInWithLink(ctx, link, "", "test")
	h.must(err)
	c.actor, _, err = h.Parties.AuthenticateToken(ctx, c.token)
	h.must(err)
}

// actor is who the caller of the name is to the store.
func (h *house) actor(name string) access.Actor { return h.people[name].actor }

// ask sends a request as the caller of the name: pages by its session, the API
// by its token. Headers are pairs.
func (h *house) ask(who, method, target, body string, headers ...string) *httptest.ResponseRecorder {
	h.t.Helper()
	var sent io.Reader
	if body != "" {
		sent = strings.NewReader(body)
	}
	r := httptest.NewRequest(method, target, sent)
	c := h.people[who]
	machine := strings.HasPrefix(target, "/api/")
	switch {
	case machine && body != "":
		r.Header.Set("Content-Type", "application/json")
	case body != "":
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if machine && c.token != "" {
		r.Header.Set("Authorization", "Bearer "+c.token)
	}
	if !machine && c.session != "" {
		r.AddCookie(&http.Cookie{Name: "session", Value: c.session})
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.Door.ServeHTTP(w, r)
	if w.Code >= 500 {
		h.t.Errorf("%s %s %s: %d\n%s", who, method, target, w.Code, h.log)
	}
	return w
}

// onAnother runs f with another empty database of the same engine as dsn's.
func onAnother(t *testing.T, dsn string, f func(dsn string)) {
	if strings.HasPrefix(dsn, "postgres") {
		f(dbtest.PostgresDSN(t))
	} else {
		f(filepath.Join(t.TempDir(), databaseName))
	}
}
