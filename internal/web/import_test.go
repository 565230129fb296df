package web

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"mime/multipart"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"concord/internal/access"
	"concord/internal/db"
	"concord/internal/db/dbtest"
	"concord/internal/record"
)

// send posts a form with a file.
func (v *visitor) send(path, file string, pairs ...string) *answer {
	v.h.t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	if file != "" {
		part, _ := w.CreateFormFile("file", "notes.csv") // a buffer never fails
		part.Write([]byte(file))
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		w.WriteField(pairs[i], pairs[i+1])
	}
	w.Close()
	req, _ := http.NewRequestWithContext(v.h.t.Context(), "POST", v.h.url+path, &b)
	req.Header.Set("Content-Type", w.FormDataContentType())
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	return v.do(req)
}

var keptField = regexp.MustCompile(`name="kept" value="([^"]+)"`)

func (h *house) notes() int {
	h.t.Helper()
	page, err := h.site.Store.List(h.t.Context(), access.Actor{Party: "KEN", Kind: access.State, Roles: []access.Role{access.FocalPoint}}, record.Query{Kinds: []string{"note"}})
	if err != nil {
		h.t.Fatal(err)
	}
	return page.Total
}

func TestImportPages(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := build(t, d)
		h.site.Door.Catalog = catalogue(t)
		h.join("KEN", "a@example.org", access.FocalPoint)
		h.join("KEN", "v@example.org", access.Viewer)
		const page = "/en/notes/import"
		h.visitor().get(page).lacks("Choose")
		h.person("v@example.org", phrase).get(page).says(403)
		v := h.person("a@example.org", phrase)
		v.get(page).says(200, `type="file"`, "/en/notes/template.csv")
		v.get("/en/notes/template.csv").says(200, "title.en")
		v.send(page, "").says(422, "Choose a file that is not empty")
		v.send(page, "nothing\nx\n").says(422, "This file cannot be used", "There is no column")

		const file = "key,title,audience\n1,First <b>note</b>,states\n2,Second,nobody\n3,Third,own\n"
		a := v.send(page, file, "state", "published", "lang", "fr", "do", "check").says(200, "has been checked", "Import 2 rows", "Row not taken")
		a.lacks("<b>note")
		if n := h.notes(); n != 0 {
			t.Fatalf("a check wrote %d", n)
		}
		kept := keptField.FindStringSubmatch(a.body)
		if kept == nil {
			t.Fatal("the file is not kept")
		}
		// The file waits for this account and this page only.
		h.join("KEN", "b@example.org", access.FocalPoint)
		h.person("b@example.org", phrase).post(page, "kept", kept[1]).says(422, "Choose a file")
		v.post("/en/notes/import?x=1", "kept", "forged").says(422, "Choose a file")
		v.post(page, "kept", kept[1]).says(200, "has been imported", "entries added")
		if n := h.notes(); n != 2 {
			t.Fatalf("%d notes", n)
		}
		v.post(page, "kept", kept[1]).says(422, "Choose a file") // it is forgotten
		v.send(page, file, "do", "import", "state", "published").says(200, "entries there already")
		if n := h.notes(); n != 2 {
			t.Fatalf("%d notes after the same file", n)
		}
	})
}

func TestImportLargeFiles(t *testing.T) {
	h := build(t, dbtest.SQLite(t))
	h.site.Door.Catalog = catalogue(t)
	h.join("KEN", "a@example.org", access.FocalPoint)
	v := h.person("a@example.org", phrase)
	const page = "/en/notes/import"
	var b strings.Builder
	b.WriteString("key,title\n")
	for i := range maxImportRows + 1 {
		fmt.Fprintf(&b, "%d,x\n", i)
	}
	v.send(page, b.String(), "do", "check").says(422, "more than 5,000 rows")

	// A file that does not shrink is not kept: it is asked for again.
	b.Reset()
	b.WriteString("key,title\n")
	r := rand.New(rand.NewPCG(1, 2))
	for i := range 3000 {
		fmt.Fprintf(&b, "%d,", i)
		for range 200 {
			b.WriteByte("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"[r.IntN(62)])
		}
		b.WriteByte('\n')
	}
	v.send(page, b.String(), "do", "check").says(200, "too large to be kept", `value="import"`)
	v.send(page, strings.Repeat("x", maxUpload+1), "do", "check").says(413)
	for range importsPerHour {
		if v.send(page, "title\nx\n", "do", "check").status == http.StatusTooManyRequests {
			return
		}
	}
	t.Error("no limit on imports")
}
