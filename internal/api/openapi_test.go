package api

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"concord/internal/db/dbtest"
	"concord/internal/door"
)

// document reads the OpenAPI document as a client does.
func document(p *portal) object {
	p.t.Helper()
	return p.want(p.ask("", "GET", "/api/openapi.json", nil), 200).json
}

// at follows a path of members.
func at(v any, path ...string) any {
	for _, name := range path {
		o, _ := v.(object)
		v = o[name]
	}
	return v
}

func TestOpenAPI(t *testing.T) {
	p := open(t, dbtest.SQLite(t))
	doc := document(p)
	if doc["openapi"] != "3.1.0" {
		t.Errorf("openapi = %v", doc["openapi"])
	}
	// Every route is in the document, and nothing else is.
	var want, got []string
	for _, r := range append(p.door.Routes(), p.api.more...) {
		want = append(want, r.Method+" "+r.Path)
	}
	seen := map[any]bool{}
	for path, item := range doc["paths"].(object) {
		for method, op := range item.(object) {
			got = append(got, strings.ToUpper(method)+" "+path)
			if id := at(op, "operationId"); seen[id] {
				t.Errorf("operationId %v is there twice", id)
			} else {
				seen[id] = true
			}
			var named []string
			params, _ := at(op, "parameters").([]any)
			for _, x := range params {
				if at(x, "in") == "path" {
					named = append(named, "{"+at(x, "name").(string)+"}")
				}
			}
			if inPath := regexp.MustCompile(`\{\w+\}`).FindAllString(path, -1); !slices.Equal(named, inPath) {
				t.Errorf("%s: parameters %v, in the path %v", path, named, inPath)
			}
			if len(at(op, "responses").(object)) == 0 {
				t.Errorf("%s %s: no responses", method, path)
			}
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("routes:    %v\ndocuments: %v", want, got)
	}
	if !slices.Contains(got, "GET /api/v1/talks/{id}/matches") {
		t.Error("a module's route is missing")
	}
	// Every reference leads somewhere, and every schema is used.
	refs := map[string]bool{}
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case object:
			if ref, ok := v["$ref"].(string); ok {
				refs[ref] = true
			}
			for _, x := range v {
				walk(x)
			}
		case []any:
			for _, x := range v {
				walk(x)
			}
		}
	}
	walk(doc)
	for ref := range refs {
		if at(doc, strings.Split(strings.TrimPrefix(ref, "#/"), "/")...) == nil {
			t.Errorf("%s leads nowhere", ref)
		}
	}
	// The type of a problem is an address in the document.
	for _, k := range problemKinds() {
		if _, path, _ := strings.Cut(problemType(k.kind), "#/"); at(doc, strings.Split(path, "/")...) == nil {
			t.Errorf("%s leads nowhere", problemType(k.kind))
		}
	}
	again := p.ask("", "GET", "/api/openapi.json", nil, "If-None-Match", p.ask("", "GET", "/api/openapi.json", nil).Header().Get("ETag"))
	p.want(again, 304)
}

// schema checks a value against the part of JSON Schema that the document
// uses.
type schema struct{ doc object }

func (s schema) check(where string, of, v any) (found []string) {
	o, _ := of.(object)
	fail := func(format string, args ...any) { found = append(found, where+": "+fmt.Sprintf(format, args...)) }
	for _, keyword := range slices.Sorted(maps.Keys(o)) {
		switch x := o[keyword]; keyword {
		case "$ref":
			found = append(found, s.check(where, at(s.doc, strings.Split(strings.TrimPrefix(x.(string), "#/"), "/")...), v)...)
		case "type":
			if types, ok := x.([]any); ok && !slices.ContainsFunc(types, func(t any) bool { return isType(t, v) }) || !ok && !isType(x, v) {
				fail("%v is no %v", v, x)
			}
		case "enum":
			if !slices.Contains(x.([]any), v) {
				fail("%v is none of %v", v, x)
			}
		case "const":
			if x != v {
				fail("%v is not %v", v, x)
			}
		case "anyOf":
			if !slices.ContainsFunc(x.([]any), func(of any) bool { return len(s.check(where, of, v)) == 0 }) {
				fail("%v fits none of %v", v, x)
			}
		case "pattern":
			if text, ok := v.(string); !ok || !regexp.MustCompile(x.(string)).MatchString(text) {
				fail("%v does not match %v", v, x)
			}
		case "required":
			for _, name := range x.([]any) {
				if _, ok := v.(object)[name.(string)]; !ok {
					fail("no %v", name)
				}
			}
		case "items":
			list, _ := v.([]any)
			for i, item := range list {
				found = append(found, s.check(fmt.Sprintf("%s[%d]", where, i), x, item)...)
			}
		case "properties", "additionalProperties":
			found = append(found, s.members(where, keyword, o, v)...)
		case "description", "format", "maxLength", "maxItems", "minimum", "maximum", "default", "readOnly":
		default:
			fail("the test does not know the keyword %s", keyword)
		}
	}
	return found
}

