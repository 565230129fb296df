package web

import (
	"context"
	"embed"
	"io"
	"strings"

	"github.com/a-h/templ"

	"concord/internal/door"
	"concord/internal/i18n"
	"concord/internal/problem"
	"concord/internal/web/ui"
)

//go:embed documents/*.txt
var documents embed.FS

// document shows a page of the portal's own text: documents/name.lang.txt,
// whose lines beginning "# " are the title, "## " headings, "> " the lead and
// "- " items of a list; blank lines end paragraphs.
func (s *Site) document(name string) door.Handler {
	return func(q *door.Req) error {
		b, err := documents.ReadFile("documents/" + name + "." + string(q.Lang) + ".txt")
		if err != nil {
			b, err = documents.ReadFile("documents/" + name + "." + string(i18n.English) + ".txt")
		}
		if err != nil {
			return problem.New(problem.NotFound, "")
		}
		d := readDocument(string(b))
		return s.Show(q, Page{Title: d.Title, Crumbs: []ui.Link{{Text: d.Title}}, Body: []templ.Component{d}})
	}
}

func readDocument(text string) ui.Document {
	var d ui.Document
	var parts, section []templ.Component
	heading := ""
	flush := func() {
		if heading != "" {
			parts = append(parts, ui.Section{ID: "h" + itoa(len(parts)), Heading: heading, Body: ui.Join(section...)})
		} else {
			parts = append(parts, section...)
		}
		section = nil
	}
	for block := range strings.SplitSeq(text, "\n\n") {
		block = strings.TrimSpace(block)
		switch {
		case strings.HasPrefix(block, "# "):
			d.Title = block[2:]
		case strings.HasPrefix(block, "> "):
			d.Lead = block[2:]
		case strings.HasPrefix(block, "## "):
			flush()
			heading = block[3:]
		case strings.HasPrefix(block, "- "):
			section = append(section, bullets(strings.Split(block[2:], "\n- ")))
		case block != "":
			section = append(section, ui.Prose{Text: block})
		}
	}
	flush()
	d.Body = ui.Join(parts...)
	return d
}

func bullets(items []string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		var b strings.Builder
		b.WriteString("<ul>")
		for _, item := range items {
			b.WriteString("<li>" + templ.EscapeString(item) + "</li>")
		}
		b.WriteString("</ul>")
		_, err := io.WriteString(w, b.String())
		return err
	})
}
