package reference

import (
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // the zones are checked against Go's own list
	"unicode"

	"concord/internal/i18n"
)

func load(t testing.TB) *Data {
	t.Helper()
	d, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestStates(t *testing.T) {
	d := load(t)
	status, group := map[string]int{}, map[string]int{}
	for _, s := range d.States {
		status[s.Status]++
		if s.Status == "member" {
			group[s.UNGroup]++
		}
		if _, err := time.LoadLocation(s.CapitalZone); err != nil {
			t.Errorf("%s: %v", s.Code, err)
		}
		in := s.UNGroup != "none"
		if got := slices.Contains(d.Members("@un-"+s.UNGroup), s.Code); got != in {
			t.Errorf("%s: in @un-%s is %v, want %v", s.Code, s.UNGroup, got, in)
		}
	}
	if status["member"] != 193 || status["observer"] != 2 || len(d.States) != 195 {
		t.Errorf("got %v, want 193 members and 2 observers", status)
	}
	// Every Member State is in one regional group.
	for g, want := range map[string]int{"african": 54, "asia-pacific": 54, "eastern-european": 23, "grulac": 33, "weog": 29, "none": 0} {
		if group[g] != want {
			t.Errorf("Member States in %s: got %d, want %d", g, group[g], want)
		}
	}
	// Political names that other lists get wrong.
	for _, want := range []struct {
		code string
		lang i18n.Lang
		name string
	}{
		{"SWZ", i18n.Arabic, "إسواتيني"}, {"MKD", i18n.Arabic, "مقدونيا الشمالية"}, {"IRN", i18n.Arabic, "جمهورية إيران الإسلامية"},
		{"IRN", i18n.Chinese, "伊朗伊斯兰共和国"}, {"CIV", i18n.Chinese, "科特迪瓦"}, {"PRK", i18n.Chinese, "朝鲜民主主义人民共和国"},
		{"BOL", i18n.English, "Bolivia (Plurinational State of)"}, {"TUR", i18n.English, "Türkiye"}, {"CZE", i18n.English, "Czechia"},
		{"NLD", i18n.English, "Netherlands (Kingdom of the)"}, {"VNM", i18n.English, "Viet Nam"}, {"VAT", i18n.English, "Holy See"},
		{"NLD", i18n.French, "Pays-Bas (Royaume des)"}, {"BLR", i18n.French, "Bélarus"}, {"PSE", i18n.French, "État de Palestine"},
		{"CIV", i18n.Russian, "Кот-д'Ивуар"}, {"GBR", i18n.Russian, "Соединенное Королевство Великобритании и Северной Ирландии"},
		{"TTO", i18n.Spanish, "Trinidad y Tabago"}, {"BHR", i18n.Spanish, "Bahrein"}, {"KEN", i18n.Spanish, "Kenya"},
	} {
		i := slices.IndexFunc(d.States, func(s State) bool { return s.Code == want.code })
		if got := d.States[i].Names.Get(want.lang); got != want.name {
			t.Errorf("%s in %s: got %q, want %q", want.code, want.lang, got, want.name)
		}
	}
}

// Names of States in the plain form of lists: no article, no other script.
func TestNamesAreWritten(t *testing.T) {
	d := load(t)
	scripts := map[i18n.Lang]*unicode.RangeTable{
		i18n.Arabic: unicode.Arabic, i18n.Chinese: unicode.Han, i18n.English: unicode.Latin,
		i18n.French: unicode.Latin, i18n.Russian: unicode.Cyrillic, i18n.Spanish: unicode.Latin,
	}
	all := map[string]i18n.Text{}
	for _, s := range d.States {
		all[s.Code] = s.Names
	}
	for _, g := range d.Groups {
		all[g.Code] = g.Names
	}
	for _, o := range d.Organisations {
		all[o.Code] = o.Names
	}
	for code, names := range all {
		for _, l := range i18n.Langs() {
			s := names.Get(l)
			if !strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(scripts[l], r) }) {
				t.Errorf("%s: %q is not written as %s", code, s, l)
			}
			for _, r := range s {
				if unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Cc, r) || r == '*' || r == '_' {
					t.Errorf("%s: %q has %U", code, s, r)
				}
			}
		}
	}
	for _, s := range d.States {
		for _, l := range i18n.Langs() {
			for _, r := range s.Names.Get(l) {
				if unicode.IsLetter(r) && !unicode.Is(scripts[l], r) {
					t.Errorf("%s: %q in %s has the letter %q", s.Code, s.Names.Get(l), l, r)
				}
			}
		}
		for _, end := range []string{"(the)", "(le)", "(la)", "(les)", "(l')", "(el)", "(los)", "(las)"} {
			for _, n := range s.Names.By {
				if strings.HasSuffix(n, end) {
					t.Errorf("%s: %q ends with an article", s.Code, n)
				}
			}
		}
	}
}

