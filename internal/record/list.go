package record

import (
	"context"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"iter"
	"math"
	"slices"
	"strconv"
	"strings"

	"concord/internal/access"
	"concord/internal/db"
	"concord/internal/i18n"
	"concord/internal/ids"
	"concord/internal/problem"
	"concord/internal/record/listindex"
	"concord/internal/search"
)

// The orders of a list.
const (
	ByUpdated   = "updated"
	ByCreated   = "created"
	ByDate      = "date" // the kind's own
	ByRelevance = "relevance"
)

// Limits of a list.
const (
	DefaultLimit = 20
	MaxLimit     = 100
	// ranked is how many of the best hits of a search are listed by their score;
	// the others follow, the newest first.
	ranked = 200
)

// Query asks for a list.
type Query struct {
	Kinds  []string
	Text   string              // words to search for
	Lang   i18n.Lang           // of the words; "" = any
	Filter map[string][]string // facet → codes, any of them; all facets
	Owner  string              // only this party's, in every count
	Facets []string            // to count
	Order  string              // "" = relevance with a text, else updated
	Asc    bool                // oldest first
	After  string              // Next of the page before
	Limit  int                 // 0 = DefaultLimit
	All    bool                // also what is no longer current
}

// Page is a list: the records, and counts that agree with them to the commit.
type Page struct {
	Records []*Record
	Total   int
	Counts  map[string][]listindex.Count
	Next    string // "" = the last page
}

// tries is how often List hopes that nobody commits between its two looks,
// before it takes a snapshot.
const tries = 3

// List returns one page of what the actor may see. Total, counts and records
// are of one commit, not older than the call.
func (s *Store) List(ctx context.Context, a access.Actor, q Query) (*Page, error) {
	dir, err := s.parties(ctx)
	if err != nil {
		return nil, err
	}
	if q.Limit <= 0 {
		q.Limit = DefaultLimit
	}
	q.Limit = min(q.Limit, MaxLimit)
	if q.Order == "" {
		q.Order = ByUpdated
		if q.Text != "" {
			q.Order = ByRelevance
		}
	}
	for range tries {
		page, fresh, err := s.attempt(ctx, s.db, dir, a.Scope(), q)
		if err != nil || fresh {
			return page, err
		}
		if err := s.catchUp(ctx); err != nil {
			return nil, err
		}
	}
	var page *Page
	err = s.db.View(ctx, func(tx *db.Tx) error {
		if err := s.catchUpIn(ctx, tx); err != nil {
			return err
		}
		page, _, err = s.attempt(ctx, tx, dir, a.Scope(), q)
		return err
	})
	return page, err
}

// attempt answers from the index and then reads the rows together with the
// head. fresh tells whether the index was at that commit, so that both agree.
func (s *Store) attempt(ctx context.Context, q db.Querier, dir Directory, sc access.Scope, query Query) (*Page, bool, error) {
	ix := s.list()
	seq := ix.Seq()
	plan, err := s.plan(ctx, q, ix, sc, query)
	if err != nil {
		return nil, false, err
	}
	recs, head, err := s.rows(ctx, q, dir, sc, plan.ns)
	if err != nil || head != seq || plan.seq != seq {
		return nil, false, err
	}
	page := &Page{Total: plan.total, Counts: plan.counts}
	for _, n := range plan.ns {
		if r := recs[n]; r != nil {
			page.Records = append(page.Records, r)
		}
	}
	if err := s.clean(ctx, q, sc, page.Records...); err != nil {
		return nil, false, err
	}
	if plan.more && len(page.Records) > 0 {
		last := page.Records[len(page.Records)-1]
		page.Next = cursor{plan.key, last.ID}.String()
	}
	return page, true, nil
}

// Export yields all of a list, page by page: each page is of one commit, and
// each record passes the gate as it does anywhere else.
func (s *Store) Export(ctx context.Context, a access.Actor, q Query) iter.Seq2[*Record, error] {
	q.Limit, q.Facets = MaxLimit, nil
	return func(yield func(*Record, error) bool) {
		for {
			page, err := s.List(ctx, a, q)
			if err != nil {
				yield(nil, err)
				return
			}
			for _, r := range page.Records {
				if !yield(r, nil) {
					return
				}
			}
			if page.Next == "" {
				return
			}
			q.After = page.Next
		}
	}
}

