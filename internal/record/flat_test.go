package record

import (
	"encoding/json"
	"net/url"
	"reflect"
	"testing"

	"concord/internal/i18n"
	"concord/internal/problem"
)

// full is a thing with a value in every field.
func full() *thing {
	title := en("Title")
	title.Set(i18n.Arabic, "عنوان")
	return &thing{
		Title: title, Summary: i18n.NewText(i18n.Chinese, "摘要"), Topics: []string{"national-strategy"}, Phone: "+685 1", Mail: "a@example.org",
		Day: "2026-11", Starts: Moment{"2026-12-07T10:00", "Pacific/Apia"}, People: 12, Urgent: true, Link: "https://example.org/",
		Host: "WSM", Guests: []PartyCode{"KEN", "@sids"}, Before: "06h0f8hjg5zr5e292h58q1nvhr", Related: []Ref{"06h0f8hjg5zr5e292h58q1nvhr"},
		Steps: []step{{Name: en("One"), Due: "2027"}, {Name: i18n.NewText(i18n.Russian, "Два"), See: "06h0f8hjg5zr5e292h58q1nvhr"}},
	}
}

func TestFlatAndBack(t *testing.T) {
	k := testKinds(t).Kind("thing")
	var f problem.Fields
	got := &thing{}
	k.Parse(k.Flatten(full()), i18n.English, got, &f)
	if err := f.Err(); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, full()) {
		t.Errorf("got %+v, want %+v", got, full())
	}
	names := map[string]bool{}
	for _, name := range k.Names(2) {
		names[name] = true
	}
	for name := range k.Flatten(full()) {
		if !names[name] {
			t.Errorf("%s is not among the names", name)
		}
	}
}

// People type digits of their own script, and days in three boxes.
func TestParseWhatPeopleType(t *testing.T) {
	k := testKinds(t).Kind("thing")
	for text, want := range map[string]thing{
		"people=١٢٣&day=٢٠٢٦":                     {People: 123, Day: "2026"},
		"people=1,2":                              {People: 12},
		"day.year=2026&day.month=3&day.day=7":     {Day: "2026-03-07"},
		"day.year=2026&day.month=3":               {Day: "2026-03"},
		"starts.local=2026-12-07 10:00":           {Starts: Moment{"2026-12-07T10:00", ""}},
		"guests=KEN%3BKEN%3B+@sids":               {Guests: []PartyCode{"KEN", "@sids"}},
		"steps.7.name=x&steps.2.name=y&steps.0.x": {Steps: []step{{Name: en("y")}, {Name: en("x")}}},
		"urgent=on":                               {Urgent: true},
	} {
		in, err := url.ParseQuery(text)
		if err != nil {
			t.Fatal(err)
		}
		var f problem.Fields
		var got thing
		k.Parse(in, i18n.English, &got, &f)
		got.Title, got.Summary = want.Title, want.Summary
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, %v", text, got, f.List())
		}
	}
}

// Whatever is posted, what is read of it reads back the same, as a form and as
// JSON, and validates without a panic.
func FuzzParse(f *testing.F) {
	ks := testKinds(f)
	k := ks.Kind("thing")
	f.Add(k.Flatten(full()).Encode())
	f.Add("title=x&title.original=fr&people=-0&day.month=13&steps.199.name=a&steps.200.name=b&steps.-1.name=c")
	f.Add("topics=a;b;;a&starts.local=%00&urgent=1&people=9999999999999999999&title=%ff")
	f.Fuzz(func(t *testing.T, text string) {
		in, err := url.ParseQuery(text)
		if err != nil {
			return
		}
		var p problem.Fields
		first, second := &thing{}, &thing{}
		k.Parse(in, i18n.English, first, &p)
		ks.Validate(k, first, parties(), false, &p)
		var again problem.Fields
		k.Parse(k.Flatten(first), i18n.English, second, &again)
		if again.Err() != nil || k.Flatten(first).Encode() != k.Flatten(second).Encode() {
			t.Errorf("%q reads back as %q, then as %q (%v)", text, k.Flatten(first).Encode(), k.Flatten(second).Encode(), again.Err())
		}
		b, err := json.Marshal(first)
		if err != nil {
			t.Fatal(err)
		}
		decoded, err := k.Decode(b)
		if err != nil {
			t.Fatalf("%s: %v", b, err)
		}
		if got := k.Flatten(decoded).Encode(); got != k.Flatten(first).Encode() {
			t.Errorf("JSON %s reads back as %q", b, got)
		}
	})
}

// Whatever JSON is sent, it is refused or reads back the same.
func FuzzDecode(f *testing.F) {
	ks := testKinds(f)
	k := ks.Kind("thing")
	b, err := json.Marshal(full())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Add([]byte(`{"title":{"en":"x","original":"xx","machine":["fr"]},"people":1e3}`))
	f.Add([]byte(`{"steps":[null,{}],"related":null,"starts":{"local":""}}`))
	f.Fuzz(func(t *testing.T, sent []byte) {
		body, err := k.Decode(sent)
		if err != nil {
			return
		}
		var p problem.Fields
		ks.Validate(k, body, parties(), false, &p)
		b, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		again, err := k.Decode(b)
		if err != nil {
			t.Fatalf("%s: %v", b, err)
		}
		if c, err := json.Marshal(again); err != nil || string(c) != string(b) {
			t.Errorf("%s, then %s, %v", b, c, err)
		}
	})
}
