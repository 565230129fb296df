package assistance

import (
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"concord/internal/access"
	"concord/internal/door"
	"concord/internal/i18n"
	"concord/internal/problem"
	"concord/internal/record"
	"concord/internal/web"
	"concord/internal/web/ui"
)

// The stages of a match. Only the two parties ever see them.
const (
	stageAsked      = "asked"      // by the recipient, of the provider
	stageIntroduced = "introduced" // the provider accepted to talk
	stageDeclined   = "declined"
	stageAgreed     = "agreed" // both sides said so
	stageProject    = "project"
	stageEnded      = "ended"
	stageConfirmed  = "confirmed" // the recipient confirmed the result
)

// The steps that take a match from stage to stage, as forms post them.
const (
	stepAccept  = "accept"
	stepDecline = "decline"
	stepAgree   = "agree"
	stepEnd     = "end"
	stepProject = "project"
	stepConfirm = "confirm"
	stepMessage = "message"
)

// steps lists what the party may do next in the match.
func (m *Match) steps(party string) []string {
	recipient, provider := string(m.Recipient) == party, string(m.Provider) == party
	switch {
	case m.Stage == stageAsked && provider:
		return []string{stepAccept, stepDecline}
	case m.Stage == stageAsked && recipient:
		return []string{stepEnd}
	case m.Stage == stageIntroduced && (recipient && m.RecipientAgreed == "" || provider && m.ProviderAgreed == ""):
		return []string{stepAgree, stepEnd}
	case m.Stage == stageIntroduced:
		return []string{stepEnd}
	case m.Stage == stageAgreed && recipient:
		return []string{stepProject}
	case m.Stage == stageProject && recipient:
		return []string{stepConfirm}
	}
	return nil
}

// take applies a step of the party at a time. Nothing is agreed until both
// sides have said so.
func (m *Match) take(step, party string, at time.Time) error {
	if !slices.Contains(m.steps(party), step) {
		return problem.New(problem.Forbidden, "talk.step")
	}
	now := at.UTC().Format(time.RFC3339)
	switch step {
	case stepAccept:
		m.Stage, m.Answered = stageIntroduced, now
	case stepDecline:
		m.Stage, m.Answered, m.Ended = stageDeclined, now, now
	case stepEnd:
		m.Stage, m.Ended = stageEnded, now
	case stepAgree:
		if party == string(m.Recipient) {
			m.RecipientAgreed = now
		}
		if party == string(m.Provider) {
			m.ProviderAgreed = now
		}
		if m.RecipientAgreed != "" && m.ProviderAgreed != "" {
			m.Stage = stageAgreed
		}
	case stepProject:
		m.Stage = stageProject
	case stepConfirm:
		m.Stage, m.Confirmed = stageConfirmed, now
	}
	return nil
}

// ask begins a match: the State that has the need asks a provider for an
// introduction. The provider sees the need only as its audience allows.
func (h *handlers) ask(q *door.Req) error {
	if err := q.ParseForm(); err != nil {
		return problem.New(problem.BadRequest, "form")
	}
	from := q.PostForm.Get("from")
	if from != needKind && from != requestKind || !slices.Contains(answering(), q.PostForm.Get("kind")) {
		return problem.New(problem.BadRequest, "form")
	}
	var talk *record.Record
	err := h.site.Store.Do(q.Context(), q.Actor, func(w *record.Writer) error {
		need, err := w.Get(from, q.PostForm.Get("need"))
		if err != nil {
			return err
		}
		offer, err := w.Get(q.PostForm.Get("kind"), q.PostForm.Get("offer"))
		if err != nil {
			return err
		}
		if need.Owner != q.Actor.Party || !writes(q.Actor) || need.Status != access.Published || offer.Owner == need.Owner {
			return problem.New(problem.Forbidden, "talk.ask")
		}
		body := &Match{
			Title: w.Title(offer), Need: record.Ref(need.ID), Offer: record.Ref(offer.ID),
			Recipient: record.PartyCode(need.Owner), Provider: record.PartyCode(offer.Owner),
			Stage: stageAsked, Asked: w.Now.UTC().Format(time.RFC3339),
		}
		talk, err = w.CreateOpen(record.Draft{
			Kind: matchKind, Audience: access.Own, Partners: []string{offer.Owner}, Body: body,
			Once: "match " + need.ID + " " + offer.ID,
		})
		if err != nil {
			return err
		}
		return w.Queue("talk:"+talk.ID, "talk", w.Now, talk.ID)
	})
	if err != nil {
		return err
	}
	return web.Redirect(q, web.At(q, "/matches/"+talk.ID), "talk-asked")
}

