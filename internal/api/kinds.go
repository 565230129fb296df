package api

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"concord/internal/access"
	"concord/internal/door"
	"concord/internal/i18n"
	"concord/internal/problem"
	"concord/internal/record"
)

const (
	jsonType  = "application/json"
	patchType = "application/merge-patch+json"
)

// kindEndpoints are the addresses of one kind.
func (a *API) kindEndpoints(k *record.Kind) []endpoint {
	base := Root + "/" + k.Plural
	made := func(method, path, act string, who door.Who, h func(*record.Kind) door.Handler, d Doc) endpoint {
		return endpoint{door.Route{Method: method, Path: base + path, Who: who, Kind: k.Name, Act: act, Handle: h(k)}, d}
	}
	one, sent := ref(schemaName(k)), ref(schemaName(k)+"Input")
	return []endpoint{
		made("GET", "", "list", door.Anyone, a.list, Doc{
			Summary: "Lists " + k.Plural + ", filtered, counted and page by page", Params: listParams(k), Answer: ref(schemaName(k) + "List"),
		}),
		made("POST", "", "create", door.SignedIn, a.create, Doc{
			Summary: "Makes a " + k.Name + " that the caller's party answers for: a draft, or further on if the body says so by its state",
			Header:  []string{"Idempotency-Key"}, Body: sent, Status: http.StatusCreated, Answer: one,
		}),
		made("GET", "/{id}", "read", door.Anyone, a.read, Doc{Summary: "Reads a " + k.Name, Answer: one}),
		made("PUT", "/{id}", "update", door.SignedIn, a.put, Doc{
			Summary: "Replaces the fields of a " + k.Name + "; what the caller cannot see in it stays",
			Header:  []string{"If-Match"}, Body: sent, Answer: one,
		}),
		made("PATCH", "/{id}", "patch", door.SignedIn, a.patch, Doc{
			Summary: "Changes fields of a " + k.Name + " by a JSON Merge Patch (RFC 7396) on the record as the caller sees it",
			Header:  []string{"If-Match"}, Body: ref("MergePatch"), BodyType: patchType, Answer: one,
		}),
		made("DELETE", "/{id}", "withdraw", door.SignedIn, a.withdraw, Doc{
			Summary: "Withdraws a " + k.Name + ": only its owner still sees it", Header: []string{"If-Match?"}, Status: http.StatusNoContent,
		}),
		made("GET", "/{id}/revisions", "revisions", door.Anyone, a.revisions, Doc{
			Summary: "The history of a " + k.Name + ", newest first, as far as the caller may see it", Answer: ref(schemaName(k) + "Revisions"),
		}),
		made("POST", "/{id}/transitions", "transition", door.SignedIn, a.transition, Doc{
			Summary: "Takes a " + k.Name + " along its lifecycle", Header: []string{"If-Match?"}, Body: ref("Transition"), Answer: one,
		}),
	}
}

func (a *API) read(k *record.Kind) door.Handler {
	return func(q *door.Req) error {
		r, err := a.Store.Get(q.Context(), q.Actor, k.Name, q.PathValue("id"))
		if err != nil {
			return err
		}
		return answerRecord(q, http.StatusOK, r)
	}
}

// create makes a record and, in the same transaction, takes it to the state
// that the body names.
func (a *API) create(k *record.Kind) door.Handler {
	return func(q *door.Req) error {
		once, err := idempotencyKey(q)
		if err != nil {
			return err
		}
		sent, err := readObject(q, jsonType)
		if err != nil {
			return err
		}
		// What the caller could not have meant otherwise may be said.
		in, err := readInput(q, k, sent, object{"kind": k.Name, "owner": q.Actor.Party, "partners": []any{}})
		if err != nil {
			return err
		}
		d := record.Draft{Kind: k.Name, Body: in.body}
		if once != "" {
			d.Once = "api " + k.Name + " " + once
		}
		set(&d.Audience, in.audience)
		set(&d.Named, in.named)
		set(&d.Narrowed, in.narrowed)
		var r *record.Record
		err = a.Store.Do(q.Context(), q.Actor, func(w *record.Writer) error {
			if r, err = w.Create(d); err != nil {
				return err
			}
			if in.state != "" && r.Status == access.Draft && in.state != access.Draft {
				if r, err = begin(w, r, in.state); err != nil {
					return err
				}
			}
			r, err = w.Get(k.Name, r.ID)
			return err
		})
		if err != nil {
			return err
		}
		q.W.Header().Set("Location", Root+"/"+k.Plural+"/"+r.ID)
		return answerRecord(q, http.StatusCreated, r)
	}
}

