package party

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"time"

	"concord/internal/access"
	"concord/internal/db"
	"concord/internal/problem"
)

// NIST SP 800-63B-4 section 2.2.3: at level 2, at most 24 hours in all and 1
// hour idle; the 2023 draft's 12 hours suit a working day.
const (
	sessionLife = 12 * time.Hour
	sessionIdle = time.Hour
	seenStep    = time.Minute // how exactly the last use is kept
	maxAgent    = 200
)

// Session is one of an account's open sessions.
type Session struct {
	ID      string // not its secret
	Agent   string // browser, as it calls itself
	Created time.Time
	Seen    time.Time // to the minute
	Expires time.Time
	Current bool
}

// newSession opens a session for an account and returns its secret.
func (s *Store) newSession(ctx context.Context, tx *db.Tx, a Account, agent string) (string, error) {
	secret, now := newSecret(), s.now()
	if long := []rune(oneLine(agent)); len(long) > maxAgent {
		agent = string(long[:maxAgent])
	} else {
		agent = string(long)
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO session (hash, account, created, seen, proved, expires, agent) VALUES ($1, $2, $3, $3, $3, $4, $5)`,
		hashOf(secret), a.ID, db.Micro(now), db.Micro(now.Add(sessionLife)), agent)
	return secret, err
}

// rotate gives an open session of the account a new secret, proved now.
func (s *Store) rotate(ctx context.Context, tx *db.Tx, account, old string) (string, error) {
	secret := newSecret()
	done, err := tx.Exec(ctx, `UPDATE session SET hash = $1, proved = $2 WHERE hash = $3 AND account = $4`,
		hashOf(secret), db.Micro(s.now()), hashOf(old), account)
	if err != nil {
		return "", err
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		return "", errors.Join(err, problem.New(problem.SignIn, ""))
	}
	return secret, nil
}

func endSessions(ctx context.Context, tx *db.Tx, account string) error {
	_, err := tx.Exec(ctx, `DELETE FROM session WHERE account = $1`, account)
	return err
}

// Authenticate returns who a session's secret stands for. It is the hot path
// of every request: one statement reads the session, the account as it is now
// and the version of the directory.
func (s *Store) Authenticate(ctx context.Context, secret string) (access.Actor, Account, error) {
	if len(secret) != secretLen {
		return access.Actor{}, Account{}, problem.New(problem.SignIn, "")
	}
	var r accountRow
	var epoch string
	var version, seen, proved, expires int64
	hash := hashOf(secret)
	err := s.db.QueryRow(ctx, `SELECT `+accountColumns+`, h.epoch, h.party, s.seen, s.proved, s.expires
		FROM session s JOIN account a ON a.id = s.account JOIN head h ON h.k = 1
		WHERE s.hash = $1 AND a.disabled = 0`, hash).Scan(r.fields(&epoch, &version, &seen, &proved, &expires)...)
	now := s.now()
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return access.Actor{}, Account{}, problem.New(problem.SignIn, "")
	case err != nil:
		return access.Actor{}, Account{}, err
	case !now.Before(db.Time(expires)), now.Sub(db.Time(seen)) >= sessionIdle:
		return access.Actor{}, Account{}, problem.New(problem.SignIn, "session-over")
	}
	dir, err := s.directory(ctx, epoch, version)
	if err != nil {
		return access.Actor{}, Account{}, err
	}
	if now.Sub(db.Time(seen)) >= seenStep {
		s.touch(ctx, `UPDATE session SET seen = $1 WHERE hash = $2 AND seen < $1`, now, hash)
	}
	a := r.account()
	a.Proved = db.Time(proved)
	return a.actor(dir, "web"), a, nil
}

// touch notes a use. That it could not be noted must not keep anybody from
// reading: a portal whose disk is full still serves.
func (s *Store) touch(ctx context.Context, query string, now time.Time, hash string) {
	err := s.db.Tx(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, query, db.Micro(now), hash)
		return err
	})
	if err != nil && ctx.Err() == nil {
		slog.WarnContext(ctx, "last use is not noted", "err", err)
	}
}

// Sessions lists one's own open sessions, the newest use first. current is
// the secret of the one that asks.
func (s *Store) Sessions(ctx context.Context, a access.Actor, current string) ([]Session, error) {
	if !interactive(a) {
		return nil, forbidden("account.own")
	}
	now := s.now()
	rows, err := s.db.Query(ctx, `SELECT hash, agent, created, seen, expires FROM session
		WHERE account = $1 AND expires > $2 AND seen > $3 ORDER BY seen DESC, hash`,
		a.Account, db.Micro(now), db.Micro(now.Add(-sessionIdle)))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []Session
	for rows.Next() {
		var x Session
		var created, seen, expires int64
		if err := rows.Scan(&x.ID, &x.Agent, &created, &seen, &expires); err != nil {
			return nil, err
		}
		x.Created, x.Seen, x.Expires = db.Time(created), db.Time(seen), db.Time(expires)
		x.Current = x.ID == hashOf(current)
		list = append(list, x)
	}
	return list, rows.Err()
}

// SignOut ends the session with the secret; an unknown one is over already.
func (s *Store) SignOut(ctx context.Context, secret string) error {
	return s.db.Tx(ctx, func(tx *db.Tx) error {
		var r accountRow
		hash := hashOf(secret)
		err := tx.QueryRow(ctx, `SELECT `+accountColumns+` FROM session s JOIN account a ON a.id = s.account
			WHERE s.hash = $1`, hash).Scan(r.fields()...)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := s.write(ctx, tx, s.self(r.account()), "account.sign-out", r.ID, ""); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `DELETE FROM session WHERE hash = $1`, hash)
		return err
	})
}

// EndSession ends another of one's own sessions by its ID.
func (s *Store) EndSession(ctx context.Context, a access.Actor, id string) error {
	return s.endOwn(ctx, a, `DELETE FROM session WHERE account = $1 AND hash = $2`, id)
}

// SignOutEverywhere ends all of one's own sessions.
func (s *Store) SignOutEverywhere(ctx context.Context, a access.Actor) error {
	return s.endOwn(ctx, a, `DELETE FROM session WHERE account = $1`)
}

func (s *Store) endOwn(ctx context.Context, a access.Actor, query string, args ...any) error {
	const action = "account.sign-out"
	if !interactive(a) {
		return s.refuse(ctx, a, action, "account", a.Account, forbidden("account.own"))
	}
	return s.db.Tx(ctx, func(tx *db.Tx) error {
		if err := s.write(ctx, tx, a, action, a.Account, ""); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, query, append([]any{a.Account}, args...)...)
		return err
	})
}
