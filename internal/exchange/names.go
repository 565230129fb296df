package exchange

import (
	"strings"

	"concord/internal/i18n"
	"concord/internal/record"
)

// names reads what people write instead of codes: the label of a term in any
// of the six languages, the name of a party.
type names struct {
	kinds   *record.Kinds
	resolve func(string) ([]string, bool)
	has     func(string) bool
	labels  map[string]map[string]string // vocabulary → folded label → code
}

func newNames(ks *record.Kinds, o Options) *names {
	n := &names{kinds: ks, resolve: o.Resolve, labels: map[string]map[string]string{}}
	n.has = func(string) bool { return true }
	if o.Directory != nil {
		n.has = o.Directory.Has
	}
	return n
}

// read is the cell as the field wants it; other tells that a name was read as
// a code. What is neither stays, for validation to refuse.
func (n *names) read(f *record.Field, cell string) (value string, other bool) {
	var one func(string) (string, bool)
	switch f.Type {
	case record.Code, record.Codes:
		one = func(s string) (string, bool) { return n.term(f.Vocab, s) }
	case record.Party, record.Parties:
		one = n.party
	case record.Flag:
		return flag(cell)
	default:
		return cell, false
	}
	if f.Type == record.Code || f.Type == record.Party {
		if cell == "" {
			return "", false
		}
		return one(cell)
	}
	var list []string
	for s := range strings.FieldsFuncSeq(cell, func(r rune) bool { return r == ';' || r == '\n' || r == '|' || r == '؛' || r == '；' }) {
		if s = strings.TrimSpace(s); s != "" {
			code, read := one(s)
			other = other || read
			list = append(list, code)
		}
	}
	return strings.Join(list, ";"), other
}

// term is the code of a term that is given by its code, in any case, or by its
// label.
func (n *names) term(vocabulary, s string) (code string, other bool) {
	v := n.kinds.Vocab[vocabulary]
	if v == nil || v.Has(s) {
		return s, false
	}
	labels := n.labels[vocabulary]
	if labels == nil {
		labels = map[string]string{}
		for _, t := range v.Terms {
			labels[t.Code] = t.Code
			for _, l := range i18n.Langs() {
				if label := strings.ToLower(t.Label.Get(l)); labels[label] == "" {
					labels[label] = t.Code
				}
			}
		}
		n.labels[vocabulary] = labels
	}
	if code, ok := labels[strings.ToLower(s)]; ok {
		return code, code != strings.ToLower(s)
	}
	return s, false
}

// party is the code of a party or group that is given by its code or name.
func (n *names) party(s string) (code string, other bool) {
	if n.has(s) || n.resolve == nil {
		return s, false
	}
	if codes, ok := n.resolve(s); ok && len(codes) > 0 && n.has(codes[0]) {
		return codes[0], true
	}
	return s, false
}

// flag reads yes and no in the six languages; anything else is no, and said.
func flag(s string) (value string, other bool) {
	switch strings.ToLower(s) {
	case "yes", "true", "1", "on", "y", "x", "oui", "sí", "si", "да", "نعم", "是":
		return "yes", false
	case "", "no", "false", "0", "off", "n", "non", "нет", "لا", "否":
		return "", false
	}
	return "no", true
}
