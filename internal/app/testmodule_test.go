package app

import (
	"testing/fstest"

	"concord/internal/access"
	"concord/internal/i18n"
	"concord/internal/problem"
	"concord/internal/record"
	"concord/internal/web"
)

// This file is a module as somebody would add one: four unlike kinds and their
// words. Whatever else the portal does with them, it does by itself; that this
// is so, and that this file is short, is tested in module_test.go.

// lesson is the smallest kind: what was learned, and about what.
type lesson struct {
	Title  i18n.Text `json:"title" rec:"title,required,search,max=200"`
	Topics []string  `json:"topics" rec:"required,facet,vocab=topic,column,max=12"`
	Lesson i18n.Text `json:"lesson,omitzero" rec:"summary,long,search,max=4000"`
}

// document is a text in several languages and versions.
type document struct {
	Title   i18n.Text    `json:"title" rec:"title,required,search,max=200,section=what"`
	Topics  []string     `json:"topics,omitempty" rec:"facet,vocab=topic,max=12,section=what"`
	Summary i18n.Text    `json:"summary,omitzero" rec:"summary,long,search,max=4000,section=what"`
	Symbol  string       `json:"symbol,omitempty" rec:"search,column,max=60,section=what"`
	Issued  record.Date  `json:"issued,omitempty" rec:"date,column,section=when"`
	Files   []file       `json:"files,omitempty" rec:"max=20,section=what"`
	Replace record.Ref   `json:"replaces,omitempty" rec:"kind=document,section=what"`
	Related []record.Ref `json:"related,omitempty" rec:"section=what"`
}

// file is a document in one language and version.
type file struct {
	Language string     `json:"language" rec:"vocab=delivery-language"`
	Version  string     `json:"version" rec:"required,max=20"`
	URL      record.URL `json:"url" rec:"required"`
}

// event is a meeting: its hours are those of the clock on its wall.
type event struct {
	Title   i18n.Text        `json:"title" rec:"title,required,search,max=200,section=what"`
	Topics  []string         `json:"topics,omitempty" rec:"facet,vocab=topic,max=12,section=what"`
	Summary i18n.Text        `json:"summary,omitzero" rec:"summary,long,search,max=4000,section=what"`
	Starts  record.Moment    `json:"starts,omitzero" rec:"required,date,column,section=when"`
	Ends    record.Moment    `json:"ends,omitzero" rec:"section=when"`
	Repeat  string           `json:"repeat,omitempty" rec:"max=200,section=when"` // an RRULE of RFC 5545
	Host    record.PartyCode `json:"host,omitempty" rec:"facet,section=what"`
	Online  bool             `json:"online,omitempty" rec:"facet,section=what"`
	Dial    string           `json:"dial,omitempty" rec:"choice,search,facet,max=300,section=what"`
}

// Check holds the rules between the fields of an event.
func (e *event) Check(f *problem.Fields) {
	start, _ := e.Starts.Time()
	end, ok := e.Ends.Time()
	f.Check(!ok || end.After(start), "ends", "ends-before-start")
}

// contact is a point of contact. It is never public, and its owner may keep
// the telephone for fewer still.
type contact struct {
	Name  i18n.Text    `json:"name" rec:"title,required,search,max=200,section=contact"`
	Work  string       `json:"work,omitempty" rec:"column,search,max=200,section=contact"`
	Phone string       `json:"phone,omitempty" rec:"choice,search,max=60,section=contact"`
	Mail  record.Email `json:"mail,omitempty" rec:"audience=states,section=contact"`
}

// library declares the module.
func library() (web.Module, error) {
	all := []access.PartyKind{access.State, access.Regional, access.UNEntity, access.Stakeholder, access.Secretariat}
	open := []access.Audience{access.Public, access.States, access.Group, access.Own}
	m := web.Module{
		Name: "library", Nav: []web.NavItem{{Key: "kind.documents", Path: "/documents"}, {Key: "kind.events", Path: "/events"}},
		Messages: fstest.MapFS{"en.json": {Data: []byte(libraryWords)}},
	}
	var failed error
	add := func(k *record.Kind, err error) {
		m.Kinds = append(m.Kinds, k)
		if err != nil {
			failed = err
		}
	}
	add(record.NewKind[lesson](record.Kind{
		Name: "lesson", Plural: "lessons", KindRule: access.KindRule{Authors: all, Audiences: open},
	}))
	add(record.NewKind[document](record.Kind{
		Name: "document", Plural: "documents", Sections: []string{"what", "when"}, KindRule: access.KindRule{Authors: all, Audiences: open},
	}))
	add(record.NewKind[event](record.Kind{
		Name: "event", Plural: "events", Sections: []string{"what", "when"}, KindRule: access.KindRule{Authors: all, Audiences: open},
	}))
	add(record.NewKind[contact](record.Kind{
		Name: "contact", Plural: "contacts", Sections: []string{"contact"}, Review: halfYear,
		KindRule: access.KindRule{Authors: all[:3], Audiences: open[1:]},
	}))
	return m, failed
}

const halfYear = 183 * 24 * 60 * 60 * 1e9

const libraryWords = `{
"kind.lesson": "Lesson", "kind.lessons": "Lessons learned", "kind.document": "Document", "kind.documents": "Documents",
"kind.event": "Event", "kind.events": "Events", "kind.contact": "Contact", "kind.contacts": "Points of contact",
"lead.lesson": "What was learned.", "lead.document": "What was written.", "lead.event": "What takes place.", "lead.contact": "Whom to call.",
"new.lesson": "Write a lesson", "new.document": "Add a document", "new.event": "Announce an event", "new.contact": "Name a contact",
"form.lead.lesson": "Say what you learned.", "form.lead.document": "Say where it is.", "form.lead.event": "Say when it is.", "form.lead.contact": "Say who it is.",
"count.lesson": {"one": "{0} lesson", "other": "{0} lessons"}, "count.document": {"one": "{0} document", "other": "{0} documents"},
"count.event": {"one": "{0} event", "other": "{0} events"}, "count.contact": {"one": "{0} contact", "other": "{0} contacts"},
"empty.lesson": "No lessons yet", "empty.document": "No documents yet", "empty.event": "No events yet", "empty.contact": "No contacts yet",
"empty.who.lesson": "Anybody with an account.", "empty.who.document": "Anybody.", "empty.who.event": "Anybody.", "empty.who.contact": "States.",
"field.lesson": "Lesson", "field.symbol": "Symbol", "field.issued": "Issued", "field.files": "Files", "field.files.language": "Language",
"field.files.version": "Version", "field.files.url": "Address", "field.replaces": "Replaces", "field.related": "Related",
"field.starts": "Starts", "field.ends": "Ends", "field.repeat": "Repeats", "field.host": "Host", "field.online": "Online",
"field.dial": "How to join", "field.work": "Function", "field.phone": "Telephone", "field.mail": "E-mail"
}`
