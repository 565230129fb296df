package web

import (
	"errors"
	"strconv"

	"github.com/a-h/templ"

	"concord/internal/access"
	"concord/internal/door"
	"concord/internal/i18n"
	"concord/internal/problem"
	"concord/internal/record"
	"concord/internal/web/ui"
)

// ask shows what a move does before it is done.
func (s *Site) ask(k *record.Kind) door.Handler {
	return func(q *door.Req) error {
		r, err := s.Store.Get(q.Context(), q.Actor, k.Name, q.PathValue("id"))
		if err != nil {
			return err
		}
		return s.showAsk(q, k, r, nil)
	}
}

func (s *Site) showAsk(q *door.Req, k *record.Kind, r *record.Record, problems []problem.Field) error {
	act := access.Action(q.FormValue("to"))
	if _, ok := access.Move(q.Actor, act, r.Subject()); !ok {
		return problem.New(problem.Forbidden, "forbidden."+known(act))
	}
	rank := ui.Primary
	if act == access.Withdraw || act == access.Reject {
		rank = ui.Dangerous
	}
	e := &entry{s: s, q: q, k: k, problems: problems, rec: r}
	note := ui.TextArea{Field: ui.Field{
		ID: "note", Name: "note", Label: q.T("field.note"), Hint: q.T("hint.note"), Error: e.wrong("note"),
		Optional: q.T("form.optional"),
	}, Rows: 3, MaxLength: 1000}
	if act == access.Return || act == access.Reject {
		note.Optional, note.Required = "", true
	}
	title := q.T("act." + string(act))
	readers := s.Readers(q, r.Audience, r.Named, r.Owner)
	body := ui.Join(note)
	if act == access.Publish || act == access.Restore {
		body = ui.Join(readers, note)
	}
	ask := ui.Ask{
		Title: q.T("ask."+string(act), s.TitleOf(q, r).Text), Text: q.T("ask." + string(act) + ".text"),
		Form: ui.Form{
			Action: s.Path(q, r) + "/move", Hidden: []ui.Pair{{Name: "to", Value: string(act)}, {Name: "_revision", Value: itoa(r.Revision)}},
			Body: body, Buttons: []ui.Button{{Text: title, Rank: rank}}, Cancel: &ui.Link{Text: q.T("form.cancel"), Href: s.Path(q, r)},
		},
	}
	status := 0
	if len(problems) > 0 {
		status = 422
	}
	name := s.TitleOf(q, r).Text
	return s.Show(q, Page{
		Title: title, Status: status, Errors: e.errors(),
		Crumbs: []ui.Link{{Text: q.T("kind." + k.Plural), Href: s.at(q, "/"+k.Plural)}, {Text: name, Href: s.Path(q, r)}, {Text: title}},
		Body:   []templ.Component{ask},
	})
}

// known keeps what a client typed out of message keys.
func known(act access.Action) string {
	switch act {
	case access.Publish, access.Submit, access.Return, access.Reject, access.Archive, access.Withdraw, access.Restore, access.Confirm:
		return string(act)
	}
	return "edit"
}

// move takes the record along its lifecycle, or confirms it.
func (s *Site) move(k *record.Kind) door.Handler {
	return func(q *door.Req) error {
		if err := q.ParseForm(); err != nil {
			return badForm(err)
		}
		id, act := q.PathValue("id"), access.Action(q.PostForm.Get("to"))
		if act == access.Confirm {
			r, err := s.Store.Confirm(q.Context(), q.Actor, k.Name, id)
			if err != nil {
				return err
			}
			return Redirect(q, s.Path(q, r), "confirmed")
		}
		revision, _ := strconv.Atoi(q.PostForm.Get("_revision"))
		r, err := s.Store.Move(q.Context(), q.Actor, k.Name, id, revision, act, i18n.CleanString(q.PostForm.Get("note")))
		if p, ok := errors.AsType[*problem.Error](err); ok && p.Kind == problem.Invalid {
			r, getErr := s.Store.Get(q.Context(), q.Actor, k.Name, id)
			if getErr != nil {
				return getErr
			}
			if len(p.Fields) == 1 && p.Fields[0].Name == "note" {
				return s.showAsk(q, k, r, p.Fields)
			}
			// What is not complete cannot be published: straight to the form.
			return s.showForm(q, &entry{s: s, q: q, k: k, values: formValues(k, r), rec: r, problems: p.Fields})
		}
		if problem.Is(err, problem.Conflict) {
			return s.late(q, k, id, act, err)
		}
		if err != nil {
			return err
		}
		return Redirect(q, s.Path(q, r), "moved-"+string(r.Status))
	}
}

// late is the answer to a move that came after somebody else's change: what
// the actor may not do in any case is refused for that.
func (s *Site) late(q *door.Req, k *record.Kind, id string, act access.Action, conflict error) error {
	r, err := s.Store.Get(q.Context(), q.Actor, k.Name, id)
	if err != nil {
		return err
	}
	if _, may := access.Move(q.Actor, act, r.Subject()); !may {
		return problem.New(problem.Forbidden, "forbidden."+known(act))
	}
	return conflict
}
