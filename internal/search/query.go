package search

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"concord/internal/db"
	"concord/internal/i18n"
)

// Visible is who may see what: an SQL condition on `record r`, with its
// arguments from placeholder $1 on. It is part of every statement.
type Visible struct {
	SQL  string
	Args []any
}

// Query is what a reader looks for.
type Query struct {
	Text string
	// Lang, if set, is the language of Text, and only records with a text in
	// it are found. "" is any: Latin words are then tried as English, French
	// and Spanish.
	Lang i18n.Lang
	// Kinds, if any, are the kinds of records to find.
	Kinds []string
	// Limit is how many hits to return, 20 if 0. A larger limit costs more.
	Limit int
}

// Hit is a record found.
type Hit struct {
	N     int64
	Score float64
}

const (
	// maxGroups bounds the different words of a query, maxQuery its bytes:
	// what is beyond is not looked at.
	maxGroups = 24
	maxQuery  = 4096
	// guessed is the weight of words put in place of an unknown one.
	guessed = 0.6
	// guesses is how many of them.
	guesses = 8
	// manyPass is from what part of all records on a filter is looked at late.
	manyPass = 0.2
)

// group is a word of a query: the terms that may stand for it, any of which
// will do.
type group struct {
	terms  []string
	hashes []uint32
	weight float64
	idf    float64
	stat   stat // summed over terms
	stop   bool // counts where it occurs, but is not asked for
	key    string
	pair   bool
}

// known reports whether a record the reader may see has the word.
func (g *group) known() bool { return len(g.terms) > 0 }

// search is a query being answered.
type search struct {
	x       *Index
	q       db.Querier
	visible Visible
	groups  []group // as asked
	need    []group // those asked for that are known
	missing bool    // some asked for are not
	filter  expr    // of language and kind, as tokens
	where   string  // and as conditions on rows
	share   float64 // of public records, how many pass filter
	all     int     // public records
}

// begin analyses a query and looks its words up. Nil is a query without words,
// which finds nothing.
func (x *Index) begin(ctx context.Context, q db.Querier, v Visible, query Query) (*search, error) {
	s := &search{x: x, q: q, visible: v, groups: x.groups(query.Text, query.Lang), share: 1}
	if len(s.groups) == 0 {
		return nil, nil
	}
	var err error
	if s.all, err = x.public(ctx, q); err != nil {
		return nil, err
	}
	if ok, err := s.filters(ctx, query); err != nil || !ok {
		return nil, err
	}
	for i := range s.groups {
		g := &s.groups[i]
		if err := s.resolve(ctx, g, query.Lang); err != nil {
			return nil, err
		}
		if g.known() && !g.stop {
			s.need = append(s.need, *g)
		}
		s.missing = s.missing || !g.known() && !g.stop
	}
	// The rarest first: engines and planner both go by it.
	slices.SortStableFunc(s.need, func(a, b group) int { return a.stat.df - b.stat.df })
	return s, nil
}

// groups lists the different words of a query.
func (a *Analyser) groups(text string, l i18n.Lang) []group {
	var groups []group
	asked := false
	a.each(shortenBytes(text, maxQuery), l, func(w word) bool {
		if slices.ContainsFunc(groups, func(g group) bool { return slices.Equal(g.terms, w.terms) }) {
			return true
		}
		groups = append(groups, group{terms: slices.Clone(w.terms), weight: 1, stop: w.stop, key: w.key, pair: w.pair})
		asked = asked || !w.stop
		return len(groups) < maxGroups
	})
	if !asked {
		for i := range groups {
			groups[i].stop = false
		}
	}
	return groups
}

// filters sets the conditions of language and kind; false if nothing can pass
// them.
func (s *search) filters(ctx context.Context, query Query) (bool, error) {
	var tokens []expr
	if query.Lang != "" {
		if !query.Lang.Valid() {
			return false, nil
		}
		e, err := s.filterBy(ctx, fmt.Sprintf("d.langs & %d <> 0", 1<<query.Lang.Index()), langToken(query.Lang))
		if err != nil {
			return false, err
		}
		tokens = append(tokens, e)
	}
	if len(query.Kinds) > 0 {
		var kinds, names []string
		for _, k := range query.Kinds {
			if validKind(k) {
				kinds, names = append(kinds, kindToken(k)), append(names, "'"+k+"'")
			}
		}
		if len(kinds) == 0 {
			return false, nil
		}
		e, err := s.filterBy(ctx, "r.kind IN ("+strings.Join(names, ",")+")", kinds...)
		if err != nil {
			return false, err
		}
		tokens = append(tokens, e)
	}
	s.filter = s.x.and(tokens...)
	return true, nil
}

