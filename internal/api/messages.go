package api

import (
	"embed"
	"io/fs"
)

//go:embed messages/*.json
var messages embed.FS

// Messages are the API's words in the six languages.
func Messages() (fs.FS, error) { return fs.Sub(messages, "messages") }
