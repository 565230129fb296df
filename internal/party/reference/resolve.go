package reference

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Resolve finds the parties and groups that a name in a text means: "Islamic
// Republic of Iran", "OAS member states", "GFCE, World Bank, ITU", "Proposed
// (Chile)". It returns codes of States, organisations and groups, in the order
// of the text. An organisation with member States gives both its own code and
// its group ("ASEAN", "@asean"): who reads an actor takes the first, who reads
// beneficiaries the second; "ASEAN member States" gives the group alone.
//
// ok is true when every part of the name was understood. When it is false the
// codes are what was recognised, perhaps by the first words of a name
// ("Vanuatu OGCIO" gives VUT): a suggestion for a person to confirm.
//
// Who merely reported a thing ("Kenya (as reported by the Philippines)") is
// not returned.
func (d *Data) Resolve(name string) (codes []string, ok bool) {
	if len(name) > maxName {
		return nil, false
	}
	name = reportedBy.ReplaceAllString(norm.NFC.String(name), "")
	if codes, ok := d.lookup(name); ok {
		return slices.Clone(codes), true
	}
	parts := split(name)
	ok = len(parts) > 0
	for i := 0; i < len(parts); {
		found, next, understood := d.longest(name, parts, i)
		for _, c := range found {
			if !slices.Contains(codes, c) {
				codes = append(codes, c)
			}
		}
		ok = ok && understood
		i = next
	}
	return codes, ok && len(codes) > 0
}

const (
	maxName  = 1000 // bytes; longer text is no name
	maxParts = 5    // "Saint Vincent and the Grenadines" has two
)

var (
	reportedBy = regexp.MustCompile(`\s*\(as [^)]*\)`)
	separator  = regexp.MustCompile(`\s*[;:,]\s+|\s+/\s+|\s*[()]\s*|\s+(?:and|with|delivered by)\s+`)
	leadWords  = regexp.MustCompile(`^(?i:(?:the|to|with|by|supported by|funded by|contribution by|donation by|agencies of) )+`)
	membersOf  = regexp.MustCompile(`(?i) (?:member|participating) (?:states|countries)$`)
)

// split returns the spans of name between separators, empty ones left out.
func split(name string) [][2]int {
	var parts [][2]int
	from := 0
	add := func(to int) {
		if strings.TrimSpace(name[from:to]) != "" {
			parts = append(parts, [2]int{from, to})
		}
	}
	for _, m := range separator.FindAllStringIndex(name, -1) {
		add(m[0])
		from = m[1]
	}
	add(len(name))
	return parts
}

// longest reads the longest known name that begins at part i, so that
// "Trinidad and Tobago" is one State, and returns the part after it.
func (d *Data) longest(name string, parts [][2]int, i int) (codes []string, next int, understood bool) {
	for j := min(len(parts), i+maxParts); j > i; j-- {
		s := leadWords.ReplaceAllString(name[parts[i][0]:parts[j-1][1]], "")
		if codes, ok := d.lookup(s); ok {
			return codes, j, true
		}
	}
	s := leadWords.ReplaceAllString(name[parts[i][0]:parts[i][1]], "")
	if strings.EqualFold(s, "proposed") {
		return nil, i + 1, true
	}
	for { // by its first words: "World Bank MDTF"
		cut := strings.LastIndexByte(s, ' ')
		if cut < 0 {
			return nil, i + 1, false
		}
		s = s[:cut]
		if codes, ok := d.lookup(s); ok && !strings.HasPrefix(codes[0], "@") {
			return codes[:1], i + 1, false
		}
	}
}

func (d *Data) lookup(name string) ([]string, bool) {
	k := fold(name)
	for _, try := range [...]string{k, strings.ToLower(k)} {
		if codes, ok := d.names[try]; ok {
			return codes, true
		}
	}
	if of := membersOf.ReplaceAllString(k, ""); of != k {
		codes, _ := d.lookup(of)
		if i := slices.IndexFunc(codes, func(c string) bool { return strings.HasPrefix(c, "@") }); i >= 0 {
			return codes[i : i+1], true
		}
	}
	return nil, false
}

// nameKey is the key of a name in the index. An acronym keeps its capitals, or
// "first" would be FIRST and "and" Andorra.
func nameKey(name string) string {
	k := fold(name)
	if k == strings.ToUpper(k) {
		return k
	}
	return strings.ToLower(k)
}

// fold drops what writers of the same name differ in: accents, the form of the
// apostrophe, brackets, spacing, a leading article.
func fold(name string) string {
	s := strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r), strings.ContainsRune("()（）", r):
			return -1
		case r == '’', r == '‘', r == 'ʼ':
			return '\''
		}
		return r
	}, norm.NFD.String(name))
	s = strings.Join(strings.Fields(s), " ")
	for _, article := range [...]string{"the ", "The "} {
		s = strings.TrimPrefix(s, article)
	}
	return s
}
