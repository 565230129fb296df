package party

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"concord/internal/access"
	"concord/internal/db"
	"concord/internal/db/dbtest"
	"concord/internal/problem"
)

func TestSessions(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		s, c := open(t, d)
		acc := join(t, s, "KEN", "fp@ken.example", access.FocalPoint)
		join(t, s, "KEN", "fp2@ken.example", access.FocalPoint)
		actor, session := as(t, s, acc)
		want := access.Actor{Account: acc.ID, Name: acc.Name, Party: "KEN", Kind: access.State,
			Groups: []string{"@au", "@east"}, Roles: []access.Role{access.FocalPoint}, Via: "web"}
		if fmt.Sprint(actor) != fmt.Sprint(want) {
			t.Errorf("actor = %+v, want %+v", actor, want)
		}
		if n := count(t, d, `SELECT COUNT(*) FROM session WHERE hash = $1`, session); n != 0 {
			t.Error("the secret of a session is stored")
		}
		alive := func(name, session string, ok bool) {
			t.Helper()
			a, _, err := s.Authenticate(ctx, session)
			if ok != (err == nil) || !ok && (!problem.Is(err, problem.SignIn) || !a.Anonymous()) {
				t.Errorf("%s: %+v, %v, want %v", name, a, err, ok)
			}
		}
		for _, bad := range []string{"", "x", strings.Repeat("A", secretLen), hashOf(session), acc.ID, "' OR ''='"} {
			alive("secret "+bad, bad, false)
		}

		// Idle for an hour, or twelve hours in all.
		for range 12 {
			c.add(59 * time.Minute)
			alive("in use", session, true)
		}
		c.add(13 * time.Minute)
		alive("after twelve hours", session, false)
		_, session = as(t, s, acc)
		c.add(time.Hour)
		alive("idle for an hour", session, false)

		// The last use is written once a minute.
		_, session = as(t, s, acc)
		seen := func() int64 {
			var us int64
			if err := d.QueryRow(ctx, `SELECT seen FROM session WHERE hash = $1`, hashOf(session)).Scan(&us); err != nil {
				t.Fatal(err)
			}
			return us
		}
		before := seen()
		c.add(59 * time.Second)
		alive("soon", session, true)
		if seen() != before {
			t.Error("the last use was written within a minute")
		}
		c.add(time.Second)
		alive("a minute later", session, true)
		if seen() != db.Micro(c.now()) {
			t.Error("the last use was not written after a minute")
		}

		// Each sign-in is another session; each ends alone or all together.
		actor, second := as(t, s, acc)
		_, third := as(t, s, acc)
		list, err := s.Sessions(ctx, actor, second)
		if err != nil || len(list) != 3 || session == second || second == third {
			t.Fatalf("Sessions = %+v, %v", list, err)
		}
		for _, x := range list {
			if x.Current != (x.ID == hashOf(second)) || x.Agent != "test" || x.Expires.Sub(x.Created) != 12*time.Hour {
				t.Errorf("session %+v", x)
			}
		}
		wants(t, "sign out", s.SignOut(ctx, session), "", "")
		wants(t, "sign out twice", s.SignOut(ctx, session), "", "")
		alive("signed out", session, false)
		alive("another", second, true)
		other, _ := as(t, s, join(t, s, "UGA", "v@uga.example", access.Viewer))
		wants(t, "end a stranger's session", s.EndSession(ctx, other, hashOf(second)), "", "")
		alive("which ended nothing", second, true)
		wants(t, "end a session", s.EndSession(ctx, actor, hashOf(third)), "", "")
		alive("ended", third, false)
		_, fourth := as(t, s, acc)
		wants(t, "sign out everywhere", s.SignOutEverywhere(ctx, actor), "", "")
		alive("here", second, false)
		alive("there", fourth, false)

		// A role that goes acts on the next request; one that comes ends the
		// session (C17); disabling ends all.
		_, session = as(t, s, acc)
		roles := func(want ...access.Role) {
			t.Helper()
			if err := s.SetRoles(ctx, Operator(), acc.ID, want); err != nil {
				t.Fatal(err)
			}
		}
		roles(access.FocalPoint, access.CSIRT)
		alive("with a new role", session, false)
		_, session = as(t, s, acc)
		roles(access.CSIRT)
		if a, _, err := s.Authenticate(ctx, session); err != nil || !slices.Equal(a.Roles, []access.Role{access.CSIRT}) {
			t.Errorf("with a role less: %+v, %v", a, err)
		}
		if err := s.Disable(ctx, Operator(), acc.ID); err != nil {
			t.Fatal(err)
		}
		alive("disabled", session, false)
		if err := s.Enable(ctx, Operator(), acc.ID); err != nil {
			t.Fatal(err)
		}
		alive("enabled again", session, false)
		_, session = as(t, s, acc)
		// even if the row were left behind
		if err := d.Tx(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE account SET disabled = 1 WHERE id = $1`, acc.ID)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		alive("disabled with a session left", session, false)
	})
}

func TestStepUp(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		s, c := open(t, d)
		acc := join(t, s, "KEN", "fp@ken.example", access.FocalPoint)
		actor, session := as(t, s, acc)
		_, strangers := as(t, s, join(t, s, "UGA", "v@uga.example", access.Viewer))
		signed := c.now()
		c.add(30 * time.Minute)
		if _, a, err := s.Authenticate(ctx, session); err != nil || !a.Proved.Equal(signed) {
			t.Errorf("proved at %v, %v, want %v", a.Proved, err, signed)
		}
		_, err := s.StepUp(ctx, actor, session, "wrong", "")
		wants(t, "a wrong password", err, problem.Invalid, "sign-in-failed")
		_, err = s.StepUp(ctx, actor, strangers, phrase, "")
		wants(t, "a stranger's session", err, problem.SignIn, "")
		fresh, err := s.StepUp(ctx, actor, session, phrase, "")
		wants(t, "step up", err, "", "")
		_, _, err = s.Authenticate(ctx, session)
		wants(t, "the old secret", err, problem.SignIn, "")
		if _, a, err := s.Authenticate(ctx, fresh); err != nil || !a.Proved.Equal(c.now()) {
			t.Errorf("proved at %v, %v, want now", a.Proved, err)
		}
		for range 12 { // the twelve hours run from the sign-in
			c.add(50 * time.Minute)
			_, _, err = s.Authenticate(ctx, fresh)
		}
		c.add(90 * time.Minute)
		_, _, err = s.Authenticate(ctx, fresh)
		wants(t, "after twelve hours", err, problem.SignIn, "session-over")
	})
}

func TestTokens(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		s, c := open(t, d)
		acc := join(t, s, "KEN", "ed@ken.example", access.Editor)
		actor, session := as(t, s, acc)
		stranger, _ := as(t, s, join(t, s, "KEN", "fp@ken.example", access.FocalPoint))
		add := func(scopes ...string) (Token, string) {
			t.Helper()
			tok, secret, err := s.AddToken(ctx, actor, acc.ID, "my script", scopes, time.Time{})
			if err != nil {
				t.Fatal(err)
			}
			return tok, secret
		}
		reading, r := add(ScopeRead)
		_, w := add(ScopeWrite, ScopeRead)
		if !strings.HasPrefix(r, "concord_") || count(t, d, `SELECT COUNT(*) FROM token WHERE hash = $1`, r) != 0 {
			t.Errorf("token %q", r)
		}
		for secret, reads := range map[string]bool{r: true, w: false} {
			a, _, err := s.AuthenticateToken(ctx, secret)
			if err != nil || a.Reads != reads || a.Via != "api" || a.Party != "KEN" || !slices.Equal(a.Roles, acc.Roles) {
				t.Errorf("token is %+v, %v", a, err)
			}
		}
		for _, bad := range []string{"", "concord_", strings.TrimPrefix(r, "concord_"), r[:len(r)-1], session, "concord_" + session, strings.ToUpper(r)} {
			_, _, err := s.AuthenticateToken(ctx, bad)
			wants(t, "token "+bad, err, problem.SignIn, "token-invalid")
		}
		if _, _, err := s.Authenticate(ctx, r); !problem.Is(err, problem.SignIn) {
			t.Errorf("a token as session: %v", err)
		}

		// A token makes no token, reads no list of tokens, ends no session.
		byToken, _, _ := s.AuthenticateToken(ctx, w)
		_, _, err := s.AddToken(ctx, byToken, acc.ID, "more", []string{ScopeWrite}, time.Time{})
		wants(t, "a token by a token", err, problem.Forbidden, "account.own")
		_, err = s.Tokens(ctx, byToken, acc.ID)
		wants(t, "tokens by a token", err, problem.NotFound, "")
		wants(t, "revoked by a token", s.RevokeToken(ctx, byToken, reading.ID), problem.NotFound, "")
		wants(t, "sessions by a token", s.SignOutEverywhere(ctx, byToken), problem.Forbidden, "account.own")
		wants(t, "revoked by a manager", s.RevokeToken(ctx, stranger, reading.ID), problem.NotFound, "")

		for name, row := range map[string]struct {
			title   string
			scopes  []string
			expires time.Duration
			field   string
		}{
			"no name":      {" ", []string{ScopeRead}, time.Hour, "name: required"},
			"no scope":     {"n", nil, time.Hour, "scopes: required"},
			"other scope":  {"n", []string{"admin"}, time.Hour, "scopes: code"},
			"over already": {"n", []string{ScopeRead}, -time.Hour, "expires: token-expires"},
			"over a year":  {"n", []string{ScopeRead}, 366 * 24 * time.Hour, "expires: token-expires"},
		} {
			_, _, err := s.AddToken(ctx, actor, acc.ID, row.title, row.scopes, c.now().Add(row.expires))
			wants(t, name, err, problem.Invalid, row.field)
		}

		// Roles of the moment; last use once an hour.
		if err := s.SetRoles(ctx, stranger, acc.ID, []access.Role{access.Viewer}); err != nil {
			t.Fatal(err)
		}
		if a, _, err := s.AuthenticateToken(ctx, w); err != nil || a.Has(access.Editor) {
			t.Errorf("token with a role that is gone: %+v, %v", a, err)
		}
		first := c.now()
		c.add(59 * time.Minute)
		used := func() time.Time {
			if _, _, err := s.AuthenticateToken(ctx, r); err != nil {
				t.Fatal(err)
			}
			list, err := s.Tokens(ctx, Operator(), acc.ID)
			if err != nil || len(list) != 2 {
				t.Fatalf("Tokens = %v, %v", list, err)
			}
			i := slices.IndexFunc(list, func(x Token) bool { return x.ID == reading.ID })
			return list[i].Used
		}
		if got := used(); !got.Equal(first) {
			t.Errorf("used at %v, want %v", got, first)
		}
		c.add(time.Minute)
		if got := used(); !got.Equal(c.now()) {
			t.Errorf("used at %v, want %v", got, c.now())
		}

		actor, _ = as(t, s, acc)
		wants(t, "revoke", s.RevokeToken(ctx, actor, reading.ID), "", "")
		_, _, err = s.AuthenticateToken(ctx, r)
		wants(t, "revoked", err, problem.SignIn, "token-invalid")
		wants(t, "revoke twice", s.RevokeToken(ctx, actor, reading.ID), problem.NotFound, "")
		c.add(tokenDefault)
		_, _, err = s.AuthenticateToken(ctx, w)
		wants(t, "after ninety days", err, problem.SignIn, "token-invalid")

		_, z := add(ScopeRead)
		disabled := func(at int) {
			t.Helper()
			err := d.Tx(ctx, func(tx *db.Tx) error {
				_, err := tx.Exec(ctx, `UPDATE account SET disabled = $1 WHERE id = $2`, at, acc.ID)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		disabled(1) // with the token left behind
		_, _, err = s.AuthenticateToken(ctx, z)
		wants(t, "left behind", err, problem.SignIn, "token-invalid")
		disabled(0)
		wants(t, "disable", s.Disable(ctx, stranger, acc.ID), "", "")
		_, _, err = s.AuthenticateToken(ctx, z)
		wants(t, "of a disabled account", err, problem.SignIn, "token-invalid")
		for _, action := range []string{"token.add", "token.revoke", "account.disable"} {
			if count(t, d, `SELECT COUNT(*) FROM audit WHERE action = $1 AND outcome = 'done'`, action) == 0 {
				t.Errorf("no %s in the trail", action)
			}
		}
	})
}

func TestAllow(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		s, c := open(t, d)
		var passed atomic.Int64
		var wg sync.WaitGroup
		for range 40 {
			wg.Go(func() {
				ok, err := s.Allow(ctx, "k", 15, time.Hour)
				if err != nil {
					t.Error(err)
				}
				if ok {
					passed.Add(1)
				}
			})
		}
		wg.Wait()
		if passed.Load() != 15 {
			t.Errorf("%d at once passed, want 15", passed.Load())
		}
		if ok, _ := s.Allow(ctx, "other", 15, time.Hour); !ok {
			t.Error("another key is limited too")
		}
		behind := New(d, func() time.Time { return c.now().Add(-2 * time.Hour) }, cheap())
		if ok, _ := behind.Allow(ctx, "k", 15, time.Hour); ok {
			t.Error("a clock behind forgets")
		}
		for range 10 {
			if ok, _ := s.Allow(ctx, "two clocks", 15, time.Hour); !ok {
				t.Error("limited too soon")
			}
		}
		n := 10
		for i := range 20 {
			if ok, _ := []*Store{behind, s}[i%2].Allow(ctx, "two clocks", 15, time.Hour); ok {
				n++
			}
		}
		if n != 15 {
			t.Errorf("%d passed by two clocks, want 15", n)
		}
		if err := s.Purge(ctx); err != nil {
			t.Fatal(err)
		}
		if ok, _ := s.Allow(ctx, "k", 15, time.Hour); ok {
			t.Error("Purge forgot what still counts")
		}
		c.add(3 * time.Hour)
		if err := s.Purge(ctx); err != nil {
			t.Fatal(err)
		}
		if n := count(t, d, `SELECT COUNT(*) FROM attempt`); n != 0 {
			t.Errorf("%d rows left after Purge", n)
		}
	})
}

// However uses are spread, no stretch of time has more than the limit.
func TestAllowSlides(t *testing.T) {
	s, c := open(t, dbtest.SQLite(t))
	const limit, per = 5, time.Hour
	var times []time.Time
	for i := range 400 {
		ok, err := s.Allow(t.Context(), "k", limit, per)
		if err != nil {
			t.Fatal(err)
		}
		if ok {
			times = append(times, c.now())
		}
		c.add(time.Duration(i*i%7) * 31 * time.Second)
	}
	for i := limit; i < len(times); i++ {
		if d := times[i].Sub(times[i-limit]); d < per {
			t.Errorf("%d uses within %v", limit+1, d)
		}
	}
	if hours := int(c.now().Sub(times[0]).Hours()); len(times) < hours*limit*3/5 {
		t.Errorf("only %d uses in %d hours", len(times), hours)
	}
}

func TestPurge(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, c := open(t, d)
		acc := join(t, s, "KEN", "v@ken.example", access.Viewer)
		as(t, s, acc)
		if _, _, err := s.AddToken(t.Context(), Operator(), acc.ID, "t", []string{ScopeRead}, time.Time{}); err != nil {
			t.Fatal(err)
		}
		c.add(100 * 24 * time.Hour)
		_, live := as(t, s, acc)
		if err := s.Purge(t.Context()); err != nil {
			t.Fatal(err)
		}
		for table, want := range map[string]int{"session": 1, "link": 0, "token": 1} {
			if n := count(t, d, `SELECT COUNT(*) FROM `+table); n != want {
				t.Errorf("%d rows in %s, want %d", n, table, want)
			}
		}
		if _, _, err := s.Authenticate(t.Context(), live); err != nil {
			t.Error(err)
		}
	})
}

func BenchmarkAuthenticate(b *testing.B) {
	for name, d := range map[string]*db.DB{"sqlite": dbtest.SQLite(b), "postgres": dbtest.Postgres(b)} {
		s, _ := open(b, d)
		acc := join(b, s, "KEN", "fp@ken.example", access.FocalPoint)
		_, session := as(b, s, acc)
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, _, err := s.Authenticate(b.Context(), session); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
