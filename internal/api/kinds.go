package api

import (
	"net/http"
	"strings"

	"concord/internal/access"
	"concord/internal/door"
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
