package assistance

import (
	"concord/internal/access"
	"concord/internal/i18n"
	"concord/internal/record"
)

// The names of the kinds.
const (
	needKind      = "need"
	offerKind     = "offer"
	requestKind   = "request"
	projectKind   = "project"
	fundKind      = "fund"
	courseKind    = "course"
	matchKind     = "match"
	checklistKind = "checklist"
)

// Kinds declares the module's kinds, in the order in which people see them.
func Kinds() ([]*record.Kind, error) {
	var all []*record.Kind
	var failed error
	add := func(k *record.Kind, err error) {
		if err != nil && failed == nil {
			failed = err
		}
		all = append(all, k)
	}
	states := []access.PartyKind{access.State}
	add(record.NewKind[Need](record.Kind{
		Name: needKind, Plural: "needs", Review: halfYear, Expire: grace,
		KindRule: access.KindRule{Authors: states, Audiences: restricted()},
		Sections: []string{"what", "when", "context", "contact"},
	}))
	add(record.NewKind[Offer](record.Kind{
		Name: offerKind, Plural: "offers", Review: halfYear, Expire: grace,
		KindRule: access.KindRule{Authors: everyone(), Audiences: open()},
		Sections: []string{"what", "whom", "terms", "contact"},
	}))
	add(record.NewKind[Fund](record.Kind{
		Name: fundKind, Plural: "funds", Review: year,
		KindRule: access.KindRule{Authors: everyone(), Audiences: open()},
		Sections: []string{"what", "whom", "terms", "contact"},
	}))
	add(record.NewKind[Course](record.Kind{
		Name: courseKind, Plural: "courses", Review: year,
		KindRule: access.KindRule{Authors: everyone(), Audiences: open()},
		Sections: []string{"what", "whom", "when", "terms", "contact"},
	}))
	add(record.NewKind[Project](record.Kind{
		Name: projectKind, Plural: "projects", Review: year,
		KindRule: access.KindRule{Authors: everyone(), Audiences: open(), Joint: true},
		Sections: []string{"what", "when", "who", "money", "results"},
	}))
	add(record.NewKind[Request](record.Kind{
		Name: requestKind, Plural: "requests", Review: halfYear / 6, Expire: grace,
		KindRule: access.KindRule{Authors: states, Audiences: restricted()},
		Sections: []string{"what", "when", "contact"},
	}))
	add(record.NewKind[Match](record.Kind{
		Name: matchKind, Plural: "matches", Internal: true,
		KindRule: access.KindRule{Authors: everyone(), Audiences: []access.Audience{access.Own}, Joint: true},
	}))
	add(record.NewKind[Checklist](record.Kind{
		Name: checklistKind, Plural: "checklists", Internal: true,
		KindRule: access.KindRule{Authors: everyone(), Audiences: []access.Audience{access.Own, access.Public, access.States}, Joint: true},
	}))
	return all, failed
}

// Match is the dated dialogue between the State that has a need and the party
// that offers something for it. Its owner is whoever began it, the other side
// is its partner; nobody else reads it, at any time.
type Match struct {
	Title     i18n.Text        `json:"title" rec:"title,max=200"` // of the offer
	Need      record.Ref       `json:"need" rec:"kind=need"`
	Offer     record.Ref       `json:"offer"`
	Recipient record.PartyCode `json:"recipient" rec:"facet"`
	Provider  record.PartyCode `json:"provider" rec:"facet"`
	Stage     string           `json:"stage" rec:"facet,max=20"` // see stages
	// The days of the steps, RFC 3339 in UTC; "" is not yet.
	Asked           string     `json:"asked" rec:"max=40"`
	Answered        string     `json:"answered,omitempty" rec:"max=40"`
	RecipientAgreed string     `json:"recipientAgreed,omitempty" rec:"max=40"`
	ProviderAgreed  string     `json:"providerAgreed,omitempty" rec:"max=40"`
	Ended           string     `json:"ended,omitempty" rec:"max=40"`
	Confirmed       string     `json:"confirmed,omitempty" rec:"max=40"`
	Project         record.Ref `json:"project,omitempty" rec:"kind=project"`
	Messages        []Message  `json:"messages,omitempty" rec:"max=200"`
}

// Message is one contribution to the dialogue.
type Message struct {
	At    string           `json:"at" rec:"max=40"`
	Party record.PartyCode `json:"party"`
	Text  i18n.Text        `json:"text" rec:"long,max=4000"`
}

// Checklist is one side's answers to the paragraph 56 or the gender questions
// about a project, offer or course.
type Checklist struct {
	Title   i18n.Text  `json:"title" rec:"title,max=200"` // of what it is about
	About   record.Ref `json:"about"`
	List    string     `json:"list" rec:"max=20"`  // principles or gender
	Side    string     `json:"side" rec:"max=20"`  // provider, recipient or joint
	Phase   string     `json:"phase" rec:"max=20"` // design, execution, evaluation; planning, delivery, evaluation
	Answers []Answer   `json:"answers,omitempty" rec:"max=60"`
	Tension i18n.Text  `json:"tension,omitzero" rec:"long,max=2000"`
}

// Answer is one question's.
type Answer struct {
	Question string    `json:"question" rec:"max=10"`
	Value    string    `json:"value" rec:"max=20"`
	Note     i18n.Text `json:"note,omitzero" rec:"max=500"`
}
