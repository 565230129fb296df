// Package assistance is the module that the portal is built around: a State
// says what it needs, the portal finds who offers it, both sides agree, and
// what they agreed becomes a project.
//
// Invariant: the recipient decides first, nothing counts as agreed until both
// sides accept, and a decline is seen by the two parties and nobody else.
package assistance

import (
	"strconv"
	"time"

	"concord/internal/access"
	"concord/internal/i18n"
	"concord/internal/problem"
	"concord/internal/record"
)

const (
	halfYear = 183 * 24 * time.Hour
	year     = 365 * 24 * time.Hour
	grace    = 60 * 24 * time.Hour // from the review date to the archive
)

// intergovernmental are the parties that publish for themselves.
func intergovernmental() []access.PartyKind {
	return []access.PartyKind{access.State, access.Regional, access.UNEntity, access.Secretariat}
}

// everyone also counts stakeholders, whose records the Secretariat releases.
func everyone() []access.PartyKind { return append(intergovernmental(), access.Stakeholder) }

// open lists the audiences of what is public unless its owner says otherwise.
func open() []access.Audience {
	return []access.Audience{access.Public, access.States, access.Group, access.Own}
}

// restricted lists the audiences of what States see unless its owner says
// otherwise.
func restricted() []access.Audience {
	return []access.Audience{access.States, access.Public, access.Group, access.Own}
}

// Need is what a State says it needs. Only States have needs, and only the
// State itself opens one: capacity-building is demand-driven (A/75/816, Annex
// I, para. 56).
type Need struct {
	Title      i18n.Text    `json:"title" rec:"title,required,search,max=200,section=what"`
	Topics     []string     `json:"topics" rec:"required,facet,vocab=topic,column,max=12,section=what"`
	Summary    i18n.Text    `json:"summary,omitzero" rec:"summary,long,search,max=4000,section=what"`
	Capability []string     `json:"capability,omitempty" rec:"facet,vocab=capability,section=what"`
	Modality   []string     `json:"modality,omitempty" rec:"facet,vocab=modality,section=what"`
	Timeframe  string       `json:"timeframe,omitempty" rec:"required,facet,vocab=timeframe,column,section=when"`
	Start      record.Date  `json:"start,omitempty" rec:"section=when"`
	End        record.Date  `json:"end,omitempty" rec:"date,section=when"`
	Priority   string       `json:"priority,omitempty" rec:"vocab=priority,choice,section=when"`
	Context    i18n.Text    `json:"context,omitzero" rec:"long,search,max=4000,section=context"`
	Readiness  string       `json:"readiness,omitempty" rec:"vocab=readiness,section=context"`
	Languages  []string     `json:"languages,omitempty" rec:"facet,vocab=delivery-language,section=context"`
	Mode       []string     `json:"mode,omitempty" rec:"vocab=mode,section=context"`
	Legal      i18n.Text    `json:"legal,omitzero" rec:"long,max=2000,choice,section=context"`
	Gender     i18n.Text    `json:"gender,omitzero" rec:"long,max=2000,section=context"`
	For        []string     `json:"for,omitempty" rec:"vocab=audience-group,section=context"`
	People     int          `json:"people,omitempty" rec:"max=1000000,section=context"`
	Evidence   []record.Ref `json:"evidence,omitempty" rec:"section=context"`
	SDG        []string     `json:"sdg,omitempty" rec:"vocab=sdg,section=context"`
	Office     string       `json:"office,omitempty" rec:"max=200,choice,section=contact"`
	Mandate    string       `json:"mandate,omitempty" rec:"max=200,choice,section=contact"`
	Progress   string       `json:"progress,omitempty" rec:"facet,vocab=need-status,section=contact"`
	Scope      string       `json:"scope,omitempty" rec:"vocab=scope,section=context"`
	Process    string       `json:"process,omitempty" rec:"vocab=un-process,section=context"`
	Source     record.URL   `json:"source,omitempty" rec:"section=contact"`
	Reported   i18n.Text    `json:"reported,omitzero" rec:"max=300,section=contact"`
}

// Check holds the rules between the fields of a need.
func (n *Need) Check(f *problem.Fields) { checkPeriod(n.Start, n.End, f) }

