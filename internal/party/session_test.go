package party

import (
	"fmt"
	"slices"
	"strings"
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
			wants(t, "within twelve hours", err, "", "")
		}
		c.add(90 * time.Minute)
		_, _, err = s.Authenticate(ctx, fresh)
		wants(t, "after twelve hours", err, problem.SignIn, "session-over")
	})
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
