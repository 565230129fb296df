package app

import (
	"os"
	"strings"
	"testing"
)

// TestReference keeps docs/reference.md as the program would write it.
func TestReference(t *testing.T) {
	var b strings.Builder
	if err := Reference(&b); err != nil {
		t.Fatal(err)
	}
	have, err := os.ReadFile("../../docs/reference.md")
	if err != nil || string(have) != b.String() {
		t.Errorf("docs/reference.md is out of date (%v); run: go run ./cmd/concord reference > docs/reference.md", err)
	}
}
