package match

import (
	"reflect"
	"slices"
	"testing"
)

// TestAblation shows what each rule gives (with -v: the table of README.md) and
// holds that the figures hang on no single weight: without it, or with half of
// it, or with half as much again.
func TestAblation(t *testing.T) {
	for name, d := range datasets(t) {
		t.Run(name, func(t *testing.T) {
			e := New(d.offers, d.opt)
			run := func(name string, change func(w *weights)) evaluation {
				w := table
				change(&w)
				e.weigh(w)
				ev := evaluate(t, e, d.needs, d.js, false)
				t.Logf("| %s | %.3f | %.3f | %d/%d | %d | %d/%d/%d |", name, ev.ndcg, ev.p3, ev.strong, ev.have2, ev.wrongStrong, ev.strong2, ev.strong1, ev.strongBad)
				return ev
			}
			all := run("all rules", func(*weights) {})
			kinds := reflect.TypeFor[weights]()
			for i := range kinds.NumField() {
				f := kinds.Field(i)
				by := func(percent int64) func(w *weights) {
					return func(w *weights) {
						v := reflect.ValueOf(w).Elem().Field(i)
						v.SetInt(v.Int() * percent / 100)
					}
				}
				if ev := run("without "+f.Name, by(0)); ev.ndcg < 0.80 || ev.p3 < 0.48 {
					t.Errorf("without %s: nDCG@5 = %.3f, P@3 = %.3f, want 0.80 and 0.48", f.Name, ev.ndcg, ev.p3)
				}
				for what, change := range map[string]func(*weights){"half of ": by(50), "half as much again of ": by(150)} {
					if ev := run(what+f.Name, change); ev.ndcg < 0.88 || ev.p3 < 0.50 {
						t.Errorf("%s%s: nDCG@5 = %.3f, P@3 = %.3f, want 0.88 and 0.50", what, f.Name, ev.ndcg, ev.p3)
					}
				}
			}
			run("topics, text", func(w *weights) {
				*w = weights{Topic: 400, Text: 200, Specific: 90, Words: 40, Focus: 30, Inferred: 25, Worded: 50, Related: 25}
			})
			text := run("text only", func(w *weights) { *w = weights{Text: 900} })
			topics := run("topics only", func(w *weights) { *w = weights{Topic: 900} })
			if text.ndcg >= all.ndcg || topics.ndcg >= all.ndcg {
				t.Errorf("nDCG@5 of all rules %.3f, of text alone %.3f, of topics alone %.3f", all.ndcg, text.ndcg, topics.ndcg)
			}
		})
	}
}

// TestLeaveOneOut holds that the figures hang on no single need, and that
// nothing is won by tuning: weights chosen on one half of the needs are no
// better on the other half than those of the table.
func TestLeaveOneOut(t *testing.T) {
	for name, d := range datasets(t) {
		t.Run(name, func(t *testing.T) {
			e := New(d.offers, d.opt)
			lo, hi, plo, phi := 1.0, 0.0, 1.0, 0.0
			for i := range d.js {
				ev := evaluate(t, e, d.needs, slices.Delete(slices.Clone(d.js), i, i+1), false)
				lo, hi, plo, phi = min(lo, ev.ndcg), max(hi, ev.ndcg), min(plo, ev.p3), max(phi, ev.p3)
			}
			t.Logf("leave one out: nDCG@5 %.3f to %.3f, P@3 %.3f to %.3f", lo, hi, plo, phi)
			if lo < 0.90 || plo < 0.50 {
				t.Errorf("without one need: nDCG@5 = %.3f, P@3 = %.3f, want 0.90 and 0.50", lo, plo)
			}
			for odd := range 2 {
				var here, there []judged
				for i, j := range d.js {
					if i%2 == odd {
						here = append(here, j)
					} else {
						there = append(there, j)
					}
				}
				e.weigh(table)
				fixed := evaluate(t, e, d.needs, there, false)
				e.weigh(tuned(t, e, d.needs, here))
				ev := evaluate(t, e, d.needs, there, false)
				t.Logf("half %d: on the other half %.3f/%.3f with weights tuned here, %.3f/%.3f with the fixed ones", odd, ev.ndcg, ev.p3, fixed.ndcg, fixed.p3)
				if ev.ndcg > fixed.ndcg+0.02 {
					t.Errorf("half %d: tuning gives %.3f on the other half, the table only %.3f", odd, ev.ndcg, fixed.ndcg)
				}
			}
		})
	}
}

// tuned returns the table after three rounds of the best single change of one
// weight by half.
func tuned(t *testing.T, e *Engine, needs map[string]Need, js []judged) weights {
	w := table
	e.weigh(w)
	best := evaluate(t, e, needs, js, false).ndcg
	for range 3 {
		next := w
		for f := range reflect.TypeFor[weights]().NumField() {
			for _, by := range [...]int64{50, 150} {
				try := w
				v := reflect.ValueOf(&try).Elem().Field(f)
				v.SetInt(v.Int() * by / 100)
				e.weigh(try)
				if ev := evaluate(t, e, needs, js, false); ev.ndcg > best {
					best, next = ev.ndcg, try
				}
			}
		}
		w = next
	}
	return w
}
