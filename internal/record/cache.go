package record

import (
	"reflect"
	"sync"
)

// bodies remembers decoded bodies by record and revision. A revision never
// changes, so nothing here can be stale; what is given out is a copy, because
// the gate empties fields of it. Two generations bound the memory: when the
// young one is full, the old one is dropped.
type bodies struct {
	mu         sync.Mutex
	young, old map[bodyKey]any
}

type bodyKey struct {
	n        int64
	revision int
}

// generation is how many bodies one generation holds.
const generation = 2048

// get returns a copy of the body, nil if it is not there.
func (c *bodies) get(k *Kind, key bodyKey) any {
	c.mu.Lock()
	body := c.young[key]
	if body == nil {
		if body = c.old[key]; body != nil {
			c.put(key, body)
		}
	}
	c.mu.Unlock()
	if body == nil {
		return nil
	}
	return k.copy(body)
}

// add keeps a copy of the body.
func (c *bodies) add(k *Kind, key bodyKey, body any) {
	body = k.copy(body)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.put(key, body)
}

func (c *bodies) put(key bodyKey, body any) {
	if c.young == nil || len(c.young) >= generation {
		c.young, c.old = make(map[bodyKey]any, generation), c.young
	}
	c.young[key] = body
}

// copy makes a struct of its own with the fields of body. Slices are shared:
// the gate replaces them whole, except rows that hold references, whose
// elements it changes and which are therefore copied.
func (k *Kind) copy(body any) any {
	c := reflect.New(k.typ)
	c.Elem().Set(reflect.ValueOf(body).Elem())
	for _, f := range k.Fields {
		if f.Type != Rows {
			continue
		}
		v := c.Elem().Field(f.index)
		if v.Len() > 0 {
			rows := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
			reflect.Copy(rows, v)
			v.Set(rows)
		}
	}
	return c.Interface()
}
