package web

import (
	"embed"
	"io/fs"
)

//go:embed messages
var messages embed.FS

// Messages are the words of the kernel's pages in the six languages: those of
// all pages, of accounts, and of imports.
func Messages() ([]fs.FS, error) {
	var sets []fs.FS
	for _, dir := range []string{"messages", "messages/account", "messages/import"} {
		set, err := fs.Sub(messages, dir)
		if err != nil {
			return nil, err
		}
		sets = append(sets, set)
	}
	return sets, nil
}
