package rules

import (
	"fmt"
	"regexp"
	"strings"
)

// scan reports every match of a pattern in a file, by line.
func scan(f *file, src string, pattern *regexp.Regexp, advice string) (found []string) {
	for _, m := range pattern.FindAllStringIndex(src, -1) {
		line := 1 + strings.Count(src[:m[0]], "\n")
		found = append(found, fmt.Sprintf("%s:%d: %q; %s", f.path, line, strings.TrimSpace(src[m[0]:m[1]]), advice))
	}
	return found
}

var (
	cssComment = regexp.MustCompile(`(?s)/\*.*?\*/`)
	cssSide    = regexp.MustCompile(`(?i)\b(left|right)\b`)
	cssLoad    = regexp.MustCompile(`(?i)(@import\b|url\(\s*["']?\s*(https?:)?//)[^;)]*`)
	htmlLoad   = regexp.MustCompile(`(?is)<(script|img|link|iframe|source|video|audio|embed|object|use|image|track|form|base)\b[^>]*?\b(src|href|srcset|data|action|poster)\s*=[\s\\"'{]*(https?:)?//[^"'>\s]*`)
)

// leftAndRight: Arabic is read from the other side, so styles say start and end.
func leftAndRight(r *repo) (found []string) {
	for _, f := range r.files {
		if f.ext() == ".css" {
			// Comments become blank lines, so that line numbers stay right.
			src := cssComment.ReplaceAllStringFunc(f.src, func(c string) string { return strings.Repeat("\n", strings.Count(c, "\n")) })
			found = append(found, scan(f, src, cssSide, "use logical properties: inline-start, inline-end")...)
		}
	}
	return found
}

// outside: a page loads nothing from any other host. Links to read on are fine.
func outside(r *repo) (found []string) {
	for _, f := range r.files {
		if f.ext() == ".css" {
			found = append(found, scan(f, f.src, cssLoad, "embed it; pages load nothing from other hosts")...)
		}
		if f.ext() == ".templ" || f.ext() == ".html" || f.ast != nil && f.shipped() {
			found = append(found, scan(f, f.src, htmlLoad, "embed it; pages load nothing from other hosts")...)
		}
	}
	return found
}

// unwanted words, each with its reason. They are spelt so that this file has
// none of them.
var unwanted = []struct {
	pattern *regexp.Regexp
	advice  string
}{
	{regexp.MustCompile(`\b(TO` + `DO|FIX` + `ME)\b`), "do it now, or open an issue"},
	{regexp.MustCompile(`(?i)\b(registry\.npmjs|proxy\.golang|sum\.golang|deb\.debian|security\.debian|registry-1\.docker|pypi)\.(org|io)\b`), "name the package; its ordinary client knows where"},
	{regexp.MustCompile(`(^|[\s"'=(])/(root|work|home/[a-z]\w*)/`), "a path of one machine; take it as an argument"},
	{regexp.MustCompile(`(?i)\b(chat` + `gpt|clau` + `de|anthro` + `pic|open` + `ai|co` + `pilot|language mod` + `el|as an a` + `i\b|a` + `i (assis` + `tant|agent)|sub` + `-?agents?|the assis` + `tant)\b`), "say what the code does, not what wrote it"},
	{regexp.MustCompile(`(?i)\b((this|another|other|next|last|previous|earlier|later|parallel) (coding |work(ing)? )sess` + `ion|sess` + `ions? of (the|this|our) project|(as|per) the bri` + `ef|in the bri` + `ef|the bri` + `ef says|context win` + `dow)\b`), "a reader of the project has not been there; say it without"},
}

// words: nothing unfinished, no place and no maker of ours in the text.
func words(r *repo) (found []string) {
	for _, f := range r.files {
		if f.generated() {
			continue
		}
		for _, u := range unwanted {
			found = append(found, scan(f, f.src, u.pattern, u.advice)...)
		}
	}
	return found
}
