package api

import (
	"cmp"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"concord/internal/door"
	"concord/internal/problem"
	"concord/internal/record"
)

// openapi answers with the document, which is made at the first request.
func (a *API) openapi(q *door.Req) error {
	a.openOnce.Do(func() { a.openJSON, a.openErr = json.Marshal(a.document()) })
	if a.openErr != nil {
		return a.openErr
	}
	q.W.Header().Set("ETag", tagOf(a.openJSON))
	return answerJSON(q, http.StatusOK, a.openJSON)
}

// document describes the API (OpenAPI 3.1).
func (a *API) document() Schema {
	paths := map[string]Schema{}
	add := func(e endpoint) {
		path := strings.ReplaceAll(e.Path, "{$}", "")
		if paths[path] == nil {
			paths[path] = Schema{}
		}
		paths[path][strings.ToLower(e.Method)] = operation(e)
	}
	for _, e := range a.endpoints() {
		add(e)
	}
	for _, r := range a.more {
		d := a.docs[r.Method+" "+r.Path]
		if d.Summary == "" {
			d.Summary = cmp.Or(r.Kind, "portal") + ": " + r.Act
		}
		if d.Answer == nil && d.Status == 0 {
			d.Answer = Schema{}
		}
		add(endpoint{r, d})
	}
	schemas := commonSchemas()
	for name, v := range a.Store.Kinds().Vocab {
		codes := make([]string, len(v.Terms))
		for i, t := range v.Terms {
			codes[i] = t.Code
		}
		schemas[vocabSchema(name)] = Schema{"type": "string", "enum": codes, "description": "Code of the vocabulary " + name}
	}
	for _, k := range a.Store.Kinds().All() {
		if !k.Internal {
			addKind(schemas, k)
		}
	}
	return Schema{
		"openapi": "3.1.0",
		"info": Schema{
			"title": "Concord", "version": "1", "license": Schema{"name": "Apache-2.0", "identifier": "Apache-2.0"},
			"description": "Records of the portal as JSON. What the caller may not see answers 404, exactly as what does not exist. " +
				"Without a token the caller is the public.",
		},
		"servers":  []Schema{{"url": "/"}},
		"security": []Schema{{}, {"token": []string{}}},
		"paths":    paths,
		"components": Schema{
			"schemas": schemas, "responses": problemResponses(),
			"securitySchemes": Schema{"token": Schema{"type": "http", "scheme": "bearer", "description": "An API token of an account"}},
		},
	}
}

// problemKinds are the classes of problem with what they mean to a program.
func problemKinds() []struct {
	kind  problem.Kind
	about string
} {
	return []struct {
		kind  problem.Kind
		about string
	}{
		{problem.BadRequest, "The request cannot be read, or has a parameter that is not known"},
		{problem.SignIn, "A token is needed, or the one sent is not valid"},
		{problem.Forbidden, "The caller may see this but not do it"},
		{problem.NotFound, "There is nothing here that the caller may see"},
		{problem.Conflict, "The record has changed since it was read"},
		{problem.TooLarge, "More was sent than the limit"},
		{problem.Unsupported, "The media type is not one of those accepted"},
		{problem.Invalid, "Fields are wrong; errors names them"},
		{problem.Precond, "If-Match is missing"},
		{problem.TooMany, "Too many requests; try again later"},
		{"internal", "A fault of the server"},
	}
}

func problemResponses() Schema {
	all := Schema{}
	for _, p := range problemKinds() {
		all[string(p.kind)] = Schema{
			"description": p.about,
			"content":     Schema{"application/problem+json": Schema{"schema": ref("Problem")}},
		}
	}
	return all
}

func operation(e endpoint) Schema {
	op := Schema{"operationId": operationID(e.Route), "summary": e.Summary, "responses": responses(e)}
	if e.Kind != "" {
		op["tags"] = []string{e.Kind}
	}
	if e.Who == door.SignedIn {
		op["security"] = []Schema{{"token": []string{}}}
	}
	if params := parameters(e); len(params) > 0 {
		op["parameters"] = params
	}
	if e.Body != nil {
		op["requestBody"] = Schema{
			"required": true, "content": Schema{cmp.Or(e.BodyType, jsonType): Schema{"schema": e.Body}},
		}
	}
	return op
}

