package api

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func TestList(t *testing.T) {
	each(t, func(p *portal) {
		var made []string
		for i := range 7 {
			more := object{"audience": "public", "day": fmt.Sprintf("2026-0%d-01", 9-i)}
			if i%2 == 0 {
				more["topics"], more["priority"] = []string{"risk-management"}, "high"
			}
			made = append(made, p.make("ken", fmt.Sprintf("Talk %d", i), more))
		}
		p.make("est", "For States", nil)
		newest := slices.Clone(made)
		slices.Reverse(newest)

		all := p.want(p.ask("", "GET", "/api/v1/talks", nil), 200)
		if all.ids() != strings.Join(newest, " ") || all.json["total"] != 7.0 || all.json["next"] != nil {
			t.Errorf("list: %s", all.Body)
		}
		for facet, want := range map[string]any{"high": 4.0, "risk-management": 4.0, "policy-strategy": 7.0, "KEN": 7.0, "EST": nil, "published": 7.0, "public": 7.0} {
			name := map[string]string{"high": "priority", "KEN": "owner", "EST": "owner", "published": "state", "public": "audience"}[facet]
			if name == "" {
				name = "topics"
			}
			if got := all.count(name, facet); got != want {
				t.Errorf("facet %s %s = %v, want %v", name, facet, got, want)
			}
		}
		if r := p.ask("ken", "GET", "/api/v1/talks", nil); r.json["total"] != 8.0 || r.count("owner", "EST") != 1.0 {
			t.Errorf("a State lists %s", r.Body)
		}
		if r := p.ask("", "GET", "/api/v1/talks?priority=high&topics=risk-management&topics=national-strategy&sort=date", nil); r.ids() != made[0]+" "+made[2]+" "+made[4]+" "+made[6] {
			t.Errorf("filtered: %s", r.Body)
		}
		if r := p.ask("", "GET", "/api/v1/talks?sort=created&dir=asc", nil); r.ids() != strings.Join(made, " ") {
			t.Errorf("oldest first: %s", r.Body)
		}

		var paged []string
		next := ""
		for range 5 {
			r := p.want(p.ask("", "GET", "/api/v1/talks?limit=3&cursor="+next, nil), 200)
			if r.json["total"] != 7.0 {
				t.Errorf("total on a page: %v", r.json["total"])
			}
			paged = append(paged, strings.Fields(r.ids())...)
			if next, _ = r.json["next"].(string); next == "" {
				break
			}
		}
		if !slices.Equal(paged, newest) {
			t.Errorf("page by page: %v, want %v", paged, newest)
		}

		few := p.want(p.ask("", "GET", "/api/v1/talks?limit=1&fields=id,title&fields=state", nil), 200)
		if got := few.json["items"].([]any)[0]; !reflect.DeepEqual(got, object{"id": made[6], "title": words("Talk 6"), "state": "published"}) {
			t.Errorf("fields: %v", got)
		}
		p.want(p.ask("", "GET", "/api/v1/talks?limit=1000", nil), 200)
		if r := p.ask("", "GET", "/api/v1/talks?state=draft", nil); r.json["total"] != 0.0 {
			t.Errorf("drafts of others: %s", r.Body)
		}
		if r := p.ask("", "GET", "/api/v1/talks", nil, "If-None-Match", all.Header().Get("ETag")); r.Code != 304 {
			t.Errorf("the same list again: %d", r.Code)
		}

		for param, field := range map[string]string{
			"topic=x": "topic", "limit=0": "limit", "limit=x": "limit", "sort=best": "sort", "dir=up": "dir", "lang=de": "lang",
			"fields=id,secret": "fields", "q=a&q=b": "q", "q=%ff": "q", "priority=a%00": "priority", "%ff=1": "\ufffd",
			"owner=x" + strings.Repeat("&owner=x", 50): "owner",
		} {
			r := p.want(p.ask("", "GET", "/api/v1/talks?"+param, nil), 400)
			if e, _ := r.json["errors"].([]any); len(e) != 1 || e[0].(object)["field"] != field {
				t.Errorf("%s: %s", param, r.Body)
			}
		}
		p.want(p.ask("", "GET", "/api/v1/talks?q=%zz", nil), 400)
		p.want(p.ask("", "GET", "/api/v1/talks?cursor=nonsense", nil), 400)
	})
}

