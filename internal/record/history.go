package record

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"concord/internal/access"
	"concord/internal/db"
)

// Revision is one state of a record in its history.
type Revision struct {
	Number   int
	At       time.Time
	Account  string // of the actor's own party only
	Party    string
	Action   string
	Status   access.Status
	Audience access.Audience
	Note     string
	Body     any
}

// Revisions is the history of a record, newest first. Readers other than the
// owner and the partners see it from its latest publication on, and no
// earlier: what was once a draft, or for fewer readers, stays so. A field is
// shown to those only who might see it both then and now.
func (s *Store) Revisions(ctx context.Context, a access.Actor, kind, id string) ([]Revision, error) {
	dir, err := s.parties(ctx)
	if err != nil {
		return nil, err
	}
	sc := a.Scope()
	rec, err := s.load(ctx, s.db, dir, sc, kind, id)
	if err != nil {
		return nil, err
	}
	rows, err := s.db.Query(ctx, `
		SELECT revision, at, account, party, action, state, audience, named, narrowed, note, body
		FROM revision WHERE n = $1 ORDER BY revision DESC`, rec.N)
	if err != nil {
		return nil, fmt.Errorf("read history: %w", err)
	}
	defer rows.Close()
	inside := sc.Party != "" && (sc.Party == rec.Owner || slices.Contains(rec.Partners, sc.Party))
	var list []Revision
	var past []*Record
	for rows.Next() {
		var r Revision
		var at int64
		var names, narrowed, body string
		err := rows.Scan(&r.Number, &at, &r.Account, &r.Party, &r.Action, &r.Status, &r.Audience, &names, &narrowed, &r.Note, &body)
		if err != nil {
			return nil, err
		}
		then := *rec
		then.raw = nil
		then.Status, then.Audience, then.Named = r.Status, r.Audience, strings.Fields(names)
		then.Narrowed = narrowest(rec.Narrowed, readNarrowed(narrowed))
		if !inside && !sc.May(then.Subject()) {
			break
		}
		if r.Body, err = s.kinds.Kind(kind).stored([]byte(body)); err != nil {
			return nil, err
		}
		then.Body, r.At = r.Body, db.Time(at)
		if sc.Party != r.Party {
			r.Account = ""
		}
		if !inside {
			r.Note = "" // what a focal point writes to an editor is theirs
		}
		past = append(past, &then)
		list = append(list, r)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	return list, s.clean(ctx, s.db, sc, past...)
}

// narrowest is the narrower audience of each field that either narrows.
func narrowest(a, b map[string]access.Audience) map[string]access.Audience {
	m := map[string]access.Audience{}
	for _, from := range []map[string]access.Audience{a, b} {
		for name, audience := range from {
			if have, ok := m[name]; !ok || have.Wider(audience) {
				m[name] = audience
			}
		}
	}
	return m
}
