package exchange

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"slices"

	"concord/internal/access"
	"concord/internal/ids"
	"concord/internal/problem"
	"concord/internal/record"
)

// Item is one record on its way in.
type Item struct {
	Row    int
	Name   string   // what the file calls it, for the report
	ID     string   // a record that the file says it is; may be of elsewhere
	Owners []string // who answers for it: the first that may
	State  access.Status
	Draft  record.Draft // Keys[0] makes it the same record each time
	// Body makes the fields; old is what the record says now, nil for a new
	// one. With Body nil they are Draft.Body.
	Body func(old any) (any, error)
	// Shares tells whether the file says who may read the record.
	Shares bool
	// Notes are remarks that stand if the row is taken.
	Notes []Problem
}

// Sink takes items in, many in one transaction, and counts what became of
// them.
type Sink struct {
	ctx   context.Context
	store *record.Store
	actor access.Actor
	o     Options
	rep   *Report
	size  int
	items []*Item
}

// batch is how many rows one transaction takes: others wait for it no longer
// than for a page.
const batch = 200

// NewSink begins an import. The actor must be the operator or may create
// records of the kinds.
func NewSink(ctx context.Context, s *record.Store, a access.Actor, o Options, rep *Report) *Sink {
	rep.DryRun = o.DryRun
	return &Sink{ctx: ctx, store: s, actor: Operator(a), o: o, rep: rep, size: batch}
}

// Add takes one item in.
func (s *Sink) Add(it *Item) error {
	s.items = append(s.items, it)
	if len(s.items) < s.size {
		return nil
	}
	return s.Flush()
}

// Refuse counts a row that made no item.
func (s *Sink) Refuse(problems ...Problem) {
	s.rep.Rows++
	s.rep.Refused++
	for _, p := range problems {
		s.rep.Add(p)
	}
}

// result is what became of an item.
type result struct {
	outcome  string // created, updated, unchanged, kept; "" = refused
	problems []Problem
	settled  bool // refused after something was written: not tried again
}

var (
	errDryRun = errors.New("dry run") // undoes what was only to be tried
	errAgain  = errors.New("again")   // undoes a batch, to be done without one of its rows
)

// Flush writes what has been gathered.
func (s *Sink) Flush() error {
	items := s.items
	s.items = nil
	if len(items) == 0 {
		return nil
	}
	ids, err := s.known(items)
	if err != nil {
		return err
	}
	results := make([]result, len(items))
	for {
		err := s.store.Do(s.ctx, s.actor, func(w *record.Writer) error { return s.write(w, items, ids, results) })
		if errors.Is(err, errAgain) {
			continue
		}
		if err != nil && !errors.Is(err, errDryRun) {
			return err
		}
		break
	}
	for i := range results {
		s.count(items[i], &results[i])
	}
	if s.o.Progress != nil {
		s.o.Progress(s.rep.Rows)
	}
	return nil
}

// known finds the records that items are already.
func (s *Sink) known(items []*Item) ([]string, error) {
	ids := make([]string, len(items))
	if s.actor.Operator() {
		return ids, nil // Writer.Import looks by itself
	}
	for i, it := range items {
		id, err := s.store.ByKey(s.ctx, s.actor, it.Draft.Keys[0])
		if err != nil {
			return nil, err
		}
		ids[i] = id
	}
	return ids, nil
}

// write does a batch. A row that is refused before it wrote anything is only
// noted; one that failed later undoes the batch, which is done again without
// it.
func (s *Sink) write(w *record.Writer, items []*Item, ids []string, results []result) error {
	for i, it := range items {
		if results[i].settled {
			continue
		}
		outcome, notes, err := s.put(w, it, ids[i])
		results[i] = result{outcome: outcome, problems: notes}
		if err == nil {
			continue
		}
		var late *lateError
		isLate := errors.As(err, &late)
		p, ok := errors.AsType[*problem.Error](err)
		if !ok || p.Kind != problem.Invalid && p.Kind != problem.Conflict {
			return err
		}
		results[i] = result{problems: rowProblems(it, p), settled: isLate || p.Kind == problem.Conflict}
		if results[i].settled {
			return errAgain
		}
	}
	if s.o.DryRun {
		return errDryRun
	}
	return nil
}

// lateError is a refusal after the row had written something.
type lateError struct{ err error }

func (l *lateError) Error() string { return l.err.Error() }
func (l *lateError) Unwrap() error { return l.err }

func rowProblems(it *Item, p *problem.Error) []Problem {
	if len(p.Fields) == 0 {
		return []Problem{{Row: it.Row, Key: it.Name, Tier: Error, Code: p.Code, Args: p.Args}}
	}
	var list []Problem
	for _, f := range p.Fields {
		list = append(list, Problem{Row: it.Row, Key: it.Name, Field: f.Name, Tier: Error, Code: f.Code, Args: f.Args})
	}
	return list
}

func (s *Sink) count(it *Item, r *result) {
	s.rep.Rows++
	switch r.outcome {
	case "created":
		s.rep.Created++
	case "updated":
		s.rep.Updated++
	case "unchanged", "kept":
		s.rep.Unchanged++
	default:
		s.rep.Refused++
	}
	for _, p := range r.problems {
		s.rep.Add(p)
	}
	if r.outcome != "" {
		for _, p := range it.Notes {
			s.rep.Add(p)
		}
	}
}

