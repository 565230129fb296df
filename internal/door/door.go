// Package door is what every request passes before a handler sees it and every
// answer on its way out: who is it, in which language, how much may it send;
// security headers, compression, validators; and the one place that turns
// errors into answers.
//
// Invariant: a route that is not in Routes does not exist, and every route
// says who may use it, so that the permission matrix can be made from the
// table itself.
package door

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"concord/internal/access"
	"concord/internal/i18n"
	"concord/internal/party"
	"concord/internal/problem"
)

// Who says who may use a route at all; what they may see or do there is for
// the store.
type Who string

// The classes of users of routes.
const (
	Anyone   Who = "anyone"
	SignedIn Who = "signed-in"
)

// Handler answers a request, or returns why it cannot.
type Handler func(*Req) error

// Route is one line of the route table.
type Route struct {
	Method  string
	Path    string // ServeMux pattern without the method; "/{lang}/needs/{id}"
	Who     Who
	Kind    string // the kind it concerns, "" for none
	Act     string // what it does: list, read, create, edit, …; the matrix expects by it
	MaxBody int64  // 0 = DefaultMaxBody
	Handle  Handler
}

// DefaultMaxBody bounds what a request may send.
const DefaultMaxBody = 1 << 20

// Req is a request with what the door found out about it.
type Req struct {
	*http.Request
	W       http.ResponseWriter
	Lang    i18n.Lang
	Actor   access.Actor
	Account party.Account // zero for the public
	Dir     *party.Directory
	Route   *Route
	door    *Door
}

// T is a message in the reader's language.
func (r *Req) T(key string, args ...any) string { return r.door.Catalog.T(r.Lang, key, args...) }

// Words is the catalogue, for messages in other languages.
func (r *Req) Words() *i18n.Catalog { return r.door.Catalog }

// Door serves routes. Its fields are set before the first request.
type Door struct {
	Parties *party.Store
	Catalog *i18n.Catalog
	Log     *slog.Logger
	Now     func() time.Time
	Secure  bool // served over TLS: cookies are marked so, HSTS is sent
	// Fail writes err for a request whose path is not of the API.
	Fail func(*Req, *problem.Error)
	// FailAPI writes it for the API.
	FailAPI func(*Req, *problem.Error)

	routes []Route
	mux    *http.ServeMux
	cross  *http.CrossOriginProtection
}

// Add puts routes into the table. Two routes of one pattern are an error of
// the program, which ServeMux reports by a panic; Add turns it into an error.
func (d *Door) Add(routes ...Route) (err error) {
	if d.mux == nil {
		d.mux, d.cross = http.NewServeMux(), http.NewCrossOriginProtection()
	}
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("route table: %v", p)
		}
	}()
	for _, r := range routes {
		if r.Who == "" || r.Act == "" || r.Handle == nil {
			return fmt.Errorf("route %s %s: no policy or no handler", r.Method, r.Path)
		}
		d.routes = append(d.routes, r)
		for _, path := range r.paths() {
			d.mux.Handle(r.Method+" "+path, d.serve(r))
		}
	}
	return nil
}

// paths are the route's patterns, one for each language where the path begins
// with one: a wildcard there would compete with every other first word.
func (r Route) paths() []string {
	rest, ok := strings.CutPrefix(r.Path, "/{lang}")
	if !ok {
		return []string{r.Path}
	}
	var paths []string
	for _, l := range i18n.Langs() {
		paths = append(paths, "/"+string(l)+rest)
	}
	return paths
}

// Routes is the route table.
func (d *Door) Routes() []Route { return slices.Clone(d.routes) }

// ServeHTTP finds the route, or answers that there is none.
func (d *Door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if other, pattern := d.mux.Handler(r); pattern == "" {
		d.serve(Route{Who: Anyone, Act: "none", Handle: func(q *Req) error { return noRoute(q, other) }}).ServeHTTP(w, r)
		return
	}
	d.mux.ServeHTTP(w, r)
}

// noRoute says that there is nothing at the address, or nothing for the
// method; the mux's own answer tells which, and is not sent.
func noRoute(q *Req, other http.Handler) error {
	c := newCapture(q.W, q.Request)
	defer buffers.Put(c.body)
	other.ServeHTTP(c, q.Request)
	if c.status == http.StatusMethodNotAllowed {
		return problem.New(problem.Method, "")
	}
	return problem.New(problem.NotFound, "")
}

func (d *Door) serve(route Route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c := newCapture(w, r)
		q := &Req{Request: r, W: c, Lang: language(r), Route: &route, door: d}
		d.headers(q)
		limit := route.MaxBody
		if limit == 0 {
			limit = DefaultMaxBody
		}
		r.Body = http.MaxBytesReader(c, r.Body, limit)
		if err := d.handle(q, route); err != nil {
			d.fail(q, c, err)
		}
		c.finish()
	})
}

// handle identifies the actor and calls the handler. A panic in it is a fault
// like any other: logged, and answered without a word of it.
func (d *Door) handle(q *Req, route Route) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	if err := d.identify(q); err != nil {
		return err
	}
	if !q.API() {
		if err := d.cross.Check(q.Request); err != nil {
			return problem.New(problem.Forbidden, "cross-origin")
		}
	}
	if route.Who == SignedIn && q.Actor.Anonymous() {
		return problem.New(problem.SignIn, "")
	}
	return route.Handle(q)
}

// fail turns an error into an answer. It is the only place that does.
func (d *Door) fail(q *Req, c *capture, err error) {
	p, known := errors.AsType[*problem.Error](err)
	if big, ok := errors.AsType[*http.MaxBytesError](err); ok {
		p, known = problem.New(problem.TooLarge, "body-too-large", int(big.Limit)), true
	}
	if !known {
		if q.Context().Err() != nil {
			return // the client has gone
		}
		p = problem.New("internal", "")
		d.Log.Error("request failed", "method", q.Method, "route", q.Route.Path, "error", err)
	}
	if c.streaming { // half of an answer is out: all that is left is to end it
		d.Log.Error("answer cut short", "method", q.Method, "route", q.Route.Path, "error", p)
		return
	}
	c.reset()
	d.headers(q)
	c.Header().Set("Cache-Control", "no-store")
	if q.API() {
		d.FailAPI(q, p)
	} else {
		d.Fail(q, p)
	}
}

// API reports whether the request is for a machine.
func (r *Req) API() bool { return strings.HasPrefix(r.URL.Path, "/api/") }

// language is the one the path names, else the one the reader's browser
// prefers. On the API a parameter chooses the language of messages.
func language(r *http.Request) i18n.Lang {
	first, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	if l, ok := i18n.Parse(first); ok {
		return l
	}
	if strings.HasPrefix(r.URL.Path, "/api/") {
		if _, after, ok := strings.Cut("&"+r.URL.RawQuery, "&lang="); ok && len(after) >= 2 {
			if l, ok := i18n.Parse(after[:2]); ok {
				return l
			}
		}
	}
	return i18n.Negotiate(r)
}

// headers sets what every answer carries. No page has scripts.
func (d *Door) headers(q *Req) {
	h := q.W.Header()
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cross-Origin-Embedder-Policy", "require-corp")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
	if d.Secure {
		h.Set("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
	}
}
