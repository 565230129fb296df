package browser_test

import (
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"concord/internal/browser"
)

// policy is as strict as the portal's: no script at all.
const policy = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'"

const form = `<form method="post" action="/echo">
<label for="name">Name</label> <input id="name" name="name" value="old" required>
<label for="day">Day</label> <input id="day" name="day" type="date">
<label for="note">Note</label> <textarea id="note" name="note"></textarea>
<label for="land">Country</label> <select id="land" name="land"><option value="">-</option><option value="KE">Kenya</option></select>
<label><input type="checkbox" name="ok" value="yes"> I agree</label>
<fieldset><legend>Level</legend>
<label><input type="radio" name="level" value="1"> One</label>
<label><input type="radio" name="level" value="2"> Two</label></fieldset>
<button>Send</button></form>
<details><summary>More</summary><p id="more">The rest</p></details>
<p><a href="/next">Next page</a></p>`

// site answers with pages of known merit.
func site(t *testing.T) string {
	mux := http.NewServeMux()
	show := func(pattern, lang, dir, body string, headers ...string) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			for i := 0; i < len(headers); i += 2 {
				w.Header().Set(headers[i], headers[i+1])
			}
			fmt.Fprintf(w, `<!doctype html><html lang=%q dir=%q><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Test page</title><main><h1>Test</h1>%s</main></html>`, lang, dir, body)
		})
	}
	show("GET /good", "en", "ltr", `<p>Well made.</p>`, "Content-Security-Policy", policy)
	show("GET /bad", "en", "ltr", `<img src="/dot.png"><p class="faint" style="color:#767676">Faint</p>`)
	show("GET /strict-bad", "en", "ltr", `<img src="/dot.png">`, "Content-Security-Policy", policy)
	show("GET /arabic", "ar", "rtl", `<p id="t">بوابة الأمن السيبراني</p>`, "Content-Security-Policy", policy)
	show("GET /form", "en", "ltr", form, "Content-Security-Policy", policy)
	show("GET /next", "en", "ltr", `<p id="t">Arrived</p>`)
	show("GET /script", "en", "ltr", `<p id="t">Plain</p><script>document.getElementById("t").textContent = "Scripted"</script>`)
	show("GET /throws", "en", "ltr", `<script>throw new Error("broken")</script>`)
	show("GET /wide", "en", "ltr", `<div id="broad" style="width:700px">Wide</div>`)
	show("GET /foreign", "en", "ltr", `<img alt="" src="http://tracker.example/pixel.gif">`)
	mux.HandleFunc("GET /dot.png", func(w http.ResponseWriter, r *http.Request) { w.Header().Set("Content-Type", "image/png") })
	mux.HandleFunc("POST /echo", func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		w.WriteHeader(http.StatusUnprocessableEntity)
		fmt.Fprintf(w, `<!doctype html><title>Echo</title><p id="t">%s</p>`, html.EscapeString(r.PostForm.Encode()))
	})
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s.URL
}

