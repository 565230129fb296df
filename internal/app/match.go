package app

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"time"

	"concord/internal/i18n"
	"concord/internal/modules/assistance"
	"concord/internal/modules/assistance/match"
	"concord/internal/party/reference"
	"concord/internal/search"
	"concord/internal/vocab"
	"concord/internal/web"
)

// files is a flag that may be given several times, or with several values
// after it.
type files []string

func (f *files) String() string     { return fmt.Sprint(*f) }
func (f *files) Set(s string) error { *f = append(*f, s); return nil }

// spread lets -needs and -offers take several files in a row, as shells expand
// them.
func spread(args []string) []string {
	var out []string
	last := ""
	for _, a := range args {
		switch {
		case a == "-needs" || a == "-offers" || a == "--needs" || a == "--offers":
			last = a
			continue
		case len(a) > 0 && a[0] == '-':
			last = ""
			out = append(out, a)
		case last != "":
			out = append(out, last, a)
		default:
			out = append(out, a)
		}
	}
	return out
}

// outReason is a reason as it is printed.
type outReason struct {
	Code   string   `json:"code"`
	Text   string   `json:"text"`
	Weight float64  `json:"weight"`
	Args   []string `json:"args,omitempty"`
}

type outMatch struct {
	Offer   string      `json:"offer"`
	Score   float64     `json:"score"`
	Strong  bool        `json:"strong"`
	Reasons []outReason `json:"reasons"`
}

type outNeed struct {
	Need    string     `json:"need"`
	Matches []outMatch `json:"matches"`
	Gap     bool       `json:"gap"`
}

func runMatch(_ context.Context, e env, fs *flag.FlagSet, args []string) error {
	var needFiles, offerFiles files
	fs.Var(&needFiles, "needs", "statement files with needs")
	fs.Var(&offerFiles, "offers", "statement files; all but their needs are offers")
	asJSON := fs.Bool("json", false, "one line of JSON a need")
	limit := fs.Int("limit", 0, "most matches a need; 0 for all")
	if err := parse(fs, spread(args)); err != nil {
		return err
	}
	if len(needFiles) == 0 || len(offerFiles) == 0 {
		return wrongUse("give -needs and -offers")
	}
	m, err := newMatcher()
	if err != nil {
		return err
	}
	needs, offers, err := m.read(needFiles, offerFiles)
	if err != nil {
		return err
	}
	engine := match.New(offers, m.options(offers))
	for _, n := range needs {
		if err := m.print(e, engine.Rank(n, *limit), *asJSON); err != nil {
			return err
		}
	}
	return nil
}

// matcher is what ranking needs beside the files.
type matcher struct {
	places  *reference.Data
	vocab   vocab.Set
	catalog *i18n.Catalog
}

func newMatcher() (*matcher, error) {
	places, err := reference.Load()
	if err != nil {
		return nil, err
	}
	vocabularies, err := vocab.Load()
	if err != nil {
		return nil, err
	}
	words, err := web.Messages()
	if err != nil {
		return nil, err
	}
	module, err := assistance.Module()
	if err != nil {
		return nil, err
	}
	catalog, err := i18n.LoadCatalog(append(words, module.Messages)...)
	return &matcher{places, vocabularies, catalog}, err
}

// read reads the files: needs of the one, everything else of the other.
func (m *matcher) read(needFiles, offerFiles []string) (needs []match.Need, offers []match.Offer, err error) {
	one := func(file string) ([]match.Need, []match.Offer, error) {
		f, err := os.Open(file)
		if err != nil {
			return nil, nil, err
		}
		defer f.Close()
		n, o, err := match.ReadStatements(f, match.Places{Resolve: m.places.Resolve, GroupsOf: m.places.GroupsOf})
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", file, err)
		}
		return n, o, nil
	}
	for _, file := range needFiles {
		n, _, err := one(file)
		if err != nil {
			return nil, nil, err
		}
		needs = append(needs, n...)
	}
	for _, file := range offerFiles {
		_, o, err := one(file)
		if err != nil {
			return nil, nil, err
		}
		offers = append(offers, o...)
	}
	return needs, offers, nil
}

// options gives the engine the names of all parties and providers, which must
// not weigh.
func (m *matcher) options(offers []match.Offer) match.Options {
	var names []string
	add := func(t i18n.Text, aliases ...string) {
		for _, l := range t.Langs() {
			names = append(names, t.Get(l))
		}
		names = append(names, aliases...)
	}
	for _, s := range m.places.States {
		add(s.Names, s.Aliases...)
	}
	for _, g := range m.places.Groups {
		add(g.Names, g.Aliases...)
	}
	for _, o := range m.places.Organisations {
		add(o.Names, o.Aliases...)
		add(o.Short)
	}
	for _, o := range offers {
		names = append(names, match.ProviderNames(o.Provider)...)
	}
	// No day: what a statement says is ranked the same whenever it is read.
	return assistance.Options(m.vocab, names, search.NewAnalyser(), time.Time{})
}

func (m *matcher) print(e env, r match.Result, asJSON bool) error {
	out := outNeed{Need: r.Need, Matches: []outMatch{}, Gap: r.Gap}
	for _, x := range r.Matches {
		o := outMatch{Offer: x.Offer, Score: x.Score, Strong: x.Strong}
		for _, list := range [][]match.Reason{x.Reasons, x.Caveats} {
			for _, y := range list {
				o.Reasons = append(o.Reasons, outReason{y.Code, m.words(y), y.Weight, y.Args})
			}
		}
		out.Matches = append(out.Matches, o)
	}
	if asJSON {
		return json.NewEncoder(e.out).Encode(out)
	}
	fmt.Fprintln(e.out, out.Need)
	for _, x := range out.Matches[:min(len(out.Matches), 5)] {
		strong := " "
		if x.Strong {
			strong = "*"
		}
		fmt.Fprintf(e.out, "  %s %.3f %s\n", strong, x.Score, x.Offer)
		for _, y := range x.Reasons {
			fmt.Fprintf(e.out, "      %+.3f %s\n", y.Weight, y.Text)
		}
	}
	return nil
}

// words tells a reason in English.
func (m *matcher) words(r match.Reason) string {
	args := make([]string, len(r.Args))
	for i, a := range r.Args {
		if args[i] = m.vocab.Label(vocab.Topic, a, i18n.English); args[i] == a {
			args[i] = m.vocab.Label(vocab.Modality, a, i18n.English)
		}
	}
	return m.catalog.T(i18n.English, "match."+r.Code, i18n.List(i18n.English, args))
}
