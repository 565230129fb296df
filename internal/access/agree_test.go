package access_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"concord/internal/access"
	"concord/internal/db"
	"concord/internal/db/dbtest"
	"concord/internal/record/listindex"
)

// seed makes the random subjects and actors; a failure prints it.
const seed = 20261122

// world is where random subjects and actors come from: few codes, so that they
// meet often, and values that no code should ever have.
type world struct{ *rand.Rand }

func (w world) one(list ...string) string { return list[w.IntN(len(list))] }

func (w world) some(list ...string) (chosen []string) {
	for _, x := range list {
		if w.IntN(4) == 0 {
			chosen = append(chosen, x)
		}
	}
	return chosen
}

func (w world) subject() access.Subject {
	return access.Subject{
		Owner:     w.one("WSM", "KEN", "OAS", "GFCE", "UNODA"),
		OwnerKind: access.PartyKind(w.one("state", "regional", "stakeholder", "secretariat", "")),
		Audience:  access.Audience(w.one("public", "states", "group", "own", "sealed", "", "secret")),
		Status:    access.Status(w.one("draft", "awaiting", "published", "published", "archived", "withdrawn", "submitted", "returned", "rejected", "", "secret")),
		Named:     w.some("WSM", "KEN", "OAS", "GFCE", "UNODA", "@sids", "@oas"), Partners: w.some("WSM", "KEN", "OAS", "GFCE"),
	}
}

func (w world) actor() access.Actor {
	a := access.Actor{
		Party:  w.one("WSM", "KEN", "OAS", "GFCE", "UNODA", "EST", "wsm", "W_M", "%", "@sids", ""),
		Kind:   access.PartyKind(w.one("state", "regional", "un-entity", "stakeholder", "secretariat", "", "secret")),
		Groups: w.some("@sids", "@oas", "@SIDS", "%", "'; --"), Reads: w.IntN(2) == 0, Via: w.one("web", "api", "cli", "job", ""),
	}
	for _, r := range w.some("viewer", "editor", "focal-point", "moderator", "administrator", "auditor", "secret") {
		a.Roles = append(a.Roles, access.Role(r))
	}
	return a
}

// The rule, its SQL form and the cells of the list index give the same answer
// to every actor about every record.
func TestFormsAgree(t *testing.T) {
	const subjects, actors = 250, 100
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := world{rand.New(rand.NewPCG(seed, 1))}
		list := make([]access.Subject, subjects)
		for i := range list {
			list[i] = w.subject()
		}
		store(t, d, list)
		ix := index(list)
		readable := 0
		for range actors {
			a := w.actor()
			sc := a.Scope()
			var want []int64
			for i, s := range list {
				if sc.May(s) {
					want = append(want, int64(i+1))
				}
			}
			readable += len(want)
			if got := query(t, d, sc); !slices.Equal(got, want) {
				t.Fatalf("seed %d: %+v reads %v by SQL, %v by the rule", seed, a, got, want)
			}
			r := ix.Query(listindex.Scope{Party: sc.Party, States: sc.States, Codes: sc.Codes}, listindex.Query{Kinds: []string{"need"}, Limit: subjects, Shelved: true})
			if slices.Sort(r.Ns); !slices.Equal(r.Ns, want) || r.Total != len(want) {
				t.Fatalf("seed %d: %+v lists %v of %d, reads %v", seed, a, r.Ns, r.Total, want)
			}
		}
		if part := float64(readable) / (subjects * actors); part < 0.1 || part > 0.9 {
			t.Errorf("%.2f of the pairs may read: the test does not see both answers", part)
		}
		t.Logf("%d pairs, %d readable", subjects*actors, readable)
	})
}

// store writes the subjects as record 1, 2, … and what is derived from them.
func store(t *testing.T, d *db.DB, list []access.Subject) {
	t.Helper()
	err := d.Tx(t.Context(), func(tx *db.Tx) error {
		for i, s := range list {
			cell, readers := s.Placement()
			_, err := tx.Exec(t.Context(), `
				INSERT INTO record (n, id, kind, owner, audience, named, partners, narrowed, state, cell, created, updated,
					verified, review_due, date, revision, author, origin, body, seq)
				VALUES ($1, $2, 'need', $3, $4, '', '', '', $5, $6, 0, 0, 0, 0, 0, 1, '', '', '{}', 1)`,
				i+1, strconv.Itoa(i+1), s.Owner, string(s.Audience), string(s.Status), int(cell))
			if err != nil {
				return err
			}
			slices.Sort(readers)
			for _, code := range slices.Compact(readers) {
				if _, err := tx.Exec(t.Context(), `INSERT INTO record_reader (code, n) VALUES ($1, $2)`, code, i+1); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func index(list []access.Subject) *listindex.Index {
	var entries []listindex.Entry
	for i, s := range list {
		cell, readers := s.Placement()
		entries = append(entries, listindex.Entry{N: int64(i + 1), Kind: "need", Cell: listindex.Cell(cell), Owner: s.Owner, Readers: readers})
	}
	ix := listindex.New()
	ix.Apply(1, entries)
	return ix
}

func query(t *testing.T, d *db.DB, sc access.Scope) (ns []int64) {
	t.Helper()
	where, args := sc.SQL()
	rows, err := d.Query(t.Context(), fmt.Sprintf("SELECT r.n FROM record r WHERE %s ORDER BY r.n", where), args...)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var n int64
		if err := rows.Scan(&n); err != nil {
			t.Fatal(err)
		}
		ns = append(ns, n)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return ns
}
