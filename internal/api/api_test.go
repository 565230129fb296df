package api

import (
	"net/http"
	"reflect"
	"strings"
	"testing"

	"concord/internal/ids"
)

// full is a talk with every field.
func full(other string) object {
	return object{
		"title": object{"en": " Norms\u202e in practice ", "fr": "Les normes en pratique", "original": "fr"}, "summary": words("Eleven norms, one by one"),
		"speaker": "Amina", "topics": []string{"national-strategy", "risk-management", "national-strategy"}, "priority": "high",
		"day": "2026-12", "starts": object{"local": "2026-12-07T10:00", "zone": "Africa/Nairobi"}, "seats": 40, "online": true,
		"link": "https://example.org/talk", "contact": "talks@example.org", "budget": "canary-budget", "host": "KEN",
		"guests": []string{"@sids", "EST"}, "before": other, "related": []string{other},
		"steps": []object{{"name": words("Register"), "due": "2026-11-30"}, {"name": words("Come")}},
	}
}

func TestCreateAndRead(t *testing.T) {
	each(t, func(p *portal) {
		other := p.make("ken", "The one before", object{"audience": "public"})
		sent := full(other)
		sent["audience"], sent["narrowed"], sent["state"] = "public", object{"contact": "own"}, "published"
		sent["kind"], sent["owner"] = "talk", "KEN"
		made := p.want(p.ask("ken", "POST", "/api/v1/talks", sent), 201)
		id := made.json["id"].(string)
		if got, want := made.Header().Get("Location"), "/api/v1/talks/"+id; got != want {
			t.Errorf("Location = %q, want %q", got, want)
		}
		read := p.want(p.ask("ken", "GET", "/api/v1/talks/"+id, nil), 200)
		if read.Header().Get("ETag") == "" || read.Header().Get("ETag") != made.Header().Get("ETag") || !reflect.DeepEqual(read.json, made.json) {
			t.Errorf("read %s %s, made %s %s", read.Header().Get("ETag"), read.Body, made.Header().Get("ETag"), made.Body)
		}
		for name, want := range map[string]any{
			"kind": "talk", "owner": "KEN", "audience": "public", "state": "published", "groups": []any{},
			"title":  object{"en": "Norms in practice", "fr": "Les normes en pratique", "original": "fr"},
			"topics": []any{"national-strategy", "risk-management"}, "seats": 40.0, "narrowed": object{"contact": "own"},
			"starts": object{"local": "2026-12-07T10:00", "zone": "Africa/Nairobi"}, "related": []any{other}, "contact": "talks@example.org",
		} {
			if !reflect.DeepEqual(read.json[name], want) {
				t.Errorf("%s = %v, want %v", name, read.json[name], want)
			}
		}
		public := p.want(p.ask("", "GET", "/api/v1/talks/"+id, nil), 200)
		if strings.Contains(public.Body.String(), "talks@") || strings.Contains(public.Body.String(), "canary") || public.json["narrowed"] != nil {
			t.Errorf("the public reads %s", public.Body)
		}
		if state := p.ask("est", "GET", "/api/v1/talks/"+id, nil); state.json["budget"] != "canary-budget" || state.json["contact"] != nil {
			t.Errorf("a State reads %s", state.Body)
		}
		if public.Header().Get("ETag") == read.Header().Get("ETag") {
			t.Error("two representations have one tag")
		}
		again := p.ask("", "GET", "/api/v1/talks/"+id, nil, "If-None-Match", public.Header().Get("ETag"))
		if p.want(again, 304).Body.Len() != 0 {
			t.Errorf("304 with a body: %s", again.Body)
		}
		p.want(p.ask("", "GET", "/api/v1/secrets", nil), 404)
	})
}

