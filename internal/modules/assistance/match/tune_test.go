package match

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
)

// TestAblation prints what each rule gives, for README.md.
func TestAblation(t *testing.T) {
	if !testing.Verbose() {
		t.Skip("for the figures in README.md, with -v")
	}
	d := demo(t)
	needs, offers, js := d.needs, d.offers, d.js
	run := func(name string, f func(e *Engine)) {
		e := New(offers, d.opt)
		f(e)
		ev := evaluate(t, e, needs, js, false)
		fmt.Printf("| %s | %.3f | %.3f | %d/%d | %d | %d/%d/%d |\n", name, ev.ndcg, ev.p3, ev.strong, ev.have2, ev.wrongStrong, ev.strong2, ev.strong1, ev.strongBad)
	}
	run("all rules", func(e *Engine) {})
	fields := func(e *Engine) map[string]*int {
		w := &e.w
		return map[string]*int{"Topic": &w.Topic, "Specific": &w.Specific, "Words": &w.Words, "Focus": &w.Focus, "Text": &w.Text,
			"Party": &w.Party, "Group": &w.Group, "All": &w.All, "Modality": &w.Modality, "Inferred": &w.Inferred, "Worded": &w.Worded, "Related": &w.Related,
			"Others": &w.Others, "Proposed": &w.Proposed, "Over": &w.Over, "Meeting": &w.Meeting, "Coordination": &w.Coordination}
	}
	for _, f := range []string{"Topic", "Specific", "Words", "Focus", "Text", "Party", "Group", "All", "Modality", "Inferred", "Worded", "Related", "Others", "Proposed", "Over", "Meeting", "Coordination"} {
		run("without "+f, func(e *Engine) { *fields(e)[f] = 0 })
		run("half "+f, func(e *Engine) { *fields(e)[f] /= 2 })
		run("half as much again "+f, func(e *Engine) { *fields(e)[f] += *fields(e)[f] / 2 })
	}
	run("text only", func(e *Engine) { e.w = weights{Text: 900} })
	run("topics only", func(e *Engine) { e.w = weights{Topic: 900} })
	run("topics, text", func(e *Engine) {
		e.w = weights{Topic: 400, Text: 200, Specific: 90, Words: 40, Focus: 30, Inferred: 25, Worded: 50, Related: 25}
	})
}

// TestLeaveOneOut prints how far the figures hang on single needs, and what
// choosing weights on one half of the needs gives on the other.
func TestLeaveOneOut(t *testing.T) {
	if !testing.Verbose() {
		t.Skip("for the figures in README.md, with -v")
	}
	d := demo(t)
	e := New(d.offers, d.opt)
	lo, hi, plo, phi := 1.0, 0.0, 1.0, 0.0
	for i := range d.js {
		ev := evaluate(t, e, d.needs, slices.Delete(slices.Clone(d.js), i, i+1), false)
		lo, hi, plo, phi = min(lo, ev.ndcg), max(hi, ev.ndcg), min(plo, ev.p3), max(phi, ev.p3)
	}
	fmt.Printf("leave one out: nDCG@5 %.3f to %.3f, P@3 %.3f to %.3f\n", lo, hi, plo, phi)

	half := func(odd int) (js []judged) {
		for i, j := range d.js {
			if i%2 == odd {
				js = append(js, j)
			}
		}
		return js
	}
	for odd := range 2 {
		a, b := half(odd), half(1-odd)
		fixed := evaluate(t, e, d.needs, b, false)
		best, tuned := evaluate(t, e, d.needs, a, false).ndcg, fixed
		for range 3 { // three rounds of the best single change of one weight by half
			base := e.w
			next := base
			v := reflect.ValueOf(&e.w).Elem()
			for f := range v.NumField() {
				for _, by := range [...]int64{50, 150} {
					e.w = base
					v.Field(f).SetInt(v.Field(f).Int() * by / 100)
					if ev := evaluate(t, e, d.needs, a, false); ev.ndcg > best {
						best, next = ev.ndcg, e.w
						tuned = evaluate(t, e, d.needs, b, false)
					}
				}
			}
			e.w = next
		}
		e.w = table
		fmt.Printf("half %d: tuned there %.3f; on the other half %.3f/%.3f with the tuned, %.3f/%.3f with the fixed weights\n",
			odd, best, tuned.ndcg, tuned.p3, fixed.ndcg, fixed.p3)
	}
}
