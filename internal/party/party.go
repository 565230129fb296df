// Package party keeps the parties and groups of the portal, the accounts of
// their people, and how these sign in.
//
// Invariant: an access.Actor that left Authenticate or AuthenticateToken is
// what the database says at that moment: an account that is not disabled, its
// party, its roles, and the groups its party is in. So a changed role, a
// disabled account or a new member of a group acts on the next request of
// every process. No secret is stored, only its hash; a time-based one-time
// password's seed is the one exception.
//
// Who manages accounts: a focal point those of its own party, the
// administrator those of the Secretariat and of stakeholders, and each of them
// only accounts strictly below its own rank. See rank.go.
package party

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"log/slog"
	"sync/atomic"
	"time"

	"concord/internal/access"
	"concord/internal/audit"
	"concord/internal/db"
	"concord/internal/problem"
)

// Store is parties and accounts in the database. It is safe for concurrent
// use; several processes may share a database.
type Store struct {
	db     *db.DB
	now    func() time.Time
	cost   Cost
	issuer string
	dir    atomic.Pointer[Directory]
	work   chan struct{} // held while a password is hashed
	derive func(password, salt []byte, c Cost) []byte
}

// Option changes a Store from its defaults.
type Option func(*Store)

// WithCost sets the cost of new password hashes.
func WithCost(c Cost) Option { return func(s *Store) { s.cost = c } }

// WithIssuer sets the name that authenticator apps show beside the codes.
func WithIssuer(name string) Option { return func(s *Store) { s.issuer = name } }

// New returns the store of d. All times come from now.
func New(d *db.DB, now func() time.Time, opts ...Option) *Store {
	s := &Store{
		db: d, now: now, cost: DefaultCost(), issuer: "Concord",
		work: make(chan struct{}, maxHashing), derive: argon,
	}
	for _, o := range opts {
		o(s)
	}
	return s
}

// operator is the account id in the audit trail of what is done from a shell.
const operator = "operator"

// Operator is the person at the shell of the server. Its power over accounts
// is explicit here and in rank.go: it may manage those of any party.
func Operator() access.Actor {
	return access.Actor{
		Account: operator, Name: operator, Kind: access.Secretariat,
		Roles: []access.Role{access.Administrator}, Via: "cli",
	}
}

// isOperator reports whether a is Operator. Nothing that a request brings can
// make it so: Authenticate sets Via, and ids of accounts have 26 characters.
func isOperator(a access.Actor) bool {
	return a.Via == "cli" && a.Account == operator && a.Kind == access.Secretariat &&
		a.Has(access.Administrator) && !a.Reads
}

// lock orders the transaction among all others: whoever changes parties or
// accounts takes the head first and the rows after it, so that what was read
// to decide still holds when it is written, and nobody waits in a circle.
func lock(ctx context.Context, tx *db.Tx) error {
	_, err := tx.Exec(ctx, `UPDATE head SET audit = audit WHERE k = 1`)
	return err
}

// refuse notes a refused attempt in the audit trail, outside the transaction
// that failed, and returns the refusal.
func (s *Store) refuse(ctx context.Context, a access.Actor, action, kind, id string, refusal error) error {
	e := audit.Of(a, s.now(), action)
	e.Kind, e.Record, e.Outcome = kind, id, audit.Refused
	ctx = context.WithoutCancel(ctx) // who hangs up is noted nevertheless
	if err := s.db.Tx(ctx, func(tx *db.Tx) error { return audit.Write(ctx, tx, e) }); err != nil {
		slog.ErrorContext(ctx, "refused attempt is not in the audit trail", "action", action, "err", err)
		return err
	}
	return refusal
}

// interactive reports whether a person acts, by a session or the shell. What
// concerns accounts, passwords, tokens and membership is closed to tokens, so
// that a token that leaks cannot outlive itself.
func interactive(a access.Actor) bool {
	return !a.Reads && (a.Via == "web" && a.Account != "" || isOperator(a))
}

func forbidden(code string) error { return problem.New(problem.Forbidden, code) }
func notFound() error             { return problem.New(problem.NotFound, "") }

// newSecret returns 256 random bits, 43 characters safe in addresses and
// cookies.
func newSecret() string {
	var b [32]byte
	rand.Read(b[:]) // never fails, says its documentation
	return base64.RawURLEncoding.EncodeToString(b[:])
}

const secretLen = 43

// hashOf is how a random secret is stored. A fast hash is enough for 256
// random bits: there is nothing to guess.
func hashOf(secret string) string {
	h := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(h[:])
}

// Purge removes what has expired: sessions, links, tokens a month after their
// end, counts of attempts. A job calls it now and then; nothing depends on it.
func (s *Store) Purge(ctx context.Context) error {
	now := s.now()
	return s.db.Tx(ctx, func(tx *db.Tx) error {
		for _, q := range []struct {
			text   string
			before time.Time
		}{
			{`DELETE FROM session WHERE expires < $1`, now},
			{`DELETE FROM session WHERE seen < $1`, now.Add(-sessionIdle)},
			{`DELETE FROM link WHERE expires < $1`, now.Add(-linkKept)},
			{`DELETE FROM token WHERE expires < $1`, now.Add(-tokenKept)},
			{`DELETE FROM attempt WHERE until < $1`, now},
			{`DELETE FROM kept_form WHERE expires < $1`, now},
		} {
			if _, err := tx.Exec(ctx, q.text, db.Micro(q.before)); err != nil {
				return err
			}
		}
		return nil
	})
}
