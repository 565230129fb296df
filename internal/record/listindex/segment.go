package listindex

// Order names a sort key of Entry.Order. An unknown one is read as Updated.
type Order uint8

// The sort keys. Records without the key come last in either direction.
const (
	Updated Order = iota
	Created
	Dated // the kind's own date: a deadline, the start of an event
	orders
)

// segment holds the records of one kind, one cell and one shelf. A record is an
// ordinal: its place in the columns. Ordinals say nothing about age or order,
// and those given back are used again.
type segment struct {
	live  int // records held; the columns may be longer
	ns    []int64
	keys  [orders][]int64
	spans []span
	arena []uint32 // the value numbers of all records
	dead  int      // places of the arena nobody uses any more
	free  []uint32
	sets  []*set // by value number; nil means no record has the value

	// Two lists for each order: records that have the key, and those that have not.
	lists [orders][2]ordered
}

// span is a record's part of the arena.
type span struct{ at, n uint32 }

// size is the number of ordinals in use or free: the room a bitset needs.
func (g *segment) size() int { return len(g.ns) }

// values returns the value numbers of a record.
func (g *segment) values(ord uint32) []uint32 {
	s := g.spans[ord]
	return g.arena[s.at : s.at+s.n]
}

// set returns the records that have a value, or nil.
func (g *segment) set(v uint32) *set {
	if int(v) >= len(g.sets) {
		return nil
	}
	return g.sets[v]
}

// anyOf returns the records that have one of the values.
func (g *segment) anyOf(vs []uint32) *set {
	var sets []*set
	for _, v := range vs {
		if s := g.set(v); s != nil {
			sets = append(sets, s)
		}
	}
	if len(sets) == 0 {
		return &set{}
	}
	return union(sets, g.size())
}

// insert adds a record with its values, each given once, and returns its ordinal.
func (g *segment) insert(n int64, keys [orders]int64, vs []uint32) uint32 {
	ord := g.ordinal()
	g.live++
	g.ns[ord] = n
	g.spans[ord] = span{uint32(len(g.arena)), uint32(len(vs))}
	g.arena = append(g.arena, vs...)
	for _, v := range vs {
		if int(v) >= len(g.sets) {
			g.sets = append(g.sets, make([]*set, int(v)+1-len(g.sets))...)
		}
		if g.sets[v] == nil {
			g.sets[v] = &set{}
		}
		g.sets[v].add(ord, g.size())
	}
	for o := range orders {
		g.keys[o][ord] = clampKey(keys[o])
		g.list(o, ord).insert(g.sortKey(o), ord)
	}
	return ord
}

// remove takes a record out and gives its ordinal back.
func (g *segment) remove(ord uint32) {
	for o := range orders {
		g.list(o, ord).remove(g.sortKey(o), ord)
	}
	vs := g.values(ord)
	for _, v := range vs {
		g.sets[v].remove(ord, g.size())
		if g.sets[v].n == 0 {
			g.sets[v] = nil
		}
	}
	g.dead += len(vs)
	g.spans[ord] = span{}
	g.free = append(g.free, ord)
	g.live--
	if g.dead > 1024 && g.dead > len(g.arena)/2 {
		g.compact()
	}
}

func (g *segment) ordinal() uint32 {
	if last := len(g.free) - 1; last >= 0 {
		ord := g.free[last]
		g.free = g.free[:last]
		return ord
	}
	g.ns = append(g.ns, 0)
	g.spans = append(g.spans, span{})
	for o := range orders {
		g.keys[o] = append(g.keys[o], 0)
	}
	return uint32(len(g.ns) - 1)
}

// compact rewrites the arena without its dead places.
func (g *segment) compact() {
	arena := make([]uint32, 0, len(g.arena)-g.dead)
	for ord := range g.spans {
		at := uint32(len(arena))
		arena = append(arena, g.values(uint32(ord))...)
		g.spans[ord].at = at
	}
	g.arena, g.dead = arena, 0
}

func (g *segment) sortKey(o Order) sortKey { return sortKey{g.keys[o], g.ns} }

// list returns the list of an order in which a record stands.
func (g *segment) list(o Order, ord uint32) *ordered {
	if g.keys[o][ord] == 0 {
		return &g.lists[o][1]
	}
	return &g.lists[o][0]
}

// clampKey keeps the two ends of the range free: they stand for "no key".
func clampKey(key int64) int64 { return min(max(key, -keyMax), keyMax) }

const keyMax = 1 << 62
