package party

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"time"

	"concord/internal/access"
	"concord/internal/audit"
	"concord/internal/db"
	"concord/internal/problem"
)

// Guesses are limited by what is guessed at: an account, however its name is
// typed and whatever the request looks like, and a password tried on many
// accounts. Where a request comes from decides nothing: whole delegations,
// and small States, share one address.
const (
	guessesAccount  = 10
	guessesPassword = 50
	guessTime       = time.Hour
)

// quotas of a guess at the password of a login. Neither the address nor the
// password can be read back from the keys: of the password only 20 bits of a
// hash are kept, for an hour, which hundreds of common passwords share.
func quotas(login, password string) []quota {
	h := sha256.Sum256([]byte("concord guess " + normalise(password)))
	return []quota{
		{accountKey(login), guessesAccount, guessTime},
		{"guess:" + hex.EncodeToString(h[:3])[:5], guessesPassword, guessTime},
	}
}

func accountKey(login string) string { return "account:" + hashOf(login) }

// credentials are what an account proves itself with.
type credentials struct {
	Account
	login, password, totp string
	step                  int64  // last one used
	renewed               string // the password hashed at today's cost
}

func loadCredentials(ctx context.Context, q db.Querier, column, value string) (credentials, error) {
	var r accountRow
	var c credentials
	err := q.QueryRow(ctx, `SELECT `+accountColumns+`, a.login, a.password, a.totp, a.totp_step
		FROM account a WHERE a.`+column+` = $1`, value).Scan(r.fields(&c.login, &c.password, &c.totp, &c.step)...)
	c.Account = r.account()
	if errors.Is(err, sql.ErrNoRows) {
		return credentials{}, nil // nobody: fits no password
	}
	return c, err
}

// SignIn opens a session for who knows the password of an account and, if it
// has a second factor, the code of the moment. Whatever is wrong, an unknown
// address included, the answer and the work are the same. The caller ends the
// session of the cookie it replaces.
func (s *Store) SignIn(ctx context.Context, email, password, code, agent string) (string, Account, error) {
	login := foldLogin(email)
	c, step, err := s.prove(ctx, login, "login", login, password, code)
	if err != nil {
		return "", Account{}, s.failed(ctx, c, "account.sign-in", err)
	}
	var secret string
	err = s.db.Tx(ctx, func(tx *db.Tx) error {
		if err := s.proved(ctx, tx, c, step, "account.sign-in", password); err != nil {
			return err
		}
		secret, err = s.newSession(ctx, tx, c.Account, agent)
		return err
	})
	if err != nil {
		return "", Account{}, s.failed(ctx, c, "account.sign-in", err)
	}
	if c.Joined.IsZero() {
		c.Joined = db.Time(db.Micro(s.now()))
	}
	return secret, c.Account, nil
}

func wrong() error { return problem.New(problem.Invalid, "sign-in-failed") }

// prove checks a password and a code, counted before they are looked at. It
// returns the time step of the code, 0 if the account has no second factor.
// Nothing is written but the count: proved does the rest.
func (s *Store) prove(ctx context.Context, login, column, value, password, code string) (credentials, int64, error) {
	ok, err := s.allow(ctx, quotas(login, password)...)
	if err != nil {
		return credentials{}, 0, err
	}
	if !ok {
		return credentials{}, 0, problem.New(problem.TooMany, "sign-in-limit")
	}
	c, err := loadCredentials(ctx, s.db, column, value)
	if err != nil {
		return credentials{}, 0, err
	}
	fits, err := s.verify(ctx, c.password, password)
	if err != nil {
		return c, 0, err
	}
	step := s.codeStep(c.totp, code)
	if !fits || c.Disabled || c.totp != "" && step == 0 {
		return c, 0, wrong()
	}
	if c.renewed = c.password; s.outdated(c.password) {
		c.renewed, err = s.hash(ctx, password)
	}
	return c, step, err
}

// proved settles a successful proof in tx: it uses up the code, stores a
// renewed hash, takes back the count and writes the trail. It fails as a
// wrong password does when the account changed meanwhile or another request
// was faster with the same code.
func (s *Store) proved(ctx context.Context, tx *db.Tx, c credentials, step int64, action, password string) error {
	if err := s.write(ctx, tx, s.self(c.Account), action, c.ID, ""); err != nil {
		return err
	}
	done, err := tx.Exec(ctx, `
		UPDATE account SET password = $1, totp_step = $2, joined = CASE WHEN joined = 0 THEN $3 ELSE joined END
		WHERE id = $4 AND disabled = 0 AND password = $5 AND totp = $6 AND (totp = '' OR totp_step < $2)`,
		c.renewed, max(step, c.step), db.Micro(s.now()), c.ID, c.password, c.totp)
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, wrong())
	}
	for _, q := range quotas(c.login, password) {
		if err := forgive(ctx, tx, q); err != nil {
			return err
		}
	}
	return nil
}

// failed notes a wrong guess in the audit trail, for unknown accounts too, so
// that the work is the same, and returns err. Beyond the limit nothing is
// noted: the trail grows no faster than guesses pass.
func (s *Store) failed(ctx context.Context, c credentials, action string, err error) error {
	if !problem.Is(err, problem.Invalid) {
		return err
	}
	return s.refuse(ctx, s.self(c.Account), action, "account", c.ID, err)
}