// step takes a match further, or adds a message to it.
func (h *handlers) step(q *door.Req) error {
	if err := q.ParseForm(); err != nil {
		return problem.New(problem.BadRequest, "form")
	}
	step, text := q.PostForm.Get("step"), i18n.CleanString(q.PostForm.Get("text"))
	id, to := q.PathValue("id"), ""
	err := h.site.Store.Do(q.Context(), q.Actor, func(w *record.Writer) error {
		talk, err := w.Get(matchKind, id)
		if err != nil {
			return err
		}
		m := talk.Body.(*Match)
		if step == stepMessage && text == "" {
			var f problem.Fields
			f.Add("text", "required")
			return f.Err()
		}
		if text != "" {
			m.Messages = append(m.Messages, Message{
				At: w.Now.UTC().Format(time.RFC3339), Party: record.PartyCode(q.Actor.Party), Text: i18n.NewText(q.Lang, text),
			})
		}
		if step != stepMessage {
			if err := m.take(step, q.Actor.Party, w.Now); err != nil {
				return err
			}
		}
		if step == stepProject {
			made, err := h.begin(w, m)
			if err != nil {
				return err
			}
			m.Project = record.Ref(made.ID)
			to = web.At(q, "/projects/"+made.ID+"/edit")
		}
		if _, err := w.UpdateOpen(matchKind, id, talk.Revision, record.Change{Body: m}); err != nil {
			return err
		}
		return w.Queue("talk:"+talk.ID, "talk", w.Now, talk.ID)
	})
	switch {
	case problem.Is(err, problem.Invalid):
		return h.showTalk(q, q.T("error.required"))
	case err != nil:
		return err
	case to != "":
		return web.Redirect(q, to, "talk-project")
	}
	return web.Redirect(q, web.At(q, "/matches/"+id), "talk-step")
}

// begin makes the project that an agreed match becomes: the recipient's, with
// the provider as a partner who writes in it too.
func (h *handlers) begin(w *record.Writer, m *Match) (*record.Record, error) {
	need, err := w.Get(needKind, string(m.Need))
	if err != nil {
		return nil, err
	}
	n := need.Body.(*Need)
	p := &Project{
		Title: n.Title, Topics: n.Topics, Summary: n.Summary, Capability: n.Capability, Modality: n.Modality,
		Progress: "agreed", Start: n.Start, End: n.End, Beneficiaries: []record.PartyCode{m.Recipient}, Needs: []record.Ref{m.Need},
		Parties: []Partner{{Party: m.Recipient, Role: "beneficiary"}, {Party: m.Provider, Role: "implementer"}},
	}
	return w.Create(record.Draft{Kind: projectKind, Audience: access.States, Partners: []string{string(m.Provider)}, Body: p})
}

func (h *handlers) show(q *door.Req) error { return h.showTalk(q, "") }

