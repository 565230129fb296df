package api

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"

	"concord/internal/access"
	"concord/internal/door"
	"concord/internal/i18n"
	"concord/internal/problem"
	"concord/internal/record"
)

// input is a record as a client sends it. Parts of the envelope that are not
// given are nil.
type input struct {
	body     any
	audience *access.Audience
	named    *[]string
	narrowed *map[string]access.Audience
	state    access.Status
}

// readInput makes an input of what was sent. now is the record as it is, nil
// for a new one: what of the envelope a client cannot change may be sent back
// as it was read, and nothing else.
func readInput(q *door.Req, k *record.Kind, in, now object) (*input, error) {
	r := &fieldReader{lang: contentLang(q)}
	own, envelope := object{}, object{}
	for name, v := range in {
		if slices.Contains(record.EnvelopeFields(), name) {
			envelope[name] = v
		} else {
			own[name] = v
		}
	}
	read := &input{}
	r.envelope(read, envelope, now)
	own = r.fields("", k.Fields, own)
	if err := r.Err(); err != nil {
		return nil, err
	}
	b, err := json.Marshal(own)
	if err != nil {
		return nil, err
	}
	read.body, err = k.Decode(b)
	return read, err
}

// envelope reads the parts that a client may set, and refuses the others
// unless they are as they were.
func (r *fieldReader) envelope(read *input, in, now object) {
	for _, name := range slices.Sorted(maps.Keys(in)) {
		v := in[name]
		if v == nil || reflect.DeepEqual(v, now[name]) {
			continue
		}
		switch {
		case name == "audience":
			a := access.Audience(asString(r.line(name, v)))
			read.audience = &a
		case name == "groups":
			names := r.strings(name, v)
			slices.Sort(names)
			read.named = &names
		case name == "narrowed":
			read.narrowed = r.narrowed(v)
		case name == "state" && now["revision"] == nil:
			read.state = access.Status(asString(r.line(name, v)))
			r.Check(slices.Contains(startStates(), read.state), name, "one-of", joinStates(startStates()))
		default:
			r.Add(name, "read-only")
		}
	}
}

func asString(v any) string {
	s, _ := v.(string)
	return s
}

func (r *fieldReader) narrowed(v any) *map[string]access.Audience {
	o, ok := v.(object)
	r.Check(ok, "narrowed", "json-object")
	m := map[string]access.Audience{}
	for name, a := range o {
		if a != nil {
			m[name] = access.Audience(asString(r.line("narrowed."+echo(name), a)))
		}
	}
	return &m
}

// startStates are the states that a new record may be brought to at once.
func startStates() []access.Status {
	return []access.Status{access.Draft, access.Awaiting, access.Submitted, access.Published}
}

func joinStates(list []access.Status) string {
	names := make([]string, len(list))
	for i, s := range list {
		names[i] = string(s)
	}
	return strings.Join(names, ", ")
}

// contentLang is the language of texts that come as plain strings: that of
// the header Content-Language, else English.
func contentLang(q *door.Req) i18n.Lang {
	tag, _, _ := strings.Cut(q.Header.Get("Content-Language"), "-")
	if l, ok := i18n.Parse(strings.ToLower(tag)); ok {
		return l
	}
	return i18n.English
}

// asObject is a record as its JSON is read.
func asObject(r *record.Record) (object, error) {
	b, err := json.Marshal(r)
	if err != nil {
		return nil, err
	}
	v, err := parseJSON(b)
	if err != nil {
		return nil, err
	}
	o, ok := v.(object)
	if !ok {
		return nil, problem.New(problem.BadRequest, "json-object")
	}
	return o, nil
}