func TestGroupSizes(t *testing.T) {
	want := map[string]int{
		"@all":                     195,
		"@ldc":                     44,
		"@lldc":                    32,
		"@sids":                    37,
		"@un-african":              54,
		"@un-asia-pacific":         55,
		"@un-eastern-european":     23,
		"@un-grulac":               33,
		"@un-weog":                 29,
		"@m49-002":                 54,
		"@m49-015":                 6,
		"@m49-202":                 48,
		"@m49-011":                 16,
		"@m49-014":                 18,
		"@m49-017":                 9,
		"@m49-018":                 5,
		"@m49-019":                 35,
		"@m49-021":                 2,
		"@m49-029":                 13,
		"@m49-013":                 8,
		"@m49-005":                 12,
		"@m49-142":                 48,
		"@m49-143":                 5,
		"@m49-030":                 5,
		"@m49-034":                 9,
		"@m49-035":                 11,
		"@m49-145":                 18,
		"@m49-150":                 44,
		"@m49-151":                 10,
		"@m49-154":                 10,
		"@m49-039":                 15,
		"@m49-155":                 9,
		"@m49-009":                 14,
		"@m49-053":                 2,
		"@m49-054":                 4,
		"@m49-057":                 5,
		"@m49-061":                 3,
		"@latin-america-caribbean": 33,
		"@latin-america":           20,
		"@asia-pacific":            44,
		"@pacific":                 12,
		"@western-balkans":         5,
		"@commonwealth-africa":     21,
		"@eu-neighbourhood":        16,
		"@asean":                   11,
		"@au":                      54,
		"@oas":                     34,
		"@eu":                      27,
		"@osce":                    57,
		"@ecowas":                  12,
		"@las":                     22,
		"@gcc":                     6,
		"@pif":                     14,
		"@caricom":                 14,
		"@coe":                     46,
		"@cis":                     9,
		"@sco":                     10,
		"@oif":                     50,
		"@commonwealth":            56,
		"@sadc":                    16,
		"@eac":                     8,
		"@eccas":                   11,
		"@oic":                     57,
		"@saarc":                   8,
		"@sica":                    8,
		"@arab-states":             22,
		"@g77":                     135,
		"@brics":                   10,
		"@ibsa":                    3,
		"@worldbank-client":        144,
		"@developing":              151,
		"@global-south":            143,
	}
	d := load(t)
	for _, g := range d.Groups {
		if n, ok := want[g.Code]; !ok || n != len(g.Members) {
			t.Errorf("%s: got %d members, want %d", g.Code, len(g.Members), n)
		}
		delete(want, g.Code)
	}
	for code := range want {
		t.Errorf("no group %s", code)
	}
}

