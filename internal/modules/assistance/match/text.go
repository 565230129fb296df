package match

import (
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// word is a word of a text as written, with its terms.
type word struct {
	as    string
	terms []string
	stop  bool // it may be part of the name of a topic, but is no word in common
}

// analyser turns texts into words without the names of parties, and finds the
// topics that a text names.
type analyser struct {
	terms  func(text, lang string) []string
	names  map[string][][]string // names by their first word, longest first
	short  map[string]bool       // names in capitals, which must be so in the text
	stems  map[string]bool       // long one-word names: "albania" also hides "albanian"
	han    []string
	topics *topics

	mu    sync.RWMutex
	cache map[string][]string // lang + word: terms
}

const maxCache = 100_000

func newAnalyser(o Options, ts *topics) *analyser {
	a := &analyser{terms: o.Terms, names: map[string][][]string{}, short: map[string]bool{}, stems: map[string]bool{}, topics: ts, cache: map[string][]string{}}
	if a.terms == nil {
		a.terms = func(text, _ string) []string { return cut(strings.ToLower(text)) }
	}
	for _, n := range o.Names {
		a.addName(n)
	}
	for _, ns := range a.names {
		slices.SortFunc(ns, func(x, y []string) int { return len(y) - len(x) })
	}
	// Longest first, so that a name inside a longer one does not break it up.
	slices.SortFunc(a.han, func(x, y string) int {
		if d := len(y) - len(x); d != 0 {
			return d
		}
		return strings.Compare(x, y)
	})
	return a
}

func (a *analyser) addName(name string) {
	if strings.ContainsFunc(name, isHan) {
		a.han = append(a.han, name)
		return
	}
	if ws := cut(name); len(ws) == 1 && strings.ToUpper(ws[0]) == ws[0] && strings.ToLower(ws[0]) != ws[0] {
		a.short[ws[0]] = true
		return
	}
	ws := cut(strings.ToLower(name))
	if len(ws) == 0 {
		return
	}
	a.names[ws[0]] = append(a.names[ws[0]], ws)
	if len(ws) == 1 && len([]rune(ws[0])) >= 5 {
		a.stems[ws[0]] = true
	}
}

func isHan(r rune) bool { return unicode.Is(unicode.Han, r) }

// cut splits s into words: runs of letters, digits and marks; an apostrophe
// between them belongs to the word.
func cut(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) && r != '\'' && r != '’'
	})
}

// words analyses one text, names left out.
func (a *analyser) words(text, lang string) []word {
	for _, n := range a.han {
		text = strings.ReplaceAll(text, n, " ")
	}
	raw := cut(text)
	low := make([]string, len(raw))
	for i, w := range raw {
		low[i] = strings.TrimRight(strings.ToLower(w), "'’")
	}
	out := make([]word, 0, len(raw))
	for i := 0; i < len(raw); {
		if n := a.nameAt(low[i:]); n > 0 {
			i += n
			continue
		}
		if a.short[trimPossessive(raw[i])] {
			i++
			continue
		}
		if !tooShort(raw[i]) {
			out = append(out, word{raw[i], a.termsOf(raw[i], lang), stopWord(low[i], lang)})
		}
		i++
	}
	return out
}

// tooShort reports a single letter ("A"), and a word of two that is not an
// acronym ("is", but not "AI"). One Han or two Arabic characters may be a word.
func tooShort(w string) bool {
	n := 0
	for _, r := range w {
		if n++; n == 1 && len(w) == utf8.RuneLen(r) {
			return !isHan(r)
		}
		if n > 2 || unicode.IsUpper(r) || unicode.IsDigit(r) || !unicode.In(r, unicode.Latin, unicode.Cyrillic) {
			return false
		}
	}
	return true
}

// nameAt returns how many words at the start of low are a name.
func (a *analyser) nameAt(low []string) int {
	for _, n := range a.names[trimPossessive(low[0])] {
		if len(n) <= len(low) && trimPossessive(low[len(n)-1]) == n[len(n)-1] && slices.Equal(n[:len(n)-1], low[:len(n)-1]) {
			return len(n)
		}
	}
	// "Albanian", "Senegalese": the name with at most four letters more.
	r := []rune(low[0])
	for n := len(r); n >= 5 && n >= len(r)-4; n-- {
		if a.stems[string(r[:n])] {
			return 1
		}
	}
	return 0
}

func trimPossessive(s string) string {
	s = strings.TrimSuffix(s, "'s")
	return strings.TrimSuffix(s, "’s")
}

func (a *analyser) termsOf(w, lang string) []string {
	key := lang + "\x00" + w
	a.mu.RLock()
	ts, ok := a.cache[key]
	a.mu.RUnlock()
	if ok {
		return ts
	}
	ts = a.terms(w, lang)
	a.mu.Lock()
	if len(a.cache) >= maxCache {
		clear(a.cache)
	}
	a.cache[strings.Clone(key)] = ts
	a.mu.Unlock()
	return ts
}

// analysed is what the engine keeps of the texts of a need or offer.
type analysed struct {
	terms map[string]map[string]string // language: term: the word as written
	named set                          // topics that the texts name
}

func (a *analyser) analyse(texts []Text) analysed {
	an := analysed{terms: map[string]map[string]string{}}
	for _, t := range texts {
		m := an.terms[t.Lang]
		if m == nil {
			m = map[string]string{}
			an.terms[t.Lang] = m
		}
		ws := a.words(t.Text, t.Lang)
		var seq []string
		for _, w := range ws {
			for _, term := range w.terms {
				as := w.as
				if isHan([]rune(term + " ")[0]) {
					as = term
				}
				if _, ok := m[term]; !ok && !w.stop {
					m[term] = as
				}
				seq = append(seq, term)
			}
		}
		a.topics.find(&an.named, seq, t.Lang)
	}
	return an
}
