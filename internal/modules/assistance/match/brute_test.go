package match

import (
	"cmp"
	"slices"
	"strings"
)

// bruteForce ranks without the index; tests hold rank against it.
func (e *Engine) bruteForce(p *Prepared, ask Ask) Result {
	q := e.query(p, &scratch{})
	var in, out []scored
	for i := range e.items {
		it, f := &e.items[i], &e.subjects[i]
		if it.id == "" || ask.Visible != nil && !ask.Visible(it.id) {
			continue
		}
		area, specific, focus := e.topicPoints(q, f, q.below.meets(&e.below[i]))
		text, _ := e.textPoints(q, it, e.faces[i].lengthF)
		points := area + specific + focus + text
		if points == 0 {
			continue
		}
		if total, x := e.finish(q, it, f, points, nil); x != "" {
			out = append(out, scored{points, uint32(i)})
		} else if total > 0 {
			in = append(in, scored{total, uint32(i)})
		}
	}
	order := func(ss []scored, n int) []scored {
		slices.SortFunc(ss, func(x, y scored) int {
			return cmp.Or(cmp.Compare(y.points, x.points), strings.Compare(e.items[x.slot].id, e.items[y.slot].id))
		})
		if n >= 0 && len(ss) > n {
			ss = ss[:n]
		}
		return ss
	}
	limit := ask.Limit
	if limit <= 0 {
		limit = -1
	}
	return e.result(q, &best{e: e, n: -1, heap: order(in, limit)}, &best{e: e, n: -1, heap: order(out, ask.Excluded)})
}
