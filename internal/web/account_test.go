package web

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pquerna/otp/hotp"

	"concord/internal/access"
	"concord/internal/db"
	"concord/internal/door"
	"concord/internal/i18n"
	"concord/internal/party"
	"concord/internal/party/reference"
	"concord/internal/record"
	"concord/internal/search"
	"concord/internal/vocab"
)

const (
	phrase  = "three quiet rivers under glass"
	another = "seven loud lanterns over slate"
)

// house is a portal that listens, with a clock that only tests move.
type house struct {
	t     *testing.T
	site  *Site
	store *party.Store
	url   string
	mu    sync.Mutex
	now   time.Time
}

func (h *house) clock() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.now
}

func (h *house) wait(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now = h.now.Add(d)
}

// note is a kind with one question, enough to be typed into.
type note struct {
	Title i18n.Text `json:"title" rec:"required,title,search,section=what"`
}

// catalogue is the kernel's words.
func catalogue(t testing.TB) *i18n.Catalog {
	t.Helper()
	sets, err := Messages()
	if err != nil {
		t.Fatal(err)
	}
	c, err := i18n.LoadCatalog(sets...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func build(t *testing.T, d *db.DB) *house {
	t.Helper()
	h := &house{t: t, now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	h.store = party.New(d, h.clock, party.WithCost(party.Cost{Memory: 8, Time: 1, Threads: 1}))
	places, err := reference.Load()
	check(err)
	check(h.store.Seed(t.Context(), places))
	words, err := vocab.Load()
	check(err)
	k, err := record.NewKind[note](record.Kind{
		Name: "note", Plural: "notes", Sections: []string{"what"},
		KindRule: access.KindRule{Authors: []access.PartyKind{access.State}, Audiences: []access.Audience{access.States, access.Own}},
	})
	check(err)
	kinds, err := record.NewKinds(words, []*record.Kind{k})
	check(err)
	directory := func(ctx context.Context) (record.Directory, error) { return h.store.Directory(ctx) }
	doors := &door.Door{Parties: h.store, Catalog: catalogue(t), Log: slog.New(slog.NewTextHandler(t.Output(), nil)), Now: h.clock}
	h.site = &Site{Store: record.NewStore(d, kinds, directory, search.New(d.Engine), h.clock), Parties: h.store, Door: doors}
	doors.Fail = h.site.Fail
	check(doors.Add(h.site.Routes()...))
	server := httptest.NewServer(doors)
	t.Cleanup(server.Close)
	h.url = server.URL
	return h
}

// join makes an account with the phrase as its password.
func (h *house) join(code, email string, roles ...access.Role) party.Account {
	h.t.Helper()
	acc, secret := h.invited(code, email, roles...)
	if _, err := h.store.AcceptLink(h.t.Context(), secret, phrase); err != nil {
		h.t.Fatal(err)
	}
	return acc
}

func (h *house) invited(code, email string, roles ...access.Role) (party.Account, string) {
	h.t.Helper()
	acc, secret, err := h.store.Invite(h.t.Context(), party.Operator(),
		party.Account{Party: code, Name: "Amina Otieno", Email: email, Lang: i18n.English, Roles: roles}, "test")
	if err != nil {
		h.t.Fatal(err)
	}
	return acc, secret
}

// visitor is a browser without scripts that follows no redirect by itself.
type visitor struct {
	h      *house
	client *http.Client
}

// answer is what came back.
type answer struct {
	t      *testing.T
	what   string
	status int
	to     string // where a redirect leads
	body   string
	header http.Header
}

func (h *house) visitor() *visitor {
	jar, _ := cookiejar.New(nil) // never fails
	return &visitor{h, &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// person is a visitor who has signed in.
func (h *house) person(email, password string) *visitor {
	h.t.Helper()
	v := h.visitor()
	v.post("/en/sign-in", "email", email, "password", password).leads("/en/delegation")
	return v
}

// copy is another browser with the cookies of v.
func (v *visitor) copy() *visitor {
	c := v.h.visitor()
	u, _ := url.Parse(v.h.url)
	c.client.Jar.SetCookies(u, v.client.Jar.Cookies(u))
	return c
}

func (v *visitor) get(path string) *answer {
	v.h.t.Helper()
	req, _ := http.NewRequestWithContext(v.h.t.Context(), "GET", v.h.url+path, nil)
	return v.do(req)
}

func (v *visitor) post(path string, pairs ...string) *answer {
	v.h.t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	req, _ := http.NewRequestWithContext(v.h.t.Context(), "POST", v.h.url+path, strings.NewReader(form.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	return v.do(req)
}

// rawKey is a message key that was shown for want of a message.
var rawKey = regexp.MustCompile(`[>"](error|account|accounts|sign-in|link|kept|prove|admin|role|done|form|act|chrome|lang|party|problem)\.[a-z_.-]+[<"]`)

func (v *visitor) do(req *http.Request) *answer {
	t := v.h.t
	t.Helper()
	req.Header.Set("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
	resp, err := v.client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	a := &answer{t, req.Method + " " + req.URL.RequestURI(), resp.StatusCode, resp.Header.Get("Location"), string(body), resp.Header}
	if key := rawKey.FindString(a.body); key != "" {
		t.Errorf("%s shows the key %s", a.what, key)
	}
	if a.status >= 500 {
		t.Errorf("%s: %d", a.what, a.status)
	}
	return a
}

// leads fails unless the answer is a redirect to a path.
func (a *answer) leads(path string) *answer {
	a.t.Helper()
	if a.status != http.StatusSeeOther || a.to != path {
		a.t.Fatalf("%s: %d to %q, want a redirect to %q\n%s", a.what, a.status, a.to, path, a.main())
	}
	return a
}

// says fails unless the answer has the status and, in its content, the words.
func (a *answer) says(status int, words ...string) *answer {
	a.t.Helper()
	if a.status != status {
		a.t.Fatalf("%s: %d, want %d\n%s", a.what, a.status, status, a.main())
	}
	for _, w := range words {
		if !strings.Contains(a.body, w) {
			a.t.Errorf("%s does not say %q\n%s", a.what, w, a.main())
		}
	}
	return a
}

func (a *answer) lacks(words ...string) *answer {
	a.t.Helper()
	for _, w := range words {
		if strings.Contains(a.body, w) {
			a.t.Errorf("%s says %q", a.what, w)
		}
	}
	return a
}

// main is the content of the page, for messages of tests.
func (a *answer) main() string {
	_, rest, _ := strings.Cut(a.body, "<main")
	rest, _, _ = strings.Cut(rest, "</main>")
	return rest
}

// find is the first group of a pattern in the page.
func (a *answer) find(pattern string) string {
	a.t.Helper()
	m := regexp.MustCompile(pattern).FindStringSubmatch(a.body)
	if m == nil {
		a.t.Fatalf("%s has no %s\n%s", a.what, pattern, a.main())
	}
	return m[1]
}

// code is what an authenticator app with the secret shows now.
func (h *house) code(secret string) string {
	code, err := hotp.GenerateCode(secret, uint64(h.clock().Unix()/30))
	if err != nil {
		h.t.Fatal(err)
	}
	return code
}
