package party

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"concord/internal/access"
	"concord/internal/db"
	"concord/internal/i18n"
)

// Party is a State, an organisation, a stakeholder or the Secretariat.
type Party struct {
	Code   string
	Kind   access.PartyKind
	Names  i18n.Text
	Short  i18n.Text // acronym or usual short form; may be empty
	Status string    // of a State: member or observer
	Group  string    // of an organisation: the group of its members
	Zone   string    // IANA time zone
	Lang   i18n.Lang // what its people most likely want
	URL    string
	Edited time.Time // when the administrator changed it; zero = as shipped
}

// Name is the party's name for a reader of l.
func (p Party) Name(l i18n.Lang) string {
	name, _ := p.Names.In(l)
	return name
}

// ShortName is the party's short form for a reader of l, or its name.
func (p Party) ShortName(l i18n.Lang) string {
	if p.Short.IsZero() {
		return p.Name(l)
	}
	short, _ := p.Short.In(l)
	return short
}

// Group is a named set of parties: a region, an organisation's members.
type Group struct {
	Code    string // begins with @
	Type    string
	Names   i18n.Text
	Members []string // codes of parties, sorted
	Source  string
	Edited  time.Time
}

// Name is the group's name for a reader of l.
func (g Group) Name(l i18n.Lang) string {
	name, _ := g.Names.In(l)
	return name
}

// Directory is an immutable snapshot of all parties and groups. What its
// methods return is shared: callers do not change it.
type Directory struct {
	epoch    string
	version  int64
	parties  map[string]Party
	groups   map[string]Group
	groupsOf map[string][]string
	sorted   [6]sorted // by i18n.Lang.Index
}

// sorted is the directory in the alphabetical order of one language, made
// when it is first asked for.
type sorted struct {
	once    sync.Once
	parties []Party
	kinds   map[access.PartyKind][]Party
	groups  []Group
}

// Version counts the changes of parties, groups and members.
func (d *Directory) Version() int64 { return d.version }

// Party returns the party with the code.
func (d *Directory) Party(code string) (Party, bool) {
	p, ok := d.parties[code]
	return p, ok
}

// Group returns the group with the code.
func (d *Directory) Group(code string) (Group, bool) {
	g, ok := d.groups[code]
	return g, ok
}

// Has reports whether there is a party or group with the code.
func (d *Directory) Has(code string) bool {
	_, party := d.parties[code]
	_, group := d.groups[code]
	return party || group
}

// Name is the name of a party or group for a reader of l; of an unknown code,
// the code.
func (d *Directory) Name(code string, l i18n.Lang) string {
	if p, ok := d.parties[code]; ok {
		return p.Name(l)
	}
	if g, ok := d.groups[code]; ok {
		return g.Name(l)
	}
	return code
}

// Kind is the kind of a party, or "".
func (d *Directory) Kind(code string) access.PartyKind { return d.parties[code].Kind }

// GroupsOf lists the codes of the groups that a party is in, sorted.
func (d *Directory) GroupsOf(code string) []string { return d.groupsOf[code] }

// Members lists the codes of the parties in a group, sorted.
func (d *Directory) Members(group string) []string { return d.groups[group].Members }

// Readers expands codes of parties and groups to the codes of the parties
// that they mean, sorted. Unknown codes mean nobody.
func (d *Directory) Readers(codes []string) []string {
	var out []string
	for _, c := range codes {
		if _, ok := d.parties[c]; ok {
			out = append(out, c)
		}
		out = append(out, d.groups[c].Members...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Parties lists the parties of some kinds, or all, in the alphabetical order
// of l.
func (d *Directory) Parties(l i18n.Lang, kinds ...access.PartyKind) []Party {
	s := d.in(l)
	switch len(kinds) {
	case 0:
		return s.parties
	case 1:
		return s.kinds[kinds[0]]
	}
	var out []Party
	for _, p := range s.parties {
		if slices.Contains(kinds, p.Kind) {
			out = append(out, p)
		}
	}
	return out
}

// Groups lists the groups in the alphabetical order of l.
func (d *Directory) Groups(l i18n.Lang) []Group { return d.in(l).groups }

func (d *Directory) in(l i18n.Lang) *sorted {
	s := &d.sorted[max(l.Index(), 0)]
	s.once.Do(func() {
		s.parties = make([]Party, 0, len(d.parties))
		for _, p := range d.parties {
			s.parties = append(s.parties, p)
		}
		s.groups = make([]Group, 0, len(d.groups))
		for _, g := range d.groups {
			s.groups = append(s.groups, g)
		}
		alphabetical(l, s.parties, func(p Party) (string, string) { return p.Name(l), p.Code })
		alphabetical(l, s.groups, func(g Group) (string, string) { return g.Name(l), g.Code })
		s.parties, s.groups = slices.Clip(s.parties), slices.Clip(s.groups)
		s.kinds = map[access.PartyKind][]Party{}
		for _, p := range s.parties {
			s.kinds[p.Kind] = append(s.kinds[p.Kind], p)
		}
	})
	return s
}

// sortName is the part of a name by which a list in l orders it. Arabic lists,
// those of the United Nations too, pass over the article and take alif with
// or without hamza for one letter, which the Unicode collation does not.
func sortName(l i18n.Lang, name string) string {
	if l != i18n.Arabic {
		return name
	}
	return alifs.Replace(strings.TrimPrefix(name, "ال"))
}

var alifs = strings.NewReplacer("أ", "ا", "إ", "ا", "آ", "ا")

// alphabetical sorts items by name in the collation of l (Chinese: pinyin),
// and names alike by code.
func alphabetical[T any](l i18n.Lang, items []T, key func(T) (name, code string)) {
	c := collate.New(language.MustParse(l.Tag()))
	var buf collate.Buffer
	type keyed struct {
		sort []byte
		code string
		item T
	}
	list := make([]keyed, len(items))
	for i, item := range items {
		name, code := key(item)
		list[i] = keyed{c.KeyFromString(&buf, sortName(l, name)), code, item}
	}
	slices.SortFunc(list, func(a, b keyed) int {
		if n := slices.Compare(a.sort, b.sort); n != 0 {
			return n
		}
		return strings.Compare(a.code, b.code)
	})
	for i, k := range list {
		items[i] = k.item
	}
}

// Directory returns the newest snapshot. It costs one small read unless
// something has changed, here or in another process.
func (s *Store) Directory(ctx context.Context) (*Directory, error) {
	var epoch string
	var version int64
	err := s.db.QueryRow(ctx, `SELECT epoch, party FROM head WHERE k = 1`).Scan(&epoch, &version)
	if err != nil {
		return nil, fmt.Errorf("read head: %w", err)
	}
	return s.directory(ctx, epoch, version)
}

// directory returns the snapshot of a version that was just read, from memory
// if it has not moved.
func (s *Store) directory(ctx context.Context, epoch string, version int64) (*Directory, error) {
	if d := s.dir.Load(); d != nil && d.version == version && d.epoch == epoch {
		return d, nil
	}
	var d *Directory
	err := s.db.View(ctx, func(tx *db.Tx) (err error) {
		d, err = readDirectory(ctx, tx)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read directory: %w", err)
	}
	s.dir.Store(d)
	return d, nil
}
