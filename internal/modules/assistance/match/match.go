// Package match finds, for a stated need, the offers that may answer it, and
// says why in reasons whose weights add up to the score exactly.
//
// It is pure: no database, no clock, no portal types. The rules are few and
// stand with their weights in weights.go; README.md tells them in words. All
// arithmetic is in whole thousandths, so a score is the same on every machine,
// in every order of evaluation, and by hand.
//
// Neutrality: the name of a State or provider never enters a score. Names are
// taken out of the texts before words are compared (Options.Names), a State
// counts only as "named, or not named, by the offer", and equal scores are
// ordered by identifier.
package match

import "time"

// Text is a piece of text in one language (ISO 639-1).
type Text struct {
	Lang, Text string
	Title      bool
}

// Need is what a State asks for.
type Need struct {
	ID         string
	Party      string   // code of the State; "" when it is not known
	Groups     []string // codes of the groups the State is in, e.g. "@sids"
	Topics     []string
	Capability []string
	Modalities []string
	Timeframe  string // Emergency, or any other code
	Languages  []string
	Text       []Text
	Start, End time.Time // when the help is wanted; zero: not stated
	People     int       // how many are to take part; 0: not stated
}

// All is the code of the group of all States.
const All = "@all"

// Emergency is the timeframe of a need that cannot wait.
const Emergency = "emergency"

// Kind of an offer. Other kinds are treated like KindOffer.
const (
	KindOffer    = "offer"
	KindFund     = "fund"
	KindCourse   = "course"
	KindProject  = "project"
	KindEvent    = "event"
	KindTraining = "training"
)

// Status of an offer. Any other status, and none, is taken as current.
const (
	StatusCurrent   = "current"
	StatusProposed  = "proposed"  // not yet available
	StatusCompleted = "completed" // over: shows who did it before
	StatusClosed    = "closed"    // may no longer be applied for
)

// Offer is what a provider holds out: an offer, fund, course, project, event
// or training.
//
// Eligible and Named look alike and differ in force. Eligible is the
// provider's own rule on who may ask: whoever is not in it is excluded. Named
// is whom a statement or report says the activity serves: whoever is not in it
// is put far down, with the reason shown. In both, a code is a State, a group
// ("@asean"), or several joined by "+", all of which must hold
// ("@commonwealth+@africa").
type Offer struct {
	ID         string
	Kind       string
	Provider   string // code or name; never used for the score
	Topics     []string
	Capability []string
	Modalities []string

	Eligible []string
	Named    []string
	Open     bool   // open to all States
	Own      bool   // a State's activity for itself: Eligible names that State
	Circle   string // eligibility in words that no code expresses
	// Restricted marks an offer that not everybody may read. It is ranked like
	// any other for those who may, but never counted in the rarity of a word or
	// topic, so that it cannot be felt in what others see.
	Restricted bool

	Languages          []string
	Mode               string
	EmergencyHours     int // can help within so many hours; 0: not emergency-capable
	ValidFrom, ValidTo time.Time
	Capacity           int // places; 0: not stated
	Status             string
	Conditions         string // shown, not scored
	Cost               string // shown, not scored
	Text               []Text
}

// Reason is one part of a score, or a remark of weight 0. The reader's
// language is made from Code and Args elsewhere; README.md lists the codes.
type Reason struct {
	Code   string   `json:"code"`
	Args   []string `json:"args,omitempty"`
	Weight float64  `json:"weight"` // whole thousandths
}

// Match is one offer for a need. Score is between 0 and 1 and is the sum of
// the weights of Reasons and Caveats, exact to the thousandth.
type Match struct {
	Offer   string   `json:"offer"`
	Score   float64  `json:"score"`
	Strong  bool     `json:"strong"`
	Reasons []Reason `json:"reasons"`
	Caveats []Reason `json:"caveats,omitempty"`
}

// Exclusion is an offer that touches the need but is not open to it.
type Exclusion struct {
	Offer   string   `json:"offer"`
	Reasons []Reason `json:"reasons"`
}

// Result is the answer to one need. Gap means that no match is strong.
type Result struct {
	Need     string      `json:"need"`
	Matches  []Match     `json:"matches"`
	Excluded []Exclusion `json:"excluded,omitempty"`
	Gap      bool        `json:"gap"`
}

// Topic is a term of the two-level vocabulary of topics. Words are, by
// language, the words and phrases by which a text names the topic.
type Topic struct {
	Code, Parent string
	Words        map[string][]string
}

// Options are what an Engine must know besides the offers.
type Options struct {
	Topics []Topic
	// Terms cuts a text into the terms under which words are compared; it must
	// treat each word on its own. nil: lower-case words.
	Terms func(text, lang string) []string
	// Names are the names of parties, in any language, to be left out of texts.
	Names []string
	// Today decides what is over when a need says no date; zero: nothing is.
	Today time.Time
}
