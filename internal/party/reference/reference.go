// Package reference is what the portal knows of the parties before anyone
// signs in: the Member and observer States of the United Nations with their
// names in six languages, the groups that texts speak of ("least developed
// countries", "ASEAN"), and the organisations that take part.
//
// Invariant: what Load returned has passed its checks: codes are unique,
// members exist, every name is there in all six languages, and no name means
// two parties. The data is reviewed by people; SOURCES.md says from where it
// comes and what is in doubt.
package reference

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"concord/internal/i18n"
)

//go:embed states.json groups.json organisations.json
var files embed.FS

// A State is a Member State or an observer State of the United Nations.
type State struct {
	Code    string    `json:"code"` // ISO 3166-1 alpha-3: the State's code everywhere in the portal
	ISO2    string    `json:"iso2"`
	M49     string    `json:"m49"`    // three digits
	Status  string    `json:"status"` // "member" or "observer"
	Names   i18n.Text `json:"names"`  // United Nations short names, as in alphabetical lists
	UNGroup string    `json:"unGroup"`
	// CapitalZone is the IANA time zone kept at the seat of government. It is
	// a clock and says nothing on the status of a city.
	CapitalZone string `json:"capitalZone"`
	// WorkingLanguage is the language its delegation most likely prefers: a
	// first guess for a new account, never an assertion on a page.
	WorkingLanguage i18n.Lang `json:"workingLanguage"`
	Aliases         []string  `json:"aliases"` // other names in texts, for Resolve; never shown
}

// A Group is a named set of States. Its code begins with "@".
type Group struct {
	Code    string    `json:"code"`
	Type    string    `json:"type"`
	Names   i18n.Text `json:"names"`
	Members []string  `json:"members"` // codes of States, sorted
	Leaving []Leaving `json:"leaving"` // members whose day of departure is decided
	Aliases []string  `json:"aliases"`
	Source  string    `json:"source"`
	AsOf    string    `json:"asOf"` // the month, as 2006-01
}

// Leaving says that a State leaves a group on a day. Nothing acts on it: a
// person confirms and edits the members.
type Leaving struct {
	Code string `json:"code"`
	On   string `json:"on"` // 2006-01-02
}

// An Organisation is a party that is not a State.
type Organisation struct {
	Code string `json:"code"`
	// Kind is "regional" (any intergovernmental organisation outside the
	// United Nations system), "un-entity", "secretariat" or "stakeholder".
	Kind    string    `json:"kind"`
	Group   string    `json:"group"` // of its member States, or ""
	Names   i18n.Text `json:"names"`
	Short   i18n.Text `json:"short"` // acronym or usual short form in each language
	URL     string    `json:"url"`
	Aliases []string  `json:"aliases"`
}

// Data is the reference data. It is safe for concurrent use; callers do not
// change it.
type Data struct {
	States        []State
	Groups        []Group
	Organisations []Organisation

	members  map[string][]string // by group
	groupsOf map[string][]string // by State
	names    map[string][]string // codes by key of a name
}

// Members returns the codes of the States in a group, sorted; nil if there is
// no such group.
func (d *Data) Members(group string) []string { return slices.Clone(d.members[group]) }

// GroupsOf returns the codes of the groups that a State is in, sorted.
func (d *Data) GroupsOf(code string) []string { return slices.Clone(d.groupsOf[code]) }

// Load reads and checks the data in the binary.
func Load() (*Data, error) {
	d := &Data{members: map[string][]string{}, groupsOf: map[string][]string{}, names: map[string][]string{}}
	if err := errors.Join(
		read("states.json", &d.States),
		read("groups.json", &d.Groups),
		read("organisations.json", &d.Organisations),
	); err != nil {
		return nil, err
	}
	if err := d.check(); err != nil {
		return nil, fmt.Errorf("reference data: %w", err)
	}
	return d, nil
}

