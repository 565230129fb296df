package party

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"concord/internal/access"
	"concord/internal/db"
	"concord/internal/db/dbtest"
	"concord/internal/i18n"
	"concord/internal/problem"
)

// below is the specification of who may act on whom, written out: the roles
// strictly below a managing role, in the parties that it manages.
var below = map[access.Role]map[string][]access.Role{
	access.FocalPoint:    {"own": {access.Viewer, access.Editor, access.Contact, access.CSIRT}},
	access.Administrator: {"own": {access.Moderator, access.Auditor}, "ACME": {access.Contributor}},
}

func mayAct(actorParty string, actor access.Role, targetParty string, target access.Role) bool {
	rows := below[actor]
	return actorParty == targetParty && slices.Contains(rows["own"], target) || slices.Contains(rows[targetParty], target)
}

// For every pair of actor and target, of one party or two: nobody acts on an
// equal, on a superior, or outside the parties it manages (failure class C3).
func TestAdminLattice(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		s, _ := open(t, d)
		dir, _ := s.Directory(ctx)
		type one struct {
			party string
			role  access.Role
			acc   Account
			actor access.Actor
		}
		// made writes accounts directly: 40 invitations would only cost time.
		made := func(prefix string) []one {
			var list []one
			for _, p := range dir.Parties(i18n.English) {
				for _, r := range access.Roles(p.Kind) {
					acc, _ := invite(t, s, p.Code, fmt.Sprintf("%s-%s@%s.example", prefix, r, p.Code), r)
					err := d.Tx(ctx, func(tx *db.Tx) error { return s.setPassword(ctx, tx, acc.ID, "") })
					if err != nil {
						t.Fatal(err)
					}
					list = append(list, one{p.Code, r, acc, acc.actor(dir, "web")})
				}
			}
			return list
		}
		actors, targets := made("actor"), made("target")
		actors = append(actors, one{actor: access.Actor{}})
		state := func(id string) string {
			var row [3]string
			err := d.QueryRow(ctx, `SELECT roles, disabled, (SELECT COUNT(*) FROM link WHERE account = a.id) FROM account a WHERE id = $1`, id).
				Scan(&row[0], &row[1], &row[2])
			if err != nil {
				t.Fatal(err)
			}
			return fmt.Sprint(row)
		}
		did, refused := 0, 0
		for _, x := range actors {
			for _, y := range targets {
				lowest := access.Roles(dir.Kind(y.party))[0]
				who := fmt.Sprintf("%s of %s on %s of %s", x.role, x.party, y.role, y.party)
				before := state(y.acc.ID)
				acts := []struct {
					name string
					do   func() error
				}{
					{"link", func() error { _, err := s.Relink(ctx, x.actor, y.acc.ID); return err }},
					{"roles", func() error { return s.SetRoles(ctx, x.actor, y.acc.ID, []access.Role{lowest}) }},
					{"disable", func() error { return s.Disable(ctx, x.actor, y.acc.ID) }},
					{"enable", func() error { return s.Enable(ctx, x.actor, y.acc.ID) }},
				}
				may := mayAct(x.party, x.role, y.party, y.role)
				for _, act := range acts {
					err := act.do()
					if may != (err == nil) {
						t.Errorf("%s %s: %v, want allowed = %v", act.name, who, err, may)
					}
					if err == nil {
						did++
						continue
					}
					refused++
					if !problem.Is(err, problem.Forbidden) && !problem.Is(err, problem.NotFound) {
						t.Errorf("%s %s: %v", act.name, who, err)
					}
					if after := state(y.acc.ID); after != before {
						t.Errorf("%s %s was refused, but %s became %s", act.name, who, before, after)
					}
				}
				// Keys of others are nobody's business, of those below neither.
				if _, _, err := s.AddToken(ctx, x.actor, y.acc.ID, "t", []string{ScopeRead}, time.Time{}); !problem.Is(err, problem.Forbidden) {
					t.Errorf("token %s: %v", who, err)
				}
				if _, err := s.Tokens(ctx, x.actor, y.acc.ID); !problem.Is(err, problem.NotFound) {
					t.Errorf("tokens %s: %v", who, err)
				}
				head := x.role == headRole(dir.Kind(x.party)) && x.role != ""
				sees := head && x.party == y.party || x.role == access.Administrator && y.party == "ACME"
				if _, err := s.Account(ctx, x.actor, y.acc.ID); sees != (err == nil) {
					t.Errorf("see %s: %v, want %v", who, err, sees)
				}
				if _, err := s.Accounts(ctx, x.actor, y.party); sees != (err == nil) {
					t.Errorf("list %s: %v, want %v", who, err, sees)
				}
				if may { // as before, for the next actor
					if err := s.SetRoles(ctx, Operator(), y.acc.ID, []access.Role{y.role}); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
		if did == 0 || refused < 10*did {
			t.Errorf("%d acts done, %d refused", did, refused)
		}
		wantAudit := refused + (len(actors) * len(targets)) // tokens
		if n := count(t, d, `SELECT COUNT(*) FROM audit WHERE outcome = 'refused'`); n != wantAudit {
			t.Errorf("%d refusals in the trail, want %d", n, wantAudit)
		}
	})
}

// Whoever manages a party covers all its roles; the rules rely on it.
func TestHeadRanksHighest(t *testing.T) {
	for _, k := range []access.PartyKind{access.State, access.Regional, access.UNEntity, access.Secretariat, access.Stakeholder} {
		for _, r := range access.Roles(k) {
			top := rank([]access.Role{headRole(k)})
			if k == access.Stakeholder {
				top = rank([]access.Role{access.Administrator})
			}
			if got := rank([]access.Role{r}); got == 0 || got > top || got == top && r != headRole(k) {
				t.Errorf("%s of %s ranks %d, its head %d", r, k, got, top)
			}
		}
	}
}

func TestInviteRules(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		s, c := open(t, d)
		focalAcc := join(t, s, "KEN", "fp@ken.example", access.FocalPoint)
		focal, _ := as(t, s, focalAcc)
		_, token, err := s.AddToken(ctx, focal, focalAcc.ID, "t", []string{ScopeWrite}, c.now().AddDate(0, 1, 0))
		if err != nil {
			t.Fatal(err)
		}
		byToken, _, _ := s.AuthenticateToken(ctx, token)
		editor, _ := as(t, s, join(t, s, "KEN", "ed@ken.example", access.Editor))
		contributor, _ := as(t, s, join(t, s, "ACME", "c@acme.example", access.Contributor))
		moderator, _ := as(t, s, join(t, s, "UNODA", "mod@un.example", access.Moderator))
		admin, _ := as(t, s, join(t, s, "UNODA", "admin@un.example", access.Administrator))
		forged := Operator()
		forged.Via = "web"
		for i, row := range []struct {
			name      string
			actor     access.Actor
			party     string
			roles     []access.Role
			reference string
			kind      problem.Kind
			code      string
		}{
			{"focal point: editor", focal, "KEN", []access.Role{access.Editor, access.Contact}, "", "", ""},
			{"focal point: focal point", focal, "KEN", []access.Role{access.FocalPoint}, "", "", ""},
			{"focal point: other State", focal, "UGA", []access.Role{access.Viewer}, "", problem.Forbidden, "account.manage"},
			{"focal point: Secretariat", focal, "UNODA", []access.Role{access.Moderator}, "", problem.Forbidden, "account.manage"},
			{"focal point: stakeholder", focal, "ACME", []access.Role{access.Contributor}, "", problem.Forbidden, "account.manage"},
			{"focal point: role of another kind", focal, "KEN", []access.Role{access.Administrator}, "", problem.Invalid, "code"},
			{"focal point: no role", focal, "KEN", nil, "", problem.Invalid, "required"},
			{"by a token", byToken, "KEN", []access.Role{access.Viewer}, "", problem.Forbidden, "account.manage"},
			{"editor", editor, "KEN", []access.Role{access.Viewer}, "", problem.Forbidden, "account.manage"},
			{"contributor", contributor, "ACME", []access.Role{access.Contributor}, "", problem.Forbidden, "account.manage"},
			{"moderator", moderator, "UNODA", []access.Role{access.Auditor}, "", problem.Forbidden, "account.manage"},
			{"public", access.Actor{}, "KEN", []access.Role{access.Viewer}, "", problem.Forbidden, "account.manage"},
			{"forged operator", forged, "KEN", []access.Role{access.Viewer}, "", problem.Forbidden, "account.manage"},
			{"administrator: Secretariat", admin, "UNODA", []access.Role{access.Auditor}, "", "", ""},
			{"administrator: administrator", admin, "UNODA", []access.Role{access.Administrator}, "", "", ""},
			{"administrator: stakeholder", admin, "ACME", []access.Role{access.Contributor}, "", "", ""},
			{"administrator: State that has a focal point", admin, "KEN", []access.Role{access.FocalPoint}, "NV 1", problem.Forbidden, "account.manage"},
			{"administrator: viewer of a State", admin, "UGA", []access.Role{access.Viewer}, "NV 1", problem.Forbidden, "account.manage"},
			{"administrator: focal point and more", admin, "UGA", []access.Role{access.FocalPoint, access.CSIRT}, "NV 1", problem.Forbidden, "account.manage"},
			{"administrator: without note verbale", admin, "UGA", []access.Role{access.FocalPoint}, " ", problem.Invalid, "reference"},
			{"administrator: first focal point", admin, "UGA", []access.Role{access.FocalPoint}, "NV 2026/17", "", ""},
			{"administrator: first of an organisation", admin, "AU", []access.Role{access.FocalPoint}, "letter 4", "", ""},
			{"operator", Operator(), "KEN", []access.Role{access.Viewer}, "", "", ""},
			{"operator: unknown party", Operator(), "XYZ", []access.Role{access.Viewer}, "", problem.Invalid, "party"},
		} {
			acc := Account{Party: row.party, Name: "New Person", Email: fmt.Sprintf("new%d@x.example", i), Lang: i18n.French, Roles: row.roles}
			got, secret, err := s.Invite(ctx, row.actor, acc, row.reference)
			wants(t, row.name, err, row.kind, row.code)
			if (err == nil) != (secret != "" && got.ID != "" && got.Party == row.party) {
				t.Errorf("%s: %+v, %q", row.name, got, secret)
			}
		}
		if n := count(t, d, `SELECT COUNT(*) FROM audit WHERE action = 'account.invite' AND detail LIKE '%reference=NV 2026/17'`); n != 1 {
			t.Errorf("the note verbale stands %d times in the trail", n)
		}
		if n := count(t, d, `SELECT COUNT(*) FROM audit WHERE action = 'account.invite' AND outcome = 'refused'`); n != 12 {
			t.Errorf("%d refused invitations in the trail, want 12", n)
		}
		for name, edit := range map[string]func(*Account){
			"no name":          func(a *Account) { a.Name = " \u202e " },
			"no language":      func(a *Account) { a.Lang = "de" },
			"no address":       func(a *Account) { a.Email = "nobody" },
			"two addresses":    func(a *Account) { a.Email = "a@x.example, b@x.example" },
			"name and address": func(a *Account) { a.Email = "A <a@x.example>" },
			"invisible":        func(a *Account) { a.Email = "a\u200b@x.example" },
			"taken":            func(a *Account) { a.Email = " FP@ken.EXAMPLE " },
			"taken, full width": func(a *Account) {
				a.Email = "ｆｐ@ken.example"
			},
		} {
			acc := Account{Party: "KEN", Name: "N", Email: "ok@x.example", Lang: i18n.English, Roles: []access.Role{access.Viewer}}
			edit(&acc)
			_, _, err := s.Invite(ctx, focal, acc, "")
			wants(t, name, err, problem.Invalid, "")
		}
	})
}

