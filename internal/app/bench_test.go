package app

import (
	"context"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"concord/internal/exchange"
	"concord/internal/party"
)

// BenchmarkPages measures pages in process, with the whole door but no network:
//
//	go test ./internal/app -bench Pages -run xxx
func BenchmarkPages(b *testing.B) {
	modules, err := Modules()
	if err != nil {
		b.Fatal(err)
	}
	p, err := Open(b.Context(), Options{Database: filepath.Join(b.TempDir(), "b.db")}, modules...)
	if err != nil {
		b.Fatal(err)
	}
	defer p.Close()
	if err := exchange.Generate(context.Background(), p.Store, party.Operator(), 3000, 1, nil); err != nil {
		b.Fatal(err)
	}
	get := func(path string) string {
		r := httptest.NewRequest(http.MethodGet, path, nil)
		r.Header.Set("Accept-Encoding", "gzip")
		w := httptest.NewRecorder()
		p.Door.ServeHTTP(w, r)
		if w.Code != http.StatusOK {
			b.Fatalf("%s answered %d", path, w.Code)
		}
		return w.Header().Get("Content-Length")
	}
	r := httptest.NewRequest(http.MethodGet, "/api/v1/needs?limit=1", nil)
	w := httptest.NewRecorder()
	p.Door.ServeHTTP(w, r)
	_, after, _ := strings.Cut(w.Body.String(), `"id":"`)
	id, _, _ := strings.Cut(after, `"`)
	for name, path := range map[string]string{
		"home": "/en/", "list": "/en/needs?timeframe=short", "list-json": "/api/v1/needs?timeframe=short&limit=20",
		"record": "/en/needs/" + id, "record-json": "/api/v1/needs/" + id, "search": "/en/search?q=security",
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				get(path)
			}
		})
	}
}