func (s schema) members(where, keyword string, o object, v any) (found []string) {
	values, _ := v.(object)
	for name, value := range values {
		of, known := at(o, "properties", name).(object)
		switch {
		case known && keyword == "properties":
			found = append(found, s.check(where+"."+name, of, value)...)
		case !known && keyword == "additionalProperties" && o[keyword] == false:
			found = append(found, where+": the schema has no "+name)
		case !known && keyword == "additionalProperties":
			found = append(found, s.check(where+"."+name, o[keyword], value)...)
		}
	}
	return found
}

func isType(name, v any) bool {
	switch v := v.(type) {
	case nil:
		return name == "null"
	case bool:
		return name == "boolean"
	case string:
		return name == "string"
	case float64:
		return name == "number" || name == "integer" && v == float64(int(v))
	case []any:
		return name == "array"
	case object:
		return name == "object"
	}
	return false
}

// What the API answers is as the document says, and so is what it takes.
func TestAnswersFitTheirSchemas(t *testing.T) {
	p := open(t, dbtest.SQLite(t))
	doc := document(p)
	other := p.make("ken", "The one before", object{"audience": "public"})
	sent := full(other)
	sent["audience"], sent["state"], sent["narrowed"] = "group", "published", object{"contact": "own"}
	sent["groups"] = []string{"EST"}
	id := p.make("ken", "All of it", sent)
	p.want(p.ask("ken", "POST", "/api/v1/talks", object{"title": words("Bare")}), 201)
	for _, x := range []struct{ method, path, route string }{
		{"GET", "/api/v1/talks", ""}, {"GET", "/api/v1/talks?state=draft", "/api/v1/talks"}, {"GET", "/api/v1/talks/" + id, "/api/v1/talks/{id}"},
		{"GET", "/api/v1/talks/" + id + "/revisions", "/api/v1/talks/{id}/revisions"}, {"GET", "/api/v1/search?q=norms", "/api/v1/search"},
		{"GET", "/api/v1/vocabularies", ""}, {"GET", "/api/v1/vocabularies/topic", "/api/v1/vocabularies/{name}"},
		{"GET", "/api/v1/parties", ""}, {"GET", "/api/v1/me", ""}, {"PATCH", "/api/v1/talks/" + id, "/api/v1/talks/{id}"},
		{"GET", "/api/v1/talks/none", "/api/v1/talks/{id}"}, {"GET", "/api/v1/talks?x=1", "/api/v1/talks"}, {"POST", "/api/v1/talks", ""},
		{"DELETE", "/api/v1/talks/" + other, "/api/v1/talks/{id}"},
	} {
		route, _, _ := strings.Cut(x.path, "?")
		if x.route != "" {
			route = x.route
		}
		var body any
		if x.method != "GET" {
			body = object{"seats": 3}
		}
		r := p.ask("ken", x.method, x.path, body, "If-Match", "*")
		said := at(doc, "paths", route, strings.ToLower(x.method), "responses", fmt.Sprint(r.Code))
		if said == nil {
			t.Errorf("%s %s: %d is not in the document", x.method, x.path, r.Code)
			continue
		}
		if ref, ok := at(said, "$ref").(string); ok {
			said = at(doc, strings.Split(strings.TrimPrefix(ref, "#/"), "/")...)
		}
		if of := at(said, "content", r.Header().Get("Content-Type"), "schema"); of != nil {
			for _, f := range (schema{doc}).check(x.path, of, any(r.json)) {
				t.Error(f)
			}
		} else if r.Body.Len() > 0 {
			t.Errorf("%s %s: %s is not in the document", x.method, x.path, r.Header().Get("Content-Type"))
		}
	}
	var plain any
	b, err := json.Marshal(sent)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &plain); err != nil {
		t.Fatal(err)
	}
	for _, f := range (schema{doc}).check("sent", at(doc, "components", "schemas", "TalkInput"), plain) {
		t.Error(f)
	}
	if found := (schema{doc}).check("sent", at(doc, "components", "schemas", "TalkInput"), object{"titel": "x", "topics": []any{"x"}}); len(found) != 3 {
		t.Errorf("what is wrong fits the schema: %v", found)
	}
}