// operationID names a route: "get-api-v1-needs-id".
func operationID(r door.Route) string {
	path := strings.NewReplacer("/", "-", "{", "", "}", "", "$", "", ".", "-").Replace(r.Path)
	return strings.ToLower(r.Method) + path
}

func responses(e endpoint) Schema {
	status := cmp.Or(e.Status, http.StatusOK)
	done := Schema{"description": "Done"}
	if e.Answer != nil {
		done["content"] = Schema{jsonType: Schema{"schema": e.Answer}}
	}
	if tagged := e.Answer != nil && (e.Act == "read" || e.Act == "create" || e.Act == "update" || e.Act == "patch" || e.Act == "transition"); tagged {
		done["headers"] = Schema{"ETag": Schema{"schema": text("For If-Match")}}
	}
	all := Schema{strconv.Itoa(status): done}
	if e.Act == "transition" {
		all["204"] = Schema{"description": "Done; where the record is now, the caller does not see it"}
	}
	kinds := []problem.Kind{problem.BadRequest, problem.SignIn, problem.TooMany, "internal"}
	if strings.Contains(e.Path, "{") {
		kinds = append(kinds, problem.NotFound)
	}
	if e.Method != http.MethodGet {
		kinds = append(kinds, problem.Forbidden)
	}
	if e.Body != nil {
		kinds = append(kinds, problem.Invalid, problem.TooLarge, problem.Unsupported)
	}
	for _, h := range e.Header {
		switch h {
		case "If-Match":
			kinds = append(kinds, problem.Conflict, problem.Precond)
		case "If-Match?":
			kinds = append(kinds, problem.Conflict)
		}
	}
	for _, k := range kinds {
		all[strconv.Itoa(k.Status())] = Schema{"$ref": "#/components/responses/" + string(k)}
	}
	return all
}

// parameters are those in the path, the query and the header.
func parameters(e endpoint) []Schema {
	var all []Schema
	for part := range strings.SplitSeq(e.Path, "/") {
		name, ok := strings.CutPrefix(part, "{")
		if name = strings.TrimSuffix(strings.TrimSuffix(name, "}"), "..."); ok && name != "$" {
			all = append(all, Schema{"name": name, "in": "path", "required": true, "schema": text("")})
		}
	}
	for _, p := range append([]Param{langParam()}, e.Params...) {
		s := p.Schema
		if s == nil {
			s = text("")
		}
		if p.Only != nil {
			s = enum(p.Only...)
		}
		if p.Many {
			s = array(s)
		}
		all = append(all, Schema{"name": p.Name, "in": "query", "description": p.About, "schema": s})
	}
	for _, h := range e.Header {
		name, optional := strings.CutSuffix(h, "?")
		about := "Entity tag of the record as it was read"
		if name != "If-Match" {
			about, optional = "The same key makes the same record, however often it is sent", true
		}
		all = append(all, Schema{"name": name, "in": "header", "required": !optional, "description": about, "schema": text("")})
	}
	return all
}

func limitParam() Param {
	return Param{
		Name: "limit", About: "How many items; more than " + strconv.Itoa(record.MaxLimit) + " count as that",
		Schema: Schema{"type": "integer", "minimum": 1, "default": record.DefaultLimit},
	}
}

func cursorParam() Param {
	return Param{Name: "cursor", About: "The next of the page before"}
}

// listParams are the parameters of a kind's list.
func listParams(k *record.Kind) []Param {
	params := []Param{
		{Name: "q", About: "Words to find"}, limitParam(), cursorParam(),
		{Name: "sort", About: "The order", Only: k.Orders(true)},
		{Name: "dir", About: "asc = oldest first", Only: []string{"asc", "desc"}},
		{Name: "fields", About: "Only these members of each item, separated by commas", Many: true},
	}
	for _, name := range facetNames(k) {
		p := Param{Name: name, About: "Only with one of these values", Many: true}
		switch f := k.Field(name); {
		case name == "state":
			p.About = "Only in these states; without it, what is published"
		case f != nil && f.Vocab != "":
			p.Schema = ref(vocabSchema(f.Vocab))
		}
		params = append(params, p)
	}
	return params
}
