// Package ui is the visual language of the portal: one style sheet and the
// components every page is built from, rendered on the server, complete without
// JavaScript.
//
// Every exported struct is a component: fill it with strings that are already
// in the reader's language and render it, in a template as @ui.Notice{…} or
// anywhere a templ.Component is wanted. Only Frame looks words up itself (the
// keys stand in keys.md). What people wrote travels as a Phrase, which knows
// its language and is isolated from the text around it (bdi, dir=auto).
//
// Invariants, each kept by a test: no script, no inline style, no address
// outside the portal, no physical direction (left, right) in the style sheet,
// text contrast of at least 7:1 in light and dark, style sheet under 9 KB.
package ui

import (
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/base32"
	"io"
	"strconv"
	"strings"
	"sync"

	"github.com/a-h/templ"

	"concord/internal/i18n"
)

// Style is the style sheet; it never changes while the program runs.
//
//go:embed style.css
var Style []byte

// StyleName is a file name for Style that changes with its content, so that it
// may be cached for ever.
var StyleName = sync.OnceValue(func() string {
	sum := sha256.Sum256(Style)
	return "style-" + strings.ToLower(base32.StdEncoding.EncodeToString(sum[:5])) + ".css"
})

// Phrase is a short piece of text that people wrote: a title, a name, a
// paragraph. The zero Phrase shows nothing.
type Phrase struct {
	Text string
	Lang i18n.Lang // set only when it differs from the language of the page
	Note string    // said after it: "in French", "machine translation"
}

// Plain is a phrase in the language of the page or of none (a name, a code).
func Plain(s string) Phrase { return Phrase{Text: s} }

// Content is t for a reader of page; note says, in the reader's language, that
// a text is in another one.
func Content(t i18n.Text, page i18n.Lang, note func(i18n.Lang) string) Phrase {
	s, l := t.In(page)
	p := Phrase{Text: s}
	if l != page && s != "" {
		p.Lang = l
		if note != nil {
			p.Note = note(l)
		}
	}
	return p
}

// dir is the direction of p: that of its language, or found from its letters.
func (p Phrase) dir() string {
	if p.Lang == "" {
		return "auto"
	}
	return p.Lang.Dir()
}

// paragraphs splits p at blank lines.
func (p Phrase) paragraphs() []string {
	var ps []string
	for s := range strings.SplitSeq(p.Text, "\n\n") {
		if s = strings.TrimSpace(s); s != "" {
			ps = append(ps, s)
		}
	}
	return ps
}

// Link is a link in the portal's own words.
type Link struct {
	Text, Href string
	Note       string    // smaller, after the text: "CSV, 12 KB", "24"
	Lang       i18n.Lang // of what it leads to, when that is another language
	Current    bool      // leads to this page
}

// Join renders components one after the other.
func Join(cs ...templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		for _, c := range cs {
			if c == nil {
				continue
			}
			if err := c.Render(ctx, w); err != nil {
				return err
			}
		}
		return nil
	})
}

// Words is a component of one plain string.
func Words(s string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, templ.EscapeString(s))
		return err
	})
}

// fifths rounds a share between 0 and 1 to steps of 5 in 100: bars need no
// more, and nothing finer can be read back from them.
func fifths(share float64) string {
	n := int(share*20+0.5) * 5
	return strconv.Itoa(max(0, min(100, n)))
}