func TestPages(t *testing.T) {
	b, url := browser.Start(t), site(t)

	t.Run("axe finds nothing on a good page", func(t *testing.T) {
		p := b.Page(t)
		p.Open(url + "/good")
		p.Accessible(t)
		p.NoOverflow(t)
		if p.Status() != 200 || p.URL() != url+"/good" {
			t.Errorf("got %d at %s", p.Status(), p.URL())
		}
	})
	t.Run("axe finds what is planted", func(t *testing.T) {
		for path, want := range map[string][]string{
			"/bad":        {"color-contrast-enhanced", "image-alt"}, // AAA and A
			"/strict-bad": {"image-alt"},
		} {
			for _, javaScript := range []bool{true, false} {
				p := b.Page(t)
				p.JavaScript(javaScript)
				p.Open(url + path)
				var got []string
				for _, v := range p.Axe(t) {
					got = append(got, v.ID)
					if len(v.Nodes) == 0 || len(v.Nodes[0].Target) == 0 || !strings.Contains(v.String(), v.ID) {
						t.Errorf("%s: no selector in %+v", path, v)
					}
				}
				if slices.Sort(got); !slices.Equal(got, want) {
					t.Errorf("%s, scripts %t: got %v, want %v", path, javaScript, got, want)
				}
			}
		}
	})
	t.Run("Arabic", func(t *testing.T) {
		p := b.Page(t)
		p.Open(url + "/arabic")
		p.Accessible(t)
		p.NoOverflow(t)
		if got := p.Text("#t"); got != "بوابة الأمن السيبراني" {
			t.Errorf("got %q", got)
		}
		if !browser.Eval[bool](p, `(() => { const r = document.createRange(); r.selectNodeContents(document.querySelector("#t")); return r.getBoundingClientRect().right > innerWidth / 2 })()`) {
			t.Error("the text does not begin at the right")
		}
	})
	for _, javaScript := range []bool{true, false} {
		t.Run(fmt.Sprintf("form, scripts %t", javaScript), func(t *testing.T) {
			p := b.Page(t)
			p.JavaScript(javaScript)
			p.Open(url + "/form")
			p.Fill("#name", "Wanjikũ \"W\" & co")
			p.Fill("#day", "2026-11-05")
			p.Fill("#note", "two\nlines")
			p.Choose("#land", "KE")
			p.Choose("input[name=level]", "2")
			p.Check("input[name=ok]", true)
			p.Press("summary")
			if got := p.Text("#more"); got != "The rest" {
				t.Errorf("got %q", got)
			}
			p.Submit("form")
			want := "day=2026-11-05&land=KE&level=2&name=Wanjik%C5%A9+%22W%22+%26+co&note=two%0D%0Alines&ok=yes"
			if got := p.Text("#t"); got != want || p.Status() != 422 {
				t.Errorf("got %d %s\nwant 422 %s", p.Status(), got, want)
			}
		})
	}
	t.Run("links and keys", func(t *testing.T) {
		p := b.Page(t)
		p.Open(url + "/form")
		p.Click("a[href='/next']")
		if got := p.Text("#t"); got != "Arrived" || p.URL() != url+"/next" {
			t.Errorf("got %q at %s", got, p.URL())
		}
		p.Open(url + "/form")
		p.Keys("\t")
		if got := browser.Eval[string](p, "document.activeElement.id"); got != "name" {
			t.Errorf("the first stop of Tab is %q, want name", got)
		}
	})
	t.Run("scripts on and off", func(t *testing.T) {
		p := b.Page(t)
		p.Open(url + "/script")
		on := p.Text("#t")
		p.JavaScript(false)
		p.Open(url + "/script")
		if off := p.Text("#t"); on != "Scripted" || off != "Plain" {
			t.Errorf("got %q with, %q without", on, off)
		}
	})
	t.Run("pages are separate visitors", func(t *testing.T) {
		p, q := b.Page(t), b.Page(t)
		p.Open(url + "/next")
		browser.Eval[string](p, `document.cookie = "who=p"`)
		q.Open(url + "/next")
		if got := browser.Eval[string](q, "document.cookie"); got != "" {
			t.Errorf("the other page has %q", got)
		}
	})
	t.Run("screenshot and dark", func(t *testing.T) {
		p := b.Page(t)
		p.Media("prefers-color-scheme", "dark")
		p.Open(url + "/arabic")
		if !browser.Eval[bool](p, `matchMedia("(prefers-color-scheme: dark)").matches`) {
			t.Error("not dark")
		}
		path := filepath.Join(t.TempDir(), "page.png")
		for _, height := range []int{640, 0} {
			p.Screenshot(path, 360, height)
			if info, err := os.Stat(path); err != nil || info.Size() < 1000 {
				t.Errorf("picture: %v %v", info, err)
			}
		}
	})
}

// TestFaults shows that each guard of the package can fail.
func TestFaults(t *testing.T) {
	b, url := browser.Start(t), site(t)
	p := b.Page(t)
	for path, want := range map[string]string{
		"/foreign": "the page asked another host: http://tracker.example/pixel.gif",
		"/throws":  "script error: Uncaught Error: broken",
	} {
		p.Open(url + path)
		if got := p.Faults(); len(got) != 1 || !strings.HasPrefix(got[0], want) {
			t.Errorf("%s: got %q, want %q", path, got, want)
		}
	}
	p.Open(url + "/wide")
	r := &recorder{TB: t}
	p.NoOverflow(r)
	if !strings.Contains(r.said, "broad") {
		t.Errorf("NoOverflow said %q of a page 700 pixels wide", r.said)
	}
}

// recorder is a test whose failure is not ours.
type recorder struct {
	testing.TB
	said string
}

func (r *recorder) Errorf(format string, args ...any) { r.said += fmt.Sprintf(format, args...) }
