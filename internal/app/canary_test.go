package app

import (
	"html"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"concord/internal/i18n"
)

// TestCanaries builds worlds that differ only in what is hidden, and asks every
// address that can be found in one of them in another too: whoever sees nothing
// of the difference gets the same bytes; and no byte of an answer to anybody,
// nor of the log, holds a word that stands only in what they may not read.
func TestCanaries(t *testing.T) {
	onBoth(t, func(t *testing.T, dsn string) {
		worlds := map[level]*world{secret: newWorld(t, dsn, secret)}
		onAnother(t, dsn, func(dsn string) { worlds[open] = newWorld(t, dsn, open) })
		onAnother(t, dsn, func(dsn string) { worlds[toStates] = newWorld(t, dsn, toStates) })
		for _, c := range []struct {
			who   string
			like  level // the world whose answers must be the same
			blind []level
			most  int
		}{
			{"public", open, []level{toStates, secret}, 6000},
			{"first", open, []level{toStates, secret}, 3000},
			{"itu-focal", open, []level{toStates, secret}, 3000},
			{"auditor", open, []level{toStates, secret}, 3000},
			{"est-viewer", toStates, []level{secret}, 3000},
		} {
			s := &spy{t: t, who: c.who, dark: worlds[secret], bright: worlds[c.like], blind: c.blind, seen: map[string]bool{}}
			s.crawl(c.most / thin)
			t.Logf("%s: %d addresses, %d of them answered", c.who, s.asked, s.answered)
			if s.answered < c.most/thin/4 {
				t.Errorf("%s: only %d addresses answered", c.who, s.answered)
			}
		}
		for l, w := range worlds {
			for _, c := range []level{toStates, secret} {
				if word := contains(w.log.String(), c); word != "" {
					t.Errorf("the log of world %d has %s", l, word)
				}
			}
		}
	})
}

// spy asks two worlds the same.
type spy struct {
	t            *testing.T
	who          string
	dark, bright *world
	blind        []level
	seen         map[string]bool
	queue        []string
	asked        int
	answered     int
	faults       int
}

func (s *spy) add(targets ...string) {
	for _, target := range targets {
		if !s.seen[target] {
			s.seen[target] = true
			s.queue = append(s.queue, target)
		}
	}
}

// crawl asks the addresses of the route table, of every record there is, hidden
// or not, and of every link in the answers, up to most.
func (s *spy) crawl(most int) {
	s.add(s.starts()...)
	for len(s.queue) > 0 && s.asked < most && s.faults < 20 {
		target := s.queue[0]
		s.queue = s.queue[1:]
		s.compare(target)
	}
}

var once = regexp.MustCompile(`name="_once" value="[^"]*"`)

func (s *spy) compare(target string) {
	s.asked++
	dark, bright := s.dark.ask(s.who, "GET", target, ""), s.bright.ask(s.who, "GET", target, "")
	got := once.ReplaceAllString(shape(dark, nowhere), "once")
	want := once.ReplaceAllString(shape(bright, nowhere), "once")
	if got != want {
		s.faults++
		s.t.Errorf("%s: %s tells of what is hidden: %s", s.who, target, difference(got, want))
	}
	asked, _ := url.QueryUnescape(target)
	for _, l := range s.blind {
		if word := contains(got, l); word != "" && !strings.Contains(asked, word) {
			s.faults++
			s.t.Errorf("%s: %s has the word %s", s.who, target, word)
		}
	}
	if dark.Code < 300 {
		s.answered++
		s.add(links(target, dark)...)
	}
}

// contains is the first canary of a level that stands in a text, in any of the
// forms in which a page or an address may write it.
func contains(text string, l level) string {
	text = strings.ToLower(text)
	for _, lang := range i18n.Langs() {
		word := canaries(l).Get(lang)
		for _, form := range []string{word, strings.ToLower(url.QueryEscape(word)), strings.ToLower(html.EscapeString(word))} {
			if strings.Contains(text, form) {
				return word
			}
		}
	}
	return ""
}

// difference shows where two answers part.
func difference(a, b string) string {
	i := 0
	if _, x, ok := strings.Cut(a, "X-Frame-Options"); ok { // the bodies first: a length tells little
		if _, y, ok := strings.Cut(b, "X-Frame-Options"); ok && x != y {
			a, b = x, y
		}
	}
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	from := max(0, i-80)
	return "\n  " + a[from:min(len(a), i+120)] + "\n  " + b[from:min(len(b), i+120)]
}

