package web

import (
	"crypto/rand"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"concord/internal/access"
	"concord/internal/door"
	"concord/internal/i18n"
	"concord/internal/problem"
	"concord/internal/record"
	"concord/internal/web/ui"
)

// newForm asks for a new record. A module may send the reader here with
// answers already filled in, as parameters.
func (s *Site) newForm(k *record.Kind) door.Handler {
	return func(q *door.Req) error {
		if !access.MayCreate(q.Actor, k.KindRule) {
			return problem.New(problem.Forbidden, "forbidden.create")
		}
		return s.showForm(q, &entry{s: s, q: q, k: k, values: q.URL.Query()})
	}
}

// create makes the record, or shows the form again with what was typed.
func (s *Site) create(k *record.Kind) door.Handler {
	return func(q *door.Req) error {
		if err := q.ParseForm(); err != nil {
			return badForm(err)
		}
		e := &entry{s: s, q: q, k: k, values: q.PostForm}
		if again(q.PostForm) {
			return s.showForm(q, e)
		}
		body, err := e.read()
		if err != nil {
			return s.again(q, e, err)
		}
		d := record.Draft{Kind: k.Name, Body: body, Once: q.PostForm.Get("_once")}
		d.Audience, d.Named = access.Audience(q.PostForm.Get("audience")), named(q.PostForm)
		d.Narrowed = narrowed(k, q.PostForm)
		r, err := s.Store.Create(q.Context(), q.Actor, d, then(q.PostForm)...)
		if err != nil {
			return s.again(q, e, err)
		}
		return Redirect(q, s.Path(q, r), "created-"+string(r.Status))
	}
}

func (s *Site) editForm(k *record.Kind) door.Handler {
	return func(q *door.Req) error {
		r, err := s.editable(q, k)
		if err != nil {
			return err
		}
		return s.showForm(q, &entry{s: s, q: q, k: k, values: formValues(k, r), rec: r})
	}
}

// formValues is a record as its form shows it.
func formValues(k *record.Kind, r *record.Record) url.Values {
	v := k.Flatten(r.Body)
	v.Set("audience", string(r.Audience))
	v["groups"] = r.Named
	for name, a := range r.Narrowed {
		v.Set("_narrow."+name, string(a))
	}
	v.Set("_revision", strconv.Itoa(r.Revision))
	return v
}

func (s *Site) editable(q *door.Req, k *record.Kind) (*record.Record, error) {
	r, err := s.Store.Get(q.Context(), q.Actor, k.Name, q.PathValue("id"))
	if err != nil {
		return nil, err
	}
	if !access.MayEdit(q.Actor, r.Subject(), k.KindRule) {
		return nil, problem.New(problem.Forbidden, "forbidden.edit")
	}
	return r, nil
}

// update changes the record, or shows the form again with what was typed. If
// somebody else was faster, the writer is told, keeps their text and sees
// what the record says now.
func (s *Site) update(k *record.Kind) door.Handler {
	return func(q *door.Req) error {
		if err := q.ParseForm(); err != nil {
			return badForm(err)
		}
		r, err := s.Store.Get(q.Context(), q.Actor, k.Name, q.PathValue("id"))
		if err != nil {
			return err
		}
		e := &entry{s: s, q: q, k: k, values: q.PostForm, rec: r}
		if again(q.PostForm) {
			return s.showForm(q, e)
		}
		body, err := e.read()
		if err != nil {
			return s.again(q, e, err)
		}
		revision, _ := strconv.Atoi(q.PostForm.Get("_revision"))
		if revision < 1 {
			return problem.New(problem.BadRequest, "form")
		}
		change := record.Change{Body: body, Note: i18n.CleanString(q.PostForm.Get("note"))}
		if access.MayShare(q.Actor, r.Subject(), k.KindRule) && q.PostForm.Has("audience") {
			audience, names, narrow := access.Audience(q.PostForm.Get("audience")), named(q.PostForm), narrowed(k, q.PostForm)
			change.Audience, change.Named, change.Narrowed = &audience, &names, &narrow
		}
		var moved *record.Record
		err = s.Store.Do(q.Context(), q.Actor, func(w *record.Writer) error {
			moved, err = w.Update(k.Name, r.ID, revision, change)
			for _, act := range then(q.PostForm) {
				if err == nil {
					moved, err = w.Move(k.Name, r.ID, moved.Revision, act, change.Note)
				}
			}
			return err
		})
		if err != nil {
			return s.again(q, e, err)
		}
		return Redirect(q, s.Path(q, moved), "saved")
	}
}

func badForm(err error) error {
	if strings.Contains(err.Error(), "request body too large") {
		return err // the door knows what to say
	}
	return problem.New(problem.BadRequest, "form")
}

// again reports whether a button asked for another look at the form: one more
// row, one row less, or who will see this.
func again(v url.Values) bool {
	removeRow(v)
	return v.Has("_add") || v.Has("_remove") || v.Has("_preview")
}

// then is what the pressed button does beyond saving.
func then(v url.Values) []access.Action {
	switch act := access.Action(v.Get("_then")); act {
	case access.Publish, access.Submit:
		return []access.Action{act}
	}
	return nil
}

func named(v url.Values) []string {
	names := splitAll(v["groups"])
	names = slices.DeleteFunc(names, func(s string) bool { return s == "" })
	slices.Sort(names)
	return slices.Compact(names)
}

// narrowed reads which fields the owner keeps for fewer readers.
func narrowed(k *record.Kind, v url.Values) map[string]access.Audience {
	m := map[string]access.Audience{}
	for _, f := range k.Fields {
		if a := access.Audience(v.Get("_narrow." + f.Name)); f.Choice && a != "" {
			m[f.Name] = a
		}
	}
	return m
}

