package assistance

import (
	"github.com/a-h/templ"

	"concord/internal/access"
	"concord/internal/door"
	"concord/internal/i18n"
	"concord/internal/record"
	"concord/internal/web"
	"concord/internal/web/ui"
)

// newest is how many records the home page shows of a kind.
const newest = 4

// home is the module's part of the front page: how much there is, and the
// newest of what is offered and needed, as the reader may see it.
func (h *handlers) home(s *web.Site, q *door.Req) ([]templ.Component, error) {
	var stats ui.Stats
	var latest ui.Columns
	for _, kind := range []string{needKind, offerKind, courseKind, fundKind, projectKind} {
		k := s.Kinds().Kind(kind)
		page, err := s.Store.List(q.Context(), q.Actor, record.Query{
			Kinds: []string{kind}, Filter: map[string][]string{"state": {string(access.Published)}}, Limit: newest,
		})
		if err != nil {
			return nil, err
		}
		href := web.At(q, "/"+k.Plural)
		stats = append(stats, ui.Stat{Number: i18n.Number(q.Lang, page.Total), Sentence: q.T("home.stat."+kind, page.Total), Href: href})
		if kind != needKind && kind != offerKind {
			continue
		}
		results := ui.Results{Label: q.T("kind." + k.Plural), Under: true}
		for _, r := range page.Records {
			results.Items = append(results.Items, s.Result(q, r, false))
		}
		if len(results.Items) > 0 {
			latest = append(latest, ui.Section{ID: k.Plural, Heading: q.T("home.newest." + kind), Link: &ui.Link{Text: q.T("home.all." + kind), Href: href}, Body: results})
		}
	}
	return []templ.Component{steps(q), stats, latest}, nil
}

// steps says in three short steps how the portal works.
func steps(q *door.Req) ui.HowTo {
	how := ui.HowTo{Heading: q.T("home.how")}
	for _, step := range []string{"say", "find", "agree"} {
		how.Steps = append(how.Steps, ui.HowStep{Title: q.T("home.how." + step), Text: q.T("home.how." + step + ".text")})
	}
	return how
}

// delegation is the module's part of "my delegation": for each open need of
// the party the best that answers it.
func (h *handlers) delegation(s *web.Site, q *door.Req) ([]templ.Component, error) {
	if q.Actor.Kind != access.State {
		return h.wanted(s, q)
	}
	page, err := s.Store.List(q.Context(), q.Actor, record.Query{
		Kinds: []string{needKind}, Owner: q.Actor.Party, Filter: map[string][]string{"state": {string(access.Published)}}, Limit: newest,
	})
	if err != nil || len(page.Records) == 0 {
		return nil, err
	}
	var tasks []ui.Task
	for _, need := range page.Records {
		found, err := h.pool.rank(q.Context(), q.Actor, q.Dir, need)
		if err != nil {
			return nil, err
		}
		t := ui.Task{Text: s.TitleOf(q, need), Href: s.Path(q, need) + "#matches", Kind: q.T("delegation.gap")}
		strong := 0
		for _, m := range found.Matches {
			if m.Strong {
				strong++
			}
		}
		if strong > 0 {
			t.Kind = q.T("delegation.strong", strong)
		}
		tasks = append(tasks, t)
	}
	return []templ.Component{ui.Tasks{Heading: q.T("delegation.suggestions"), Items: tasks}}, nil
}

// wanted is what a provider that is no State may look at: the newest needs it
// can see.
func (h *handlers) wanted(s *web.Site, q *door.Req) ([]templ.Component, error) {
	page, err := s.Store.List(q.Context(), q.Actor, record.Query{
		Kinds: []string{needKind}, Filter: map[string][]string{"state": {string(access.Published)}}, Limit: newest,
	})
	if err != nil || len(page.Records) == 0 {
		return nil, err
	}
	results := ui.Results{Label: q.T("kind.needs"), Under: true}
	for _, r := range page.Records {
		results.Items = append(results.Items, s.Result(q, r, false))
	}
	return []templ.Component{ui.Section{ID: "needs", Heading: q.T("home.newest.need"), Body: results}}, nil
}
