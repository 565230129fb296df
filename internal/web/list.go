package web

import (
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"concord/internal/access"
	"concord/internal/door"
	"concord/internal/exchange"
	"concord/internal/i18n"
	"concord/internal/record"
	"concord/internal/web/ui"
)

// facetFields lists what a list of the kind is filtered by: its own facets,
// who answers for the record, and, for those who have such, state and audience.
func facetFields(k *record.Kind, a access.Actor) []string {
	var names []string
	for _, f := range k.Facets() {
		names = append(names, f.Name)
	}
	names = append(names, "owner")
	if !a.Anonymous() {
		names = append(names, "audience", "state")
	}
	return names
}

// ReadQuery reads a list's query from the address: every parameter but these
// few is a facet, and one that is no facet of the kind is ignored.
func ReadQuery(k *record.Kind, a access.Actor, v url.Values, lang i18n.Lang) record.Query {
	return record.ReadQuery(k, v, facetFields(k, a))
}

// list shows the records of a kind, filtered and sorted as the address says;
// with format=csv or json it is a download of the same view.
func (s *Site) list(k *record.Kind) door.Handler {
	return func(q *door.Req) error {
		v := q.URL.Query()
		query := ReadQuery(k, q.Actor, v, q.Lang)
		if v.Get("format") == "csv" {
			return s.listCSV(q, k, query)
		}
		page, err := s.Store.List(q.Context(), q.Actor, query)
		if err != nil {
			return err
		}
		title := q.T("kind." + k.Plural)
		head := ui.ListHead{Title: title, Lead: q.T("lead." + k.Name), Count: q.T("count."+k.Name, page.Total)}
		if access.MayCreate(q.Actor, k.KindRule) {
			head.Actions = []ui.Link{
				{Text: q.T("new." + k.Name), Href: s.at(q, "/"+k.Plural+"/new")},
				{Text: q.T("import.csv"), Href: s.at(q, "/"+k.Plural+"/import")},
			}
		}
		return s.Show(q, Page{
			Title: title, Query: "", Crumbs: []ui.Link{{Text: title}},
			Body: []templ.Component{head, ui.Split{
				Side: s.filter(q, k, query, page, v),
				Body: s.results(q, k, query, page, v),
			}},
		})
	}
}

func (s *Site) results(q *door.Req, k *record.Kind, query record.Query, page *record.Page, v url.Values) templ.Component {
	var parts []templ.Component
	if a := s.applied(q, k, query, v); len(a.Items) > 0 {
		parts = append(parts, a)
	}
	if page.Total == 0 {
		return ui.Join(append(parts, s.empty(q, k, len(v) > 0))...)
	}
	sort := ui.Sort{Label: q.T("list.sort")}
	for _, order := range k.Orders(query.Text != "") {
		sort.Items = append(sort.Items, ui.Link{
			Text: q.T("sort." + order), Href: "?" + with(v, "sort", order, "cursor", ""), Current: order == effective(query),
		})
	}
	results := ui.Results{Label: q.T("kind." + k.Plural)}
	for _, r := range page.Records {
		results.Items = append(results.Items, s.Result(q, r, false))
	}
	pager := ui.Pager{Label: q.T("list.pages")}
	if query.After != "" {
		pager.First = &ui.Link{Text: q.T("list.first"), Href: "?" + with(v, "cursor", "")}
	}
	if page.Next != "" {
		pager.Next = &ui.Link{Text: q.T("list.next"), Href: "?" + with(v, "cursor", page.Next)}
	}
	downloads := ui.Downloads{Label: q.T("list.download"), Items: []ui.Link{
		{Text: "CSV", Href: "?" + with(v, "format", "csv", "cursor", "")},
		{Text: "JSON", Href: "/api/v1/" + k.Plural + "?" + with(v, "cursor", "")},
		{Text: "Atom", Href: "/feeds/" + k.Name + ".atom?" + with(v, "lang", string(q.Lang), "cursor", "")},
	}}
	parts = append(parts, sort, results)
	if pager.First != nil || pager.Next != nil {
		parts = append(parts, pager)
	}
	return ui.Join(append(parts, downloads)...)
}

func effective(q record.Query) string {
	switch {
	case q.Order != "":
		return q.Order
	case q.Text != "":
		return record.ByRelevance
	}
	return record.ByUpdated
}

// unstated is the value that says that nothing was said: a list leaves it out.
var unstated = []string{"not-stated"}