// Offer is what a State or an organisation offers. It must say whether it
// comes with conditions: help is to be without them (para. 56).
type Offer struct {
	Title       i18n.Text          `json:"title" rec:"title,required,search,max=200,section=what"`
	Topics      []string           `json:"topics" rec:"required,facet,vocab=topic,column,max=12,section=what"`
	Summary     i18n.Text          `json:"summary,omitzero" rec:"summary,long,search,max=4000,section=what"`
	Capability  []string           `json:"capability,omitempty" rec:"facet,vocab=capability,section=what"`
	Modality    []string           `json:"modality,omitempty" rec:"facet,vocab=modality,column,section=what"`
	Provider    string             `json:"provider,omitempty" rec:"max=200,search,section=what"`
	Eligible    []record.PartyCode `json:"eligible,omitempty" rec:"facet,open,section=whom"`
	Languages   []string           `json:"languages,omitempty" rec:"facet,vocab=delivery-language,section=whom"`
	For         []string           `json:"for,omitempty" rec:"vocab=audience-group,section=whom"`
	Mode        []string           `json:"mode,omitempty" rec:"facet,vocab=mode,section=whom"`
	Capacity    int                `json:"capacity,omitempty" rec:"max=1000000,section=whom"`
	Conditions  string             `json:"conditions,omitempty" rec:"required,facet,vocab=conditions,section=terms"`
	Terms       i18n.Text          `json:"conditionsText,omitzero" rec:"long,max=2000,section=terms"`
	Cost        string             `json:"cost,omitempty" rec:"facet,vocab=cost,section=terms"`
	Cooperation []string           `json:"cooperation,omitempty" rec:"facet,vocab=cooperation,section=terms"`
	Emergency   bool               `json:"emergency,omitempty" rec:"facet,section=terms"`
	Hours       int                `json:"hours,omitempty" rec:"max=8760,section=terms"`
	Start       record.Date        `json:"start,omitempty" rec:"section=terms"`
	End         record.Date        `json:"end,omitempty" rec:"date,section=terms"`
	Progress    string             `json:"progress,omitempty" rec:"facet,vocab=offer-status,section=terms"`
	Apply       i18n.Text          `json:"apply,omitzero" rec:"long,max=2000,section=contact"`
	URL         record.URL         `json:"url,omitempty" rec:"section=contact"`
	Contact     record.Email       `json:"contact,omitempty" rec:"choice,section=contact"`
	Source      record.URL         `json:"source,omitempty" rec:"section=contact"`
	Reported    i18n.Text          `json:"reported,omitzero" rec:"max=300,section=contact"`
}

// Check holds the rules between the fields of an offer.
func (o *Offer) Check(f *problem.Fields) {
	checkPeriod(o.Start, o.End, f)
	f.Check(o.Conditions != "stated" || !o.Terms.IsZero(), "conditionsText", "required")
	f.Check(!o.Emergency || o.Hours > 0, "hours", "required")
}

// Request is a call for emergency help.
type Request struct {
	Title     i18n.Text   `json:"title" rec:"title,required,search,max=200,section=what"`
	Help      []string    `json:"help" rec:"required,facet,vocab=help-type,column,section=what"`
	Impact    string      `json:"impact,omitempty" rec:"required,facet,vocab=impact,column,section=what"`
	Summary   i18n.Text   `json:"summary,omitzero" rec:"summary,long,search,max=4000,section=what"`
	Topics    []string    `json:"topics,omitempty" rec:"facet,vocab=topic,max=12,section=what"`
	Critical  bool        `json:"critical,omitempty" rec:"choice,section=what"`
	Within    int         `json:"within,omitempty" rec:"required,max=8760,section=when"`
	Languages []string    `json:"languages,omitempty" rec:"vocab=delivery-language,section=when"`
	Office    string      `json:"office,omitempty" rec:"max=200,choice,section=contact"`
	Progress  string      `json:"progress,omitempty" rec:"facet,vocab=need-status,section=contact"`
	Report    i18n.Text   `json:"report,omitzero" rec:"long,max=4000,choice,section=contact"`
	Opened    record.Date `json:"opened,omitempty" rec:"date,section=when"`
}

// Partner is one party's part in a project.
type Partner struct {
	Party            record.PartyCode `json:"party" rec:"open"`
	Name             string           `json:"name,omitempty" rec:"max=200"`
	Role             string           `json:"role" rec:"vocab=partner-role"`
	Responsibilities i18n.Text        `json:"responsibilities,omitzero" rec:"max=500"`
}

