package party

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"concord/internal/access"
	"concord/internal/db"
	"concord/internal/problem"
)

// Purpose is what a link is for.
type Purpose string

// The purposes.
const (
	LinkInvite Purpose = "invite" // set the first password
	LinkReset  Purpose = "reset"  // set another password
	LinkSignIn Purpose = "signin" // sign in once: from the shell, and in the demonstration
)

// linkKept is how long after its end a link is remembered, so that its page
// can say that it is over.
const linkKept = 30 * 24 * time.Hour

// Link is what a link's secret opens.
type Link struct {
	Purpose Purpose
	Account Account
	Expires time.Time
}

// newLink makes a link for an account and returns its secret, of which only
// the hash is stored.
func (s *Store) newLink(ctx context.Context, tx *db.Tx, account string, p Purpose, life time.Duration, reusable bool) (string, error) {
	secret, now := newSecret(), s.now()
	again := 0
	if reusable {
		again = 1
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO link (hash, account, purpose, created, expires, reusable, used) VALUES ($1, $2, $3, $4, $5, $6, 0)`,
		hashOf(secret), account, string(p), db.Micro(now), db.Micro(now.Add(life)), again)
	return secret, err
}

// endLinks voids the links of an account.
func endLinks(ctx context.Context, tx *db.Tx, account string) error {
	_, err := tx.Exec(ctx, `DELETE FROM link WHERE account = $1`, account)
	return err
}

// Link returns what a link is for and consumes nothing: mail scanners and
// link previews open links too.
func (s *Store) Link(ctx context.Context, secret string) (Link, error) {
	return s.link(ctx, s.db, secret)
}

func (s *Store) link(ctx context.Context, q db.Querier, secret string) (Link, error) {
	if len(secret) != secretLen {
		return Link{}, problem.New(problem.NotFound, "link-gone")
	}
	var r accountRow
	var l Link
	var expires, used int64
	var reusable int
	err := q.QueryRow(ctx, `SELECT `+accountColumns+`, l.purpose, l.expires, l.used, l.reusable
		FROM link l JOIN account a ON a.id = l.account WHERE l.hash = $1`, hashOf(secret)).
		Scan(r.fields(&l.Purpose, &expires, &used, &reusable)...)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return Link{}, err
	}
	l.Account, l.Expires = r.account(), db.Time(expires)
	if err != nil || l.Account.Disabled || used != 0 && reusable == 0 || !s.now().Before(l.Expires) {
		return Link{}, problem.New(problem.NotFound, "link-gone")
	}
	return l, nil
}

// consume reads a link as Link does and makes it void, inside tx: of two at
// once only one succeeds.
func (s *Store) consume(ctx context.Context, tx *db.Tx, secret string) (Link, error) {
	if err := lock(ctx, tx); err != nil {
		return Link{}, err
	}
	l, err := s.link(ctx, tx, secret)
	if err != nil {
		return Link{}, err
	}
	_, err = tx.Exec(ctx, `UPDATE link SET used = $1 WHERE hash = $2`, db.Micro(s.now()), hashOf(secret))
	return l, err
}

// AcceptLink sets the password of the account whose invitation or reset link
// has the secret, and consumes the link unless the password is refused. It
// ends the sessions the account had. The person then signs in as always, with
// the code of the second factor if there is one.
func (s *Store) AcceptLink(ctx context.Context, secret, password string) (Account, error) {
	l, err := s.Link(ctx, secret)
	if err != nil {
		return Account{}, err
	}
	if l.Purpose != LinkInvite && l.Purpose != LinkReset {
		return Account{}, problem.New(problem.NotFound, "link-gone")
	}
	var f problem.Fields
	checkPassword(&f, "password", password, l.Account)
	if err := f.Err(); err != nil {
		return Account{}, err
	}
	hash, err := s.hash(ctx, password)
	if err != nil {
		return Account{}, err
	}
	err = s.db.Tx(ctx, func(tx *db.Tx) error {
		if l, err = s.consume(ctx, tx, secret); err != nil {
			return err
		}
		if err := s.write(ctx, tx, s.self(l.Account), "account.password", l.Account.ID, string(l.Purpose)); err != nil {
			return err
		}
		return s.setPassword(ctx, tx, l.Account.ID, hash)
	})
	if err != nil {
		return Account{}, err
	}
	l.Account.HasPassword = true
	return l.Account, nil
}

// setPassword stores a new hash and ends whatever the old password opened,
// except API tokens, which have their own ends.
func (s *Store) setPassword(ctx context.Context, tx *db.Tx, account, hash string) error {
	now := db.Micro(s.now())
	_, err := tx.Exec(ctx, `UPDATE account SET password = $1,
		joined = CASE WHEN joined = 0 THEN $2 ELSE joined END WHERE id = $3`, hash, now, account)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM link WHERE account = $1 AND (used = 0 OR reusable = 1)`, account); err != nil {
		return err
	}
	return endSessions(ctx, tx, account)
}

// self is an account as the author of an audit entry, before it is signed in.
func (s *Store) self(a Account) access.Actor {
	return access.Actor{Account: a.ID, Party: a.Party, Via: "web"}
}

// SignInLink makes a link that signs in without a password: for the operator,
// who answers for it, and for the demonstration, where it may be reusable
// until it expires. It does not stand for the second factor.
func (s *Store) SignInLink(ctx context.Context, a access.Actor, account string, life time.Duration, reusable bool) (string, error) {
	const action = "account.link"
	if !isOperator(a) {
		return "", s.refuse(ctx, a, action, "account", account, forbidden("account.manage"))
	}
	var secret string
	err := s.db.Tx(ctx, func(tx *db.Tx) error {
		if err := s.write(ctx, tx, a, action, account, string(LinkSignIn)); err != nil {
			return err
		}
		acc, err := loadAccount(ctx, tx, account)
		if err != nil {
			return err
		}
		secret, err = s.newLink(ctx, tx, acc.ID, LinkSignIn, life, reusable)
		return err
	})
	return secret, err
}
