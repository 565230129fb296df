package match

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"
)

var testPlaces = Places{
	Resolve: func(name string) ([]string, bool) {
		codes, ok := map[string][]string{
			"All States": {All}, "Tonga": {"TON"}, "TON": {"TON"}, "ASEAN": {"ASEAN", "@asean"}, "Ministry, Tonga": {"TON"},
		}[name]
		return codes, ok
	},
	GroupsOf: func(code string) []string { return map[string][]string{"TON": {"@sids"}}[code] },
}

func TestReadStatements(t *testing.T) {
	needs, offers, err := ReadStatements(strings.NewReader(`{"meta": {}, "entries": [
		{"id": "1", "kind": "need", "title": "A", "subject_iso3": "TON", "organisation": "Tonga", "topics": ["law"], "source": {"quote": "B", "date": "2023-03-09"}},
		{"id": "2", "kind": "need", "title": "A", "subject_iso3": "TON", "organisation": "Contacts (as observed by Tonga)"},
		{"id": "3", "kind": "fund", "title": "F", "organisation": "X", "beneficiaries": ["All States", "Diplomats"], "status": "proposed", "start": "2020", "end": "2021-02"},
		{"id": "4", "kind": "project", "title": "P", "implementer": ["Ministry, Tonga"], "funder": null, "beneficiaries": ["TON"], "summary": "S"},
		{"id": "5", "kind": "project", "title": "P", "implementer": ["Ministry, Tonga"], "funder": ["X"], "beneficiaries": ["TON"]},
		{"id": "6", "kind": "training", "title": "T", "organisation": "X", "beneficiaries": ["ASEAN", "Tonga"]}
	], "needs": [{"id": "7", "title": "N", "subject": "Tonga"}]}`), testPlaces)
	if err != nil {
		t.Fatal(err)
	}
	en := func(title string, more ...string) []Text {
		ts := []Text{{"en", title, true}}
		for _, m := range more {
			ts = append(ts, Text{"en", m, false})
		}
		return ts
	}
	wantNeeds := []Need{
		{ID: "1", Party: "TON", Groups: []string{"@sids"}, Topics: []string{"law"}, Text: en("A", "B"), Start: time.Date(2023, 3, 9, 0, 0, 0, 0, time.UTC)},
		{ID: "2", Text: en("A")},
		{ID: "7", Party: "TON", Groups: []string{"@sids"}, Text: en("N")},
	}
	wantOffers := []Offer{
		{ID: "3", Kind: KindFund, Provider: "X", Open: true, Circle: "Diplomats", Status: StatusProposed, Text: en("F"),
			ValidFrom: time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC), ValidTo: time.Date(2021, 2, 28, 23, 59, 59, 0, time.UTC)},
		{ID: "4", Kind: KindProject, Provider: "Ministry, Tonga", Eligible: []string{"TON"}, Own: true, Status: StatusCurrent, Text: en("P", "S")},
		{ID: "5", Kind: KindProject, Provider: "Ministry, Tonga; X", Eligible: []string{"TON"}, Status: StatusCurrent, Text: en("P")},
		{ID: "6", Kind: KindTraining, Provider: "X", Named: []string{"@asean", "TON"}, Status: StatusCurrent, Text: en("T")},
	}
	if !reflect.DeepEqual(needs, wantNeeds) {
		t.Errorf("needs\n got %+v\nwant %+v", needs, wantNeeds)
	}
	if !reflect.DeepEqual(offers, wantOffers) {
		t.Errorf("offers\n got %+v\nwant %+v", offers, wantOffers)
	}
}

func TestReadStatementsRefuses(t *testing.T) {
	for name, tt := range map[string]struct{ in, want string }{
		"no JSON":      {`needs`, "invalid character"},
		"empty":        {``, "unexpected end"},
		"other JSON":   {`{"items": []}`, "neither entries nor needs"},
		"two values":   {`{"needs": []} {}`, "after top-level value"},
		"no id":        {`{"needs": [{"title": "x"}]}`, "needs[0]"},
		"no title":     {`{"needs": [{"id": "a"}]}`, `needs[0] "a": no title`},
		"kind":         {`{"entries": [{"id": "a", "title": "x", "kind": "wish"}]}`, `unknown kind "wish"`},
		"no kind":      {`{"entries": [{"id": "a", "title": "x"}]}`, `unknown kind ""`},
		"twice":        {`{"needs": [{"id": "a", "title": "x"}, {"id": "a", "title": "x"}]}`, `needs[1]: "a" occurs twice`},
		"type":         {`{"needs": [{"id": "a", "title": 1}]}`, "needs[0]"},
		"topics":       {`{"needs": [{"id": "a", "title": "x", "topics": [1]}]}`, "needs[0]"},
		"date":         {`{"needs": [{"id": "a", "title": "x", "start": "soon"}]}`, `"soon" is not a date`},
		"backwards":    {`{"needs": [{"id": "a", "title": "x", "start": "2024", "end": "2023"}]}`, "ends before it starts"},
		"long":         {`{"needs": [{"id": "a", "title": "` + strings.Repeat("x", maxText+1) + `"}]}`, "too long"},
		"many topics":  {`{"needs": [{"id": "a", "title": "x", "topics": [` + strings.Repeat(`"t",`, maxList) + `"t"]}]}`, "a list is too long"},
		"many entries": {`{"needs": [` + strings.Repeat(`{},`, maxEntries) + `{}]}`, "at most"},
	} {
		_, _, err := ReadStatements(strings.NewReader(tt.in), testPlaces)
		if !errors.Is(err, ErrStatements) || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want %s", name, err, tt.want)
		}
	}
}

func FuzzReadStatements(f *testing.F) {
	f.Add([]byte(`{"entries": [{"id": "a", "kind": "fund", "title": "x", "start": "2020-01", "topics": "law", "beneficiaries": ["TON", "All States"]}], "needs": [{"id": "b", "title": "x y", "subject": "TON"}]}`))
	f.Add([]byte(`{"needs": [{"id": "b", "title": "Équipe d'intervention 应急", "source": {"quote": "x", "date": ""}}]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		needs, offers, err := ReadStatements(strings.NewReader(string(b)), testPlaces)
		if err != nil {
			if needs != nil || offers != nil {
				t.Error("records with an error")
			}
			return
		}
		e := New(offers, Options{Names: []string{"Tonga"}, Topics: []Topic{{Code: "law", Words: map[string][]string{"en": {"x"}}}}})
		for _, n := range needs {
			for _, m := range e.Rank(n, 3).Matches {
				if !(m.Score > 0 && m.Score <= 1) {
					t.Errorf("score %v", m.Score)
				}
			}
		}
	})
}
