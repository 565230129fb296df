package assistance

import (
	"context"
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"concord/internal/access"
	"concord/internal/door"
	"concord/internal/i18n"
	"concord/internal/party"
	"concord/internal/record"
	"concord/internal/vocab"
	"concord/internal/web"
	"concord/internal/web/ui"
)

// regions are the columns of the coverage view: the five UN regional groups,
// in their alphabetical order in English.
func regions() []string {
	return []string{"@un-african", "@un-asia-pacific", "@un-eastern-european", "@un-grulac", "@un-weog"}
}

// least is the smallest number of States that a count drawn from restricted
// records may stand for; below it the count is withheld.
const least = 3

// cell counts one topic in one region.
type cell struct {
	needs, answers int
	// restricted counts the States whose needs in this cell not everybody may
	// read; the counts themselves are of what the reader may see.
	states map[string]bool
	closed bool // some of the needs are not public
}

// coverage is needs against offers and projects, by area and region.
type coverage struct {
	areas []vocab.Term
	cells map[string]map[string]*cell // area, region
}

// cover counts what the actor may see. Whatever it counts was listed through
// the gate: what is hidden from the actor is not in any figure.
func (h *handlers) cover(ctx context.Context, a access.Actor, dir *party.Directory) (*coverage, error) {
	topics := h.site.Kinds().Vocab[vocab.Topic]
	c := &coverage{areas: topics.Children(""), cells: map[string]map[string]*cell{}}
	for _, area := range c.areas {
		c.cells[area.Code] = map[string]*cell{}
		for _, region := range regions() {
			c.cells[area.Code][region] = &cell{states: map[string]bool{}}
		}
	}
	for _, kind := range append(answering(), needKind, requestKind) {
		query := record.Query{Kinds: []string{kind}, Filter: map[string][]string{"state": {string(access.Published)}}}
		for r, err := range h.site.Store.Export(ctx, a, query) {
			if err != nil {
				return nil, err
			}
			c.add(topics, dir, r)
		}
	}
	return c, nil
}

// add counts a record in every area and region it touches, once each.
func (c *coverage) add(topics *vocab.Vocabulary, dir *party.Directory, r *record.Record) {
	codes, serves, need := touched(r)
	areas := map[string]bool{}
	for _, code := range codes {
		if root := topics.Root(code); root != "" {
			areas[root] = true
		}
	}
	where := map[string]bool{}
	for _, region := range regions() {
		for _, code := range serves {
			if code == "@all" || code == region || contains(dir.Members(region), dir.Readers([]string{code})) {
				where[region] = true
			}
		}
	}
	for area := range areas {
		for region := range where {
			x := c.cells[area][region]
			if !need {
				x.answers++
				continue
			}
			x.needs++
			x.states[r.Owner] = true
			x.closed = x.closed || r.Audience != access.Public
		}
	}
}

// touched is what a record is about, whom it is for, and whether it is a need.
func touched(r *record.Record) (topics, serves []string, need bool) {
	parties := func(codes []record.PartyCode) (s []string) {
		for _, c := range codes {
			s = append(s, string(c))
		}
		return s
	}
	switch b := r.Body.(type) {
	case *Need:
		return b.Topics, []string{r.Owner}, true
	case *Request:
		return b.Topics, []string{r.Owner}, true
	case *Offer:
		return b.Topics, parties(b.Eligible), false
	case *Fund:
		return b.Topics, parties(b.Eligible), false
	case *Course:
		return b.Topics, parties(b.Eligible), false
	case *Project:
		return b.Topics, parties(b.Beneficiaries), false
	}
	return nil, nil, false
}

// contains reports whether the lists share a member.
func contains(a, b []string) bool {
	in := map[string]bool{}
	for _, x := range a {
		in[x] = true
	}
	for _, x := range b {
		if in[x] {
			return true
		}
	}
	return false
}

// withheld reports whether the needs of the cell must not be counted out: some
// are restricted and they stand for fewer States than can hide one another.
func (c *cell) withheld() bool { return c.closed && len(c.states) < least }

// coverage shows where needs are without answers and where answers crowd: as a
// table of numbers and as a drawing.
func (h *handlers) coverage(q *door.Req) error {
	c, err := h.cover(q.Context(), q.Actor, q.Dir)
	if err != nil {
		return err
	}
	if q.URL.Query().Get("format") == "csv" {
		return h.coverageCSV(q, c)
	}
	title := q.T("coverage.title")
	body := []templ.Component{ui.Title{Text: title, Lead: q.T("coverage.lead")}}
	body = append(body, ui.Stats(c.stats(q)), h.gaps(q, c))
	body = append(body, h.heat(q, c, "needs", func(x *cell) (int, bool) { return x.needs, x.withheld() }, "/needs"))
	body = append(body, h.heat(q, c, "answers", func(x *cell) (int, bool) { return x.answers, false }, "/projects"))
	body = append(body, ui.Downloads{Label: q.T("list.download"), Items: []ui.Link{{Text: "CSV", Href: "?format=csv"}}})
	return h.site.Show(q, web.Page{Title: title, Crumbs: []ui.Link{{Text: title}}, Body: body})
}

