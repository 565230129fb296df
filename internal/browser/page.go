package browser

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// Page is one tab with cookies and storage of its own: two pages are two
// visitors. Its methods fail the test when the page cannot do what is asked.
type Page struct {
	t      testing.TB
	ctx    context.Context
	status int
	mute   bool // scripts are off

	mu      sync.Mutex
	hosts   map[string]bool // the test opened these
	foreign []string        // addresses asked of other hosts
	faults  []string        // exceptions of scripts
}

// Page opens an empty tab, 1280 pixels wide, with JavaScript. At the end of
// the test it reports what the page asked of other hosts, and scripts' errors.
func (b *Browser) Page(t testing.TB) *Page {
	t.Helper()
	ctx, cancel := chromedp.NewContext(b.ctx, chromedp.WithNewBrowserContext())
	p := &Page{t: t, ctx: ctx, hosts: map[string]bool{}}
	t.Cleanup(func() {
		cancel()
		for _, fault := range p.Faults() {
			t.Error(fault)
		}
	})
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("open a tab: %v", err)
	}
	if err := chromedp.Listen(ctx, p.listen); err != nil {
		t.Fatalf("listen to the tab: %v", err)
	}
	p.SetViewport(1280)
	return p
}

func (p *Page) listen(event any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		p.asked(e.Request.URL)
	case *network.EventWebSocketCreated:
		p.asked(e.URL)
	case *runtime.EventExceptionThrown:
		text := e.ExceptionDetails.Text
		if e.ExceptionDetails.Exception != nil {
			text += " " + e.ExceptionDetails.Exception.Description
		}
		p.faults = append(p.faults, "script error: "+text)
	}
}

func (p *Page) asked(address string) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || p.hosts[u.Host] { // data:, about:, blob: have no host
		return
	}
	p.foreign = append(p.foreign, address)
}

// Faults returns, once, what was wrong on the pages shown so far: requests to
// other hosts and errors of scripts. What nobody asks for fails the test.
func (p *Page) Faults() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	faults := p.faults
	for _, address := range p.foreign {
		faults = append(faults, "the page asked another host: "+address)
	}
	p.faults, p.foreign = nil, nil
	return faults
}

// Open goes to an address and waits until it is loaded. Its host becomes one
// that pages may ask.
func (p *Page) Open(address string) {
	p.t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		p.t.Fatal(err)
	}
	p.mu.Lock()
	p.hosts[u.Host] = true
	p.mu.Unlock()
	p.navigate("open "+address, chromedp.Navigate(address))
}

// navigate does something that must lead to a new document.
func (p *Page) navigate(what string, step chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	response, err := chromedp.RunResponse(ctx, step)
	if err != nil {
		p.t.Fatalf("%s: %v (no such element, or it leads to no page)", what, err)
	}
	p.status = 0
	if response != nil {
		p.status = int(response.Status)
	}
}

// do does something on the page.
func (p *Page) do(what string, steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		p.t.Fatalf("%s: %v", what, err)
	}
}

// get reads something from the page.
func get[T any](p *Page, what string, action chromedp.Action[T]) T {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	v, err := chromedp.Run(ctx, action)
	if err != nil {
		p.t.Fatalf("%s: %v", what, err)
	}
	return v
}

// call sends one command of the protocol.
func call[P, R any](p *Page, command cdp.Command[P, R], params P) R {
	p.t.Helper()
	return get(p, command.Method, func(ctx context.Context, t *chromedp.Target) (R, error) {
		return cdp.Call(ctx, t, command, params)
	})
}

// Status is the HTTP status of the last document.
func (p *Page) Status() int { return p.status }

// URL is the address shown.
func (p *Page) URL() string {
	p.t.Helper()
	return get(p, "address", chromedp.Location())
}

// Eval evaluates an expression in the page, also where JavaScript is off or
// forbidden to the page itself, and returns its value as T.
func Eval[T any](p *Page, expression string) T {
	p.t.Helper()
	return get(p, expression, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
}

// Text returns the visible text of the first element that matches a CSS
// selector; there must be one.
func (p *Page) Text(sel string) string {
	p.t.Helper()
	return strings.TrimSpace(Eval[string](p, p.element(sel)+".innerText"))
}

// Has says whether an element matches now.
func (p *Page) Has(sel string) bool {
	p.t.Helper()
	return Eval[bool](p, fmt.Sprintf("document.querySelector(%q) !== null", sel))
}

// element is an expression for the first match, failing the test without one.
func (p *Page) element(sel string) string {
	p.t.Helper()
	if !p.Has(sel) {
		p.t.Fatalf("no element %s on %s, which reads:\n%s", sel, p.URL(), Eval[string](p, "document.body.innerText"))
	}
	return fmt.Sprintf("document.querySelector(%q)", sel)
}

// SetViewport sets the width of the window in CSS pixels.
func (p *Page) SetViewport(width int) {
	p.t.Helper()
	p.resize(width, 800)
}

func (p *Page) resize(width, height int) {
	p.t.Helper()
	p.do("resize", chromedp.EmulateViewport(int64(width), int64(height)))
}

// JavaScript switches scripts of the pages opened from now on on or off.
func (p *Page) JavaScript(on bool) {
	p.t.Helper()
	p.mute = !on
	call(p, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: p.mute})
}

// Media sets a media feature, such as prefers-color-scheme to dark.
func (p *Page) Media(feature, value string) {
	p.t.Helper()
	call(p, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: feature, Value: value}},
	})
}

// Keys types on the keyboard, wherever the focus is: "\t" moves on.
func (p *Page) Keys(keys string) {
	p.t.Helper()
	p.do("type", chromedp.KeyEvent(keys))
}

// Screenshot writes a picture (PNG) of the page in a window of that size; with
// height 0 the whole page, however long.
func (p *Page) Screenshot(path string, width, height int) {
	p.t.Helper()
	shot := chromedp.CaptureScreenshot()
	p.resize(width, max(height, 1))
	if height == 0 {
		p.resize(width, Eval[int](p, "document.documentElement.scrollHeight"))
	}
	if err := os.WriteFile(path, get(p, "screenshot", shot), 0o644); err != nil {
		p.t.Fatal(err)
	}
}

// insert types text into the focused field, as pasting does.
func (p *Page) insert(text string) {
	p.t.Helper()
	call(p, input.InsertText, input.InsertTextParams{Text: text})
}
