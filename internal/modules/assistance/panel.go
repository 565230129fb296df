package assistance

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"concord/internal/access"
	"concord/internal/door"
	"concord/internal/i18n"
	"concord/internal/modules/assistance/match"
	"concord/internal/record"
	"concord/internal/vocab"
	"concord/internal/web"
	"concord/internal/web/ui"
)

// matchPanel shows what answers a need: ranked, with reasons; what was left
// out and why; or that nothing on record does.
func (h *handlers) matchPanel(q *door.Req, need *record.Record, found ranked) (templ.Component, error) {
	asked, err := h.askedFor(q, need)
	if err != nil {
		return nil, err
	}
	var parts []templ.Component
	if found.Gap {
		gap := ui.Gap{Heading: q.T("match.gap"), Text: q.T("match.gap.text")}
		if len(found.Matches) > 0 {
			gap.Text = q.T("match.gap.weak")
		}
		gap.Actions = []ui.Link{{Text: q.T("coverage.nav"), Href: web.At(q, "/coverage")}}
		parts = append(parts, gap)
	}
	for _, m := range found.Matches {
		if r := found.Records[m.Offer]; r != nil {
			parts = append(parts, h.matchCard(q, need, r, m, asked))
		}
	}
	if x := h.excluded(q, found); len(x.Items) > 0 {
		parts = append(parts, x)
	}
	return ui.Section{
		ID: "matches", Heading: q.T("match.title"), Note: q.T("match.count", len(found.Matches)),
		Link: &ui.Link{Text: q.T("match.method"), Href: web.At(q, "/about")}, Body: ui.Join(parts...),
	}, nil
}

// jump leads from the top of a need to what answers it.
func (h *handlers) jump(q *door.Req, found ranked) ui.Panel {
	p := ui.Panel{Heading: q.T("match.title")}
	strong := 0
	for _, m := range found.Matches {
		if m.Strong {
			strong++
		}
	}
	switch {
	case strong > 0:
		p.Links = append(p.Links, ui.Link{Text: q.T("delegation.strong", strong), Href: "#matches"})
	case found.Gap:
		p.Links = append(p.Links, ui.Link{Text: q.T("match.gap"), Href: "#matches"})
	}
	p.Links = append(p.Links, ui.Link{Text: q.T("match.count", len(found.Matches)), Href: "#matches"})
	return p
}

// reasonsInView is how many reasons of a match are shown at once, the heaviest
// first; the others fold.
const reasonsInView = 4

func (h *handlers) matchCard(q *door.Req, need, r *record.Record, m match.Match, asked map[string]*record.Record) ui.Match {
	card := ui.Match{
		Title: h.site.TitleOf(q, r), Href: h.site.Path(q, r), Provider: ui.Plain(h.providerName(q, r)),
		ProviderHref: web.At(q, "/parties/"+r.Owner), Score: m.Score,
		ScoreText: q.T("match.score", int(m.Score*100+0.5)), Mark: web.Mark(q, r), Meta: []string{q.T("kind." + r.Kind)},
		ReasonsLabel: q.T("match.why"), CaveatsLabel: q.T("match.check"),
	}
	if m.Strong {
		card.Strong = q.T("match.strong")
	}
	heaviest := func(a, b match.Reason) int { return cmp.Compare(b.Weight, a.Weight) }
	for _, x := range slices.SortedStableFunc(slices.Values(m.Reasons), heaviest) {
		card.Reasons = append(card.Reasons, ui.Reason{Text: h.reason(q, x), Weight: points(x.Weight)})
	}
	if rest := len(card.Reasons) - reasonsInView; rest > 1 {
		card.InView, card.More = reasonsInView, q.T("match.more", rest)
	}
	for _, x := range m.Caveats {
		text := h.reason(q, x)
		if x.Weight != 0 {
			text += " (" + points(x.Weight) + ")"
		}
		card.Caveats = append(card.Caveats, text)
	}
	if talk := asked[r.ID]; talk != nil {
		card.Actions = &ui.Actions{Label: q.T("match.actions"), Items: []ui.Action{{Text: q.T("talk.open"), Href: web.At(q, "/matches/"+talk.ID)}}}
	} else if need.Owner == q.Actor.Party && writes(q.Actor) && r.Owner != need.Owner && need.Status == access.Published {
		card.Actions = &ui.Actions{Label: q.T("match.actions"), Items: []ui.Action{{
			Text: q.T("talk.ask"), Post: web.At(q, "/matches/new"), Rank: ui.Primary,
			Hidden: []ui.Pair{{Name: "need", Value: need.ID}, {Name: "offer", Value: r.ID}, {Name: "kind", Value: r.Kind}, {Name: "from", Value: need.Kind}},
		}}}
	}
	return card
}

// providerName is who holds the offer out: in the record's own words where the
// party that answers for the record is another.
func (h *handlers) providerName(q *door.Req, r *record.Record) string {
	if f := h.site.Kinds().Kind(r.Kind).Field("provider"); f != nil {
		if s := f.Strings(r.Body); len(s) == 1 {
			return s[0]
		}
	}
	return q.Dir.Name(r.Owner, q.Lang)
}

// points writes a weight in hundredths, as the score is shown.
func points(w float64) string {
	s := strconv.FormatFloat(w*100, 'f', 1, 64)
	if len(s) > 2 && s[len(s)-2:] == ".0" {
		s = s[:len(s)-2]
	}
	if w > 0 {
		s = "+" + s
	}
	return s
}

