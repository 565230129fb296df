package search

import (
	"strings"
	"testing"
	"unicode/utf8"

	"concord/internal/i18n"
)

// marked writes spans as text with [hits].
func marked(spans []Span) string {
	var b strings.Builder
	for _, s := range spans {
		if s.Hit {
			b.WriteString("[" + s.Text + "]")
		} else {
			b.WriteString(s.Text)
		}
	}
	return b.String()
}

func TestHighlight(t *testing.T) {
	long := strings.Repeat("nothing to see here ", 30) + "the incident response teams of States " + strings.Repeat("and so on ", 40)
	for _, c := range []struct {
		text  string
		lang  i18n.Lang
		query string
		max   int
		want  string
	}{
		{"Governments govern.", "en", "governing the", 100, "[Governments] [govern]."},
		{"<b>Team</b> & co", "en", "teams", 100, "<b>[Team]</b> & co"},
		{"L’État et les états", "fr", "etat", 100, "L’[État] et les [états]"},
		{"我们的网络安全法", "zh", "网络安全", 100, "我们的[网络安全]法"},
		{"الأمن السيبراني", "ar", "امن", 100, "[الأمن] السيبراني"},
		{"breastfeeding", "en", "breastfeed", 100, "[breastfeeding]"},
		{"English text", "fr", "texts", 100, "English [text]"},
		{"no hit", "en", "zebra", 100, "no hit"},
		{"no hit at all in this", "en", "zebra", 12, "no hit at…"},
		{"", "en", "zebra", 12, ""},
		{"text", "en", "text", 0, "…"},
		{long, "en", "incidents team", 70, "…to see here the [incident] response [teams] of States and so on and so on…"},
	} {
		if got := marked(NewAnalyser().Highlight(c.text, c.lang, c.query, c.max)); got != c.want {
			t.Errorf("Highlight(%.40q, %q) = %q, want %q", c.text, c.query, got, c.want)
		}
	}
}

func FuzzHighlight(f *testing.F) {
	f.Add("L’État 网络安全 of the States", "etats 安全", "fr", 10)
	f.Add("\xff\x00abc", "abc", "", 2)
	a := NewAnalyser()
	f.Fuzz(func(t *testing.T, text, query, lang string, max int) {
		l, _ := i18n.Parse(lang)
		spans := a.Highlight(text, l, query, max)
		var b strings.Builder
		for _, s := range spans {
			if s.Text == "" || !utf8.ValidString(s.Text) {
				t.Fatalf("bad span %q", s.Text)
			}
			b.WriteString(s.Text)
		}
		got := b.String()
		if n := utf8.RuneCountInString(got); max >= 0 && n > max+2 && n > 2 {
			t.Fatalf("%d characters, at most %d were wanted", n, max)
		}
		if utf8.ValidString(text) && !strings.Contains(text, "…") && !strings.Contains(text, strings.Trim(got, "…")) {
			t.Fatalf("%q is no part of %q", got, text)
		}
	})
}
