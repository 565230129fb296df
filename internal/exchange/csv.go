package exchange

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/url"
	"slices"
	"strings"

	"concord/internal/access"
	"concord/internal/i18n"
	"concord/internal/party/reference"
	"concord/internal/problem"
	"concord/internal/record"
)

// ImportCSV takes in a CSV file whose columns are the flat names of a kind's
// fields (record.Kind.Names) and those of the envelope: key, id, owner,
// audience, groups, state. What is wrong with the file stands in the report;
// an error is a fault of ours, or that the actor may not do this at all.
//
// Ordinary actors bring in records of their own party, drafts or published as
// they may; a column that the file lacks leaves the field of a record that is
// there already as it is. The operator brings in for any party.
//
// The file is read twice, the first time only to see that it can be read to
// its end: a file with a critical problem writes nothing.
func ImportCSV(ctx context.Context, s *record.Store, a access.Actor, kind string, r io.Reader, o Options) (Report, error) {
	rep := Report{Kind: kind, DryRun: o.DryRun}
	k := s.Kinds().Kind(kind)
	a = Operator(a)
	switch {
	case k == nil:
		return rep, problem.New(problem.NotFound, "")
	case k.Internal, !a.Operator() && !access.MayCreate(a, k.KindRule):
		return rep, problem.New(problem.Forbidden, "forbidden.create")
	}
	if o.Directory == nil {
		places, err := reference.Load()
		if err != nil {
			return rep, err
		}
		o.Directory = directoryOf(places)
	}
	file, done, err := spool(r, cmp.Or(o.MaxBytes, defaultBytes))
	if err != nil {
		err = rep.take(err, 0)
		return rep, err
	}
	defer done()
	if err := survey(file, k, &o, &rep); err != nil || rep.Failed() {
		return rep, err
	}
	if _, err = file.Seek(0, io.SeekStart); err != nil {
		return rep, err
	}
	c := &csvImport{store: s, k: k, actor: a, o: o, sink: NewSink(ctx, s, a, o, &rep), rep: &rep, names: newNames(s.Kinds(), o), seen: map[[16]byte]int{}}
	err = c.run(ctx, file)
	return rep, err
}

// take notes a flaw as a critical problem; any other error it returns.
func (r *Report) take(err error, row int) error {
	f, ok := errors.AsType[*flaw](err)
	if !ok {
		return err
	}
	r.Add(Problem{Row: row, Tier: Critical, Code: f.code, Args: f.args})
	return nil
}

// survey reads the file to its end and settles defaults.
func survey(file io.ReadSeeker, k *record.Kind, o *Options, rep *Report) error {
	o.Lang = cmp.Or(o.Lang, i18n.English)
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	t, err := newTable(file)
	if err != nil {
		return rep.take(err, 0)
	}
	header, err := t.next()
	if err != nil {
		if errors.Is(err, io.EOF) {
			err = fatal("import.empty")
		}
		return rep.take(err, 1)
	}
	var probe Report // the header's warnings are noted when it is read again
	readHeader(k, header, o.Lang, &probe)
	for _, p := range probe.Problems {
		if p.Tier == Critical {
			rep.Add(p)
		}
	}
	limit := cmp.Or(o.MaxRows, defaultRows)
	for {
		_, err := t.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if f, ok := errors.AsType[*flaw](err); ok && f.tier == Error {
			continue
		}
		if err != nil {
			return rep.take(err, t.row)
		}
		if t.row > limit+1 {
			return rep.take(fatal("import.too-many-rows", limit), 0)
		}
	}
	if t.row < 2 {
		rep.critical(0, "", "import.no-rows")
	}
	return nil
}

// csvImport is one file on its way in.
type csvImport struct {
	store   *record.Store
	k       *record.Kind
	actor   access.Actor
	o       Options
	sink    *Sink
	rep     *Report
	names   *names
	columns []column
	seen    map[[16]byte]int // rows by their key, to find one that is there twice
	held    int              // bytes of cells since the sink was last emptied for them
}

// maxHeld bounds the cells that wait for their transaction.
const maxHeld = 8 << 20

