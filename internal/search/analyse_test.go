package search

import (
	"strconv"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"concord/internal/i18n"
)

func TestTerms(t *testing.T) {
	for _, c := range []struct {
		lang i18n.Lang
		text string
		want string
	}{
		{"en", "The Governments' co-operation, governing", "the govern co oper govern"},
		{"en", "State's don't O'Neil", "state don o neil"},
		{"en", "CVE-2021-44228 (IPv6)", "cve 2021 44228 ipv6"},
		{"en", "Минск and 北京", "минск and 北京"},
		{"fr", "L’esclavage, qu’il l'État d'œuvres", "esclavag il etat oeuvr"},
		{"es", "Las prohibiciones de la prohibición", "las prohibicion de la prohibicion"},
		{"es", "nación naciones nacion", "nacion nacion nacion"},
		{"ru", "безопасности ёлка район районы", "безопасн елк район район"},
		{"ru", "санкций CERT-EU", "санкц cert eu"},
		{"ar", "والحكومةُ الحكومات للحكومة", "حكوم حكوم حكوم"},
		{"ar", "الأمن السيبرانيّ CSIRT ٢٠٢٥", "امن سيبر csirt 2025"},
		{"zh", "网络安全，ICT 法", "网络 络安 安全 ict 法"},
		{"", "national безопасность", "nation national безопасн"},
		{"", "\x00 !!! \xff\xfe ' ’’ ــ ء", ""},
		{"en", "ｆｕｌｌ ﬁne so\u00adft", "full fine soft"},
		{"en", "ﷺ", "صلياللهعليهوسلم"},
	} {
		got := strings.Join(Terms(c.text, c.lang), " ")
		if got != c.want {
			t.Errorf("Terms(%q, %q) = %q, want %q", c.text, c.lang, got, c.want)
		}
	}
}

func TestFold(t *testing.T) {
	for in, want := range map[string]string{
		"ÉLAN": "elan", "Œuvre": "oeuvre", "Ёлка": "елка", "Район": "район", "İstanbul": "istanbul",
		"أمّة": "امه", "مسؤول": "مسوول", "Łódź": "lodz", "ガギ": "ガギ", "한국": "한국", "ΤΈΛΟΣ": "τελοσ",
	} {
		if got := Fold(in); got != want {
			t.Errorf("Fold(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestEachPlaces(t *testing.T) {
	text := "L’État 网络安全 x"
	var got []string
	Each(text, "fr", func(start, end int, term string) { got = append(got, text[start:end]+"="+term) })
	if want := "État=etat 网络=网络 络安=络安 安全=安全 x=x"; strings.Join(got, " ") != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestMemoryIsBoundedAndTrue(t *testing.T) {
	a := NewAnalyser()
	for i := range 3 * maxForms {
		w := "running" + strings.Repeat("x", i%7) + string(rune('a'+i%26)) + string(rune('a'+i/26%26)) + string(rune('a'+i/676%26)) + string(rune('a'+i/17576%26))
		if got, want := a.Terms(w, "en")[0], Terms(w, "en")[0]; got != want {
			t.Fatalf("Terms(%q) = %q with memory, %q without", w, got, want)
		}
	}
	m := &a.memory[chainEnglish]
	if len(m.young) > maxForms || len(m.old) > maxForms {
		t.Errorf("memory has %d and %d forms, want at most %d", len(m.young), len(m.old), maxForms)
	}
}

func TestMemoryIsShared(t *testing.T) {
	a := NewAnalyser()
	var wg sync.WaitGroup
	for g := range 4 {
		wg.Go(func() {
			for i := range 30_000 {
				a.Terms("word"+strconv.Itoa((i*7+g)%25_000)+"s running", "")
			}
		})
	}
	wg.Wait()
}

func FuzzTerms(f *testing.F) {
	f.Add("L’État n'est-ce ééé 网络安全 الأمن ﷺ İ", "fr")
	f.Add("\xff\x00'", "")
	a := NewAnalyser()
	f.Fuzz(func(t *testing.T, text, lang string) {
		l, _ := i18n.Parse(lang)
		if lang == "" {
			l = ""
		}
		var n int
		a.Each(text, l, func(start, end int, term string) {
			n++
			if start < 0 || start >= end || end > len(text) {
				t.Fatalf("range %d:%d of %d bytes", start, end, len(text))
			}
			for _, i := range []int{start, end} {
				if i < len(text) && !utf8.RuneStart(text[i]) {
					// An invalid byte may be a rune of its own.
					if r, _ := utf8.DecodeRuneInString(text[i:]); r != utf8.RuneError {
						t.Fatalf("%d is no rune boundary", i)
					}
				}
			}
			if term == "" || !utf8.ValidString(term) || utf8.RuneCountInString(term) > 2*maxWord || letters(term) != term {
				t.Fatalf("bad term %q of %q", term, text[start:end])
			}
		})
		if got := len(Terms(text, l)); got != n {
			t.Fatalf("Terms gives %d terms, Each %d", got, n)
		}
		Fold(text)
	})
}
