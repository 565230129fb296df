package app

import (
	"slices"
	"strings"

	"concord/internal/access"
	"concord/internal/door"
)

// What the permission matrix expects. It is docs/access.md once more, written
// by hand and on purpose without a word of package access but its names.

// whoReads says which relations to a record let one read it, by status and,
// once it is published, audience.
var whoReads = map[string]string{
	"published public": "public own partner state secretariat auditor other",
	"published states": "own partner state secretariat",
	"published group":  "own partner named",
	"published own":    "own partner",
	"archived public":  "public own partner state secretariat auditor other",
	"archived states":  "own partner state secretariat",
	"archived group":   "own partner named",
	"archived own":     "own partner",
	"draft":            "own partner",
	"awaiting":         "own partner",
	"returned":         "own partner",
	"rejected":         "own partner",
	"submitted":        "own partner secretariat",
	"withdrawn":        "own",
}

// whoEdits says which roles of its owner change a record at a status.
var whoEdits = map[string]string{
	"draft":     "editor focal-point contributor moderator",
	"awaiting":  "editor focal-point contributor moderator",
	"returned":  "editor focal-point contributor moderator",
	"published": "focal-point moderator",
}

// whoMoves says where the roles of its owner take a record, by the kind of the
// owner and the status; "judge" is the Secretariat's moderator.
var whoMoves = map[string]map[string]string{
	"state draft":           {"editor": "submit", "focal-point": "submit publish withdraw"},
	"state awaiting":        {"focal-point": "publish return withdraw"},
	"state published":       {"focal-point": "archive withdraw"},
	"state archived":        {"focal-point": "publish withdraw"},
	"state withdrawn":       {"focal-point": "restore"},
	"secretariat draft":     {"moderator": "publish withdraw"},
	"secretariat published": {"moderator": "archive withdraw"},
	"secretariat archived":  {"moderator": "publish withdraw"},
	"secretariat withdrawn": {"moderator": "restore"},
	"stakeholder draft":     {"contributor": "submit withdraw"},
	"stakeholder submitted": {"contributor": "withdraw", "judge": "publish return reject"},
	"stakeholder returned":  {"contributor": "submit withdraw"},
	"stakeholder rejected":  {"contributor": "restore"},
	"stakeholder published": {"contributor": "withdraw", "judge": "archive"},
	"stakeholder archived":  {"contributor": "withdraw"},
	"stakeholder withdrawn": {"contributor": "restore"},
}

// relation is what somebody is to a record.
func relation(c *caller, s *sample) string {
	state := slices.Contains([]string{"WSM", "KEN", "EST"}, c.party)
	switch {
	case c.party == "":
		return "public"
	case c.role == access.Auditor:
		return "auditor"
	case c.party == s.owner:
		return "own"
	case s.partner == c.party:
		return "partner"
	case s.audience == "group" && s.names(c.party):
		return "named"
	case state:
		return "state"
	case c.party == "UNODA":
		return "secretariat"
	}
	return "other"
}

// names reports whether the record names the party: by its code, or by the
// group of Eastern European States, of which here only Estonia is one.
func (s *sample) names(party string) bool {
	return slices.Contains(s.named, party) || party == "EST" && slices.Contains(s.named, "@un-eastern-european")
}

func has(words, word string) bool { return slices.Contains(strings.Fields(words), word) }

func reads(c *caller, s *sample) bool {
	key := s.status
	if s.status == "published" || s.status == "archived" {
		key += " " + s.audience
	}
	return has(whoReads[key], relation(c, s))
}

func edits(c *caller, s *sample) bool {
	switch relation(c, s) {
	case "own":
		return has(whoEdits[s.status], string(c.role))
	case "partner": // in projects, which partners write in too
		return s.kind == "project" && has(whoEdits[s.status], string(c.role))
	}
	return false
}

func moves(c *caller, s *sample, act string) bool {
	row := whoMoves[s.class()+" "+s.status]
	if relation(c, s) == "own" {
		return has(row[string(c.role)], act)
	}
	return c.name == "moderator" && has(row["judge"], act)
}

func (s *sample) class() string {
	switch s.owner {
	case "GFCE", "FIRST":
		return "stakeholder"
	case "UNODA":
		return "secretariat"
	}
	return "state"
}

// owns is who may make records of a kind: needs and requests are States' only.
func creates(c *caller, kind string) bool {
	switch c.role {
	case access.Editor, access.FocalPoint, access.Contributor, access.Moderator:
	default:
		return false
	}
	state := c.party == "WSM" || c.party == "KEN" || c.party == "EST"
	switch kind {
	case "need", "request":
		return state
	case "contact":
		return c.party != "UNODA" && c.role != access.Contributor
	}
	return true
}

// expect is what a route answers to somebody about a record. code 0 means that
// the route has no row.
func expect(r door.Route, c *caller, s *sample, act string) (code int) {
	machine := strings.HasPrefix(r.Path, "/api/")
	if r.Who == door.SignedIn && c.party == "" {
		if machine {
			return 401
		}
		return 303
	}
	if !reads(c, s) {
		return 404
	}
	yes := func(ok bool) int {
		if ok {
			return 200
		}
		return 403
	}
	switch r.Act {
	case "read", "history", "revisions":
		return 200
	case "edit":
		return yes(edits(c, s))
	case "ask":
		return yes(moves(c, s, act))
	case "new": // a checklist about the record, for the two sides' writers
		side := relation(c, s) == "own" || relation(c, s) == "partner"
		return yes(side && has("editor focal-point contributor moderator", string(c.role)))
	}
	return 0
}

// fixed says what routes that concern no record answer: to the public, to
// people of a State's or organisation's, and to whom it is meant for.
var fixed = map[string]struct {
	public, anybody []int
	only            string // roles it is for; others get 403
}{
	"redirect":     {[]int{303}, []int{303}, ""},
	"static":       {[]int{200}, []int{200}, ""},
	"page":         {[]int{200}, []int{200}, ""},
	"search":       {[]int{200}, []int{200}, ""},
	"sign-in":      {[]int{200}, []int{200, 303}, ""},
	"link":         {[]int{404}, []int{404}, ""},
	"openapi":      {[]int{200}, []int{200}, ""},
	"vocabularies": {[]int{200}, []int{200}, ""},
	"parties":      {[]int{200}, []int{200}, ""},
	"me":           {[]int{401}, []int{200}, ""},
	"health":       {[]int{200}, []int{200}, ""},
	"list":         {[]int{200}, []int{200}, ""},
	"feed":         {[]int{200}, []int{200}, ""},
	"own":          {[]int{303}, []int{200, 303, 403, 404}, ""},
	"manage":       {[]int{303}, []int{200, 303, 404}, "focal-point administrator"},
	"administer":   {[]int{303}, []int{200, 303}, "administrator"},
}
