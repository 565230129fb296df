package party

import (
	"slices"

	"concord/internal/access"
)

// rank orders roles by power over accounts. Only what is strictly below one's
// own rank can be managed: the mistake that others made twice was to let
// administrators act on their equals (MISP CVE-2019-12794, CVE-2026-44380).
func rank(roles []access.Role) int {
	top := 0
	for _, r := range roles {
		switch r {
		case access.Viewer, access.Contributor:
			top = max(top, 1)
		case access.Editor, access.Contact, access.CSIRT, access.Moderator, access.Auditor:
			top = max(top, 2)
		case access.FocalPoint, access.Administrator:
			top = max(top, 3)
		}
	}
	return top
}

// headRole is the role that manages the accounts of a kind of party, or "":
// those of stakeholders are managed by the Secretariat. No role of the kind
// ranks above it, so that whoever holds it gives none that it does not cover.
func headRole(k access.PartyKind) access.Role {
	switch k {
	case access.State, access.Regional, access.UNEntity:
		return access.FocalPoint
	case access.Secretariat:
		return access.Administrator
	}
	return ""
}

// oversees reports whether the actor manages accounts of the party at all, and
// so sees who they are.
func oversees(a access.Actor, party string, kind access.PartyKind) bool {
	switch {
	case kind == "":
		return false
	case isOperator(a):
		return true
	case !interactive(a) || a.Party == "":
		return false
	case a.Kind == access.Secretariat && kind == access.Stakeholder:
		return a.Has(access.Administrator)
	}
	return a.Party == party && a.Kind == kind && headRole(kind) != "" && a.Has(headRole(kind))
}

// manages reports whether the actor may act on an account of the party.
func manages(a access.Actor, party string, kind access.PartyKind, target Account) bool {
	switch {
	case !oversees(a, party, kind):
		return false
	case isOperator(a):
		return true
	case target.ID == a.Account:
		return false // see SetRoles and Disable for what one may do to oneself
	}
	// An invitation that nobody took up is taken back by whoever could give it.
	return rank(target.Roles) < rank(a.Roles) || target.Pending() && rank(target.Roles) <= rank(a.Roles)
}

// first reports whether the actor is the administrator who makes the first
// focal point of a party, on the authority of a note verbale: nobody there
// could. It is the only way in which the Secretariat enters a State's space.
func first(a access.Actor, kind access.PartyKind, roles []access.Role, members []Account) bool {
	return interactive(a) && a.Kind == access.Secretariat && a.Has(access.Administrator) &&
		kind != access.Secretariat && headRole(kind) != "" && slices.Equal(roles, []access.Role{headRole(kind)}) &&
		heads(members, kind, "", true) == 0
}

// heads counts the accounts, other than one, that manage the party: not
// disabled and, if joined is true, already used by their person.
func heads(members []Account, kind access.PartyKind, except string, joined bool) int {
	n := 0
	for _, m := range members {
		if m.ID != except && !m.Disabled && slices.Contains(m.Roles, headRole(kind)) && !(joined && m.Pending()) {
			n++
		}
	}
	return n
}
