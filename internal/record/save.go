package record

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"concord/internal/access"
	"concord/internal/audit"
	"concord/internal/db"
	"concord/internal/search"
)

// save writes a record and everything that is derived from it: its revision,
// readers, list entry, search terms, audit line and reminder. It is the only
// code that writes these tables.
func (w *Writer) save(k *Kind, r *Record, act access.Action, note string) error {
	r.Revision++
	r.Updated = w.Now
	r.ReviewDue = time.Time{}
	if k.Review > 0 && r.Status == access.Published {
		r.ReviewDue = r.Verified.Add(k.Review)
	}
	body, err := marshal(r.Body)
	if err != nil {
		return err
	}
	cell, readers := r.Subject().Placement()
	steps := []func() error{
		func() error { return w.saveRow(k, r, cell, body) },
		func() error { return w.saveReaders(r, readers) },
		func() error { return w.saveEntry(r) },
		func() error { return w.saveRevision(r, act, note, body) },
		func() error { return w.saveTerms(k, r) },
		func() error { return w.saveReminder(r) },
		func() error {
			e := audit.Of(w.Actor, w.Now, string(act))
			e.Kind, e.Record, e.Detail = r.Kind, r.ID, fmt.Sprintf("revision %d, %s, %s", r.Revision, r.Status, r.Audience)
			return audit.Write(w.ctx, w.tx, e)
		},
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

func (w *Writer) exec(query string, args ...any) error {
	_, err := w.tx.Exec(w.ctx, query, args...)
	return err
}

func (w *Writer) saveRow(k *Kind, r *Record, cell access.Cell, body string) error {
	changing := []any{
		r.N, string(r.Audience), strings.Join(r.Named, " "), strings.Join(r.Partners, " "), writeNarrowed(r.Narrowed),
		string(r.Status), int(cell), db.Micro(r.Updated), db.Micro(r.Verified), db.Micro(r.ReviewDue),
		k.kindDate(r), r.Revision, body, w.seq,
	}
	if r.Revision > 1 {
		return w.exec(`
			UPDATE record SET audience = $2, named = $3, partners = $4, narrowed = $5, state = $6, cell = $7,
				updated = $8, verified = $9, review_due = $10, date = $11, revision = $12, body = $13, seq = $14
			WHERE n = $1`, changing...)
	}
	return w.exec(`
		INSERT INTO record (n, audience, named, partners, narrowed, state, cell, updated, verified, review_due,
			date, revision, body, seq, id, kind, owner, created, author, origin)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)`,
		append(changing, r.ID, r.Kind, r.Owner, db.Micro(r.Created), r.Author, r.Origin)...)
}

func (w *Writer) saveReaders(r *Record, readers []string) error {
	if r.Revision > 1 {
		if err := w.exec(`DELETE FROM record_reader WHERE n = $1`, r.N); err != nil {
			return err
		}
	}
	readers = slices.Clone(readers)
	slices.Sort(readers)
	for _, code := range slices.Compact(readers) {
		if err := w.exec(`INSERT INTO record_reader (code, n) VALUES ($1, $2)`, code, r.N); err != nil {
			return err
		}
	}
	return nil
}

func (w *Writer) saveEntry(r *Record) error {
	return w.exec(`
		INSERT INTO record_idx (n, seq, env) VALUES ($1, $2, $3)
		ON CONFLICT (n) DO UPDATE SET seq = excluded.seq, env = excluded.env`,
		r.N, w.seq, w.s.kinds.pack(r))
}

func (w *Writer) saveRevision(r *Record, act access.Action, note, body string) error {
	return w.exec(`
		INSERT INTO revision (n, revision, at, account, party, action, state, audience, named, narrowed, note, body)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		r.N, r.Revision, db.Micro(w.Now), w.Actor.Account, w.Actor.Party, string(act), string(r.Status),
		string(r.Audience), strings.Join(r.Named, " "), writeNarrowed(r.Narrowed), note, body)
}

func (w *Writer) saveTerms(k *Kind, r *Record) error {
	doc := search.Doc{N: r.N}
	for _, t := range k.texts(r) {
		doc.Fields = append(doc.Fields, search.Field{Lang: t.lang, Text: t.text, Title: t.title})
	}
	return w.s.search.Put(w.ctx, w.tx, doc)
}

// remind is how long before its review date the owner of a record is asked to
// look at it.
const remind = 30 * 24 * time.Hour

// saveReminder queues the reminder of a published record, one a review date.
func (w *Writer) saveReminder(r *Record) error {
	if r.ReviewDue.IsZero() {
		return nil
	}
	return w.Queue("remind:"+r.ID, "review-reminder", r.ReviewDue.Add(-remind), r.ID)
}

// Queue puts work for later into the transaction. A job with the same id that
// is not done yet is replaced. The payload names records, it never quotes
// them.
func (w *Writer) Queue(id, kind string, due time.Time, payload string) error {
	return w.exec(`
		INSERT INTO job (id, kind, due, payload, attempts, leased, done, error) VALUES ($1, $2, $3, $4, 0, 0, 0, '')
		ON CONFLICT (id) DO UPDATE SET due = excluded.due, payload = excluded.payload, attempts = 0, leased = 0, done = 0, error = ''`,
		id, kind, db.Micro(due), payload)
}

// ArchiveStale archives published records that nobody confirmed for the
// kind's Expire after their review date, at most limit at a time, and returns
// how many. It acts for the portal itself.
func (s *Store) ArchiveStale(ctx context.Context, limit int) (int, error) {
	dir, err := s.parties(ctx)
	if err != nil {
		return 0, err
	}
	archived := 0
	err = s.Do(ctx, access.Actor{Via: "job"}, func(w *Writer) error {
		for _, k := range s.kinds.all {
			if k.Expire == 0 {
				continue
			}
			stale, err := w.published(dir, k, w.Now.Add(-k.Expire), limit-archived)
			if err != nil {
				return err
			}
			for _, r := range stale {
				r.Status = access.Archived
				if err := w.save(k, r, access.Archive, ""); err != nil {
					return err
				}
			}
			archived += len(stale)
		}
		return nil
	})
	return archived, err
}

// published reads published records of the kind that were due before the
// time, for the portal's own use.
func (w *Writer) published(dir Directory, k *Kind, before time.Time, limit int) ([]*Record, error) {
	rows, err := w.tx.Query(w.ctx, "SELECT "+columns+` FROM record r
		WHERE r.kind = $1 AND r.state = 'published' AND r.review_due > 0 AND r.review_due < $2
		ORDER BY r.review_due LIMIT $3`, k.Name, db.Micro(before), limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var recs []*Record
	for rows.Next() {
		var v row
		if err := rows.Scan(v.dest()...); err != nil {
			return nil, err
		}
		r, err := v.record(w.s.kinds, dir, nil)
		if err != nil {
			return nil, err
		}
		recs = append(recs, r)
	}
	return recs, rows.Err()
}
