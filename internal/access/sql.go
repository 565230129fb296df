package access

import (
	"strconv"
	"strings"
)

// SQL is the read rule as an SQL condition over the columns of `record r`,
// with placeholders from $1 on and their arguments.
func (sc Scope) SQL() (string, []any) {
	if sc.Party == "" {
		return "r.cell = 0", nil
	}
	var b strings.Builder
	args := []any{sc.Party}
	b.WriteString("(r.cell = 0 OR r.owner = $1")
	if sc.States {
		b.WriteString(" OR r.cell = 1")
	}
	b.WriteString(" OR EXISTS (SELECT 1 FROM record_reader x WHERE x.n = r.n AND x.code IN (")
	for i, code := range sc.Codes {
		if i > 0 {
			b.WriteByte(',')
		}
		args = append(args, code)
		b.WriteByte('$')
		b.WriteString(strconv.Itoa(len(args)))
	}
	b.WriteString(")))")
	return b.String(), args
}
