package assistance

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"concord/internal/access"
	"concord/internal/exchange"
	"concord/internal/i18n"
	"concord/internal/problem"
	"concord/internal/record"
)

// Resolver tells which parties and groups a name in a text means; party
// reference data is one.
type Resolver interface {
	Resolve(name string) (codes []string, ok bool)
}

// Limits of a statement file.
const (
	maxStatementFile = 64 << 20 // bytes
	maxStatements    = 100_000
	maxStatementText = 4000 // characters
	maxStatementList = 100
)

// ImportStatements takes in a file of what was said in meetings or stands on
// public pages: {"entries":[…],"needs":[…]}, each entry a need, offer, project,
// fund, training or event. It is for the operator. What is wrong with the file
// or an entry stands in the report, by the number of the entry and its id.
//
// The owner of a need is the State it is of; of anything else the first
// organisation or State named that is a party of the portal, else the State
// that spoke. Nothing is added to what the entry says: where the portal wants
// an answer that it does not give, the answer is "not stated". A quotation in
// an entry is not read, only where it stands.
func ImportStatements(ctx context.Context, s *record.Store, a access.Actor, places Resolver, r io.Reader, o exchange.Options) (exchange.Report, error) {
	rep := exchange.Report{DryRun: o.DryRun}
	if !a.Operator() {
		return rep, problem.New(problem.Forbidden, "forbidden.create")
	}
	entries, err := readStatements(r)
	if f, ok := errors.AsType[*unreadable](err); ok {
		rep.Fail(f.code, f.args...)
		return rep, nil
	}
	if err != nil {
		return rep, err
	}
	sink := exchange.NewSink(ctx, s, a, o, &rep)
	seen := map[string]int{}
	for i, raw := range entries {
		row := i + 1
		e, problems := decodeStatement(raw)
		if first, ok := seen[e.ID]; ok && len(problems) == 0 {
			problems = []exchange.Problem{{Field: "id", Code: "import.key-twice", Args: []any{first}}}
		}
		var it *exchange.Item
		if len(problems) == 0 {
			seen[e.ID] = row
			if it, err = e.item(places, s.Now(), o); err != nil {
				problems = []exchange.Problem{{Field: "subject", Code: err.Error()}}
			}
		}
		if len(problems) > 0 {
			for j := range problems {
				problems[j].Row, problems[j].Key, problems[j].Tier = row, shortID(e.ID), exchange.Error
			}
			sink.Refuse(problems...)
			continue
		}
		it.Row, it.Name = row, e.ID
		for _, name := range unknownNames(raw) {
			it.Notes = append(it.Notes, exchange.Problem{Row: row, Key: e.ID, Field: name, Tier: exchange.Warning, Code: "import.unknown-column", Args: []any{name}})
		}
		if err := sink.Add(it); err != nil {
			return rep, err
		}
	}
	err = sink.Flush()
	return rep, err
}

// unreadable is why a file cannot be used.
type unreadable struct {
	code string
	args []any
}

func (u *unreadable) Error() string { return u.code }

func readStatements(r io.Reader) ([]json.RawMessage, error) {
	b, err := io.ReadAll(io.LimitReader(r, maxStatementFile+1))
	if err != nil {
		return nil, err
	}
	if len(b) > maxStatementFile {
		return nil, &unreadable{"import.too-large", []any{maxStatementFile >> 20}}
	}
	if !utf8.Valid(b) {
		return nil, &unreadable{"import.encoding", nil}
	}
	var file struct {
		Entries, Needs []json.RawMessage
	}
	if err := json.Unmarshal(bytes.TrimPrefix(b, []byte("\ufeff")), &file); err != nil {
		return nil, &unreadable{"import.json", nil}
	}
	all := slices.Concat(file.Entries, file.Needs)
	switch {
	case len(all) == 0:
		return nil, &unreadable{"import.no-rows", nil}
	case len(all) > maxStatements:
		return nil, &unreadable{"import.too-many-rows", []any{maxStatements}}
	}
	return all, nil
}

