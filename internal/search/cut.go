package search

import (
	"unicode"
	"unicode/utf8"
)

// piece is a word as cut from a text, or a run of Chinese (and Japanese,
// Korean) characters, which has no spaces to cut at.
type piece struct {
	start, end int
	run        bool
}

// cut calls f for every piece of text, until f returns false.
func cut(text string, f func(piece) bool) {
	afterApostrophe := false
	for i := 0; i < len(text); {
		r, size := decode(text, i)
		if !isWord(r) {
			i += size
			afterApostrophe = false
			continue
		}
		p := piece{start: i, run: isRun(r)}
		for i < len(text) {
			r, size = decode(text, i)
			if !(isWord(r) && isRun(r) == p.run || isInvisible(r) || !p.run && isAccent(r)) {
				break
			}
			i += size
		}
		p.end = i
		apostrophe := false
		if !p.run && i < len(text) {
			r, size = decode(text, i)
			if isApostrophe(r) {
				next, _ := decode(text, i+size)
				apostrophe = isWord(next)
			}
		}
		word := text[p.start:p.end]
		skip := apostrophe && isElision(word) || afterApostrophe && isClitic(word)
		if !skip && !f(p) {
			return
		}
		afterApostrophe = apostrophe
		if apostrophe {
			i += size
		}
	}
}

func decode(text string, i int) (rune, int) {
	if i >= len(text) {
		return utf8.RuneError, 0
	}
	if c := text[i]; c < utf8.RuneSelf {
		return rune(c), 1
	}
	return utf8.DecodeRuneInString(text[i:])
}

// isWord reports whether r can begin a word.
func isWord(r rune) bool {
	if r < utf8.RuneSelf {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
	}
	if isApostrophe(r) {
		return false // U+02BC is a letter to Unicode
	}
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) && !isAccent(r) || isRun(r)
}

// isRun reports the characters of scripts written without spaces.
func isRun(r rune) bool {
	return r >= 0x1100 && (unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul) || r == 'ー')
}

func isApostrophe(r rune) bool {
	return r == '\'' || r == '’' || r == '‘' || r == 'ʼ' || r == '＇'
}

// isElision reports the French (and English d') words that lose their vowel
// before an apostrophe; they say nothing by themselves.
func isElision(w string) bool {
	switch len(w) {
	case 1:
		switch w[0] | 0x20 {
		case 'l', 'd', 'j', 'm', 'n', 's', 't', 'c':
			return true
		}
	case 2, 6, 7:
		switch Fold(w) {
		case "qu", "jusqu", "lorsqu", "puisqu", "quoiqu":
			return true
		}
	case 5:
		return Fold(w) == "jusqu"
	}
	return false
}

// isClitic reports what English puts after an apostrophe.
func isClitic(w string) bool {
	switch w {
	case "s", "S", "t", "T", "d", "m", "ll", "re", "ve":
		return true
	}
	return false
}
