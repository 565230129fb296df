package match

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Places tells the States and groups that a name means.
type Places struct {
	// Resolve returns the codes of States and groups in a name; other codes
	// are passed over. ok is false when a part was not understood.
	Resolve func(name string) (codes []string, ok bool)
	// GroupsOf returns the groups of a State.
	GroupsOf func(code string) []string
}

// Limits of a statement file.
const (
	maxFile    = 64 << 20 // bytes
	maxEntries = 100_000
	maxText    = 20_000 // bytes of one text
	maxList    = 300
)

// ErrStatements is wrapped by every error of ReadStatements that the file is
// to blame for.
var ErrStatements = errors.New("not a statement file")

// ReadStatements reads a statement file: {"entries":[…],"needs":[…]}, an entry
// of kind "need" being a need and any other an offer. Who is named as
// beneficiary becomes Offer.Named; an activity that a State carries out for
// itself alone becomes Eligible to that State only.
func ReadStatements(r io.Reader, p Places) (needs []Need, offers []Offer, err error) {
	var file struct {
		Entries, Needs []json.RawMessage
	}
	b, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	if err != nil {
		return nil, nil, err
	}
	if len(b) > maxFile {
		return nil, nil, fmt.Errorf("%w: larger than %d MB", ErrStatements, maxFile>>20)
	}
	if err := json.Unmarshal(b, &file); err != nil {
		return nil, nil, fmt.Errorf("%w: %w", ErrStatements, err)
	}
	if file.Entries == nil && file.Needs == nil {
		return nil, nil, fmt.Errorf("%w: neither entries nor needs", ErrStatements)
	}
	if n := len(file.Entries) + len(file.Needs); n > maxEntries {
		return nil, nil, fmt.Errorf("%w: %d entries, at most %d", ErrStatements, n, maxEntries)
	}
	seen := map[string]bool{}
	read := func(list string, i int, raw json.RawMessage) error {
		var s statement
		if err := json.Unmarshal(raw, &s); err != nil {
			return fmt.Errorf("%w: %s[%d]: %w", ErrStatements, list, i, err)
		}
		if list == "needs" && s.Kind == "" {
			s.Kind = kindNeed
		}
		if err := s.check(); err != nil {
			return fmt.Errorf("%w: %s[%d] %.40q: %w", ErrStatements, list, i, s.ID, err)
		}
		if seen[s.ID] {
			return fmt.Errorf("%w: %s[%d]: %q occurs twice", ErrStatements, list, i, s.ID)
		}
		seen[s.ID] = true
		if s.Kind == kindNeed {
			needs = append(needs, s.need(p))
		} else {
			offers = append(offers, s.offer(p))
		}
		return nil
	}
	for i, raw := range file.Entries {
		if err := read("entries", i, raw); err != nil {
			return nil, nil, err
		}
	}
	for i, raw := range file.Needs {
		if err := read("needs", i, raw); err != nil {
			return nil, nil, err
		}
	}
	return needs, offers, nil
}

const kindNeed = "need"

var kinds = []string{kindNeed, KindOffer, KindFund, KindCourse, KindProject, KindEvent, KindTraining}

// statement is an entry of either kind of file.
type statement struct {
	ID            string    `json:"id"`
	Kind          string    `json:"kind"`
	Lang          string    `json:"lang"` // "" is English
	Title         string    `json:"title"`
	Summary       string    `json:"summary"`
	Organisation  names     `json:"organisation"`
	Implementer   names     `json:"implementer"`
	Funder        names     `json:"funder"`
	Subject       string    `json:"subject"`
	SubjectISO3   string    `json:"subject_iso3"`
	Topics        names     `json:"topics"`
	Beneficiaries names     `json:"beneficiaries"`
	Status        string    `json:"status"`
	Start         day       `json:"start"`
	End           day       `json:"end"`
	Source        sourceRef `json:"source"`
}

type sourceRef struct {
	Quote string `json:"quote"`
	Date  day    `json:"date"`
}

// names is a list of strings; in JSON also one string, or null.
type names []string

func (n *names) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		var s string
		if err := json.Unmarshal(b, &s); err != nil {
			return err
		}
		*n = names{s}
		return nil
	}
	return json.Unmarshal(b, (*[]string)(n))
}

// day is a date of which the day, or day and month, may be missing.
type day struct{ first, last time.Time }

func (d *day) UnmarshalJSON(b []byte) error {
	var s string
	if err := json.Unmarshal(b, &s); err != nil || s == "" {
		return err
	}
	for _, f := range [...]struct {
		layout              string
		years, months, days int
	}{{"2006-01-02", 0, 0, 1}, {"2006-01", 0, 1, 0}, {"2006", 1, 0, 0}} {
		if t, err := time.Parse(f.layout, s); err == nil {
			d.first = t
			d.last = t.AddDate(f.years, f.months, f.days).Add(-time.Second)
			return nil
		}
	}
	return fmt.Errorf("%.40q is not a date", s)
}