// SignInWithLink opens a session by a sign-in link and consumes it, unless it
// is reusable. An account with a second factor needs its code as well.
func (s *Store) SignInWithLink(ctx context.Context, secret, code, agent string) (string, Account, error) {
	const action = "account.sign-in"
	l, err := s.Link(ctx, secret)
	if err != nil {
		return "", Account{}, err
	}
	if l.Purpose != LinkSignIn {
		return "", Account{}, problem.New(problem.NotFound, "link-gone")
	}
	c, err := loadCredentials(ctx, s.db, "id", l.Account.ID)
	if err != nil {
		return "", Account{}, err
	}
	var step int64
	if c.totp != "" {
		ok, err := s.Allow(ctx, accountKey(c.login), guessesAccount, guessTime)
		if err != nil {
			return "", Account{}, err
		}
		if !ok {
			return "", Account{}, problem.New(problem.TooMany, "sign-in-limit")
		}
		if step = s.codeStep(c.totp, code); step == 0 {
			return "", Account{}, s.failed(ctx, c, action, wrong())
		}
	}
	var session string
	err = s.db.Tx(ctx, func(tx *db.Tx) error {
		if _, err := s.consume(ctx, tx, secret); err != nil {
			return err
		}
		if err := s.write(ctx, tx, s.self(c.Account), action, c.ID, "link"); err != nil {
			return err
		}
		now := db.Micro(s.now())
		done, err := tx.Exec(ctx, `
			UPDATE account SET totp_step = $1, joined = CASE WHEN joined = 0 THEN $2 ELSE joined END
			WHERE id = $3 AND totp = $4 AND (totp = '' OR totp_step < $1)`, max(step, c.step), now, c.ID, c.totp)
		if err != nil {
			return err
		}
		if n, err := done.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, wrong())
		}
		session, err = s.newSession(ctx, tx, c.Account, agent)
		return err
	})
	if err != nil {
		return "", Account{}, s.failed(ctx, c, action, err)
	}
	return session, c.Account, nil
}

// StepUp proves the password again before a sensitive act. It replaces the
// session by one with a new secret, whose Account.Proved is now.
func (s *Store) StepUp(ctx context.Context, a access.Actor, session, password, code string) (string, error) {
	const action = "account.step-up"
	c, step, err := s.proveSelf(ctx, a, action, password, code)
	if err != nil {
		return "", err
	}
	var secret string
	err = s.db.Tx(ctx, func(tx *db.Tx) error {
		if err := s.proved(ctx, tx, c, step, action, password); err != nil {
			return err
		}
		secret, err = s.rotate(ctx, tx, c.ID, session)
		return err
	})
	return secret, s.failed(ctx, c, action, err)
}

// proveSelf is prove for who is signed in.
func (s *Store) proveSelf(ctx context.Context, a access.Actor, action, password, code string) (credentials, int64, error) {
	if !interactive(a) || isOperator(a) {
		return credentials{}, 0, s.refuse(ctx, a, action, "account", a.Account, forbidden("account.own"))
	}
	c, err := loadCredentials(ctx, s.db, "id", a.Account)
	if err != nil {
		return c, 0, err
	}
	c, step, err := s.prove(ctx, c.login, "id", a.Account, password, code)
	return c, step, s.failed(ctx, c, action, err)
}

// SetPassword changes one's own password, which takes the old one and a code
// if there is a second factor. All sessions of the account end; the secret of
// a new one for this browser is returned.
func (s *Store) SetPassword(ctx context.Context, a access.Actor, old, code, password, agent string) (string, error) {
	const action = "account.password"
	acc, err := loadAccount(ctx, s.db, a.Account)
	if err != nil {
		return "", err
	}
	var f problem.Fields // first, so that a refused password is not a guess
	checkPassword(&f, "password", password, acc)
	f.Check(normalise(password) != normalise(old), "password", "password-same")
	if err := f.Err(); err != nil {
		return "", err
	}
	c, step, err := s.proveSelf(ctx, a, action, old, code)
	if err != nil {
		return "", err
	}
	hash, err := s.hash(ctx, password)
	if err != nil {
		return "", err
	}
	var secret string
	err = s.db.Tx(ctx, func(tx *db.Tx) error {
		if err := s.proved(ctx, tx, c, step, action, old); err != nil {
			return err
		}
		if err := s.setPassword(ctx, tx, c.ID, hash); err != nil {
			return err
		}
		secret, err = s.newSession(ctx, tx, c.Account, agent)
		return err
	})
	return secret, s.failed(ctx, c, action, err)
}

// Trail is the account's own lines of the audit trail: sign-ins that
// succeeded and failed, and what was done to it.
func (s *Store) Trail(ctx context.Context, a access.Actor, before int64, limit int) ([]audit.Entry, error) {
	if a.Account == "" {
		return nil, notFound()
	}
	return audit.Page(ctx, s.db, "", a.Account, before, limit)
}