func TestCreateStates(t *testing.T) {
	each(t, func(p *portal) {
		for _, x := range []struct {
			who, state string
			status     int
		}{
			{"ken", "", 201}, {"ken", "published", 201}, {"ken-editor", "awaiting", 201}, {"ken-editor", "draft", 201},
			{"ken-editor", "published", 403}, {"ken-editor", "submitted", 422}, {"first", "submitted", 201},
			{"first", "published", 403}, {"ken-viewer", "", 403}, {"ken-reads", "", 403}, {"", "", 401}, {"ken", "archived", 422},
		} {
			b := object{"title": words(x.who + x.state), "topics": []string{"national-strategy"}}
			if x.state != "" {
				b["state"] = x.state
			}
			r := p.ask(x.who, "POST", "/api/v1/talks", b)
			want := x.state
			if want == "" {
				want = "draft"
			}
			if r.Code != x.status || r.Code == 201 && r.json["state"] != want {
				t.Errorf("%s to %q: %d %s", x.who, x.state, r.Code, r.Body)
			}
		}
		r := p.ask("", "POST", "/api/v1/talks", object{})
		if got := r.Header().Get("WWW-Authenticate"); got != `Bearer realm="concord"` {
			t.Errorf("WWW-Authenticate = %q", got)
		}
		if r := p.ask("ken", "GET", "/api/v1/talks?state=draft&state=awaiting", nil); r.json["total"] != 3.0 {
			t.Errorf("a refused record was made: %s", r.Body)
		}
		// A draft needs its title only; what is published needs all.
		p.want(p.ask("ken", "POST", "/api/v1/talks", object{"title": "Plain"}, "Content-Language", "fr-CH"), 201)
		p.wantField(p.ask("ken", "POST", "/api/v1/talks", object{"title": words("x"), "state": "published"}), 422, "topics", "required")
		p.wantField(p.ask("ken", "POST", "/api/v1/talks", object{"title": words("x"), "topics": []string{"national-strategy"}, "online": true, "state": "published"}), 422, "link", "required")
	})
}

func TestOnce(t *testing.T) {
	each(t, func(p *portal) {
		b := object{"title": words("Once"), "topics": []string{"national-strategy"}, "state": "published"}
		first := p.want(p.ask("ken", "POST", "/api/v1/talks", b, "Idempotency-Key", `"8e03978e"`), 201)
		second := p.want(p.ask("ken", "POST", "/api/v1/talks", b, "Idempotency-Key", "8e03978e"), 201)
		other := p.want(p.ask("est", "POST", "/api/v1/talks", b, "Idempotency-Key", "8e03978e"), 201)
		if first.json["id"] != second.json["id"] || first.Header().Get("ETag") != second.Header().Get("ETag") || first.json["id"] == other.json["id"] {
			t.Errorf("one key made %v, %v and, of another account, %v", first.json["id"], second.json["id"], other.json["id"])
		}
		p.want(p.ask("ken", "POST", "/api/v1/talks", b, "Idempotency-Key", strings.Repeat("x", 201)), 400)
	})
}

