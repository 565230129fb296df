package access

import (
	"slices"
	"strings"
	"testing"
)

// The specification of the lifecycle: where an act leads, and who may take it.
// Roles are of the owner's own party, or "judge:" of the Secretariat about what
// a stakeholder made. What is in no row is allowed to nobody.
const moveTable = `
owner       act      from       to         who
state       submit   draft      awaiting   editor focal-point
state       publish  draft      published  focal-point
state       publish  awaiting   published  focal-point
state       publish  archived   published  focal-point
state       return   awaiting   draft      focal-point
state       archive  published  archived   focal-point
state       withdraw draft      withdrawn  focal-point
state       withdraw awaiting   withdrawn  focal-point
state       withdraw published  withdrawn  focal-point
state       withdraw archived   withdrawn  focal-point
state       restore  withdrawn  draft      focal-point
secretariat publish  draft      published  moderator
secretariat publish  awaiting   published  moderator
secretariat publish  archived   published  moderator
secretariat archive  published  archived   moderator
secretariat withdraw draft      withdrawn  moderator
secretariat withdraw awaiting   withdrawn  moderator
secretariat withdraw published  withdrawn  moderator
secretariat withdraw archived   withdrawn  moderator
secretariat restore  withdrawn  draft      moderator
stakeholder submit   draft      submitted  contributor
stakeholder submit   returned   submitted  contributor
stakeholder withdraw draft      withdrawn  contributor
stakeholder withdraw returned   withdrawn  contributor
stakeholder withdraw submitted  withdrawn  contributor
stakeholder withdraw published  withdrawn  contributor
stakeholder withdraw archived   withdrawn  contributor
stakeholder restore  withdrawn  draft      contributor
stakeholder restore  rejected   draft      contributor
stakeholder publish  submitted  published  judge:moderator
stakeholder return   submitted  returned   judge:moderator
stakeholder reject   submitted  rejected   judge:moderator
stakeholder archive  published  archived   judge:moderator
`

// owners are who answers for the record in each test of a move.
func owners() map[string]Subject {
	return map[string]Subject{
		"state":       {Owner: "WSM", OwnerKind: State},
		"regional":    {Owner: "OAS", OwnerKind: Regional},
		"un":          {Owner: "ITU", OwnerKind: UNEntity},
		"stakeholder": {Owner: "GFCE", OwnerKind: Stakeholder},
		"secretariat": {Owner: "UNODA", OwnerKind: Secretariat},
	}
}

// parties are all who might act: one of each kind that owns something and one
// of each that owns nothing.
func parties() map[string]PartyKind {
	return map[string]PartyKind{
		"WSM": State, "KEN": State, "OAS": Regional, "ECOWAS": Regional, "ITU": UNEntity, "UNDP": UNEntity,
		"GFCE": Stakeholder, "FIRST": Stakeholder, "UNODA": Secretariat,
	}
}

func everyRole() []Role {
	return []Role{Viewer, Editor, FocalPoint, Contact, CSIRT, Contributor, Moderator, Administrator, Auditor}
}

func everyAction() []Action {
	return []Action{Create, Edit, Share, Confirm, Submit, Publish, Return, Reject, Withdraw, Archive, Restore, "", "delete"}
}

// allowed is the table: owner/act/from → to and roles.
func allowed() map[string]struct {
	to  Status
	who []string
} {
	m := map[string]struct {
		to  Status
		who []string
	}{}
	lines := strings.Split(strings.TrimSpace(moveTable), "\n")
	for _, line := range lines[1:] {
		w := strings.Fields(line)
		owners := []string{w[0]}
		if w[0] == "state" { // organisations of States move theirs the same way
			owners = append(owners, "regional", "un")
		}
		for _, o := range owners {
			m[o+" "+w[1]+" "+w[2]] = struct {
				to  Status
				who []string
			}{Status(w[3]), w[4:]}
		}
	}
	return m
}

