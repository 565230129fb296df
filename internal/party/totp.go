package party

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base32"
	"net/url"
	"strings"

	"github.com/pquerna/otp/hotp"

	"concord/internal/access"
	"concord/internal/db"
	"concord/internal/problem"
)

// Time-based one-time passwords, RFC 6238 with the parameters that all
// authenticator apps know: SHA-1, 6 digits, 30 seconds. The seed is kept in the
// database as it is, because it must be used: encrypting it at rest waits for
// the portal to have a key of its own. Recovery of a lost device is a later issue
// too; its place is beside Relink, with its own rule of who may void a factor.
const (
	totpPeriod = 30
	totpBytes  = 20 // RFC 4226 section 4, R6 recommends 160 bits
)

var base32NoPad = base32.StdEncoding.WithPadding(base32.NoPadding)

// Enrolment is what an authenticator app must be given.
type Enrolment struct {
	Secret string // to type
	URL    string // otpauth://, to scan
}

// BeginTOTP starts a second factor for one's own account, which takes the
// password. Nothing changes until ConfirmTOTP.
func (s *Store) BeginTOTP(ctx context.Context, a access.Actor, password string) (Enrolment, error) {
	const action = "account.totp-begin"
	if acc, err := loadAccount(ctx, s.db, a.Account); err == nil && acc.HasTOTP {
		return Enrolment{}, problem.New(problem.Forbidden, "totp-on")
	}
	c, _, err := s.proveSelf(ctx, a, action, password, "")
	if err != nil {
		return Enrolment{}, err
	}
	seed := make([]byte, totpBytes)
	rand.Read(seed) // never fails, says its documentation
	e := Enrolment{Secret: base32NoPad.EncodeToString(seed)}
	label := url.PathEscape(s.issuer + ":" + c.Email)
	query := url.Values{"secret": {e.Secret}, "issuer": {s.issuer}}.Encode()
	e.URL = "otpauth://totp/" + label + "?" + strings.ReplaceAll(query, "+", "%20")
	err = s.db.Tx(ctx, func(tx *db.Tx) error {
		if err := s.proved(ctx, tx, c, 0, action, password); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `UPDATE account SET totp_new = $1 WHERE id = $2`, e.Secret, c.ID)
		return err
	})
	if err != nil {
		return Enrolment{}, s.failed(ctx, c, action, err)
	}
	return e, nil
}

// ConfirmTOTP ends the enrolment with a first code of the app. From then on
// signing in takes a code.
func (s *Store) ConfirmTOTP(ctx context.Context, a access.Actor, code string) error {
	const action = "account.totp-on"
	if !interactive(a) || isOperator(a) {
		return s.refuse(ctx, a, action, "account", a.Account, forbidden("account.own"))
	}
	ok, err := s.Allow(ctx, "totp:"+a.Account, guessesAccount, guessTime)
	if err != nil {
		return err
	}
	if !ok {
		return problem.New(problem.TooMany, "sign-in-limit")
	}
	err = s.db.Tx(ctx, func(tx *db.Tx) error {
		if err := s.write(ctx, tx, a, action, a.Account, ""); err != nil {
			return err
		}
		var seed string
		if err := tx.QueryRow(ctx, `SELECT totp_new FROM account WHERE id = $1`, a.Account).Scan(&seed); err != nil {
			return err
		}
		step := s.codeStep(seed, code)
		if step == 0 {
			var f problem.Fields
			f.Add("code", "totp-code")
			return f.Err()
		}
		_, err := tx.Exec(ctx, `UPDATE account SET totp = totp_new, totp_new = '', totp_step = $1 WHERE id = $2`, step, a.Account)
		return err
	})
	return s.failed(ctx, credentials{Account: Account{ID: a.Account, Party: a.Party}}, action, err)
}

// DisableTOTP gives the second factor up, which takes the password and a code.
// The password must be long enough to stand alone.
func (s *Store) DisableTOTP(ctx context.Context, a access.Actor, password, code string) error {
	const action = "account.totp-off"
	alone, err := loadAccount(ctx, s.db, a.Account)
	if err == nil && alone.HasTOTP {
		alone.HasTOTP = false
		var f problem.Fields
		checkPassword(&f, "password", password, alone)
		err = f.Err()
	}
	if err != nil {
		return err
	}
	c, step, err := s.proveSelf(ctx, a, action, password, code)
	if err != nil {
		return err
	}
	err = s.db.Tx(ctx, func(tx *db.Tx) error {
		if err := s.proved(ctx, tx, c, step, action, password); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `UPDATE account SET totp = '', totp_new = '', totp_step = 0 WHERE id = $1`, c.ID)
		return err
	})
	return s.failed(ctx, c, action, err)
}

// codeStep returns the time step whose code this is, the present one or one
// beside it (RFC 6238 section 5.2); 0 if there is none. That no step passes
// twice is settled where it is used up, in one statement.
func (s *Store) codeStep(seed, code string) int64 {
	code = strings.Map(func(r rune) rune {
		if r == ' ' || r == '\u00a0' || r == '-' {
			return -1
		}
		return r
	}, code)
	found := int64(0)
	now := s.now().Unix() / totpPeriod
	for step := now - 1; step <= now+1; step++ {
		want, err := hotp.GenerateCode(seed, uint64(step))
		if err == nil && seed != "" && subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 {
			found = step
		}
	}
	return found
}
