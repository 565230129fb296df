package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"concord/internal/access"
	"concord/internal/db"
	"concord/internal/db/dbtest"
	"concord/internal/door"
	"concord/internal/i18n"
	"concord/internal/party"
)

// The whole way of a person: invited, in, guarded, with a token, and out
// everywhere.
func TestAccountStory(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := build(t, d)
		h.join("KEN", "head@ken.example", access.FocalPoint)
		head := h.person("head@ken.example", phrase)

		// An invitation, with the mistakes that people make.
		head.post("/en/accounts/new", "name", "", "email", "nobody", "lang", "fr").
			says(422, "There is a problem", "Error:", `value="nobody"`, `href="#email"`, `href="#roles"`)
		made := head.post("/en/accounts/new", "name", "Amina Otieno", "email", "amina@ken.example", "lang", "fr", "roles", "editor").
			says(200, "Amina Otieno is invited", "only time the link is shown")
		head.post("/en/accounts/new", "name", "Amina Otieno", "email", "amina@ken.example", "lang", "fr", "roles", "editor").
			says(422, "account with this address already")
		link := made.find(`/fr(/link/[A-Za-z0-9_-]{43})<`)
		head.get("/en/accounts").says(200, "amina@ken.example", "has not come yet")

		// Looking at a link uses nothing up.
		amina := h.visitor()
		for range 3 {
			amina.get("/en"+link).says(200, "Welcome", "Kenya", "Editor")
		}
		amina.post("/en"+link, "password", phrase, "again", another).says(422, "not the same").lacks(phrase)
		amina.post("/en"+link, "password", "short", "again", "short").says(422, "at least 15")
		amina.post("/en"+link, "password", phrase, "again", phrase).leads("/en/sign-in?done=password-set")
		amina.get("/en"+link).says(404, "works no more")
		amina.post("/en"+link, "password", another, "again", another).says(404)

		// In, to the language of the account.
		amina.post("/en/sign-in", "email", " Amina@KEN.example ", "password", phrase).leads("/fr/delegation")
		amina.get("/en/account").says(200, "amina@ken.example", "Amina Otieno")
		amina.get("/en/sign-in?next=/en/account").leads("/en/account")
		amina.post("/en/account", "name", "", "lang", "en").says(422, "needed")
		amina.post("/en/account", "name", "Amina A. Otieno", "lang", "en").leads("/en/account?done=profile")

		// Signing in again replaces the session, so that nobody can plant one.
		before := amina.copy()
		amina.post("/en/sign-in", "email", "amina@ken.example", "password", phrase).leads("/en/delegation")
		before.get("/en/account").leads("/en/sign-in?next=%2Fen%2Faccount")

		// The second factor.
		amina.post("/en/account/code", "do", "begin", "password", another).says(422, "password or the code is wrong")
		begun := amina.post("/en/account/code", "do", "begin", "password", phrase).says(200, "<svg", "otpauth://totp/")
		secret := begun.find(`name="secret" value="([A-Z2-7]+)"`)
		address := strings.ReplaceAll(begun.find(`name="url" value="([^"]+)"`), "&amp;", "&")
		amina.post("/en/account/code", "do", "confirm", "code", "000000", "secret", secret, "url", address).says(422, "not the code", "<svg")
		amina.post("/en/account/code", "do", "confirm", "code", h.code(secret)).leads("/en/account?done=code-on")
		other := h.visitor()
		h.wait(time.Minute)
		other.post("/en/sign-in", "email", "amina@ken.example", "password", phrase).says(422, "is wrong").lacks(phrase)
		other.post("/en/sign-in", "email", "amina@ken.example", "password", phrase, "code", h.code(secret)).leads("/en/delegation")

		// A token, shown once.
		amina.post("/en/account/tokens/new", "token", "", "scope", "read", "days", "90").says(422, `href="#token"`)
		shown := amina.post("/en/account/tokens/new", "token", "Register", "scope", "read", "days", "90").says(200, "only time it is shown")
		token := shown.find(`(concord_[A-Za-z0-9_-]{43})`)
		if shown.header.Get("Cache-Control") != "no-store" {
			t.Error("a page with a token may be stored")
		}
		amina.post("/en/account/tokens/new", "token", "Register", "scope", "read", "days", "90").says(422, "a token with this name")
		list := amina.get("/en/account/tokens").says(200, "Register", "23 November 2026").lacks(token)
		if actor, _, err := h.store.AuthenticateToken(t.Context(), token); err != nil || !actor.Reads {
			t.Errorf("token: %+v, %v", actor, err)
		}
		revoke := list.find(`href="(/en/account/tokens/[0-9a-z]{26})"`)
		head.get(revoke).says(404)
		head.post(revoke).says(404)
		amina.get(revoke).says(200, "Revoke the token Register?")
		amina.post(revoke).leads("/en/account/tokens?done=token-revoked")
		if _, _, err := h.store.AuthenticateToken(t.Context(), token); err == nil {
			t.Error("a revoked token works")
		}

		// Two sessions; one ends the other, then all end.
		end := amina.get("/en/account/sessions").says(200, "Firefox, Linux", "this browser").find(`name="end" value="([0-9a-f]{64})"`)
		amina.post("/en/account/sessions", "end", end).leads("/en/account/sessions?done=session-ended")
		other.get("/en/account").leads("/en/sign-in?next=%2Fen%2Faccount")
		h.wait(time.Minute)
		other.post("/en/sign-in?next=/ar/account/sessions", "email", "amina@ken.example", "password", phrase, "code", h.code(secret)).leads("/ar/account/sessions")
		h.wait(time.Minute)
		amina.post("/en/account/password", "old", phrase, "password", another, "again", another, "code", "1").says(422, "password or the code").lacks(phrase, another)
		amina.post("/en/account/password", "old", phrase, "password", another, "again", another, "code", h.code(secret)).leads("/en/account?done=password")
		other.get("/en/account").leads("/en/sign-in?next=%2Fen%2Faccount")
		amina.post("/en/account/sessions", "end", "all").leads("/en/sign-in?done=signed-out-everywhere")
		amina.get("/en/account").leads("/en/sign-in?next=%2Fen%2Faccount")

		// Signing out works, and works again.
		head.post("/en/sign-out").leads("/en/?done=signed-out")
		head.post("/en/sign-out").leads("/en/?done=signed-out")
		head.get("/en/accounts").leads("/en/sign-in?next=%2Fen%2Faccounts")
	})
}