func TestMoves(t *testing.T) {
	table, checked := allowed(), 0
	for owner, s := range owners() {
		for _, s.Status = range append(Statuses(), "", "secret") {
			for _, act := range everyAction() {
				row := table[owner+" "+string(act)+" "+string(s.Status)]
				for party, kind := range parties() {
					for _, role := range Roles(kind) {
						word := string(role)
						if party != s.Owner {
							word = "judge:" + word
							if kind != Secretariat {
								word = "stranger"
							}
						}
						want := slices.Contains(row.who, word)
						a := Actor{Account: "a", Party: party, Kind: kind, Roles: []Role{role}}
						for _, a.Reads = range []bool{false, true} {
							checked++
							to, ok := Move(a, act, s)
							if ok != (want && !a.Reads) || ok && to != row.to || !ok && to != "" {
								t.Errorf("%s record, %s from %s by %s of %s (reads %v): %s %v, want %v", owner, act, s.Status, role, party, a.Reads, to, ok, want)
							}
						}
					}
				}
				if _, ok := Move(Actor{Roles: everyRole()}, act, s); ok {
					t.Errorf("%s by nobody", act)
				}
			}
		}
	}
	t.Logf("%d cells", checked)
}

// A move lists itself if and only if it may be taken.
func TestMovesAreListed(t *testing.T) {
	for _, s := range owners() {
		for _, s.Status = range Statuses() {
			for party, kind := range parties() {
				for _, role := range Roles(kind) {
					a := Actor{Party: party, Kind: kind, Roles: []Role{role}}
					list := Moves(a, s)
					for _, act := range everyAction() {
						if _, ok := Move(a, act, s); ok != slices.Contains(list, act) {
							t.Errorf("%s by %s of %s at %s: %v, listed %v", act, role, party, s.Status, ok, list)
						}
					}
				}
			}
		}
	}
}

// The specification of writing: which roles of the owner, and of a partner in
// a joint record, change the fields of a record at each status.
const editTable = `
status    | own                                      | partner
draft     | editor focal-point contributor moderator | editor focal-point contributor
awaiting  | editor focal-point contributor moderator | editor focal-point contributor
returned  | editor focal-point contributor moderator | editor focal-point contributor
published | focal-point moderator                    | focal-point
submitted | |
rejected  | |
archived  | |
withdrawn | |
secret    | |
`

func TestEditing(t *testing.T) {
	own, partner := map[Status][]string{}, map[Status][]string{}
	lines := strings.Split(strings.TrimSpace(editTable), "\n")
	for _, line := range lines[1:] {
		w := strings.Split(line, "|")
		status := Status(strings.TrimSpace(w[0]))
		own[status], partner[status] = strings.Fields(w[1]), strings.Fields(w[2])
	}
	for _, joint := range []bool{false, true} {
		k := KindRule{Authors: []PartyKind{State, Regional, UNEntity, Stakeholder, Secretariat}, Joint: joint}
		for _, s := range owners() {
			for status := range own {
				s.Status, s.Partners = status, []string{"KEN", "ECOWAS", "FIRST", "UNDP"}
				for party, kind := range parties() {
					for _, role := range Roles(kind) {
						a := Actor{Account: "a", Party: party, Kind: kind, Roles: []Role{role}}
						want := party == s.Owner && slices.Contains(own[status], string(role)) ||
							joint && party != s.Owner && slices.Contains(s.Partners, party) && slices.Contains(partner[status], string(role))
						if got := MayEdit(a, s, k); got != want {
							t.Errorf("joint %v, %s of %s edits what %s has at %s: %v, want %v", joint, role, party, s.Owner, status, got, want)
						}
						if got := MayShare(a, s, k); got != (want && party == s.Owner) {
							t.Errorf("%s of %s shares what %s has at %s: %v", role, party, s.Owner, status, got)
						}
						confirms := party == s.Owner && status == Published && slices.Contains(own[Draft], string(role))
						if got := MayConfirm(a, s); got != confirms {
							t.Errorf("%s of %s confirms what %s has at %s: %v", role, party, s.Owner, status, got)
						}
						a.Reads = true
						if MayEdit(a, s, k) || MayShare(a, s, k) || MayConfirm(a, s) || MayCreate(a, k) {
							t.Errorf("a token that only reads writes: %s of %s", role, party)
						}
					}
				}
				nobody, orphan := Actor{Kind: State, Roles: everyRole()}, Subject{Status: status, Partners: []string{""}}
				if MayEdit(nobody, orphan, k) || MayShare(nobody, orphan, k) || MayConfirm(nobody, orphan) {
					t.Errorf("nobody writes at %s", status)
				}
			}
		}
	}
}

