package party

import (
	"slices"
	"testing"

	"concord/internal/access"
	"concord/internal/db"
	"concord/internal/db/dbtest"
	"concord/internal/i18n"
	"concord/internal/party/reference"
	"concord/internal/problem"
)

func TestDirectory(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, _ := open(t, d)
		dir, err := s.Directory(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if again, _ := s.Directory(t.Context()); again != dir {
			t.Error("an unchanged directory was read again")
		}
		for code, want := range map[string]string{"KEN": "Kenya", "@east": "East", "XYZ": "XYZ"} {
			if got := dir.Name(code, i18n.French); got != want {
				t.Errorf("Name(%s) = %q, want %q", code, got, want)
			}
		}
		if got := dir.Kind("AU"); got != access.Regional {
			t.Errorf("Kind(AU) = %q", got)
		}
		if got := dir.Kind("XYZ"); got != "" {
			t.Errorf("Kind(XYZ) = %q", got)
		}
		if got, want := dir.GroupsOf("KEN"), []string{"@au", "@east"}; !slices.Equal(got, want) {
			t.Errorf("GroupsOf(KEN) = %v, want %v", got, want)
		}
		if got, want := dir.Readers([]string{"@east", "KEN", "ACME", "@none", "XYZ"}), []string{"ACME", "KEN", "UGA"}; !slices.Equal(got, want) {
			t.Errorf("Readers = %v, want %v", got, want)
		}
		if !dir.Has("KEN") || !dir.Has("@au") || dir.Has("@none") || dir.Has("") {
			t.Error("Has is wrong")
		}
		if got := dir.Parties(i18n.English, access.State, access.Stakeholder); len(got) != 3 || got[0].Code != "ACME" {
			t.Errorf("Parties of two kinds = %v", got)
		}
	})
}

// The order is checked where it differs from that of code points.
func TestAlphabeticalOrder(t *testing.T) {
	data, err := reference.Load()
	if err != nil {
		t.Fatal(err)
	}
	s, _ := open(t, dbtest.SQLite(t))
	if err := s.Seed(t.Context(), data); err != nil {
		t.Fatal(err)
	}
	dir, err := s.Directory(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for l, want := range map[i18n.Lang][]string{
		// alif with hamza above and below is one letter, the article none
		i18n.Arabic: {"ARG", "EST", "AFG", "ALB", "BEL", "TUR", "EGY", "HND", "JPN"},
		// pinyin: ā'ěr, āfù, bā, dé, é, fǎ, kěn, zhōng
		i18n.Chinese: {"ALB", "AFG", "BRA", "DEU", "RUS", "FRA", "KEN", "CHN"},
		i18n.English: {"AFG", "CIV", "HRV", "TLS", "TUR", "ZWE"},
		// É with E
		i18n.French:  {"DJI", "EGY", "SLV", "ARE", "ECU", "ERI", "ESP", "EST"},
		i18n.Russian: {"AUS", "AUT", "AZE", "ALB", "ETH", "JAM", "JPN"},
		i18n.Spanish: {"AFG", "ESP", "ETH", "MEX", "NER", "OMN"},
	} {
		var got []string
		for _, p := range dir.Parties(l, access.State) {
			if slices.Contains(want, p.Code) {
				got = append(got, p.Code)
			}
		}
		if !slices.Equal(got, want) {
			var names []string
			for _, c := range got {
				names = append(names, dir.Name(c, l))
			}
			t.Errorf("order in %s = %v %v, want %v", l, got, names, want)
		}
	}
	if n := len(dir.Parties(i18n.Arabic)); n != len(dir.parties) {
		t.Errorf("%d of %d parties", n, len(dir.parties))
	}
}

func TestSeed(t *testing.T) {
	data, err := reference.Load()
	if err != nil {
		t.Fatal(err)
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		s, _ := open(t, d)
		admin, _ := as(t, s, join(t, s, "UNODA", "admin@un.example", access.Administrator))
		if err := s.Seed(ctx, data); err != nil {
			t.Fatal(err)
		}
		dir, _ := s.Directory(ctx)
		if p, ok := dir.Party("WSM"); !ok || p.Kind != access.State || p.Zone == "" || p.Names.Get(i18n.Arabic) == "" {
			t.Errorf("Samoa = %+v", p)
		}
		if err := s.Seed(ctx, data); err != nil {
			t.Fatal(err)
		}
		if again, _ := s.Directory(ctx); again != dir {
			t.Error("a second Seed changed something")
		}

		// What the administrator edited stays, what was only shipped moves on.
		p, _ := dir.Party("KEN")
		p.Names.Set(i18n.English, "Kenya, edited")
		if _, err := s.EditParty(ctx, admin, p); err != nil {
			t.Fatal(err)
		}
		g, _ := dir.Group("@sids")
		g.Members = []string{"WSM"}
		if _, err := s.EditGroup(ctx, admin, g); err != nil {
			t.Fatal(err)
		}
		newer := *data
		newer.States, newer.Groups = slices.Clone(data.States), slices.Clone(data.Groups)
		for i := range newer.States {
			newer.States[i].Names.Set(i18n.English, newer.States[i].Names.Get(i18n.English)+" (new)")
		}
		for i := range newer.Groups {
			newer.Groups[i].Members = []string{"FJI"}
		}
		if err := s.Seed(ctx, &newer); err != nil {
			t.Fatal(err)
		}
		dir, _ = s.Directory(ctx)
		for code, want := range map[string]string{"KEN": "Kenya, edited", "UGA": "Uganda (new)"} {
			if got := dir.Name(code, i18n.English); got != want {
				t.Errorf("after a newer release %s = %q, want %q", code, got, want)
			}
		}
		for code, want := range map[string]string{"@sids": "WSM", "@lldc": "FJI"} {
			if got := dir.Members(code); !slices.Equal(got, []string{want}) {
				t.Errorf("after a newer release %s = %v, want %s", code, got, want)
			}
		}
	})
}

