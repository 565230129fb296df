package search

import (
	"strings"
	"unicode/utf8"
)

// Arabic is stemmed lightly: article, conjunctions and prepositions written
// together with the word come off its front, endings of number, gender and
// possession off its end, and at least three letters stay. The Snowball rules
// for Arabic were tried and are worse on folded words, which this expects.

// stemArabic returns the stem of a folded word.
func stemArabic(w string) string {
	w = bareArabic(w)
	for range 2 {
		w = trimArabicEnd(w)
	}
	return w
}

// bareArabic takes off what Arabic writes before a word.
func bareArabic(w string) string {
	w = strings.ReplaceAll(w, "يي", "ي")
	n := utf8.RuneCountInString(w)
	for _, p := range [...]string{"وبال", "وال", "بال", "كال", "فال", "ولل", "لل", "ال"} {
		if rest, ok := strings.CutPrefix(w, p); ok && n-len(p)/2 >= 3 {
			return rest
		}
	}
	if n >= 5 {
		for _, p := range [...]string{"و", "ف", "ب", "ك", "ل"} {
			if rest, ok := strings.CutPrefix(w, p); ok {
				return rest
			}
		}
	}
	return w
}

func trimArabicEnd(w string) string {
	n := utf8.RuneCountInString(w)
	for _, s := range [...]string{"تها", "هما", "ها", "هم", "هن", "نا", "ان", "ات", "ون", "ين", "يه", "وا", "ه", "ي", "ا"} {
		if rest, ok := strings.CutSuffix(w, s); ok && n-len(s)/2 >= 3 {
			return rest
		}
	}
	return w
}
