// Package audit keeps the append-only trail of every change and every refused
// attempt, written in the transaction of what it records.
//
// Invariant: entries are never changed or removed, their numbers have no gap,
// and they hold no content of records: only who did what to which record.
package audit

import (
	"context"
	"fmt"
	"time"

	"concord/internal/access"
	"concord/internal/db"
)

// Outcomes of what was attempted.
const (
	Done    = "done"
	Refused = "refused"
)

// Entry is one line of the trail.
type Entry struct {
	Seq     int64
	At      time.Time
	Account string
	Party   string
	Via     string // web, api, cli, job
	Action  string
	Kind    string
	Record  string // id; "" when the act concerns no record
	Outcome string
	Detail  string // field names, statuses, counts; never their text
}

// Of begins an entry for what the actor does.
func Of(a access.Actor, at time.Time, action string) Entry {
	return Entry{At: at, Account: a.Account, Party: a.Party, Via: a.Via, Action: action, Outcome: Done}
}

// Write appends the entry inside tx and gives it its number.
func Write(ctx context.Context, tx *db.Tx, e Entry) error {
	err := tx.QueryRow(ctx, `UPDATE head SET audit = audit + 1 WHERE k = 1 RETURNING audit`).Scan(&e.Seq)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO audit (seq, at, account, party, via, action, kind, record, outcome, detail)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		e.Seq, db.Micro(e.At), e.Account, e.Party, e.Via, e.Action, e.Kind, e.Record, e.Outcome, e.Detail)
	return err
}

// Page is at most limit entries older than before (0 = the newest), newest
// first. A party of "" means all parties; a record of "" all records.
func Page(ctx context.Context, q db.Querier, party, record string, before int64, limit int) ([]Entry, error) {
	if before == 0 {
		before = 1 << 62
	}
	rows, err := q.Query(ctx, `
		SELECT seq, at, account, party, via, action, kind, record, outcome, detail
		FROM audit
		WHERE seq < $1 AND ($2 = '' OR party = $2) AND ($3 = '' OR record = $3)
		ORDER BY seq DESC LIMIT $4`, before, party, record, limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var entries []Entry
	for rows.Next() {
		var e Entry
		var at int64
		if err := rows.Scan(&e.Seq, &at, &e.Account, &e.Party, &e.Via, &e.Action, &e.Kind, &e.Record, &e.Outcome, &e.Detail); err != nil {
			return nil, err
		}
		e.At = db.Time(at)
		entries = append(entries, e)
	}
	return entries, rows.Err()
}

// Verify reports how many entries the trail has, and fails where a number is
// missing or where the newest is not the one that the head remembers.
func Verify(ctx context.Context, q db.Querier) (int64, error) {
	var count, last, head int64
	err := q.QueryRow(ctx, `SELECT count(*), coalesce(max(seq), 0), (SELECT audit FROM head WHERE k = 1) FROM audit`).Scan(&count, &last, &head)
	switch {
	case err != nil:
		return 0, err
	case last != head:
		return count, fmt.Errorf("the newest entry is %d, %d were written", last, head)
	case count == last:
		return count, nil
	}
	var missing int64
	err = q.QueryRow(ctx, `
		SELECT coalesce(min(a.seq), 0) + 1 FROM audit a
		WHERE NOT EXISTS (SELECT 1 FROM audit b WHERE b.seq = a.seq + 1) AND a.seq < $1`, last).Scan(&missing)
	if err != nil {
		return count, err
	}
	return count, fmt.Errorf("entry %d is missing", missing)
}