// read makes the kind's struct of what was typed. What is to leave draft is
// checked in full, so that everything that is missing is said at once.
func (e *entry) read() (any, error) {
	var f problem.Fields
	body := e.k.New()
	e.k.Parse(e.values, e.q.Lang, body, &f)
	if len(then(e.values)) > 0 {
		e.s.Kinds().Validate(e.k, body, e.q.Dir, false, &f)
	}
	return body, f.Err()
}

// again shows the form with what was typed and what is wrong with it.
func (s *Site) again(q *door.Req, e *entry, err error) error {
	p, ok := errors.AsType[*problem.Error](err)
	switch {
	case ok && p.Kind == problem.Invalid:
		e.problems = p.Fields
	case ok && p.Kind == problem.Conflict && e.rec != nil && !access.MayEdit(q.Actor, e.rec.Subject(), e.k.KindRule):
		return problem.New(problem.Forbidden, "forbidden.edit")
	case ok && p.Kind == problem.Conflict && e.rec != nil:
		return s.showConflict(q, e)
	default:
		return err
	}
	return s.showForm(q, e)
}

// showConflict tells the second of two writers that the record has changed,
// with their text in the form and the differences beside it. Sending again
// then overwrites, knowingly.
func (s *Site) showConflict(q *door.Req, e *entry) error {
	e.values.Set("_revision", strconv.Itoa(e.rec.Revision))
	theirs := e.k.Flatten(e.rec.Body)
	c := ui.Compare{
		Caption: q.T("conflict.caption"), Field: q.T("record.field"),
		Sides: []string{q.T("conflict.now"), q.T("conflict.yours")}, Changed: q.T("record.changed"),
	}
	for _, name := range e.k.Names(compared) {
		now, mine := strings.Join(theirs[name], "; "), strings.Join(e.values[name], "; ")
		if now != mine && !strings.HasSuffix(name, ".original") && (now != "" || mine != "") {
			c.Rows = append(c.Rows, ui.CompareRow{Label: s.flatLabel(q, e.k, name), Sides: []ui.Phrase{ui.Plain(now), ui.Plain(mine)}, Changed: true})
		}
	}
	return s.formPage(q, e, 412, ui.Notice{Tone: ui.Warning, Heading: q.T("conflict.title"), Text: q.T("conflict.text"), Live: true, Body: c})
}

// flatLabel words a flat name, with its language if it has one.
func (s *Site) flatLabel(q *door.Req, k *record.Kind, name string) string {
	suffix := lastLang(name)
	label := Label(q, k, strings.TrimSuffix(name, suffix))
	if suffix != "" {
		label += " (" + q.T("lang."+suffix[1:]) + ")"
	}
	return label
}

func (s *Site) showForm(q *door.Req, e *entry) error {
	status := 0
	if len(e.problems) > 0 {
		status = 422
	}
	return s.formPage(q, e, status)
}

func (s *Site) formPage(q *door.Req, e *entry, status int, above ...templ.Component) error {
	title := q.T("new." + e.k.Name)
	action := s.at(q, "/"+e.k.Plural+"/new")
	cancel := s.at(q, "/"+e.k.Plural)
	crumbs := []ui.Link{{Text: q.T("kind." + e.k.Plural), Href: cancel}}
	once := e.values.Get("_once")
	if once == "" {
		once = rand.Text()
	}
	hidden := []ui.Pair{{Name: "_once", Value: once}}
	if e.rec != nil {
		name, _ := e.k.Title(e.rec.Body).In(q.Lang)
		title = q.T("edit.title", name)
		action, cancel = s.Path(q, e.rec)+"/edit", s.Path(q, e.rec)
		crumbs = append(crumbs, ui.Link{Text: name, Href: cancel})
		hidden = []ui.Pair{{Name: "_revision", Value: e.values.Get("_revision")}}
	}
	e.action = action
	form := ui.Form{
		Action: action, Hidden: hidden, Body: ui.Join(append(e.body(), e.sharing()...)...),
		Buttons: e.buttons(), Cancel: &ui.Link{Text: q.T("form.cancel"), Href: cancel},
	}
	body := append([]templ.Component{ui.Title{Text: title, Lead: q.T("form.lead." + e.k.Name)}}, above...)
	return s.Show(q, Page{
		Title: title, Status: status, Crumbs: append(crumbs, ui.Link{Text: title}), Errors: e.errors(), Body: append(body, form),
	})
}

// buttons are the ways to send the form that the actor has.
func (e *entry) buttons() []ui.Button {
	subject := access.Subject{Owner: e.q.Actor.Party, OwnerKind: e.q.Actor.Kind, Status: access.Draft}
	if e.rec != nil {
		subject = e.rec.Subject()
	}
	var buttons []ui.Button
	for _, act := range []access.Action{access.Publish, access.Submit} {
		if _, ok := access.Move(e.q.Actor, act, subject); ok {
			buttons = append(buttons, ui.Button{Text: e.q.T("act.save-" + string(act)), Name: "_then", Value: string(act), Rank: ui.Primary})
			break
		}
	}
	save := ui.Button{Text: e.q.T("act.save"), Name: "_then", Value: "save"}
	if subject.Status == access.Draft {
		save.Text, save.NoCheck = e.q.T("act.save-draft"), true
	}
	if len(buttons) == 0 {
		save.Rank = ui.Primary
	}
	return append(buttons, save)
}
