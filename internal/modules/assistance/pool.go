package assistance

import (
	"context"
	"fmt"
	"sync"
	"time"

	"concord/internal/access"
	"concord/internal/i18n"
	"concord/internal/modules/assistance/match"
	"concord/internal/party"
	"concord/internal/record"
	"concord/internal/search"
	"concord/internal/vocab"
)

// answering are the kinds that can answer a need.
func answering() []string { return []string{offerKind, fundKind, courseKind, projectKind} }

// pool is what the portal matches needs against: every published record that
// can answer one, kept in memory and brought up to date on each use. It holds
// what not everybody may read; rank gives out only what the scope admits.
type pool struct {
	store   *record.Store
	terms   *search.Analyser
	mu      sync.RWMutex
	engine  *match.Engine
	topics  []match.Topic
	roots   *vocab.Vocabulary
	offers  map[string]entry
	seq     int64
	parties int64  // version of the directory that the engine was built with
	day     string // the engine's today
	version int64  // grows when an offer does
	found   map[asking]findings
}

// asking is a question to the pool: a need at a revision, by who may read the
// same.
type asking struct {
	need     string
	revision int
	scope    string
}

// findings are the answers to it, as long as no offer changes. They name
// offers; the records themselves are read through the gate each time.
type findings struct {
	result   match.Result
	overlaps []match.Overlap
}

// mostFindings bounds what is remembered.
const mostFindings = 512

type entry struct {
	subject access.Subject
	offer   match.Offer
}

func newPool(s *record.Store) *pool {
	return &pool{store: s, terms: search.NewAnalyser()}
}

// fresh brings the pool to the newest commit.
func (p *pool) fresh(ctx context.Context, dir *party.Directory) (*match.Engine, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	today := p.store.Now().Format(time.DateOnly)
	if p.engine == nil || p.parties != dir.Version() || p.day != today {
		o := Options(p.store.Kinds().Vocab, partyNames(dir), p.terms, p.store.Now())
		p.engine, p.topics, p.roots = match.New(nil, o), o.Topics, p.store.Kinds().Vocab[vocab.Topic]
		p.offers, p.seq, p.parties, p.day, p.found = map[string]entry{}, 0, dir.Version(), today, nil
	}
	recs, seq, err := p.store.Derive(ctx, answering(), p.seq)
	if err != nil {
		return nil, err
	}
	if len(recs) > 0 || p.found == nil {
		p.found = map[asking]findings{}
		p.version++
	}
	for _, r := range recs {
		if r.Status != access.Published {
			p.engine.Remove(r.ID)
			delete(p.offers, r.ID)
			continue
		}
		o := offerOf(r)
		p.offers[r.ID] = entry{r.Subject(), o}
		p.engine.Put(o)
	}
	p.seq = seq
	return p.engine, nil
}

// may reports whether the scope reads the offer.
func (p *pool) may(scope access.Scope, id string) bool {
	p.mu.RLock()
	defer p.mu.RUnlock()
	e, ok := p.offers[id]
	return ok && scope.May(e.subject)
}

// Options are what the engine knows besides the offers.
func Options(v vocab.Set, names []string, a *search.Analyser, today time.Time) match.Options {
	o := match.Options{
		Names: names, Today: today,
		Terms: func(text, lang string) []string {
			l, _ := i18n.Parse(lang)
			if !l.Valid() {
				l = ""
			}
			return a.Terms(text, l)
		},
	}
	for _, t := range v[vocab.Topic].Terms {
		words := map[string][]string{}
		for _, l := range i18n.Langs() {
			words[string(l)] = t.Phrases(l)
		}
		o.Topics = append(o.Topics, match.Topic{Code: t.Code, Parent: t.Parent, Words: words})
	}
	return o
}

