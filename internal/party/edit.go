package party

import (
	"context"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"concord/internal/access"
	"concord/internal/audit"
	"concord/internal/db"
	"concord/internal/i18n"
	"concord/internal/problem"
)

var (
	partyCode = regexp.MustCompile(`^[A-Z0-9][A-Z0-9-]{0,22}[A-Z0-9]$`)
	groupCode = regexp.MustCompile(`^@[a-z0-9]+(-[a-z0-9]+)*$`)
)

const (
	maxName   = 300 // code points of a name
	maxMember = 1000
)

// mayEdit reports whether the actor may change parties and groups: the
// administrator of the Secretariat in person. Members of a group read what is
// shared with it, so this is a matter of access and never a token's.
func mayEdit(a access.Actor) bool {
	return interactive(a) && a.Kind == access.Secretariat && a.Has(access.Administrator)
}

// EditParty changes a party, or adds one that is not there yet. p.Edited must
// be as it was read; if somebody else changed the party since, it is a
// Conflict. The kind of a party never changes: its people's roles and its
// records hang on it.
func (s *Store) EditParty(ctx context.Context, a access.Actor, p Party) (Party, error) {
	const action = "party.edit"
	if !mayEdit(a) {
		return Party{}, s.refuse(ctx, a, action, "party", p.Code, forbidden("party.administrator"))
	}
	p.Names.Clean()
	p.Short.Clean()
	p.URL = strings.TrimSpace(p.URL)
	err := s.db.Tx(ctx, func(tx *db.Tx) error {
		if err := lock(ctx, tx); err != nil {
			return err
		}
		dir, err := readDirectory(ctx, tx)
		if err != nil {
			return err
		}
		old, exists := dir.parties[p.Code]
		if err := checkParty(dir, p, old, exists); err != nil {
			return err
		}
		if !old.Edited.Equal(p.Edited) {
			return problem.New(problem.Conflict, "")
		}
		e := audit.Of(a, s.now(), action)
		e.Kind, e.Record, e.Detail = "party", p.Code, partyChanges(old, p)
		if exists && e.Detail == "" {
			return nil
		}
		p.Edited = s.after(old.Edited)
		if err := writeParty(ctx, tx, p); err != nil {
			return err
		}
		return s.changed(ctx, tx, e)
	})
	return p, err
}

// after is now, or just after t if the clock has not moved since.
func (s *Store) after(t time.Time) time.Time {
	now := db.Time(db.Micro(s.now()))
	if !now.After(t) {
		now = t.Add(time.Microsecond)
	}
	return now
}

func checkParty(dir *Directory, p, old Party, exists bool) error {
	var f problem.Fields
	f.Check(partyCode.MatchString(p.Code), "code", "party-code")
	f.Check(len(access.Roles(p.Kind)) > 0, "kind", "code", string(p.Kind))
	f.Check(!exists || p.Kind == old.Kind, "kind", "party-kind")
	checkNames(&f, p.Names, p.Short)
	wantStatus := []string{""}
	if p.Kind == access.State {
		wantStatus = []string{"member", "observer"}
	}
	f.Check(slices.Contains(wantStatus, p.Status), "status", "code", p.Status)
	if p.Group != "" {
		_, ok := dir.groups[p.Group]
		f.Check(ok, "group", "group", p.Group)
	}
	_, err := time.LoadLocation(p.Zone)
	f.Check(err == nil && p.Zone != "Local", "zone", "code", p.Zone)
	f.Check(p.Lang.Valid(), "lang", "code", string(p.Lang))
	if p.URL != "" {
		u, err := url.Parse(p.URL)
		f.Check(err == nil && u.Scheme == "https" && u.Host != "" && len(p.URL) <= 2000, "url", "url")
	}
	return f.Err()
}

func checkNames(f *problem.Fields, names, short i18n.Text) {
	f.Check(!names.IsZero(), "names", "required")
	for _, l := range i18n.Langs() {
		n := utf8.RuneCountInString(names.Get(l))
		f.Check(n <= maxName, "names."+string(l), "too-long", maxName, n)
		n = utf8.RuneCountInString(short.Get(l))
		f.Check(n <= maxName, "short."+string(l), "too-long", maxName, n)
	}
}

// partyChanges names the fields in which two states of a party differ.
func partyChanges(old, p Party) string {
	var fields []string
	add := func(name string, same bool) {
		if !same {
			fields = append(fields, name)
		}
	}
	add("kind", old.Kind == p.Kind)
	add("names", old.Names.By == p.Names.By && slices.Equal(old.Names.Machine, p.Names.Machine))
	add("short", old.Short.By == p.Short.By && slices.Equal(old.Short.Machine, p.Short.Machine))
	add("status", old.Status == p.Status)
	add("group", old.Group == p.Group)
	add("zone", old.Zone == p.Zone)
	add("lang", old.Lang == p.Lang)
	add("url", old.URL == p.URL)
	return strings.Join(fields, " ")
}

// EditGroup changes a group and its members, or adds one. The trail says who
// joined and who left, because that decides access.
func (s *Store) EditGroup(ctx context.Context, a access.Actor, g Group) (Group, error) {
	const action = "group.edit"
	if !mayEdit(a) {
		return Group{}, s.refuse(ctx, a, action, "group", g.Code, forbidden("party.administrator"))
	}
	g.Names.Clean()
	g.Source, g.Type = oneLine(g.Source), oneLine(g.Type)
	g.Members = slices.Compact(slices.Sorted(slices.Values(g.Members)))
	err := s.db.Tx(ctx, func(tx *db.Tx) error {
		if err := lock(ctx, tx); err != nil {
			return err
		}
		dir, err := readDirectory(ctx, tx)
		if err != nil {
			return err
		}
		var f problem.Fields
		f.Check(groupCode.MatchString(g.Code) && len(g.Code) <= 40, "code", "group-code")
		checkNames(&f, g.Names, i18n.Text{})
		f.Check(len(g.Members) <= maxMember, "members", "too-many", maxMember, len(g.Members))
		for _, m := range g.Members {
			_, ok := dir.parties[m]
			f.Check(ok, "members", "party", m)
		}
		f.Check(g.Type != "" && len(g.Type) <= 40, "type", "required")
		f.Check(len(g.Source) <= 1000, "source", "too-long", 1000, len(g.Source))
		if err := f.Err(); err != nil {
			return err
		}
		old, exists := dir.groups[g.Code]
		if !old.Edited.Equal(g.Edited) {
			return problem.New(problem.Conflict, "")
		}
		if exists && sameGroup(old, g) {
			return nil
		}
		e := audit.Of(a, s.now(), action)
		e.Kind, e.Record, e.Detail = "group", g.Code, groupChanges(old, g)
		g.Edited = s.after(old.Edited)
		if err := writeGroup(ctx, tx, g, old.Members); err != nil {
			return err
		}
		return s.changed(ctx, tx, e)
	})
	return g, err
}

func groupChanges(old, g Group) string {
	var changes []string
	if old.Names.By != g.Names.By {
		changes = append(changes, "names")
	}
	if old.Type != g.Type {
		changes = append(changes, "type")
	}
	if old.Source != g.Source {
		changes = append(changes, "source")
	}
	for _, m := range difference(g.Members, old.Members) {
		changes = append(changes, "+"+m)
	}
	for _, m := range difference(old.Members, g.Members) {
		changes = append(changes, "-"+m)
	}
	return strings.Join(changes, " ")
}