// The statistical regions divide all States, and each region its sub-regions.
func TestM49Divides(t *testing.T) {
	d := load(t)
	for whole, parts := range map[string][]string{
		"@all":                     {"@m49-002", "@m49-019", "@m49-142", "@m49-150", "@m49-009"},
		"@m49-002":                 {"@m49-015", "@m49-202"},
		"@m49-202":                 {"@m49-011", "@m49-014", "@m49-017", "@m49-018"},
		"@m49-019":                 {"@m49-021", "@latin-america-caribbean"},
		"@latin-america-caribbean": {"@m49-029", "@m49-013", "@m49-005"},
		"@m49-142":                 {"@m49-143", "@m49-030", "@m49-034", "@m49-035", "@m49-145"},
		"@m49-150":                 {"@m49-151", "@m49-154", "@m49-039", "@m49-155"},
		"@m49-009":                 {"@m49-053", "@m49-054", "@m49-057", "@m49-061"},
	} {
		var got []string
		for _, p := range parts {
			got = append(got, d.Members(p)...)
		}
		slices.Sort(got)
		if !slices.Equal(got, d.Members(whole)) {
			t.Errorf("%s: parts have %d members, want %d", whole, len(got), len(d.Members(whole)))
		}
	}
}

func TestRelationsBetweenGroups(t *testing.T) {
	d := load(t)
	for _, c := range []struct{ part, whole string }{
		{"@ldc", "@developing"}, {"@lldc", "@developing"}, {"@sids", "@developing"}, {"@g77", "@developing"},
		{"@global-south", "@developing"}, {"@gcc", "@las"}, {"@eu", "@coe"}, {"@coe", "@osce"},
		{"@commonwealth-africa", "@commonwealth"}, {"@commonwealth-africa", "@au"}, {"@ecowas", "@m49-011"},
		{"@pacific", "@pif"}, {"@pacific", "@sids"}, {"@caricom", "@oas"}, {"@asean", "@m49-035"}, {"@m49-035", "@asean"},
		{"@arab-states", "@las"}, {"@las", "@arab-states"}, {"@ibsa", "@brics"}, {"@un-african", "@au"},
	} {
		whole := d.Members(c.whole)
		for _, m := range d.Members(c.part) {
			if !slices.Contains(whole, m) {
				t.Errorf("%s is in %s but not in %s", m, c.part, c.whole)
			}
		}
	}
	got := d.GroupsOf("BHR")
	if !slices.IsSorted(got) || !slices.Contains(got, "@gcc") || slices.Contains(got, "@sids") {
		t.Errorf("GroupsOf(BHR): got %v", got)
	}
	got[0] = "changed"
	if d.GroupsOf("BHR")[0] == "changed" {
		t.Error("GroupsOf hands out its own memory")
	}
	if d.Members("@nothing") != nil || d.GroupsOf("XXX") != nil {
		t.Error("an unknown code has members or groups")
	}
}

// Mistakes in the files are found at start, not on a page.
func TestCheckFindsMistakes(t *testing.T) {
	for _, c := range []struct {
		name, want string
		spoil      func(*Data)
	}{
		{"code twice", "code used twice", func(d *Data) { d.States[1].Code = d.States[0].Code }},
		{"name of two States", "already means", func(d *Data) { d.States[1].Names = d.States[0].Names }},
		{"missing language", "text in ru missing", func(d *Data) { d.States[0].Names.Set(i18n.Russian, "") }},
		{"bidi override", "unclean", func(d *Data) { d.Groups[0].Names.Set(i18n.Arabic, "\u202eا") }},
		{"unknown member", "is not a State", func(d *Data) { d.Groups[0].Members[0] = "AAA" }},
		{"unsorted", "not sorted", func(d *Data) { slices.Reverse(d.Groups[0].Members) }},
		{"leaver is no member", "bad leaving", func(d *Data) { d.Groups[1].Leaving[0].Code = "KEN" }},
		{"organisation takes a State's code", "code used twice", func(d *Data) { d.Organisations[0].Code = "KEN" }},
		{"organisation of no group", "no group", func(d *Data) { d.Organisations[0].Group = "@none" }},
	} {
		d := load(t)
		bad := &Data{
			States: d.States, Groups: d.Groups, Organisations: d.Organisations,
			members: map[string][]string{}, groupsOf: map[string][]string{}, names: map[string][]string{},
		}
		c.spoil(bad)
		if err := bad.check(); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", c.name, err, c.want)
		}
	}
}