// Result is a record as a line of a list; named says its kind too.
func (s *Site) Result(q *door.Req, r *record.Record, named bool) ui.Result {
	k := s.Kinds().Kind(r.Kind)
	line := ui.Result{
		Title: Content(q, k.Title(r.Body)), Href: s.Path(q, r), Owner: ui.Plain(q.Dir.Name(r.Owner, q.Lang)),
		State: stateMark(q, r.Status, r.Due(s.Store.Now())), Mark: Mark(q, r),
		Summary: short(Content(q, k.Summary(r.Body))),
	}
	if named {
		line.Kind = q.T("kind." + k.Name)
	}
	days := false // the last of Meta is a day
	for _, f := range k.Fields {
		if !f.Column || f.Title {
			continue
		}
		if f.Type == record.Codes && f.Vocab == "topic" {
			for _, code := range f.Strings(r.Body) {
				line.Tags = append(line.Tags, ui.Link{Text: s.Code(q, f.Vocab, code), Href: s.at(q, "/"+k.Plural+"?"+f.Name+"="+code)})
			}
			continue
		}
		text := s.plain(q, f, r.Body)
		switch {
		case text == "" || slices.Equal(f.Strings(r.Body), unstated):
		case f.Type == record.Day && days: // from one day to the other
			line.Meta[len(line.Meta)-1] += " – " + text
		default:
			line.Meta = append(line.Meta, text)
		}
		days = f.Type == record.Day && text != ""
	}
	line.Meta = append(line.Meta, q.T("list.updated", Day(q, r.Updated)))
	return line
}

// short cuts a paragraph to what a list needs of it.
func short(p ui.Phrase) ui.Phrase {
	const enough = 160
	if r := []rune(p.Text); len(r) > enough {
		cut := string(r[:enough])
		if i := strings.LastIndexByte(cut, ' '); i > enough/2 {
			cut = cut[:i]
		}
		p.Text = cut + "…"
	}
	p.Note = "" // said at the title already
	return p
}

// with encodes v with some parameters set, or removed where the value is "".
func with(v url.Values, pairs ...string) string {
	c := url.Values{}
	for name, values := range v {
		if name != "done" {
			c[name] = values
		}
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] == "" {
			c.Del(pairs[i])
		} else {
			c.Set(pairs[i], pairs[i+1])
		}
	}
	return c.Encode()
}

// filter is the panel with the facets of a list.
func (s *Site) filter(q *door.Req, k *record.Kind, query record.Query, page *record.Page, v url.Values) templ.Component {
	f := ui.Filter{
		Heading: q.T("list.filter"), Show: q.T("list.show_filters"), Action: s.at(q, "/"+k.Plural),
		SearchLabel: q.T("list.words"), Query: query.Text, Apply: q.T("list.apply"),
	}
	if len(v) > 0 {
		f.Clear = &ui.Link{Text: q.T("list.clear"), Href: s.at(q, "/"+k.Plural)}
	}
	if order := v.Get("sort"); order != "" {
		f.Hidden = append(f.Hidden, ui.Pair{Name: "sort", Value: order})
	}
	for i, name := range query.Facets {
		facet := ui.Facet{Heading: s.facetLabel(q, k, name), Name: name, Folded: i > 1}
		chosen := v[name]
		for _, c := range page.Counts[name] {
			facet.Options = append(facet.Options, ui.Option{
				Value: c.Code, Label: s.facetValue(q, k, name, c.Code), Count: i18n.Number(q.Lang, c.N),
				Chosen: slices.Contains(chosen, c.Code),
			})
		}
		s.orderOptions(q, k, name, facet.Options)
		if f := k.Field(name); f != nil && f.Vocab != "" {
			facet.Options = s.levels(f.Vocab, facet.Options)
		} else if len(facet.Options) > most {
			facet.Options = few(facet.Options)
			facet.More = &ui.Link{Text: q.T("parties.title"), Href: s.at(q, "/parties")}
		}
		if len(facet.Options) > 0 {
			f.Facets = append(f.Facets, facet)
		}
	}
	return f
}