func TestInputIsChecked(t *testing.T) {
	each(t, func(p *portal) {
		for _, x := range []struct {
			field string
			value any
			code  string
		}{
			{"titel", "x", "unknown-field"}, {"Title", "x", "unknown-field"}, {"title", 3, "json-text"}, {"title.de", nil, ""},
			{"topics", "x", "json-list"}, {"topics", []string{"nonsense"}, "code"}, {"seats", "x", "number"}, {"seats", 1.5, "number"},
			{"seats", 501, "number-range"}, {"online", "yes", "json-flag"}, {"link", "javascript:alert(1)", "url"}, {"contact", "x", "email"},
			{"day", "2026-13-01", "date"}, {"host", "XYZ", "party"}, {"guests", []string{"@none"}, "party"}, {"before", ids.New(p.door.Now()), "ref"},
			{"starts", object{"local": "x", "zone": "y"}, "moment"}, {"starts", []int{1}, "json-object"}, {"steps", []any{3}, ""},
			{"audience", "sealed", "sealed-not-yet"}, {"audience", "all", "audience"}, {"audience", "group", ""}, {"narrowed", object{"title": "own"}, "narrowed"},
			{"id", "x", "read-only"}, {"owner", "EST", "read-only"}, {"kind", "secret", "read-only"}, {"partners", []string{"EST"}, "read-only"},
			{"revision", 7, "read-only"}, {"state", "rejected", "one-of"}, {"priority", []string{"high"}, "json-string"},
		} {
			b := object{"title": words("x"), "topics": []string{"national-strategy"}}
			field := x.field
			switch {
			case x.field == "title.de":
				b["title"], x.code = object{"en": "x", "de": "y"}, "unknown-field"
			case x.field == "steps":
				b["steps"], field, x.code = []any{object{"name": words("a")}, 3}, "steps.1", "json-object"
			case x.field == "audience" && x.value == "group":
				b["audience"], field, x.code = "group", "groups", "required"
			default:
				b[x.field] = x.value
			}
			p.wantField(p.ask("ken", "POST", "/api/v1/talks", b), 422, field, x.code)
		}
		p.wantField(p.ask("ken", "POST", "/api/v1/talks", object{"title": object{"en": "x", "original": "fr"}}), 422, "title.original", "original")
		p.wantField(p.ask("ken", "POST", "/api/v1/talks", object{"title": "x", "steps": []object{{"name": "a", "done": true}}}), 422, "steps.0.done", "unknown-field")

		for _, x := range []struct {
			name, body string
			status     int
			code       string
		}{
			{"nothing", "", 400, "json"}, {"no JSON", "{", 400, "json"}, {"two values", "{} {}", 400, "json"}, {"a list", "[]", 400, "json-object"},
			{"a name twice", `{"title":"a","title":"b"}`, 400, "json-twice"}, {"no UTF-8", "{\"title\":\"\xff\"}", 400, "encoding"},
			{"deep", strings.Repeat(`{"title":`, 10000) + "1" + strings.Repeat("}", 10000), 400, "json-depth"},
			{"large", `{"title":"` + strings.Repeat("x", 1<<20) + `"}`, 413, "body-too-large"},
		} {
			r := p.ask("ken", "POST", "/api/v1/talks", x.body)
			if r.Code != x.status || r.json["code"] != x.code {
				t.Errorf("%s: got %d %v, want %d %s", x.name, r.Code, r.json["code"], x.status, x.code)
			}
		}
		p.want(p.ask("ken", "POST", "/api/v1/talks", "a=b", "Content-Type", "application/x-www-form-urlencoded"), 415)
		p.want(p.ask("ken", "POST", "/api/v1/talks", "{}", "Content-Type", "application/json; charset=utf-16"), 415)
		made := p.want(p.ask("ken", "POST", "/api/v1/talks", `{"title":{"en":"nul \u0000 and \ud800"},"budget":null}`), 201)
		if got := made.json["title"].(object)["en"]; got != "nul  and \ufffd" {
			t.Errorf("title = %q", got)
		}
	})
}

func TestChange(t *testing.T) {
	each(t, func(p *portal) {
		other := p.make("ken", "The one before", nil)
		sent := full(other)
		sent["audience"], sent["state"] = "public", "published"
		made := p.want(p.ask("ken", "POST", "/api/v1/talks", sent), 201)
		at, tag := "/api/v1/talks/"+made.json["id"].(string), made.Header().Get("ETag")

		p.want(p.ask("ken", "PATCH", at, object{"seats": 41}), 428)
		patched := p.want(p.ask("ken", "PATCH", at, object{"seats": 41, "title": object{"es": "Las normas"}, "speaker": nil}, "If-Match", tag, "Content-Type", patchType), 200)
		title := patched.json["title"].(object)
		if patched.json["seats"] != 41.0 || patched.json["speaker"] != nil || title["es"] != "Las normas" || title["fr"] == nil || patched.json["revision"] != 3.0 {
			t.Errorf("patched: %s", patched.Body)
		}
		stale := p.want(p.ask("ken", "PATCH", at, object{"seats": 42}, "If-Match", tag), 412)
		if stale.json["code"] != "changed-meanwhile" || stale.Header().Get("Content-Type") != "application/problem+json" {
			t.Errorf("stale: %s", stale.Body)
		}
		p.want(p.ask("ken", "PUT", at, sent, "If-Match", tag), 412)
		p.want(p.ask("ken", "DELETE", at, nil, "If-Match", tag), 412)

		// What was read may be sent back as it is.
		tag = patched.Header().Get("ETag")
		same := p.want(p.ask("ken", "PUT", at, patched.json, "If-Match", "W/"+tag), 200)
		if same.json["seats"] != 41.0 || same.json["revision"] != 4.0 {
			t.Errorf("sent back: %s", same.Body)
		}
		tag = same.Header().Get("ETag")
		p.wantField(p.ask("ken", "PATCH", at, object{"owner": "EST"}, "If-Match", tag), 422, "owner", "read-only")
		p.wantField(p.ask("ken", "PATCH", at, object{"state": "draft"}, "If-Match", tag), 422, "state", "read-only")
		p.wantField(p.ask("ken", "PATCH", at, object{"nonsense": 1}, "If-Match", tag), 422, "nonsense", "unknown-field")
		p.wantField(p.ask("ken", "PATCH", at, object{"topics": nil}, "If-Match", tag), 422, "topics", "required")
		p.want(p.ask("ken", "PATCH", at, "[]", "If-Match", tag), 400)

		replaced := p.want(p.ask("ken", "PUT", at, object{"title": words("Anew"), "topics": []string{"risk-management"}}, "If-Match", `"x", *`), 200)
		if replaced.json["seats"] != nil || replaced.json["steps"] != nil || replaced.json["audience"] != "public" || replaced.json["budget"] != nil {
			t.Errorf("replaced: %s", replaced.Body)
		}
		for who, status := range map[string]int{"est": 403, "ken-viewer": 403, "ken-editor": 403, "ken-reads": 403, "": 401} {
			for _, method := range []string{"PUT", "PATCH", "DELETE"} {
				if r := p.ask(who, method, at, object{"title": "x"}, "If-Match", "*"); r.Code != status {
					t.Errorf("%s by %q: got %d, want %d", method, who, r.Code, status)
				}
			}
		}
	})
}

