package vocab

import (
	"regexp"
	"strings"
	"testing"
	"unicode"

	"concord/internal/i18n"
)

// sameAsEnglish lists the texts that are rightly spelt as in English.
var sameAsEnglish = map[string]bool{
	"cooperation/triangular/es": true, "cooperation/regional/es": true, "cooperation/multilateral/es": true,
	"scope/regional/es": true, "modality/coordination/fr": true, "help-type/coordination/fr": true,
	"conditions//fr": true, "dimension//fr": true, // titles
	"delivery-language/lo/fr": true, "delivery-language/lo/es": true, "delivery-language/km/fr": true,
	"delivery-language/sw/fr": true, "delivery-language/ha/es": true, "delivery-language/hi/fr": true,
	"delivery-language/hi/es": true, "delivery-language/bn/fr": true, "delivery-language/ur/es": true,
}

// latin lists the Latin runs that Arabic, Chinese and Russian texts may hold.
var latin = map[string]bool{
	"csirt": true, "cert": true, "sim": true, "siem": true, "scada": true, "misp": true,
	"iso": true, "g": true, "threat": true, "hunting": true,
}

var (
	scripts = map[i18n.Lang]*unicode.RangeTable{
		i18n.Arabic: unicode.Arabic, i18n.Chinese: unicode.Han, i18n.Russian: unicode.Cyrillic,
	}
	latinRun = regexp.MustCompile(`[A-Za-z]+`)
)

func eachText(set Set, f func(where string, text i18n.Text)) {
	for name, v := range set {
		f(name+"/", v.Title)
		for _, term := range v.Terms {
			f(name+"/"+term.Code, term.Label)
			if !term.Hint.IsZero() {
				f(name+"/"+term.Code+"/hint", term.Hint)
			}
		}
	}
}

func TestNoEnglishLeft(t *testing.T) {
	eachText(mustLoad(t), func(where string, text i18n.Text) {
		for _, l := range i18n.Langs() {
			s := text.Get(l)
			key := where + "/" + string(l)
			if s == "" || s != strings.TrimSpace(s) {
				t.Errorf("%s: %q", key, s)
			}
			if l != i18n.English && s == text.Get(i18n.English) && !sameAsEnglish[key] {
				t.Errorf("%s: %q is the English text", key, s)
			}
			checkScript(t, key, l, s)
		}
	})
}

// checkScript holds Arabic, Chinese and Russian to their scripts. A text with
// neither letters of the script nor any other is a number and passes.
func checkScript(t *testing.T, key string, l i18n.Lang, s string) {
	t.Helper()
	script := scripts[l]
	if script == nil {
		return
	}
	own := strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(script, r) })
	other := strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsLetter(r) && !unicode.Is(script, r) && !unicode.Is(unicode.Latin, r)
	})
	runs := latinRun.FindAllString(s, -1)
	if !own && len(runs) == 0 || other {
		t.Errorf("%s: %q is not in the script of the language", key, s)
	}
	for _, run := range runs {
		if !latin[strings.ToLower(run)] {
			t.Errorf("%s: %q holds the Latin word %q", key, s, run)
		}
	}
}

func TestTopicWords(t *testing.T) {
	v := mustLoad(t)[Topic]
	type phrase struct {
		lang i18n.Lang
		text string
	}
	owner := map[phrase]string{}
	for _, term := range v.Terms {
		for _, l := range i18n.Langs() {
			words := term.Words[l]
			least := 2
			if l == i18n.English {
				least = 3
			}
			if len(words) < least {
				t.Errorf("%s/%s: %d words", term.Code, l, len(words))
			}
			for _, w := range words {
				checkScript(t, term.Code+"/words/"+string(l), l, w)
			}
			for _, w := range term.Phrases(l) {
				p := phrase{l, w}
				if o := owner[p]; o != "" {
					t.Errorf("%s: %q names both %s and %s", l, w, o, term.Code)
				}
				owner[p] = term.Code
			}
		}
	}
}
