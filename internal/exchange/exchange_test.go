package exchange_test

import (
	"context"
	"testing"
	"time"

	"concord/internal/access"
	"concord/internal/db"
	"concord/internal/modules/assistance"
	"concord/internal/party"
	"concord/internal/party/reference"
	"concord/internal/record"
	"concord/internal/search"
	"concord/internal/vocab"
)

// portal is a store with the kinds of the assistance module and the reference
// data.
type portal struct {
	*record.Store
	dir    *party.Directory
	places *reference.Data
}

func open(t testing.TB, d *db.DB) portal {
	t.Helper()
	ks := kinds(t)
	places, err := reference.Load()
	if err != nil {
		t.Fatal(err)
	}
	now := func() time.Time { return time.Date(2026, 9, 1, 12, 0, 0, 0, time.UTC) }
	parties := party.New(d, now)
	if err := parties.Seed(t.Context(), places); err != nil {
		t.Fatal(err)
	}
	dir, err := parties.Directory(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	directory := func(ctx context.Context) (record.Directory, error) { return parties.Directory(ctx) }
	return portal{record.NewStore(d, ks, directory, search.New(d.Engine), now), dir, places}
}

func kinds(t testing.TB) *record.Kinds {
	t.Helper()
	all, err := assistance.Kinds()
	if err != nil {
		t.Fatal(err)
	}
	v, err := vocab.Load()
	if err != nil {
		t.Fatal(err)
	}
	ks, err := record.NewKinds(v, all)
	if err != nil {
		t.Fatal(err)
	}
	return ks
}

func (p portal) person(code string, roles ...access.Role) access.Actor {
	return access.Actor{Account: code + "-account", Party: code, Kind: p.dir.Kind(code), Groups: p.dir.GroupsOf(code), Roles: roles, Via: "web"}
}