// planned is which records a page has, and what is counted.
type planned struct {
	seq    int64
	total  int
	counts map[string][]listindex.Count
	ns     []int64
	more   bool
	key    int64 // of the last record, for the cursor
}

func (s *Store) plan(ctx context.Context, q db.Querier, ix *listindex.Index, sc access.Scope, query Query) (planned, error) {
	iq := listindex.Query{
		Kinds: query.Kinds, Shelved: query.All, Filter: query.Filter, Owner: query.Owner,
		Facets: query.Facets, Desc: !query.Asc, Limit: query.Limit,
	}
	switch query.Order {
	case ByCreated:
		iq.Order = listindex.Created
	case ByDate:
		iq.Order = listindex.Dated
	}
	after, err := s.cursor(ctx, q, sc, query)
	if err != nil {
		return planned{}, err
	}
	scope := listindex.Scope{Party: sc.Party, States: sc.States, Codes: sc.Codes}
	if query.Text != "" {
		ns, err := s.search.Matches(ctx, q, visibility(sc), searchQuery(query, 0))
		if err != nil {
			return planned{}, err
		}
		iq.Within = &ns
	}
	if query.Order != ByRelevance || query.Text == "" {
		iq.After = listindex.Cursor{Key: after.key, N: after.n}
		r := ix.Query(scope, iq)
		return planned{r.Seq, r.Total, r.Counts, r.Ns, r.More, r.Next.Key}, nil
	}
	return s.best(ctx, q, ix, scope, sc, query, iq, after.key)
}

// best plans a page ordered by relevance: the hits that pass the filters, in
// the order of their scores, from position `from` on.
func (s *Store) best(ctx context.Context, q db.Querier, ix *listindex.Index, scope listindex.Scope, sc access.Scope, query Query, iq listindex.Query, from int64) (planned, error) {
	hits, err := s.search.Find(ctx, q, visibility(sc), searchQuery(query, ranked))
	if err != nil {
		return planned{}, err
	}
	counted := iq
	counted.Limit = 0
	r := ix.Query(scope, counted)
	p := planned{seq: r.Seq, total: r.Total, counts: r.Counts, key: from}

	ns := make([]int64, len(hits))
	for i, h := range hits {
		ns[i] = h.N
	}
	slices.Sort(ns)
	iq.Within, iq.Facets, iq.Limit = &ns, nil, len(ns)
	passes := map[int64]bool{}
	if len(ns) > 0 {
		for _, n := range ix.Query(scope, iq).Ns {
			passes[n] = true
		}
	}
	position := int64(0)
	for _, h := range hits {
		if !passes[h.N] {
			continue
		}
		if position++; position <= from {
			continue
		}
		if len(p.ns) == query.Limit {
			p.more = true
			break
		}
		p.ns = append(p.ns, h.N)
		p.key = position
	}
	if !p.more && len(hits) == ranked {
		iq.Within = without(*counted.Within, ns)
		p.tail(ix, scope, iq, max(from-position, 0), query.Limit-len(p.ns))
	}
	return p, nil
}

// tail adds, after the best hits, the newest of the others, so that a list
// shows all that it counts.
func (p *planned) tail(ix *listindex.Index, scope listindex.Scope, iq listindex.Query, skip int64, room int) {
	end := int(skip) + room
	iq.Limit = end + 1
	ns := ix.Query(scope, iq).Ns
	p.more = len(ns) > end
	ns = ns[min(int(skip), len(ns)):min(end, len(ns))]
	p.ns = append(p.ns, ns...)
	p.key += int64(len(ns))
}

// without is what of a is not in b; both ascend.
func without(a, b []int64) *[]int64 {
	rest := make([]int64, 0, len(a))
	for _, n := range a {
		if _, found := slices.BinarySearch(b, n); !found {
			rest = append(rest, n)
		}
	}
	return &rest
}

