package record

import (
	"bytes"
	"reflect"
	"sync"
)

// bodies remembers decoded bodies by record and revision. A revision never
// changes, so nothing here can be stale; what is given out is a copy, because
// the gate empties fields of it. Two generations bound the memory: when the
// young one is full, the old one is dropped.
type bodies struct {
	mu         sync.Mutex
	young, old map[bodyKey]body
}

// body is a decoded body and the JSON it was decoded from.
type body struct {
	value any
	json  []byte
}

type bodyKey struct {
	n        int64
	revision int
}

// generation is how many bodies one generation holds.
const generation = 2048

// get returns a copy of the body and its JSON; nil if it is not there.
func (c *bodies) get(k *Kind, key bodyKey) (any, []byte) {
	c.mu.Lock()
	b := c.young[key]
	if b.value == nil {
		if b = c.old[key]; b.value != nil {
			c.put(key, b)
		}
	}
	c.mu.Unlock()
	if b.value == nil {
		return nil, nil
	}
	return k.copy(b.value), b.json
}

// add keeps a copy of the body.
func (c *bodies) add(k *Kind, key bodyKey, value any, json []byte) {
	b := body{k.copy(value), bytes.Clone(json)}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.put(key, b)
}

func (c *bodies) put(key bodyKey, b body) {
	if c.young == nil || len(c.young) >= generation {
		c.young, c.old = make(map[bodyKey]body, generation), c.young
	}
	c.young[key] = b
}

// copy makes a struct of its own with the fields of body. Slices are shared,
// without room to append in: the gate replaces them whole, except rows that hold
// references, whose elements it changes and which are therefore copied.
func (k *Kind) copy(body any) any {
	c := reflect.New(k.typ)
	c.Elem().Set(reflect.ValueOf(body).Elem())
	for _, f := range k.Fields {
		v := c.Elem().Field(f.index)
		if v.Kind() == reflect.Slice {
			v.Set(v.Slice3(0, v.Len(), v.Len()))
		}
		if f.Type == Rows && v.Len() > 0 {
			rows := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
			reflect.Copy(rows, v)
			v.Set(rows)
		}
	}
	return c.Interface()
}
