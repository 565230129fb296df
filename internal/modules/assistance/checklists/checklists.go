// Package checklists holds the questions that both sides of a cooperation go
// through: the capacity-building principles of paragraph 56 of A/75/816 in 27
// checkable parts, and the key questions on gender.
//
// The lists help partners to talk. They give no score: an answer of one side
// that differs from the other side's is information, and a declared tension
// between two principles is a good answer.
//
// Invariant: Lists that Load returned are complete in six languages and are
// never changed afterwards.
package checklists

import (
	"slices"

	"concord/internal/i18n"
)

// The answers to a question of either list.
const (
	Met           = "met"
	Partly        = "partly"
	NotMet        = "not-met"
	NotApplicable = "not-applicable"
	NotAssessed   = "not-assessed" // what a question has before anybody answers
)

// The phases of the principles and of the gender questions.
const (
	Design     = "design"
	Execution  = "execution"
	Planning   = "planning"
	Delivery   = "delivery"
	Evaluation = "evaluation"
)

// Principle is one atomic part of paragraph 56.
type Principle struct {
	ID       string    `json:"id"` // P01 to P27
	Group    string    `json:"group"`
	Para     string    `json:"para"`
	Phases   []string  `json:"phases"`   // in which it is asked
	Wording  i18n.Text `json:"wording"`  // of the report
	Question i18n.Text `json:"question"` // that a desk officer can answer
	Example  i18n.Text `json:"example,omitzero"`
}

// GenderQuestion is one key question on gender.
type GenderQuestion struct {
	ID       string    `json:"id"` // G01, G02, …
	Phases   []string  `json:"phases"`
	Question i18n.Text `json:"question"`
	Hint     i18n.Text `json:"hint"`
}

// Choice is a code with its label: an answer, a group, a phase or a side.
type Choice struct {
	Code  string    `json:"code"`
	Label i18n.Text `json:"label"`
}

// Lists is all that the package holds, in the order in which it is shown.
type Lists struct {
	Principles []Principle
	Gender     []GenderQuestion
	Answers    []Choice
	Groups     []Choice // of principles
	Phases     []Choice // of principles

	GenderPhases []Choice
	Sides        []Choice // who answers: provider, recipient or both together

	// Draft names the languages whose texts no person of that language has
	// confirmed yet.
	Draft []i18n.Lang
}

// Principle returns the principle with the given id.
func (l *Lists) Principle(id string) (Principle, bool) {
	for _, p := range l.Principles {
		if p.ID == id {
			return p, true
		}
	}
	return Principle{}, false
}

// PrinciplesIn returns the principles that are asked in a phase.
func (l *Lists) PrinciplesIn(phase string) []Principle {
	var ps []Principle
	for _, p := range l.Principles {
		if slices.Contains(p.Phases, phase) {
			ps = append(ps, p)
		}
	}
	return ps
}

// GenderIn returns the gender questions that are asked in a phase.
func (l *Lists) GenderIn(phase string) []GenderQuestion {
	var qs []GenderQuestion
	for _, q := range l.Gender {
		if slices.Contains(q.Phases, phase) {
			qs = append(qs, q)
		}
	}
	return qs
}

// ValidAnswer reports whether code is one of the answers.
func (l *Lists) ValidAnswer(code string) bool { return has(l.Answers, code) }
