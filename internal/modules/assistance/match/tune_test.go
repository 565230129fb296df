package match

import (
	"fmt"
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