// A role that was taken away during a request is gone for that request too.
func TestRolesAreReadAgain(t *testing.T) {
	s, _ := open(t, dbtest.SQLite(t))
	ctx := t.Context()
	first := join(t, s, "KEN", "one@ken.example", access.FocalPoint)
	join(t, s, "KEN", "two@ken.example", access.FocalPoint)
	viewer := join(t, s, "KEN", "v@ken.example", access.Viewer)
	actor, _ := as(t, s, first)
	if err := s.SetRoles(ctx, actor, first.ID, []access.Role{access.FocalPoint, access.Editor}); !problem.Is(err, problem.Forbidden) {
		t.Errorf("a focal point gave itself a role: %v", err)
	}
	if err := s.SetRoles(ctx, Operator(), first.ID, []access.Role{access.Viewer}); err != nil {
		t.Fatal(err)
	}
	wants(t, "disable with a role that is gone", s.Disable(ctx, actor, viewer.ID), problem.NotFound, "")
	if err := s.SetRoles(ctx, Operator(), first.ID, []access.Role{access.FocalPoint}); err != nil {
		t.Fatal(err)
	}
	if err := s.Disable(ctx, Operator(), first.ID); err != nil {
		t.Fatal(err)
	}
	_, _, err := s.Invite(ctx, actor, Account{Party: "KEN", Name: "N", Email: "n@x.example", Lang: i18n.English, Roles: []access.Role{access.Viewer}}, "")
	wants(t, "invite by a disabled account", err, problem.Forbidden, "")
}