func TestSearch(t *testing.T) {
	each(t, func(p *portal) {
		norms := p.make("ken", "Norms of behaviour", object{"audience": "public", "title": object{"en": "Norms of behaviour", "fr": "Normes de comportement"}, "summary": words("How <b>States</b> keep the norms")})
		p.make("ken", "Something else", object{"audience": "public"})
		hidden := p.make("ken", "Norms for one", object{"audience": "own"})
		r := p.want(p.ask("", "GET", "/api/v1/search?q=norms", nil), 200)
		if r.ids() != norms || r.json["total"] != 1.0 || r.count("kind", "talk") != 1.0 || strings.Contains(r.Body.String(), hidden) {
			t.Fatalf("search: %s", r.Body)
		}
		want := object{
			"kind": "talk", "id": norms, "owner": "KEN", "title": "Norms of behaviour", "lang": "en", "url": "https://portal.example/en/talks/" + norms,
			"highlights": []any{
				object{"field": "title", "lang": "en", "spans": []any{object{"text": "Norms", "hit": true}, object{"text": " of behaviour", "hit": false}}},
				object{"field": "summary", "lang": "en", "spans": []any{object{"text": "How <b>States</b> keep the ", "hit": false}, object{"text": "norms", "hit": true}}},
			},
		}
		if got := r.json["items"].([]any)[0]; !reflect.DeepEqual(got, want) {
			t.Errorf("item = %v\nwant   %v", got, want)
		}
		r = p.want(p.ask("", "GET", "/api/v1/search?q=comportements&lang=fr&kind=talk&owner=KEN&limit=5", nil), 200)
		if r.ids() != norms || !strings.Contains(r.Body.String(), "/fr/talks/") || !strings.Contains(r.Body.String(), `"title":"Normes de comportement"`) {
			t.Errorf("in French: %s", r.Body)
		}
		p.wantField(p.ask("", "GET", "/api/v1/search", nil), 400, "q", "required")
		p.wantField(p.ask("", "GET", "/api/v1/search?q=x&kind=secret", nil), 400, "kind", "one-of")
		p.want(p.ask("", "GET", "/api/v1/search?q=%21%21", nil), 200)
	})
}

func TestReference(t *testing.T) {
	each(t, func(p *portal) {
		list := p.want(p.ask("", "GET", "/api/v1/vocabularies", nil), 200)
		if len(list.json["items"].([]any)) < 20 {
			t.Errorf("vocabularies: %s", list.Body)
		}
		v := p.want(p.ask("", "GET", "/api/v1/vocabularies/priority", nil), 200)
		if term := v.json["terms"].([]any)[0].(object); term["code"] != "critical" || term["label"].(object)["ar"] == nil || term["words"] != nil {
			t.Errorf("a term: %v", term)
		}
		p.want(p.ask("", "GET", "/api/v1/vocabularies/nonsense", nil), 404)
		parties := p.want(p.ask("", "GET", "/api/v1/parties?lang=fr", nil), 200)
		if n := len(parties.json["items"].([]any)); n < 200 {
			t.Errorf("%d parties", n)
		}
		states := p.want(p.ask("", "GET", "/api/v1/parties?kind=state&lang=fr", nil), 200)
		if first := states.json["items"].([]any)[0].(object); first["code"] != "AFG" || first["names"].(object)["ru"] == nil || len(first["groups"].([]any)) == 0 {
			t.Errorf("the first State: %v", first)
		}
		p.wantField(p.ask("", "GET", "/api/v1/parties?kind=planet", nil), 400, "kind", "one-of")

		p.want(p.ask("", "GET", "/api/v1/me", nil), 401)
		me := p.want(p.ask("ken-reads", "GET", "/api/v1/me", nil), 200)
		if me.json["party"] != "KEN" || !reflect.DeepEqual(me.json["roles"], []any{"focal-point"}) || !reflect.DeepEqual(me.json["scopes"], []any{"read"}) {
			t.Errorf("me: %s", me.Body)
		}
		bad := p.ask("", "GET", "/api/v1/me", nil, "Authorization", "Bearer concord_nonsense")
		if bad.Code != 401 || !strings.Contains(bad.Header().Get("WWW-Authenticate"), "invalid_token") {
			t.Errorf("a wrong token: %d %v", bad.Code, bad.Header())
		}
		p.want(p.ask("", "GET", "/api/v1/me", nil, "Authorization", "Basic a2VuOmtlbg=="), 401)
	})
}

func TestProblemInFrench(t *testing.T) {
	each(t, func(p *portal) {
		r := p.ask("ken", "POST", "/api/v1/talks", object{}, "Accept-Language", "fr-CH, en;q=0.5")
		want := object{
			"type": "/api/openapi.json#/components/responses/invalid", "title": "Des champs sont à revoir", "status": 422.0,
			"detail": "Some fields need another look.", "instance": "/api/v1/talks", "code": "invalid",
			"errors": []any{object{"field": "title", "code": "required", "detail": "Ce champ est nécessaire."}},
		}
		if !reflect.DeepEqual(r.json, want) || r.Header().Get("Content-Language") != "fr" || r.Header().Get("Content-Type") != "application/problem+json" {
			t.Errorf("got %v %v\nwant %v", r.Header(), r.json, want)
		}
		if r := p.ask("", "GET", "/api/v1/nothing?lang=fr", nil, "Accept-Language", "ru"); r.Code != 404 || r.json["title"] != "Introuvable" {
			t.Errorf("the parameter does not choose: %s", r.Body)
		}
	})
}

func TestLimit(t *testing.T) {
	each(t, func(p *portal) {
		p.api.Limit = 2
		for i, status := range []int{201, 201, 429} {
			if r := p.ask("ken", "POST", "/api/v1/talks", object{"title": "x"}); r.Code != status || status == 429 && r.Header().Get("Retry-After") == "" {
				t.Errorf("change %d: got %d, want %d", i, r.Code, status)
			}
		}
		p.want(p.ask("est", "POST", "/api/v1/talks", object{"title": "x"}), 201)
		p.want(p.ask("ken", "GET", "/api/v1/talks", nil), 200)
	})
}
