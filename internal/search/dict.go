package search

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"math/bits"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"concord/internal/db"
	"concord/internal/i18n"

	"golang.org/x/text/unicode/norm"
)

// The dictionary has the words of public records, to complete what a reader
// types and to find something like a word no record has. It must be ordered by
// how common words are, and must not keep a word that no record has any more;
// but exact counts would make every writer wait, and rewrite a hundred rows for
// each record.
//
// So a word stands on a ladder. A record takes each of its words to one step:
// step s with a chance of 2^-s-1, by a hash of word and record. The row of that
// step names the record, and who comes second adds nothing. A word in d records
// has reached about log2 d steps, which is order enough; common words are hardly
// ever written; and as every row has its witness, a record that is changed,
// hidden or deleted takes its rows along, and no row counts for a reader who
// may not see its witness.

// Dictionaries: one per language in the UN's order, then one of texts whose
// language is not known, and one of pairs of Chinese characters, which are no
// words to show to anybody.
const (
	unknownDictionary = 6
	pairDictionary    = 7
)

const (
	// maxStep is the highest step: words in 8,000 records or more are alike.
	maxStep = 12
	// maxWords bounds the words one record puts into the dictionary.
	maxWords = 2000
	// Words of fewer or more characters are not worth completing.
	minShown, maxShown = 3, 32
	// maxRunShown is the longest run of Chinese characters, in a title mostly,
	// that is taken for an expression.
	maxRunShown = 8
)

// entry is a row of the dictionary.
type entry struct {
	lang, step  int
	word        string
	shown, term string
}

// putWords adds the words of a public record that is not in the dictionary.
func (x *Index) putWords(ctx context.Context, tx *db.Tx, d Doc) error {
	entries := x.entries(d)
	if len(entries) == 0 {
		return nil
	}
	rows := make([][5]any, len(entries))
	for i, e := range entries {
		rows[i] = [...]any{e.lang, e.step, e.word, e.shown, e.term}
	}
	list, err := json.Marshal(rows)
	if err != nil {
		return fmt.Errorf("put words of record %d: %w", d.N, err)
	}
	if _, err := tx.Exec(ctx, x.insertWords(), string(list), d.N); err != nil {
		return fmt.Errorf("put words of record %d: %w", d.N, err)
	}
	return nil
}

// entries lists the words of a record with the step it takes each to.
func (x *Index) entries(d Doc) []entry {
	type place struct {
		lang int
		word string
	}
	seen := map[place]bool{}
	var entries []entry
	add := func(lang int, key, written, term string) {
		p := place{lang, key}
		if seen[p] || len(entries) >= maxWords {
			return
		}
		seen[p] = true
		entries = append(entries, entry{lang, stepOf(d.N, key), key, shown(written), term})
	}
	for _, f := range d.Fields {
		lang := f.Lang.Index()
		if lang < 0 {
			lang = unknownDictionary
		}
		x.each(f.Text, f.Lang, func(w word) bool {
			if w.pair {
				add(pairDictionary, w.key, w.key, w.terms[0])
			} else if n := utf8.RuneCountInString(w.key); n >= minShown && n <= maxShown && !strings.ContainsAny(w.key, "0123456789") {
				add(lang, w.key, f.Text[w.start:w.end], w.terms[0])
			}
			return len(entries) < maxWords
		})
		cut(f.Text, func(p piece) bool {
			if p.run {
				run := f.Text[p.start:p.end]
				if n := utf8.RuneCountInString(run); n >= 2 && n <= maxRunShown {
					add(lang, Fold(run), run, "")
				}
			}
			return true
		})
	}
	// In the order of the table, so that neighbours are written together.
	slices.SortFunc(entries, func(a, b entry) int {
		return cmp.Or(a.lang-b.lang, a.step-b.step, strings.Compare(a.word, b.word))
	})
	return entries
}

// shown is a written form as suggestions show it: in lower case, and without
// the characters that nobody sees.
func shown(written string) string {
	return strings.Map(func(r rune) rune {
		if isInvisible(r) {
			return -1
		}
		return r
	}, strings.ToLower(norm.NFC.String(written)))
}

func stepOf(n int64, word string) int {
	h := fnv.New64a()
	_, _ = h.Write([]byte(word + "#" + strconv.FormatInt(n, 10))) // cannot fail
	v := h.Sum64()
	v ^= v >> 29 // the lowest bits of FNV are its weakest
	v *= 0xbf58476d1ce4e5b9
	v ^= v >> 32
	return min(bits.TrailingZeros64(v), maxStep)
}

// dictionaries returns those in which to look for words of l.
func dictionaries(l i18n.Lang) []int {
	if i := l.Index(); i >= 0 {
		return []int{i, unknownDictionary}
	}
	return []int{0, 1, 2, 3, 4, 5, unknownDictionary}
}

// completion is a word that begins as asked for.
type completion struct {
	word, shown, term string
	steps             int
}