// A sign-in link opens nothing until its button is pressed, and then once.
func TestSignInLink(t *testing.T) {
	h := build(t, dbtest.SQLite(t))
	acc, _ := h.invited("KEN", "demo@ken.example", access.FocalPoint)
	make := func(reusable bool) string {
		secret, err := h.store.SignInLink(t.Context(), party.Operator(), acc.ID, time.Hour, reusable)
		if err != nil {
			t.Fatal(err)
		}
		return "/en/link/" + secret
	}
	once := make(false)
	v := h.visitor()
	v.get(once).says(200, "Sign in as Amina Otieno (Focal point, Kenya)")
	v.get("/en/account").leads("/en/sign-in?next=%2Fen%2Faccount")
	v.post(once).leads("/en/delegation")
	v.get("/en/account").says(200, "demo@ken.example")
	h.visitor().post(once).says(404, "works no more")
	again := make(true)
	for range 2 {
		h.visitor().post(again).leads("/en/delegation")
	}
	h.visitor().get("/en/link/x").says(404, "works no more")
	h.wait(40 * time.Minute) // no password, nothing to prove
	v.get("/en/accounts/new").says(200, "Invite a person")
}

// Whether an account exists cannot be told from the answer.
func TestSignInTellsNothing(t *testing.T) {
	h := build(t, dbtest.SQLite(t))
	h.join("KEN", "head@ken.example", access.FocalPoint)
	known := h.visitor().post("/en/sign-in", "email", "head@ken.example", "password", another).says(422)
	unknown := h.visitor().post("/en/sign-in", "email", "none@ken.example", "password", another).says(422)
	if strings.ReplaceAll(unknown.body, "none@", "head@") != known.body {
		t.Error("the answers differ for a known and an unknown address")
	}
	v := h.visitor()
	for range 12 {
		v.post("/en/sign-in", "email", "head@ken.example", "password", another)
	}
	v.post("/en/sign-in", "email", "head@ken.example", "password", phrase).says(429, "Too many attempts", "head@ken.example")
}

