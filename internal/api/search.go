package api

import (
	"net/http"
	"slices"

	"concord/internal/access"
	"concord/internal/door"
	"concord/internal/i18n"
	"concord/internal/record"
	"concord/internal/search"
)

// snippet is how many characters of a text show its hits, and snippets of how
// many fields an item has.
const (
	snippet  = 200
	snippets = 3
)

func (a *API) searchEndpoint() endpoint {
	return endpoint{
		door.Route{Method: "GET", Path: Root + "/search", Who: door.Anyone, Act: "search", Handle: a.search},
		Doc{
			Summary: "Finds published records of all kinds by their words, best first, with the hits marked",
			Params: []Param{
				{Name: "q", About: "Words"},
				{Name: "kind", About: "Only these kinds", Many: true, Only: a.kindNames()},
				{Name: "owner", About: "Only what these parties answer for", Many: true},
				limitParam(), cursorParam(),
			},
			Answer: ref("SearchResults"),
		},
	}
}

func (a *API) kindNames() []string {
	var names []string
	for _, k := range a.Store.Kinds().All() {
		if !k.Internal {
			names = append(names, k.Name)
		}
	}
	return names
}

// hit is an item of a search.
type hit struct {
	Kind       string      `json:"kind"`
	ID         string      `json:"id"`
	Owner      string      `json:"owner"`
	Title      string      `json:"title"`
	Lang       i18n.Lang   `json:"lang"` // of the title
	URL        string      `json:"url"`
	Highlights []highlight `json:"highlights"`
}

// highlight is a part of a field, cut into hits and what is between them.
type highlight struct {
	Field string    `json:"field"`
	Lang  i18n.Lang `json:"lang"`
	Spans []span    `json:"spans"`
}

type span struct {
	Text string `json:"text"`
	Hit  bool   `json:"hit"`
}

// search finds records of all kinds. The parameter lang, when given, is the
// language of the words too, and of what they are looked for in.
func (a *API) search(q *door.Req) error {
	v := q.URL.Query()
	text := i18n.CleanString(v.Get("q"))
	if text == "" {
		return wrongParam("q", "required")
	}
	query := record.Query{
		Kinds: a.kindNames(), Text: text, Lang: i18n.Lang(v.Get("lang")), After: v.Get("cursor"),
		Facets: []string{"kind", "owner"},
		Filter: map[string][]string{"state": {string(access.Published)}, "owner": v["owner"]},
	}
	if v.Has("kind") {
		query.Kinds = v["kind"]
	}
	var err error
	if query.Limit, err = limit(v); err != nil {
		return err
	}
	page, err := a.Store.List(q.Context(), q.Actor, query)
	if err != nil {
		return err
	}
	items := make([]any, 0, len(page.Records))
	for _, r := range page.Records {
		items = append(items, a.hit(q, r, text))
	}
	return answer(q, http.StatusOK, listing{items, page.Total, facets(page), page.Next})
}

func (a *API) hit(q *door.Req, r *record.Record, text string) hit {
	k := a.Store.Kinds().Kind(r.Kind)
	h := hit{Kind: r.Kind, ID: r.ID, Owner: r.Owner, Highlights: []highlight{}}
	h.Title, h.Lang = k.Title(r.Body).In(q.Lang)
	h.URL = a.base(q) + "/" + string(q.Lang) + "/" + k.Plural + "/" + r.ID
	for _, f := range k.Fields {
		if len(h.Highlights) == snippets {
			break
		}
		if f.Search || f.Title {
			if l, ok := a.highlight(f, r, q.Lang, text); ok {
				h.Highlights = append(h.Highlights, l)
			}
		}
	}
	return h
}

// highlight shows the hits in a field: in the reader's language if there are
// any, else in the first language that has some.
func (a *API) highlight(f *record.Field, r *record.Record, l i18n.Lang, text string) (highlight, bool) {
	var in i18n.Text
	switch v := f.Value(r.Body).(type) {
	case i18n.Text:
		in = v
	case string:
		in = i18n.NewText(l, v)
	}
	langs := in.Langs()
	slices.SortStableFunc(langs, func(x, y i18n.Lang) int { return rank(x, l) - rank(y, l) })
	for _, try := range langs {
		found := a.words.Highlight(in.Get(try), try, text, snippet)
		if !slices.ContainsFunc(found, func(s search.Span) bool { return s.Hit }) {
			continue
		}
		h := highlight{Field: f.Name, Lang: try}
		for _, s := range found {
			h.Spans = append(h.Spans, span{s.Text, s.Hit})
		}
		return h, true
	}
	return highlight{}, false
}

// rank puts one language before all others.
func rank(l, first i18n.Lang) int {
	if l == first {
		return 0
	}
	return 1
}
