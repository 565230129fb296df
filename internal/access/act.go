package access

import "slices"

// Action is something an actor wants to do with a record.
type Action string

// The actions. All but Create and Edit move the record to another status.
const (
	Create   Action = "create"
	Edit     Action = "edit"
	Share    Action = "share"   // change audience, named readers or partners
	Confirm  Action = "confirm" // still true: renews the review date
	Submit   Action = "submit"  // to the focal point, or to the Secretariat
	Publish  Action = "publish"
	Return   Action = "return"
	Reject   Action = "reject"
	Withdraw Action = "withdraw"
	Archive  Action = "archive"
	Restore  Action = "restore"
)

// KindRule is what a kind adds to the rule.
type KindRule struct {
	Authors   []PartyKind // which parties may own such a record
	Audiences []Audience  // which audiences it may have; the first is the default
	Joint     bool        // partners write in it too
}

// Allows reports whether records of the kind may have audience a.
func (k KindRule) Allows(a Audience) bool { return slices.Contains(k.Audiences, a) }

// move is one row of the lifecycle: who takes a record from where to where.
type move struct {
	action Action
	from   []Status
	to     Status
	who    []Role // of the owner; for moderated moves, of the Secretariat
}

// direct is the lifecycle of content that its owner publishes itself.
func direct() []move {
	return []move{
		{Submit, []Status{Draft}, Awaiting, []Role{Editor, FocalPoint}},
		{Publish, []Status{Draft, Awaiting, Archived}, Published, []Role{FocalPoint, Moderator}},
		{Return, []Status{Awaiting}, Draft, []Role{FocalPoint}},
		{Archive, []Status{Published}, Archived, []Role{FocalPoint, Moderator}},
		{Withdraw, []Status{Published, Archived, Draft, Awaiting}, Withdrawn, []Role{FocalPoint, Moderator}},
		{Restore, []Status{Withdrawn}, Draft, []Role{FocalPoint, Moderator}},
	}
}

// moderated is the lifecycle of a stakeholder's content: the moves of the
// Secretariat are in judged, the author's own here.
func moderated() []move {
	return []move{
		{Submit, []Status{Draft, Returned}, Submitted, []Role{Contributor}},
		{Withdraw, []Status{Draft, Returned, Submitted, Published, Archived}, Withdrawn, []Role{Contributor}},
		{Restore, []Status{Withdrawn, Rejected}, Draft, []Role{Contributor}},
	}
}

// judged are the moves by which the Secretariat handles a submission.
func judged() []move {
	return []move{
		{Publish, []Status{Submitted}, Published, []Role{Moderator}},
		{Return, []Status{Submitted}, Returned, []Role{Moderator}},
		{Reject, []Status{Submitted}, Rejected, []Role{Moderator}},
		{Archive, []Status{Published}, Archived, []Role{Moderator}},
	}
}

// Move returns the status that the action leads to, and whether the actor may
// take it. Nobody but the owner moves a record, save that the Secretariat
// handles what stakeholders submit.
func Move(a Actor, act Action, s Subject) (Status, bool) {
	if a.Anonymous() || a.Reads {
		return "", false
	}
	var table []move
	switch {
	case s.OwnerKind == Stakeholder && a.Party == s.Owner:
		table = moderated()
	case s.OwnerKind == Stakeholder && a.Kind == Secretariat:
		table = judged()
	case a.Party == s.Owner:
		table = direct()
	}
	for _, m := range table {
		if m.action == act && slices.Contains(m.from, s.Status) && a.Has(m.who...) {
			return m.to, true
		}
	}
	return "", false
}

// Moves lists the moves open to the actor, in the order of the lifecycle.
func Moves(a Actor, s Subject) []Action {
	var open []Action
	for _, act := range []Action{Submit, Publish, Return, Reject, Archive, Withdraw, Restore} {
		if _, ok := Move(a, act, s); ok {
			open = append(open, act)
		}
	}
	return open
}

// writers are the roles that write content for their party.
func writers() []Role { return []Role{Editor, FocalPoint, Contributor, Moderator} }

// MayCreate reports whether the actor may make a record of the kind, which
// its own party then answers for.
func MayCreate(a Actor, k KindRule) bool {
	return !a.Anonymous() && !a.Reads && a.Has(writers()...) && slices.Contains(k.Authors, a.Kind)
}

// MayEdit reports whether the actor may change the fields of a record it can
// read. What is published changes only by who may publish: editors draft. The
// partners in a joint record write in it under the same rule, so that nothing
// of a stakeholder's gets past the Secretariat by way of another's record.
func MayEdit(a Actor, s Subject, k KindRule) bool {
	partner := k.Joint && slices.Contains(s.Partners, a.Party)
	if a.Anonymous() || a.Reads || a.Party != s.Owner && !partner {
		return false
	}
	switch s.Status {
	case Draft, Awaiting, Returned:
		return a.Has(writers()...)
	case Published:
		return a.Has(FocalPoint, Moderator)
	}
	return false
}

// MayTakePart reports whether the actor may write in a record whose kind its
// module runs itself, such as a dialogue: the owner's and the partners' writers,
// while it is open. Nothing in such a record waits for an approval.
func MayTakePart(a Actor, s Subject) bool {
	return !a.Anonymous() && !a.Reads && s.Status == Published && a.Has(writers()...) &&
		(a.Party == s.Owner || slices.Contains(s.Partners, a.Party))
}

// MayShare reports whether the actor may choose who reads the record: the
// owner's writers while it is a draft, later only who may publish. A partner
// writes in a joint record but never widens it.
func MayShare(a Actor, s Subject, k KindRule) bool {
	return a.Party == s.Owner && MayEdit(a, s, k)
}

// MayConfirm reports whether the actor may say that the record is still true.
func MayConfirm(a Actor, s Subject) bool {
	return !a.Anonymous() && !a.Reads && a.Party == s.Owner && s.Status == Published &&
		a.Has(writers()...)
}

// Operator reports whether the actor is the person at the shell of the server,
// who may bring in what others have published, in their names. Nothing that a
// request brings can make an actor so: the door sets Via to web or api.
func (a Actor) Operator() bool {
	return a.Via == "cli" && a.Kind == Secretariat && a.Has(Administrator)
}
