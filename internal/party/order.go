package party

import "concord/internal/i18n"

// Order lists the codes of all parties and then of all groups in the alphabet
// of l: the order in which lists of mixed codes are shown.
func (d *Directory) Order(l i18n.Lang) []string {
	codes := make([]string, 0, len(d.parties)+len(d.groups))
	for _, p := range d.Parties(l) {
		codes = append(codes, p.Code)
	}
	for _, g := range d.Groups(l) {
		codes = append(codes, g.Code)
	}
	return codes
}
