package browser

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
)

// axeFile is where the script check keeps axe-core, below the project's root.
const axeFile = ".cache/axe-core-4.14.1/axe.min.js"

// axeRun has every rule for WCAG 2.2 A and AA, those for AAA and axe's own.
const axeRun = `axe.run(document, {
	runOnly: {type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "wcag2aaa", "best-practice"]},
	resultTypes: ["violations"],
}).then(r => JSON.stringify(r.violations))`

// Violation is a rule of axe that the page breaks.
type Violation struct {
	ID     string   `json:"id"`     // the rule, as "image-alt"
	Impact string   `json:"impact"` // minor, moderate, serious or critical
	Help   string   `json:"help"`   // the rule in a sentence
	Tags   []string `json:"tags"`
	Nodes  []Node   `json:"nodes"` // where
}

// Node is an element that breaks a rule.
type Node struct {
	Target  []any  `json:"target"` // selectors; through frames and shadow roots more than one
	HTML    string `json:"html"`
	Summary string `json:"failureSummary"`
}

func (v Violation) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s (%s): %s", v.ID, v.Impact, v.Help)
	for _, n := range v.Nodes {
		fmt.Fprintf(&b, "\n  %v  %s\n    %s", n.Target, n.HTML, strings.ReplaceAll(n.Summary, "\n", "\n    "))
	}
	return b.String()
}

// Axe returns what axe-core finds wrong with the page. It runs beside the
// page, in a world of its own: a strict policy neither stops it nor is
// loosened for the page, and it also judges pages shown without JavaScript.
func (p *Page) Axe(t testing.TB) []Violation {
	t.Helper()
	dir, err := root()
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile(filepath.Join(dir, axeFile))
	if err != nil {
		t.Fatalf("%v; run ./check, which fetches axe-core", err)
	}
	if p.mute { // axe waits for promises; what the page's scripts missed at load they do not make up for
		p.JavaScript(true)
		defer p.JavaScript(false)
	}
	tree := call(p, page.GetFrameTree, cdp.Empty{})
	world := call(p, page.CreateIsolatedWorld, page.CreateIsolatedWorldParams{
		FrameID: tree.FrameTree.Frame.ID, WorldName: "axe",
	})
	yes := true
	run := func(expression string) string {
		t.Helper()
		r := call(p, runtime.Evaluate, runtime.EvaluateParams{
			Expression: expression, ContextID: world.ExecutionContextID,
			AwaitPromise: &yes, ReturnByValue: &yes,
		})
		if r.ExceptionDetails != nil {
			t.Fatalf("axe: %v", r.ExceptionDetails)
		}
		var s string
		if err := json.Unmarshal(r.Result.Value, &s); err != nil {
			t.Fatalf("axe: %v", err)
		}
		return s
	}
	run(string(source) + "; axe.version")
	var violations []Violation
	if err := json.Unmarshal([]byte(run(axeRun)), &violations); err != nil {
		t.Fatalf("axe: %v", err)
	}
	return violations
}

// Accessible fails the test for everything that axe finds wrong.
func (p *Page) Accessible(t testing.TB) {
	t.Helper()
	for _, v := range p.Axe(t) {
		t.Errorf("%s: %s", p.URL(), v)
	}
}

// NoOverflow fails the test if the page must be scrolled sideways at 360 CSS
// pixels, and names the elements that stick out. The width stays at 360.
func (p *Page) NoOverflow(t testing.TB) {
	t.Helper()
	p.SetViewport(360)
	wide := Eval[[]string](p, `(() => {
		const d = document.documentElement
		if (d.scrollWidth <= d.clientWidth) return []
		const out = [d.scrollWidth + " pixels wide, the window " + d.clientWidth]
		for (const e of document.body.querySelectorAll("*")) {
			const r = e.getBoundingClientRect()
			if (r.width > 0 && (r.right > d.clientWidth + 1 || r.left < -1)) out.push(e.outerHTML.slice(0, 120))
		}
		return out.slice(0, 6)
	})()`)
	if len(wide) > 0 {
		t.Errorf("%s: %s", p.URL(), strings.Join(wide, "\n  "))
	}
}
