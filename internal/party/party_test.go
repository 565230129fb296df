package party

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"concord/internal/access"
	"concord/internal/db"
	"concord/internal/i18n"
	"concord/internal/problem"
)

// clock is a clock that only tests move.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

const phrase = "three quiet rivers under glass"

// cheap keeps tests fast; nothing but tests uses it.
func cheap() Option { return WithCost(Cost{Memory: 8, Time: 1, Threads: 1}) }

func english(s string) i18n.Text { return i18n.NewText(i18n.English, s) }

// open returns a store with a few parties.
func open(t testing.TB, d *db.DB) (*Store, *clock) {
	t.Helper()
	c := &clock{t: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}
	s := New(d, c.now, cheap())
	party := func(code string, kind access.PartyKind, name string) Party {
		p := Party{Code: code, Kind: kind, Names: english(name), Zone: "UTC", Lang: i18n.English}
		if kind == access.State {
			p.Status = "member"
		}
		return p
	}
	err := s.seed(t.Context(), []Party{
		party("KEN", access.State, "Kenya"), party("UGA", access.State, "Uganda"),
		party("AU", access.Regional, "African Union"), party("UNIDIR", access.UNEntity, "UNIDIR"),
		party("ACME", access.Stakeholder, "Acme"), party("UNODA", access.Secretariat, "Secretariat"),
	}, []Group{
		{Code: "@east", Type: "informal", Names: english("East"), Members: []string{"UGA", "KEN"}, Source: "test"},
		{Code: "@au", Type: "organisation", Names: english("AU members"), Members: []string{"KEN"}, Source: "test"},
	})
	if err != nil {
		t.Fatal(err)
	}
	return s, c
}

// invite makes a pending account, on the operator's authority.
func invite(t testing.TB, s *Store, party, email string, roles ...access.Role) (Account, string) {
	t.Helper()
	a, secret, err := s.Invite(t.Context(), Operator(), Account{
		Party: party, Name: "Someone Else", Email: email, Lang: i18n.English, Roles: roles}, "")
	if err != nil {
		t.Fatalf("invite %s: %v", email, err)
	}
	return a, secret
}

// join makes an account that has a password, the phrase.
func join(t testing.TB, s *Store, party, email string, roles ...access.Role) Account {
	t.Helper()
	_, secret := invite(t, s, party, email, roles...)
	if _, err := s.AcceptLink(t.Context(), secret, phrase); err != nil {
		t.Fatal(err)
	}
	a, err := s.Find(t.Context(), Operator(), email)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// as signs the account in and returns who it then is, and its session.
func as(t testing.TB, s *Store, a Account) (access.Actor, string) {
	t.Helper()
	secret, _, err := s.SignIn(t.Context(), a.Email, phrase, "", "test")
	if err != nil {
		t.Fatalf("sign in %s: %v", a.Email, err)
	}
	actor, _, err := s.Authenticate(t.Context(), secret)
	if err != nil {
		t.Fatal(err)
	}
	return actor, secret
}

// wants fails unless err is a problem of the kind with the code, or nil if
// the kind is "".
func wants(t testing.TB, what string, err error, kind problem.Kind, code string) {
	t.Helper()
	if kind == "" {
		if err != nil {
			t.Errorf("%s: got %v, want no error", what, err)
		}
		return
	}
	if !problem.Is(err, kind) || !strings.Contains(err.Error(), code) {
		t.Errorf("%s: got %v, want %s %s", what, err, kind, code)
	}
}

// count counts rows.
func count(t testing.TB, d *db.DB, query string, args ...any) int {
	t.Helper()
	var n int
	if err := d.QueryRow(context.Background(), query, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}