func read(name string, into any) error {
	b, err := files.ReadFile(name)
	if err != nil {
		return err
	}
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// check validates everything and fills the indexes; it reports all mistakes at
// once, because the reader is the person who edited the files.
func (d *Data) check() error {
	var errs []error
	seen := map[string]bool{}
	fail := func(code, format string, args ...any) {
		errs = append(errs, fmt.Errorf("%s: %s", code, fmt.Sprintf(format, args...)))
	}
	code := func(c, pattern string) {
		if ok, err := regexp.MatchString(pattern, c); err != nil || !ok {
			fail(c, "malformed code")
		}
		if seen[c] {
			fail(c, "code used twice")
		}
		seen[c] = true
	}
	oneOf := func(c, field, value string, allowed ...string) {
		if !slices.Contains(allowed, value) {
			fail(c, "%s %q is not one of %q", field, value, allowed)
		}
	}
	text := func(c string, t i18n.Text) {
		for _, l := range i18n.Langs() {
			if s := t.Get(l); s == "" || s != i18n.CleanString(s) {
				fail(c, "text in %s missing or unclean: %q", l, s)
			}
		}
	}
	name := func(key string, codes ...string) {
		if had, ok := d.names[key]; ok && !slices.Equal(had, codes) {
			fail(codes[0], "name %q already means %v", key, had)
		}
		d.names[key] = codes
	}

	for _, s := range d.States {
		code(s.Code, `^[A-Z]{3}$`)
		code("iso2 "+s.ISO2, `^iso2 [A-Z]{2}$`)
		code("m49 "+s.M49, `^m49 [0-9]{3}$`)
		oneOf(s.Code, "status", s.Status, "member", "observer")
		oneOf(s.Code, "unGroup", s.UNGroup, "african", "asia-pacific", "eastern-european", "grulac", "weog", "none")
		text(s.Code, s.Names)
		if s.CapitalZone == "" || !s.WorkingLanguage.Valid() {
			fail(s.Code, "capitalZone or workingLanguage missing")
		}
		name(s.Code, s.Code)
		for _, n := range append(s.Names.By[:], s.Aliases...) {
			name(nameKey(n), s.Code)
		}
	}
	for _, g := range d.Groups {
		code(g.Code, `^@[a-z0-9]+(-[a-z0-9]+)*$`)
		oneOf(g.Code, "type", g.Type, "development", "un-group", "m49", "organisation", "informal")
		text(g.Code, g.Names)
		if _, err := time.Parse("2006-01", g.AsOf); err != nil || g.Source == "" {
			fail(g.Code, "source or asOf missing")
		}
		if !slices.IsSorted(g.Members) || len(slices.Compact(slices.Clone(g.Members))) != len(g.Members) {
			fail(g.Code, "members are not sorted or not unique")
		}
		for _, m := range g.Members {
			if len(m) != 3 || !seen[m] {
				fail(g.Code, "member %q is not a State", m)
			}
			d.groupsOf[m] = append(d.groupsOf[m], g.Code)
		}
		for _, l := range g.Leaving {
			if _, err := time.Parse(time.DateOnly, l.On); err != nil || !slices.Contains(g.Members, l.Code) {
				fail(g.Code, "bad leaving entry %v", l)
			}
		}
		d.members[g.Code] = g.Members
		name(g.Code, g.Code)
	}
	for _, groups := range d.groupsOf {
		slices.Sort(groups)
	}
	for _, o := range d.Organisations {
		code(o.Code, `^[A-Z0-9][A-Z0-9-]*[A-Z0-9]$`)
		oneOf(o.Code, "kind", o.Kind, "regional", "un-entity", "secretariat", "stakeholder")
		text(o.Code, o.Names)
		text(o.Code, o.Short)
		if !strings.HasPrefix(o.URL, "https://") {
			fail(o.Code, "url %q", o.URL)
		}
		codes := []string{o.Code}
		if o.Group != "" {
			codes = append(codes, o.Group)
			if d.members[o.Group] == nil {
				fail(o.Code, "no group %q", o.Group)
			}
		}
		name(o.Code, codes...)
		for _, n := range slices.Concat(o.Names.By[:], o.Short.By[:], o.Aliases) {
			name(nameKey(n), codes...)
		}
	}
	for _, g := range d.Groups {
		for _, n := range append(g.Names.By[:], g.Aliases...) {
			name(nameKey(n), g.Code)
		}
	}
	return errors.Join(errs...)
}
