package api

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"concord/internal/access"
	"concord/internal/door"
	"concord/internal/i18n"
	"concord/internal/record"
)

// list answers with one page of a kind.
func (a *API) list(k *record.Kind) door.Handler {
	return func(q *door.Req) error {
		v := q.URL.Query()
		query := record.ReadQuery(k, v, facetNames(k))
		query.Text = i18n.CleanString(query.Text)
		var err error
		if query.Limit, err = limit(v); err != nil {
			return err
		}
		fields, err := chosenFields(k, v["fields"])
		if err != nil {
			return err
		}
		page, err := a.Store.List(q.Context(), q.Actor, query)
		if err != nil {
			return err
		}
		b, err := listJSON(page, fields)
		if err != nil {
			return err
		}
		return answerJSON(q, http.StatusOK, b)
	}
}

// listJSON is a page of a list: {"items":[…],"total":N,"facets":{…},"next":"…"}.
// Records are put together from what they are stored as; only counts go through
// the encoder.
func listJSON(page *record.Page, fields []string) ([]byte, error) {
	b := append(make([]byte, 0, 4096*(1+len(page.Records))), `{"items":[`...)
	for i, r := range page.Records {
		if i > 0 {
			b = append(b, ',')
		}
		var err error
		if fields == nil {
			b, err = r.AppendJSON(b)
		} else {
			b, err = project(b, r, fields)
		}
		if err != nil {
			return nil, err
		}
	}
	rest, err := json.Marshal(struct {
		Total  int                `json:"total"`
		Facets map[string][]count `json:"facets"`
		Next   string             `json:"next,omitempty"`
	}{page.Total, facets(page), page.Next})
	if err != nil {
		return nil, err
	}
	b = append(b, "],"...)
	return append(b, rest[1:]...), nil
}

// listing is a page of what a search found.
type listing struct {
	Items  []any              `json:"items"`
	Total  int                `json:"total"`
	Facets map[string][]count `json:"facets"`
	Next   string             `json:"next,omitempty"`
}

type count struct {
	Value string `json:"value"`
	Count int    `json:"count"`
}

func facets(page *record.Page) map[string][]count {
	m := map[string][]count{}
	for name, counts := range page.Counts {
		m[name] = make([]count, 0, len(counts))
		for _, c := range counts {
			m[name] = append(m[name], count{c.Code, c.N})
		}
	}
	return m
}

// facetNames are the parameters by which a list of the kind is filtered.
func facetNames(k *record.Kind) []string {
	var names []string
	for _, f := range k.Facets() {
		names = append(names, f.Name)
	}
	return append(names, "owner", "audience", "state")
}

// chosenFields reads which members of a record the caller wants; nil for all.
func chosenFields(k *record.Kind, values []string) ([]string, error) {
	var names []string
	for _, v := range values {
		for name := range strings.SplitSeq(v, ",") {
			if k.Field(name) == nil && !slices.Contains(record.EnvelopeFields(), name) {
				return nil, wrongParam("fields", "unknown-field", echo(name))
			}
			names = append(names, name)
		}
	}
	return names, nil
}

// project appends only the named members of a record.
func project(b []byte, r *record.Record, names []string) ([]byte, error) {
	whole, err := json.Marshal(r)
	if err != nil {
		return nil, err
	}
	var all map[string]json.RawMessage
	if err := json.Unmarshal(whole, &all); err != nil {
		return nil, err
	}
	for name := range all {
		if !slices.Contains(names, name) {
			delete(all, name)
		}
	}
	part, err := json.Marshal(all)
	return append(b, part...), err
}

// revision is an item of a record's history.
type revision struct {
	Number   int             `json:"revision"`
	At       string          `json:"at"`
	Party    string          `json:"party"`
	Account  string          `json:"account,omitempty"`
	Action   string          `json:"action"`
	State    access.Status   `json:"state"`
	Audience access.Audience `json:"audience"`
	Note     string          `json:"note,omitempty"`
	Fields   any             `json:"fields"`
}

func (a *API) revisions(k *record.Kind) door.Handler {
	return func(q *door.Req) error {
		list, err := a.Store.Revisions(q.Context(), q.Actor, k.Name, q.PathValue("id"))
		if err != nil {
			return err
		}
		items := make([]revision, 0, len(list))
		for _, r := range list {
			items = append(items, revision{
				r.Number, r.At.Format(timeFormat), r.Party, r.Account, r.Action, r.Status, r.Audience, r.Note, r.Body,
			})
		}
		return answer(q, http.StatusOK, map[string]any{"items": items})
	}
}

// timeFormat is RFC 3339 with as many digits as are kept, as in records.
const timeFormat = "2006-01-02T15:04:05.999999Z07:00"