func TestLocalPath(t *testing.T) {
	for _, bad := range []string{
		"", "/", "//evil.example/en/", "///evil.example", "https://evil.example/", "http:/en/", "javascript:alert(1)", "evil.example/en/", "en/needs",
		`/\evil.example`, `\\evil.example`, `/en/\evil`, "/en//evil.example", "/en/../..//evil.example", "/en/..", "/%2fevil.example/en/", "/en/%5cevil",
		"/xx/needs", "/api/v1/needs", "/static/x", "/en", "/en/%0d%0aSet-Cookie:x", "/en/a\nb", "/en/sign-in", "/en/sign-out", "/en/link/x", "/en/./x",
		"//user@evil.example/en/", "/en/%2e%2e/%2e%2e/evil", " /en/needs", "https:/en/needs", "?x=/en/", "#/en/",
	} {
		if got, ok := localPath(bad); ok {
			t.Errorf("localPath(%q) = %q", bad, got)
		}
	}
	for in, want := range map[string]string{
		"/en/needs": "/en/needs", "/ar/needs?q=%D8%A7&topic=law": "/ar/needs?q=%D8%A7&topic=law", "/fr/": "/fr/", "/zh/needs/new?done=saved": "/zh/needs/new",
		"/en/needs#frag": "/en/needs", "/en/admin/groups/@sids": "/en/admin/groups/@sids",
	} {
		if got, ok := localPath(in); !ok || got != want {
			t.Errorf("localPath(%q) = %q, %v, want %q", in, got, ok, want)
		}
	}
	h := build(t, dbtest.SQLite(t))
	h.join("KEN", "head@ken.example", access.FocalPoint)
	for _, next := range []string{"//evil.example/en/", `/\evil.example`, "https://evil.example/en/needs"} {
		h.visitor().post("/en/sign-in?next="+url.QueryEscape(next), "email", "head@ken.example", "password", phrase).leads("/en/delegation")
	}
}

// What was typed survives the end of the session, for its writer alone.
func TestKeptForm(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := build(t, d)
		h.join("KEN", "head@ken.example", access.FocalPoint)
		h.join("UGA", "head@uga.example", access.FocalPoint)
		v := h.person("head@ken.example", phrase)
		h.wait(2 * time.Hour)
		typed := []string{"title.en", "A <b>draft</b> & more", "audience", "own", "_once", "0123456789abcdef", "_then", "save"}
		v.post("/en/notes/new", typed...).leads("/en/sign-in?next=%2Fen%2Fkept")
		v.get("/en/sign-in?next=%2Fen%2Fkept").says(200, "What you typed is kept")

		// Somebody else at the same screen does not see it.
		v.post("/en/sign-in?next=/en/kept", "email", "head@uga.example", "password", phrase).leads("/en/kept")
		v.get("/en/kept").says(200, "Nothing is waiting").lacks("draft")
		v.post("/en/sign-out")
		v.post("/en/sign-in?next=/en/kept", "email", "head@ken.example", "password", phrase).leads("/en/kept")
		page := v.get("/en/kept").says(200, "A &lt;b&gt;draft&lt;/b&gt; &amp; more", `action="/en/notes/new"`, `name="_once" value="0123456789abcdef"`)
		page.lacks("<b>draft</b>")
		v.get("/en/kept").says(200, "draft") // a lost page can be asked for again
		if a := v.post("/en/notes/new", typed...); a.status != http.StatusSeeOther || !strings.HasPrefix(a.to, "/en/notes/") {
			t.Errorf("the form is not taken: %d %s", a.status, a.to)
		}
		h.wait(61 * time.Minute)
		v.post("/en/sign-in", "email", "head@ken.example", "password", phrase)
		v.get("/en/kept").says(200, "Nothing is waiting")

		// The page itself is where a form returns to that is not kept.
		h.wait(2 * time.Hour)
		v.post("/en/account/password", "old", phrase, "password", another, "again", another).leads("/en/sign-in?next=%2Fen%2Faccount%2Fpassword")
		h.visitor().post("/en/notes/new", typed...).leads("/en/sign-in?next=%2Fen%2Fnotes%2Fnew")
		var n int
		if err := d.QueryRow(t.Context(), `SELECT COUNT(*) FROM kept_form WHERE form LIKE '%rivers%' OR form LIKE '%lanterns%'`).Scan(&n); err != nil || n != 0 {
			t.Errorf("%d passwords are kept, %v", n, err)
		}

		// A password given long ago is asked for again before what is sensitive.
		v = h.person("head@ken.example", phrase)
		for range 2 { // in use, so that the session lives
			h.wait(20 * time.Minute)
			v.get("/en/account")
		}
		v.get("/en/accounts/new").leads("/en/prove?next=%2Fen%2Faccounts%2Fnew")
		v.post("/en/accounts/new", "name", "Juma", "email", "juma@ken.example", "lang", "en", "roles", "viewer").leads("/en/prove?next=%2Fen%2Fkept")
		v.post("/en/prove?next=/en/kept", "password", another).says(422, "password or the code")
		v.post("/en/prove?next=/en/kept", "password", phrase).leads("/en/kept")
		v.get("/en/kept").says(200, "juma@ken.example", `action="/en/accounts/new"`)
		v.post("/en/kept").leads("/en/delegation?done=kept-dropped")
		v.get("/en/kept").says(200, "Nothing is waiting")
		v.get("/en/accounts/new").says(200)
	})
}