var (
	href = regexp.MustCompile(`(?:href|action|src)="([^"]+)"`)
	next = regexp.MustCompile(`"next":"([^"]+)"`)
)

// links lists where an answer leads to.
func links(target string, w *httptest.ResponseRecorder) (list []string) {
	path, query, _ := strings.Cut(target, "?")
	body := w.Body.String()
	for _, m := range href.FindAllStringSubmatch(body, -1) {
		to := html.UnescapeString(m[1])
		to, _, _ = strings.Cut(to, "#")
		switch {
		case strings.HasPrefix(to, "?"):
			list = append(list, path+to)
		case strings.HasPrefix(to, "/") && !strings.Contains(to, "/sign-in?"):
			list = append(list, to)
		}
	}
	if m := next.FindStringSubmatch(body); m != nil {
		v, _ := url.ParseQuery(query)
		v.Set("cursor", m[1])
		list = append(list, path+"?"+v.Encode())
	}
	return list
}

// starts are the addresses that every crawl begins with.
func (s *spy) starts() (list []string) {
	w := s.dark
	for _, r := range w.Door.Routes() {
		if r.Method != "GET" || strings.Contains(r.Path, "sign-out") || s.who == "auditor" && strings.HasSuffix(r.Path, "/trail") {
			continue
		}
		path := strings.NewReplacer("{$}", "", "{lang}", "en", "{name}", name(r.Path), "{code}", code(r.Path), "{secret}", "x", "{do}", "disable").Replace(r.Path)
		if !strings.Contains(path, "{") {
			list = append(list, path, path+"?cursor=x&limit=1", path+"?format=csv")
			continue
		}
		for _, name := range w.order {
			kind := r.Kind
			if strings.Contains(path, "{about}") {
				kind = "project"
			}
			if strings.Contains(name, kind) || kind == "match" && name == "talk" {
				at := strings.NewReplacer("{id}", w.ids[name], "{about}", w.ids[name]).Replace(path)
				list = append(list, at)
				if s.bright.ids[name] != "" { // what is in both worlds, in every way
					list = append(list, at+"?to=2&from=1", at+"?to=publish", at+"?kind=project&list=principles&phase=design")
				}
			}
		}
	}
	list = append(list, s.searches()...)
	slices.Sort(list)
	list = slices.Compact(list)
	// Not in the order of the alphabet, so that a crawl that is cut short has
	// seen something of everything.
	for i := range list {
		j := (i * 7919) % len(list)
		list[i], list[j] = list[j], list[i]
	}
	return list
}

// searches look for canaries, for their beginnings and for words that hidden
// and open records share, in all languages, with every filter.
func (s *spy) searches() (list []string) {
	for i, l := range i18n.Langs() {
		words := []string{plain("").By[i], canaries(secret).By[i], canaries(toStates).By[i]}
		for _, word := range words {
			runes := []rune(strings.TrimSpace(word))
			for _, text := range []string{string(runes), string(runes[:len(runes)-1]), string(runes[:min(4, len(runes))]), string(runes) + " sharedword need"} {
				q := url.Values{"q": {text}}.Encode()
				list = append(list, "/"+string(l)+"/search?"+q, "/api/v1/search?"+q+"&lang="+string(l)+"&limit=5", "/api/v1/search?"+q+"&limit=2")
				for _, k := range s.dark.Store.Kinds().All() {
					if !k.Internal {
						list = append(list, "/"+string(l)+"/"+k.Plural+"?"+q, "/api/v1/"+k.Plural+"?limit=1&"+q, "/feeds/"+k.Name+".atom?"+q)
					}
				}
			}
		}
	}
	for _, k := range s.dark.Store.Kinds().All() {
		for _, filter := range []string{"owner=WSM", "owner=KEN&owner=GFCE", "sort=date", "sort=created&dir=asc", "state=draft", "state=archived&state=published", "audience=own", "audience=states&state=published", "topics=policy-strategy"} {
			list = append(list, "/en/"+k.Plural+"?"+filter, "/en/"+k.Plural+"?format=csv&"+filter, "/api/v1/"+k.Plural+"?limit=3&"+filter)
		}
	}
	return list
}
