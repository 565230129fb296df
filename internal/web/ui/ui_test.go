package ui_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"concord/internal/i18n"
	"concord/internal/web/ui"
)

func render(t *testing.T, c templ.Component) string {
	t.Helper()
	var b bytes.Buffer
	if err := c.Render(t.Context(), &b); err != nil {
		t.Fatalf("%T: Render: %v", c, err)
	}
	return b.String()
}

func page(lang i18n.Lang) ui.Frame {
	return ui.Frame{
		Lang: lang, T: func(key string) string { return key }, Title: "Needs", Style: "/static/" + ui.StyleName(), Path: "/needs?topic=law",
		Body: ui.Join(ui.ListHead{Title: "Needs"}, ui.Results{Items: []ui.Result{{Title: ui.Phrase{Text: "Besoin", Lang: i18n.French}, Href: "/x"}}}),
	}
}

func TestFrame(t *testing.T) {
	html := render(t, page(i18n.English))
	for _, tt := range []struct{ name, tag string }{{"h1", "<h1"}, {"main", "<main"}, {"search", `role="search"`}, {"skip link", `class="skip"`}} {
		if n := strings.Count(html, tt.tag); n != 1 {
			t.Errorf("page has %d %s, want 1", n, tt.name)
		}
	}
	const bar = `<ul>` +
		`<li><a href="/ar/needs?topic=law" lang="ar" hreflang="ar">عربي</a></li>` +
		`<li><a href="/zh/needs?topic=law" lang="zh-Hans" hreflang="zh-Hans">中文</a></li>` +
		`<li><a href="/en/needs?topic=law" lang="en" hreflang="en" aria-current="true">English</a></li>` +
		`<li><a href="/fr/needs?topic=law" lang="fr" hreflang="fr">Français</a></li>` +
		`<li><a href="/ru/needs?topic=law" lang="ru" hreflang="ru">Русский</a></li>` +
		`<li><a href="/es/needs?topic=law" lang="es" hreflang="es">Español</a></li></ul>`
	if got := regexp.MustCompile(`>\s+<`).ReplaceAllString(html, "><"); !strings.Contains(got, bar) {
		t.Errorf("language bar is not as the UN has it, got\n%s", got)
	}
	if !strings.Contains(html, `<bdi lang="fr" dir="ltr">Besoin</bdi>`) {
		t.Error("title in French is not marked as French")
	}
	if html := render(t, page(i18n.Arabic)); !strings.Contains(html, `<html lang="ar" dir="rtl">`) {
		t.Error("Arabic page does not say that it is Arabic and reads from the right")
	}
	wrong := page(i18n.English)
	wrong.Errors = &ui.Errors{Heading: "There is a problem"}
	html = render(t, wrong)
	if !strings.Contains(html, "<title>chrome.error_prefix Needs") {
		t.Error("title of a page with errors does not begin with the word for error")
	}
	if strings.Index(html, `role="alert"`) > strings.Index(html, "<h1") {
		t.Error("the error summary stands below the heading")
	}
}

// components is every component of the package, once.
var components = []templ.Component{
	ui.Actions{}, ui.Applied{}, ui.Ask{}, ui.AudienceBand{}, ui.AudienceMark{}, ui.AudienceQuestion{}, ui.Button{}, ui.CheckGroups{},
	ui.Checklist{}, ui.Checks{}, ui.Columns{ui.Words("")}, ui.Compare{}, ui.Confirmed{}, ui.DateInput{}, ui.Document{}, ui.Downloads{}, ui.Empty{}, ui.ErrorPage{}, ui.Errors{},
	ui.Excluded{}, ui.Facts{}, ui.FileInput{}, ui.Filter{}, ui.Form{}, ui.FormPart{}, ui.Frame{}, ui.Funnel{}, ui.Gap{}, ui.Heat{}, ui.History{}, ui.HowTo{},
	ui.Link{}, ui.ListHead{}, ui.Match{}, ui.MultiText{}, ui.Notice{}, ui.Overlap{}, ui.Pager{}, ui.Panel{}, ui.PartyPicker{}, ui.Phrase{},
	ui.Prose{}, ui.Radios{}, ui.Readers{}, ui.RecordHead{}, ui.Results{}, ui.Rows{}, ui.Section{}, ui.Select{}, ui.SignIn{}, ui.Sort{},
	ui.Source(""), ui.Split{}, ui.StateMark{}, ui.Stats{}, ui.Steps{}, ui.Table{}, ui.Tabs{}, ui.Tags{}, ui.Tasks{}, ui.TextArea{}, ui.TextInput{}, ui.Title{},
}

// evil is what no component may let through as it is, in text or attribute.
const evil = `javascript:x"'><script>alert(1)</script>` + "\u202e"