// Who manages which accounts, as the pages show it.
func TestManaging(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := build(t, d)
		h.join("KEN", "head@ken.example", access.FocalPoint)
		viewer := h.join("KEN", "viewer@ken.example", access.Viewer)
		h.join("KEN", "second@ken.example", access.FocalPoint)
		uganda := h.join("UGA", "head@uga.example", access.FocalPoint)
		h.join("UNODA", "admin@un.example", access.Administrator)
		kenya, admin, reader := h.person("head@ken.example", phrase), h.person("admin@un.example", phrase), h.person("viewer@ken.example", phrase)

		for _, path := range []string{"/en/accounts?party=UGA", "/en/accounts/new?party=UGA", "/en/accounts/" + uganda.ID, "/en/accounts/" + uganda.ID + "/disable", "/en/accounts/" + viewer.ID + "/x"} {
			kenya.get(path).says(404).lacks("head@uga.example")
		}
		for _, path := range []string{"/en/accounts/new?party=UGA", "/en/accounts/" + uganda.ID, "/en/accounts/" + uganda.ID + "/link", "/en/accounts/" + uganda.ID + "/disable"} {
			kenya.post(path, "name", "X", "email", "x@uga.example", "lang", "en", "roles", "viewer").says(404)
		}
		reader.get("/en/accounts").says(404)
		reader.post("/en/accounts/new", "name", "X", "email", "x@ken.example", "lang", "en", "roles", "viewer").says(404)
		reader.post("/en/accounts/"+viewer.ID, "roles", "focal-point").says(403, "cannot give a role")
		for _, path := range []string{"/en/admin/parties", "/en/admin/parties/KEN", "/en/admin/groups/@sids"} {
			kenya.get(path).says(403)
		}
		kenya.post("/en/admin/parties/KEN", "_edited", "0", "names.en", "Kenia", "zone", "UTC", "lang", "en", "status", "member", "source", "me").says(403)

		// Roles, a new link, closing and opening again.
		page := "/en/accounts/" + viewer.ID
		kenya.get(page).says(200, "viewer@ken.example", "Approves and publishes")
		kenya.post(page).says(422, "needed")
		kenya.post(page, "roles", "editor", "roles", "contact").leads(page + "?done=roles")
		kenya.get(page+"/link").says(200, "Make sure that it is this person")
		link := kenya.post(page+"/link").says(200, "within a day").find(`/en(/link/[A-Za-z0-9_-]{43})<`)
		h.visitor().get("/en"+link).says(200, "Choose a new password")
		kenya.get(page+"/disable").says(200, "Close the account of Amina Otieno?")
		kenya.post(page + "/disable").leads(page + "?done=account-disabled")
		reader.get("/en/account").leads("/en/sign-in?next=%2Fen%2Faccount")
		h.visitor().get("/en" + link).says(404)
		kenya.get(page).says(200, "closed", "Open the account again")
		kenya.post(page + "/enable").leads(page + "?done=account-enabled")
		second := kenya.get("/en/accounts").find(`href="(/en/accounts/[0-9a-z]{26})"[^>]*>(?:[^<]|<bdi>)*[^<]*</bdi></a>\s*</th><td[^>]*><bdi>second@`)
		kenya.get(second).says(200, "manages accounts as you do")
		kenya.post(second+"/disable").says(403, "You cannot act on this account")

		// The administrator sees no State's accounts, but may make the first.
		admin.get("/en/accounts").says(200, "admin@un.example")
		admin.get("/en/accounts?party=KEN").says(200, "manages its accounts itself").lacks("head@ken.example")
		admin.get("/en/accounts/new?party=KEN").says(403)
		admin.get("/en/accounts?party=WSM").says(200, "Nobody manages these accounts yet")
		admin.post("/en/accounts/new?party=WSM", "name", "Sina", "email", "sina@ws.example", "lang", "en").says(422, `href="#reference"`)
		admin.post("/en/accounts/new?party=WSM", "name", "Sina", "email", "sina@ws.example", "lang", "en", "reference", "NV 12/2026", "roles", "viewer").says(200, "Sina is invited")
	})
}

