package record

import (
	"net/url"
	"slices"

	"concord/internal/access"
)

// maxChosen bounds how many codes of one facet an address may ask for.
const maxChosen = 50

// Orders lists the orders of a list of the kind; by relevance only if words are
// searched.
func (k *Kind) Orders(words bool) []string {
	orders := []string{ByUpdated, ByCreated}
	if words {
		orders = append([]string{ByRelevance}, orders...)
	}
	if slices.ContainsFunc(k.Fields, func(f *Field) bool { return f.Date }) {
		orders = append(orders, ByDate)
	}
	return orders
}

// ReadQuery reads the query of a list of the kind from the parameters of its
// address: q, cursor, sort, dir, and one parameter for each of the facets, any
// number of times. What is none of these is ignored. Without the facet "state"
// only what is published is listed.
func ReadQuery(k *Kind, v url.Values, facets []string) Query {
	q := Query{
		Kinds: []string{k.Name}, Text: v.Get("q"), After: v.Get("cursor"), Facets: facets,
		Filter: map[string][]string{}, Order: v.Get("sort"), Asc: v.Get("dir") == "asc",
	}
	if !slices.Contains([]string{ByUpdated, ByCreated, ByDate, ByRelevance}, q.Order) {
		q.Order = ""
	}
	for _, name := range facets {
		if codes := v[name]; len(codes) > 0 {
			q.Filter[name] = codes[:min(len(codes), maxChosen)]
		}
	}
	if len(q.Filter["state"]) == 0 {
		q.Filter["state"] = []string{string(access.Published)}
	} else {
		q.All = true
	}
	return q
}