func TestAudience(t *testing.T) {
	each(t, func(p *portal) {
		id := p.make("ken", "For two", object{"audience": "group", "groups": []string{"WSM", "@baltic", "WSM"}[:1], "contact": "a@example.org", "narrowed": object{"contact": "own"}})
		at := "/api/v1/talks/" + id
		for who, status := range map[string]int{"ken": 200, "wsm": 200, "est": 404, "first": 404, "moderator": 404, "": 404} {
			r := p.ask(who, "GET", at, nil)
			if r.Code != status {
				t.Errorf("%q: got %d, want %d", who, r.Code, status)
			}
			if who == "wsm" && (r.json["contact"] != nil || len(r.json["groups"].([]any)) != 0) {
				t.Errorf("a reader learns %s", r.Body)
			}
		}
		changed := p.want(p.ask("ken", "PATCH", at, object{"groups": []string{"WSM", "EST"}, "narrowed": nil}, "If-Match", "*"), 200)
		if !reflect.DeepEqual(changed.json["groups"], []any{"EST", "WSM"}) || changed.json["narrowed"] != nil {
			t.Errorf("shared: %s", changed.Body)
		}
		if r := p.want(p.ask("est", "GET", at, nil), 200); r.json["contact"] != "a@example.org" {
			t.Errorf("a new reader reads %s", r.Body)
		}
		p.wantField(p.ask("ken", "PATCH", at, object{"groups": nil}, "If-Match", "*"), 422, "groups", "required")
		p.want(p.ask("ken", "PATCH", at, object{"audience": "own"}, "If-Match", "*"), 200)
		p.want(p.ask("est", "GET", at, nil), 404)
	})
}

// What may not be seen answers exactly as what is not there.
func TestHidden(t *testing.T) {
	each(t, func(p *portal) {
		hidden := p.make("ken", "Hidden canary", object{"audience": "own"})
		absent := ids.New(p.door.Now())
		for _, who := range []string{"", "est", "moderator", "ken-reads", "first"} {
			for _, x := range []struct {
				method, path string
				body         any
			}{
				{"GET", "", nil}, {"PUT", "", object{"title": "x"}}, {"PUT", "", "{"}, {"PATCH", "", object{}}, {"DELETE", "", nil},
				{"GET", "/revisions", nil}, {"POST", "/transitions", object{"to": "withdrawn"}},
			} {
				if who == "ken-reads" && x.method == "GET" {
					continue
				}
				a, b := p.ask(who, x.method, "/api/v1/talks/"+hidden+x.path, x.body), p.ask(who, x.method, "/api/v1/talks/"+absent+x.path, x.body)
				if got, want := strings.ReplaceAll(a.Body.String(), hidden, "ID"), strings.ReplaceAll(b.Body.String(), absent, "ID"); a.Code != b.Code || got != want || !sameHeader(a.Header(), b.Header()) {
					t.Errorf("%s %s by %q: hidden answers %d %s %v, absent %d %s %v", x.method, x.path, who, a.Code, got, a.Header(), b.Code, want, b.Header())
				}
			}
			if who == "ken-reads" {
				continue
			}
			for _, path := range []string{"/api/v1/talks", "/api/v1/talks?q=canary", "/api/v1/talks?owner=KEN&state=published", "/api/v1/search?q=canary"} {
				r := p.want(p.ask(who, "GET", path, nil), 200)
				if r.json["total"] != 0.0 || strings.Contains(r.Body.String(), "Hidden") || strings.Contains(r.Body.String(), "KEN") {
					t.Errorf("%s by %q: %s", path, who, r.Body)
				}
			}
		}
	})
}

