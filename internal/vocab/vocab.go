// Package vocab holds the controlled vocabularies of the portal: the closed
// lists of codes that records carry (topic, modality, status, …) with their
// labels in the six languages.
//
// Records store codes only; a label may be bettered at any time, a code never
// changes its meaning and is never used again for another. The order of terms
// in a vocabulary is the order in which people see them; it ranks nothing,
// except in the vocabularies whose terms are steps of a scale (priority,
// level, impact, readiness, size-class), where it goes along the scale.
//
// Invariant: a Set that Load returned has unique, well-formed codes, at most
// two levels, and every label in all six languages. It is never changed
// afterwards, so any number of goroutines may read it.
package vocab

import (
	"strings"

	"concord/internal/i18n"
)

// Term is one entry of a vocabulary.
type Term struct {
	Code    string    `json:"code"`
	Parent  string    `json:"parent,omitempty"` // code of the first-level term, "" on the first level
	Label   i18n.Text `json:"label"`
	Hint    i18n.Text `json:"hint,omitzero"`     // short explanation for forms; often empty
	Related []string  `json:"related,omitempty"` // codes of near terms in the same vocabulary

	// Words are lower-case words and short phrases by which a text names the
	// term, in base form: whoever compares them with a text cuts and stems
	// both in the same way. Chinese ones are to be found as substrings. Where
	// one phrase lies inside another, the longer one is meant.
	Words map[i18n.Lang][]string `json:"words,omitempty"`
}

// Phrases returns the words of the term in l with its label, lower-case, in
// front: all that names the term in a text.
func (t Term) Phrases(l i18n.Lang) []string {
	label := strings.ToLower(t.Label.Get(l))
	ps := make([]string, 0, len(t.Words[l])+1)
	if label != "" {
		ps = append(ps, label)
	}
	for _, w := range t.Words[l] {
		if w != label {
			ps = append(ps, w)
		}
	}
	return ps
}

// Vocabulary is a closed list of terms, in the order in which they are shown.
type Vocabulary struct {
	Name   string    `json:"name"`
	Title  i18n.Text `json:"title"`
	Source string    `json:"source"` // where the list of terms comes from
	Terms  []Term    `json:"terms"`

	// Draft names the languages whose texts no person of that language has
	// confirmed yet.
	Draft []i18n.Lang `json:"draft,omitempty"`

	index map[string]int
}

// Has reports whether code is a term of v.
func (v *Vocabulary) Has(code string) bool {
	_, ok := v.index[code]
	return ok
}

// Term returns the term with the given code.
func (v *Vocabulary) Term(code string) (Term, bool) {
	i, ok := v.index[code]
	if !ok {
		return Term{}, false
	}
	return v.Terms[i], true
}

// Label returns the label of code in l. For an unknown code it is the code
// itself: an old or foreign record still shows what it holds.
func (v *Vocabulary) Label(code string, l i18n.Lang) string {
	t, ok := v.Term(code)
	if !ok {
		return code
	}
	s, _ := t.Label.In(l)
	return s
}

// Children returns the terms under code, or the first level for "".
func (v *Vocabulary) Children(code string) []Term {
	var ts []Term
	for _, t := range v.Terms {
		if t.Parent == code {
			ts = append(ts, t)
		}
	}
	return ts
}

// Path returns the terms from the first level down to code, with code's own
// term last; nil for an unknown code.
func (v *Vocabulary) Path(code string) []Term {
	t, ok := v.Term(code)
	if !ok {
		return nil
	}
	if parent, ok := v.Term(t.Parent); ok {
		return []Term{parent, t}
	}
	return []Term{t}
}

// Root returns the first-level code above code, or code itself when it is on
// the first level; "" for an unknown code.
func (v *Vocabulary) Root(code string) string {
	i, ok := v.index[code]
	switch {
	case !ok:
		return ""
	case v.Terms[i].Parent != "":
		return v.Terms[i].Parent
	}
	return code
}

// Within reports whether code is area or lies under it.
func (v *Vocabulary) Within(code, area string) bool {
	t, ok := v.Term(code)
	return ok && (code == area || t.Parent == area && area != "")
}

// Set is all the vocabularies by name.
type Set map[string]*Vocabulary

// Label returns the label of code in the vocabulary called name, or the code
// itself when either is unknown.
func (s Set) Label(name, code string, l i18n.Lang) string {
	v, ok := s[name]
	if !ok {
		return code
	}
	return v.Label(code, l)
}

// Has reports whether the vocabulary called name exists and has code.
func (s Set) Has(name, code string) bool {
	v, ok := s[name]
	return ok && v.Has(code)
}
