package assistance

import (
	"slices"

	"github.com/a-h/templ"

	"concord/internal/access"
	"concord/internal/door"
	"concord/internal/i18n"
	"concord/internal/modules/assistance/checklists"
	"concord/internal/problem"
	"concord/internal/record"
	"concord/internal/web"
	"concord/internal/web/ui"
)

// The two lists of questions.
const (
	principles = "principles"
	gender     = "gender"
)

// The sides that answer them.
const (
	provider  = "provider"
	recipient = "recipient"
)

// question is one question of either list.
type question struct {
	id    string
	group string // code, "" for none
	text  i18n.Text
	hint  i18n.Text
}

// questions are those of a list that are asked in a phase.
func (h *handlers) questions(list, phase string) []question {
	var qs []question
	if list == gender {
		for _, g := range h.lists.GenderIn(phase) {
			qs = append(qs, question{g.ID, "", g.Question, g.Hint})
		}
		return qs
	}
	for _, p := range h.lists.PrinciplesIn(phase) {
		qs = append(qs, question{p.ID, p.Group, p.Question, p.Wording})
	}
	return qs
}

func (h *handlers) phases(list string) []checklists.Choice {
	if list == gender {
		return h.lists.GenderPhases
	}
	return h.lists.Phases
}

// checklistPanel leads from a project, offer or course to its checklists, for
// those who can fill them in.
func (h *handlers) checklistPanel(q *door.Req, r *record.Record) ([]templ.Component, error) {
	if _, ok := sideOf(q.Actor, r); !ok {
		return nil, nil
	}
	p := ui.Panel{Heading: q.T("checklist.title")}
	for _, list := range []string{principles, gender} {
		for _, phase := range h.phases(list) {
			label, _ := phase.Label.In(q.Lang)
			p.Links = append(p.Links, ui.Link{
				Text: q.T("checklist." + list), Note: label,
				Href: web.At(q, "/checklists/"+r.ID+"?kind="+r.Kind+"&list="+list+"&phase="+phase.Code),
			})
		}
	}
	return []templ.Component{p}, nil
}

// sideOf is the side on which the actor's party takes part in the record: a
// State that benefits is the recipient, everybody else in it provides.
func sideOf(a access.Actor, r *record.Record) (string, bool) {
	if !writes(a) || a.Party != r.Owner && !slices.Contains(r.Partners, a.Party) {
		return "", false
	}
	if p, ok := r.Body.(*Project); ok {
		if slices.Contains(p.Beneficiaries, record.PartyCode(a.Party)) {
			return recipient, true
		}
	}
	return provider, true
}

// sheet is a checklist being looked at.
type sheet struct {
	about       *record.Record
	list, phase string
	side        string
	mine        *record.Record // the reader's own answers, nil before the first
	views       map[string]*Checklist
}

func (s *sheet) key(party string) string {
	return "checklist:" + s.about.ID + ":" + party + ":" + s.list + ":" + s.phase
}

// open reads which checklist the address means and the answers of both sides.
func (h *handlers) open(q *door.Req) (*sheet, error) {
	v := q.URL.Query()
	s := &sheet{list: v.Get("list"), phase: v.Get("phase"), views: map[string]*Checklist{}}
	kind := v.Get("kind")
	if !slices.Contains([]string{projectKind, offerKind, courseKind}, kind) || s.list != principles && s.list != gender ||
		!slices.ContainsFunc(h.phases(s.list), func(c checklists.Choice) bool { return c.Code == s.phase }) {
		return nil, problem.New(problem.NotFound, "")
	}
	var err error
	if s.about, err = h.site.Store.Get(q.Context(), q.Actor, kind, q.PathValue("about")); err != nil {
		return nil, err
	}
	var ok bool
	if s.side, ok = sideOf(q.Actor, s.about); !ok {
		return nil, problem.New(problem.Forbidden, "checklist")
	}
	for _, party := range append([]string{s.about.Owner}, s.about.Partners...) {
		id, err := h.site.Store.ByKey(q.Context(), q.Actor, s.key(party))
		if err != nil {
			return nil, err
		}
		if id == "" {
			continue
		}
		r, err := h.site.Store.Get(q.Context(), q.Actor, checklistKind, id)
		if err != nil {
			return nil, err
		}
		c := r.Body.(*Checklist)
		s.views[c.Side] = c
		if party == q.Actor.Party {
			s.mine = r
		}
	}
	return s, nil
}

// checklistForm shows both sides' answers beside each other, and asks for the
// reader's own.
func (h *handlers) checklistForm(q *door.Req) error {
	s, err := h.open(q)
	if err != nil {
		return err
	}
	title := q.T("checklist." + s.list)
	var phase string
	tabs := ui.Tabs{Label: q.T("checklist.phases")}
	for _, p := range h.phases(s.list) {
		label, _ := p.Label.In(q.Lang)
		if p.Code == s.phase {
			phase = label
		}
		tabs.Items = append(tabs.Items, ui.Link{Text: label, Current: p.Code == s.phase, Href: "?kind=" + s.about.Kind + "&list=" + s.list + "&phase=" + p.Code})
	}
	name := h.site.TitleOf(q, s.about).Text
	body := []templ.Component{ui.Title{Text: title, Kicker: phase, Lead: q.T("checklist.lead")}, tabs}
	if len(s.views) > 0 { // once somebody has answered
		body = append(body, h.sideBySide(q, s))
	}
	body = append(body, h.answerForm(q, s))
	return h.site.Show(q, web.Page{
		Title: title, Body: body,
		Crumbs: []ui.Link{{Text: name, Href: h.site.Path(q, s.about)}, {Text: title}},
	})
}

