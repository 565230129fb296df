package i18n

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Text is content in one or several of the six languages. Original marks the
// one it was written in; Machine the ones that a machine translated and no
// person has confirmed.
//
// In JSON: {"en":"…","fr":"…","original":"en","machine":["fr"]}.
type Text struct {
	By       [6]string // by Lang.Index; "" is missing
	Original Lang
	Machine  []Lang
}

// NewText returns a text in one language, which is its original.
func NewText(l Lang, s string) Text {
	var t Text
	t.Set(l, s)
	t.Original = l
	return t
}

// Set puts s as the text in l; the first language set becomes the original.
func (t *Text) Set(l Lang, s string) {
	t.By[l.Index()] = s
	if t.Original == "" && s != "" {
		t.Original = l
	}
}

// IsZero reports whether t has no text in any language.
func (t Text) IsZero() bool { return t.By == [6]string{} }

// Get returns the text in exactly l, or "".
func (t Text) Get(l Lang) string {
	if i := l.Index(); i >= 0 {
		return t.By[i]
	}
	return ""
}

// In returns the text for a reader of l and the language it is in: l itself,
// else the original, else English, else the first there is in the UN's order.
// The order is fixed and shown to the reader, never guessed.
func (t Text) In(l Lang) (string, Lang) {
	for _, try := range [...]Lang{l, t.Original, English} {
		if s := t.Get(try); s != "" {
			return s, try
		}
	}
	for i, s := range t.By {
		if s != "" {
			return s, Langs()[i]
		}
	}
	return "", l
}

// String is the text for no reader in particular: logs and tests.
func (t Text) String() string {
	s, _ := t.In(t.Original)
	return s
}

// Langs lists the languages t has text in, in the UN's order.
func (t Text) Langs() []Lang {
	var ls []Lang
	for i, s := range t.By {
		if s != "" {
			ls = append(ls, Langs()[i])
		}
	}
	return ls
}

// Complete reports whether t has text in all six languages.
func (t Text) Complete() bool { return !slices.Contains(t.By[:], "") }

// IsMachine reports whether the text in l is an unconfirmed machine translation.
func (t Text) IsMachine(l Lang) bool { return slices.Contains(t.Machine, l) }

// MarshalJSON writes the languages in the UN's order, then the marks.
func (t Text) MarshalJSON() ([]byte, error) {
	b := []byte{'{'}
	field := func(name string, v any) error {
		if len(b) > 1 {
			b = append(b, ',')
		}
		j, err := json.Marshal(v)
		b = append(append(append(append(b, '"'), name...), '"', ':'), j...)
		return err
	}
	for i, s := range t.By {
		if s != "" {
			if err := field(string(Langs()[i]), s); err != nil {
				return nil, err
			}
		}
	}
	if t.Original != "" {
		if err := field("original", t.Original); err != nil {
			return nil, err
		}
	}
	if len(t.Machine) > 0 {
		if err := field("machine", t.Machine); err != nil {
			return nil, err
		}
	}
	return append(b, '}'), nil
}

// UnmarshalJSON reads what MarshalJSON writes, or a plain string, which stands
// for a text whose language the caller sets. Unknown languages are an error.
func (t *Text) UnmarshalJSON(b []byte) error {
	*t = Text{}
	if len(b) > 0 && b[0] == '"' {
		var s string
		if err := json.Unmarshal(b, &s); err != nil {
			return err
		}
		t.Set(English, s)
		return nil
	}
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(b, &raw); err != nil {
		return err
	}
	for k, v := range raw {
		var err error
		switch l, ok := Parse(k); {
		case ok:
			err = json.Unmarshal(v, &t.By[l.Index()])
		case k == "original":
			err = json.Unmarshal(v, &t.Original)
		case k == "machine":
			err = json.Unmarshal(v, &t.Machine)
		default:
			err = fmt.Errorf("unknown language %q", k)
		}
		if err != nil {
			return err
		}
	}
	if t.Original != "" && t.Get(t.Original) == "" {
		return fmt.Errorf("original language %q has no text", t.Original)
	}
	if t.Original == "" && !t.IsZero() {
		_, t.Original = t.In(English)
	}
	return nil
}

// Clean trims every language and drops control and bidirectional override
// characters (U+202A–202E, U+2066–2069), which can make a text show otherwise
// than it reads. Line breaks stay.
func (t *Text) Clean() {
	for i := range t.By {
		t.By[i] = CleanString(t.By[i])
	}
	if t.Original != "" && t.Get(t.Original) == "" {
		t.Original = ""
	}
	if t.Original == "" && !t.IsZero() {
		_, t.Original = t.In(English)
	}
}

// CleanString is Clean for one string.
func CleanString(s string) string {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r < ' ' || r == 0x7f, r >= 0x80 && r < 0xa0,
			r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069, r == 0xfeff:
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD")))
}
