package vocab

import (
	"slices"
	"testing"
	"testing/fstest"

	"concord/internal/i18n"
)

func mustLoad(t *testing.T) Set {
	t.Helper()
	set, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func TestLoadHasEveryName(t *testing.T) {
	set := mustLoad(t)
	names := []string{
		Topic, Dimension, Capability, Modality, Timeframe, Priority, Cooperation, Mode, Level,
		DeliveryLanguage, NeedStatus, OfferStatus, ProjectStatus, FundType, SizeClass, Cost,
		Conditions, AudienceGroup, Scope, PartnerRole, Pillar, UNProcess, ProviderType,
		Readiness, SDG, HelpType, Impact, Result,
	}
	for _, n := range names {
		if set[n] == nil {
			t.Errorf("no vocabulary %q", n)
		}
	}
	if len(set) != len(names) {
		t.Errorf("%d vocabularies, %d names", len(set), len(names))
	}
}

func TestTopicAreas(t *testing.T) {
	v := mustLoad(t)[Topic]
	want := []string{
		"policy-strategy", "csirt-incident-response", "critical-infrastructure", "cybercrime-justice",
		"legislation", "international-law", "cyber-diplomacy", "norms-implementation", "cbm-poc",
		"skills-workforce", "awareness-hygiene", "technology-access", "threat-information", "assessment",
		"coordination-mapping", "funding", "gender-inclusion", "child-protection", "research-innovation",
		"emerging-tech", "terminology",
	}
	var got []string
	for _, area := range v.Children("") {
		got = append(got, area.Code)
		if n := len(v.Children(area.Code)); n < 3 || n > 7 {
			t.Errorf("%s has %d topics, want 3 to 7", area.Code, n)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("areas\n got %v\nwant %v", got, want)
	}
}

func TestLookups(t *testing.T) {
	set := mustLoad(t)
	v := set[Topic]
	if got := v.Label("quantum", i18n.French); got != "Technologies quantiques" {
		t.Errorf("label = %q", got)
	}
	if got := v.Label("no-such", i18n.French); got != "no-such" {
		t.Errorf("label of an unknown code = %q", got)
	}
	if got := set.Label("no-such", "x", i18n.English); got != "x" {
		t.Errorf("label in an unknown vocabulary = %q", got)
	}
	path := v.Path("quantum")
	if len(path) != 2 || path[0].Code != "emerging-tech" || path[1].Code != "quantum" {
		t.Errorf("path = %v", path)
	}
	if v.Path("no-such") != nil || v.Root("no-such") != "" {
		t.Error("an unknown code has a path")
	}
	if v.Root("quantum") != "emerging-tech" || v.Root("funding") != "funding" {
		t.Error("wrong root")
	}
	if !v.Within("quantum", "emerging-tech") || !v.Within("funding", "funding") ||
		v.Within("quantum", "funding") || v.Within("funding", "") || v.Within("", "") {
		t.Error("wrong Within")
	}
	if !set.Has(Mode, "online") || set.Has(Mode, "x") || set.Has("x", "online") {
		t.Error("wrong Has")
	}
	term, _ := v.Term("quantum")
	if p := term.Phrases(i18n.English); p[0] != "quantum technologies" || !slices.Contains(p, "post-quantum") {
		t.Errorf("phrases = %q", p)
	}
}

func TestLoadRefuses(t *testing.T) {
	const six = `{"ar":"ا","zh":"中","en":"a","fr":"b","ru":"я","es":"c"}`
	head := `{"name":"x","source":"s","title":` + six + `,"terms":[`
	for name, terms := range map[string]string{
		"twice":        `{"code":"a","label":` + six + `},{"code":"a","label":` + six + `}`,
		"bad code":     `{"code":"A_b","label":` + six + `}`,
		"no parent":    `{"code":"a","parent":"b","label":` + six + `}`,
		"three levels": `{"code":"a","label":` + six + `},{"code":"b","parent":"a","label":` + six + `},{"code":"c","parent":"b","label":` + six + `}`,
		"own parent":   `{"code":"a","parent":"a","label":` + six + `}`,
		"five labels":  `{"code":"a","label":{"ar":"ا","zh":"中","en":"a","fr":"b","ru":"я"}}`,
		"part hint":    `{"code":"a","label":` + six + `,"hint":{"en":"h"}}`,
		"bad related":  `{"code":"a","label":` + six + `,"related":["b"]}`,
		"upper word":   `{"code":"a","label":` + six + `,"words":{"en":["AI"]}}`,
		"bad language": `{"code":"a","label":` + six + `,"words":{"de":["ki"]}}`,
		"bad field":    `{"code":"a","lable":` + six + `}`,
		"empty":        ``,
	} {
		fsys := fstest.MapFS{"d/x.json": {Data: []byte(head + terms + "]}")}}
		if _, err := load(fsys, "d"); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	good := fstest.MapFS{"d/y.json": {Data: []byte(head + `{"code":"a","label":` + six + `}]}`)}}
	if _, err := load(good, "d"); err == nil {
		t.Error("a name that differs from its file: no error")
	}
}
