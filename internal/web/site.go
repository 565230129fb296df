// Package web is the portal in a browser: lists, records, forms, history and
// search for every kind, made from the kinds' descriptions; sign-in and
// accounts; and the frame around the pages that modules add.
//
// Invariant: pages are complete without JavaScript, hold no request to another
// host, and show nothing that did not come out of record.Store for the actor
// of the request.
package web

import (
	"bytes"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"github.com/a-h/templ"
	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"

	"concord/internal/access"
	"concord/internal/door"
	"concord/internal/i18n"
	"concord/internal/party"
	"concord/internal/problem"
	"concord/internal/record"
	"concord/internal/web/ui"
)

// Site serves the pages. Its fields are set before the first request.
type Site struct {
	Store   *record.Store
	Parties *party.Store
	Door    *door.Door
	Modules []Module
	Demo    bool // demonstration content: said on every page

	packOnce sync.Once
	style    packedStyle
}

// Module is what a folder of kinds brings to the portal. All but the name and
// the kinds may be left out.
type Module struct {
	Name     string
	Kinds    []*record.Kind
	Messages fs.FS // en.json, ar.json, …

	// Routes are the module's own pages and API.
	Routes func(*Site) []door.Route
	// Nav are its entries in the main navigation: message key and path.
	Nav []NavItem
	// Panels are what it adds to the page of a record, beside and below.
	Panels func(*Site, *door.Req, *record.Record) (side, below []templ.Component, err error)
	// Tasks are what waits for the reader's party.
	Tasks func(*Site, *door.Req) ([]ui.Task, error)
	// Home is its part of the public home page, Delegation of "my delegation".
	Home       func(*Site, *door.Req) ([]templ.Component, error)
	Delegation func(*Site, *door.Req) ([]templ.Component, error)
}

// NavItem is an entry of the main navigation.
type NavItem struct{ Key, Path string }

// Kinds are the kinds of the portal.
func (s *Site) Kinds() *record.Kinds { return s.Store.Kinds() }

// Routes lists every page: the kernel's for all kinds, then the modules'.
func (s *Site) Routes() []door.Route {
	routes := s.fixedRoutes()
	for _, k := range s.Kinds().All() {
		if !k.Internal {
			routes = append(routes, s.kindRoutes(k)...)
		}
	}
	for _, m := range s.Modules {
		if m.Routes != nil {
			routes = append(routes, m.Routes(s)...)
		}
	}
	return routes
}

func (s *Site) fixedRoutes() []door.Route {
	get := func(path, act string, who door.Who, h door.Handler) door.Route {
		return door.Route{Method: "GET", Path: path, Who: who, Act: act, Handle: h}
	}
	post := func(path, act string, who door.Who, h door.Handler) door.Route {
		return door.Route{Method: "POST", Path: path, Who: who, Act: act, Handle: h}
	}
	routes := []door.Route{
		get("/{$}", "redirect", door.Anyone, s.root),
		get("/static/{name}", "static", door.Anyone, s.static),
		get("/{lang}/{$}", "page", door.Anyone, s.home),
		get("/{lang}/search", "search", door.Anyone, s.searchPage),
		get("/{lang}/help", "page", door.Anyone, s.document("help")),
		get("/{lang}/about", "page", door.Anyone, s.document("about")),
		get("/{lang}/accessibility", "page", door.Anyone, s.document("accessibility")),
		get("/{lang}/api", "page", door.Anyone, s.document("api")),
		get("/{lang}/delegation", "own", door.SignedIn, s.delegation),
		get("/{lang}/trail", "own", door.SignedIn, s.trail),
		get("/{lang}/parties/{code}", "page", door.Anyone, s.partyPage),
		get("/{lang}/parties", "page", door.Anyone, s.partiesPage),
	}
	return append(routes, s.accountRoutes(get, post)...)
}