func (c *csvImport) run(ctx context.Context, file io.Reader) error {
	t, err := newTable(file)
	if err != nil {
		return err
	}
	header, err := t.next()
	if err != nil {
		return err
	}
	c.columns = readHeader(c.k, header, c.o.Lang, c.rep)
	if !slices.ContainsFunc(c.columns, func(x column) bool { return x.envelope && (x.name == colKey || x.name == colID) }) {
		c.rep.Add(Problem{Row: 1, Tier: Warning, Code: "import.no-key"})
	}
	for ctx.Err() == nil {
		cells, err := t.next()
		if errors.Is(err, io.EOF) {
			return c.sink.Flush()
		}
		if f, ok := errors.AsType[*flaw](err); ok && f.tier == Error {
			c.sink.Refuse(Problem{Row: t.row, Tier: Error, Code: f.code, Args: f.args})
			continue
		}
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(cells, func(s string) bool { return strings.TrimSpace(s) != "" }) {
			continue // a spreadsheet's empty row
		}
		if err := c.row(t.row, cells); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// row makes an item of a row.
func (c *csvImport) row(number int, cells []string) error {
	it := &Item{Row: number, Draft: record.Draft{Kind: c.k.Name, Audience: c.o.Audience, Named: c.o.Named}}
	it.Shares = c.o.Audience != ""
	envelope, flat := map[string]string{}, url.Values{}
	size := 0
	for i, cell := range cells {
		size += len(cell)
		if i >= len(c.columns) {
			if strings.TrimSpace(cell) != "" {
				c.sink.Refuse(Problem{Row: number, Tier: Error, Code: "import.too-many-cells", Args: []any{len(c.columns)}})
				return nil
			}
			continue
		}
		col := &c.columns[i]
		if col.skip {
			continue
		}
		if hides(cell) {
			it.Notes = append(it.Notes, Problem{Row: number, Field: col.name, Tier: Warning, Code: "import.cleaned"})
		}
		cell = i18n.CleanString(plain(cell))
		if col.envelope {
			envelope[col.name] = cell
			continue
		}
		value, read := c.names.read(col.field, cell)
		if read {
			it.Notes = append(it.Notes, Problem{Row: number, Field: col.name, Tier: Warning, Code: "import.read-as", Args: []any{problem.Clip(cell), problem.Clip(value)}})
		}
		flat.Set(col.name, value)
	}
	if problems := c.envelope(it, envelope, cells); len(problems) > 0 {
		c.sink.Refuse(problems...)
		return nil
	}
	for i := range it.Notes {
		it.Notes[i].Key = it.Name
	}
	it.Body = func(old any) (any, error) { return c.body(it, flat, old) }
	if c.held += size; c.held > maxHeld {
		c.held = 0
		if err := c.sink.Flush(); err != nil {
			return err
		}
	}
	return c.sink.Add(it)
}

// envelope reads what a row says beside its fields.
func (c *csvImport) envelope(it *Item, v map[string]string, cells []string) (problems []Problem) {
	it.Name = cmp.Or(v[colKey], v[colID])
	refuse := func(field, code string, args ...any) {
		problems = append(problems, Problem{Row: it.Row, Key: problem.Clip(it.Name), Field: field, Tier: Error, Code: code, Args: args})
	}
	owner := cmp.Or(v[colOwner], c.o.As, c.actor.Party)
	if v[colOwner] != "" && !c.o.Directory.Has(owner) {
		owner, _ = c.names.party(owner)
	}
	if c.actor.Operator() && v[colOwner] == "" && c.o.As == "" {
		refuse(colOwner, "required")
	}
	if !c.actor.Operator() && owner != c.actor.Party {
		refuse(colOwner, "import.not-yours")
	}
	it.Owners, it.ID = []string{owner}, v[colID]
	if a := v[colAudience]; a != "" {
		it.Draft.Audience, it.Draft.Named, it.Shares = access.Audience(strings.ToLower(a)), nil, true
	}
	if g := v[colGroups]; g != "" {
		it.Draft.Named = nil
		for code := range strings.SplitSeq(g, ";") {
			if code = strings.TrimSpace(code); code != "" {
				code, _ = c.names.party(code)
				it.Draft.Named = append(it.Draft.Named, code)
			}
		}
		slices.Sort(it.Draft.Named)
		it.Draft.Named = slices.Compact(it.Draft.Named)
	}
	if it.Draft.Audience == "" {
		it.Draft.Audience = c.k.Audiences[0]
	}
	it.State = cmp.Or(access.Status(strings.ToLower(v[colState])), c.o.State)
	if it.State == "" {
		if it.State = access.Draft; c.actor.Operator() {
			it.State = access.Published
		}
	}
	if it.State != access.Draft && it.State != access.Published {
		refuse(colState, "import.state", problem.Clip(string(it.State)))
	}
	if len(it.Name) > 200 {
		refuse(colKey, "too-long", 200, len(it.Name))
	}
	if len(problems) == 0 {
		problems = c.once(it, owner, cells)
	}
	return problems
}

// once gives the row the key by which it is the same record the next time, and
// refuses a second row of the same key. A row without a name is known by all
// that it says.
func (c *csvImport) once(it *Item, owner string, cells []string) []Problem {
	name, code := it.Name, "import.key-twice"
	if name == "" {
		sum := sha256.Sum256([]byte(strings.Join(cells, "\x00")))
		name, code = "#"+hex.EncodeToString(sum[:16]), "import.row-twice"
	}
	key := "csv:" + owner + ":" + c.k.Name + ":" + name
	it.Draft.Keys = []string{key}
	sum := sha256.Sum256([]byte(key))
	short := [16]byte(sum[:16])
	if first, ok := c.seen[short]; ok {
		return []Problem{{Row: it.Row, Key: it.Name, Tier: Error, Code: code, Args: []any{first}}}
	}
	c.seen[short] = it.Row
	return nil
}

// body makes the kind's fields of a row: on top of what the record says, where
// there is one. All that is wrong with a new record is found before anything
// is written; a change is checked where it is made.
func (c *csvImport) body(it *Item, row url.Values, old any) (any, error) {
	flat := row
	if old != nil {
		flat = c.k.Flatten(old)
		for name, values := range row {
			flat[name] = values
		}
	}
	var problems problem.Fields
	body := c.k.New()
	c.k.Parse(flat, c.o.Lang, body, &problems)
	if old == nil {
		c.store.Kinds().Validate(c.k, body, c.o.Directory, it.State == access.Draft, &problems)
	}
	return body, problems.Err()
}
