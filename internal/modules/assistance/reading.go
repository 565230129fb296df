package assistance

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"time"

	"concord/internal/i18n"
	"concord/internal/record"
)

// reading turns an entry of a statement file into the fields of a kind.
type reading struct {
	*statementEntry
	places   Resolver
	now      time.Time
	owner    string
	lang     i18n.Lang
	eligible []record.PartyCode
	others   []string // beneficiaries that are no parties: "Women diplomats"
}

const notStated = "not-stated"

// readBeneficiaries finds States and groups in what is said of beneficiaries.
// An organisation that has member States means these.
func (x *reading) readBeneficiaries() (codes []record.PartyCode, others []string) {
	for _, name := range x.Beneficiaries {
		found, _ := x.places.Resolve(name)
		known := false
		for _, c := range found {
			if !strings.HasPrefix(c, "@") && !isStateCode(c) {
				continue
			}
			if isStateCode(c) && slices.Contains(found, "@"+strings.ToLower(c)) {
				continue // OAS the organisation, beside @oas
			}
			known = true
			if code := record.PartyCode(c); !slices.Contains(codes, code) {
				codes = append(codes, code)
			}
		}
		if !known {
			others = append(others, name)
		}
	}
	return codes, others
}

func (x *reading) text(s string) i18n.Text {
	if s = i18n.CleanString(s); s == "" {
		return i18n.Text{}
	}
	return i18n.NewText(x.lang, s)
}

func (x *reading) title() i18n.Text { return x.text(shortText(i18n.CleanString(x.Title), 200)) }

// summary is the entry's own, and those whom it names that no code stands for.
func (x *reading) summary() i18n.Text {
	parts := []string{strings.TrimSpace(x.Summary)}
	if len(x.others) > 0 {
		parts = append(parts, "For: "+strings.Join(x.others, "; ")+".")
	}
	if said := strings.Join(x.Organisation, "; "); x.Kind == needKind && said != "" {
		if codes, ok := x.places.Resolve(said); !ok || !slices.Equal(codes, []string{x.owner}) {
			parts = append(parts, "Named in the statement: "+said+".")
		}
	}
	return x.text(shortText(strings.TrimSpace(strings.Join(parts, "\n\n")), 4000))
}

func (x *reading) provider() string {
	return shortText(i18n.CleanString(strings.Join(slices.Concat(x.Organisation, x.Implementer), "; ")), 200)
}

func (x *reading) source() record.URL { return record.URL(cmp.Or(x.Source.URL, x.URL)) }

func (x *reading) topics() []string { return slices.Clone([]string(x.Topics)) }

// ended reports whether the entry says so, or its last day has passed.
func (x *reading) ended() bool {
	end := cmp.Or(x.End, x.dayOfEvent())
	return x.Status == "ended" || x.Status == "completed" || x.Status == "closed" || end != "" && x.now.After(end.End())
}

// dayOfEvent is the end of an event of which only the start is known.
func (x *reading) dayOfEvent() record.Date {
	if x.Kind == "event" {
		return x.Start
	}
	return ""
}

func (x *reading) offerStatus() string {
	switch {
	case x.ended():
		return "closed"
	case x.Status == "proposed":
		return "proposed"
	}
	return "current"
}

func (x *reading) need() *Need {
	n := &Need{
		Title: x.title(), Topics: x.topics(), Summary: x.summary(), Timeframe: notStated,
		Start: x.Start, End: x.End, Progress: "open", Source: x.source(), Reported: x.reported(),
	}
	if x.ended() {
		n.Progress = "expired"
	}
	if strings.HasPrefix(x.Source.Doc, "OEWG 2021-25") {
		n.Process = "oewg-2021-25"
	}
	return n
}

func (x *reading) offer() *Offer {
	return &Offer{
		Title: x.title(), Topics: x.topics(), Summary: x.summary(), Provider: x.provider(), Eligible: x.eligible,
		Conditions: notStated, Cost: notStated, Start: x.Start, End: x.End, Progress: x.offerStatus(),
		Source: x.source(), Reported: x.reported(),
	}
}

func (x *reading) fund() *Fund {
	return &Fund{
		Title: x.title(), Type: x.fundType(), Topics: x.topics(), Summary: x.summary(), Modality: []string{"financial"},
		Provider: x.provider(), Eligible: x.eligible, Conditions: notStated, Progress: x.offerStatus(),
		Source: x.source(), Reported: x.reported(),
	}
}

// fundType is what the words say a fund is.
func (x *reading) fundType() string {
	said := strings.ToLower(x.Title + " " + x.provider())
	switch {
	case strings.Contains(said, "trust fund"):
		return "trust-fund"
	case x.owner == "WBG", x.owner == "IDB":
		return "development-bank"
	case x.owner == "UNDEF":
		return "un-fund"
	case strings.Contains(said, "fellowship"):
		return "fellowship-sponsorship"
	}
	return notStated
}

func (x *reading) course() *Course {
	return &Course{
		Title: x.title(), Topics: x.topics(), Summary: x.summary(), Modality: []string{x.modality()}, Provider: x.provider(),
		Eligible: x.eligible, Start: x.Start, End: x.End, Progress: x.offerStatus(),
		Conditions: notStated, Cost: notStated, Source: x.source(), Reported: x.reported(),
	}
}

func (x *reading) modality() string {
	said := strings.ToLower(x.Title)
	switch {
	case strings.Contains(said, "fellowship"):
		return "fellowship"
	case strings.Contains(said, "exercise"), strings.Contains(said, "drill"):
		return "exercise"
	case x.Kind == "event":
		return "event"
	}
	return "training"
}

func (x *reading) project() *Project {
	p := &Project{
		Title: x.title(), Topics: x.topics(), Summary: x.summary(), Progress: "running", Start: x.Start, End: x.End,
		Beneficiaries: x.eligible, Provider: x.provider(), Conditions: notStated,
		Source: x.source(), Reported: x.reported(),
	}
	switch {
	case x.ended():
		p.Progress = "completed"
	case x.Status == "proposed":
		p.Progress = "concept"
	}
	for _, name := range slices.Concat(x.Organisation, x.Implementer) {
		by := funders.FindStringSubmatch(name)
		if by != nil {
			x.partner(p, by[1], "funder")
			name = strings.Replace(name, by[0], "", 1)
		}
		x.partner(p, name, "implementer")
	}
	for _, name := range x.Funder {
		x.partner(p, name, "funder")
	}
	return p
}

// funders is who pays, in a name like "UNDP (funded by Germany)".
var funders = regexp.MustCompile(`\s*\((?:funded|supported) by ([^)]*)\)`)

// partner adds who is named to the parties of a project: by code where the
// whole name is understood, by name otherwise.
func (x *reading) partner(p *Project, name, role string) {
	add := func(y Partner) {
		if len(p.Parties) < 20 && !slices.ContainsFunc(p.Parties, func(z Partner) bool { return z.Party == y.Party && z.Name == y.Name && z.Role == y.Role }) {
			p.Parties = append(p.Parties, y)
		}
	}
	name = i18n.CleanString(name)
	codes, ok := x.places.Resolve(name)
	if !ok {
		if name != "" {
			add(Partner{Name: shortText(name, 200), Role: role})
		}
		return
	}
	for i, c := range codes {
		if strings.HasPrefix(c, "@") && i > 0 && c == "@"+strings.ToLower(codes[i-1]) {
			continue // the members of the organisation just named
		}
		add(Partner{Party: record.PartyCode(c), Role: role})
	}
}
