package i18n

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

// Catalog holds the messages of the interface in the six languages. Messages
// are text, never HTML. It is built once and then only read.
//
// A message file is JSON: {"key": "text with {0}"}, or, where the text depends
// on a number, {"key": {"one": "{0} need", "other": "{0} needs"}} with the
// plural categories of CLDR for the first argument. English is the source.
type Catalog struct {
	by [6]map[string]message
}

type message struct {
	text  string
	forms map[plural.Form]string // by category, when it depends on a number
}

// pluralForms are the categories by their names in CLDR.
func pluralForms() map[string]plural.Form {
	return map[string]plural.Form{
		"zero": plural.Zero, "one": plural.One, "two": plural.Two,
		"few": plural.Few, "many": plural.Many, "other": plural.Other,
	}
}

// LoadCatalog reads the files en.json, ar.json … of each file system. Two
// files may not define one key.
func LoadCatalog(sources ...fs.FS) (*Catalog, error) {
	c := &Catalog{}
	for i, l := range Langs() {
		c.by[i] = map[string]message{}
		for _, source := range sources {
			b, err := fs.ReadFile(source, string(l)+".json")
			if errors.Is(err, fs.ErrNotExist) && l != English {
				continue // Missing tells which keys this leaves out
			}
			if err != nil {
				return nil, err
			}
			if err := c.add(i, b); err != nil {
				return nil, fmt.Errorf("messages %s: %w", l, err)
			}
		}
	}
	return c, nil
}

func (c *Catalog) add(lang int, b []byte) error {
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(b, &raw); err != nil {
		return err
	}
	for key, v := range raw {
		if _, ok := c.by[lang][key]; ok {
			return fmt.Errorf("key %s is there twice", key)
		}
		var m message
		if v[0] == '{' {
			var forms map[string]string
			if err := json.Unmarshal(v, &forms); err != nil {
				return fmt.Errorf("key %s: %w", key, err)
			}
			m.forms = map[plural.Form]string{}
			for name, text := range forms {
				form, ok := pluralForms()[name]
				if !ok {
					return fmt.Errorf("key %s: no plural category %q", key, name)
				}
				m.forms[form] = text
			}
		} else if err := json.Unmarshal(v, &m.text); err != nil {
			return fmt.Errorf("key %s: %w", key, err)
		}
		c.by[lang][key] = m
	}
	return nil
}

// T returns the message in l with its arguments put in: {0} is the first.
// Integers are written as the language writes them. A key that is not there
// shows as itself, which the tests of the catalogue make impossible.
func (c *Catalog) T(l Lang, key string, args ...any) string {
	m, ok := c.by[l.Index()][key]
	if !ok {
		if m, ok = c.by[English.Index()][key]; !ok {
			return key
		}
		l = English
	}
	text := m.text
	if m.forms != nil {
		text = m.forms[plural.Other]
		if len(args) > 0 {
			if n, ok := toInt(args[0]); ok {
				if t, ok := m.forms[category(l, n)]; ok {
					text = t
				}
			}
		}
	}
	if len(args) == 0 || !strings.Contains(text, "{") {
		return text
	}
	return fill(l, text, args)
}

// Has reports whether there is an English message with the key.
func (c *Catalog) Has(key string) bool {
	_, ok := c.by[English.Index()][key]
	return ok
}

// Keys lists the keys of the English messages.
func (c *Catalog) Keys() []string { return slices.Sorted(maps.Keys(c.by[English.Index()])) }

func category(l Lang, n int) plural.Form {
	return plural.Cardinal.MatchPlural(language.Make(string(l)), max(n, -n), 0, 0, 0, 0)
}

func toInt(v any) (int, bool) {
	switch n := v.(type) {
	case int:
		return n, true
	case int64:
		return int(n), true
	}
	return 0, false
}

// fill replaces {0}, {1} … by the arguments.
func fill(l Lang, text string, args []any) string {
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(text, "{")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		number, after, ok := strings.Cut(rest, "}")
		i, err := strconv.Atoi(number)
		if !ok || err != nil || i < 0 || i >= len(args) {
			b.WriteByte('{')
			text = rest
			continue
		}
		if n, ok := toInt(args[i]); ok {
			b.WriteString(Number(l, n))
		} else {
			fmt.Fprint(&b, args[i])
		}
		text = after
	}
}

// Flaw is something wrong with a message in one language.
type Flaw struct {
	Lang Lang
	Key  string
	What string
}

// Flaws compares every language with English: keys that are missing or too
// many, placeholders that differ, plural categories that the language needs
// and lacks.
func (c *Catalog) Flaws() []Flaw {
	var flaws []Flaw
	english := c.by[English.Index()]
	for i, l := range Langs() {
		for key := range c.by[i] {
			if _, ok := english[key]; !ok {
				flaws = append(flaws, Flaw{l, key, "is not in English"})
			}
		}
		for key, source := range english {
			m, ok := c.by[i][key]
			if !ok {
				flaws = append(flaws, Flaw{l, key, "is missing"})
				continue
			}
			flaws = append(flaws, compare(l, key, source, m)...)
		}
	}
	slices.SortFunc(flaws, func(a, b Flaw) int { return strings.Compare(string(a.Lang)+a.Key, string(b.Lang)+b.Key) })
	return flaws
}

func compare(l Lang, key string, source, m message) []Flaw {
	if (source.forms == nil) != (m.forms == nil) {
		return []Flaw{{l, key, "has plural forms in one language only"}}
	}
	if m.forms == nil {
		if placeholders(source.text) != placeholders(m.text) {
			return []Flaw{{l, key, "has other placeholders than English"}}
		}
		return nil
	}
	var flaws []Flaw
	for name, form := range pluralForms() {
		if text, ok := m.forms[form]; !ok && needs(l, form) {
			flaws = append(flaws, Flaw{l, key, "lacks the plural form " + name})
		} else if ok && form == plural.Other && placeholders(text) != placeholders(source.forms[form]) {
			flaws = append(flaws, Flaw{l, key, "has other placeholders than English"})
		}
	}
	return flaws
}

// needs reports whether some integer has the category in the language.
func needs(l Lang, form plural.Form) bool {
	if form == plural.Other {
		return true
	}
	for n := range 201 {
		if category(l, n) == form {
			return true
		}
	}
	return false
}

// placeholders lists the {n} in text in the order of their numbers.
func placeholders(text string) string {
	var found []string
	for i := range 10 {
		if p := fmt.Sprintf("{%d}", i); strings.Contains(text, p) {
			found = append(found, p)
		}
	}
	return strings.Join(found, "")
}