// showTalk is the page of a match, for its two parties.
func (h *handlers) showTalk(q *door.Req, wrong string) error {
	talk, err := h.site.Store.Get(q.Context(), q.Actor, matchKind, q.PathValue("id"))
	if err != nil {
		return err
	}
	m := talk.Body.(*Match)
	recs, err := h.site.Store.Many(q.Context(), q.Actor, []string{string(m.Need), string(m.Offer), string(m.Project)})
	if err != nil {
		return err
	}
	title := q.T("talk.title", q.Dir.Name(h.other(q, m), q.Lang))
	body := []templ.Component{
		ui.Title{Text: title, Kicker: q.T("kind.match"), Lead: q.T("talk.lead")},
		h.facts(q, m, recs), h.timeline(q, m), h.messages(q, m),
	}
	if form := h.stepForm(q, m, talk.ID, wrong); form != nil {
		body = append(body, form)
	}
	page := web.Page{Title: title, Crumbs: []ui.Link{{Text: title}}, Body: body}
	if wrong != "" {
		page.Status = 422
		page.Errors = &ui.Errors{Heading: q.T("form.problem"), Items: []ui.Link{{Text: q.T("talk.message") + q.T("form.colon") + wrong, Href: "#text"}}}
	}
	return h.site.Show(q, page)
}

// other is the party across the table.
func (h *handlers) other(q *door.Req, m *Match) string {
	if string(m.Recipient) == q.Actor.Party {
		return string(m.Provider)
	}
	return string(m.Recipient)
}

func (h *handlers) facts(q *door.Req, m *Match, recs map[string]*record.Record) ui.Facts {
	facts := ui.Facts{
		{Label: q.T("field.recipient"), Text: ui.Plain(q.Dir.Name(string(m.Recipient), q.Lang)), Href: web.At(q, "/parties/"+string(m.Recipient))},
		{Label: q.T("field.provider"), Text: ui.Plain(q.Dir.Name(string(m.Provider), q.Lang)), Href: web.At(q, "/parties/"+string(m.Provider))},
	}
	add := func(label string, ref record.Ref) {
		if r := recs[string(ref)]; r != nil {
			facts = append(facts, ui.Fact{Label: q.T(label), Text: h.site.TitleOf(q, r), Href: h.site.Path(q, r)})
		} else if ref != "" {
			facts = append(facts, ui.Fact{Label: q.T(label), Text: ui.Plain(q.T("talk.not_shared"))})
		}
	}
	add("kind.need", m.Need)
	add("kind.offer", m.Offer)
	add("kind.project", m.Project)
	return facts
}

// timeline is the dated course of the match.
func (h *handlers) timeline(q *door.Req, m *Match) ui.Steps {
	s := ui.Steps{Label: q.T("talk.course")}
	add := func(key, at, party string) {
		step := ui.Step{Title: q.T("talk.did." + key), Who: ui.Plain(q.Dir.Name(party, q.Lang)), Stage: ui.Later, Word: q.T("step.later")}
		if t, err := time.Parse(time.RFC3339, at); err == nil {
			step.Stage, step.Word, step.Date, step.DateTime = ui.Done, q.T("step.done"), web.Day(q, t), at
		}
		s.Items = append(s.Items, step)
	}
	add("asked", m.Asked, string(m.Recipient))
	if m.Stage == stageDeclined {
		add("declined", m.Answered, string(m.Provider))
		return s
	}
	add("accepted", m.Answered, string(m.Provider))
	if m.Stage == stageEnded {
		add("ended", m.Ended, "")
		return s
	}
	add("agreed", m.RecipientAgreed, string(m.Recipient))
	add("agreed", m.ProviderAgreed, string(m.Provider))
	add("confirmed", m.Confirmed, string(m.Recipient))
	for i := range s.Items {
		if s.Items[i].Stage == ui.Later {
			s.Items[i].Stage, s.Items[i].Word = ui.Now, q.T("step.now")
			break
		}
	}
	return s
}

func (h *handlers) messages(q *door.Req, m *Match) templ.Component {
	t := ui.Steps{Label: q.T("talk.messages")}
	for _, x := range m.Messages {
		at, _ := time.Parse(time.RFC3339, x.At)
		t.Items = append(t.Items, ui.Step{
			Title: q.Dir.Name(string(x.Party), q.Lang), Stage: ui.Done, Date: web.Day(q, at), DateTime: x.At, Text: web.Content(q, x.Text),
		})
	}
	if len(t.Items) == 0 {
		return ui.Notice{Text: q.T("talk.no_messages")}
	}
	return ui.Section{ID: "messages", Heading: q.T("talk.messages"), Body: t}
}

