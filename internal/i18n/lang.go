// Package i18n holds what the portal knows about its six languages: their
// codes, text kept in several of them, message catalogues with plural forms,
// dates, numbers and alphabetical order.
//
// Invariant: a Lang that left Parse is one of the six; everything below the
// HTTP edge may index by it without checking.
package i18n

import (
	"net/http"

	"golang.org/x/text/language"
)

// Lang is one of the six official languages of the United Nations, as a
// two-letter ISO 639-1 code.
type Lang string

// The six languages in the order and native form of the UN minimum standards
// for multilingualism of websites: عربي 中文 English Français Русский Español.
const (
	Arabic  Lang = "ar"
	Chinese Lang = "zh"
	English Lang = "en"
	French  Lang = "fr"
	Russian Lang = "ru"
	Spanish Lang = "es"
)

// Langs returns the six languages in the UN's order.
func Langs() [6]Lang {
	return [6]Lang{Arabic, Chinese, English, French, Russian, Spanish}
}

// Index is the position of l in Langs, or -1.
func (l Lang) Index() int {
	switch l {
	case Arabic:
		return 0
	case Chinese:
		return 1
	case English:
		return 2
	case French:
		return 3
	case Russian:
		return 4
	case Spanish:
		return 5
	}
	return -1
}

// Valid reports whether l is one of the six.
func (l Lang) Valid() bool { return l.Index() >= 0 }

// Parse returns the language with code s.
func Parse(s string) (Lang, bool) {
	l := Lang(s)
	return l, l.Valid()
}

// Name is the language's name in itself, as the UN language bar shows it.
func (l Lang) Name() string {
	switch l {
	case Arabic:
		return "عربي"
	case Chinese:
		return "中文"
	case French:
		return "Français"
	case Russian:
		return "Русский"
	case Spanish:
		return "Español"
	}
	return "English"
}

// Tag is the BCP 47 tag for the lang attribute of HTML; Chinese is in
// simplified characters.
func (l Lang) Tag() string {
	if l == Chinese {
		return "zh-Hans"
	}
	return string(l)
}

// Dir is the direction of the script: "rtl" for Arabic, else "ltr".
func (l Lang) Dir() string {
	if l == Arabic {
		return "rtl"
	}
	return "ltr"
}

// Negotiate chooses the language of a reader from the Accept-Language header
// (RFC 9110 section 12.5.4); English when nothing fits.
func Negotiate(r *http.Request) Lang {
	tags := make([]language.Tag, 0, 6)
	order := [6]Lang{English, Arabic, Chinese, French, Russian, Spanish} // the first is the default
	for _, l := range order {
		tags = append(tags, language.MustParse(l.Tag()))
	}
	wanted, _, err := language.ParseAcceptLanguage(r.Header.Get("Accept-Language"))
	if err != nil {
		return English
	}
	_, i, confidence := language.NewMatcher(tags).Match(wanted...)
	if confidence == language.No {
		return English
	}
	return order[i]
}
