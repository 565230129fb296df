package web

import (
	"net/url"
	"slices"

	"github.com/a-h/templ"

	"concord/internal/door"
	"concord/internal/i18n"
	"concord/internal/record"
	"concord/internal/web/ui"
)

// searchPage finds records of all kinds by their words.
func (s *Site) searchPage(q *door.Req) error {
	v := q.URL.Query()
	text := v.Get("q")
	title := q.T("search.title")
	if text == "" {
		head := ui.ListHead{Title: title, Lead: q.T("search.lead")}
		return s.Show(q, Page{Title: title, Crumbs: []ui.Link{{Text: title}}, Body: []templ.Component{head, s.browse(q)}})
	}
	query := record.Query{
		Kinds: s.Kinds().Generic(), Text: text, After: v.Get("cursor"), Facets: []string{"kind", "topics", "owner"},
		Filter: map[string][]string{"state": {"published"}},
	}
	for _, name := range query.Facets {
		if codes := v[name]; len(codes) > 0 && len(codes) <= 50 {
			query.Filter[name] = codes
		}
	}
	page, err := s.Store.List(q.Context(), q.Actor, query)
	if err != nil {
		return err
	}
	head := ui.ListHead{Title: q.T("search.results", text), Count: q.T("search.count", page.Total)}
	return s.Show(q, Page{
		Title: title, Query: text, Crumbs: []ui.Link{{Text: title}},
		Body: []templ.Component{head, ui.Split{Side: s.searchFilter(q, query, page, v), Body: s.hits(q, page, v)}},
	})
}

func (s *Site) hits(q *door.Req, page *record.Page, v url.Values) templ.Component {
	if page.Total == 0 {
		return ui.Join(ui.Empty{Heading: q.T("list.none"), Text: q.T("search.none")}, s.browse(q))
	}
	results := ui.Results{Label: q.T("search.title")}
	for _, r := range page.Records {
		results.Items = append(results.Items, s.Result(q, r, true))
	}
	if page.Next == "" && !v.Has("cursor") {
		return results
	}
	pager := ui.Pager{Label: q.T("list.pages")}
	if v.Has("cursor") {
		pager.First = &ui.Link{Text: q.T("list.first"), Href: "?" + with(v, "cursor", "")}
	}
	if page.Next != "" {
		pager.Next = &ui.Link{Text: q.T("list.next"), Href: "?" + with(v, "cursor", page.Next)}
	}
	return ui.Join(results, pager)
}

func (s *Site) searchFilter(q *door.Req, query record.Query, page *record.Page, v url.Values) ui.Filter {
	f := ui.Filter{
		Heading: q.T("list.filter"), Show: q.T("list.show_filters"), Action: s.at(q, "/search"),
		SearchLabel: q.T("list.words"), Query: query.Text, Apply: q.T("list.apply"),
	}
	for i, name := range query.Facets {
		facet := ui.Facet{Heading: q.T("facet." + name), Name: name, Folded: i > 0}
		for _, c := range page.Counts[name] {
			label := c.Code
			switch name {
			case "kind":
				label = q.T("kind." + s.Kinds().Kind(c.Code).Plural)
			case "topics":
				label = s.Code(q, "topic", c.Code)
			case "owner":
				label = q.Dir.Name(c.Code, q.Lang)
			}
			facet.Options = append(facet.Options, ui.Option{
				Value: c.Code, Label: label, Count: i18n.Number(q.Lang, c.N), Chosen: slices.Contains(v[name], c.Code),
			})
		}
		if facet.Options = few(facet.Options); len(facet.Options) > 0 {
			f.Facets = append(f.Facets, facet)
		}
	}
	return f
}

// browse offers the ways to look without words.
func (s *Site) browse(q *door.Req) templ.Component {
	p := ui.Panel{Heading: q.T("search.browse")}
	for _, k := range s.Kinds().All() {
		if !k.Internal {
			p.Links = append(p.Links, ui.Link{Text: q.T("kind." + k.Plural), Href: s.at(q, "/"+k.Plural)})
		}
	}
	return p
}