// In a record that a module runs itself, both sides' writers have their say as
// long as it is open, and nobody else.
func TestTakingPart(t *testing.T) {
	for _, status := range append(Statuses(), "", "secret") {
		s := Subject{Owner: "WSM", OwnerKind: State, Partners: []string{"FIRST", "UNDP"}, Status: status}
		for party, kind := range parties() {
			for _, role := range Roles(kind) {
				a := Actor{Party: party, Kind: kind, Roles: []Role{role}}
				want := status == Published && slices.Contains([]string{"WSM", "FIRST", "UNDP"}, party) && slices.Contains([]Role{Editor, FocalPoint, Contributor}, role)
				if got := MayTakePart(a, s); got != want {
					t.Errorf("%s of %s takes part at %q: %v, want %v", role, party, status, got, want)
				}
				if a.Reads = true; MayTakePart(a, s) {
					t.Errorf("a token that only reads takes part: %s of %s", role, party)
				}
			}
		}
	}
	if MayTakePart(Actor{Roles: everyRole()}, Subject{Status: Published, Partners: []string{""}}) {
		t.Error("nobody takes part")
	}
}

func TestCreating(t *testing.T) {
	creates := map[Role]bool{Editor: true, FocalPoint: true, Contributor: true, Moderator: true}
	for party, kind := range parties() {
		for _, role := range Roles(kind) {
			a := Actor{Party: party, Kind: kind, Roles: []Role{role}}
			if got := MayCreate(a, KindRule{Authors: []PartyKind{kind}}); got != creates[role] {
				t.Errorf("%s of %s creates: %v", role, party, got)
			}
			if MayCreate(a, KindRule{}) || MayCreate(a, KindRule{Authors: []PartyKind{"other"}}) {
				t.Errorf("%s of %s creates what is not for it", role, party)
			}
		}
	}
	if MayCreate(Actor{Roles: everyRole()}, KindRule{Authors: []PartyKind{"", State}}) {
		t.Error("nobody creates")
	}
}

// Only the shell makes an operator: nothing a request can say.
func TestOperator(t *testing.T) {
	for _, via := range []string{"cli", "web", "api", "job", ""} {
		for party, kind := range parties() {
			for _, role := range Roles(kind) {
				a := Actor{Party: party, Kind: kind, Roles: []Role{role}, Via: via}
				if want := via == "cli" && kind == Secretariat && role == Administrator; a.Operator() != want {
					t.Errorf("%s of %s by %q: operator %v", role, party, via, a.Operator())
				}
			}
		}
	}
}

// Roles of one kind of party give nothing to another, whatever an account says.
func TestForeignRoles(t *testing.T) {
	s := Subject{Owner: "GFCE", OwnerKind: Stakeholder, Status: Submitted, Audience: Public}
	a := Actor{Party: "KEN", Kind: State, Roles: everyRole()}
	if a.Scope().May(s) {
		t.Error("a State that calls itself moderator reads a submission")
	}
	if open := Moves(a, s); len(open) > 0 {
		t.Errorf("a State that calls itself moderator may %v", open)
	}
}
