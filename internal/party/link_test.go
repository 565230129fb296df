package party

import (
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

func TestLinks(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		s, c := open(t, d)
		acc, secret := invite(t, s, "KEN", "v@ken.example", access.Viewer)
		if n := count(t, d, `SELECT COUNT(*) FROM link WHERE hash = $1`, secret); n != 0 || len(secret) != secretLen {
			t.Errorf("the secret %q is stored", secret)
		}
		for range 3 { // looking consumes nothing
			l, err := s.Link(ctx, secret)
			if err != nil || l.Purpose != LinkInvite || l.Account.ID != acc.ID || !l.Expires.Equal(c.now().Add(72*time.Hour)) {
				t.Fatalf("Link = %+v, %v", l, err)
			}
		}
		_, err := s.AcceptLink(ctx, secret, "short")
		wants(t, "a bad password", err, problem.Invalid, "password-short")
		_, _, err = s.SignInWithLink(ctx, secret, "", "")
		wants(t, "sign in by an invitation", err, problem.NotFound, "link-gone")
		var wg sync.WaitGroup
		var done atomic.Int64
		for range 8 {
			wg.Go(func() {
				if _, err := s.AcceptLink(ctx, secret, phrase); err == nil {
					done.Add(1)
				} else if !problem.Is(err, problem.NotFound) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if done.Load() != 1 {
			t.Errorf("an invitation was accepted %d times", done.Load())
		}
		_, err = s.Link(ctx, secret)
		wants(t, "a used link", err, problem.NotFound, "link-gone")
		_, session := as(t, s, acc)

		// A new link voids the old, and its use ends the sessions.
		reset, err := s.Relink(ctx, Operator(), acc.ID)
		wants(t, "reset", err, "", "")
		reset2, err := s.Relink(ctx, Operator(), acc.ID)
		wants(t, "reset again", err, "", "")
		_, err = s.AcceptLink(ctx, reset, phrase)
		wants(t, "the older link", err, problem.NotFound, "link-gone")
		_, err = s.AcceptLink(ctx, reset2, "another long enough phrase")
		wants(t, "the newer link", err, "", "")
		_, _, err = s.Authenticate(ctx, session)
		wants(t, "the session before the reset", err, problem.SignIn, "")
		_, _, err = s.SignIn(ctx, acc.Email, phrase, "", "")
		wants(t, "the old password", err, problem.Invalid, "")

		// Time and disabling end links.
		_, late := invite(t, s, "KEN", "late@ken.example", access.Viewer)
		gone, goneLink := invite(t, s, "KEN", "gone@ken.example", access.Viewer)
		if err := d.Tx(ctx, func(tx *db.Tx) error { // as if Disable had left the link behind
			_, err := tx.Exec(ctx, `UPDATE account SET disabled = 1 WHERE id = $1`, gone.ID)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		_, err = s.Link(ctx, goneLink)
		wants(t, "the link of a disabled account", err, problem.NotFound, "link-gone")
		_, err = s.Relink(ctx, Operator(), gone.ID)
		wants(t, "a new link for it", err, problem.Forbidden, "")
		c.add(72 * time.Hour)
		_, err = s.AcceptLink(ctx, late, phrase)
		wants(t, "a late link", err, problem.NotFound, "link-gone")
		for _, bad := range []string{"", "x", strings.Repeat("A", secretLen)} {
			_, err = s.Link(ctx, bad)
			wants(t, "link "+bad, err, problem.NotFound, "link-gone")
		}
	})
}

func TestSignInLinks(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		s, c := open(t, d)
		acc, _ := invite(t, s, "KEN", "fp@ken.example", access.FocalPoint)
		once, err := s.SignInLink(ctx, Operator(), acc.ID, 15*time.Minute, false)
		wants(t, "link", err, "", "")
		demo, err := s.SignInLink(ctx, Operator(), acc.ID, time.Hour, true)
		wants(t, "reusable link", err, "", "")
		session, _, err := s.SignInWithLink(ctx, once, "", "")
		wants(t, "sign in", err, "", "")
		actor, got, err := s.Authenticate(ctx, session)
		if err != nil || actor.Party != "KEN" || got.Pending() || got.HasPassword {
			t.Errorf("signed in as %+v %+v, %v", actor, got, err)
		}
		_, _, err = s.SignInWithLink(ctx, once, "", "")
		wants(t, "sign in twice", err, problem.NotFound, "link-gone")
		for range 3 {
			_, _, err = s.SignInWithLink(ctx, demo, "", "")
			wants(t, "the reusable link", err, "", "")
		}
		_, err = s.AcceptLink(ctx, demo, phrase)
		wants(t, "a password by a sign-in link", err, problem.NotFound, "link-gone")
		_, err = s.SignInLink(ctx, actor, acc.ID, time.Hour, true)
		wants(t, "a link made by an account", err, problem.Forbidden, "")
		_, err = s.SignInLink(ctx, Operator(), "nobody", time.Hour, true)
		wants(t, "a link for nobody", err, problem.NotFound, "")
		c.add(time.Hour)
		_, _, err = s.SignInWithLink(ctx, demo, "", "")
		wants(t, "the reusable link later", err, problem.NotFound, "link-gone")
	})
}
