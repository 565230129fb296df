package access

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// The specification of reading: who reads a record of Samoa (or, where the
// lifecycle is a stakeholder's, of GFCE) that names Kenya, @sids and OAS and has
// Fiji as a partner. It is docs/access.md in the words of a test.
//
// The columns are readers:
//
//	public     nobody is signed in        named     Kenya, named by code
//	own        the owner                  group     Vanuatu, a member of @sids
//	partner    Fiji                       region    OAS, a named organisation
//	state      Estonia, named by nobody   other     ITU and another stakeholder
//	moderator, admin, auditor             the Secretariat
const readTable = `
status     audience  public own partner state named group region other moderator admin auditor
published  public    yes    yes yes     yes   yes   yes   yes    yes   yes       yes   yes
published  states    no     yes yes     yes   yes   yes   no     no    yes       yes   no
published  group     no     yes yes     no    yes   yes   yes    no    no        no    no
published  own       no     yes yes     no    no    no    no     no    no        no    no
published  sealed    no     yes no      no    no    no    no     no    no        no    no
published  -         no     yes no      no    no    no    no     no    no        no    no
published  secret    no     yes no      no    no    no    no     no    no        no    no
archived   public    yes    yes yes     yes   yes   yes   yes    yes   yes       yes   yes
archived   states    no     yes yes     yes   yes   yes   no     no    yes       yes   no
archived   group     no     yes yes     no    yes   yes   yes    no    no        no    no
archived   own       no     yes yes     no    no    no    no     no    no        no    no
archived   sealed    no     yes no      no    no    no    no     no    no        no    no
archived   -         no     yes no      no    no    no    no     no    no        no    no
draft      *         no     yes yes     no    no    no    no     no    no        no    no
awaiting   *         no     yes yes     no    no    no    no     no    no        no    no
returned   *         no     yes yes     no    no    no    no     no    no        no    no
rejected   *         no     yes yes     no    no    no    no     no    no        no    no
submitted  *         no     yes yes     no    no    no    no     no    yes       yes   no
withdrawn  *         no     yes no      no    no    no    no     no    no        no    no
-          *         no     yes no      no    no    no    no     no    no        no    no
secret     *         no     yes no      no    no    no    no     no    no        no    no
`

// readers are the columns of the table.
func readers() map[string][]Actor {
	of := func(party string, kind PartyKind, groups []string, roles ...Role) []Actor {
		var list []Actor
		for _, r := range roles {
			list = append(list, Actor{Account: party + string(r), Party: party, Kind: kind, Groups: groups, Roles: []Role{r}})
		}
		return list
	}
	all := Roles(State)
	return map[string][]Actor{
		"public":    {{}, {Via: "web"}, {Via: "job"}, {Roles: []Role{FocalPoint, Moderator, Administrator}, Kind: State, Groups: []string{"@sids"}}},
		"own":       append(of("WSM", State, []string{"@all-states"}, all...), of("GFCE", Stakeholder, nil, Contributor)...),
		"partner":   of("FJI", State, []string{"@un-asia-pacific"}, all...),
		"state":     append(of("EST", State, []string{"@un-weog"}, all...), of("FRA", State, nil, all...)...),
		"named":     of("KEN", State, nil, all...),
		"group":     of("VUT", State, []string{"@pif", "@sids"}, all...),
		"region":    of("OAS", Regional, nil, Roles(Regional)...),
		"other":     append(of("ITU", UNEntity, []string{"@un"}, Roles(UNEntity)...), of("FIRST", Stakeholder, nil, Contributor)...),
		"moderator": of("UNODA", Secretariat, nil, Moderator),
		"admin":     of("UNODA", Secretariat, nil, Administrator),
		"auditor":   of("UNODA", Secretariat, nil, Auditor),
	}
}

func TestReading(t *testing.T) {
	lines := strings.Split(strings.TrimSpace(readTable), "\n")
	columns := strings.Fields(lines[0])
	checked := 0
	for _, line := range lines[1:] {
		words := strings.Fields(line)
		for _, status := range spread(words[0], nil) {
			for _, audience := range spread(words[1], []string{"public", "states", "group", "own", "sealed", "", "secret"}) {
				for i, column := range columns[2:] {
					checked += checkReaders(t, Status(status), Audience(audience), column, words[i+2] == "yes")
				}
			}
		}
	}
	if checked < 4000 {
		t.Errorf("only %d cells", checked)
	}
	t.Logf("%d cells", checked)
}

// spread is the word itself, "" for "-", all for "*".
func spread(word string, all []string) []string {
	switch word {
	case "*":
		return all
	case "-":
		return []string{""}
	}
	return []string{word}
}