// partyNames lists the names of all parties in all languages: they must not
// weigh in a comparison of texts.
func partyNames(dir *party.Directory) []string {
	var names []string
	for _, p := range dir.Parties(i18n.English) {
		for _, t := range []i18n.Text{p.Names, p.Short} {
			for _, l := range t.Langs() {
				names = append(names, t.Get(l))
			}
		}
	}
	return names
}

// needOf is a need or an emergency request as the engine sees it.
func needOf(r *record.Record, dir *party.Directory) match.Need {
	n := match.Need{ID: r.ID, Party: r.Owner, Groups: dir.GroupsOf(r.Owner)}
	switch b := r.Body.(type) {
	case *Need:
		n.Topics, n.Capability, n.Modalities, n.Timeframe = b.Topics, b.Capability, b.Modality, b.Timeframe
		n.Languages, n.People, n.Start, n.End = b.Languages, b.People, b.Start.Start(), b.End.End()
		n.Text = texts(b.Title, b.Summary, b.Context)
	case *Request:
		n.Topics, n.Timeframe, n.Languages = b.Topics, match.Emergency, b.Languages
		n.Text = texts(b.Title, b.Summary)
	}
	return n
}

// offerOf is a record that can answer a need, as the engine sees it.
func offerOf(r *record.Record) match.Offer {
	o := match.Offer{ID: r.ID, Kind: r.Kind, Provider: r.Owner, Restricted: r.Audience != access.Public}
	switch b := r.Body.(type) {
	case *Offer:
		o.Topics, o.Capability, o.Modalities, o.Languages = b.Topics, b.Capability, b.Modality, b.Languages
		o.Capacity, o.Conditions, o.Cost, o.Status = b.Capacity, b.Conditions, b.Cost, b.Progress
		o.ValidFrom, o.ValidTo = b.Start.Start(), b.End.End()
		if b.Emergency {
			o.EmergencyHours = b.Hours
		}
		serves(&o, b.Eligible, r)
		o.Text = texts(b.Title, b.Summary)
	case *Fund:
		o.Topics, o.Modalities, o.Conditions, o.Status, o.ValidTo = b.Topics, b.Modality, b.Conditions, b.Progress, b.Deadline.End()
		serves(&o, b.Eligible, r)
		o.Text = texts(b.Title, b.Summary, b.Pays)
	case *Course:
		o.Topics, o.Capability, o.Modalities, o.Languages = b.Topics, b.Capability, b.Modality, b.Languages
		o.Capacity, o.Conditions, o.Cost, o.Status = b.Seats, b.Conditions, b.Cost, b.Progress
		o.ValidFrom, o.ValidTo = b.Start.Start(), b.End.End()
		serves(&o, b.Eligible, r)
		o.Text = texts(b.Title, b.Summary, b.Aim)
	case *Project:
		o.Topics, o.Capability, o.Modalities = b.Topics, b.Capability, b.Modality
		o.Status, o.Conditions = projectStanding(b.Progress), b.Conditions
		o.ValidFrom, o.ValidTo = b.Start.Start(), b.End.End()
		serves(&o, b.Beneficiaries, r)
		o.Text = texts(b.Title, b.Purpose, b.Summary)
	}
	return o
}

// serves sets whom the offer is for. What was read from the record of a meeting
// or a web page names whom it serves; what a provider entered is its own rule.
func serves(o *match.Offer, codes []record.PartyCode, r *record.Record) {
	for _, c := range codes {
		if c == match.All {
			o.Open = true
			continue
		}
		if r.Origin != "" || r.Kind == projectKind {
			o.Named = append(o.Named, string(c))
		} else {
			o.Eligible = append(o.Eligible, string(c))
		}
	}
}

// projectStanding is how ready a project is to answer a need.
func projectStanding(progress string) string {
	switch progress {
	case "concept", "design":
		return match.StatusProposed
	case "completed", "evaluated":
		return match.StatusCompleted
	case "cancelled":
		return match.StatusClosed
	}
	return match.StatusCurrent
}

