package checklists

import (
	"fmt"
	"strings"
	"testing"
	"unicode"

	"concord/internal/i18n"
)

func mustLoad(t *testing.T) *Lists {
	t.Helper()
	l, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestPrinciples(t *testing.T) {
	l := mustLoad(t)
	if len(l.Principles) != 27 {
		t.Fatalf("%d principles", len(l.Principles))
	}
	groups := map[string]int{}
	for i, p := range l.Principles {
		if want := fmt.Sprintf("P%02d", i+1); p.ID != want {
			t.Errorf("principle %d is %s, want %s", i, p.ID, want)
		}
		if p.Para != "56" {
			t.Errorf("%s: paragraph %q", p.ID, p.Para)
		}
		groups[p.Group]++
	}
	if groups["process"] != 12 || groups["partnership"] != 9 || groups["people"] != 6 {
		t.Errorf("groups %v", groups)
	}
	for _, phase := range l.Phases {
		if len(l.PrinciplesIn(phase.Code)) == 0 {
			t.Errorf("no principle in %s", phase.Code)
		}
	}
	if p, ok := l.Principle("P10"); !ok || p.Wording.Get(i18n.English) != "without conditions" {
		t.Errorf("P10 = %v, %v", p, ok)
	}
	if _, ok := l.Principle("P28"); ok {
		t.Error("there is a P28")
	}
}

// The English wording is the report's own: every piece occurs in paragraph 56.
func TestWordingIsQuoted(t *testing.T) {
	for _, p := range mustLoad(t).Principles {
		if w := p.Wording.Get(i18n.English); !strings.Contains(para56, w) {
			t.Errorf("%s: %q is not in paragraph 56", p.ID, w)
		}
	}
}

func TestGender(t *testing.T) {
	l := mustLoad(t)
	for i, q := range l.Gender {
		if want := fmt.Sprintf("G%02d", i+1); q.ID != want {
			t.Errorf("question %d is %s, want %s", i, q.ID, want)
		}
	}
	for _, phase := range []string{Planning, Delivery, Evaluation} {
		if len(l.GenderIn(phase)) == 0 {
			t.Errorf("no gender question in %s", phase)
		}
	}
}

func TestAnswers(t *testing.T) {
	l := mustLoad(t)
	for _, a := range []string{Met, Partly, NotMet, NotApplicable, NotAssessed} {
		if !l.ValidAnswer(a) {
			t.Errorf("no answer %q", a)
		}
	}
	if len(l.Answers) != 5 || l.ValidAnswer("") {
		t.Error("wrong answers")
	}
}

// sameAsEnglish lists the texts that are rightly spelt as in English.
var sameAsEnglish = map[string]bool{
	"P25/wording/es": true, // universal
}

func TestLanguages(t *testing.T) {
	l := mustLoad(t)
	for _, p := range l.Principles {
		checkText(t, p.ID+"/wording", p.Wording)
		checkText(t, p.ID+"/question", p.Question)
		if !p.Example.IsZero() {
			checkText(t, p.ID+"/example", p.Example)
		}
	}
	for _, q := range l.Gender {
		checkText(t, q.ID+"/question", q.Question)
		checkText(t, q.ID+"/hint", q.Hint)
	}
	for kind, cs := range map[string][]Choice{
		"answer": l.Answers, "group": l.Groups, "phase": l.Phases, "gender-phase": l.GenderPhases, "side": l.Sides,
	} {
		for _, c := range cs {
			checkText(t, kind+"/"+c.Code, c.Label)
		}
	}
}

var scripts = map[i18n.Lang]*unicode.RangeTable{
	i18n.Arabic: unicode.Arabic, i18n.Chinese: unicode.Han, i18n.Russian: unicode.Cyrillic,
}

func checkText(t *testing.T, where string, text i18n.Text) {
	t.Helper()
	for _, l := range i18n.Langs() {
		s := text.Get(l)
		key := where + "/" + string(l)
		if s == "" || s != strings.TrimSpace(s) {
			t.Errorf("%s: %q", key, s)
		}
		if l != i18n.English && s == text.Get(i18n.English) && !sameAsEnglish[key] {
			t.Errorf("%s: %q is the English text", key, s)
		}
		script := scripts[l]
		if script == nil {
			continue
		}
		for _, r := range s {
			if unicode.IsLetter(r) && !unicode.Is(script, r) {
				t.Errorf("%s: %q holds %q", key, s, r)
				break
			}
		}
	}
}
