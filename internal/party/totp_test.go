package party

import (
	"fmt"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pquerna/otp/hotp"

	"concord/internal/access"
	"concord/internal/db"
	"concord/internal/db/dbtest"
	"concord/internal/problem"
)

// code is the code of the moment.
func code(t testing.TB, seed string, at time.Time) string {
	t.Helper()
	c, err := hotp.GenerateCode(seed, uint64(at.Unix()/totpPeriod))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestTOTP(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		s, c := open(t, d)
		acc := join(t, s, "KEN", "fp@ken.example", access.FocalPoint)
		actor, session := as(t, s, acc)
		_, err := s.BeginTOTP(ctx, actor, "wrong")
		wants(t, "begin with a wrong password", err, problem.Invalid, "sign-in-failed")
		e, err := s.BeginTOTP(ctx, actor, phrase)
		wants(t, "begin", err, "", "")
		u, err := url.Parse(e.URL)
		if err != nil || u.Scheme != "otpauth" || u.Host != "totp" || u.Path != "/Concord:fp@ken.example" ||
			u.Query().Get("secret") != e.Secret || u.Query().Get("issuer") != "Concord" || len(e.Secret) != 32 {
			t.Errorf("URL = %s, %v", e.URL, err)
		}
		as(t, s, acc) // nothing has changed yet
		wants(t, "confirm with a wrong code", s.ConfirmTOTP(ctx, actor, "000000"), problem.Invalid, "totp-code")
		first := code(t, e.Secret, c.now())
		wants(t, "confirm", s.ConfirmTOTP(ctx, actor, first[:3]+" "+first[3:]), "", "")
		wants(t, "confirm twice", s.ConfirmTOTP(ctx, actor, first), problem.Invalid, "totp-code")
		_, err = s.BeginTOTP(ctx, actor, phrase)
		wants(t, "begin again", err, problem.Forbidden, "totp-on")

		in := func(name, code string, ok bool) {
			t.Helper()
			_, _, err := s.SignIn(ctx, acc.Email, phrase, code, "")
			if (err == nil) != ok || err != nil && !strings.Contains(err.Error(), "sign-in-failed") {
				t.Errorf("%s: %v, want success = %v", name, err, ok)
			}
		}
		in("without a code", "", false)
		in("with the code that confirmed", first, false)
		c.add(totpPeriod * time.Second)
		in("with the next", code(t, e.Secret, c.now()), true)
		in("with it again", code(t, e.Secret, c.now()), false)
		in("with one ahead", code(t, e.Secret, c.now().Add(totpPeriod*time.Second)), true)
		in("with the one before it", code(t, e.Secret, c.now()), false)
		c.add(10 * totpPeriod * time.Second)
		in("two steps behind", code(t, e.Secret, c.now().Add(-2*totpPeriod*time.Second)), false)
		in("two steps ahead", code(t, e.Secret, c.now().Add(2*totpPeriod*time.Second)), false)
		in("one step behind", code(t, e.Secret, c.now().Add(-totpPeriod*time.Second)), true)

		// Of many with one code, one passes.
		c.add(2 * time.Hour)
		var wg sync.WaitGroup
		var passed atomic.Int64
		now := code(t, e.Secret, c.now())
		for range 8 {
			wg.Go(func() {
				if _, _, err := s.SignIn(ctx, acc.Email, phrase, now, ""); err == nil {
					passed.Add(1)
				}
			})
		}
		wg.Wait()
		if passed.Load() != 1 {
			t.Errorf("one code passed %d times", passed.Load())
		}

		// A link does not stand for the code.
		link, err := s.SignInLink(ctx, Operator(), acc.ID, time.Hour, false)
		wants(t, "link", err, "", "")
		c.add(totpPeriod * time.Second)
		_, _, err = s.SignInWithLink(ctx, link, "", "")
		wants(t, "link without a code", err, problem.Invalid, "sign-in-failed")
		_, _, err = s.SignInWithLink(ctx, link, code(t, e.Secret, c.now()), "")
		wants(t, "link with a code", err, "", "")

		c.add(2 * time.Hour) // so far those were guesses

		// The second factor allows a shorter password, and keeps it from going.
		c.add(totpPeriod * time.Second)
		_, err = s.SetPassword(ctx, actor, phrase, code(t, e.Secret, c.now()), "quiet glass", "")
		wants(t, "a shorter password", err, "", "")
		_, _, err = s.Authenticate(ctx, session)
		wants(t, "the session before", err, problem.SignIn, "")
		c.add(totpPeriod * time.Second)
		wants(t, "disable with a short password", s.DisableTOTP(ctx, actor, "quiet glass", code(t, e.Secret, c.now())), problem.Invalid, "password-short")
		_, err = s.SetPassword(ctx, actor, "quiet glass", code(t, e.Secret, c.now()), phrase, "")
		wants(t, "a longer password", err, "", "")
		c.add(totpPeriod * time.Second)
		wants(t, "disable without a code", s.DisableTOTP(ctx, actor, phrase, ""), problem.Invalid, "sign-in-failed")
		wants(t, "disable", s.DisableTOTP(ctx, actor, phrase, code(t, e.Secret, c.now())), "", "")
		in("without a second factor", "", true)
		wants(t, "disable twice", s.DisableTOTP(ctx, actor, phrase, ""), "", "")
	})
}

// Guesses at a code count as guesses at the account (OpenCTI CVE-2024-45404).
func TestCodesAreLimited(t *testing.T) {
	s, c := open(t, dbtest.SQLite(t))
	ctx := t.Context()
	acc := join(t, s, "KEN", "fp@ken.example", access.FocalPoint)
	actor, _ := as(t, s, acc)
	e, err := s.BeginTOTP(ctx, actor, phrase)
	if err == nil {
		err = s.ConfirmTOTP(ctx, actor, code(t, e.Secret, c.now()))
	}
	if err != nil {
		t.Fatal(err)
	}
	link, err := s.SignInLink(ctx, Operator(), acc.ID, time.Hour, false)
	if err != nil {
		t.Fatal(err)
	}
	passed := 0
	for i := range 40 {
		guess := fmt.Sprintf("%06d", i)
		var err error
		switch i % 4 {
		case 0:
			_, _, err = s.SignIn(ctx, acc.Email, phrase, guess, "")
		case 1:
			_, _, err = s.SignInWithLink(ctx, link, guess, "")
		case 2:
			err = s.DisableTOTP(ctx, actor, phrase, guess)
		case 3:
			_, err = s.StepUp(ctx, actor, "", phrase, guess)
		}
		if problem.Is(err, problem.Invalid) {
			passed++
		} else if !problem.Is(err, problem.TooMany) {
			t.Errorf("guess %d: %v", i, err)
		}
	}
	if passed != guessesAccount {
		t.Errorf("%d guesses passed, want %d", passed, guessesAccount)
	}
}