// A member that joins or leaves a group reads or does not from its next
// request on, in every process.
func TestMembershipActsAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		s, c := open(t, d)
		other := New(d, c.now, cheap()) // another process
		admin, _ := as(t, s, join(t, s, "UNODA", "admin@un.example", access.Administrator))
		acc := join(t, s, "UGA", "u@uga.example", access.Viewer)
		_, session := as(t, s, acc)
		_, token, err := other.AddToken(ctx, Operator(), acc.ID, "t", []string{ScopeRead}, c.now().AddDate(0, 1, 0))
		if err != nil {
			t.Fatal(err)
		}
		groups := func(want ...string) {
			t.Helper()
			for _, st := range []*Store{s, other} {
				a, _, err := st.Authenticate(ctx, session)
				if err != nil || !slices.Equal(a.Groups, want) {
					t.Errorf("session has groups %v, %v, want %v", a.Groups, err, want)
				}
				a, _, err = st.AuthenticateToken(ctx, token)
				if err != nil || !slices.Equal(a.Groups, want) {
					t.Errorf("token has groups %v, %v, want %v", a.Groups, err, want)
				}
			}
		}
		groups("@east")
		edit := func(st *Store, code string, members ...string) {
			t.Helper()
			dir, _ := st.Directory(ctx)
			g, _ := dir.Group(code)
			g.Members = members
			if _, err := st.EditGroup(ctx, admin, g); err != nil {
				t.Fatal(err)
			}
		}
		edit(s, "@au", "KEN", "UGA")
		groups("@au", "@east")
		edit(other, "@au", "KEN")
		edit(other, "@east")
		groups()
		var detail string
		err = d.QueryRow(ctx, `SELECT detail FROM audit WHERE action = 'group.edit' ORDER BY seq DESC LIMIT 1`).Scan(&detail)
		if err != nil || detail != "-KEN -UGA" {
			t.Errorf("trail says %q, %v", detail, err)
		}
	})
}