func (s *Site) kindRoutes(k *record.Kind) []door.Route {
	base := "/{lang}/" + k.Plural
	route := func(method, path, act string, who door.Who, h func(*record.Kind) door.Handler) door.Route {
		return door.Route{Method: method, Path: base + path, Who: who, Kind: k.Name, Act: act, Handle: h(k)}
	}
	return []door.Route{
		route("GET", "", "list", door.Anyone, s.list),
		route("GET", "/new", "new", door.SignedIn, s.newForm),
		route("POST", "/new", "create", door.SignedIn, s.create),
		route("GET", "/import", "new", door.SignedIn, s.importForm),
		door.Route{Method: "POST", Path: base + "/import", Who: door.SignedIn, Kind: k.Name, Act: "import", MaxBody: maxUpload, Handle: s.importFile(k)},
		route("GET", "/template.csv", "page", door.Anyone, s.template),
		route("GET", "/{id}", "read", door.Anyone, s.show),
		route("GET", "/{id}/edit", "edit", door.SignedIn, s.editForm),
		route("POST", "/{id}/edit", "update", door.SignedIn, s.update),
		route("GET", "/{id}/history", "history", door.Anyone, s.history),
		route("GET", "/{id}/move", "ask", door.SignedIn, s.ask),
		route("POST", "/{id}/move", "move", door.SignedIn, s.move),
	}
}

// root sends the reader to the home page in the language they prefer.
func (s *Site) root(q *door.Req) error {
	q.W.Header().Set("Vary", "Accept-Language")
	http.Redirect(q.W, q.Request, "/"+string(q.Lang)+"/", http.StatusSeeOther)
	return nil
}

func (s *Site) static(q *door.Req) error {
	if q.PathValue("name") != ui.StyleName() {
		return problem.New(problem.NotFound, "")
	}
	h := q.W.Header()
	h.Set("Content-Type", "text/css; charset=utf-8")
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	body, coding := ui.Style, ""
	accepts := q.Header.Get("Accept-Encoding")
	switch {
	case strings.Contains(accepts, "br"):
		body, coding = s.packed().brotli, "br"
	case strings.Contains(accepts, "gzip"):
		body, coding = s.packed().gzip, "gzip"
	}
	if coding != "" {
		h.Set("Content-Encoding", coding)
	}
	_, err := q.W.Write(body)
	return err
}

// packedStyle is the style sheet compressed as well as can be, once.
type packedStyle struct{ gzip, brotli []byte }

func (s *Site) packed() packedStyle {
	s.packOnce.Do(func() {
		var z, b bytes.Buffer
		zw, _ := gzip.NewWriterLevel(&z, gzip.BestCompression) // the level is a constant of the package
		bw := brotli.NewWriterLevel(&b, brotli.BestCompression)
		for _, w := range []io.WriteCloser{zw, bw} {
			_, _ = w.Write(ui.Style) // a buffer takes everything
			_ = w.Close()
		}
		s.style = packedStyle{z.Bytes(), b.Bytes()}
	})
	return s.style
}

// Page is what a handler fills of the frame.
type Page struct {
	Title   string
	Status  int // 0 = 200
	Crumbs  []ui.Link
	Errors  *ui.Errors
	Flash   *ui.Notice
	Query   string
	Feed    string
	NoIndex bool
	Body    []templ.Component
}

// Show writes a page in the portal's frame.
func (s *Site) Show(q *door.Req, p Page) error {
	f := ui.Frame{
		Lang: q.Lang, T: func(key string) string { return q.T(key) }, Title: p.Title, Style: "/static/" + ui.StyleName(),
		Path: s.pathOf(q), Query: p.Query, Errors: p.Errors, Flash: p.Flash, Feed: p.Feed,
		NoIndex: p.NoIndex || !q.Actor.Anonymous(), Nav: s.nav(q), Body: ui.Join(p.Body...),
	}
	if p.Flash == nil {
		f.Flash = s.flash(q)
	}
	if len(p.Crumbs) > 0 {
		f.Crumbs = append([]ui.Link{{Text: q.T("chrome.home"), Href: s.at(q, "/")}}, p.Crumbs...)
	}
	if s.Demo {
		f.Banner = q.T("chrome.demo")
	}
	if !q.Actor.Anonymous() {
		f.User = &ui.User{
			Name: q.Account.Name, Party: q.Dir.Name(q.Actor.Party, q.Lang),
			Home: s.at(q, "/delegation"), SignOut: s.at(q, "/sign-out"),
			Account: ui.Link{Text: q.T("account.title"), Href: s.at(q, "/account")},
		}
		if q.Actor.Kind != access.State {
			f.User.HomeText = q.T("chrome.my_organisation")
		}
		q.W.Header().Set("Cache-Control", "no-store")
	}
	q.W.Header().Set("Content-Type", "text/html; charset=utf-8")
	q.W.Header().Set("Content-Language", q.Lang.Tag())
	if p.Status != 0 {
		q.W.WriteHeader(p.Status)
	}
	return f.Render(q.Context(), q.W)
}

