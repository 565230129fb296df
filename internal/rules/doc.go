// Package rules holds this repository's own rules, as tests: which package may
// import which, where SQL may stand, how long a file may be, under which
// licences we take code from others. Nobody has to remember them.
//
// Every rule is itself tested on planted violations. To change a rule, change
// it here and say why in the commit.
package rules
