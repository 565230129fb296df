package match

import (
	"slices"
	"strings"
)

// scored is an offer with its points.
type scored struct {
	points int
	slot   uint32
}

// best keeps the n highest, all if n < 0.
type best struct {
	e    *Engine
	n    int
	heap []scored // the least of the best first
}

// less orders by points, then by identifier: b before a.
func (b *best) less(x, y scored) bool {
	if x.points != y.points {
		return x.points < y.points
	}
	return b.e.items[x.slot].id > b.e.items[y.slot].id
}

// floor returns the points that a newcomer must at least have.
func (b *best) floor() int {
	if b.n < 0 || len(b.heap) < b.n {
		return 1
	}
	if b.n == 0 {
		return 1 << 30 // nothing is kept
	}
	return b.heap[0].points
}

func (b *best) add(s scored) {
	switch {
	case b.n < 0 || len(b.heap) < b.n:
		b.heap = append(b.heap, s)
		for i := len(b.heap) - 1; b.n > 0 && i > 0; {
			p := (i - 1) / 2
			if !b.less(b.heap[i], b.heap[p]) {
				break
			}
			b.heap[i], b.heap[p] = b.heap[p], b.heap[i]
			i = p
		}
	case b.n > 0 && b.less(b.heap[0], s):
		b.heap[0] = s
		for i := 0; ; {
			c := 2*i + 1
			if c >= len(b.heap) {
				break
			}
			if c+1 < len(b.heap) && b.less(b.heap[c+1], b.heap[c]) {
				c++
			}
			if !b.less(b.heap[c], b.heap[i]) {
				break
			}
			b.heap[i], b.heap[c] = b.heap[c], b.heap[i]
			i = c
		}
	}
}

// sorted returns the kept ones, best first.
func (b *best) sorted() []scored {
	slices.SortFunc(b.heap, func(x, y scored) int {
		if x.points != y.points {
			return y.points - x.points
		}
		return strings.Compare(b.e.items[x.slot].id, b.e.items[y.slot].id)
	})
	return b.heap
}
