package exchange

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"concord/internal/access"
	"concord/internal/i18n"
	"concord/internal/party/reference"
	"concord/internal/problem"
	"concord/internal/record"
)

//go:embed phrases.json
var phrasesFile []byte

// phrases are what texts of a language are put together from; {x} stands for
// one of the things.
type phrases struct {
	Things, Titles, Sentences, Syllables []string
	Tail                                 string
}

// generateBatch is how many synthetic records one transaction takes: the disk
// is asked once for them all.
const generateBatch = 500

// Generate adds n synthetic records for load tests, in the name of parties of
// every sort, for the operator: of all kinds, needs and offers most, for all
// audiences, in the six languages in equal parts. The same seed makes the same
// content; only ids and times differ.
func Generate(ctx context.Context, s *record.Store, a access.Actor, n int, seed uint64, progress func(done int)) error {
	g, err := newGenerator(s.Kinds(), seed)
	if err != nil {
		return err
	}
	for done := 0; done < n; {
		size := min(generateBatch, n-done)
		items := make([]made, size)
		for i := range items {
			if items[i], err = g.make(done + i); err != nil {
				return err
			}
		}
		err := s.Do(ctx, Operator(a), func(w *record.Writer) error {
			for i, it := range items {
				if _, _, err := w.Import(it.owner, it.draft, it.state); err != nil {
					return fmt.Errorf("record %d: %w", done+i, err)
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		done += size
		if progress != nil {
			progress(done)
		}
	}
	return nil
}

// made is one synthetic record.
type made struct {
	owner string
	draft record.Draft
	state access.Status
}

type generator struct {
	seed    uint64
	kinds   *record.Kinds
	pool    []*record.Kind // as often as they are to come
	phrases map[i18n.Lang]phrases
	dir     known
	parties map[access.PartyKind][]string
	states  []string
	groups  []string
	topics  map[string][]string // codes by vocabulary
}

func newGenerator(ks *record.Kinds, seed uint64) (*generator, error) {
	data, err := reference.Load()
	if err != nil {
		return nil, err
	}
	g := &generator{seed: seed, kinds: ks, dir: directoryOf(data), parties: map[access.PartyKind][]string{}, topics: map[string][]string{}}
	if err := json.Unmarshal(phrasesFile, &g.phrases); err != nil {
		return nil, fmt.Errorf("phrases: %w", err)
	}
	for _, k := range ks.All() {
		if k.Internal {
			continue
		}
		weight := 1
		if k.Name == "need" || k.Name == "offer" {
			weight = 4
		}
		for range weight {
			g.pool = append(g.pool, k)
		}
	}
	if len(g.pool) == 0 {
		return nil, problem.New(problem.NotFound, "")
	}
	for _, st := range data.States {
		g.states = append(g.states, st.Code)
	}
	g.parties[access.State] = g.states
	for _, o := range data.Organisations {
		g.parties[access.PartyKind(o.Kind)] = append(g.parties[access.PartyKind(o.Kind)], o.Code)
	}
	for _, gr := range data.Groups {
		g.groups = append(g.groups, gr.Code)
	}
	for name, v := range ks.Vocab {
		for _, t := range v.Terms {
			g.topics[name] = append(g.topics[name], t.Code)
		}
	}
	return g, nil
}

// make makes the i-th record. Each has a source of chance of its own, so that
// the batches do not matter.
func (g *generator) make(i int) (made, error) {
	r := rand.New(rand.NewPCG(g.seed, uint64(i)))
	m := &maker{g: g, r: r, lang: i18n.Langs()[i%6]}
	k := pick(r, g.pool)
	out := made{state: access.Published}
	if r.IntN(100) < 8 {
		out.state = access.Draft
	}
	owners := pick(r, k.Authors)
	if owners != access.State && slices.Contains(k.Authors, access.State) && r.IntN(3) > 0 {
		owners = access.State
	}
	out.owner = pick(r, g.parties[owners])
	out.draft = record.Draft{Kind: k.Name, Origin: "generated", Audience: m.audience(k)}
	if out.draft.Audience == access.Group {
		out.draft.Named = m.readers()
	}
	out.draft.Body = k.New()
	for _, f := range k.Fields {
		m.fill(f, out.draft.Body, f.Required)
	}
	return out, m.mend(k, out.draft.Body)
}

// maker makes one record.
type maker struct {
	g    *generator
	r    *rand.Rand
	lang i18n.Lang
	from int // the year and month that its dates begin in, counted in months
}

func pick[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

// audience draws who reads a record: 62 in 100 everyone, 18 the States, 12
// some named readers, 8 the owner, as far as the kind allows.
func (m *maker) audience(k *record.Kind) access.Audience {
	a := access.Own
	switch n := m.r.IntN(100); {
	case n < 62:
		a = access.Public
	case n < 80:
		a = access.States
	case n < 92:
		a = access.Group
	}
	if !k.Allows(a) {
		return k.Audiences[0]
	}
	return a
}

func (m *maker) readers() []string {
	named := []string{pick(m.r, m.g.groups)}
	if m.r.IntN(2) == 0 {
		named[0] = pick(m.r, m.g.states)
	}
	if m.r.IntN(2) == 0 {
		named = append(named, pick(m.r, m.g.states))
	}
	slices.Sort(named)
	return slices.Compact(named)
}

// fill gives a field a value; one that is not needed stays empty half the
// time.
func (m *maker) fill(f *record.Field, body any, needed bool) {
	if !needed && !f.Title && !f.Summary && m.r.IntN(2) == 0 {
		return
	}
	codes := m.g.topics[f.Vocab]
	switch f.Type {
	case record.Text:
		switch {
		case f.Title:
			f.Set(body, i18n.NewText(m.lang, m.title()))
		case f.Summary:
			f.Set(body, i18n.NewText(m.lang, cut(m.text(), f.Max)))
		case needed || m.r.IntN(4) == 0:
			f.Set(body, i18n.NewText(m.lang, cut(m.sentence(), f.Max)))
		}
	case record.Code:
		f.Set(body, pick(m.r, codes))
	case record.Codes:
		var list []string
		for range 1 + m.r.IntN(3) {
			if code := pick(m.r, codes); !slices.Contains(list, code) {
				list = append(list, code)
			}
		}
		f.Set(body, list)
	case record.Day:
		f.Set(body, m.date())
	case record.Number:
		f.Set(body, 1+m.r.IntN(min(f.Max, 200)))
	case record.Flag:
		f.Set(body, m.r.IntN(4) == 0)
	case record.Party:
		f.Set(body, record.PartyCode(pick(m.r, m.g.states)))
	case record.Parties:
		list := []record.PartyCode{record.PartyCode(pick(m.r, m.g.states))}
		if f.Open && m.r.IntN(2) == 0 {
			list[0] = record.PartyCode(pick(m.r, m.g.groups))
		}
		f.Set(body, list)
	case record.Link:
		f.Set(body, record.URL(fmt.Sprintf("https://example.org/%d", m.r.IntN(1_000_000))))
	}
}

// mend gives the fields that a kind's own rules ask for what they lack, and
// empties those that break one.
func (m *maker) mend(k *record.Kind, body any) error {
	for range 4 {
		var f problem.Fields
		m.g.kinds.Validate(k, body, m.g.dir, false, &f)
		if len(f.List()) == 0 {
			return nil
		}
		for _, p := range f.List() {
			name, _, _ := strings.Cut(p.Name, ".")
			field := k.Field(name)
			if p.Code == "required" && field.Type != record.Rows {
				m.fill(field, body, true)
			} else {
				field.Zero(body)
			}
		}
	}
	return fmt.Errorf("cannot make a %s", k.Name)
}

// date draws a day from 2024 to 2028, the later ones of a record after the
// earlier; some know the month only.
func (m *maker) date() record.Date {
	if m.from == 0 {
		m.from = 1 + m.r.IntN(48)
	}
	at := time.Date(2024, time.Month(m.from), 1+m.r.IntN(28), 0, 0, 0, 0, time.UTC)
	m.from += 1 + m.r.IntN(8)
	if m.r.IntN(5) == 0 {
		return record.Date(at.Format("2006-01"))
	}
	return record.Date(at.Format(time.DateOnly))
}

func (m *maker) phrases() phrases { return m.g.phrases[m.lang] }

func (m *maker) about(pattern string) string {
	return strings.ReplaceAll(pattern, "{x}", pick(m.r, m.phrases().Things))
}

func (m *maker) title() string { return m.about(pick(m.r, m.phrases().Titles)) }

func (m *maker) sentence() string { return m.about(pick(m.r, m.phrases().Sentences)) }

// text is two to ten sentences and some rare words: those of real texts have a
// long tail too, and a search index is judged by it.
func (m *maker) text() string {
	space := " "
	if m.lang == i18n.Chinese {
		space = ""
	}
	var b strings.Builder
	for _, i := range m.r.Perm(len(m.phrases().Sentences))[:2+m.r.IntN(9)] {
		b.WriteString(m.about(m.phrases().Sentences[i]) + space)
	}
	b.WriteString(m.phrases().Tail)
	rare := rand.NewZipf(m.r, 1.1, 20, 200_000)
	for i := range 3 + m.r.IntN(6) {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(m.word(rare.Uint64()))
	}
	return b.String() + "."
}

// word is the n-th rare word of the language.
func (m *maker) word(n uint64) string {
	s := m.phrases().Syllables
	word := ""
	for n += 400; n > 0; n /= uint64(len(s)) { // three syllables at least
		word += s[n%uint64(len(s))]
	}
	return word
}

// cut shortens s to at most n characters.
func cut(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n])
	}
	return s
}
