// Package feeds gives the newest records of each kind as Atom feeds (RFC 4287),
// for readers of news and for the systems of others.
//
// Invariant: a feed is what the public sees, whoever asks: no cookie or token
// makes it more.
package feeds

import (
	"encoding/xml"
	"net/http"
	"net/url"
	"strings"
	"time"

	"concord/internal/access"
	"concord/internal/door"
	"concord/internal/i18n"
	"concord/internal/record"
)

// newest is how many records a feed has.
const newest = 50

// Feeds serves the feeds. Its fields are set before the first request.
type Feeds struct {
	Store   *record.Store
	Catalog *i18n.Catalog
	Base    string // address under which readers know the portal; "" = as asked
}

// Routes lists the feeds: each kind's under its name and under its plural.
func (f *Feeds) Routes() []door.Route {
	var routes []door.Route
	for _, k := range f.Store.Kinds().All() {
		if k.Internal {
			continue
		}
		names := []string{k.Name}
		if k.Plural != k.Name {
			names = append(names, k.Plural)
		}
		for _, name := range names {
			routes = append(routes, door.Route{
				Method: http.MethodGet, Path: "/feeds/" + name + ".atom", Who: door.Anyone, Kind: k.Name, Act: "feed", Handle: f.serve(k),
			})
		}
	}
	return routes
}

// serve answers with the feed of one kind, filtered as its list is.
func (f *Feeds) serve(k *record.Kind) door.Handler {
	return func(q *door.Req) error {
		v := q.URL.Query()
		lang, ok := i18n.Parse(v.Get("lang"))
		if !ok {
			lang = q.Lang
			q.W.Header().Add("Vary", "Accept-Language")
		}
		query, address := readQuery(k, v, lang)
		page, err := f.Store.List(q.Context(), access.Actor{Via: "feed"}, query)
		if err != nil {
			return err
		}
		doc := f.feed(q, k, lang, address, page.Records)
		b, err := xml.Marshal(doc)
		if err != nil {
			return err
		}
		h := q.W.Header()
		h.Set("Content-Type", "application/atom+xml; charset=utf-8")
		h.Set("Content-Language", lang.Tag())
		_, err = q.W.Write(append([]byte(xml.Header), b...))
		return err
	}
}

// readQuery reads which records are wanted: published ones, the newest first.
// address is the same in its shortest and only form, for the feed's identity.
func readQuery(k *record.Kind, v url.Values, lang i18n.Lang) (record.Query, url.Values) {
	facets := []string{"owner"}
	for _, f := range k.Facets() {
		facets = append(facets, f.Name)
	}
	kept, address := url.Values{}, url.Values{"lang": {string(lang)}}
	for _, name := range append([]string{"q"}, facets...) {
		for _, value := range v[name] {
			if value = i18n.CleanString(value); value != "" {
				kept.Add(name, value)
				address.Add(name, value)
			}
		}
	}
	query := record.ReadQuery(k, kept, facets)
	query.Order, query.Limit, query.Facets = record.ByUpdated, newest, nil
	return query, address
}

// empty is when a feed without entries was updated: a time is needed, and one
// that moved would make readers load it again.
func empty() time.Time { return time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC) }

func (f *Feeds) feed(q *door.Req, k *record.Kind, lang i18n.Lang, address url.Values, recs []*record.Record) *feed {
	base := f.base(q)
	self := "/feeds/" + k.Name + ".atom?" + address.Encode()
	list := "/" + string(lang) + "/" + k.Plural
	filters := url.Values{}
	for name, values := range address {
		if name != "lang" {
			filters[name] = values
		}
	}
	if len(filters) > 0 {
		list += "?" + filters.Encode()
	}
	doc := &feed{
		Lang: lang.Tag(), ID: tag(base, self), Updated: stamp(empty()),
		Title: textOf(f.Catalog.T(lang, "kind."+k.Plural), ""),
		Links: []link{
			{Rel: "self", Type: "application/atom+xml", Href: base + self},
			{Rel: "alternate", Type: "text/html", Lang: lang.Tag(), Href: base + list},
		},
	}
	for i, r := range recs {
		if i == 0 {
			doc.Updated = stamp(r.Updated) // the newest is first
		}
		path := "/" + string(lang) + "/" + k.Plural + "/" + r.ID
		e := entry{
			ID: tag(base, "/"+k.Plural+"/"+r.ID), Updated: stamp(r.Updated), Author: person{q.Dir.Name(r.Owner, lang)},
			Link: link{Rel: "alternate", Type: "text/html", Lang: lang.Tag(), Href: base + path},
		}
		e.Title = content(k.Title(r.Body), lang)
		if s := k.Summary(r.Body); !s.IsZero() {
			text := content(s, lang)
			e.Summary = &text
		}
		doc.Entries = append(doc.Entries, e)
	}
	return doc
}

// content is a text of a record in the feed's language or, marked so, another.
func content(t i18n.Text, lang i18n.Lang) text {
	s, in := t.In(lang)
	if in == lang {
		return textOf(s, "")
	}
	return textOf(s, in.Tag())
}

// base is the address of the portal without the last slash.
func (f *Feeds) base(q *door.Req) string {
	if f.Base != "" {
		return strings.TrimSuffix(f.Base, "/")
	}
	scheme := "http"
	if q.TLS != nil {
		scheme = "https"
	}
	return scheme + "://" + q.Host
}

// tag is an identifier that stays when addresses change (RFC 4151): the
// portal's name, the year of this form, and what is meant.
func tag(base, what string) string {
	name := "localhost"
	if u, err := url.Parse(strings.ToLower(base)); err == nil && u.Hostname() != "" && strings.Trim(u.Hostname(), "abcdefghijklmnopqrstuvwxyz0123456789.-") == "" {
		name = u.Hostname()
	}
	return "tag:" + name + ",2026:" + strings.TrimPrefix(what, "/")
}

func stamp(at time.Time) string { return at.UTC().Format(time.RFC3339Nano) }
