package web

import (
	"embed"
	"io/fs"
)

//go:embed messages/*.json
var messages embed.FS

// Messages are the words of the kernel in the six languages.
func Messages() (fs.FS, error) { return fs.Sub(messages, "messages") }