// Whatever is sent to any route, the answer is never a fault of ours. Neither
// does a change by nobody or by a token that only reads ever succeed.
func TestGarbage(t *testing.T) {
	each(t, func(p *portal) {
		id := p.make("ken", "A target", object{"audience": "public"})
		bits := []string{
			"", "null", "true", "0", "-1e999", `"x"`, "[]", "{}", "{", "\x00", "\xff\xfe", `{"":""}`, `{"title":null}`, `{"title":{"en":{"en":1}}}`,
			`{"to":null}`, `{"to":"published","note":["x"]}`, `{"groups":{"a":1}}`, `{"audience":["own"]}`, `{"narrowed":[1]}`, `{"state":{}}`,
			`{"title":"\u0000\u202e\ud800","seats":99999999999999999999}`, `{"title":"x","groups":["@sids\u0000 KEN"],"audience":"group"}`,
			`{"title":"x","narrowed":{"a b=c":"own"}}`, `{"title":"x","steps":[[[]]],"starts":null,"related":[null]}`, `{"title":{"original":"x"}}`,
			`{"title":"x","starts":{"local":1}}`, `{"id":{},"revision":"x"}`, strings.Repeat("[", 5000), `{"title":"` + strings.Repeat("é", 3000) + `"}`,
		}
		texts := []string{"", "x", "'", `"`, "%00", "%ff", "../..", "a%20b", "-1", "999999999999999999999", "*", "(", "%E2%80%AE", "AND", strings.Repeat("w+", 3000), "%F0%9F%92%A3"}
		random := rand.New(rand.NewPCG(7, 11))
		pick := func(list []string) string { return list[random.IntN(len(list))] }
		values := regexp.MustCompile(`\{\w+\}`)
		for _, r := range p.door.Routes() {
			var names []string
			for _, e := range p.api.endpoints() {
				if e.Method == r.Method && e.Path == r.Path {
					for _, x := range append(e.Params, langParam()) {
						names = append(names, x.Name)
					}
				}
			}
			for i := range 60 {
				path := values.ReplaceAllStringFunc(r.Path, func(string) string {
					if random.IntN(2) == 0 {
						return id
					}
					return strings.ReplaceAll(pick(texts[1:6]), "/", "%2F")
				})
				query := "?" + pick(names) + "=" + pick(texts) + "&" + pick(names) + "=" + pick(texts)
				if i%3 == 0 {
					query = "?" + pick(texts) + "=" + pick(texts)
				}
				if r.Method != "GET" && i%4 != 0 {
					query = ""
				}
				var body any
				if r.Method != "GET" {
					body = pick(bits)
				}
				who := pick([]string{"ken", "", "ken-reads", "first"})
				got := p.ask(who, r.Method, path+query, body, "If-Match", pick([]string{"*", "", `"x"`, `W/`, "\x00"}), "Idempotency-Key", pick([]string{"", "k", "\x01"}))
				if r.Method != "GET" && (who == "" && got.Code != 401 && got.Code != 307 && got.Code != 404 || who == "ken-reads" && got.Code < 300) {
					t.Errorf("%s %s by %q with %q: %d", r.Method, path+query, who, body, got.Code)
				}
				if got.Code >= 400 && got.Header().Get("Content-Type") != "application/problem+json" {
					t.Errorf("%s %s: %d as %s", r.Method, path+query, got.Code, got.Header().Get("Content-Type"))
				}
			}
		}
	})
}

func TestDescribe(t *testing.T) {
	a := open(t, dbtest.SQLite(t)).api
	a.Describe("GET", "/api/v1/talks/{id}/matches", Doc{Summary: "What fits", Answer: Schema{"type": "object"}})
	b, err := json.Marshal(a.document())
	if err != nil {
		t.Fatal(err)
	}
	var doc object
	if err := json.Unmarshal(b, &doc); err != nil {
		t.Fatal(err)
	}
	if got := at(doc, "paths", "/api/v1/talks/{id}/matches", "get", "summary"); got != "What fits" {
		t.Errorf("summary = %v", got)
	}
	if err := (&door.Door{}).Add(a.Routes()...); err != nil {
		t.Error(err)
	}
}
