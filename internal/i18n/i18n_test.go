package i18n

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

func TestNegotiate(t *testing.T) {
	tests := []struct {
		header string
		want   Lang
	}{
		{"", English}, {"fr-CA,fr;q=0.9,en;q=0.5", French}, {"pt-BR, es;q=0.3", Spanish}, {"zh-TW", Chinese},
		{"ar-EG", Arabic}, {"sw, ru;q=0.1", Russian}, {"xx", English}, {";;;,", English}, {strings.Repeat("a,", 4000), English},
	}
	for _, tt := range tests {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("Accept-Language", tt.header)
		if got := Negotiate(r); got != tt.want {
			t.Errorf("Negotiate(%.30q) = %s, want %s", tt.header, got, tt.want)
		}
	}
}

func TestTextFallsBackInAFixedOrder(t *testing.T) {
	both := NewText(Russian, "р")
	both.Set(English, "e")
	tests := []struct {
		name string
		text Text
		ask  Lang
		want string
		in   Lang
	}{
		{"asked for", both, English, "e", English},
		{"the original before English", both, Arabic, "р", Russian},
		{"English before others", Text{By: [6]string{"", "中", "e"}}, French, "e", English},
		{"the first there is", Text{By: [6]string{"", "中", "", "", "", "s"}}, French, "中", Chinese},
		{"nothing", Text{}, French, "", French},
	}
	for _, tt := range tests {
		if s, l := tt.text.In(tt.ask); s != tt.want || l != tt.in {
			t.Errorf("%s: %q in %s, want %q in %s", tt.name, s, l, tt.want, tt.in)
		}
	}
}

func TestTextJSON(t *testing.T) {
	in := NewText(French, "<b>À propos</b>")
	in.Set(Arabic, "نص")
	in.Machine = []Lang{Arabic}
	b, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	var out Text
	if err := json.Unmarshal(b, &out); err != nil || out.By != in.By || out.Original != French || !out.IsMachine(Arabic) {
		t.Errorf("%s came back as %+v, %v", b, out, err)
	}
	for _, bad := range []string{`{"de":"x"}`, `{"en":1}`, `{"original":"fr"}`, `[]`, `7`} {
		if err := json.Unmarshal([]byte(bad), new(Text)); err == nil {
			t.Errorf("%s was taken", bad)
		}
	}
}

func TestCleanString(t *testing.T) {
	tests := map[string]string{
		" a\r\nb ": "a\nb", "a\x00b\x1bc": "abc", "x\u202egnp\u2066.exe": "xgnp.exe", "\ufeffcsv": "csv", "a\xffb": "a\uFFFDb",
	}
	for in, want := range tests {
		if got := CleanString(in); got != want {
			t.Errorf("CleanString(%q) = %q, want %q", in, got, want)
		}
	}
}

func catalogOf(t *testing.T, files map[string]string) *Catalog {
	t.Helper()
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name+".json"] = &fstest.MapFile{Data: []byte(text)}
	}
	c, err := LoadCatalog(fsys)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestCatalog(t *testing.T) {
	c := catalogOf(t, map[string]string{
		"en": `{"n":{"one":"{0} need","other":"{0} needs"},"hi":"Hello {0}, {1}","odd":"{x} {0} {9}"}`,
		"ru": `{"n":{"one":"{0} потребность","few":"{0} потребности","many":"{0} потребностей","other":"{0} потребности"},"hi":"{1}: {0}"}`,
		"ar": `{"n":{"zero":"لا","one":"واحد","two":"اثنان","few":"{0} قليل","many":"{0} كثير","other":"{0} آخر"},"hi":"{0}{1}"}`,
	})
	tests := []struct {
		lang Lang
		key  string
		args []any
		want string
	}{
		{English, "n", []any{1}, "1 need"}, {English, "n", []any{12345}, "12,345 needs"},
		{Russian, "n", []any{21}, "21 потребность"}, {Russian, "n", []any{3}, "3 потребности"}, {Russian, "n", []any{11}, "11 потребностей"},
		{Arabic, "n", []any{0}, "لا"}, {Arabic, "n", []any{2}, "اثنان"}, {Arabic, "n", []any{5}, "5 قليل"}, {Arabic, "n", []any{11}, "11 كثير"},
		{English, "hi", []any{"{1}", "b"}, "Hello {1}, b"}, {Russian, "hi", []any{"a", "b"}, "b: a"},
		{English, "odd", []any{"a"}, "{x} a {9}"}, {French, "n", []any{2}, "2 needs"}, {English, "none", nil, "none"},
	}
	for _, tt := range tests {
		if got := c.T(tt.lang, tt.key, tt.args...); got != tt.want {
			t.Errorf("T(%s, %s, %v) = %q, want %q", tt.lang, tt.key, tt.args, got, tt.want)
		}
	}
}

func TestFlaws(t *testing.T) {
	c := catalogOf(t, map[string]string{
		"en": `{"a":"{0}","b":"x","n":{"one":"1","other":"{0}"}}`,
		"ru": `{"a":"нет","n":{"one":"1","other":"{0}"},"extra":"y"}`,
		"ar": `{"a":"{0}","b":"x","n":{"zero":"0","one":"1","two":"2","few":"f","many":"m","other":"{0}"}}`,
		"zh": `{"a":"{0}","b":"x","n":{"other":"{0}"}}`,
		"fr": `{"a":"{0}","b":"x","n":{"one":"1","other":"{0}"}}`,
		"es": `{"a":"{0}","b":"x","n":"{0}"}`,
	})
	got := map[string]bool{}
	for _, f := range c.Flaws() {
		got[string(f.Lang)+" "+f.Key+" "+f.What] = true
	}
	for _, want := range []string{
		"ru a has other placeholders than English", "ru b is missing", "ru extra is not in English",
		"ru n lacks the plural form few", "ru n lacks the plural form many", "es n has plural forms in one language only",
	} {
		if !got[want] {
			t.Errorf("not found: %s", want)
		}
		delete(got, want)
	}
	if len(got) > 0 {
		t.Errorf("found too much: %v", got)
	}
}

func TestFormats(t *testing.T) {
	day := time.Date(2026, 2, 1, 15, 4, 0, 0, time.UTC)
	tests := []struct{ got, want string }{
		{Date(English, day), "1 February 2026"}, {Date(French, day), "1er février 2026"}, {Date(Russian, day), "1 февраля 2026 года"},
		{Date(Spanish, day), "1 de febrero de 2026"}, {Date(Chinese, day), "2026年2月1日"}, {Date(Arabic, day), "1 شباط/فبراير 2026"},
		{Month(Russian, day), "февраль 2026 года"}, {Month(English, day), "February 2026"}, {DateTime(English, day), "1 February 2026, 15:04 (UTC)"},
		{Number(English, 999), "999"}, {Number(English, -1234567), "-1,234,567"}, {Number(French, 1234), "1\u202f234"},
		{Number(Spanish, 1234), "1234"}, {Number(Spanish, 12345), "12\u00a0345"}, {Number(Russian, 1000), "1\u00a0000"},
		{List(Arabic, []string{"أ", "ب"}), "أ، ب"}, {List(Chinese, []string{"一", "二"}), "一、二"},
	}
	for _, tt := range tests {
		if tt.got != tt.want {
			t.Errorf("got %q, want %q", tt.got, tt.want)
		}
	}
}