func searchQuery(q Query, limit int) search.Query {
	return search.Query{Text: q.Text, Lang: q.Lang, Kinds: q.Kinds, Limit: limit}
}

func visibility(sc access.Scope) search.Visible {
	where, args := sc.SQL()
	return search.Visible{SQL: where, Args: args}
}

// rows reads records by number together with the head's seq, in one statement
// and so of one commit.
func (s *Store) rows(ctx context.Context, q db.Querier, dir Directory, sc access.Scope, ns []int64) (map[int64]*Record, int64, error) {
	args := make([]any, len(ns))
	for i, n := range ns {
		args[i] = n
	}
	// A page short of records is padded, so that few texts are prepared.
	for len(args) > 0 && len(args) != 1 && len(args)%DefaultLimit != 0 {
		args = append(args, int64(-1))
	}
	query := "SELECT h.seq, " + nullable + " FROM head h LEFT JOIN record r ON r.n IN " + db.In(1, len(args)) + " WHERE h.k = 1"
	rows, err := q.Query(ctx, query, args...)
	if err != nil {
		return nil, 0, fmt.Errorf("read list: %w", err)
	}
	defer rows.Close()
	var head int64
	recs := map[int64]*Record{}
	for rows.Next() {
		var w row
		if err := rows.Scan(append([]any{&head}, w.dest()...)...); err != nil {
			return nil, 0, fmt.Errorf("read list: %w", err)
		}
		if w.id == "" {
			continue // the head alone: an empty page
		}
		rec, err := w.record(s.kinds, dir, s.cacheFor(q))
		if err != nil {
			return nil, 0, err
		}
		if sc.May(rec.Subject()) {
			recs[rec.N] = rec
		}
	}
	return recs, head, rows.Err()
}

// nullable are the columns as an outer join may leave them.
const nullable = `coalesce(r.n, 0), coalesce(r.id, ''), coalesce(r.kind, ''), coalesce(r.owner, ''), coalesce(r.audience, ''),
	coalesce(r.named, ''), coalesce(r.partners, ''), coalesce(r.narrowed, ''), coalesce(r.state, ''),
	coalesce(r.created, 0), coalesce(r.updated, 0), coalesce(r.verified, 0), coalesce(r.review_due, 0),
	coalesce(r.revision, 0), coalesce(r.author, ''), coalesce(r.origin, ''), coalesce(r.body, '')`

// cursor is a place in a list: the sort key (or the rank) and the id of the
// last record seen. The record's number stays inside.
type cursor struct {
	key int64
	id  string
}

func (c cursor) String() string {
	return base64.RawURLEncoding.EncodeToString([]byte(strconv.FormatInt(c.key, 36) + "." + c.id))
}

type place struct{ key, n int64 }

// cursor reads the place that a page ended at. The record need not be there,
// or visible, any more: then the page begins anew with those of the same key.
// So a cursor tells nothing of a record that the reader cannot see, not even
// whether there is one.
func (s *Store) cursor(ctx context.Context, q db.Querier, sc access.Scope, query Query) (place, error) {
	if query.After == "" {
		return place{}, nil
	}
	bad := problem.New(problem.BadRequest, "cursor")
	b, err := base64.RawURLEncoding.DecodeString(query.After)
	if err != nil {
		return place{}, bad
	}
	number, id, _ := strings.Cut(string(b), ".")
	key, err := strconv.ParseInt(number, 36, 64)
	if err != nil || !ids.Valid(id) {
		return place{}, bad
	}
	n := int64(math.MaxInt64)
	if query.Asc {
		n = 0
	}
	where, args := sc.SQL()
	err = q.QueryRow(ctx, fmt.Sprintf("SELECT r.n FROM record r WHERE r.id = $%d AND %s", len(args)+1, where), append(args, id)...).Scan(&n)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return place{}, fmt.Errorf("read cursor: %w", err)
	}
	return place{key, n}, nil
}
