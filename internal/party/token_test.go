package party

import (
	"slices"
	"strings"
	"testing"
	"time"

	"concord/internal/access"
	"concord/internal/db"
	"concord/internal/db/dbtest"
	"concord/internal/problem"
)

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
