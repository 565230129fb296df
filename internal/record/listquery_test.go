package record

import (
	"net/url"
	"testing"

	"concord/internal/access"
	"concord/internal/i18n"
)

// FuzzReadQuery reads lists' addresses as anybody may write them: nothing is
// unbounded, and only facets become filters.
func FuzzReadQuery(f *testing.F) {
	for _, seed := range []string{"q=x&topics=a&topics=b&sort=date&dir=asc", "cursor=%00&state=draft", "topics=" + "a;b&owner=@all", "sort=;;&q=%ff%fe", "%gg"} {
		f.Add(seed)
	}
	type note struct {
		Title i18n.Text `json:"title" rec:"title,required"`
		Topic string    `json:"topic" rec:"facet,vocab=topic"`
	}
	k, err := NewKind[note](Kind{Name: "note", Plural: "notes", KindRule: access.KindRule{
		Authors: []access.PartyKind{access.State}, Audiences: []access.Audience{access.Public},
	}})
	if err != nil {
		f.Fatal(err)
	}
	facets := []string{"topic", "state", "owner"}
	f.Fuzz(func(t *testing.T, raw string) {
		v, _ := url.ParseQuery(raw) // what can be read of a bad one is used
		q := ReadQuery(k, v, facets)
		for name, codes := range q.Filter {
			if name != "topic" && name != "state" && name != "owner" {
				t.Errorf("%q became a filter", name)
			}
			if len(codes) > 50 {
				t.Errorf("%d codes of %s", len(codes), name)
			}
		}
		switch q.Order {
		case "", ByUpdated, ByCreated, ByDate, ByRelevance:
		default:
			t.Errorf("order %q", q.Order)
		}
	})
}
