package party

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"time"

	"concord/internal/access"
	"concord/internal/audit"
	"concord/internal/db"
	"concord/internal/problem"
)

// What was typed into a form whose session had ended is kept for its writer,
// on the server, for an hour. Anybody can send forms, so there is room for
// only so many of only such a size: beyond that the answer is as if there were
// no such help, and nothing else suffers.
const (
	formLife = time.Hour
	maxForm  = 256 << 10
	maxForms = 500
)

// formKey is where the form of an account stands for the browser that holds
// the secret. The account is part of the key, so that the next person at the
// same screen does not read it.
func formKey(secret, account string) string { return hashOf(secret + " " + account) }

// KeepForm keeps a form and returns the secret that brings it back to the same
// account, or "" if it is too large or there is no room.
func (s *Store) KeepForm(ctx context.Context, account, path string, form url.Values) (string, error) {
	text := form.Encode()
	if len(text) > maxForm {
		return "", nil
	}
	secret, now := newSecret(), s.now()
	err := s.db.Tx(ctx, func(tx *db.Tx) error {
		if err := lock(ctx, tx); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM kept_form WHERE expires < $1`, db.Micro(now)); err != nil {
			return err
		}
		var n int
		if err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM kept_form`).Scan(&n); err != nil {
			return err
		}
		if n >= maxForms {
			secret = ""
			return nil
		}
		_, err := tx.Exec(ctx, `INSERT INTO kept_form (hash, path, form, expires) VALUES ($1, $2, $3, $4)`,
			formKey(secret, account), path, text, db.Micro(now.Add(formLife)))
		return err
	})
	return secret, err
}

// KeptForm returns what KeepForm kept. It stays until it expires or is
// dropped: a page that is lost on a bad line can be asked for again.
func (s *Store) KeptForm(ctx context.Context, secret, account string) (path string, form url.Values, err error) {
	var text string
	err = s.db.QueryRow(ctx, `SELECT path, form FROM kept_form WHERE hash = $1 AND expires > $2`,
		formKey(secret, account), db.Micro(s.now())).Scan(&path, &text)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil, notFound()
	}
	if err != nil {
		return "", nil, err
	}
	form, err = url.ParseQuery(text)
	return path, form, err
}

// DropForm forgets a form.
func (s *Store) DropForm(ctx context.Context, secret, account string) error {
	return s.db.Tx(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM kept_form WHERE hash = $1`, formKey(secret, account))
		return err
	})
}

// NoteSource puts into the audit trail from where an administrator has what a
// party was just changed to: names of States are political, and who asks later
// must find the note verbale or the list they came from. Groups carry their
// source themselves.
func (s *Store) NoteSource(ctx context.Context, a access.Actor, party, source string) error {
	const action = "party.source"
	if !mayEdit(a) {
		return s.refuse(ctx, a, action, "party", party, forbidden("party.administrator"))
	}
	if source = oneLine(source); source == "" || len(source) > maxSource {
		return problem.New(problem.BadRequest, "form")
	}
	return s.db.Tx(ctx, func(tx *db.Tx) error {
		e := audit.Of(a, s.now(), action)
		e.Kind, e.Record, e.Detail = "party", party, "source="+source
		return audit.Write(ctx, tx, e)
	})
}

const maxSource = 1000