func TestLastFocalPoint(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		s, _ := open(t, d)
		one := join(t, s, "KEN", "one@ken.example", access.FocalPoint, access.Editor)
		actor, _ := as(t, s, one)
		last := func(name string, a access.Actor) {
			t.Helper()
			wants(t, name+" disables the last", s.Disable(ctx, a, one.ID), problem.Forbidden, "account.last")
			wants(t, name+" demotes the last", s.SetRoles(ctx, a, one.ID, []access.Role{access.Editor}), problem.Forbidden, "account.last")
		}
		last("oneself", actor)
		last("operator", Operator())
		pending, _, err := s.Invite(ctx, actor, Account{Party: "KEN", Name: "Two", Email: "two@ken.example", Lang: i18n.English, Roles: []access.Role{access.FocalPoint}}, "")
		if err != nil {
			t.Fatal(err)
		}
		last("oneself, with a successor who has not come,", actor)
		wants(t, "an invitation is taken back", s.Disable(ctx, actor, pending.ID), "", "")
		wants(t, "and given again", s.Enable(ctx, actor, pending.ID), "", "")
		secret, err := s.Relink(ctx, actor, pending.ID)
		wants(t, "with another link", err, "", "")
		if _, err := s.AcceptLink(ctx, secret, phrase); err != nil {
			t.Fatal(err)
		}
		wants(t, "disable an equal", s.Disable(ctx, actor, pending.ID), problem.Forbidden, "account.manage")
		_, err = s.Relink(ctx, actor, pending.ID)
		wants(t, "relink an equal", err, problem.Forbidden, "account.manage")

		// Both leave at once: one must stay.
		other, _ := as(t, s, pending)
		var wg sync.WaitGroup
		errs := make([]error, 2)
		for i, a := range []access.Actor{actor, other} {
			wg.Go(func() { errs[i] = s.Disable(ctx, a, a.Account) })
		}
		wg.Wait()
		if (errs[0] == nil) == (errs[1] == nil) {
			t.Errorf("both left or none: %v", errs)
		}
		has, err := s.HasHead(ctx, "KEN")
		if err != nil || !has {
			t.Errorf("HasHead = %v, %v", has, err)
		}
		if has, err = s.HasHead(ctx, "UGA"); err != nil || has {
			t.Errorf("HasHead of a party without accounts = %v, %v", has, err)
		}

		// The operator may close a stolen account once a successor is invited.
		solo := join(t, s, "UGA", "solo@uga.example", access.FocalPoint)
		wants(t, "operator closes the last", s.Disable(ctx, Operator(), solo.ID), problem.Forbidden, "account.last")
		invite(t, s, "UGA", "next@uga.example", access.FocalPoint)
		wants(t, "operator closes the last after inviting another", s.Disable(ctx, Operator(), solo.ID), "", "")

		// The same for the Secretariat.
		boss := join(t, s, "UNODA", "admin@un.example", access.Administrator)
		bossActor, _ := as(t, s, boss)
		wants(t, "the last administrator leaves", s.Disable(ctx, bossActor, boss.ID), problem.Forbidden, "account.last")
	})
}