func TestEditParty(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		s, c := open(t, d)
		adminAcc := join(t, s, "UNODA", "admin@un.example", access.Administrator)
		admin, _ := as(t, s, adminAcc)
		_, token, err := s.AddToken(ctx, admin, adminAcc.ID, "t", []string{ScopeWrite}, c.now().AddDate(0, 1, 0))
		if err != nil {
			t.Fatal(err)
		}
		byToken, _, _ := s.AuthenticateToken(ctx, token)
		moderator, _ := as(t, s, join(t, s, "UNODA", "mod@un.example", access.Moderator))
		focal, _ := as(t, s, join(t, s, "KEN", "fp@ken.example", access.FocalPoint))
		dir, _ := s.Directory(ctx)
		ken, _ := dir.Party("KEN")
		east, _ := dir.Group("@east")
		for name, a := range map[string]access.Actor{"public": {}, "moderator": moderator, "focal point": focal, "token": byToken} {
			_, err := s.EditParty(ctx, a, ken)
			wants(t, name+" edits a party", err, problem.Forbidden, "party.administrator")
			_, err = s.EditGroup(ctx, a, east)
			wants(t, name+" edits a group", err, problem.Forbidden, "party.administrator")
		}
		if n := count(t, d, `SELECT COUNT(*) FROM audit WHERE outcome = 'refused'`); n != 8 {
			t.Errorf("%d refusals in the trail, want 8", n)
		}
		version := dir.Version()
		for _, row := range []struct {
			name  string
			edit  func(*Party)
			field string
		}{
			{"another kind", func(p *Party) { p.Kind = access.Regional }, "party-kind"},
			{"no name", func(p *Party) { p.Names = i18n.Text{} }, "required"},
			{"no such status", func(p *Party) { p.Status = "great" }, "code"},
			{"no such zone", func(p *Party) { p.Zone = "Africa/Nowhere" }, "code"},
			{"the server's zone", func(p *Party) { p.Zone = "Local" }, "code"},
			{"no such group", func(p *Party) { p.Group = "@none" }, "group"},
			{"script", func(p *Party) { p.URL = "javascript:alert(1)" }, "url"},
			{"code of moderation", func(p *Party) { p.Code = "%moderation" }, "party-code"},
			{"code of two words", func(p *Party) { p.Code = "KEN UGA" }, "party-code"},
			{"code of a group", func(p *Party) { p.Code = "@east" }, "party-code"},
		} {
			p := ken
			row.edit(&p)
			_, err := s.EditParty(ctx, admin, p)
			wants(t, row.name, err, problem.Invalid, row.field)
		}
		same, err := s.EditParty(ctx, admin, ken)
		if dir, _ = s.Directory(ctx); err != nil || dir.Version() != version || !same.Edited.IsZero() {
			t.Errorf("an edit that changes nothing: %v, version %d, want %d", err, dir.Version(), version)
		}
		ken.Short = english("KE")
		if ken, err = s.EditParty(ctx, admin, ken); err != nil {
			t.Fatal(err)
		}
		stale := ken
		ken.URL = "https://mfa.go.ke"
		if ken, err = s.EditParty(ctx, admin, ken); err != nil {
			t.Fatal(err)
		}
		stale.URL = "https://example.org"
		_, err = s.EditParty(ctx, admin, stale)
		wants(t, "edit of what somebody else changed", err, problem.Conflict, "")
		_, err = s.EditParty(ctx, admin, Party{Code: "NEWCO", Kind: access.Stakeholder, Names: english("New Co"), Zone: "UTC", Lang: i18n.French})
		wants(t, "a new stakeholder", err, "", "")
		_, err = s.EditGroup(ctx, admin, Group{Code: "@new", Type: "informal", Names: english("New"), Members: []string{"KEN", "KEN", "AU"}})
		wants(t, "a new group", err, "", "")
		_, err = s.EditGroup(ctx, admin, Group{Code: "@new2", Type: "informal", Names: english("New"), Members: []string{"XYZ"}})
		wants(t, "a member that is none", err, problem.Invalid, "party")
		dir, _ = s.Directory(ctx)
		if p, _ := dir.Party("KEN"); p.URL != "https://mfa.go.ke" || p.ShortName(i18n.Arabic) != "KE" {
			t.Errorf("KEN = %+v", p)
		}
		if got := dir.Members("@new"); !slices.Equal(got, []string{"AU", "KEN"}) {
			t.Errorf("members of @new = %v", got)
		}
	})
}