// Names and members: by the administrator, with a source, one after the other.
func TestAdministering(t *testing.T) {
	h := build(t, dbtest.SQLite(t))
	h.join("UNODA", "admin@un.example", access.Administrator)
	admin := h.person("admin@un.example", phrase)
	admin.get("/en/admin/parties").says(200, "Kenya", "/en/admin/groups/@")
	admin.get("/en/admin/parties/KEN").says(200, "Names are political", "肯尼亚")
	dir, err := h.store.Directory(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ken, _ := dir.Party("KEN")
	form := []string{"_edited", "0", "zone", ken.Zone, "lang", "en", "status", "member"}
	for _, l := range i18n.Langs() {
		form = append(form, "names."+string(l), ken.Names.Get(l))
	}
	form = append(form, "short.en", "Kenya (short)")
	admin.post("/en/admin/parties/KEN", form...).says(422, `href="#source"`, "Kenya (short)")
	sourced := append(slices.Clone(form), "source", "NV 7/2026 of 2 March 2026")
	admin.post("/en/admin/parties/KEN", sourced...).leads("/en/admin/parties/KEN?done=party")
	admin.post("/en/admin/parties/KEN", append(sourced, "short.fr", "Kenya (fr)")...).says(412, "Somebody changed this", "Kenya (fr)")
	admin.get("/en/trail").says(200, "NV 7/2026")
	admin.post("/en/admin/parties/new", append(slices.Clone(sourced), "code", "KEN", "kind", "state")...).says(422, "with this code already")
	admin.post("/en/admin/parties/new", "_edited", "0", "code", "ACME", "kind", "stakeholder", "names.en", "Acme", "zone", "UTC", "lang", "en", "source", "its registration").
		leads("/en/admin/parties/ACME?done=party")
	admin.get("/en/accounts?party=ACME").says(200, "0 accounts")

	group := dir.Groups(i18n.English)[0]
	path := "/en/admin/groups/" + group.Code
	admin.get(path).says(200, "Members of a group read")
	admin.post(path, "_edited", "0", "names.en", group.Name(i18n.English), "members", "KEN", "members", "WSM", "source", "decision 1").
		leads(path + "?done=group")
	if dir, err = h.store.Directory(t.Context()); err != nil || !slices.Equal(dir.Members(group.Code), []string{"KEN", "WSM"}) {
		t.Errorf("members: %v, %v", dir.Members(group.Code), err)
	}
}

// No form of another site does anything, and no page of an account opens
// without a session.
func TestForgery(t *testing.T) {
	h := build(t, dbtest.SQLite(t))
	h.join("KEN", "head@ken.example", access.FocalPoint)
	v := h.person("head@ken.example", phrase)
	posts, pages := 0, 0
	fill := strings.NewReplacer("{lang}", "en", "{id}", "x", "{code}", "KEN", "{do}", "disable", "{secret}", "x", "{$}", "", "{name}", "x")
	for _, r := range h.site.Routes() {
		path := fill.Replace(r.Path)
		if r.Method == http.MethodGet {
			if r.Who == door.SignedIn {
				pages++
				h.visitor().get(path).leads("/en/sign-in?next=" + url.QueryEscape(path))
			}
			continue
		}
		posts++
		for name, value := range map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"} {
			req, _ := http.NewRequestWithContext(t.Context(), r.Method, h.url+path, strings.NewReader("end=all"))
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			req.Header.Set(name, value)
			v.do(req).says(403, "another site")
		}
	}
	if posts < 18 || pages < 18 {
		t.Errorf("%d forms and %d pages are too few to be all", posts, pages)
	}
	v.get("/en/account").says(200)
}
