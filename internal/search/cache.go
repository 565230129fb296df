package search

import (
	"strings"
	"sync"
)

// Analyser remembers what written forms came to. The words of texts repeat:
// with the memory an analysis is one look-up per word. It may be used by
// several goroutines at once; the zero value and nil work without memory.
type Analyser struct {
	memory [chains]memory
}

// NewAnalyser returns an analyser with an empty memory.
func NewAnalyser() *Analyser { return new(Analyser) }

// maxForms bounds each of the two generations of a memory, and maxRemembered
// the length of what is remembered, in bytes: together at most some 20 MB.
const (
	maxForms      = 20_000
	maxRemembered = 64
)

// memory is a cache in two generations: when the young one is full it becomes
// the old one, and what is still asked for moves over.
type memory struct {
	mu         sync.RWMutex
	young, old map[string]form
}

func (a *Analyser) form(written string, c chain) form {
	if a == nil || len(written) > maxRemembered {
		return analyse(written, c)
	}
	m := &a.memory[c]
	m.mu.RLock()
	f, ok := m.young[written]
	if ok {
		m.mu.RUnlock()
		return f
	}
	f, ok = m.old[written]
	m.mu.RUnlock()
	if !ok {
		f = analyse(strings.Clone(written), c) // whose parts must not keep a long text alive
	}
	m.keep(strings.Clone(written), f)
	return f
}

func (m *memory) keep(written string, f form) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.young == nil || len(m.young) >= maxForms {
		m.old, m.young = m.young, make(map[string]form)
	}
	m.young[written] = f
}
