package app

import (
	"fmt"
	"slices"
	"time"

	"concord/internal/access"
	"concord/internal/i18n"
	"concord/internal/problem"
	"concord/internal/record"
)

// sample is a record of the matrix.
type sample struct {
	kind, plural    string
	owner, audience string // audience "group" is named readers, in named
	status, partner string
	named           []string
	id              string
}

func (s *sample) String() string {
	return fmt.Sprintf("%s %s of %s for %s %v partner %q", s.status, s.kind, s.owner, s.audience, s.named, s.partner)
}

// steps are the acts that lead to a status, by the owner's kind; those in
// capitals are the Secretariat's.
var steps = map[string][]string{
	"state draft": {}, "state awaiting": {"submit"}, "state published": {"publish"},
	"state archived": {"publish", "archive"}, "state withdrawn": {"publish", "withdraw"},
	"secretariat draft": {}, "secretariat published": {"publish"}, "secretariat archived": {"publish", "archive"},
	"secretariat withdrawn": {"publish", "withdraw"},
	"stakeholder draft":     {}, "stakeholder submitted": {"submit"}, "stakeholder returned": {"submit", "RETURN"},
	"stakeholder rejected": {"submit", "REJECT"}, "stakeholder published": {"submit", "PUBLISH"},
	"stakeholder archived": {"submit", "PUBLISH", "ARCHIVE"}, "stakeholder withdrawn": {"withdraw"},
}

// statuses are those that records of an owner can have.
func statuses(owner string) []string {
	var list []string
	class := (&sample{owner: owner}).class()
	for key := range steps {
		var c, status string
		if _, err := fmt.Sscan(key, &c, &status); err == nil && c == class {
			list = append(list, status)
		}
	}
	slices.Sort(list)
	return list
}

// stock is every record of the matrix: all kinds, owners, audiences, relations
// and statuses there are.
func (h *house) stock() []*sample {
	h.t.Helper()
	type shape struct {
		audience string
		named    []string
		partner  string
	}
	var all []*sample
	for _, k := range h.Store.Kinds().All() {
		if k.Internal {
			continue
		}
		for owner, shapes := range map[string][]shape{
			"WSM": {{"public", nil, ""}, {"states", nil, ""}, {"group", []string{"@un-eastern-european"}, ""},
				{"group", []string{"OAS", "GFCE"}, ""}, {"own", nil, ""}, {"own", nil, "KEN"}, {"states", nil, "ITU"}},
			"GFCE":  {{"public", nil, ""}, {"states", nil, ""}, {"group", []string{"KEN", "OAS"}, ""}, {"own", nil, ""}},
			"UNODA": {{"public", nil, ""}, {"own", nil, ""}, {"group", []string{"FIRST"}, ""}},
		} {
			if !slices.Contains(k.Authors, h.actor(ownerName(owner)).Kind) {
				continue
			}
			for _, x := range shapes {
				if !k.Allows(access.Audience(x.audience)) {
					continue
				}
				for _, status := range statuses(owner) {
					all = append(all, &sample{kind: k.Name, plural: k.Plural, owner: owner, audience: x.audience, named: x.named, partner: x.partner, status: status})
				}
			}
		}
	}
	var kept []*sample
	for i, s := range all {
		if i%((thin+3)/4) == 0 {
			h.turn(time.Duration(i) * time.Second)
			h.put(s)
			kept = append(kept, s)
		}
	}
	return kept
}

func ownerName(party string) string {
	return map[string]string{"WSM": "wsm-focal", "GFCE": "gfce", "UNODA": "moderator", "KEN": "ken-focal"}[party]
}

// put makes the sample's record and takes it to its status.
func (h *house) put(s *sample) {
	h.t.Helper()
	owner := h.actor(ownerName(s.owner))
	d := record.Draft{
		Kind: s.kind, Audience: access.Audience(s.audience), Named: s.named, Body: h.body(s.kind, "Matrixword "+s.String()),
	}
	if s.partner != "" {
		d.Partners = []string{s.partner}
	}
	var rec *record.Record
	h.must(h.Store.Do(h.t.Context(), owner, func(w *record.Writer) (err error) { rec, err = w.Create(d); return err }))
	s.id = rec.ID
	for _, step := range steps[s.class()+" "+s.status] {
		who, act := owner, access.Action(step)
		if step < "a" { // in capitals
			who, act = h.actor("moderator"), map[string]access.Action{"RETURN": access.Return, "REJECT": access.Reject, "PUBLISH": access.Publish, "ARCHIVE": access.Archive}[step]
		}
		_, err := h.Store.Move(h.t.Context(), who, s.kind, s.id, 0, act, "because")
		if step == "ARCHIVE" && problem.Is(err, problem.NotFound) {
			s.status = "published" // released for its own party or for others: out of the Secretariat's sight
		} else if err != nil {
			h.t.Fatalf("%v: %s: %v", s, step, err)
		}
	}
}

// body is a complete record of a kind with a title.
func (h *house) body(kind, title string) any {
	k := h.Store.Kinds().Kind(kind)
	body := k.New()
	for _, f := range k.Fields {
		if !f.Required && !f.Title {
			continue
		}
		switch f.Type {
		case record.Text:
			f.Set(body, i18n.NewText(i18n.English, title))
		case record.Code:
			f.Set(body, h.Store.Kinds().Vocab[f.Vocab].Terms[0].Code)
		case record.Codes:
			f.Set(body, []string{h.Store.Kinds().Vocab[f.Vocab].Terms[0].Code})
		case record.Number:
			f.Set(body, 24)
		case record.At:
			f.Set(body, record.Moment{Local: "2027-01-01T10:00", Zone: "Pacific/Apia"})
		case record.Day:
			f.Set(body, record.Date("2027"))
		default:
			h.t.Fatalf("kind %s requires %s of type %s", kind, f.Name, f.Type)
		}
	}
	return body
}