func checkReaders(t *testing.T, status Status, audience Audience, column string, want bool) (checked int) {
	t.Helper()
	for _, a := range readers()[column] {
		s := subject(status, audience)
		if a.Kind == Stakeholder && column == "own" {
			s.Owner, s.OwnerKind = "GFCE", Stakeholder
		}
		for _, reads := range []bool{false, true} { // a token that only reads reads as much
			a.Reads = reads
			checked++
			if got := a.Scope().May(s); got != want {
				t.Errorf("%s %q, %s %v of %q: reads %v, want %v", status, audience, column, a.Roles, a.Party, got, want)
			}
		}
	}
	return checked
}

func subject(status Status, audience Audience) Subject {
	return Subject{
		Owner: "WSM", OwnerKind: State, Audience: audience, Status: status,
		Named: []string{"KEN", "@sids", "OAS"}, Partners: []string{"FJI"},
	}
}

// The specification of fields that are for fewer readers than their record: of
// those who read the record, who reads the field.
const fieldTable = `
field   public own partner state named group region other moderator admin auditor
-       yes    yes yes     yes   yes   yes   yes    yes   yes       yes   yes
public  yes    yes yes     yes   yes   yes   yes    yes   yes       yes   yes
states  no     yes yes     yes   yes   yes   no     no    yes       yes   no
group   no     yes yes     no    yes   yes   yes    no    no        no    no
own     no     yes yes     no    no    no    no     no    no        no    no
sealed  no     yes yes     no    no    no    no     no    no        no    no
secret  no     yes yes     no    no    no    no     no    no        no    no
`

func TestFields(t *testing.T) {
	lines := strings.Split(strings.TrimSpace(fieldTable), "\n")
	columns := strings.Fields(lines[0])
	for _, line := range lines[1:] {
		words := strings.Fields(line)
		for i, column := range columns[1:] {
			for _, a := range readers()[column] {
				s := subject(Published, Public)
				if a.Party == "GFCE" {
					s.Owner = "GFCE"
				}
				field := Audience(spread(words[0], nil)[0])
				if got, want := a.Scope().MayField(s, field), words[i+1] == "yes"; got != want {
					t.Errorf("a field for %q, %s %v: reads %v, want %v", field, column, a.Roles, got, want)
				}
			}
		}
	}
}

// Nothing is read by a scope that was never derived, and nothing of nobody's
// by anybody.
func TestZeroValues(t *testing.T) {
	if (Scope{}).May(Subject{}) || (Scope{}).May(Subject{Status: Published}) || (Scope{}).May(Subject{Audience: Public}) {
		t.Error("the public reads an empty subject")
	}
	for column, list := range readers() {
		for _, a := range list {
			if a.Scope().May(Subject{}) {
				t.Errorf("%s reads an empty subject", column)
			}
			if a.Scope().May(Subject{Status: Published, Audience: Group}) {
				t.Errorf("%s reads a group of nobody", column)
			}
		}
	}
	if cell, readers := (Subject{}).Placement(); cell != CellNamed || len(readers) > 0 {
		t.Errorf("an empty subject is placed in %v for %v", cell, readers)
	}
}

func TestAudiences(t *testing.T) {
	all := Audiences()
	for i, a := range all {
		if !a.Valid() {
			t.Errorf("%s is not valid", a)
		}
		for j, b := range all {
			if a.Wider(b) != (i < j) {
				t.Errorf("%s wider than %s: %v", a, b, a.Wider(b))
			}
		}
	}
	if Audience("").Valid() || Audience("secret").Valid() {
		t.Error("an unknown audience is valid")
	}
}

// Whatever is not an audience must never count as wide: a field so marked
// would be shown to whoever reads the record.
func TestUnknownAudienceIsNarrow(t *testing.T) {
	for _, a := range Audiences() {
		if Audience("secret").Wider(a) {
			t.Errorf("an unknown audience is wider than %s", a)
		}
		if !a.Wider("secret") {
			t.Errorf("%s is not wider than an unknown audience", a)
		}
	}
}

// No code that a party or group can have is the one of moderation.
func TestModerationIsNoCode(t *testing.T) {
	s := Subject{Owner: "GFCE", OwnerKind: Stakeholder, Status: Submitted, Audience: Public}
	for _, code := range []string{"moderation", "@moderation", "UNODA"} {
		a := Actor{Party: code, Kind: State, Groups: []string{code, "@moderation"}, Roles: []Role{FocalPoint}}
		if a.Scope().May(s) {
			t.Errorf("%s reads a submission", code)
		}
	}
	if slices.ContainsFunc([]string{"ABCDEFGHIJKLMNOPQRSTUVWXYZ", "@abcdefghijklmnopqrstuvwxyz-0123456789"}, func(s string) bool { return strings.Contains(s, moderation[:1]) }) {
		t.Error(fmt.Sprint("codes have ", moderation[:1]))
	}
}
