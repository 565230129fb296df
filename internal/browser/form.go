package browser

import (
	"fmt"

	"github.com/chromedp/chromedp"
)

// Click clicks a link or button and waits for the page it leads to.
func (p *Page) Click(sel string) {
	p.t.Helper()
	p.element(sel)
	p.navigate("click "+sel, click(sel))
}

// Press clicks something that leads to no other page, such as a summary.
func (p *Page) Press(sel string) {
	p.t.Helper()
	p.element(sel)
	p.do("press "+sel, click(sel))
}

// click is a real click of the mouse in the middle of the element, which must
// be visible.
func click(sel string) chromedp.Action[chromedp.Void] {
	return chromedp.Click(chromedp.CSS(sel), chromedp.NodeVisible)
}

// Fill replaces the value of a field. Dates and times are given as HTML has
// them, 2026-11-05.
func (p *Page) Fill(sel, value string) {
	p.t.Helper()
	field := p.element(sel)
	switch kind := Eval[string](p, fmt.Sprintf(`(e => {
		if (e.disabled || e.readOnly) return "locked"
		e.focus()
		if (e.select) e.select()
		return e.type || ""
	})(%s)`, field)); kind {
	case "":
		p.t.Fatalf("%s is no field", sel)
	case "locked":
		p.t.Fatalf("%s is disabled or read-only", sel)
	case "date", "time", "datetime-local", "month", "week", "color", "range":
		p.set(field, value)
	default:
		if value == "" {
			p.set(field, value)
			return
		}
		p.insert(value)
	}
}

// set gives a field a value by script.
func (p *Page) set(field, value string) {
	p.t.Helper()
	got := Eval[string](p, fmt.Sprintf(`(e => {
		e.value = %q
		e.dispatchEvent(new Event("input", {bubbles: true}))
		e.dispatchEvent(new Event("change", {bubbles: true}))
		return e.value
	})(%s)`, value, field))
	if got != value {
		p.t.Fatalf("%s took %q for %q", field, got, value)
	}
}

// Check ticks or unticks a checkbox.
func (p *Page) Check(sel string, on bool) {
	p.t.Helper()
	box := p.element(sel)
	if Eval[bool](p, box+".checked") != on {
		p.Press(sel)
	}
	if Eval[bool](p, box+".checked") != on {
		p.t.Fatalf("%s cannot be set to %t", sel, on)
	}
}

// Choose selects the option with that value of a select, or the radio button
// with that value among those that match.
func (p *Page) Choose(sel, value string) {
	p.t.Helper()
	field := p.element(sel)
	if Eval[string](p, field+".localName") == "select" {
		p.set(field, value)
		return
	}
	radio := fmt.Sprintf("%s[value=%q]", sel, value)
	p.Press(radio)
	if !Eval[bool](p, p.element(radio)+".checked") {
		p.t.Fatalf("%s cannot be chosen", radio)
	}
}

// Submit clicks the button that submits a form and waits for the answer.
func (p *Page) Submit(form string) {
	p.t.Helper()
	p.element(form)
	for _, button := range []string{"button:not([type])", "button[type=submit]", "input[type=submit]"} {
		if sel := form + " " + button; p.Has(sel) {
			p.Click(sel)
			return
		}
	}
	p.t.Fatalf("%s has no button that submits it", form)
}
