package match

// All weights, in thousandths. README.md explains each in words; a change here
// is a change of the rules and belongs there too.
type weights struct {
	Topic    int // the offer works in all areas of the need
	Specific int // both name the same topic of the second level
	Words    int // or else both texts name the same area in words
	Focus    int // all that the offer does is asked for
	Text     int // the offer has all the rare words of the need

	Party    int // the offer is for this State by name
	Group    int // the offer is for a group the State is in
	All      int // the offer is open to all States
	Modality int // the form of help asked for
	Capable  int // the same capability element
	Language int // a common working language
	Ready    int // emergency: help within hours

	// Part, in percent, of an area of the need that only its text names, where
	// the State stated others.
	Inferred int
	// Shares of Topic, in percent, of an area the offer does not state.
	Worded  int // its text names the area
	Related int // it works in a related area

	// Taken off, in percent of what is left, one after the other.
	Others       int // named for other States or groups
	Proposed     int // not yet available
	Over         int // ended
	Meeting      int // a meeting where help was asked for
	Coordination int // coordination only, where help was asked for
	Own          int // the State's own activity
	NotReady     int // emergency: nothing said of help within hours

	// Strong: the least score, and how many thousandths for shared words are
	// something specific.
	Strong, StrongText int
}

var table = weights{
	Topic: 400, Specific: 90, Words: 40, Focus: 30, Text: 180,
	Party: 110, Group: 80, All: 60,
	Modality: 50, Capable: 40, Language: 40, Ready: 60,
	Inferred: 25, Worded: 50, Related: 25,
	Others: 70, Proposed: 30, Over: 30, Meeting: 40, Coordination: 30, Own: 60, NotReady: 30,
	Strong: 350, StrongText: 50,
}

// Rules of word rarity.
const (
	commonIn  = 10   // a word found in one offer in commonIn, or more, says nothing
	leastPool = 50   // a smaller pool is treated as if it had so many offers
	leastRare = 4000 // a need with fewer rare words is treated as if it had this sum of rarities (thousandths)
	plainLen  = 30   // an offer with more different words than this shares some by chance: its words count plainLen/length
)

// related lists areas of which one often serves the other. It reads both ways.
var related = [][2]string{
	{"policy-strategy", "legislation"},
	{"policy-strategy", "assessment"},
	{"policy-strategy", "critical-infrastructure"},
	{"csirt-incident-response", "critical-infrastructure"},
	{"csirt-incident-response", "threat-information"},
	{"csirt-incident-response", "skills-workforce"},
	{"csirt-incident-response", "technology-access"},
	{"cybercrime-justice", "legislation"},
	{"cybercrime-justice", "skills-workforce"},
	{"critical-infrastructure", "skills-workforce"},
	{"skills-workforce", "awareness-hygiene"},
	{"skills-workforce", "technology-access"},
	{"skills-workforce", "research-innovation"},
	{"international-law", "cyber-diplomacy"},
	{"international-law", "norms-implementation"},
	{"cyber-diplomacy", "norms-implementation"},
	{"cyber-diplomacy", "cbm-poc"},
	{"norms-implementation", "cbm-poc"},
	{"norms-implementation", "assessment"},
	{"cbm-poc", "threat-information"},
	{"cbm-poc", "coordination-mapping"},
	{"awareness-hygiene", "child-protection"},
	{"research-innovation", "emerging-tech"},
}

// coordination is the area of talking about help rather than giving it.
const coordination = "coordination-mapping"

// formOf tells the form of help that follows from the kind of an offer or the
// area of a need when neither says more.
var formOf = map[string]string{
	KindTraining: "training", KindCourse: "training", KindFund: "financial",
	"skills-workforce": "training", "funding": "financial", "technology-access": "equipment",
}