// reason words a reason in the reader's language; its arguments are codes.
func (h *handlers) reason(q *door.Req, r match.Reason) string {
	words := make([]string, len(r.Args))
	for i, arg := range r.Args {
		words[i] = h.argument(q, r.Code, arg)
	}
	return q.T("match."+r.Code, i18n.List(q.Lang, words[:min(len(words), 6)]))
}

func (h *handlers) argument(q *door.Req, code, arg string) string {
	switch code {
	case "topic.same", "topic.related", "topic.specific", "topic.worded", "topic.words", "topic.coordination":
		return h.site.Code(q, vocab.Topic, arg)
	case "capability.same":
		return h.site.Code(q, vocab.Capability, arg)
	case "modality.same":
		return h.site.Code(q, vocab.Modality, arg)
	case "language.same", "exclude.language":
		return h.site.Code(q, vocab.DeliveryLanguage, arg)
	case "eligible.group", "eligible.party", "named.others", "exclude.party":
		return q.Dir.Name(arg, q.Lang)
	case "exclude.period", "period.over":
		return web.Date(q, record.Date(arg))
	}
	return arg
}

func (h *handlers) excluded(q *door.Req, found ranked) ui.Excluded {
	var x ui.Excluded
	for _, e := range found.Excluded {
		r := found.Records[e.Offer]
		if r == nil {
			continue
		}
		item := ui.ExcludedItem{Title: h.site.TitleOf(q, r), Href: h.site.Path(q, r)}
		for _, why := range e.Reasons {
			item.Why = h.reason(q, why)
		}
		x.Items = append(x.Items, item)
	}
	x.Summary = q.T("match.excluded", len(x.Items))
	return x
}

// overlapPanel warns of running projects that do the same, nil if there is none.
func (h *handlers) overlapPanel(q *door.Req, r *record.Record) (templ.Component, error) {
	found, recs, err := h.pool.overlaps(q.Context(), q.Actor, q.Dir, r)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	panel := ui.Overlap{Heading: q.T("overlap.title"), Text: q.T("overlap.text")}
	for _, o := range found {
		other := recs[o.With]
		if other == nil {
			continue
		}
		var same []string
		for _, t := range o.Topics {
			same = append(same, h.site.Code(q, vocab.Topic, t))
		}
		for _, p := range o.Parties[:min(len(o.Parties), 3)] {
			same = append(same, q.Dir.Name(p, q.Lang))
		}
		item := ui.OverlapItem{
			Title: h.site.TitleOf(q, other), Href: h.site.Path(q, other), Who: ui.Plain(h.providerName(q, other)),
			Same: q.T("overlap.same", i18n.List(q.Lang, same)), When: q.T("overlap.maybe"),
		}
		if o.Sure {
			item.When = q.T("overlap.when", day(q, o.From.Format("2006-01-02")), day(q, o.To.Format("2006-01-02")))
		}
		panel.Items = append(panel.Items, item)
	}
	if len(panel.Items) == 0 {
		return nil, nil
	}
	return panel, nil
}

func day(q *door.Req, s string) string { return web.Date(q, record.Date(s)) }

// matchesAPI is the matches of a need as JSON.
func (h *handlers) matchesAPI(q *door.Req) error {
	need, err := h.site.Store.Get(q.Context(), q.Actor, needKind, q.PathValue("id"))
	if err != nil {
		return err
	}
	found, err := h.pool.rank(q.Context(), q.Actor, q.Dir, need)
	if err != nil {
		return err
	}
	type reason struct {
		Code   string   `json:"code"`
		Text   string   `json:"text"`
		Weight float64  `json:"weight"`
		Args   []string `json:"args,omitempty"`
	}
	type item struct {
		Offer   *record.Record `json:"offer"`
		Score   float64        `json:"score"`
		Strong  bool           `json:"strong"`
		Reasons []reason       `json:"reasons"`
	}
	answer := struct {
		Items    []item   `json:"items"`
		Excluded []item   `json:"excluded"`
		Gap      bool     `json:"gap"`
		Overlaps []string `json:"overlaps"`
	}{Items: []item{}, Excluded: []item{}, Gap: found.Gap, Overlaps: []string{}}
	words := func(list ...[]match.Reason) []reason {
		all := []reason{}
		for _, r := range slices.Concat(list...) {
			all = append(all, reason{r.Code, h.reason(q, r), r.Weight, r.Args})
		}
		return all
	}
	for _, m := range found.Matches {
		if r := found.Records[m.Offer]; r != nil {
			answer.Items = append(answer.Items, item{r, m.Score, m.Strong, words(m.Reasons, m.Caveats)})
		}
	}
	for _, x := range found.Excluded {
		if r := found.Records[x.Offer]; r != nil {
			answer.Excluded = append(answer.Excluded, item{Offer: r, Reasons: words(x.Reasons)})
		}
	}
	overlaps, _, err := h.pool.overlaps(q.Context(), q.Actor, q.Dir, need)
	if err != nil {
		return err
	}
	for _, o := range overlaps {
		answer.Overlaps = append(answer.Overlaps, o.With)
	}
	q.W.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(q.W).Encode(answer); err != nil {
		return fmt.Errorf("write matches: %w", err)
	}
	return nil
}
