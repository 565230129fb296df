package app

import (
	"encoding/json"
	"iter"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"concord/internal/web/ui"
)

func styleName() string { return ui.StyleName() }

// mapsKeys lists the names of headers.
func mapsKeys(m map[string][]string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for name := range m {
			if !yield(name) {
				return
			}
		}
	}
}

// lists asks every list there is, page by page, as everybody: each record is
// on it if and only if the reader reads it and the list is for its status.
func (m *matrix) lists(stock []*sample) {
	everything := url.Values{"state": {"draft", "awaiting", "published", "archived", "withdrawn", "submitted", "returned", "rejected"}}.Encode()
	for _, k := range m.Store.Kinds().All() {
		if k.Internal {
			continue
		}
		var mine []*sample
		for _, s := range stock {
			if s.kind == k.Name {
				mine = append(mine, s)
			}
		}
		for _, c := range everybody() {
			api := "/api/v1/" + k.Plural
			m.on("API", &c, mine, m.walk(c.name, api+"?limit=7&"+everything), func(*sample) bool { return true })
			m.on("API, current", &c, mine, m.walk(c.name, api+"?limit=100"), current)
			m.on("API search", &c, mine, m.walk(c.name, "/api/v1/search?limit=50&q=matrixword&kind="+k.Name), current)
			if c.name == "wsm-reads" {
				continue
			}
			known := func(s *sample) bool { return c.party != "" || current(s) } // the public has no filter of statuses
			m.on("page", &c, mine, m.turnPages(c.name, "/en/"+k.Plural+"?"+everything), known)
			m.on("CSV", &c, mine, found(m.ask(c.name, "GET", "/fr/"+k.Plural+"?format=csv&"+everything, "").Body.String()), known)
			m.on("search page", &c, mine, m.turnPages(c.name, "/en/search?q=matrixword&kind="+k.Name), current)
			feed := found(m.ask(c.name, "GET", "/feeds/"+k.Name+".atom", "").Body.String())
			m.on("feed", m.people["public"], mine, feed, current) // whoever asks
		}
	}
}

func current(s *sample) bool { return s.status == "published" }

// on compares a list with who reads what.
func (m *matrix) on(what string, c *caller, stock []*sample, listed []string, shown func(*sample) bool) {
	for _, s := range stock {
		want := reads(c, s) && shown(s)
		m.cell(slices.Contains(listed, s.id) == want, "%s: on the %s: %v: %v, want %v", c.name, what, s, !want, want)
	}
	seen := slices.Sorted(slices.Values(listed))
	m.cell(len(slices.Compact(seen)) == len(listed), "%s: the %s has a record twice", c.name, what)
}

// walk follows a list of the API from page to page. Its total and its counts
// are of what it shows.
func (m *matrix) walk(who, target string) (ids []string) {
	cursor, total := "", -1
	for range 100 {
		w := m.ask(who, "GET", target+cursor, "")
		var page struct {
			Items  []struct{ ID string }
			Total  int
			Facets map[string][]struct {
				Value string
				Count int
			}
			Next string
		}
		m.must(json.Unmarshal(w.Body.Bytes(), &page))
		for _, item := range page.Items {
			ids = append(ids, item.ID)
		}
		total = page.Total
		owners := 0
		for _, c := range page.Facets["owner"] {
			owners += c.Count
		}
		m.cell(owners == total, "%s: %s: %d by owner, %d in all", who, target, owners, total)
		if page.Next == "" {
			break
		}
		cursor = "&cursor=" + url.QueryEscape(page.Next)
	}
	m.cell(len(ids) == total, "%s: %s shows %d of %d", who, target, len(ids), total)
	return ids
}

var (
	anID     = regexp.MustCompile(`\b[0-9abcdefghjkmnpqrstvwxyz]{26}\b`)
	nextPage = regexp.MustCompile(`href="\?([^"]*cursor=[^"]*)"`)
	results  = regexp.MustCompile(`(?s)<main.*</main>`)
)

// turnPages follows a list's pages by their links.
func (m *matrix) turnPages(who, target string) (ids []string) {
	path, _, _ := strings.Cut(target, "?")
	for range 100 {
		body := m.ask(who, "GET", target, "").Body.String()
		ids = append(ids, found(results.FindString(body))...)
		links := nextPage.FindAllStringSubmatch(body, -1)
		if len(links) == 0 {
			break
		}
		target = path + "?" + strings.ReplaceAll(links[len(links)-1][1], "&amp;", "&")
	}
	return ids
}

// found lists the ids in a text, each once.
func found(text string) []string {
	ids := anID.FindAllString(text, -1)
	slices.Sort(ids)
	return slices.Compact(ids)
}