// at is a path in the reader's language.
func (s *Site) at(q *door.Req, path string) string { return At(q, path) }

// At is a path in the reader's language.
func At(q *door.Req, path string) string { return "/" + string(q.Lang) + path }

// pathOf is the address of this page after the language, for the bar that
// leads to it in the other languages. Forms that were posted lead to themselves.
func (s *Site) pathOf(q *door.Req) string {
	_, path, _ := strings.Cut(strings.TrimPrefix(q.URL.Path, "/"), "/")
	if q.URL.RawQuery != "" {
		return "/" + path + "?" + q.URL.RawQuery
	}
	return "/" + path
}

func (s *Site) nav(q *door.Req) []ui.Link {
	var links []ui.Link
	for _, m := range s.Modules {
		for _, n := range m.Nav {
			href := s.at(q, n.Path)
			links = append(links, ui.Link{
				Text: q.T(n.Key), Href: href,
				Current: q.URL.Path == href || strings.HasPrefix(q.URL.Path, href+"/"),
			})
		}
	}
	return links
}

// Redirect answers a form that was acted on. done is the key of a message that
// the next page shows, "" for none.
func Redirect(q *door.Req, to, done string) error {
	if done != "" {
		u, err := url.Parse(to)
		if err != nil {
			return err
		}
		v := u.Query()
		v.Set("done", done)
		u.RawQuery = v.Encode()
		to = u.String()
	}
	http.Redirect(q.W, q.Request, to, http.StatusSeeOther)
	return nil
}

// flash is the message that a redirect asked for. Only messages made for it
// can be asked for.
func (s *Site) flash(q *door.Req) *ui.Notice {
	key := "done." + q.URL.Query().Get("done")
	if key == "done." || !q.Words().Has(key) {
		return nil
	}
	return &ui.Notice{Tone: ui.Success, Text: q.T(key), Live: true}
}

// Content is a text for the reader, with a note when it is in another language
// or was translated by a machine.
func Content(q *door.Req, t i18n.Text) ui.Phrase {
	p := ui.Content(t, q.Lang, func(l i18n.Lang) string { return q.T("text.in." + string(l)) })
	if _, l := t.In(q.Lang); t.IsMachine(l) {
		p.Note = q.T("text.machine")
	}
	return p
}

// Fail shows a problem as a page.
func (s *Site) Fail(q *door.Req, p *problem.Error) {
	if p.Kind == problem.SignIn {
		s.failSignIn(q)
		return
	}
	status := p.Kind.Status()
	text := q.T("problem." + string(p.Kind) + ".text")
	if p.Code != "" {
		text = q.T("error."+p.Code, p.Args...)
	}
	page := ui.ErrorPage{
		Code: http.StatusText(status), Title: q.T("problem." + string(p.Kind)), Text: text,
		Do: []ui.Link{{Text: q.T("chrome.home"), Href: s.at(q, "/")}, {Text: q.T("chrome.search"), Href: s.at(q, "/search")}},
	}
	page.Code = itoa(status)
	// What failed while a page was written cannot fail again here in a way
	// that could still be told.
	_ = s.Show(q, Page{Title: page.Title, Status: status, NoIndex: true, Body: []templ.Component{page}})
}

// failSignIn leads to the sign-in page and back. What was typed into a form is
// kept, for the account whose browser it came from, and comes back too.
func (s *Site) failSignIn(q *door.Req) {
	next, err := s.wayBack(q, s.cookieOf(q, cookieAccount))
	if err != nil { // the way in must not fail for want of the way back
		s.Door.Log.ErrorContext(q.Context(), "form is not kept", "route", q.Route.Path, "error", err)
		next = s.at(q, "/delegation")
	}
	http.Redirect(q.W, q.Request, s.at(q, "/sign-in?next="+url.QueryEscape(next)), http.StatusSeeOther)
}