func (s *statement) check() error {
	switch {
	case s.ID == "":
		return errors.New("no id")
	case len(s.ID) > 200:
		return errors.New("id too long")
	case !slices.Contains(kinds, s.Kind):
		return fmt.Errorf("unknown kind %.40q", s.Kind)
	case strings.TrimSpace(s.Title) == "":
		return errors.New("no title")
	case len(s.Lang) > 10:
		return errors.New("lang too long")
	case !s.End.last.IsZero() && s.End.last.Before(s.Start.first):
		return errors.New("ends before it starts")
	}
	for _, t := range append([]string{s.ID, s.Title, s.Summary, s.Source.Quote}, slices.Concat(s.Organisation, s.Implementer, s.Funder, s.Topics, s.Beneficiaries)...) {
		if len(t) > maxText || !utf8.ValidString(t) {
			return errors.New("a text is too long or not UTF-8")
		}
	}
	for _, l := range [...]names{s.Organisation, s.Implementer, s.Funder, s.Topics, s.Beneficiaries} {
		if len(l) > maxList {
			return errors.New("a list is too long")
		}
	}
	return nil
}

func (s *statement) text() []Text {
	lang := s.Lang
	if lang == "" {
		lang = "en"
	}
	ts := []Text{{lang, s.Title, true}}
	for _, t := range [...]string{s.Source.Quote, s.Summary} {
		if t != "" {
			ts = append(ts, Text{lang, t, false})
		}
	}
	return ts
}

func (s *statement) need(p Places) Need {
	n := Need{ID: s.ID, Topics: s.Topics, Text: s.text(), Start: s.Start.first, End: s.End.last}
	if n.Start.IsZero() {
		n.Start = s.Source.Date.first
	}
	n.Party = s.SubjectISO3
	if n.Party == "" {
		n.Party = first(p, s.Subject, isState)
	}
	// A need that a State reports of others is not its own.
	if org := strings.Join(s.Organisation, "; "); strings.Contains(org, "(as ") {
		if codes, _ := p.Resolve(org); !slices.Contains(codes, n.Party) {
			n.Party = ""
		}
	}
	if n.Party != "" {
		n.Groups = p.GroupsOf(n.Party)
	}
	return n
}

func (s *statement) offer(p Places) Offer {
	o := Offer{ID: s.ID, Kind: s.Kind, Topics: s.Topics, Text: s.text(),
		Provider:  strings.Join(slices.Concat(s.Organisation, s.Implementer, s.Funder), "; "),
		ValidFrom: s.Start.first, ValidTo: s.End.last, Status: StatusCurrent}
	if s.Status == StatusProposed || s.Status == StatusCompleted || s.Status == StatusClosed {
		o.Status = s.Status
	}
	var circle []string
	for _, b := range s.Beneficiaries {
		codes, _ := p.Resolve(b)
		known := false
		for _, c := range codes {
			if !isState(c) && !isGroup(c) {
				continue
			}
			known = true
			if c == All {
				o.Open = true
			} else if !slices.Contains(o.Named, c) {
				o.Named = append(o.Named, c)
			}
		}
		if !known {
			circle = append(circle, b)
		}
	}
	o.Circle = strings.Join(circle, "; ")
	if len(o.Named) == 1 && isState(o.Named[0]) && !o.Open && s.carriedOutBy(p, o.Named[0]) {
		o.Eligible, o.Named = o.Named, nil
		o.Own = len(s.Funder) == 0
	}
	return o
}

// carriedOutBy reports whether all who carry the activity out are of the State.
func (s *statement) carriedOutBy(p Places, state string) bool {
	by := slices.Concat(s.Organisation, s.Implementer)
	for _, o := range by {
		if codes, _ := p.Resolve(o); !slices.Contains(codes, state) {
			return false
		}
	}
	return len(by) > 0
}

func first(p Places, name string, ok func(string) bool) string {
	if name == "" {
		return ""
	}
	codes, _ := p.Resolve(name)
	for _, c := range codes {
		if ok(c) {
			return c
		}
	}
	return ""
}

func isGroup(c string) bool { return strings.HasPrefix(c, "@") }

func isState(c string) bool {
	return len(c) == 3 && strings.IndexFunc(c, func(r rune) bool { return r < 'A' || r > 'Z' }) < 0
}

// ProviderNames returns the proper names in the text that says who provides an
// offer, for Options.Names: "OAS (supported by Canada)" gives OAS and Canada,
// "Private sector with decision makers" gives none.
func ProviderNames(provider string) []string {
	for _, sep := range [...]string{" and ", " with ", " by ", " to ", " from "} {
		provider = strings.ReplaceAll(provider, sep, ";")
	}
	var out []string
	for _, n := range strings.FieldsFunc(provider, func(r rune) bool { return strings.ContainsRune(",;:/()（），；、", r) }) {
		n = strings.TrimSpace(n)
		if properName(n) && !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	return out
}

// properName reports whether all words but the small ones begin with a
// capital, and there is more than one or it is an acronym or of five letters.
func properName(s string) bool {
	ws := strings.Fields(s)
	for _, w := range ws {
		r, _ := utf8.DecodeRuneInString(w)
		if unicode.IsLower(r) && utf8.RuneCountInString(w) > 3 {
			return false
		}
	}
	return len(ws) > 1 || len(ws) == 1 && (strings.ToUpper(s) == s || utf8.RuneCountInString(s) >= 5)
}
