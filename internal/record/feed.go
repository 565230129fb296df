package record

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"concord/internal/access"
	"concord/internal/db"
	"concord/internal/record/listindex"
)

// The table record_idx holds what the list index knows of each record, so
// that a start reads a narrow table, and every write is found by seq > ?.
// The entry is packed as lines, which nothing in it can contain:
//
//	kind, cell, shelved, owner, readers, three orders, then field=code each

// facets lists what the record is counted under. Codes of a vocabulary in two
// levels count for their parent too. A field that some readers of the record
// may not see is not counted at all: its counts would tell.
func (ks *Kinds) facets(r *Record) []listindex.Value {
	k := ks.Kind(r.Kind)
	values := []listindex.Value{
		{Field: "state", Code: string(r.Status)},
		{Field: "audience", Code: string(r.Audience)},
	}
	for _, f := range k.Facets() {
		if r.fieldAudience(f) != "" {
			continue
		}
		for _, code := range f.Strings(r.Body) {
			values = append(values, listindex.Value{Field: f.Name, Code: code})
			if f.Vocab != "" {
				if t, ok := ks.Vocab[f.Vocab].Term(code); ok && t.Parent != "" {
					values = append(values, listindex.Value{Field: f.Name, Code: t.Parent})
				}
			}
		}
	}
	return values
}

// shelved records are in lists only for those who ask for them.
func shelved(s access.Status) bool {
	return s == access.Archived || s == access.Withdrawn || s == access.Rejected
}

// pack writes the record's entry.
func (ks *Kinds) pack(r *Record) string {
	cell, readers := r.Subject().Placement()
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n%d\n%t\n%s\n%s\n%d\n%d\n%d", r.Kind, cell, shelved(r.Status), r.Owner, strings.Join(readers, " "),
		db.Micro(r.Updated), db.Micro(r.Created), ks.Kind(r.Kind).kindDate(r))
	for _, v := range ks.facets(r) {
		b.WriteString("\n" + v.Field + "=" + v.Code)
	}
	return b.String()
}

// unpack reads an entry. A line that is not as pack writes it is an error: a
// list that silently lacks a record would be worse than none.
func unpack(n int64, env string) (listindex.Entry, error) {
	lines := strings.Split(env, "\n")
	if len(lines) < 8 {
		return listindex.Entry{}, fmt.Errorf("list entry %d: %d lines", n, len(lines))
	}
	cell, err := strconv.ParseUint(lines[1], 10, 8)
	if err != nil {
		return listindex.Entry{}, fmt.Errorf("list entry %d: %w", n, err)
	}
	shelved, err := strconv.ParseBool(lines[2])
	if err != nil {
		return listindex.Entry{}, fmt.Errorf("list entry %d: %w", n, err)
	}
	e := listindex.Entry{
		N: n, Kind: lines[0], Cell: listindex.Cell(cell), Shelved: shelved,
		Owner: lines[3], Readers: strings.Fields(lines[4]),
	}
	for i := range e.Order {
		if e.Order[i], err = strconv.ParseInt(lines[5+i], 10, 64); err != nil {
			return listindex.Entry{}, fmt.Errorf("list entry %d: %w", n, err)
		}
	}
	for _, line := range lines[8:] {
		field, code, ok := strings.Cut(line, "=")
		if !ok {
			return listindex.Entry{}, fmt.Errorf("list entry %d: %q", n, line)
		}
		e.Values = append(e.Values, listindex.Value{Field: field, Code: code})
	}
	return e, nil
}

// catchUp brings the index to the newest commit. One goroutine works; the
// others wait for it and then find nothing left to do.
func (s *Store) catchUp(ctx context.Context) error {
	return s.db.View(ctx, func(tx *db.Tx) error { return s.catchUpIn(ctx, tx) })
}

// catchUpIn brings the index to the commit that tx reads. If the database was
// restored from a backup (another epoch, or a head behind the index), or has
// forgotten deletions the index never heard of, the index is built anew.
func (s *Store) catchUpIn(ctx context.Context, tx *db.Tx) error {
	s.catch.Lock()
	defer s.catch.Unlock()
	var epoch string
	var floor, seq int64
	err := tx.QueryRow(ctx, `SELECT epoch, floor, seq FROM head WHERE k = 1`).Scan(&epoch, &floor, &seq)
	if err != nil {
		return fmt.Errorf("read head: %w", err)
	}
	have := s.list().Seq()
	if epoch != s.epoch || seq < have || have < floor {
		have = 0
	} else if seq == have {
		return nil
	}
	rows, err := tx.Query(ctx, `SELECT n, env FROM record_idx WHERE seq > $1`, have)
	if err != nil {
		return fmt.Errorf("read list entries: %w", err)
	}
	defer rows.Close()
	var entries []listindex.Entry
	for rows.Next() {
		var n int64
		var env string
		if err := rows.Scan(&n, &env); err != nil {
			return err
		}
		e, err := unpack(n, env)
		if err != nil {
			return err
		}
		entries = append(entries, e)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	ix := s.list()
	if have == 0 {
		ix = listindex.New()
	}
	ix.Apply(seq, entries)
	s.epoch = epoch
	s.index.Store(ix)
	return nil
}

// list is the index as it is now; it may be behind.
func (s *Store) list() *listindex.Index { return s.index.Load() }

// Derive reads the records of the kinds that were written after commit since
// (0 = all), as stored, and the newest commit. It is for what a module keeps
// in memory to answer faster, and for nothing else: whatever it says to a
// reader must go through Scope.May and then Many.
func (s *Store) Derive(ctx context.Context, kinds []string, since int64) (recs []*Record, seq int64, err error) {
	dir, err := s.parties(ctx)
	if err != nil {
		return nil, 0, err
	}
	if err := s.db.QueryRow(ctx, `SELECT seq FROM head WHERE k = 1`).Scan(&seq); err != nil || seq == since {
		return nil, seq, err
	}
	err = s.db.View(ctx, func(tx *db.Tx) error {
		if err := tx.QueryRow(ctx, `SELECT seq FROM head WHERE k = 1`).Scan(&seq); err != nil {
			return err
		}
		args := []any{since}
		for _, k := range kinds {
			args = append(args, k)
		}
		rows, err := tx.Query(ctx, "SELECT "+columns+" FROM record r WHERE r.seq > $1 AND r.kind IN "+db.In(2, len(kinds)), args...)
		if err != nil {
			return fmt.Errorf("read changes: %w", err)
		}
		defer rows.Close()
		for rows.Next() {
			var w row
			if err := rows.Scan(w.dest()...); err != nil {
				return err
			}
			r, err := w.record(s.kinds, dir, nil)
			if err != nil {
				return err
			}
			recs = append(recs, r)
		}
		return rows.Err()
	})
	return recs, seq, err
}

// Count is how many records there are and how many entries of the list index
// stand for them: an operator's check that the two agree.
func Count(ctx context.Context, q db.Querier) (records, entries int64, err error) {
	err = q.QueryRow(ctx, `SELECT (SELECT count(*) FROM record), (SELECT count(*) FROM record_idx)`).Scan(&records, &entries)
	return records, entries, err
}