// stepForm offers what the reader may do next, with a message to the other
// side if they want.
func (h *handlers) stepForm(q *door.Req, m *Match, id, wrong string) templ.Component {
	if !writes(q.Actor) || m.Stage == stageDeclined || m.Stage == stageEnded {
		return nil
	}
	form := ui.Form{Action: web.At(q, "/matches/"+id), Body: ui.TextArea{
		Field: ui.Field{Name: "text", Label: q.T("talk.message"), Hint: q.T("talk.message.hint"), Optional: q.T("form.optional"), Error: wrong},
		Rows:  4, MaxLength: 4000,
	}}
	message := ui.Button{Text: q.T("talk.do.message"), Name: "step", Value: stepMessage, Rank: ui.Primary}
	var last []ui.Button // what ends the match stands apart from what goes on with it
	for _, step := range m.steps(q.Actor.Party) {
		b := ui.Button{Text: q.T("talk.do." + step), Name: "step", Value: step, Rank: ui.Primary}
		if step == stepDecline || step == stepEnd {
			b.Rank = ui.Dangerous
			last = append(last, b)
			continue
		}
		message.Rank = ui.Secondary
		form.Buttons = append(form.Buttons, b)
	}
	form.Buttons = append(append(form.Buttons, message), last...)
	return ui.Section{ID: "next", Heading: q.T("talk.next"), Body: form}
}

// mine lists the matches that the reader's party has part in.
func (h *handlers) mine(q *door.Req) ([]*record.Record, error) {
	var all []*record.Record
	for r, err := range h.site.Store.Export(q.Context(), q.Actor, record.Query{Kinds: []string{matchKind}}) {
		if err != nil {
			return nil, err
		}
		if all = append(all, r); len(all) == 500 {
			break
		}
	}
	return all, nil
}

// askedFor are the matches of a need by the offer they are about.
func (h *handlers) askedFor(q *door.Req, need *record.Record) (map[string]*record.Record, error) {
	asked := map[string]*record.Record{}
	if q.Actor.Anonymous() {
		return asked, nil
	}
	all, err := h.mine(q)
	for _, r := range all {
		if m := r.Body.(*Match); string(m.Need) == need.ID {
			asked[string(m.Offer)] = r
		}
	}
	return asked, err
}

// talks is the panel beside a need with the matches begun about it.
func (h *handlers) talks(q *door.Req, need *record.Record) (templ.Component, error) {
	asked, err := h.askedFor(q, need)
	if err != nil || len(asked) == 0 {
		return nil, err
	}
	p := ui.Panel{Heading: q.T("talk.panel")}
	for _, r := range asked {
		m := r.Body.(*Match)
		p.Links = append(p.Links, ui.Link{Text: q.Dir.Name(h.other(q, m), q.Lang), Href: web.At(q, "/matches/"+r.ID), Note: q.T("stage." + m.Stage)})
	}
	slices.SortFunc(p.Links, func(a, b ui.Link) int { return strings.Compare(a.Href, b.Href) })
	return p, nil
}

// tasks are the matches that wait for the reader's party.
func (h *handlers) tasks(s *web.Site, q *door.Req) ([]ui.Task, error) {
	all, err := h.mine(q)
	var tasks []ui.Task
	for _, r := range all {
		m := r.Body.(*Match)
		next := m.steps(q.Actor.Party)
		if len(next) == 0 || next[0] == stepEnd || next[0] == stepConfirm {
			continue
		}
		at, _ := time.Parse(time.RFC3339, m.Asked)
		tasks = append(tasks, ui.Task{
			Text: ui.Plain(q.T("talk.title", q.Dir.Name(h.other(q, m), q.Lang))), Href: web.At(q, "/matches/"+r.ID),
			Kind: q.T("task." + next[0]), Due: q.T("talk.since", web.Day(q, at)),
		})
	}
	return tasks, err
}