// put takes one item in.
func (s *Sink) put(w *record.Writer, it *Item, id string) (outcome string, notes []Problem, err error) {
	if s.actor.Operator() {
		return s.bring(w, it)
	}
	return s.own(w, it, id)
}

func note(it *Item, code string, args ...any) []Problem {
	return []Problem{{Row: it.Row, Key: it.Name, Tier: Warning, Code: code, Args: args}}
}

// bring takes an item in for its owner, as the operator.
func (s *Sink) bring(w *record.Writer, it *Item) (string, []Problem, error) {
	if ids.Valid(it.ID) {
		if _, err := w.Get(it.Draft.Kind, it.ID); err == nil {
			return "kept", note(it, "import.is-here"), nil
		} else if !problem.Is(err, problem.NotFound) {
			return "", nil, err
		}
	}
	d := it.Draft
	if it.Body != nil {
		body, err := it.Body(nil)
		if err != nil {
			return "", nil, err
		}
		d.Body = body
	}
	var err error
	for _, owner := range it.Owners {
		var outcome string
		if _, outcome, err = w.Import(owner, d, it.State); err == nil {
			if outcome == "kept" {
				return outcome, note(it, "import.kept"), nil
			}
			return outcome, nil, nil
		}
		if !wrongOwner(err) {
			break
		}
	}
	return "", nil, err
}

// wrongOwner reports whether a record was refused for its owner alone.
func wrongOwner(err error) bool {
	p, ok := errors.AsType[*problem.Error](err)
	return ok && len(p.Fields) == 1 && p.Fields[0].Name == colOwner
}

// own takes an item in as one of the actor's own party.
func (s *Sink) own(w *record.Writer, it *Item, id string) (string, []Problem, error) {
	rec, err := s.find(w, it, id)
	if err != nil {
		return "", nil, err
	}
	if rec == nil {
		return s.create(w, it)
	}
	k := s.store.Kinds().Kind(it.Draft.Kind)
	body, err := it.Body(rec.Body)
	if err != nil {
		return "", nil, err
	}
	same, err := equal(body, rec.Body)
	if err != nil {
		return "", nil, err
	}
	c := record.Change{Body: body}
	if it.Shares && (it.Draft.Audience != rec.Audience || rec.Audience == access.Group && !slices.Equal(it.Draft.Named, rec.Named)) {
		same, c.Audience, c.Named = false, &it.Draft.Audience, &it.Draft.Named
	}
	outcome := "unchanged"
	if !same {
		if !access.MayEdit(s.actor, rec.Subject(), k.KindRule) {
			var f problem.Fields
			f.Add("", "import.not-editable")
			return "", nil, f.Err()
		}
		if rec, err = w.Update(rec.Kind, rec.ID, rec.Revision, c); err != nil {
			return "", nil, err
		}
		outcome = "updated"
	}
	moved, notes, err := s.move(w, it, rec)
	if moved {
		outcome = "updated"
	}
	return outcome, notes, err
}

// find is the actor's own record that the item is, or nil.
func (s *Sink) find(w *record.Writer, it *Item, id string) (*record.Record, error) {
	for _, id := range [...]string{id, it.ID} {
		if !ids.Valid(id) {
			continue
		}
		rec, err := w.Get(it.Draft.Kind, id)
		switch {
		case problem.Is(err, problem.NotFound):
		case err != nil:
			return nil, err
		case rec.Owner != s.actor.Party:
			var f problem.Fields
			f.Add(colOwner, "import.not-yours")
			return nil, f.Err()
		default:
			return rec, nil
		}
	}
	return nil, nil
}

func (s *Sink) create(w *record.Writer, it *Item) (string, []Problem, error) {
	body, err := it.Body(nil)
	if err != nil {
		return "", nil, err
	}
	d := it.Draft
	d.Body = body
	rec, err := w.Create(d)
	if err != nil {
		return "", nil, err
	}
	_, notes, err := s.move(w, it, rec)
	return "created", notes, err
}

// move publishes what is to be published, or hands it to whoever may.
func (s *Sink) move(w *record.Writer, it *Item, rec *record.Record) (bool, []Problem, error) {
	if it.State != access.Published || rec.Status != access.Draft && rec.Status != access.Returned {
		return false, nil, nil
	}
	act, notes := access.Publish, []Problem(nil)
	if _, ok := access.Move(s.actor, act, rec.Subject()); !ok {
		if act = access.Submit; s.actor.Kind == access.Stakeholder {
			notes = note(it, "import.submitted")
		} else {
			notes = note(it, "import.awaiting")
		}
	}
	if _, err := w.Move(rec.Kind, rec.ID, rec.Revision, act, ""); err != nil {
		return false, nil, &lateError{err}
	}
	return true, notes, nil
}

// equal compares two bodies as they are stored.
func equal(a, b any) (bool, error) {
	x, err := json.Marshal(a)
	if err != nil {
		return false, err
	}
	y, err := json.Marshal(b)
	return bytes.Equal(x, y), err
}
