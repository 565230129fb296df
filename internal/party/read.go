package party

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"concord/internal/db"
)

// readDirectory reads all parties and groups as q sees them.
func readDirectory(ctx context.Context, q db.Querier) (*Directory, error) {
	d := &Directory{parties: map[string]Party{}, groups: map[string]Group{}, groupsOf: map[string][]string{}}
	if err := q.QueryRow(ctx, `SELECT epoch, party FROM head WHERE k = 1`).Scan(&d.epoch, &d.version); err != nil {
		return nil, err
	}
	parties, err := readParties(ctx, q)
	if err != nil {
		return nil, err
	}
	groups, err := readGroups(ctx, q)
	if err != nil {
		return nil, err
	}
	for _, p := range parties {
		d.parties[p.Code] = p
	}
	for _, g := range groups { // sorted by code, so groupsOf is too
		d.groups[g.Code] = g
		for _, m := range g.Members {
			d.groupsOf[m] = append(d.groupsOf[m], g.Code)
		}
	}
	for code, list := range d.groupsOf {
		d.groupsOf[code] = slices.Clip(list) // an append by a caller copies
	}
	return d, nil
}

func readParties(ctx context.Context, q db.Querier) ([]Party, error) {
	rows, err := q.Query(ctx, `SELECT code, kind, names, short, status, grp, zone, lang, url, edited FROM party`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []Party
	for rows.Next() {
		var p Party
		var names, short string
		var edited int64
		if err := rows.Scan(&p.Code, &p.Kind, &names, &short, &p.Status, &p.Group, &p.Zone, &p.Lang, &p.URL, &edited); err != nil {
			return nil, err
		}
		if err := json.Unmarshal([]byte(names), &p.Names); err != nil {
			return nil, fmt.Errorf("names of %s: %w", p.Code, err)
		}
		if err := json.Unmarshal([]byte(short), &p.Short); err != nil {
			return nil, fmt.Errorf("short names of %s: %w", p.Code, err)
		}
		p.Edited = db.Time(edited)
		list = append(list, p)
	}
	return list, rows.Err()
}

// readGroups returns the groups with their members, sorted by code.
func readGroups(ctx context.Context, q db.Querier) ([]Group, error) {
	rows, err := q.Query(ctx, `
		SELECT g.code, g.type, g.names, g.source, g.edited, COALESCE(m.party, '')
		FROM party_group g LEFT JOIN party_member m ON m.grp = g.code`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	groups := map[string]*Group{}
	var list []*Group
	for rows.Next() {
		var g Group
		var names, member string
		var edited int64
		if err := rows.Scan(&g.Code, &g.Type, &names, &g.Source, &edited, &member); err != nil {
			return nil, err
		}
		have := groups[g.Code]
		if have == nil {
			if err := json.Unmarshal([]byte(names), &g.Names); err != nil {
				return nil, fmt.Errorf("names of %s: %w", g.Code, err)
			}
			g.Edited = db.Time(edited)
			have = &g
			groups[g.Code], list = have, append(list, have)
		}
		if member != "" {
			have.Members = append(have.Members, member)
		}
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	out := make([]Group, len(list))
	for i, g := range list {
		slices.Sort(g.Members)
		g.Members = slices.Clip(g.Members)
		out[i] = *g
	}
	slices.SortFunc(out, func(a, b Group) int { return strings.Compare(a.Code, b.Code) })
	return out, nil
}