func sameHeader(a, b http.Header) bool {
	a, b = a.Clone(), b.Clone()
	for _, h := range []http.Header{a, b} {
		h.Del("Content-Length")
	}
	return reflect.DeepEqual(a, b)
}

func TestTransitions(t *testing.T) {
	each(t, func(p *portal) {
		at := "/api/v1/talks/" + p.make("ken-editor", "A life", object{"state": "awaiting"})
		move := func(who, to, note string) reply {
			return p.ask(who, "POST", at+"/transitions", object{"to": to, "note": note})
		}
		steps := []struct {
			who, to, note string
			status        int
		}{
			{"ken-editor", "published", "", 403}, {"est", "published", "", 404}, {"ken", "draft", "", 422}, {"ken", "draft", "More, please", 200},
			{"ken", "submitted", "", 422}, {"ken-editor", "awaiting", "", 200}, {"ken", "published", "", 200}, {"est", "withdrawn", "", 403},
			{"ken", "published", "", 403}, {"ken", "archived", "", 200}, {"ken", "published", "", 200}, {"ken", "rejected", "", 403},
			{"ken", "withdrawn", "", 200}, {"est", "draft", "", 404}, {"ken", "draft", "", 200}, {"ken", "elsewhere", "", 422},
		}
		for _, x := range steps {
			if r := move(x.who, x.to, x.note); r.Code != x.status || r.Code == 200 && r.json["state"] != x.to {
				t.Fatalf("%s to %s: got %d %s, want %d", x.who, x.to, r.Code, r.Body, x.status)
			}
		}
		p.wantField(p.ask("ken", "POST", at+"/transitions", object{"to": "published", "why": "x"}), 422, "why", "unknown-field")
		p.want(p.ask("ken", "POST", at+"/transitions", object{"to": "published"}, "If-Match", `"old"`), 412)

		// Once rejected, a submission is out of the Secretariat's sight.
		at = "/api/v1/talks/" + p.make("first", "From a stakeholder", object{"state": "submitted"})
		if r := move("moderator", "rejected", "Off the subject"); r.Code != 204 || r.Body.Len() != 0 {
			t.Errorf("rejected: %d %s", r.Code, r.Body)
		}
		if r := p.want(p.ask("first", "GET", at, nil), 200); r.json["state"] != "rejected" {
			t.Errorf("after it: %s", r.Body)
		}
	})
}

func TestWithdrawAndRevisions(t *testing.T) {
	each(t, func(p *portal) {
		at := "/api/v1/talks/" + p.make("ken", "First words", object{"audience": "public"})
		p.want(p.ask("ken", "PATCH", at, object{"title": words("Second words")}, "If-Match", "*"), 200)
		own := p.want(p.ask("ken", "GET", at+"/revisions", nil), 200)
		if n := len(own.json["items"].([]any)); n != 3 {
			t.Errorf("the owner reads %d revisions: %s", n, own.Body)
		}
		public := p.want(p.ask("", "GET", at+"/revisions", nil), 200)
		items := public.json["items"].([]any)
		if n := len(items); n != 2 || items[0].(object)["fields"].(object)["title"].(object)["en"] != "Second words" || strings.Contains(public.Body.String(), "account") {
			t.Errorf("the public reads %s", public.Body)
		}
		gone := p.want(p.ask("ken", "DELETE", at, nil), 204)
		if gone.Body.Len() != 0 || gone.Header().Get("Content-Length") != "" {
			t.Errorf("204 with %v %s", gone.Header(), gone.Body)
		}
		p.want(p.ask("", "GET", at, nil), 404)
		p.want(p.ask("", "GET", at+"/revisions", nil), 404)
		if r := p.want(p.ask("ken", "GET", at, nil), 200); r.json["state"] != "withdrawn" {
			t.Errorf("withdrawn: %s", r.Body)
		}
		p.want(p.ask("ken", "PATCH", at, object{}, "If-Match", "*"), 403)
	})
}
