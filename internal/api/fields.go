package api

import (
	"encoding/json"
	"maps"
	"math"
	"slices"
	"strconv"

	"concord/internal/i18n"
	"concord/internal/problem"
	"concord/internal/record"
)

// fieldReader brings what a client sent into the form that the kind's struct
// is decoded from, and notes by name what does not fit.
type fieldReader struct {
	lang i18n.Lang // of texts given as plain strings
	problem.Fields
}

// fields reads an object with the fields of a kind or row. Nulls are absent.
func (r *fieldReader) fields(prefix string, fields []*record.Field, in object) object {
	out := object{}
	for _, name := range slices.Sorted(maps.Keys(in)) {
		if !slices.ContainsFunc(fields, func(f *record.Field) bool { return f.Name == name }) {
			r.Add(prefix+echo(name), "unknown-field")
		}
	}
	for _, f := range fields {
		if v, ok := in[f.Name]; ok && v != nil {
			if v = r.field(prefix+f.Name, f, v); v != nil {
				out[f.Name] = v
			}
		}
	}
	return out
}

// field reads one value; nil stands for nothing, or for what was noted.
func (r *fieldReader) field(name string, f *record.Field, v any) any {
	switch f.Type {
	case record.Text:
		return r.text(name, v)
	case record.Codes, record.Parties, record.Many:
		return r.strings(name, v)
	case record.At:
		o, ok := v.(object)
		r.Check(ok, name, "json-object")
		return r.members(name, o, "local", "zone")
	case record.Number:
		n, ok := v.(json.Number)
		i, err := strconv.ParseInt(string(n), 10, 64)
		if !ok || err != nil || i < math.MinInt32 || i > math.MaxInt32 {
			r.Add(name, "number")
			return nil
		}
		return i
	case record.Flag:
		b, ok := v.(bool)
		r.Check(ok, name, "json-flag")
		return b
	case record.Rows:
		list, ok := v.([]any)
		r.Check(ok, name, "json-list")
		rows := make([]object, 0, len(list))
		for i, item := range list {
			row, ok := item.(object)
			at := name + "." + strconv.Itoa(i)
			r.Check(ok, at, "json-object")
			rows = append(rows, r.fields(at+".", f.Rows, row))
		}
		return rows
	default:
		return r.line(name, v)
	}
}

func (r *fieldReader) line(name string, v any) any {
	s, ok := v.(string)
	r.Check(ok, name, "json-string")
	return s
}

// strings reads a list of strings, each once.
func (r *fieldReader) strings(name string, v any) []string {
	list, ok := v.([]any)
	r.Check(ok, name, "json-list")
	out := make([]string, 0, len(list))
	seen := map[string]bool{}
	for i, item := range list {
		s, ok := item.(string)
		r.Check(ok, name+"."+strconv.Itoa(i), "json-string")
		if ok && s != "" && !seen[s] {
			seen[s] = true
			out = append(out, s)
		}
	}
	return out
}

// members reads an object of which only the named members are known, all
// strings.
func (r *fieldReader) members(name string, in object, known ...string) object {
	out := object{}
	for _, key := range slices.Sorted(maps.Keys(in)) {
		if !slices.Contains(known, key) {
			r.Add(name+"."+echo(key), "unknown-field")
		} else if in[key] != nil {
			out[key] = r.line(name+"."+key, in[key])
		}
	}
	return out
}

// text reads a text in several languages: {"en":"…","fr":"…","original":"en"},
// or a plain string.
func (r *fieldReader) text(name string, v any) any {
	if s, ok := v.(string); ok {
		if s == "" {
			return nil
		}
		return object{string(r.lang): s, "original": string(r.lang)}
	}
	in, ok := v.(object)
	r.Check(ok, name, "json-text")
	out := object{}
	for _, key := range slices.Sorted(maps.Keys(in)) {
		_, isLang := i18n.Parse(key)
		switch at := name + "." + echo(key); {
		case isLang && in[key] != nil:
			if s := r.line(at, in[key]); s != "" {
				out[key] = s
			}
		case !isLang && key != "original" && key != "machine":
			r.Add(at, "unknown-field")
		}
	}
	if len(out) == 0 {
		return nil
	}
	if in["original"] != nil {
		original, _ := in["original"].(string)
		r.Check(out[original] != nil, name+".original", "original")
		out["original"] = original
	}
	if in["machine"] != nil {
		marks := r.strings(name+".machine", in["machine"])
		for _, l := range marks {
			r.Check(i18n.Lang(l).Valid() && out[l] != nil, name+".machine", "original")
		}
		out["machine"] = marks
	}
	return out
}
