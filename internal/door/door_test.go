package door

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"concord/internal/db/dbtest"
	"concord/internal/i18n"
	"concord/internal/party"
	"concord/internal/problem"
)

// stand is a door with a few routes and its log.
type stand struct {
	*Door
	log bytes.Buffer
}

func newStand(t *testing.T, routes ...Route) *stand {
	t.Helper()
	catalog, err := i18n.LoadCatalog(fstest.MapFS{"en.json": {Data: []byte(`{}`)}})
	if err != nil {
		t.Fatal(err)
	}
	s := &stand{}
	s.Door = &Door{Parties: party.New(dbtest.SQLite(t), time.Now), Catalog: catalog, Now: time.Now, Log: slog.New(slog.NewTextHandler(&s.log, nil))}
	write := func(q *Req, p *problem.Error) {
		q.W.WriteHeader(p.Kind.Status())
		io.WriteString(q.W, string(p.Kind)+" "+p.Code)
	}
	s.Fail, s.FailAPI = write, write
	if err := s.Add(routes...); err != nil {
		t.Fatal(err)
	}
	return s
}

func route(method, path string, h Handler) Route {
	return Route{Method: method, Path: path, Who: Anyone, Act: "test", Handle: h}
}

func say(text string) Handler {
	return func(q *Req) error { _, err := io.WriteString(q.W, text); return err }
}

func (s *stand) do(method, path string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(strings.Repeat("x", 3000)))
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

func TestEveryAnswerCarriesTheHeaders(t *testing.T) {
	s := newStand(t,
		route("GET", "/{lang}/ok", say("ok")),
		route("GET", "/{lang}/fault", func(*Req) error { return errors.New("secret text") }),
		route("GET", "/{lang}/panic", func(*Req) error { panic("nil map") }),
	)
	for path, want := range map[string]int{"/fr/ok": 200, "/fr/fault": 500, "/fr/panic": 500, "/xx/ok": 404, "/": 404, "/%zz": 400} {
		if path == "/%zz" {
			continue // net/http itself refuses it
		}
		w := s.do("GET", path)
		if w.Code != want {
			t.Errorf("%s answered %d, want %d", path, w.Code, want)
		}
		if strings.Contains(w.Body.String(), "secret") || strings.Contains(w.Body.String(), "nil map") {
			t.Errorf("%s shows what went wrong: %s", path, w.Body)
		}
		for _, name := range []string{"Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Cross-Origin-Opener-Policy"} {
			if w.Header().Get(name) == "" {
				t.Errorf("%s: no %s", path, name)
			}
		}
	}
	if !strings.Contains(s.log.String(), "secret text") {
		t.Error("the fault is not in the log")
	}
}

func TestCompressionAndValidators(t *testing.T) {
	text := strings.Repeat("words that repeat ", 200)
	s := newStand(t, route("GET", "/{lang}/long", say(text)), route("GET", "/{lang}/short", say("x")))
	w := s.do("GET", "/en/long", "Accept-Encoding", "gzip")
	z, err := gzip.NewReader(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	if b, err := io.ReadAll(z); err != nil || string(b) != text {
		t.Errorf("unpacked to %d bytes, %v", len(b), err)
	}
	tag := w.Header().Get("ETag")
	if w := s.do("GET", "/en/long", "If-None-Match", `"x", `+tag); w.Code != http.StatusNotModified || w.Body.Len() != 0 {
		t.Errorf("with its tag: %d, %d bytes", w.Code, w.Body.Len())
	}
	if w := s.do("GET", "/en/short", "Accept-Encoding", "gzip"); w.Header().Get("Content-Encoding") != "" || w.Body.String() != "x" {
		t.Error("a short answer was compressed")
	}
	if w := s.do("HEAD", "/en/long"); w.Body.Len() != 0 || w.Header().Get("Content-Length") != "3600" {
		t.Errorf("HEAD: %d bytes, length %s", w.Body.Len(), w.Header().Get("Content-Length"))
	}
}

func TestNoHalfPageBeforeAnError(t *testing.T) {
	s := newStand(t, route("GET", "/{lang}/half", func(q *Req) error {
		io.WriteString(q.W, "half a page")
		return problem.New(problem.NotFound, "")
	}), route("GET", "/{lang}/stream", func(q *Req) error {
		q.Stream()
		io.WriteString(q.W, "row\n")
		return errors.New("broke")
	}))
	if w := s.do("GET", "/en/half"); w.Code != 404 || strings.Contains(w.Body.String(), "half") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := s.do("GET", "/en/stream"); w.Code != 200 || w.Body.String() != "row\n" {
		t.Errorf("an answer cut short was continued: %d %q", w.Code, w.Body)
	}
}

func TestLimitsAndOrigins(t *testing.T) {
	read := func(q *Req) error { _, err := io.ReadAll(q.Body); return err }
	small := route("POST", "/{lang}/small", read)
	small.MaxBody = 1000
	s := newStand(t, small, route("POST", "/{lang}/form", read), Route{Method: "GET", Path: "/{lang}/in", Who: SignedIn, Act: "test", Handle: say("in")})
	if w := s.do("POST", "/en/small"); w.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("too large a body answered %d", w.Code)
	}
	for _, tt := range []struct {
		name, header, value string
		want                int
	}{
		{"same origin", "Sec-Fetch-Site", "same-origin", 200}, {"another site", "Sec-Fetch-Site", "cross-site", 403},
		{"a sister site", "Sec-Fetch-Site", "same-site", 403}, {"a foreign origin", "Origin", "https://evil.example", 403},
	} {
		if w := s.do("POST", "/en/form", tt.header, tt.value); w.Code != tt.want {
			t.Errorf("%s: %d, want %d", tt.name, w.Code, tt.want)
		}
	}
	for _, header := range [][2]string{{"X-User", "admin"}, {"Authorization", "Bearer x"}, {"Cookie", "session=x"}} {
		if w := s.do("GET", "/en/in", header[0], header[1]); w.Code != http.StatusUnauthorized {
			t.Errorf("with %s: %d", header[0], w.Code)
		}
	}
}

func TestRouteWithoutPolicyIsRefused(t *testing.T) {
	d := &Door{}
	if err := d.Add(Route{Method: "GET", Path: "/x", Handle: say("")}); err == nil {
		t.Error("a route without a policy was taken")
	}
	if err := d.Add(route("GET", "/y", say("")), route("GET", "/y", say(""))); err == nil {
		t.Error("two routes of one pattern were taken")
	}
}