// complete returns up to limit words that begin with prefix, the most common
// first, of those that a record has which the reader may see.
func (x *Index) complete(ctx context.Context, q db.Querier, v Visible, prefix string, langs []int, limit int) ([]completion, error) {
	all, err := x.public(ctx, q)
	if err != nil {
		return nil, err
	}
	var words []string
	found := map[string]bool{}
	// The upper steps have few words, and the common ones are there. Only if
	// they have not enough that begin so, there are few that do.
	top := maxStep
	for step := min(bits.Len(uint(all)), maxStep); step >= 0 && len(words) < 3*limit; step-- {
		low := step
		if step <= 2 {
			low, step = 0, 0
		}
		rows, err := x.rows(ctx, q, v, langs, [2]int{low, top}, prefix, nil)
		if err != nil {
			return nil, err
		}
		for _, e := range rows {
			if !found[e.word] {
				found[e.word] = true
				words = append(words, e.word)
			}
		}
		top = low - 1
	}
	if len(words) == 0 {
		return nil, nil
	}
	words = words[:min(len(words), maxCandidates)]
	rows, err := x.rows(ctx, q, v, langs, [2]int{0, maxStep}, "", words)
	if err != nil {
		return nil, err
	}
	return ranked(rows, limit), nil
}

// maxCandidates bounds the words that are ranked.
const maxCandidates = 100

// ranked orders words by the steps they have reached, and gives each the
// spelling and term that most of its rows have.
func ranked(rows []entry, limit int) []completion {
	type variant struct{ word, shown, term string }
	variants := map[variant]int{}
	steps := map[string]int{}
	for _, e := range rows {
		variants[variant{e.word, e.shown, e.term}]++
		steps[e.word]++
	}
	best := map[string]completion{}
	for v, n := range variants {
		old, ok := best[v.word]
		if !ok || n > old.steps || n == old.steps && (v.shown > old.shown || v.shown == old.shown && v.term > old.term) {
			best[v.word] = completion{v.word, v.shown, v.term, n}
		}
	}
	cs := make([]completion, 0, len(best))
	for w, c := range best {
		c.steps = steps[w]
		cs = append(cs, c)
	}
	slices.SortFunc(cs, func(a, b completion) int {
		return cmp.Or(b.steps-a.steps, len(a.word)-len(b.word), strings.Compare(a.word, b.word))
	})
	return cs[:min(len(cs), limit)]
}

// rows reads the dictionary: the words that begin with prefix, or the words
// given.
func (x *Index) rows(ctx context.Context, q db.Querier, v Visible, langs []int, band [2]int, prefix string, words []string) ([]entry, error) {
	args := slices.Clone(v.Args)
	bind := func(a any) string {
		args = append(args, a)
		return "$" + strconv.Itoa(len(args))
	}
	list := func(ns []int) string {
		var s []string
		for _, n := range ns {
			s = append(s, strconv.Itoa(n))
		}
		return "(" + strings.Join(s, ",") + ")"
	}
	var steps []int
	for s := band[0]; s <= band[1]; s++ {
		steps = append(steps, s)
	}
	query := `SELECT w.lang, w.step, w.word, w.shown, w.term FROM search_word w CROSS JOIN record r
		WHERE w.lang IN ` + list(langs) + ` AND w.step IN ` + list(steps)
	if words == nil {
		query += ` AND w.word >= ` + bind(prefix) + ` AND w.word < ` + bind(prefix+"\U0010ffff")
	} else {
		first := len(args) + 1
		for _, w := range words {
			bind(w)
		}
		query += ` AND w.word IN ` + db.In(first, len(words))
	}
	query += ` AND r.n = w.n AND (` + v.SQL + `)`
	if words == nil {
		query += ` ORDER BY w.word, w.lang, w.step LIMIT 1000`
	}
	rows, err := q.Query(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("look up words: %w", err)
	}
	defer rows.Close()
	var entries []entry
	for rows.Next() {
		var e entry
		if err := rows.Scan(&e.lang, &e.step, &e.word, &e.shown, &e.term); err != nil {
			return nil, fmt.Errorf("look up words: %w", err)
		}
		entries = append(entries, e)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("look up words: %w", err)
	}
	return entries, nil
}

// Suggest completes the last word of what a reader has typed, in up to limit
// ways, the most common first. Only words of public records are suggested, and
// of those only words of records the reader may see. Two letters are the least,
// or one Chinese character.
func (x *Index) Suggest(ctx context.Context, q db.Querier, v Visible, prefix string, l i18n.Lang, limit int) ([]string, error) {
	var last piece
	if len(prefix) > maxQuery || !utf8.ValidString(prefix) {
		return nil, nil
	}
	cut(prefix, func(p piece) bool { last = p; return true })
	if last.end != len(prefix) || limit <= 0 {
		return nil, nil
	}
	f := x.form(prefix[last.start:], chainOf(l))
	start, least := f.key, 2
	start = strings.TrimPrefix(start, "ال") // the article, before a word still too short to do without
	if last.run {
		start, least = Fold(prefix[last.start:]), 1
	}
	if utf8.RuneCountInString(start) < least {
		return nil, nil
	}
	found, err := x.complete(ctx, q, v, start, dictionaries(l), min(limit, 50))
	if err != nil {
		return nil, err
	}
	typed := prefix[last.start:]
	var all []string
	for _, c := range found {
		s := c.shown
		if article, ok := strings.CutSuffix(Fold(typed), start); ok && article != "" && !strings.HasPrefix(Fold(s), article) {
			s = article + s // typed الأم: الأمن, though أمن is what is known
		}
		if s = prefix[:last.start] + s; !slices.Contains(all, s) {
			all = append(all, s)
		}
	}
	return all, nil
}
