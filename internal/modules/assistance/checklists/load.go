package checklists

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"concord/internal/i18n"
)

//go:embed principles.json gender.json answers.json
var files embed.FS

// Load reads the embedded lists and checks them. An error is a fault of the
// build, not of the data of a portal.
func Load() (*Lists, error) {
	var principles struct {
		Source     string      `json:"source"`
		Draft      []i18n.Lang `json:"draft"`
		Principles []Principle `json:"principles"`
	}
	var gender struct {
		Source    string           `json:"source"`
		Draft     []i18n.Lang      `json:"draft"`
		Questions []GenderQuestion `json:"questions"`
	}
	var choices struct {
		Answers      []Choice `json:"answers"`
		Groups       []Choice `json:"groups"`
		Phases       []Choice `json:"phases"`
		GenderPhases []Choice `json:"gender_phases"`
		Sides        []Choice `json:"sides"`
	}
	err := errors.Join(
		read("principles.json", &principles),
		read("gender.json", &gender),
		read("answers.json", &choices),
	)
	if err != nil {
		return nil, fmt.Errorf("checklists: %w", err)
	}
	l := &Lists{
		Principles: principles.Principles, Gender: gender.Questions,
		Answers: choices.Answers, Groups: choices.Groups, Phases: choices.Phases,
		GenderPhases: choices.GenderPhases, Sides: choices.Sides,
	}
	l.Draft = slices.Compact(slices.Sorted(slices.Values(slices.Concat(principles.Draft, gender.Draft))))
	if err := l.check(); err != nil {
		return nil, fmt.Errorf("checklists: %w", err)
	}
	return l, nil
}

func read(name string, into any) error {
	b, err := files.ReadFile(name)
	if err != nil {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

func (l *Lists) check() error {
	var errs []error
	seen := map[string]bool{}
	item := func(id string, phases []string, known []Choice, texts ...i18n.Text) {
		if seen[id] {
			errs = append(errs, fmt.Errorf("%s occurs twice", id))
		}
		seen[id] = true
		if len(phases) == 0 {
			errs = append(errs, fmt.Errorf("%s has no phase", id))
		}
		for _, p := range phases {
			if !has(known, p) {
				errs = append(errs, fmt.Errorf("%s: unknown phase %q", id, p))
			}
		}
		for _, t := range texts {
			if !six(t) {
				errs = append(errs, fmt.Errorf("%s is not in six languages", id))
			}
		}
	}
	for _, p := range l.Principles {
		item(p.ID, p.Phases, l.Phases, p.Wording, p.Question)
		if !p.Example.IsZero() && !six(p.Example) {
			errs = append(errs, fmt.Errorf("%s: example is not in six languages", p.ID))
		}
		if !has(l.Groups, p.Group) {
			errs = append(errs, fmt.Errorf("%s: unknown group %q", p.ID, p.Group))
		}
	}
	for _, q := range l.Gender {
		item(q.ID, q.Phases, l.GenderPhases, q.Question, q.Hint)
	}
	for _, c := range slices.Concat(l.Answers, l.Groups, l.Phases, l.GenderPhases, l.Sides) {
		if c.Code == "" || !six(c.Label) {
			errs = append(errs, fmt.Errorf("choice %q is not in six languages", c.Code))
		}
	}
	return errors.Join(errs...)
}

func six(t i18n.Text) bool { return t.Complete() }

func has(cs []Choice, code string) bool {
	return slices.ContainsFunc(cs, func(c Choice) bool { return c.Code == code })
}
