package ui_test

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"concord/internal/web/ui"
)

// tokens reads the colours of one theme: the first block, then what the dark
// one overrides.
func tokens(css string) map[string]string {
	m := map[string]string{}
	for _, t := range regexp.MustCompile(`--([\w-]+):(#[0-9a-f]{3,6})\b`).FindAllStringSubmatch(css, -1) {
		m[t[1]] = t[2]
	}
	return m
}

// luminance is relative luminance as WCAG 2.2 defines it.
func luminance(hex string) float64 {
	hex = hex[1:]
	if len(hex) == 3 {
		hex = string([]byte{hex[0], hex[0], hex[1], hex[1], hex[2], hex[2]})
	}
	var l float64
	for i, k := range []float64{.2126, .7152, .0722} {
		n, _ := strconv.ParseUint(hex[2*i:2*i+2], 16, 8)
		c := float64(n) / 255
		if c <= .04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+.055)/1.055, 2.4)
		}
		l += k * c
	}
	return l
}

func contrast(a, b string) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + .05) / (min(x, y) + .05)
}

func TestContrast(t *testing.T) {
	light, rest, ok := strings.Cut(string(ui.Style), "@media (prefers-color-scheme:dark)")
	if !ok {
		t.Fatal("style sheet has no dark theme")
	}
	dark, _, _ := strings.Cut(rest, "}}")
	text := []string{ // foreground/background
		"ink/paper", "ink/wash", "soft/paper", "soft/wash", "link/paper", "link/wash", "on-act/act", "act/paper", "act/wash", "on-band/band",
		"accent/paper", "accent/wash", "bad/paper", "bad/bad-w", "warn/paper", "warn/warn-w", "ok/paper", "ok/ok-w", "ink/bad-w", "ink/warn-w", "ink/ok-w",
		"public/public-w", "states/states-w", "group/group-w", "own/own-w", "sealed/sealed-w", "soft/public-w", "soft/states-w", "soft/group-w", "soft/own-w", "link/warn-w", "link/group-w",
		"ink/h1", "ink/h2", "hi/h3", "hi/h4", "hi/h5",
	}
	shapes := []string{"edge/paper", "edge/wash", "accent/paper", "act/line", "rule/band"}
	for name, theme := range map[string]string{"light": light, "dark": light + dark} {
		c := tokens(theme)
		check := func(pairs []string, want float64) {
			for _, p := range pairs {
				f, b, _ := strings.Cut(p, "/")
				if c[f] == "" || c[b] == "" {
					t.Errorf("%s: no colour for %s", name, p)
				} else if got := contrast(c[f], c[b]); got < want {
					t.Errorf("%s: contrast of %s is %.2f, want %.0f", name, p, got, want)
				}
			}
		}
		check(text, 7)
		check(shapes, 3)
	}
}
