package party

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"concord/internal/access"
	"concord/internal/audit"
	"concord/internal/db"
	"concord/internal/i18n"
	"concord/internal/party/reference"
)

// Seed brings the parties and groups that are shipped with the release into
// the database: it inserts what is missing and updates what the administrator
// never edited. What an administrator edited stays as it is, and nothing is
// ever removed but members of an unedited group. A second Seed changes nothing.
func (s *Store) Seed(ctx context.Context, data *reference.Data) error {
	return s.seed(ctx, partiesOf(data), groupsOf(data))
}

func partiesOf(data *reference.Data) []Party {
	var list []Party
	for _, x := range data.States {
		list = append(list, Party{
			Code: x.Code, Kind: access.State, Names: x.Names, Status: x.Status,
			Zone: x.CapitalZone, Lang: x.WorkingLanguage,
		})
	}
	for _, x := range data.Organisations {
		list = append(list, Party{
			Code: x.Code, Kind: access.PartyKind(x.Kind), Names: x.Names, Short: x.Short,
			Group: x.Group, Zone: "UTC", Lang: i18n.English, URL: x.URL,
		})
	}
	return list
}

func groupsOf(data *reference.Data) []Group {
	var list []Group
	for _, x := range data.Groups {
		list = append(list, Group{
			Code: x.Code, Type: x.Type, Names: x.Names, Members: x.Members,
			Source: strings.TrimSpace(x.Source + " (" + x.AsOf + ")"),
		})
	}
	return list
}

func (s *Store) seed(ctx context.Context, parties []Party, groups []Group) error {
	err := s.db.Tx(ctx, func(tx *db.Tx) error {
		if err := lock(ctx, tx); err != nil {
			return err
		}
		have, err := readDirectory(ctx, tx)
		if err != nil {
			return err
		}
		var newParties, newGroups int
		for _, p := range parties {
			old, ok := have.parties[p.Code]
			if ok && (!old.Edited.IsZero() || reflect.DeepEqual(old, p)) {
				continue
			}
			if err := writeParty(ctx, tx, p); err != nil {
				return fmt.Errorf("party %s: %w", p.Code, err)
			}
			newParties++
		}
		for _, g := range groups {
			g.Members = slices.Sorted(slices.Values(g.Members))
			old, ok := have.groups[g.Code]
			if ok && (!old.Edited.IsZero() || sameGroup(old, g)) {
				continue
			}
			if err := writeGroup(ctx, tx, g, old.Members); err != nil {
				return fmt.Errorf("group %s: %w", g.Code, err)
			}
			newGroups++
		}
		if newParties+newGroups == 0 {
			return nil
		}
		e := audit.Entry{
			At: s.now(), Via: "job", Action: "party.seed", Outcome: audit.Done,
			Detail: fmt.Sprintf("parties=%d groups=%d", newParties, newGroups),
		}
		return s.changed(ctx, tx, e)
	})
	if err != nil {
		return fmt.Errorf("seed parties: %w", err)
	}
	return nil
}

func sameGroup(a, b Group) bool {
	return slices.Equal(a.Members, b.Members) && a.Type == b.Type && a.Source == b.Source &&
		reflect.DeepEqual(a.Names, b.Names)
}

// changed moves the version of the directory, which makes every process read
// it again, and writes the audit entry.
func (s *Store) changed(ctx context.Context, tx *db.Tx, e audit.Entry) error {
	if _, err := tx.Exec(ctx, `UPDATE head SET party = party + 1 WHERE k = 1`); err != nil {
		return err
	}
	return audit.Write(ctx, tx, e)
}

// writeParty inserts or replaces the row of p.
func writeParty(ctx context.Context, tx *db.Tx, p Party) error {
	names, err := json.Marshal(p.Names)
	if err != nil {
		return err
	}
	short, err := json.Marshal(p.Short)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO party (code, kind, names, short, status, grp, zone, lang, url, edited)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		ON CONFLICT (code) DO UPDATE SET kind = excluded.kind, names = excluded.names,
			short = excluded.short, status = excluded.status, grp = excluded.grp,
			zone = excluded.zone, lang = excluded.lang, url = excluded.url, edited = excluded.edited`,
		p.Code, string(p.Kind), string(names), string(short), p.Status, p.Group, p.Zone,
		string(p.Lang), p.URL, db.Micro(p.Edited))
	return err
}

// writeGroup inserts or replaces the row of g, and turns the members it had
// into those it has.
func writeGroup(ctx context.Context, tx *db.Tx, g Group, had []string) error {
	names, err := json.Marshal(g.Names)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO party_group (code, type, names, source, edited) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (code) DO UPDATE SET type = excluded.type, names = excluded.names,
			source = excluded.source, edited = excluded.edited`,
		g.Code, g.Type, string(names), g.Source, db.Micro(g.Edited))
	if err != nil {
		return err
	}
	joined, left := difference(g.Members, had), difference(had, g.Members)
	for _, m := range left {
		if _, err := tx.Exec(ctx, `DELETE FROM party_member WHERE grp = $1 AND party = $2`, g.Code, m); err != nil {
			return err
		}
	}
	const chunk = 100 // members in one statement
	for part := range slices.Chunk(joined, chunk) {
		var values strings.Builder
		args := []any{g.Code}
		for i, m := range part {
			if i > 0 {
				values.WriteByte(',')
			}
			args = append(args, m)
			fmt.Fprintf(&values, "($1,$%d)", len(args))
		}
		if _, err := tx.Exec(ctx, `INSERT INTO party_member (grp, party) VALUES `+values.String(), args...); err != nil {
			return err
		}
	}
	return nil
}

// difference is what is in a and not in b.
func difference(a, b []string) []string {
	var out []string
	for _, x := range a {
		if !slices.Contains(b, x) {
			out = append(out, x)
		}
	}
	return out
}
