package party

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"concord/internal/access"
	"concord/internal/db"
	"concord/internal/ids"
	"concord/internal/problem"
)

// What a token may do, never more than its account.
const (
	ScopeRead  = "read"
	ScopeWrite = "write" // includes read
)

const (
	tokenPrefix  = "concord_" // lets secret scanners find a token that leaked
	tokenDefault = 90 * 24 * time.Hour
	tokenMax     = 365 * 24 * time.Hour
	tokenKept    = 30 * 24 * time.Hour // after its end, for its owner to see
	tokenStep    = time.Hour           // how exactly the last use is kept
	maxTokens    = 50
)

// Token is an API token of an account, without its secret.
type Token struct {
	ID      string
	Account string
	Name    string
	Scopes  []string
	Created time.Time
	Expires time.Time
	Used    time.Time // to the hour; zero = never
}

// AddToken makes a token for an account and returns its secret, which is shown
// once. Nobody makes one for another person, but the operator; nor does a
// token make tokens. A zero expires means 90 days; 365 is the most.
func (s *Store) AddToken(ctx context.Context, a access.Actor, account, name string, scopes []string, expires time.Time) (Token, string, error) {
	const action = "token.add"
	if !ownsCredentials(a, account) {
		return Token{}, "", s.refuse(ctx, a, action, "account", account, forbidden("account.own"))
	}
	now := s.now()
	if expires.IsZero() {
		expires = now.Add(tokenDefault)
	}
	name = oneLine(name)
	scopes = slices.Compact(slices.Sorted(slices.Values(scopes)))
	var f problem.Fields
	n := utf8.RuneCountInString(name)
	f.Check(name != "", "name", "required")
	f.Check(n <= maxPerson, "name", "too-long", maxPerson, n)
	f.Check(len(scopes) > 0, "scopes", "required")
	for _, x := range scopes {
		f.Check(x == ScopeRead || x == ScopeWrite, "scopes", "code", x)
	}
	f.Check(expires.After(now) && !expires.After(now.Add(tokenMax)), "expires", "token-expires", int(tokenMax.Hours()/24))
	if err := f.Err(); err != nil {
		return Token{}, "", err
	}
	t := Token{
		ID: ids.New(now), Account: account, Name: name, Scopes: scopes,
		Created: db.Time(db.Micro(now)), Expires: db.Time(db.Micro(expires)),
	}
	secret := tokenPrefix + newSecret()
	err := s.db.Tx(ctx, func(tx *db.Tx) error {
		if err := s.write(ctx, tx, a, action, account, "token="+t.ID+" scopes="+strings.Join(scopes, " ")); err != nil {
			return err
		}
		if acc, err := loadAccount(ctx, tx, account); err != nil || acc.Disabled {
			return errors.Join(err, notFound())
		}
		var have int
		if err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM token WHERE account = $1`, account).Scan(&have); err != nil {
			return err
		}
		if have >= maxTokens {
			var f problem.Fields
			f.Add("name", "too-many", maxTokens, have)
			return f.Err()
		}
		_, err := tx.Exec(ctx, `
			INSERT INTO token (hash, id, account, name, scopes, created, expires, used)
			VALUES ($1, $2, $3, $4, $5, $6, $7, 0)`,
			hashOf(secret), t.ID, account, name, strings.Join(scopes, " "), db.Micro(t.Created), db.Micro(t.Expires))
		return err
	})
	if err != nil {
		return Token{}, "", err
	}
	return t, secret, nil
}

// ownsCredentials reports whether the actor may handle the tokens of an
// account: its own person and the operator, never a manager.
func ownsCredentials(a access.Actor, account string) bool {
	return isOperator(a) || interactive(a) && a.Account == account
}

// Tokens lists the tokens of an account, the newest first.
func (s *Store) Tokens(ctx context.Context, a access.Actor, account string) ([]Token, error) {
	if !ownsCredentials(a, account) {
		return nil, notFound()
	}
	rows, err := s.db.Query(ctx, `SELECT id, account, name, scopes, created, expires, used FROM token
		WHERE account = $1 ORDER BY id DESC`, account)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []Token
	for rows.Next() {
		var t Token
		var scopes string
		var created, expires, used int64
		if err := rows.Scan(&t.ID, &t.Account, &t.Name, &scopes, &created, &expires, &used); err != nil {
			return nil, err
		}
		t.Scopes = strings.Fields(scopes)
		t.Created, t.Expires, t.Used = db.Time(created), db.Time(expires), db.Time(used)
		list = append(list, t)
	}
	return list, rows.Err()
}

// RevokeToken ends a token at once.
func (s *Store) RevokeToken(ctx context.Context, a access.Actor, id string) error {
	const action = "token.revoke"
	var account string
	err := s.db.Tx(ctx, func(tx *db.Tx) error {
		if err := lock(ctx, tx); err != nil {
			return err
		}
		err := tx.QueryRow(ctx, `SELECT account FROM token WHERE id = $1`, id).Scan(&account)
		if errors.Is(err, sql.ErrNoRows) || err == nil && !ownsCredentials(a, account) {
			return notFound()
		}
		if err != nil {
			return err
		}
		if err := s.write(ctx, tx, a, action, account, "token="+id); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `DELETE FROM token WHERE id = $1`, id)
		return err
	})
	if problem.Is(err, problem.NotFound) {
		return s.refuse(ctx, a, action, "account", account, err)
	}
	return err
}

// AuthenticateToken returns who an API token stands for, in one statement as
// Authenticate. The account's roles are those of the moment: a token never
// does what its person could not. One with the scope read only reads.
func (s *Store) AuthenticateToken(ctx context.Context, token string) (access.Actor, Account, error) {
	denied := problem.New(problem.SignIn, "token-invalid")
	if len(token) != len(tokenPrefix)+secretLen || !strings.HasPrefix(token, tokenPrefix) {
		return access.Actor{}, Account{}, denied
	}
	var r accountRow
	var epoch, scopes string
	var version, expires, used int64
	hash := hashOf(token)
	err := s.db.QueryRow(ctx, `SELECT `+accountColumns+`, h.epoch, h.party, t.scopes, t.expires, t.used
		FROM token t JOIN account a ON a.id = t.account JOIN head h ON h.k = 1
		WHERE t.hash = $1 AND a.disabled = 0`, hash).Scan(r.fields(&epoch, &version, &scopes, &expires, &used)...)
	now := s.now()
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return access.Actor{}, Account{}, denied
	case err != nil:
		return access.Actor{}, Account{}, err
	case !now.Before(db.Time(expires)):
		return access.Actor{}, Account{}, denied
	}
	dir, err := s.directory(ctx, epoch, version)
	if err != nil {
		return access.Actor{}, Account{}, err
	}
	if now.Sub(db.Time(used)) >= tokenStep {
		s.touch(ctx, `UPDATE token SET used = $1 WHERE hash = $2 AND used < $1`, now, hash)
	}
	a := r.account()
	actor := a.actor(dir, "api")
	actor.Reads = !slices.Contains(strings.Fields(scopes), ScopeWrite)
	return actor, a, nil
}