func (h *handlers) sideBySide(q *door.Req, s *sheet) ui.Checklist {
	c := ui.Checklist{
		Caption: q.T("checklist.caption"), Question: q.T("checklist.question"), Provider: q.T("checklist.provider"),
		Recipient: q.T("checklist.recipient"), Differs: q.T("checklist.differs"), Missing: q.T("checklist.missing"),
	}
	group := ""
	for _, x := range h.questions(s.list, s.phase) {
		text, _ := x.text.In(q.Lang)
		item := ui.CheckItem{Number: x.id, Question: text}
		if x.group != group {
			group = x.group
			for _, g := range h.lists.Groups {
				if g.Code == group {
					item.Group, _ = g.Label.In(q.Lang)
				}
			}
		}
		a, b := s.views[provider].answer(x.id), s.views[recipient].answer(x.id)
		item.Provider, item.Recipient = h.answered(q, a), h.answered(q, b)
		item.Differs = a.Value != "" && b.Value != "" && a.Value != b.Value
		c.Items = append(c.Items, item)
	}
	return c
}

// answer is the side's answer to a question; of no checklist, none.
func (c *Checklist) answer(id string) Answer {
	if c != nil {
		for _, a := range c.Answers {
			if a.Question == id {
				return a
			}
		}
	}
	return Answer{}
}

func (h *handlers) answered(q *door.Req, a Answer) ui.Phrase {
	for _, x := range h.lists.Answers {
		if x.Code == a.Value && a.Value != checklists.NotAssessed {
			label, _ := x.Label.In(q.Lang)
			if note, _ := a.Note.In(q.Lang); note != "" {
				label += q.T("form.colon") + note
			}
			return ui.Plain(label)
		}
	}
	return ui.Phrase{}
}

func (h *handlers) answerForm(q *door.Req, s *sheet) templ.Component {
	mine := s.views[s.side]
	if s.mine != nil {
		mine = s.mine.Body.(*Checklist)
	}
	var fields []templ.Component
	for _, x := range h.questions(s.list, s.phase) {
		text, _ := x.text.In(q.Lang)
		hint, _ := x.hint.In(q.Lang)
		given := mine.answer(x.id)
		sel := ui.Select{Field: ui.Field{ID: "a-" + x.id, Name: "a." + x.id, Label: x.id + " " + text, Hint: hint}}
		for _, c := range h.lists.Answers {
			label, _ := c.Label.In(q.Lang)
			sel.Options = append(sel.Options, ui.Option{Value: c.Code, Label: label, Chosen: c.Code == given.Value || given.Value == "" && c.Code == checklists.NotAssessed})
		}
		note, _ := given.Note.In(q.Lang)
		fields = append(fields, ui.Columns{sel, ui.TextInput{
			Field: ui.Field{ID: "n-" + x.id, Name: "n." + x.id, Label: q.T("checklist.note", x.id), Optional: q.T("form.optional")},
			Value: note, MaxLength: 500,
		}})
	}
	tension := ui.TextArea{Field: ui.Field{Name: "tension", Label: q.T("checklist.tension"), Hint: q.T("checklist.tension.hint"), Optional: q.T("form.optional")}, Rows: 3, MaxLength: 2000}
	if mine != nil {
		tension.Value, _ = mine.Tension.In(q.Lang)
	}
	return ui.Section{ID: "answers", Heading: q.T("checklist.mine"), Note: q.T("checklist." + s.side), Body: ui.Form{
		Action: q.URL.RequestURI(), Body: ui.Join(append(fields, tension)...),
		Buttons: []ui.Button{{Text: q.T("checklist.save"), Rank: ui.Primary}}, Cancel: &ui.Link{Text: q.T("form.cancel"), Href: h.site.Path(q, s.about)},
	}}
}

// checklistSave keeps the answers of the reader's side.
func (h *handlers) checklistSave(q *door.Req) error {
	if err := q.ParseForm(); err != nil {
		return problem.New(problem.BadRequest, "form")
	}
	s, err := h.open(q)
	if err != nil {
		return err
	}
	title := h.site.Kinds().Kind(s.about.Kind).Title(s.about.Body)
	c := &Checklist{Title: title, About: record.Ref(s.about.ID), List: s.list, Side: s.side, Phase: s.phase}
	for _, x := range h.questions(s.list, s.phase) {
		value := q.PostForm.Get("a." + x.id)
		if !h.lists.ValidAnswer(value) || value == checklists.NotAssessed {
			continue
		}
		a := Answer{Question: x.id, Value: value}
		if note := i18n.CleanString(q.PostForm.Get("n." + x.id)); note != "" {
			a.Note = i18n.NewText(q.Lang, note)
		}
		c.Answers = append(c.Answers, a)
	}
	if text := i18n.CleanString(q.PostForm.Get("tension")); text != "" {
		c.Tension = i18n.NewText(q.Lang, text)
	}
	err = h.site.Store.Do(q.Context(), q.Actor, func(w *record.Writer) error {
		if s.mine != nil {
			_, err := w.UpdateOpen(checklistKind, s.mine.ID, s.mine.Revision, record.Change{Body: c})
			return err
		}
		others := slices.DeleteFunc(append([]string{s.about.Owner}, s.about.Partners...), func(p string) bool { return p == q.Actor.Party })
		_, err := w.CreateOpen(record.Draft{Kind: checklistKind, Audience: access.Own, Partners: others, Body: c, Keys: []string{s.key(q.Actor.Party)}})
		return err
	})
	if err != nil {
		return err
	}
	return web.Redirect(q, q.URL.RequestURI(), "saved")
}