func TestFirstFocalPointAgain(t *testing.T) {
	s, _ := open(t, dbtest.SQLite(t))
	ctx := t.Context()
	admin, _ := as(t, s, join(t, s, "UNODA", "admin@un.example", access.Administrator))
	acc := Account{Party: "UGA", Name: "First", Email: "one@uga.example", Lang: i18n.English, Roles: []access.Role{access.FocalPoint}}
	acc, _, err := s.Invite(ctx, admin, acc, "NV 1")
	wants(t, "first focal point", err, "", "")
	secret, err := s.Relink(ctx, admin, acc.ID)
	wants(t, "its link again, while it is pending", err, "", "")
	wants(t, "but not its roles", s.SetRoles(ctx, admin, acc.ID, []access.Role{access.Viewer}), problem.Forbidden, "account.manage")
	if _, err := s.AcceptLink(ctx, secret, phrase); err != nil {
		t.Fatal(err)
	}
	_, err = s.Relink(ctx, admin, acc.ID)
	wants(t, "its link once it has come", err, problem.NotFound, "")
	_, err = s.Accounts(ctx, admin, "UGA")
	wants(t, "the accounts of a State", err, problem.NotFound, "")
}

func TestProfile(t *testing.T) {
	s, c := open(t, dbtest.SQLite(t))
	ctx := t.Context()
	acc := join(t, s, "KEN", "v@ken.example", access.Viewer)
	a, _ := as(t, s, acc)
	wants(t, "profile", s.UpdateProfile(ctx, a, " Amina \n Otieno\u202e ", i18n.French), "", "")
	if got, err := s.Account(ctx, a, acc.ID); err != nil || got.Name != "Amina Otieno" || got.Lang != i18n.French {
		t.Errorf("profile = %+v, %v", got, err)
	}
	wants(t, "no name", s.UpdateProfile(ctx, a, "", i18n.French), problem.Invalid, "name")
	wants(t, "no such language", s.UpdateProfile(ctx, a, "A", "xx"), problem.Invalid, "lang")
	wants(t, "public", s.UpdateProfile(ctx, access.Actor{}, "A", i18n.French), problem.Forbidden, "")

	seen, err := s.MarkHome(ctx, acc.ID)
	if err != nil || !seen.IsZero() {
		t.Errorf("first look: last was %v, %v", seen, err)
	}
	first := c.now()
	c.add(time.Hour)
	if seen, err = s.MarkHome(ctx, acc.ID); err != nil || !seen.Equal(first) {
		t.Errorf("second look: last was %v, %v, want %v", seen, err, first)
	}
	_, err = s.MarkHome(ctx, "nobody")
	wants(t, "look of nobody", err, problem.NotFound, "")
}