// filterBy returns the expression for records with any of the tokens. Where
// many have them, walking through their long lists costs more than looking at
// the rows found; the condition on rows, which says the same, is used then.
func (s *search) filterBy(ctx context.Context, condition string, tokens ...string) (expr, error) {
	df := 0
	es := make([]expr, len(tokens))
	for i, t := range tokens {
		st, err := s.x.stat(ctx, s.q, t, false)
		if err != nil {
			return "", err
		}
		df += st.df
		es[i] = s.x.token(t)
	}
	share := float64(df+1) / float64(s.all+1)
	s.share *= share
	if share < manyPass {
		return s.x.or(es...), nil
	}
	s.where += " AND " + condition
	return "", nil
}

// resolve counts a word, and puts words that begin like it in the place of one
// that no record has which the reader may see.
func (s *search) resolve(ctx context.Context, g *group, l i18n.Lang) error {
	lone := g.pair && utf8.RuneCountInString(g.key) == 1
	if lone { // a Chinese word of one character: any pair that begins with it
		more, err := s.x.complete(ctx, s.q, s.visible, g.key, []int{pairDictionary}, guesses)
		if err != nil {
			return err
		}
		for _, c := range more {
			g.terms = append(g.terms, c.term)
		}
	}
	if err := s.measure(ctx, g); err != nil || g.stat.df > 0 {
		return err
	}
	if ok, err := s.exists(ctx, g); err != nil || ok {
		return err
	}
	start := guessFrom(g)
	g.terms, g.hashes = nil, nil
	if start == "" || g.stop {
		return nil
	}
	more, err := s.x.complete(ctx, s.q, s.visible, start, dictionaries(l), guesses)
	if err != nil {
		return err
	}
	for _, c := range more {
		if !slices.Contains(g.terms, c.term) {
			g.terms = append(g.terms, c.term)
		}
	}
	g.weight = guessed
	return s.measure(ctx, g)
}

// guessFrom returns the letters that words must begin with to be tried in the
// place of an unknown one: its stem less two letters, but at least four; "" if
// the word is too short to guess at.
func guessFrom(g *group) string {
	if g.pair {
		return ""
	}
	from := g.key
	for _, r := range from {
		if r >= '0' && r <= '9' {
			return "" // numbers are not alike for beginning alike
		}
	}
	n := utf8.RuneCountInString(from)
	for _, t := range g.terms {
		n = min(n, utf8.RuneCountInString(t))
	}
	if n < 4 {
		return ""
	}
	return shorten(from, max(n-2, 4))
}

func (s *search) measure(ctx context.Context, g *group) error {
	g.stat, g.hashes = stat{}, nil
	for _, t := range g.terms {
		st, err := s.x.stat(ctx, s.q, t, false)
		if err != nil {
			return err
		}
		g.stat.df += st.df
		g.hashes = append(g.hashes, hash24(t))
	}
	g.idf = idf(g.stat.df, s.all)
	return nil
}

// exists reports whether the reader may see a record with the word. Statistics
// know only of public ones.
func (s *search) exists(ctx context.Context, g *group) (bool, error) {
	ns, err := s.numbers(ctx, s.any(g), "", ` LIMIT 1`)
	return len(ns) > 0, err
}

// any is the expression for a word.
func (s *search) any(g *group) expr {
	es := make([]expr, len(g.terms))
	for i, t := range g.terms {
		es[i] = s.x.token(t)
	}
	return s.x.or(es...)
}

// numbers returns the visible records that match e.
func (s *search) numbers(ctx context.Context, e expr, where, tail string) ([]int64, error) {
	rows, err := s.q.Query(ctx, `SELECT r.n`+s.x.from(len(s.visible.Args)+1, s.visible.SQL)+where+tail,
		append(slices.Clone(s.visible.Args), string(e))...)
	if err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	defer rows.Close()
	var ns []int64
	for rows.Next() {
		var n int64
		if err := rows.Scan(&n); err != nil {
			return nil, fmt.Errorf("search: %w", err)
		}
		ns = append(ns, n)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	return ns, nil
}

func shortenBytes(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return strings.ToValidUTF8(s[:n], " ")
}