// statementEntry is an entry of a statement file.
type statementEntry struct {
	ID            string         `json:"id"`
	Kind          string         `json:"kind"`
	Lang          string         `json:"lang"` // "" is English
	Title         string         `json:"title"`
	Summary       string         `json:"summary"`
	Organisation  statementNames `json:"organisation"`
	Implementer   statementNames `json:"implementer"`
	Funder        statementNames `json:"funder"`
	Speaker       string         `json:"speaker"`
	SpeakerISO3   string         `json:"speaker_iso3"`
	Subject       string         `json:"subject"`
	SubjectISO3   string         `json:"subject_iso3"`
	Pillar        string         `json:"pillar"`
	Topics        statementNames `json:"topics"`
	Beneficiaries statementNames `json:"beneficiaries"`
	Status        string         `json:"status"`
	Start         record.Date    `json:"start"`
	End           record.Date    `json:"end"`
	URL           string         `json:"url"`
	Source        struct {
		Doc        string      `json:"doc"`
		Date       record.Date `json:"date"`
		SentenceID string      `json:"sentence_id"`
		URL        string      `json:"url"`
	} `json:"source"`
}

// unknownNames lists what an entry has that is not read.
func unknownNames(raw json.RawMessage) []string {
	known := []string{"id", "kind", "lang", "title", "summary", "organisation", "implementer", "funder", "speaker", "speaker_iso3",
		"subject", "subject_iso3", "pillar", "topics", "beneficiaries", "status", "start", "end", "url", "source"}
	var names map[string]json.RawMessage
	if json.Unmarshal(raw, &names) != nil {
		return nil
	}
	var list []string
	for name := range names {
		if !slices.Contains(known, strings.ToLower(name)) {
			list = append(list, shortID(name))
		}
	}
	slices.Sort(list)
	return list[:min(len(list), 10)]
}

// statementNames is a list of strings; in JSON also one string, or null.
type statementNames []string

// UnmarshalJSON reads either form.
func (n *statementNames) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		var s string
		if err := json.Unmarshal(b, &s); err != nil {
			return err
		}
		*n = statementNames{s}
		return nil
	}
	return json.Unmarshal(b, (*[]string)(n))
}

// shortID shortens what a report repeats.
func shortID(s string) string {
	return problem.Clip(i18n.CleanString(s))
}

// decodeStatement reads an entry and finds what is wrong with its form.
func decodeStatement(raw json.RawMessage) (*statementEntry, []exchange.Problem) {
	e := &statementEntry{}
	if err := json.Unmarshal(raw, e); err != nil {
		return e, []exchange.Problem{{Code: "import.json"}}
	}
	var list []exchange.Problem
	check := func(ok bool, field, code string, args ...any) {
		if !ok {
			list = append(list, exchange.Problem{Field: field, Code: code, Args: args})
		}
	}
	if e.Kind == "" && e.Subject != "" {
		e.Kind = needKind
	}
	_, lang := i18n.Parse(cmp.Or(e.Lang, "en"))
	check(e.ID != "", "id", "required")
	check(len(e.ID) <= 100 && e.ID == i18n.CleanString(e.ID), "id", "import.bad-id")
	check(slices.Contains([]string{needKind, offerKind, projectKind, fundKind, "training", courseKind, "event"}, e.Kind), "kind", "import.unknown-kind", shortID(e.Kind))
	check(strings.TrimSpace(e.Title) != "", "title", "required")
	check(lang, "lang", "code", shortID(e.Lang))
	check(e.Start.Valid(), "start", "date")
	check(e.End.Valid(), "end", "date")
	check(e.Source.Date.Valid(), "source.date", "date")
	for name, text := range map[string]string{"title": e.Title, "summary": e.Summary, "speaker": e.Speaker, "source.doc": e.Source.Doc, "source.sentence_id": e.Source.SentenceID} {
		n := utf8.RuneCountInString(text)
		check(n <= maxStatementText, name, "too-long", maxStatementText, n)
	}
	for name, names := range map[string]statementNames{"organisation": e.Organisation, "implementer": e.Implementer, "funder": e.Funder, "topics": e.Topics, "beneficiaries": e.Beneficiaries} {
		check(len(names) <= maxStatementList, name, "too-many", maxStatementList, len(names))
		check(!slices.ContainsFunc(names, func(s string) bool { return len(s) > maxStatementText }), name, "too-long", maxStatementText, maxStatementText+1)
	}
	slices.SortStableFunc(list, func(a, b exchange.Problem) int { return strings.Compare(a.Field, b.Field) })
	return e, list
}

