package api

import (
	"maps"
	"net/http"
	"slices"
	"unicode/utf8"

	"concord/internal/access"
	"concord/internal/door"
	"concord/internal/problem"
	"concord/internal/record"
)

// withdraw takes a record back: what DELETE means here.
func (a *API) withdraw(k *record.Kind) door.Handler {
	return func(q *door.Req) error {
		r, err := a.Store.Get(q.Context(), q.Actor, k.Name, q.PathValue("id"))
		if err != nil {
			return err
		}
		if err := checkMatch(q, r, false); err != nil {
			return err
		}
		if _, err := a.Store.Move(q.Context(), q.Actor, k.Name, r.ID, r.Revision, access.Withdraw, ""); err != nil {
			return err
		}
		q.W.WriteHeader(http.StatusNoContent)
		return nil
	}
}

// maxNote bounds what is said with a transition.
const maxNote = 1000

// transition moves a record to the state that the body names.
func (a *API) transition(k *record.Kind) door.Handler {
	return func(q *door.Req) error {
		to, note, err := readTransition(q)
		if err != nil {
			return err
		}
		r, err := a.Store.Get(q.Context(), q.Actor, k.Name, q.PathValue("id"))
		if err != nil {
			return err
		}
		if err := checkMatch(q, r, false); err != nil {
			return err
		}
		act := actionTo(to, r.Status)
		if leads, ok := access.Move(q.Actor, act, r.Subject()); ok && leads != to {
			return wrongTransition("to", to)
		}
		err = a.Store.Do(q.Context(), q.Actor, func(w *record.Writer) error {
			if _, err := w.Move(k.Name, r.ID, r.Revision, act, note); err != nil {
				return err
			}
			if moved, err := w.Get(k.Name, r.ID); !problem.Is(err, problem.NotFound) {
				r = moved
				return err
			}
			r = nil // where it is now, who moved it does not see it
			return nil
		})
		switch {
		case err != nil:
			return err
		case r == nil:
			q.W.WriteHeader(http.StatusNoContent)
			return nil
		}
		return answerRecord(q, http.StatusOK, r)
	}
}

func readTransition(q *door.Req) (to access.Status, note string, err error) {
	in, err := readObject(q, jsonType)
	if err != nil {
		return "", "", err
	}
	r := &fieldReader{}
	for _, name := range slices.Sorted(maps.Keys(in)) {
		switch name {
		case "to":
			to = access.Status(asString(r.line(name, in[name])))
		case "note":
			note = asString(r.line(name, in[name]))
		default:
			r.Add(echo(name), "unknown-field")
		}
	}
	if !r.Has("to") {
		r.Check(slices.Contains(access.Statuses(), to), "to", "one-of", joinStates(access.Statuses()))
	}
	n := utf8.RuneCountInString(note)
	r.Check(n <= maxNote, "note", "too-long", maxNote, n)
	return to, note, r.Err()
}

// actionTo is the action that leads from one state to another, whoever may
// take it.
func actionTo(to, from access.Status) access.Action {
	switch to {
	case access.Published:
		return access.Publish
	case access.Awaiting, access.Submitted:
		return access.Submit
	case access.Returned:
		return access.Return
	case access.Rejected:
		return access.Reject
	case access.Archived:
		return access.Archive
	case access.Draft:
		if from == access.Awaiting {
			return access.Return
		}
		return access.Restore
	}
	return access.Withdraw
}

// wrongTransition says that the record's lifecycle leads elsewhere.
func wrongTransition(field string, to access.Status) error {
	var f problem.Fields
	f.Add(field, "transition", string(to))
	return f.Err()
}
