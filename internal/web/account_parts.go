package web

import (
	"context"
	"io"
	"strconv"
	"strings"

	"github.com/a-h/templ"
	"github.com/boombuler/barcode/qr"
)

// markup is a component of ready HTML; what it is made of has been escaped.
func markup(html string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, html)
		return err
	})
}

// secretLine shows a secret or an address to copy: on a line of its own, in
// its own direction, breaking where it must.
func secretLine(s string) templ.Component {
	return markup(`<p class="secret"><code dir="ltr">` + templ.EscapeString(s) + `</code></p>`)
}

// userName tells password managers whose password is being set.
func userName(email string) templ.Component {
	return markup(`<input type="text" name="username" autocomplete="username" value="` + templ.EscapeString(email) + `" readonly hidden>`)
}

// otpLink opens the authenticator app of this device.
func otpLink(address, text string) templ.Component {
	if !strings.HasPrefix(address, "otpauth://totp/") {
		return nil
	}
	return markup(`<p><a href="` + templ.EscapeString(address) + `">` + templ.EscapeString(text) + `</a></p>`)
}

// qrCode draws an address to scan: dark on light in every colour scheme, with
// the quiet zone of four modules that ISO/IEC 18004 asks for. The size hangs
// on the font size because the style sheet makes drawings one em large.
func qrCode(address, label string) templ.Component {
	code, err := qr.Encode(address, qr.M, qr.Auto)
	if err != nil {
		return nil // too long to draw; the text beside it says the same
	}
	const quiet = 4
	n := code.Bounds().Dx()
	var b strings.Builder
	size := strconv.Itoa(n + 2*quiet)
	b.WriteString(`<p><svg font-size="240" viewBox="0 0 ` + size + " " + size + `" role="img" aria-label="` + templ.EscapeString(label) +
		`"><rect width="100%" height="100%" fill="#fff"/><path fill="#000" d="`)
	dark := func(x, y int) bool {
		r, _, _, _ := code.At(x, y).RGBA()
		return x < n && r == 0
	}
	for y := range n {
		for x := 0; x < n; x++ {
			if !dark(x, y) {
				continue
			}
			end := x
			for end < n && dark(end, y) {
				end++
			}
			b.WriteString("M" + strconv.Itoa(x+quiet) + " " + strconv.Itoa(y+quiet) + "h" + strconv.Itoa(end-x) + "v1H" + strconv.Itoa(x+quiet) + "z")
			x = end
		}
	}
	b.WriteString(`"/></svg></p>`)
	return markup(b.String())
}

// fours writes a secret in groups of four, to be typed.
func fours(s string) string {
	var groups []string
	for len(s) > 4 {
		groups, s = append(groups, s[:4]), s[4:]
	}
	return strings.Join(append(groups, s), " ")
}

// browserName makes of what a browser calls itself what people call it.
func browserName(agent string) string {
	find := func(names ...[2]string) string {
		for _, n := range names {
			if strings.Contains(agent, n[0]) {
				return n[1]
			}
		}
		return ""
	}
	browser := find([2]string{"Edg", "Edge"}, [2]string{"OPR/", "Opera"}, [2]string{"SamsungBrowser", "Samsung Internet"},
		[2]string{"Firefox", "Firefox"}, [2]string{"FxiOS", "Firefox"}, [2]string{"Chrome", "Chrome"}, [2]string{"CriOS", "Chrome"},
		[2]string{"Safari", "Safari"})
	system := find([2]string{"Android", "Android"}, [2]string{"iPhone", "iPhone"}, [2]string{"iPad", "iPad"},
		[2]string{"Windows", "Windows"}, [2]string{"Mac OS X", "macOS"}, [2]string{"Linux", "Linux"})
	switch {
	case browser == "" && len(agent) > 60:
		return agent[:strings.LastIndexByte(agent[:60]+" ", ' ')]
	case browser == "":
		return agent
	case system == "":
		return browser
	}
	return browser + ", " + system
}