// errNoState is a need of nobody who can have needs here.
var errNoState = errors.New("import.no-state")

// item makes the record that an entry is.
func (e *statementEntry) item(places Resolver, now time.Time, o exchange.Options) (*exchange.Item, error) {
	it := &exchange.Item{State: cmp.Or(o.State, access.Published), Draft: record.Draft{
		Audience: cmp.Or(o.Audience, access.Public), Named: o.Named,
		Keys: []string{"statement:" + e.ID}, Origin: "statement",
	}}
	if it.Owners = e.owners(places); o.As != "" {
		it.Owners = []string{o.As}
	}
	if len(it.Owners) == 0 {
		return nil, errNoState
	}
	x := &reading{statementEntry: e, places: places, now: now, owner: it.Owners[0], lang: i18n.Lang(cmp.Or(e.Lang, "en"))}
	x.eligible, x.others = x.readBeneficiaries()
	switch e.Kind {
	case needKind:
		it.Draft.Kind, it.Draft.Body = needKind, x.need()
	case offerKind:
		it.Draft.Kind, it.Draft.Body = offerKind, x.offer()
	case projectKind:
		it.Draft.Kind, it.Draft.Body = projectKind, x.project()
	case fundKind:
		it.Draft.Kind, it.Draft.Body = fundKind, x.fund()
	default:
		it.Draft.Kind, it.Draft.Body = courseKind, x.course()
	}
	return it, nil
}

// owners lists who may answer for the entry, the likeliest first.
func (e *statementEntry) owners(places Resolver) []string {
	var list []string
	add := func(only func(string) bool, names ...string) {
		for _, name := range names {
			codes, _ := places.Resolve(name)
			for _, c := range codes {
				if !strings.HasPrefix(c, "@") && only(c) && !slices.Contains(list, c) {
					list = append(list, c)
				}
			}
		}
	}
	anyone := func(string) bool { return true }
	if e.Kind == needKind {
		if add(isStateCode, e.SubjectISO3, e.Subject); len(list) == 0 { // voiced for States by an organisation
			add(func(c string) bool { return !isStateCode(c) }, e.Speaker)
		}
		return list
	}
	if e.Kind == fundKind {
		add(anyone, e.Funder...)
	}
	add(anyone, slices.Concat(e.Organisation, e.Implementer, e.Funder)...)
	add(anyone, e.SpeakerISO3, e.Speaker, e.SubjectISO3, e.Subject)
	return list
}

// isStateCode tells ISO 3166 codes from those of organisations as long: the
// store has the last word.
func isStateCode(c string) bool { return regexpState.MatchString(c) }

var regexpState = regexp.MustCompile(`^[A-Z]{3}$`)

// reported says what the record is and where it comes from.
func (e *statementEntry) reported() i18n.Text {
	text := "From the public record: own summary of the page at the source address, not confirmed by those named."
	if e.Source.Doc != "" || e.Source.SentenceID != "" {
		text = "Paraphrase of a statement made"
		if at := e.Source.Date.Start(); len(e.Source.Date) == len(time.DateOnly) {
			text += " on " + i18n.Date(i18n.English, at)
		}
		if e.Speaker != "" {
			text += " (" + shortID(e.Speaker) + ")"
		}
		text += fmt.Sprintf(": %s, %s", shortText(e.Source.Doc, 100), shortText(e.Source.SentenceID, 40))
	}
	return i18n.NewText(i18n.English, strings.TrimRight(i18n.CleanString(text), ", "))
}

func shortText(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}