// fill puts evil into every string of v, and two items into every list.
func fill(v reflect.Value, depth int) {
	switch v.Kind() {
	case reflect.String:
		switch v.Type() {
		case reflect.TypeFor[i18n.Lang]():
			v.SetString("fr")
		default:
			v.SetString(evil)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Field(i); f.CanSet() {
				fill(f, depth+1)
			}
		}
	case reflect.Slice:
		if depth > 12 {
			return
		}
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range 2 {
			fill(v.Index(i), depth+1)
		}
	case reflect.Pointer:
		if depth > 12 {
			return
		}
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), depth+1)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Func:
		v.Set(reflect.ValueOf(func(string) string { return evil }))
	}
}

func TestEscaping(t *testing.T) {
	inline := regexp.MustCompile(`<[a-z][^>]*\s(style|on[a-z]+)=`)
	active := regexp.MustCompile(`(?i)(href|action|src)="\s*javascript:`)
	for _, c := range components {
		v := reflect.New(reflect.TypeOf(c)).Elem()
		fill(v, 0)
		html := render(t, v.Interface().(templ.Component))
		if strings.Contains(html, "<script") || strings.Contains(html, `"'>`) {
			t.Errorf("%T lets markup through", c)
		}
		if m := active.FindString(html); m != "" {
			t.Errorf("%T lets an active address through: %s", c, m)
		}
		if m := inline.FindString(html); m != "" {
			t.Errorf("%T has inline style or script: %s", c, m)
		}
	}
}

// TestZero renders every component with nothing in it: none may panic.
func TestZero(t *testing.T) {
	for _, c := range components {
		if f, ok := c.(ui.Frame); ok {
			f.T = func(k string) string { return k }
			c = f
		}
		render(t, c)
	}
}

func TestKeys(t *testing.T) {
	listed, err := os.ReadFile("keys.md")
	if err != nil {
		t.Fatal(err)
	}
	files, _ := filepath.Glob("*.templ")
	for _, name := range files {
		src, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`\.T\("([^"]+)"\)`).FindAllSubmatch(src, -1) {
			if !bytes.Contains(listed, append(append([]byte("| "), m[1]...), " |"...)) {
				t.Errorf("%s uses %s, which keys.md does not list", name, m[1])
			}
		}
	}
}

func TestStyle(t *testing.T) {
	css := string(ui.Style)
	for _, tt := range []struct{ name, re string }{
		{"physical direction", `\b(left|right)\b`},
		{"physical edge", `(margin|padding|border|inset)-(top|bottom)\b`},
		{"physical size", `[;{](min-|max-)?(width|height):`},
		{"address", `url\(|@import|https?:|//`},
		{"motion", `transition|animation|@keyframes`},
		{"clipped text", `text-overflow|line-clamp`},
	} {
		if m := regexp.MustCompile(tt.re).FindString(css); m != "" {
			t.Errorf("style sheet has a %s: %q", tt.name, m)
		}
	}
	// In a shorthand of four values the second and the fourth are physical sides.
	four := regexp.MustCompile(`(?:margin|padding|border-width|inset):([^;}\s]+) ([^;}\s]+) ([^;}\s]+) ([^;}\s]+)[;}]`)
	for _, m := range four.FindAllStringSubmatch(css, -1) {
		if m[2] != m[4] {
			t.Errorf("sides differ in %q: use logical properties", m[0])
		}
	}
	var b bytes.Buffer
	z, _ := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if _, err := io.WriteString(z, css); err != nil || z.Close() != nil {
		t.Fatal("gzip:", err)
	}
	if b.Len() > 9<<10 {
		t.Errorf("style sheet is %d bytes compressed, want at most %d", b.Len(), 9<<10)
	}
	t.Logf("style sheet: %d bytes, %d compressed", len(css), b.Len())
}

func BenchmarkList(b *testing.B) {
	r := ui.Result{Title: ui.Plain("Training for the national CSIRT"), Href: "/en/needs/1", Owner: ui.Plain("Samoa"), Meta: []string{"12 November 2026", "by June 2027"}, Mark: &ui.AudienceMark{Audience: ui.States, Word: "Member States"}, State: &ui.StateMark{State: ui.Published, Word: "Published"}, Summary: ui.Plain("Twelve officials of three ministries."), Tags: ui.Tags{{Text: "Training", Href: "/en/needs?topic=t"}}}
	p := page(i18n.English)
	rs := ui.Results{}
	for range 20 {
		rs.Items = append(rs.Items, r)
	}
	p.Body = ui.Join(ui.ListHead{Title: "Needs", Count: "243 needs"}, rs)
	b.ReportAllocs()
	for b.Loop() {
		if err := p.Render(b.Context(), io.Discard); err != nil {
			b.Fatal(err)
		}
	}
}
