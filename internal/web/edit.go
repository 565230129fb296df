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

// read makes the kind's struct of what was typed.
func (e *entry) read() (any, error) {
	var f problem.Fields
	body := e.k.New()
	e.k.Parse(e.values, e.q.Lang, body, &f)
	return body, f.Err()
}

// again shows the form with what was typed and what is wrong with it.
func (s *Site) again(q *door.Req, e *entry, err error) error {
	p, ok := errors.AsType[*problem.Error](err)
	switch {
	case ok && p.Kind == problem.Invalid:
		e.problems = p.Fields
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
	for _, name := range e.k.Names(csvRows) {
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
		if err != nil {
			return err
		}
		return Redirect(q, s.Path(q, r), "moved-"+string(r.Status))
	}
}
