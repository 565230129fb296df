package assistance

import (
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"concord/internal/access"
	"concord/internal/door"
	"concord/internal/i18n"
	"concord/internal/record"
	"concord/internal/web"
	"concord/internal/web/ui"
)

// report is the yearly report of offers, requests and matches, and the funnel
// from need to confirmed result: counts only, withheld where they could point
// at a party.
func (h *handlers) report(q *door.Req) error {
	now := h.site.Store.Now()
	year, err := strconv.Atoi(q.URL.Query().Get("year"))
	if err != nil || year < 2000 || year > now.Year() {
		year = now.Year()
	}
	title := q.T("report.title", strconv.Itoa(year))
	body := []templ.Component{ui.Title{Text: title, Lead: q.T("report.lead")}}
	years := ui.Tabs{Label: q.T("report.years")}
	for y := now.Year(); y > now.Year()-4; y-- {
		years.Items = append(years.Items, ui.Link{Text: strconv.Itoa(y), Href: "?year=" + strconv.Itoa(y), Current: y == year})
	}
	made, err := h.made(q, year)
	if err != nil {
		return err
	}
	body = append(body, years, made)
	if q.Actor.Scope().States { // matches are the States' own affair
		funnel, err := h.funnel(q, year)
		if err != nil {
			return err
		}
		body = append(body, funnel)
	}
	return h.site.Show(q, web.Page{Title: title, Crumbs: []ui.Link{{Text: q.T("coverage.title"), Href: web.At(q, "/coverage")}, {Text: title}}, Body: body})
}

// made counts what was published in the year, of what the reader may see.
func (h *handlers) made(q *door.Req, year int) (templ.Component, error) {
	t := ui.Table{Caption: q.T("report.made"), Hide: true, Columns: []ui.Column{{Label: q.T("facet.kind")}, {Label: q.T("report.entries"), Number: true}, {Label: q.T("report.parties"), Number: true}}}
	for _, kind := range []string{needKind, requestKind, offerKind, fundKind, courseKind, projectKind} {
		n, owners := 0, map[string]bool{}
		query := record.Query{Kinds: []string{kind}, Filter: map[string][]string{"state": {string(access.Published), string(access.Archived)}}, All: true}
		for r, err := range h.site.Store.Export(q.Context(), q.Actor, query) {
			if err != nil {
				return nil, err
			}
			if r.Created.Year() == year {
				n++
				owners[r.Owner] = true
			}
		}
		t.Rows = append(t.Rows, ui.TableRow{Cells: []ui.Cell{
			{Text: ui.Plain(q.T("kind." + h.site.Kinds().Kind(kind).Plural))}, ui.Text(i18n.Number(q.Lang, n)), ui.Text(i18n.Number(q.Lang, len(owners))),
		}})
	}
	return ui.Section{ID: "made", Heading: q.T("report.made"), Body: ui.Join(t, ui.Source(q.T("coverage.source")))}, nil
}

// reached lists the stages of the funnel in order, and the stages of a match
// that have got at least there.
func reached() []struct {
	key    string
	stages []string
} {
	all := []string{stageConfirmed, stageProject, stageAgreed, stageIntroduced}
	return []struct {
		key    string
		stages []string
	}{
		{"asked", append(slices.Clone(all), stageAsked, stageDeclined, stageEnded)},
		{"introduced", all},
		{"agreed", all[:3]},
		{"project", all[:2]},
		{"confirmed", all[:1]},
	}
}

// funnel counts the matches of the year by how far they got. A match is seen
// by its two parties only, so the counts are taken from all of them by the
// portal itself and withheld while they stand for fewer than three parties, be
// they none.
func (h *handlers) funnel(q *door.Req, year int) (templ.Component, error) {
	recs, _, err := h.site.Store.Derive(q.Context(), []string{matchKind}, 0)
	if err != nil {
		return nil, err
	}
	var first int
	f := ui.Funnel{Label: q.T("report.funnel")}
	for i, stage := range reached() {
		n, parties := 0, map[record.PartyCode]bool{}
		for _, r := range recs {
			if m := r.Body.(*Match); r.Created.Year() == year && slices.Contains(stage.stages, m.Stage) {
				n++
				parties[m.Recipient] = true
			}
		}
		s := ui.FunnelStep{Label: q.T("report.stage." + stage.key), Number: i18n.Number(q.Lang, n)}
		if i == 0 {
			first = n
		}
		if len(parties) < least { // none too: "0" and "–" would tell apart whether there are some
			s.Number, s.Note = "–", q.T("coverage.hidden", least)
		} else if first > 0 {
			s.Share = float64(n) / float64(first)
		}
		f.Steps = append(f.Steps, s)
	}
	return ui.Section{ID: "funnel", Heading: q.T("report.funnel"), Body: f}, nil
}
