package web

import (
	"slices"

	"github.com/a-h/templ"

	"concord/internal/access"
	"concord/internal/door"
	"concord/internal/web/ui"
)

// sharing asks who may see the record, apart from everything else, and says by
// name who that is.
func (e *entry) sharing() []templ.Component {
	if e.rec != nil && !access.MayShare(e.q.Actor, e.rec.Subject(), e.k.KindRule) {
		return nil
	}
	chosen := access.Audience(e.values.Get("audience"))
	if chosen == "" {
		chosen = e.k.Audiences[0]
	}
	question := ui.AudienceQuestion{Field: ui.Field{
		ID: "audience", Name: "audience", Label: e.q.T("form.audience"), Hint: e.q.T("form.audience.hint"),
		Error: e.wrong("audience") + e.wrong("groups"),
	}}
	for _, a := range access.Audiences() {
		if !e.k.Allows(a) && a != access.Sealed {
			continue
		}
		choice := ui.AudienceChoice{
			Audience: ui.Audience(a), Label: e.q.T("audience." + string(a)), Explain: e.q.T("audience." + string(a) + ".explain"),
			Chosen: a == chosen, Disabled: a == access.Sealed,
		}
		if a == access.Sealed {
			choice.Explain = e.q.T("error.sealed-not-yet")
		}
		if a == access.Group {
			choice.More = ui.PartyPicker{
				Field: ui.Field{ID: "groups", Name: "groups", Label: e.q.T("form.groups"), Hint: e.q.T("form.groups.hint")},
				Many:  true, Groups: e.s.partyGroups(e.q, true, e.values["groups"]),
			}
		}
		question.Choices = append(question.Choices, choice)
	}
	preview := e.s.Readers(e.q, chosen, named(e.values), e.owner())
	preview.Again = &ui.Button{Text: e.q.T("form.preview"), Name: "_preview", Value: "1", NoCheck: true, Action: e.action + "#p-audience"}
	question.Preview = &preview
	parts := []templ.Component{ui.FormPart{ID: "p-audience", Key: true, Body: question}}
	if narrow := e.narrow(chosen); narrow != nil {
		parts = append(parts, narrow)
	}
	return parts
}

func (e *entry) owner() string {
	if e.rec != nil {
		return e.rec.Owner
	}
	return e.q.Actor.Party
}

// narrow asks which of the fields that may be kept for fewer readers are.
func (e *entry) narrow(chosen access.Audience) templ.Component {
	var selects []templ.Component
	open := e.wrong("narrowed") != ""
	for _, f := range e.k.Fields {
		if !f.Choice {
			continue
		}
		name := "_narrow." + f.Name
		open = open || e.values.Get(name) != ""
		sel := ui.Select{
			Field: ui.Field{ID: fieldID(name), Name: name, Label: Label(e.q, e.k, f.Name)},
			Empty: e.q.T("form.as_record"),
		}
		for _, a := range []access.Audience{access.States, access.Group, access.Own} {
			if chosen.Wider(a) || string(a) == e.values.Get(name) {
				sel.Options = append(sel.Options, ui.Option{Value: string(a), Label: e.q.T("audience." + string(a)), Chosen: e.values.Get(name) == string(a)})
			}
		}
		if len(sel.Options) > 0 {
			selects = append(selects, sel)
		}
	}
	if len(selects) == 0 {
		return nil
	}
	return ui.FormPart{
		ID: "narrowed", Heading: e.q.T("form.narrow"), Text: e.q.T("form.narrow.hint"), Note: e.q.T("form.optional"),
		Fold: true, Open: open, Body: ui.Join(selects...),
	}
}

// Readers says by name who would read a record of the owner with an audience.
func (s *Site) Readers(q *door.Req, a access.Audience, names []string, owner string) ui.Readers {
	r := ui.Readers{
		Heading: q.T("audience.who_sees"), AudienceMark: ui.AudienceMark{Audience: ui.Audience(a), Word: AudienceWord(q, a, names)},
	}
	states := len(q.Dir.Parties(q.Lang, access.State))
	switch a {
	case access.Public:
		r.Sentence = q.T("readers.public")
	case access.States:
		r.Sentence, r.Not = q.T("readers.states", states), q.T("readers.not.states")
		r.More = &ui.Link{Text: q.T("readers.list"), Href: s.at(q, "/parties")}
	case access.Group:
		codes := q.Dir.Readers(names)
		codes = slices.DeleteFunc(codes, func(c string) bool { return c == owner })
		for _, code := range q.Dir.Order(q.Lang) {
			if slices.Contains(codes, code) {
				r.Names = append(r.Names, ui.Plain(q.Dir.Name(code, q.Lang)))
			}
		}
		r.Sentence, r.Not = q.T("readers.group", len(r.Names), q.Dir.Name(owner, q.Lang)), q.T("readers.not.group")
	default:
		r.Sentence, r.Not = q.T("readers.own", q.Dir.Name(owner, q.Lang)), q.T("readers.not.own")
	}
	return r
}