// Indicator measures a project's result.
type Indicator struct {
	Name     i18n.Text   `json:"name" rec:"max=200"`
	Baseline string      `json:"baseline,omitempty" rec:"max=60"`
	Target   string      `json:"target,omitempty" rec:"max=60"`
	Actual   string      `json:"actual,omitempty" rec:"max=60"`
	Date     record.Date `json:"date,omitempty"`
}

// Project is an activity of two sides or more. Partners write in it too.
type Project struct {
	Title          i18n.Text          `json:"title" rec:"title,required,search,max=200,section=what"`
	Purpose        i18n.Text          `json:"purpose,omitzero" rec:"search,max=300,section=what"`
	Topics         []string           `json:"topics" rec:"required,facet,vocab=topic,column,max=12,section=what"`
	Summary        i18n.Text          `json:"summary,omitzero" rec:"summary,long,search,max=6000,section=what"`
	Capability     []string           `json:"capability,omitempty" rec:"facet,vocab=capability,section=what"`
	Modality       []string           `json:"modality,omitempty" rec:"facet,vocab=modality,section=what"`
	Progress       string             `json:"progress,omitempty" rec:"required,facet,vocab=project-status,column,section=what"`
	Start          record.Date        `json:"start,omitempty" rec:"date,column,section=when"`
	End            record.Date        `json:"end,omitempty" rec:"column,section=when"`
	Beneficiaries  []record.PartyCode `json:"beneficiaries,omitempty" rec:"facet,open,section=who"`
	Provider       string             `json:"provider,omitempty" rec:"max=200,search,section=who"`
	Parties        []Partner          `json:"parties,omitempty" rec:"section=who,max=20"`
	Cooperation    []string           `json:"cooperation,omitempty" rec:"facet,vocab=cooperation,section=who"`
	Lead           string             `json:"lead,omitempty" rec:"max=200,choice,section=who"`
	Needs          []record.Ref       `json:"needs,omitempty" rec:"kind=need,section=who"`
	Seeking        bool               `json:"seeking,omitempty" rec:"facet,section=who"`
	Size           string             `json:"size,omitempty" rec:"vocab=size-class,choice,section=money"`
	Amount         int                `json:"amount,omitempty" rec:"audience=states,section=money"`
	Conditions     string             `json:"conditions,omitempty" rec:"facet,vocab=conditions,section=money"`
	Indicators     []Indicator        `json:"indicators,omitempty" rec:"section=results,max=20"`
	Women          int                `json:"women,omitempty" rec:"max=1000000,section=results"`
	Men            int                `json:"men,omitempty" rec:"max=1000000,section=results"`
	Undisclosed    int                `json:"undisclosed,omitempty" rec:"max=1000000,section=results"`
	Result         string             `json:"result,omitempty" rec:"facet,vocab=result,section=results"`
	Outcome        i18n.Text          `json:"outcome,omitzero" rec:"long,search,max=4000,section=results"`
	Lessons        i18n.Text          `json:"lessons,omitzero" rec:"long,search,max=4000,section=results"`
	Sustainability i18n.Text          `json:"sustainability,omitzero" rec:"long,max=2000,section=results"`
	SDG            []string           `json:"sdg,omitempty" rec:"vocab=sdg,section=results"`
	URL            record.URL         `json:"url,omitempty" rec:"section=results"`
	Source         record.URL         `json:"source,omitempty" rec:"section=results"`
	Reported       i18n.Text          `json:"reported,omitzero" rec:"max=300,section=results"`
}

// Check holds the rules between the fields of a project: whoever takes part is
// named.
func (p *Project) Check(f *problem.Fields) {
	checkPeriod(p.Start, p.End, f)
	for i, x := range p.Parties {
		f.Check(x.Party != "" || x.Name != "", "parties."+strconv.Itoa(i)+".party", "required")
	}
}

