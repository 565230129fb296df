package api

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"concord/internal/door"
	"concord/internal/i18n"
	"concord/internal/problem"
	"concord/internal/record"
)

// maxValues bounds how often a parameter is repeated.
const maxValues = 50

func langNames() []string {
	var names []string
	for _, l := range i18n.Langs() {
		names = append(names, string(l))
	}
	return names
}

// langParam chooses the language of messages and names on every endpoint.
func langParam() Param {
	return Param{Name: "lang", About: "Language of messages and names; without it, Accept-Language decides", Only: langNames()}
}

// checkParams refuses a parameter that the endpoint does not have, by name:
// a filter that is misspelt must not answer with everything.
func checkParams(q *door.Req, params []Param) error {
	values, err := url.ParseQuery(q.URL.RawQuery)
	if err != nil {
		return problem.New(problem.BadRequest, "query")
	}
	params = append([]Param{langParam()}, params...)
	var wrong problem.Fields
	for name, list := range values {
		i := slices.IndexFunc(params, func(p Param) bool { return p.Name == name })
		if i < 0 {
			wrong.Add(echo(name), "unknown-parameter")
			continue
		}
		p := params[i]
		switch {
		case len(list) > 1 && !p.Many:
			wrong.Add(name, "once")
		case len(list) > maxValues:
			wrong.Add(name, "too-many", maxValues, len(list))
		}
		for _, v := range list {
			if !utf8.ValidString(v) || strings.ContainsRune(v, 0) {
				wrong.Add(name, "encoding")
			} else if p.Only != nil && !slices.Contains(p.Only, v) {
				wrong.Add(name, "one-of", strings.Join(p.Only, ", "))
			}
		}
	}
	return badRequest(wrong.List())
}

// badRequest is nil if nothing is wrong.
func badRequest(wrong []problem.Field) error {
	if len(wrong) == 0 {
		return nil
	}
	slices.SortStableFunc(wrong, func(a, b problem.Field) int { return strings.Compare(a.Name, b.Name) })
	return &problem.Error{Kind: problem.BadRequest, Code: "parameters", Fields: wrong}
}

// wrongParam is a bad request for one parameter.
func wrongParam(name, code string, args ...any) error {
	var f problem.Fields
	f.Add(name, code, args...)
	return badRequest(f.List())
}

// limit reads how many items to list. More than the most counts as the most.
func limit(v url.Values) (int, error) {
	if !v.Has("limit") {
		return record.DefaultLimit, nil
	}
	n, err := strconv.Atoi(v.Get("limit"))
	if err != nil || n < 1 {
		return 0, wrongParam("limit", "number-range", 1, record.MaxLimit)
	}
	return min(n, record.MaxLimit), nil
}

// echo makes a name that a client sent fit to be repeated to it.
func echo(name string) string {
	r := []rune(i18n.CleanString(name))
	return string(r[:min(len(r), 60)])
}