func texts(title i18n.Text, more ...i18n.Text) []match.Text {
	var list []match.Text
	for i, t := range append([]i18n.Text{title}, more...) {
		for _, l := range t.Langs() {
			list = append(list, match.Text{Lang: string(l), Text: t.Get(l), Title: i == 0})
		}
	}
	return list
}

// ranked is what was found for a need, ready to show.
type ranked struct {
	match.Result
	Records map[string]*record.Record // offers by id, as the reader may see them
}

// most is how many matches and exclusions are shown.
const most = 10

// rank finds what answers the need among what the actor may see.
func (p *pool) rank(ctx context.Context, a access.Actor, dir *party.Directory, need *record.Record) (ranked, error) {
	engine, err := p.fresh(ctx, dir)
	if err != nil {
		return ranked{}, err
	}
	scope := a.Scope()
	ask := asking{need.ID, need.Revision, fmt.Sprint(scope)}
	p.mu.RLock()
	f, known := p.found[ask]
	version := p.version
	p.mu.RUnlock()
	result := f.result
	if !known {
		prepared := engine.Prepare(needOf(need, dir))
		result = engine.RankPrepared(&prepared, match.Ask{Limit: most, Excluded: most, Visible: func(id string) bool { return p.may(scope, id) }})
		p.keep(ask, version, findings{result, p.overlap(scope, dir, need)})
	}
	var ids []string
	for _, m := range result.Matches {
		ids = append(ids, m.Offer)
	}
	for _, x := range result.Excluded {
		ids = append(ids, x.Offer)
	}
	recs, err := p.store.Many(ctx, a, ids)
	return ranked{result, recs}, err
}

// overlaps finds running activities that do the same for the same State at the
// same time as the need asks for, among what the actor may see.
func (p *pool) overlaps(ctx context.Context, a access.Actor, dir *party.Directory, r *record.Record) ([]match.Overlap, map[string]*record.Record, error) {
	if _, err := p.fresh(ctx, dir); err != nil {
		return nil, nil, err
	}
	scope := a.Scope()
	p.mu.RLock()
	f, known := p.found[asking{r.ID, r.Revision, fmt.Sprint(scope)}]
	p.mu.RUnlock()
	found := f.overlaps
	if !known {
		found = p.overlap(scope, dir, r)
	}
	var ids []string
	for _, o := range found {
		ids = append(ids, o.With)
	}
	recs, err := p.store.Many(ctx, a, ids)
	return found, recs, err
}

// near reports whether two lists of topics share an area.
func (p *pool) near(a, b []string) bool {
	for _, x := range a {
		for _, y := range b {
			if p.roots.Root(x) == p.roots.Root(y) {
				return true
			}
		}
	}
	return false
}

// keep remembers findings, unless the offers changed while they were made.
func (p *pool) keep(ask asking, version int64, f findings) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.version != version {
		return
	}
	if len(p.found) >= mostFindings {
		p.found = map[asking]findings{}
	}
	p.found[ask] = f
}

// overlap finds the running projects that do the same, among what the scope
// admits.
func (p *pool) overlap(scope access.Scope, dir *party.Directory, r *record.Record) []match.Overlap {
	var mine match.Offer
	switch b := r.Body.(type) {
	case *Need:
		mine = match.Offer{ID: r.ID, Named: []string{r.Owner}, Topics: b.Topics, ValidFrom: b.Start.Start(), ValidTo: b.End.End()}
	case *Project, *Offer:
		mine = offerOf(r)
	default:
		return nil
	}
	var others []match.Offer
	p.mu.RLock()
	for _, e := range p.offers {
		if e.offer.Kind == projectKind && p.near(mine.Topics, e.offer.Topics) && scope.May(e.subject) {
			others = append(others, e.offer)
		}
	}
	topics := p.topics
	p.mu.RUnlock()
	found := match.Overlaps(mine, others, topics, dir.Members)
	return found[:min(len(found), most)]
}
