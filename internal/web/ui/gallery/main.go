// Command gallery renders every component of package ui with made-up but
// likely content, in English and Arabic, to look at and to take screenshots of.
//
//	go run ./internal/web/ui/gallery -out /tmp/gallery
//
// writes static pages; narrow.html in each language shows them 360 pixels wide.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"concord/internal/i18n"
	"concord/internal/web/ui"
)

func main() {
	out := flag.String("out", "/tmp/gallery", "folder to write to")
	flag.Parse()
	if err := run(*out); err != nil {
		fmt.Fprintln(os.Stderr, "gallery:", err)
		os.Exit(1)
	}
}

func run(out string) error {
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(out, "style.css"), ui.Style, 0o644); err != nil {
		return err
	}
	for _, l := range []i18n.Lang{i18n.English, i18n.Arabic} {
		g := gallery{lang: l}
		for name, page := range g.pages() {
			f, err := os.Create(filepath.Join(out, string(l)+"-"+name+".html"))
			if err != nil {
				return err
			}
			err = page.Render(context.Background(), f)
			if cerr := f.Close(); err == nil {
				err = cerr
			}
			if err != nil {
				return err
			}
			narrow := fmt.Sprintf(`<!DOCTYPE html><title>narrow</title><style>body{margin:0}iframe{border:0;width:360px;height:7000px}</style><iframe src="%s-%s.html"></iframe>`, l, name)
			if err := os.WriteFile(filepath.Join(out, string(l)+"-"+name+"-360.html"), []byte(narrow), 0o644); err != nil {
				return err
			}
		}
	}
	return nil
}