// begin takes a new record out of draft.
func begin(w *record.Writer, r *record.Record, to access.Status) (*record.Record, error) {
	act := access.Submit
	if to == access.Published {
		act = access.Publish
	}
	r, err := w.Move(r.Kind, r.ID, r.Revision, act, "")
	if err == nil && r.Status != to {
		return nil, wrongTransition("state", to)
	}
	return r, err
}

func set[T any](dst, src *T) {
	if src != nil {
		*dst = *src
	}
}

// maxKey bounds an Idempotency-Key: a UUID has 36 characters.
const maxKey = 200

// idempotencyKey reads the header of that name (a string of structured fields,
// or bare): the same key makes the same record, however often it is sent.
func idempotencyKey(q *door.Req) (string, error) {
	key := strings.Trim(strings.TrimSpace(q.Header.Get("Idempotency-Key")), `"`)
	if len(key) > maxKey || strings.ContainsFunc(key, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return "", problem.New(problem.BadRequest, "idempotency-key", maxKey)
	}
	return key, nil
}

// put replaces a record's fields.
func (a *API) put(k *record.Kind) door.Handler {
	return func(q *door.Req) error {
		sent, err := readObject(q, jsonType)
		if err != nil {
			return err
		}
		return a.change(q, k, func(object) object { return sent })
	}
}

// patch changes some of them.
func (a *API) patch(k *record.Kind) door.Handler {
	return func(q *door.Req) error {
		sent, err := readObject(q, patchType, jsonType)
		if err != nil {
			return err
		}
		return a.change(q, k, func(now object) object {
			merged, _ := merge(now, sent).(object)
			// Of the envelope, what is absent stays; null empties.
			for name, empty := range map[string]any{"groups": []any{}, "narrowed": object{}} {
				if v, given := sent[name]; given && v == nil {
					merged[name] = empty
				}
			}
			return merged
		})
	}
}

// change writes a record as `to` makes it from what the actor sees. Whether
// there is such a record for the actor comes before everything else that
// could tell.
func (a *API) change(q *door.Req, k *record.Kind, to func(now object) object) error {
	r, err := a.Store.Get(q.Context(), q.Actor, k.Name, q.PathValue("id"))
	if err != nil {
		return err
	}
	if err := checkMatch(q, r, true); err != nil {
		return err
	}
	now, err := asObject(r)
	if err != nil {
		return err
	}
	in, err := readInput(q, k, to(now), now)
	if err != nil {
		return err
	}
	c := record.Change{Body: in.body, Audience: in.audience, Named: in.named, Narrowed: in.narrowed}
	err = a.Store.Do(q.Context(), q.Actor, func(w *record.Writer) error {
		if _, err := w.Update(k.Name, r.ID, r.Revision, c); err != nil {
			return err
		}
		r, err = w.Get(k.Name, r.ID)
		return err
	})
	if err != nil {
		return err
	}
	return answerRecord(q, http.StatusOK, r)
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
		items := make([]any, 0, len(page.Records))
		for _, r := range page.Records {
			item, err := project(r, fields)
			if err != nil {
				return err
			}
			items = append(items, item)
		}
		return answer(q, http.StatusOK, listing{items, page.Total, facets(page), page.Next})
	}
}

// listing is a page of a list.
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

// project leaves only the named members of a record.
func project(r *record.Record, names []string) (any, error) {
	if names == nil {
		return r, nil
	}
	b, err := json.Marshal(r)
	if err != nil {
		return nil, err
	}
	var all map[string]json.RawMessage
	if err := json.Unmarshal(b, &all); err != nil {
		return nil, err
	}
	for name := range all {
		if !slices.Contains(names, name) {
			delete(all, name)
		}
	}
	return all, nil
}

// wrongTransition says that the record's lifecycle leads elsewhere.
func wrongTransition(field string, to access.Status) error {
	var f problem.Fields
	f.Add(field, "transition", string(to))
	return f.Err()
}