// levels leaves of a vocabulary of two levels the areas and, below an area in
// which something is chosen, what belongs to it. The order is the vocabulary's.
func (s *Site) levels(vocabulary string, options []ui.Option) []ui.Option {
	v := s.Kinds().Vocab[vocabulary]
	open := map[string]bool{}
	for _, o := range options {
		open[v.Root(o.Value)] = open[v.Root(o.Value)] || o.Chosen
	}
	var list []ui.Option
	for _, o := range options {
		root := v.Root(o.Value)
		if o.Under = root != o.Value && root != ""; !o.Under || open[root] {
			list = append(list, o)
		}
	}
	return list
}

// most is how many values a facet of parties shows: pages must stay light, and more than
// this nobody reads. What is chosen always stays.
const most = 12

func few(options []ui.Option) []ui.Option {
	if len(options) <= most {
		return options
	}
	kept := 0
	return slices.DeleteFunc(options, func(o ui.Option) bool {
		if o.Chosen || kept < most {
			kept++
			return false
		}
		return true
	})
}

// orderOptions puts the values of a facet in the order of their vocabulary,
// parties in the alphabet of the reader: never by their numbers, which would
// rank them.
func (s *Site) orderOptions(q *door.Req, k *record.Kind, name string, options []ui.Option) {
	position := map[string]int{}
	if f := k.Field(name); f != nil && f.Vocab != "" {
		for i, t := range s.Kinds().Vocab[f.Vocab].Terms {
			position[t.Code] = i
		}
	} else {
		for i, code := range q.Dir.Order(q.Lang) {
			position[code] = i
		}
	}
	slices.SortStableFunc(options, func(a, b ui.Option) int { return position[a.Value] - position[b.Value] })
}

func (s *Site) facetLabel(q *door.Req, k *record.Kind, name string) string {
	if name == "owner" || name == "audience" || name == "state" {
		return q.T("facet." + name)
	}
	return Label(q, k, name)
}

func (s *Site) facetValue(q *door.Req, k *record.Kind, name, code string) string {
	switch name {
	case "owner":
		return q.Dir.Name(code, q.Lang)
	case "audience":
		return q.T("audience." + code)
	case "state":
		return q.T("state." + code)
	}
	return s.codeLabel(q, k.Field(name), code)
}

func (s *Site) applied(q *door.Req, k *record.Kind, query record.Query, v url.Values) ui.Applied {
	a := ui.Applied{Label: q.T("list.applied")}
	if query.Text != "" {
		a.Items = append(a.Items, ui.AppliedItem{Facet: q.T("list.words"), Value: query.Text, Remove: q.T("list.remove_filter"), Href: "?" + with(v, "q", "", "cursor", "")})
	}
	for _, name := range query.Facets {
		for _, code := range v[name] {
			rest := url.Values{}
			for n, values := range v {
				rest[n] = values
			}
			rest[name] = slices.DeleteFunc(slices.Clone(v[name]), func(c string) bool { return c == code })
			rest.Del("cursor")
			a.Items = append(a.Items, ui.AppliedItem{
				Facet: s.facetLabel(q, k, name), Value: s.facetValue(q, k, name, code),
				Remove: q.T("list.remove_filter"), Href: "?" + rest.Encode(),
			})
		}
	}
	if len(a.Items) > 1 {
		a.Clear = &ui.Link{Text: q.T("list.clear"), Href: s.at(q, "/"+k.Plural)}
	}
	return a
}

func (s *Site) empty(q *door.Req, k *record.Kind, filtered bool) ui.Empty {
	if filtered {
		return ui.Empty{
			Heading: q.T("list.none"), Text: q.T("list.none.text"),
			Links: []ui.Link{{Text: q.T("list.clear"), Href: s.at(q, "/"+k.Plural)}},
		}
	}
	e := ui.Empty{Heading: q.T("empty." + k.Name), Text: q.T("lead." + k.Name), Who: q.T("empty.who." + k.Name)}
	if access.MayCreate(q.Actor, k.KindRule) {
		e.Action = &ui.Link{Text: q.T("new." + k.Name), Href: s.at(q, "/"+k.Plural+"/new")}
	}
	return e
}

// listCSV sends the whole view as a CSV file, row by row.
func (s *Site) listCSV(q *door.Req, k *record.Kind, query record.Query) error {
	h := q.W.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="`+k.Plural+`.csv"`)
	h.Set("Cache-Control", "no-store")
	q.Stream()
	_, err := exchange.Export(q.Context(), s.Store, q.Actor, query, exchange.CSV, q.W)
	return err
}

// compared is how many rows of a repeated field comparisons show.
const compared = 5