// Fund is a source of money.
type Fund struct {
	Title      i18n.Text          `json:"title" rec:"title,required,search,max=200,section=what"`
	Type       string             `json:"type,omitempty" rec:"required,facet,vocab=fund-type,column,section=what"`
	Topics     []string           `json:"topics" rec:"required,facet,vocab=topic,column,max=12,section=what"`
	Summary    i18n.Text          `json:"summary,omitzero" rec:"summary,long,search,max=4000,section=what"`
	Modality   []string           `json:"modality,omitempty" rec:"facet,vocab=modality,section=what"`
	Provider   string             `json:"provider,omitempty" rec:"max=200,search,section=what"`
	Pays       i18n.Text          `json:"pays,omitzero" rec:"long,max=2000,section=what"`
	Eligible   []record.PartyCode `json:"eligible,omitempty" rec:"facet,open,section=whom"`
	Size       string             `json:"size,omitempty" rec:"vocab=size-class,section=terms"`
	Conditions string             `json:"conditions,omitempty" rec:"required,facet,vocab=conditions,section=terms"`
	Criteria   i18n.Text          `json:"criteria,omitzero" rec:"long,max=4000,section=terms"`
	Progress   string             `json:"progress,omitempty" rec:"facet,vocab=offer-status,section=terms"`
	Deadline   record.Date        `json:"deadline,omitempty" rec:"date,column,section=terms"`
	Apply      i18n.Text          `json:"apply,omitzero" rec:"long,max=2000,section=contact"`
	URL        record.URL         `json:"url,omitempty" rec:"section=contact"`
	Source     record.URL         `json:"source,omitempty" rec:"section=contact"`
	Reported   i18n.Text          `json:"reported,omitzero" rec:"max=300,section=contact"`
}

// Course is an entry of the needs-based catalogue: a training, exercise,
// fellowship or conference that answers needs.
type Course struct {
	Title      i18n.Text          `json:"title" rec:"title,required,search,max=200,section=what"`
	Topics     []string           `json:"topics" rec:"required,facet,vocab=topic,column,max=12,section=what"`
	Summary    i18n.Text          `json:"summary,omitzero" rec:"summary,long,search,max=4000,section=what"`
	Aim        i18n.Text          `json:"aim,omitzero" rec:"long,search,max=2000,section=what"`
	Outputs    i18n.Text          `json:"outputs,omitzero" rec:"long,max=2000,section=what"`
	Capability []string           `json:"capability,omitempty" rec:"facet,vocab=capability,section=what"`
	Modality   []string           `json:"modality,omitempty" rec:"facet,vocab=modality,section=what"`
	Provider   string             `json:"provider,omitempty" rec:"max=200,search,section=what"`
	Level      string             `json:"level,omitempty" rec:"facet,vocab=level,section=whom"`
	Mode       []string           `json:"mode,omitempty" rec:"facet,vocab=mode,column,section=whom"`
	Languages  []string           `json:"languages,omitempty" rec:"facet,vocab=delivery-language,section=whom"`
	For        []string           `json:"for,omitempty" rec:"facet,vocab=audience-group,section=whom"`
	Eligible   []record.PartyCode `json:"eligible,omitempty" rec:"facet,open,section=whom"`
	Entry      i18n.Text          `json:"entry,omitzero" rec:"long,max=2000,section=whom"`
	Seats      int                `json:"seats,omitempty" rec:"max=1000000,section=whom"`
	Start      record.Date        `json:"start,omitempty" rec:"date,column,section=when"`
	End        record.Date        `json:"end,omitempty" rec:"section=when"`
	Deadline   record.Date        `json:"deadline,omitempty" rec:"section=when"`
	Duration   string             `json:"duration,omitempty" rec:"max=100,section=when"`
	Progress   string             `json:"progress,omitempty" rec:"facet,vocab=offer-status,section=when"`
	Conditions string             `json:"conditions,omitempty" rec:"required,facet,vocab=conditions,section=terms"`
	Cost       string             `json:"cost,omitempty" rec:"facet,vocab=cost,section=terms"`
	Apply      i18n.Text          `json:"apply,omitzero" rec:"long,max=2000,section=contact"`
	URL        record.URL         `json:"url,omitempty" rec:"section=contact"`
	Source     record.URL         `json:"source,omitempty" rec:"section=contact"`
	Reported   i18n.Text          `json:"reported,omitzero" rec:"max=300,section=contact"`
}

// Check holds the rules between the fields of a course.
func (c *Course) Check(f *problem.Fields) { checkPeriod(c.Start, c.End, f) }

func checkPeriod(start, end record.Date, f *problem.Fields) {
	f.Check(start == "" || end == "" || end.End().After(start.Start()), "end", "ends-before-start")
}
