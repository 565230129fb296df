package record

import (
	"encoding/json"
	"fmt"
	"slices"

	"concord/internal/access"
	"concord/internal/i18n"
	"concord/internal/problem"
)

// check validates a record as it is about to be saved. before are the records
// it pointed at already.
func (w *Writer) check(k *Kind, rec *Record, draft bool, before []string) error {
	var f problem.Fields
	w.s.kinds.Validate(k, rec.Body, w.dir, draft, &f)
	switch {
	case rec.Audience == access.Sealed:
		f.Add("audience", "sealed-not-yet")
	case !k.Allows(rec.Audience):
		f.Add("audience", "audience", string(rec.Audience))
	case rec.Audience == access.Group && len(rec.Named) == 0:
		f.Add("groups", "required")
	}
	if rec.Audience != access.Group {
		rec.Named = nil
	}
	for _, code := range append(slices.Clone(rec.Named), rec.Partners...) {
		if !w.dir.Has(code) {
			f.Add("groups", "party", problem.Clip(code))
		}
	}
	for name, a := range rec.Narrowed {
		field := k.Field(name)
		if field == nil || !field.Choice || !a.Valid() || a == access.Sealed {
			f.Add("narrowed", "narrowed", problem.Clip(name))
		}
	}
	if err := f.Err(); err != nil {
		return err
	}
	return w.checkRefs(k, rec, before)
}

// checkRefs refuses references that are new in the record and lead to what the
// actor cannot see or to another kind: pointing at a record must not tell
// whether it exists.
func (w *Writer) checkRefs(k *Kind, rec *Record, before []string) error {
	var problems problem.Fields
	var failed error
	k.refs(rec.Body, func(name string, f *Field, r Ref) bool {
		if id := string(r); failed == nil && !slices.Contains(before, id) {
			ok, err := w.mayPoint(f.Kind, id)
			failed = err
			problems.Check(ok, name, "ref", id)
		}
		return true
	})
	if failed != nil {
		return failed
	}
	return problems.Err()
}

func (w *Writer) mayPoint(kind, id string) (bool, error) {
	where, args := w.Actor.Scope().SQL()
	n := len(args)
	query := fmt.Sprintf("SELECT count(*) FROM record r WHERE r.id = $%d AND ($%d = '' OR r.kind = $%d) AND %s", n+1, n+2, n+2, where)
	var found int
	err := w.tx.QueryRow(w.ctx, query, append(args, id, kind)...).Scan(&found)
	return found == 1, err
}

// texts lists what of a record is searched: not the fields that some of its
// readers may not see.
func (k *Kind) texts(r *Record) []textOf {
	var list []textOf
	for _, f := range k.Fields {
		if !f.Search && !f.Title || r.fieldAudience(f) != "" {
			continue
		}
		switch v := f.Value(r.Body).(type) {
		case i18n.Text:
			for _, l := range v.Langs() {
				list = append(list, textOf{l, v.Get(l), f.Title})
			}
		case string:
			list = append(list, textOf{"", v, f.Title})
		}
	}
	return list
}

type textOf struct {
	lang  i18n.Lang
	text  string
	title bool
}

// marshal writes a body as it is stored.
func marshal(body any) (string, error) {
	b, err := json.Marshal(body)
	return string(b), err
}

// Title is a record's title, to be repeated in another record.
func (w *Writer) Title(r *Record) i18n.Text { return w.s.kinds.Kind(r.Kind).Title(r.Body) }
