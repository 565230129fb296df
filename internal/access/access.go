// Package access is the one rule of who may see and do what. It is pure: no
// database, no clock, no request. Its table test is the specification.
//
// Two derived forms of the read rule stand beside it and are tested to agree
// with it: the SQL predicate (sql.go) and the placement of a record in a cell
// of the list index (Placement).
package access

import "slices"

// PartyKind is what kind of party answers for a record or acts.
type PartyKind string

// The kinds of party.
const (
	State       PartyKind = "state" // Member and Observer States
	Regional    PartyKind = "regional"
	UNEntity    PartyKind = "un-entity"
	Stakeholder PartyKind = "stakeholder"
	Secretariat PartyKind = "secretariat"
)

// Role is what an account may do for its party.
type Role string

// The roles.
const (
	Viewer        Role = "viewer"
	Editor        Role = "editor"      // drafts
	FocalPoint    Role = "focal-point" // approves, manages the party's accounts
	Contact       Role = "contact"     // point of contact
	CSIRT         Role = "csirt"
	Contributor   Role = "contributor" // of a stakeholder
	Moderator     Role = "moderator"   // of the Secretariat
	Administrator Role = "administrator"
	Auditor       Role = "auditor"
)

// Roles lists the roles that accounts of a kind of party can hold.
func Roles(k PartyKind) []Role {
	switch k {
	case State:
		return []Role{Viewer, Editor, FocalPoint, Contact, CSIRT}
	case Regional, UNEntity:
		return []Role{Viewer, Editor, FocalPoint}
	case Stakeholder:
		return []Role{Contributor}
	case Secretariat:
		return []Role{Moderator, Administrator, Auditor}
	}
	return nil
}

// Audience is who may read a published record, chosen by its owner.
type Audience string

// The audiences, widest first.
const (
	Public Audience = "public" // everyone
	States Audience = "states" // every State ("restricted" in the delegations' words)
	Group  Audience = "group"  // the States, organisations and groups the owner names
	Own    Audience = "own"    // the owner only
	Sealed Audience = "sealed" // encrypted to named recipients; the server cannot read it
)

// Audiences lists all five, widest first.
func Audiences() []Audience { return []Audience{Public, States, Group, Own, Sealed} }

// Wider reports whether a is read by more than b. An audience of named
// readers is compared as a class: whether its names grew is for the caller.
// What is no audience is narrower than all that are.
func (a Audience) Wider(b Audience) bool {
	all := Audiences()
	rank := func(x Audience) int { return (slices.Index(all, x) + len(all) + 1) % (len(all) + 1) }
	return rank(a) < rank(b)
}

// Valid reports whether a is an audience.
func (a Audience) Valid() bool { return slices.Contains(Audiences(), a) }

// Status is where a record stands in its lifecycle.
type Status string

// Content of States, organisations and the Secretariat goes draft → awaiting →
// published → withdrawn or archived; a stakeholder's goes draft → submitted →
// returned, rejected or published by the Secretariat.
const (
	Draft     Status = "draft"
	Awaiting  Status = "awaiting" // a focal point's approval
	Published Status = "published"
	Archived  Status = "archived"  // readable, no longer current
	Withdrawn Status = "withdrawn" // a tombstone
	Submitted Status = "submitted"
	Returned  Status = "returned"
	Rejected  Status = "rejected"
)

// Statuses lists all of them.
func Statuses() []Status {
	return []Status{Draft, Awaiting, Published, Archived, Withdrawn, Submitted, Returned, Rejected}
}

// Actor is who acts in a request. The zero Actor is the public.
type Actor struct {
	Account string // id
	Name    string
	Party   string // code
	Kind    PartyKind
	Groups  []string // codes of the groups the party belongs to: "@sids"
	Roles   []Role
	Via     string // web, api, cli
	Reads   bool   // a token that may only read
}

// Anonymous reports whether nobody is signed in.
func (a Actor) Anonymous() bool { return a.Party == "" }

// Has reports whether the actor holds one of the roles.
func (a Actor) Has(roles ...Role) bool {
	return slices.ContainsFunc(roles, func(r Role) bool { return slices.Contains(a.Roles, r) })
}

// moderation is the reader code by which a stakeholder's submission is open
// to the Secretariat. No party can have it: codes of parties are letters.
const moderation = "%moderation"

// Scope is what an actor may read, reduced to what a query needs.
type Scope struct {
	Party  string   // reads everything of its own; "" = nobody's
	States bool     // reads what is open to all States
	Codes  []string // reads what names one of these
}

// Scope derives the actor's scope. An auditor sees the trail, not content.
func (a Actor) Scope() Scope {
	switch {
	case a.Anonymous():
		return Scope{}
	case a.Kind == State:
		return Scope{a.Party, true, append([]string{a.Party}, a.Groups...)}
	case a.Kind == Secretariat && a.Has(Moderator, Administrator):
		return Scope{a.Party, true, append([]string{a.Party, moderation}, a.Groups...)}
	case a.Kind == Secretariat:
		return Scope{}
	default:
		return Scope{a.Party, false, append([]string{a.Party}, a.Groups...)}
	}
}

// Subject is what the rule must know of a record.
type Subject struct {
	Owner     string
	OwnerKind PartyKind
	Audience  Audience
	Named     []string // parties and groups, for audience Group
	Partners  []string // parties that take part in the record
	Status    Status
}

// Cell is the part of the read rule that is settled when a record is written.
type Cell uint8

// The cells: each record is in exactly one.
const (
	CellPublic Cell = iota // everyone
	CellStates             // every State, the owner and the readers
	CellNamed              // the owner and the readers only
)

// Placement reduces a record's status and audience to its cell and the codes
// that may read it besides.
func (s Subject) Placement() (Cell, []string) {
	switch s.Status {
	case Published, Archived:
	case Draft, Awaiting, Returned, Rejected:
		return CellNamed, s.Partners
	case Submitted:
		return CellNamed, append([]string{moderation}, s.Partners...)
	default: // withdrawn, and whatever is unknown: the owner only
		return CellNamed, nil
	}
	switch s.Audience {
	case Public:
		return CellPublic, nil
	case States:
		return CellStates, s.Partners
	case Group:
		return CellNamed, append(slices.Clone(s.Named), s.Partners...)
	case Own:
		return CellNamed, s.Partners
	default: // sealed, and whatever is unknown
		return CellNamed, nil
	}
}

// May reports whether the scope reads the subject.
func (sc Scope) May(s Subject) bool {
	cell, readers := s.Placement()
	return cell == CellPublic ||
		sc.Party != "" && s.Owner == sc.Party ||
		cell == CellStates && sc.States ||
		slices.ContainsFunc(readers, func(r string) bool { return slices.Contains(sc.Codes, r) })
}

// MayField reports whether the scope reads a field whose audience is narrower
// than its record's. The record itself must already be readable.
func (sc Scope) MayField(s Subject, field Audience) bool {
	if sc.Party != "" && (s.Owner == sc.Party || slices.Contains(s.Partners, sc.Party)) {
		return true
	}
	switch field {
	case "", Public:
		return true
	case States:
		return sc.States
	case Group: // the parties and groups that the record names
		return slices.ContainsFunc(s.Named, func(r string) bool { return slices.Contains(sc.Codes, r) })
	}
	return false
}
