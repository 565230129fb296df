package search

import (
	"strings"
	"unicode/utf8"

	"concord/internal/i18n"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/english"
	"github.com/blevesearch/snowballstem/french"
	"github.com/blevesearch/snowballstem/russian"
	"github.com/blevesearch/snowballstem/spanish"
	"golang.org/x/text/unicode/norm"
)

// Terms returns the index terms of text in l, in order of appearance: stems,
// and pairs of neighbouring characters for Chinese. With l "", the language is
// unknown: a word in Latin letters then gives its different English, French and
// Spanish stems, one after the other; mostly they are one.
//
// The script of a word decides before l does: Arabic, Cyrillic and Chinese
// words are analysed as Arabic, Russian and Chinese in whatever text they
// stand, and Latin words in Arabic, Chinese and Russian texts as English,
// because the acronyms and names there mostly are.
func Terms(text string, l i18n.Lang) []string {
	return (*Analyser)(nil).Terms(text, l)
}

// Each calls f for every word of text, in order, with its place in text and its
// term. Pairs of Chinese characters overlap. With l "" a word may be reported
// up to three times, once for each different stem.
func Each(text string, l i18n.Lang, f func(start, end int, term string)) {
	(*Analyser)(nil).Each(text, l, f)
}

// Terms is the function Terms with the analyser's cache.
func (a *Analyser) Terms(text string, l i18n.Lang) []string {
	var terms []string
	a.each(text, l, func(w word) bool {
		terms = append(terms, w.terms...)
		return true
	})
	return terms
}

// Each is the function Each with the analyser's cache.
func (a *Analyser) Each(text string, l i18n.Lang, f func(start, end int, term string)) {
	a.each(text, l, func(w word) bool {
		for _, t := range w.terms {
			f(w.start, w.end, t)
		}
		return true
	})
}

// form is what analysis finds out about one written form.
type form struct {
	key   string   // folded, without the Arabic article: what a reader begins to type
	terms []string // one; with an unknown language up to three, all different
	stop  bool     // a function word, which a query may do without
}

// word is a form at its place in a text.
type word struct {
	form
	start, end int
	pair       bool // two Chinese characters, or a lone one
}

// each calls f for every word of text until f returns false.
func (a *Analyser) each(text string, l i18n.Lang, f func(word) bool) {
	c := chainOf(l)
	cut(text, func(p piece) bool {
		if p.run {
			return pairs(text, p, f)
		}
		w := a.form(text[p.start:p.end], c)
		return len(w.terms) == 0 || f(word{w, p.start, p.end, false})
	})
}

// pairs calls f for the overlapping pairs of characters of a run; a lone
// character stays alone.
func pairs(text string, p piece, f func(word) bool) bool {
	run := text[p.start:p.end]
	emit := func(start, end int) bool {
		t := run[start:end]
		if !norm.NFKC.IsNormalString(t) || !utf8.ValidString(t) || strings.ContainsFunc(t, isInvisible) {
			t = letters(Fold(t))
		}
		return t == "" || f(word{form{key: t, terms: []string{t}}, p.start + start, p.start + end, true})
	}
	last := -1 // start of the character before
	for i, r := range run {
		if isInvisible(r) {
			continue
		}
		if last >= 0 && !emit(last, i+utf8.RuneLen(r)) {
			return false
		}
		if last < 0 && !strings.ContainsFunc(run[i+utf8.RuneLen(r):], func(r rune) bool { return !isInvisible(r) }) {
			return emit(i, i+utf8.RuneLen(r))
		}
		last = i
	}
	return true
}

// chain is how Latin words are stemmed: the one thing the language decides.
type chain uint8

const (
	chainEnglish chain = iota
	chainFrench
	chainSpanish
	chainUnknown // all three
	chains
)

func chainOf(l i18n.Lang) chain {
	switch l {
	case i18n.French:
		return chainFrench
	case i18n.Spanish:
		return chainSpanish
	case "":
		return chainUnknown
	}
	return chainEnglish
}

// maxWord bounds a term, in characters; PostgreSQL takes lexemes up to 2 KB.
const maxWord = 64

// analyse folds and stems one written form.
func analyse(written string, c chain) form {
	w := letters(Fold(shorten(written, 2*maxWord)))
	w = shorten(w, maxWord)
	if w == "" {
		return form{}
	}
	one := func(term string) form { return form{key: w, terms: []string{term}, stop: isStop(w, c)} }
	r, _ := utf8.DecodeRuneInString(w)
	switch {
	case strings.ContainsAny(w, "0123456789"):
		return one(w)
	case r >= 0x400 && r < 0x530:
		return one(Fold(stem(w, russian.Stem)))
	case r >= 0x600 && r < 0x780 || r >= 0x8a0 && r < 0x900:
		f := one(stemArabic(w))
		f.key = bareArabic(w)
		return f
	case r >= 0x250: // Greek, Hebrew, …: folding is all we know
		return one(w)
	}
	switch c {
	case chainFrench:
		return one(Fold(stem(w, french.Stem)))
	case chainSpanish:
		return one(stemSpanish(w))
	case chainUnknown:
		f := one(stem(w, english.Stem))
		for _, t := range [...]string{Fold(stem(w, french.Stem)), stemSpanish(w)} {
			if t != f.terms[0] && t != f.terms[len(f.terms)-1] {
				f.terms = append(f.terms, t)
			}
		}
		return f
	}
	return one(stem(w, english.Stem))
}

func stem(w string, by func(*snowballstem.Env) bool) string {
	env := snowballstem.NewEnv(w)
	by(env)
	if s := env.Current(); s != "" {
		return s
	}
	return w
}

// stemSpanish puts back the only accents that the Spanish rules look for:
// without them -ción and -logía are no suffixes.
func stemSpanish(w string) string {
	accented := w
	for _, s := range [...][2]string{{"cion", "ción"}, {"sion", "sión"}, {"logia", "logía"}} {
		if rest, ok := strings.CutSuffix(w, s[0]); ok {
			accented = rest + s[1]
		}
	}
	return Fold(stem(accented, spanish.Stem))
}

// shorten cuts s to n characters.
func shorten(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}
