package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"slices"
	"strings"
	"unicode/utf8"

	"concord/internal/door"
	"concord/internal/i18n"
	"concord/internal/problem"
)

// maxDepth bounds the nesting of what is read: a record needs five levels.
const maxDepth = 20

// object is a JSON object as read.
type object = map[string]any

// readObject reads the request's body, one JSON object. Its strings come
// cleaned, as those of a form are.
func readObject(q *door.Req, types ...string) (object, error) {
	if given := q.Header.Get("Content-Type"); given != "" {
		t, params, err := mime.ParseMediaType(given)
		charset := params["charset"]
		if err != nil || !slices.Contains(types, t) || charset != "" && !strings.EqualFold(charset, "utf-8") {
			return nil, problem.New(problem.Unsupported, "media-type", strings.Join(types, ", "))
		}
	}
	b, err := io.ReadAll(q.Body)
	if err != nil {
		return nil, err // too large: the door words it
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

// parseJSON reads one JSON value strictly (RFC 7493): UTF-8, no name twice in
// an object, nothing after it. Numbers stay as written.
func parseJSON(b []byte) (any, error) {
	if !utf8.Valid(b) {
		return nil, problem.New(problem.BadRequest, "encoding")
	}
	p := parser{json.NewDecoder(bytes.NewReader(b))}
	p.UseNumber()
	v, err := p.value(maxDepth)
	if err == nil {
		if _, more := p.Token(); more != io.EOF {
			err = errors.New("more than one value")
		}
	}
	if _, ours := errors.AsType[*problem.Error](err); err != nil && !ours {
		return nil, problem.New(problem.BadRequest, "json", int(p.InputOffset()))
	}
	return v, err
}

type parser struct{ *json.Decoder }

func (p parser) value(depth int) (any, error) {
	t, err := p.Token()
	if err != nil {
		return nil, err
	}
	if depth == 0 {
		return nil, problem.New(problem.BadRequest, "json-depth", maxDepth)
	}
	switch t := t.(type) {
	case json.Delim:
		if t == '{' {
			return p.object(depth)
		}
		return p.list(depth)
	case string:
		return i18n.CleanString(t), nil
	default:
		return t, nil
	}
}

func (p parser) object(depth int) (any, error) {
	o := object{}
	for p.More() {
		t, err := p.Token()
		if err != nil {
			return nil, err
		}
		name, ok := t.(string)
		if _, twice := o[name]; twice || !ok {
			return nil, problem.New(problem.BadRequest, "json-twice", echo(name))
		}
		if o[name], err = p.value(depth - 1); err != nil {
			return nil, err
		}
	}
	_, err := p.Token()
	return o, err
}

func (p parser) list(depth int) (any, error) {
	list := []any{}
	for p.More() {
		v, err := p.value(depth - 1)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	_, err := p.Token()
	return list, err
}

// merge applies a JSON Merge Patch (RFC 7396).
func merge(target, patch any) any {
	p, ok := patch.(object)
	if !ok {
		return patch
	}
	old, _ := target.(object)
	merged := object{}
	for name, v := range old {
		merged[name] = v
	}
	for name, v := range p {
		if v == nil {
			delete(merged, name)
		} else {
			merged[name] = merge(merged[name], v)
		}
	}
	return merged
}
