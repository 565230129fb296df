package listindex

import (
	"slices"
	"strings"
)

// vocab numbers the codes of all fields, so that records hold four bytes for a
// value instead of a string. Owners and readers are fields like any other. It
// only grows: fields must be closed lists or parties, never free text.
type vocab struct {
	names  map[string]int // the fields a query can name
	fields []*field
	codes  []string // by value number
}

type field struct {
	numbers map[string]uint32
	sorted  []uint32 // value numbers in the order of their codes
}

// Readers are no facet. Their field has no entry in names, so no filter and no
// facet of a query can reach it, whatever it is called.
const (
	ownerNo = iota
	readerNo
)

func newVocab() *vocab {
	return &vocab{
		names: map[string]int{OwnerField: ownerNo},
		fields: []*field{
			ownerNo:  {numbers: make(map[string]uint32)},
			readerNo: {numbers: make(map[string]uint32)},
		},
	}
}

// fieldNo returns the number of a named field, giving it one if it is new.
func (w *vocab) fieldNo(name string) int {
	no, ok := w.names[name]
	if !ok {
		no = len(w.fields)
		w.names[strings.Clone(name)] = no
		w.fields = append(w.fields, &field{numbers: make(map[string]uint32)})
	}
	return no
}

// intern returns the number of a code, giving it one if it is new.
func (w *vocab) intern(fieldNo int, code string) uint32 {
	f := w.fields[fieldNo]
	if v, ok := f.numbers[code]; ok {
		return v
	}
	code = strings.Clone(code)
	v := uint32(len(w.codes))
	w.codes = append(w.codes, code)
	f.numbers[code] = v
	at, _ := slices.BinarySearchFunc(f.sorted, code, func(v uint32, code string) int {
		return strings.Compare(w.codes[v], code)
	})
	f.sorted = slices.Insert(f.sorted, at, v)
	return v
}

// known returns the numbers of those codes that some record has or had.
func (w *vocab) known(fieldNo int, codes ...string) []uint32 {
	var vs []uint32
	for _, code := range codes {
		if v, ok := w.fields[fieldNo].numbers[code]; ok {
			vs = append(vs, v)
		}
	}
	slices.Sort(vs)
	return slices.Compact(vs)
}
