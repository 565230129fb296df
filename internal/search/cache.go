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
	if !ok {
		f, ok = m.old[written]
		if ok && len(m.young) < maxForms/2 {
			m.mu.RUnlock()
			return f
		}
		m.mu.RUnlock()
		if !ok {
			f = analyse(written, c)
		}
		m.keep(strings.Clone(written), f)
		return f
	}
	m.mu.RUnlock()
	return f
}

func (m *memory) keep(written string, f form) {
	for i, t := range f.terms {
		f.terms[i] = strings.Clone(t) // not a part of a long text
	}
	f.key = strings.Clone(f.key)
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.young == nil || len(m.young) >= maxForms {
		m.old, m.young = m.young, make(map[string]form)
	}
	m.young[written] = f
}
