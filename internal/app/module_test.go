package app

import (
	"encoding/json"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"
)

// A module is one folder of under 200 lines and one line of wiring.
func TestModuleIsShort(t *testing.T) {
	b, err := os.ReadFile("testmodule_test.go")
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(b), "\n"); n >= 200 {
		t.Errorf("four kinds take %d lines", n)
	} else {
		t.Logf("four kinds in %d lines", n)
	}
}

// entries are a record of each kind of the module as a form posts it, and a
// word by which it is found.
func entries() map[string]url.Values {
	return map[string]url.Values{
		"lesson": {"title.en": {"Capybara lesson"}, "topics": {"policy-strategy"}, "lesson.en": {"Start early"}},
		"document": {
			"title.en": {"Capybara report"}, "title.fr": {"Rapport"}, "symbol": {"A/80/1"}, "issued.year": {"2026"}, "issued.month": {"7"},
			"files.0.language": {"en"}, "files.0.version": {"1"}, "files.0.url": {"https://example.org/en.pdf"},
			"files.1.language": {"fr"}, "files.1.version": {"2"}, "files.1.url": {"https://example.org/fr.pdf"},
		},
		"event": {
			"title.en": {"Capybara meeting"}, "starts.local": {"2027-03-14T10:00"}, "starts.zone": {"America/New_York"},
			"ends.local": {"2027-03-14T12:00"}, "ends.zone": {"America/New_York"}, "repeat": {"FREQ=WEEKLY;COUNT=4"}, "host": {"UNODA"},
		},
		"contact": {"name.en": {"Capybara Smith"}, "work": {"Duty officer"}, "phone": {"+685 12345"}, "mail": {"duty@example.org"}, "_narrow.phone": {"own"}},
	}
}

// Every kind that a module declares has its list, form, page, history, CSV,
// API, description, feed and search, with no code of its own.
func TestModuleHasEverything(t *testing.T) {
	onBoth(t, func(t *testing.T, dsn string) {
		h := openHouse(t, dsn)
		for kind, form := range entries() {
			plural := kind + "s"
			audience := "public"
			if kind == "contact" {
				audience = "states"
			}
			h.page(t, "wsm-focal", "/en/"+plural, "Capybara", false)
			blank := h.page(t, "wsm-focal", "/en/"+plural+"/new", `action="/en/`+plural+`/new"`, true)
			if raw := regexp.MustCompile(`>(field|kind|section|count|lead|new|empty|form)\.[a-z_.]+<`).FindString(blank); raw != "" {
				t.Errorf("the form of a %s shows the key %s", kind, raw)
			}
			form.Set("audience", audience)
			form.Set("_then", "publish")
			w := h.ask("wsm-focal", "POST", "/en/"+plural+"/new", form.Encode())
			if w.Code != 303 {
				t.Fatalf("make a %s: %d %s", kind, w.Code, visible(w.Body.String()))
			}
			path, _, _ := strings.Cut(w.Header().Get("Location"), "?")
			id := path[strings.LastIndexByte(path, '/')+1:]

			for _, lang := range []string{"en", "ar", "zh"} {
				h.page(t, "ken-focal", "/"+lang+"/"+plural, "Capybara", true)
				h.page(t, "ken-focal", "/"+lang+"/"+plural+"/"+id, "Capybara", true)
			}
			h.page(t, "ken-focal", "/en/"+plural+"/"+id+"/history", "Capybara", true)
			h.page(t, "wsm-focal", "/en/"+plural+"/"+id+"/edit", "Capybara", true)
			h.page(t, "wsm-focal", "/en/"+plural+"/"+id+"/move?to=withdraw", "Capybara", true)
			h.page(t, "wsm-focal", "/en/"+plural+"/"+id+"/move?to=withdraw", "Capybara", true)
			h.page(t, "ken-focal", "/en/search?q=capybara", "/"+plural+"/"+id, true)
			h.page(t, "ken-focal", "/en/"+plural+"?format=csv", "Capybara", true)
			h.page(t, "ken-focal", "/api/v1/"+plural+"?q=capybara", id, true)
			h.page(t, "ken-focal", "/api/v1/"+plural+"/"+id, "Capybara", true)
			h.page(t, "ken-focal", "/api/v1/"+plural+"/"+id+"/revisions", "Capybara", true)
			h.page(t, "ken-focal", "/api/v1/search?q=capybara&kind="+kind, id, true)
			public := audience == "public"
			h.page(t, "public", "/feeds/"+plural+".atom", "Capybara", public)
			h.page(t, "public", "/api/v1/search?q=capybara", id, public)
			h.described(t, kind)
		}
		contacts := h.page(t, "ken-focal", "/api/v1/contacts", "duty@example.org", true)
		if strings.Contains(contacts, "12345") {
			t.Error("a telephone that is kept for its owner is shown")
		}
	})
}

// page gets an address, which must be there, and looks for text in it.
func (h *house) page(t *testing.T, who, target, text string, want bool) string {
	t.Helper()
	w := h.ask(who, "GET", target, "")
	if w.Code != 200 {
		t.Errorf("%s: %s: %d", who, target, w.Code)
	} else if got := strings.Contains(w.Body.String(), text); got != want {
		t.Errorf("%s: %s: shows %q: %v, want %v", who, target, text, got, want)
	}
	return w.Body.String()
}

// described fails unless the description of the API has the kind with all its
// addresses and a schema.
func (h *house) described(t *testing.T, kind string) {
	t.Helper()
	var doc struct {
		Paths      map[string]map[string]any
		Components struct{ Schemas map[string]any }
	}
	h.must(json.Unmarshal(h.ask("public", "GET", "/api/openapi.json", "").Body.Bytes(), &doc))
	base := "/api/v1/" + kind + "s"
	for _, path := range []string{base, base + "/{id}", base + "/{id}/revisions", base + "/{id}/transitions"} {
		if doc.Paths[path] == nil {
			t.Errorf("the description lacks %s", path)
		}
	}
	if doc.Components.Schemas[strings.ToUpper(kind[:1])+kind[1:]] == nil {
		t.Errorf("the description lacks the schema of a %s", kind)
	}
}

// visible is the words of a page.
func visible(html string) string {
	return strings.Join(strings.Fields(regexp.MustCompile(`(?s)<style.*?</style>|<[^>]*>`).ReplaceAllString(html, " ")), " ")
}