func (c *coverage) stats(q *door.Req) []ui.Stat {
	gaps, covered := 0, 0
	for _, row := range c.cells {
		for _, x := range row {
			switch {
			case x.needs > 0 && x.answers == 0 && !x.withheld():
				gaps++
			case x.needs > 0 && !x.withheld():
				covered++
			}
		}
	}
	return []ui.Stat{
		{Number: i18n.Number(q.Lang, gaps), Sentence: q.T("coverage.stat.gaps", gaps)},
		{Number: i18n.Number(q.Lang, covered), Sentence: q.T("coverage.stat.covered", covered)},
	}
}

// steps5 are the lower bounds of the steps of the drawing.
func steps5() [5]int { return [5]int{1, 3, 6, 11, 21} }

func step(n int) int {
	s := 0
	for i, from := range steps5() {
		if n >= from {
			s = i + 1
		}
	}
	return s
}

func (h *handlers) heat(q *door.Req, c *coverage, what string, count func(*cell) (int, bool), list string) templ.Component {
	t := ui.Heat{
		ID: "heat-" + what, Caption: q.T("coverage.caption." + what), Corner: q.T("field.topics"), RTL: q.Lang == i18n.Arabic,
		Drawing: q.T("coverage.drawing." + what), Hidden: q.T("coverage.hidden", least), Source: q.T("coverage.source"),
		Legend: []string{"0", "1–2", "3–5", "6–10", "11–20", "21+"},
	}
	for _, region := range regions() {
		t.Columns = append(t.Columns, h.regionName(q, region))
	}
	for _, area := range c.areas {
		row := ui.HeatRow{Label: h.site.Code(q, vocab.Topic, area.Code)}
		for _, region := range regions() {
			n, hidden := count(c.cells[area.Code][region])
			x := ui.HeatCell{Text: i18n.Number(q.Lang, n), Step: step(n), Suppressed: hidden}
			if hidden {
				x.Text, x.Step = "–", 0
			} else if n > 0 {
				x.Href = web.At(q, list+"?topics="+area.Code)
			}
			row.Cells = append(row.Cells, x)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// regionName is the short name of a regional group: the drawing has little
// room.
func (h *handlers) regionName(q *door.Req, code string) string {
	return q.T("region." + strings.TrimPrefix(code, "@un-"))
}

// gaps says in words where needs have no answer on record.
func (h *handlers) gaps(q *door.Req, c *coverage) templ.Component {
	t := ui.Table{Caption: q.T("coverage.gaps"), Columns: []ui.Column{{Label: q.T("field.topics")}, {Label: q.T("coverage.region")}, {Label: q.T("kind.needs"), Number: true}}}
	for _, area := range c.areas {
		for _, region := range regions() {
			if x := c.cells[area.Code][region]; x.needs > 0 && x.answers == 0 && !x.withheld() {
				t.Rows = append(t.Rows, ui.TableRow{Cells: []ui.Cell{
					ui.Text(h.site.Code(q, vocab.Topic, area.Code)), ui.Text(h.regionName(q, region)), ui.Text(i18n.Number(q.Lang, x.needs)),
				}})
			}
		}
	}
	if len(t.Rows) == 0 {
		return ui.Notice{Text: q.T("coverage.no_gaps")}
	}
	return t
}

func (h *handlers) coverageCSV(q *door.Req, c *coverage) error {
	q.W.Header().Set("Content-Type", "text/csv; charset=utf-8")
	q.W.Header().Set("Content-Disposition", `attachment; filename="coverage.csv"`)
	w := csv.NewWriter(q.W)
	lines := [][]string{{"topic", "region", "needs", "answers"}}
	for _, area := range c.areas {
		for _, region := range regions() {
			x := c.cells[area.Code][region]
			needs := strconv.Itoa(x.needs)
			if x.withheld() {
				needs = ""
			}
			lines = append(lines, []string{area.Code, region, needs, strconv.Itoa(x.answers)})
		}
	}
	if err := w.WriteAll(lines); err != nil {
		return fmt.Errorf("write coverage: %w", err)
	}
	return nil
}
