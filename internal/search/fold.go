package search

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Fold brings spellings of one word together: compatibility forms (NFKC),
// lower case, accents off, ligatures written out, Arabic letter variants and
// digits unified. The Russian й keeps its breve, because without it it is
// another letter; ё becomes е, as most Russian texts write it.
func Fold(s string) string {
	plain := true
	for i := range len(s) {
		if c := s[i]; c >= 0x80 || 'A' <= c && c <= 'Z' {
			plain = false
			break
		}
	}
	if plain {
		return s
	}
	// Twice NFKC: lower case can leave a letter with its mark apart.
	s = norm.NFD.String(norm.NFKC.String(strings.ToLower(norm.NFKC.String(s))))
	var b strings.Builder
	b.Grow(len(s))
	last := rune(0)
	for _, r := range s {
		switch {
		case r == 0x306 && last == 'и': // combining breve
			b.WriteRune(r)
		case isAccent(r) || isInvisible(r):
			continue // and last stays the letter
		default:
			if long := unfold(r); long != "" {
				b.WriteString(long)
			} else if r = unify(r); r >= 0 {
				b.WriteRune(r)
			}
		}
		last = r
	}
	return norm.NFC.String(b.String())
}

// unfold writes out the letters that no decomposition takes apart.
func unfold(r rune) string {
	switch r {
	case 'œ':
		return "oe"
	case 'æ':
		return "ae"
	case 'ß':
		return "ss"
	case 'þ':
		return "th"
	}
	return ""
}

// unify gives the one letter that stands for r and its variants, -1 for none.
func unify(r rune) rune {
	switch r {
	case 'ø':
		return 'o'
	case 'đ', 'ð':
		return 'd'
	case 'ł':
		return 'l'
	case 'ı':
		return 'i'
	case 'ς':
		return 'σ'
	case 'ٱ':
		return 'ا'
	case 'ى', 'ی':
		return 'ي'
	case 'ة':
		return 'ه'
	case 'ک':
		return 'ك'
	case 'ء', 'ـ': // hamza alone, tatweel
		return -1
	}
	if r >= 0x660 && r <= 0x669 {
		return '0' + r - 0x660
	}
	if r >= 0x6f0 && r <= 0x6f9 {
		return '0' + r - 0x6f0
	}
	return r
}

// isAccent reports marks that spelling may leave out: those of the Latin,
// Greek, Cyrillic, Hebrew and Arabic scripts. Marks of other scripts are
// letters in all but name and stay.
func isAccent(r rune) bool {
	switch {
	case r < 0x300:
		return false
	case r <= 0x36f, r >= 0x483 && r <= 0x487, r >= 0x591 && r <= 0x5c7,
		r >= 0x610 && r <= 0x61a, r >= 0x64b && r <= 0x65f, r == 0x670, r >= 0x6d6 && r <= 0x6ed,
		r >= 0x1ab0 && r <= 0x1aff, r >= 0x1dc0 && r <= 0x1dff, r >= 0x20d0 && r <= 0x20ff,
		r >= 0xfe20 && r <= 0xfe2f:
		return unicode.Is(unicode.M, r)
	}
	return false
}

// isInvisible reports characters that may stand inside a word unseen: soft
// hyphen, joiners, direction marks.
func isInvisible(r rune) bool {
	return r == 0xad || r >= 0x200b && r <= 0x200f || r >= 0x202a && r <= 0x202e ||
		r >= 0x2060 && r <= 0x2069 || r == 0xfeff
}

// letters drops from a folded word what is neither letter, digit nor mark: a
// few compatibility characters fold to several words.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x80 && (r >= 'a' && r <= 'z' || r >= '0' && r <= '9') ||
			r >= 0x80 && (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)) {
			return r
		}
		return -1
	}, s)
}
