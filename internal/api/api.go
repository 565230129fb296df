// Package api is the portal for programs: JSON over HTTP for every kind, made
// from the kinds' descriptions, and its own documentation as OpenAPI.
//
// Invariant: the routes and the document come from one list of endpoints, so
// neither can have what the other lacks; no answer holds what did not come out
// of record.Store for the actor of the request; and a parameter or field that
// is not understood is refused by name, never ignored.
package api

import (
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"time"

	"concord/internal/door"
	"concord/internal/party"
	"concord/internal/problem"
	"concord/internal/record"
	"concord/internal/search"
)

// API serves the routes. Its fields are set before the first request.
type API struct {
	Store   *record.Store
	Parties *party.Store // counts what an account writes; needed with Limit only
	Base    string       // address under which readers know the portal; "" = as asked
	// Limit is how many changes an account may send in a minute; 0 = any number.
	Limit int

	words    search.Analyser
	more     []door.Route
	docs     map[string]Doc
	openOnce sync.Once
	openJSON []byte
	openErr  error
}

// Root is the path of the API's first version.
const Root = "/api/v1"

// endpoint is a route with its documentation.
type endpoint struct {
	door.Route
	Doc
}

// Doc documents a route.
type Doc struct {
	Summary  string
	Params   []Param // in the query; any other is refused
	Body     Schema  // of the request; nil = none
	BodyType string  // "" = application/json
	Header   []string
	Status   int    // of success; 0 = 200
	Answer   Schema // nil = no content
}

// Schema is a JSON Schema of the dialect of OpenAPI 3.1.
type Schema map[string]any

// Param is a parameter in the query of an address.
type Param struct {
	Name   string
	About  string
	Schema Schema   // nil = a string
	Only   []string // the values it may have, if they are few and fixed
	Many   bool     // may be repeated
}

// Also adds to the document those of the routes that are of the API: modules
// bring them. It is called before Routes.
func (a *API) Also(routes []door.Route) {
	for _, r := range routes {
		if strings.HasPrefix(r.Path, "/api/") {
			a.more = append(a.more, r)
		}
	}
}

// Describe documents a route that Also added; without, the document says no
// more than that there is one.
func (a *API) Describe(method, path string, d Doc) {
	if a.docs == nil {
		a.docs = map[string]Doc{}
	}
	a.docs[method+" "+path] = d
}

// Routes lists every address of the kernel's API.
func (a *API) Routes() []door.Route {
	var routes []door.Route
	for _, e := range a.endpoints() {
		e.Handle = a.guard(e)
		routes = append(routes, e.Route)
	}
	return routes
}

func (a *API) endpoints() []endpoint {
	list := []endpoint{{
		Route: door.Route{Method: "GET", Path: "/api/openapi.json", Who: door.Anyone, Act: "openapi", Handle: a.openapi},
		Doc:   Doc{Summary: "This document", Answer: Schema{"type": "object"}},
	}}
	list = append(list, a.referenceEndpoints()...)
	list = append(list, a.searchEndpoint())
	for _, k := range a.Store.Kinds().All() {
		if !k.Internal {
			list = append(list, a.kindEndpoints(k)...)
		}
	}
	return list
}

// guard is what every request passes before its handler: only parameters that
// the endpoint has, no change by a token that only reads, none beyond the limit.
func (a *API) guard(e endpoint) door.Handler {
	changes := e.Method != http.MethodGet
	return func(q *door.Req) error {
		if err := checkParams(q, e.Params); err != nil {
			return err
		}
		if changes && q.Actor.Reads {
			return problem.New(problem.Forbidden, "token-reads")
		}
		if changes && a.Limit > 0 {
			ok, err := a.Parties.Allow(q.Context(), "api "+q.Actor.Account, a.Limit, time.Minute)
			if err != nil {
				return err
			}
			if !ok {
				return problem.New(problem.TooMany, "")
			}
		}
		return e.Handle(q)
	}
}

// base is the address of the portal without the last slash.
func (a *API) base(q *door.Req) string {
	if a.Base != "" {
		return strings.TrimSuffix(a.Base, "/")
	}
	scheme := "http"
	if q.TLS != nil {
		scheme = "https"
	}
	return scheme + "://" + q.Host
}

// answer writes v as JSON.
func answer(q *door.Req, status int, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return answerJSON(q, status, b)
}

func answerJSON(q *door.Req, status int, b []byte) error {
	h := q.W.Header()
	h.Set("Content-Type", "application/json")
	h.Add("Vary", "Authorization")
	h.Add("Vary", "Accept-Language")
	q.W.WriteHeader(status)
	_, err := q.W.Write(b)
	return err
}
