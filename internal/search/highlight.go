package search

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"concord/internal/i18n"
)

// Span is a part of a snippet: a hit, or the text between hits. It is plain
// text; who shows it escapes it.
type Span struct {
	Text string
	Hit  bool
}

const (
	// maxHighlighted bounds how far into a text, in bytes, hits are looked for.
	maxHighlighted = 16 << 10
	// lead is how many characters a snippet shows before its first hit.
	lead    = 30
	cutMark = "…"
)

// occurrence is a hit in a text.
type occurrence struct {
	start, end int
	word       int // which of the query's
}

// Highlight returns a snippet of text, which is in l, of at most max characters
// and the marks of where it was cut: the part with the most different words of
// the query, or the beginning. No positions are stored for this; the text is
// analysed again.
func (a *Analyser) Highlight(text string, l i18n.Lang, query string, max int) []Span {
	text = shortenBytes(text, maxHighlighted)
	hits := a.occurrences(text, l, query)
	start, end := window(text, hits, max)
	var spans []Span
	add := func(s string, hit bool) {
		if s = strings.ToValidUTF8(s, "\uFFFD"); s != "" {
			spans = append(spans, Span{s, hit})
		}
	}
	before, after := "", ""
	if start > 0 {
		before = cutMark
	}
	if end < len(text) {
		after = cutMark
	}
	at := start
	for i := 0; i < len(hits); i++ {
		h := hits[i]
		if h.start < at || h.end > end {
			continue
		}
		for i+1 < len(hits) && hits[i+1].start <= h.end && hits[i+1].end <= end { // pairs overlap
			i++
			h.end = hits[i].end
		}
		add(before+text[at:h.start], false)
		before = ""
		add(text[h.start:h.end], true)
		at = h.end
	}
	add(before+text[at:end]+after, false)
	return spans
}

// occurrences lists the hits in text, in order. Words of the query that are not
// in the text stand for words that begin like them, as they do in Find.
func (a *Analyser) occurrences(text string, l i18n.Lang, query string) []occurrence {
	terms := map[string]int{}
	var groups []group
	for _, in := range [...]i18n.Lang{l, ""} { // readers search in other languages than the text's
		groups = append(groups, a.groups(query, in)...)
	}
	asked := 0
	for _, g := range groups {
		if g.stop {
			continue
		}
		for _, t := range g.terms {
			if _, ok := terms[t]; !ok {
				terms[t] = asked
			}
		}
		asked++
	}
	if len(terms) == 0 {
		return nil
	}
	var hits []occurrence
	a.Each(text, l, func(start, end int, term string) {
		if w, ok := terms[term]; ok {
			if n := len(hits); n == 0 || hits[n-1].start != start {
				hits = append(hits, occurrence{start, end, w})
			}
		}
	})
	if len(hits) > 0 {
		return hits
	}
	var starts []string
	for i := range groups {
		if s := guessFrom(&groups[i]); s != "" && !groups[i].stop {
			starts = append(starts, s)
		}
	}
	a.each(text, l, func(w word) bool {
		for i, s := range starts {
			if strings.HasPrefix(w.key, s) {
				hits = append(hits, occurrence{w.start, w.end, i})
				break
			}
		}
		return true
	})
	return hits
}

// window returns the part of text to show.
func window(text string, hits []occurrence, max int) (start, end int) {
	if max <= 0 {
		return 0, 0
	}
	if utf8.RuneCountInString(text) <= max {
		return 0, len(text)
	}
	best, bestScore := 0, -1
	for i := range hits {
		// The hits that fit behind hit i, and how many different words they are.
		limit := forward(text, hits[i].start, max-min(lead, max/4))
		var words, count int
		var different uint64
		for _, h := range hits[i:] {
			if h.end > limit {
				break
			}
			count++
			if bit := uint64(1) << (h.word % 64); different&bit == 0 {
				different |= bit
				words++
			}
		}
		if score := 100*words + min(count, 99); score > bestScore {
			best, bestScore = hits[i].start, score
		}
	}
	if bestScore < 0 || utf8.RuneCountInString(text[:best]) <= lead {
		start = 0
	} else {
		start = wordStart(text, back(text, best, min(lead, max/4)), best)
	}
	end = forward(text, start, max)
	if end == len(text) { // room to show more before
		start = min(start, wordStart(text, back(text, end, max), start))
	}
	return start, wordEnd(text, start, end)
}

// forward returns the place n characters after i.
func forward(text string, i, n int) int {
	for ; n > 0 && i < len(text); n-- {
		_, size := decode(text, i)
		i += size
	}
	return i
}

// back returns the place n characters before i.
func back(text string, i, n int) int {
	for ; n > 0 && i > 0; n-- {
		_, size := utf8.DecodeLastRuneInString(text[:i])
		i -= size
	}
	return i
}

// wordStart moves i forward to the start of a word, but not beyond stop.
func wordStart(text string, i, stop int) int {
	if i == 0 {
		return 0
	}
	for at, r := range text[i:stop] {
		if unicode.IsSpace(r) {
			return i + at + utf8.RuneLen(r)
		}
		if isRun(r) {
			return i + at
		}
	}
	return stop
}

// wordEnd moves end back to the end of a word, if that leaves most of the text.
func wordEnd(text string, start, end int) int {
	if end == len(text) {
		return end
	}
	if r, _ := decode(text, end); unicode.IsSpace(r) || isRun(r) {
		return end
	}
	if i := strings.LastIndexFunc(text[start:end], unicode.IsSpace); i > (end-start)/2 {
		return start + i
	}
	return end
}
