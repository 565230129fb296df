package web

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/base64"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/a-h/templ"

	"concord/internal/access"
	"concord/internal/door"
	"concord/internal/exchange"
	"concord/internal/i18n"
	"concord/internal/party/reference"
	"concord/internal/problem"
	"concord/internal/record"
	"concord/internal/web/ui"
)

// Limits of what is taken in through a page. Larger files are for the command
// line, which no request waits for.
const (
	maxUpload      = 32 << 20
	maxImportRows  = 5000
	shownProblems  = 200
	importsPerHour = 60
	// maxKept is the largest file that is kept between its check and its
	// import.
	maxKept = 4 << 20
)

// places knows the names of parties in texts.
var places = sync.OnceValues(reference.Load)

// upload is a file on its way in, with what its sender chose.
type upload struct {
	file  io.ReadSeeker
	state access.Status
	lang  i18n.Lang
	write bool // not only to be checked
	kept  string
}

// importForm explains how records come in from a file, and asks for one.
func (s *Site) importForm(k *record.Kind) door.Handler {
	return func(q *door.Req) error {
		if !access.MayCreate(q.Actor, k.KindRule) {
			return problem.New(problem.Forbidden, "forbidden.create")
		}
		return s.importPage(q, k, 0, nil, s.chooseFile(q, k, "", &upload{lang: q.Lang, state: access.Draft}, false))
	}
}

// importFile tries a file out and says what would become of it; then, asked
// again, it takes the file in.
func (s *Site) importFile(k *record.Kind) door.Handler {
	return func(q *door.Req) error {
		if !access.MayCreate(q.Actor, k.KindRule) {
			return problem.New(problem.Forbidden, "forbidden.create")
		}
		u, err := s.upload(q)
		if q.MultipartForm != nil {
			defer q.MultipartForm.RemoveAll()
		}
		if err != nil {
			return err
		}
		if u.file == nil {
			return s.importPage(q, k, http.StatusUnprocessableEntity, &ui.Errors{
				Heading: q.T("form.problem"), Items: []ui.Link{{Text: q.T("import.choose"), Href: "#file"}},
			}, s.chooseFile(q, k, q.T("import.choose"), u, false))
		}
		switch ok, err := s.Parties.Allow(q.Context(), "import:"+q.Account.ID, importsPerHour, time.Hour); {
		case err != nil:
			return err
		case !ok:
			return problem.New(problem.TooMany, "import.too-often")
		}
		return s.takeFile(q, k, u)
	}
}

func (s *Site) takeFile(q *door.Req, k *record.Kind, u *upload) error {
	names, err := places()
	if err != nil {
		return err
	}
	rep, err := exchange.ImportCSV(q.Context(), s.Store, q.Actor, k.Name, u.file, exchange.Options{
		Directory: q.Dir, Resolve: names.Resolve, State: u.state, Lang: u.lang, DryRun: !u.write,
		MaxRows: maxImportRows, MaxBytes: maxUpload,
	})
	if err != nil {
		return err
	}
	body := s.importReport(q, k, &rep)
	status := 0
	switch fit := rep.Created + rep.Updated; {
	case rep.Failed():
		status = http.StatusUnprocessableEntity
		body = append(body, s.chooseFile(q, k, "", u, false))
	case u.write:
		if u.kept != "" {
			if err := s.Parties.DropForm(q.Context(), u.kept, q.Account.ID); err != nil {
				return err
			}
		}
	case fit == 0:
		body = append(body, s.chooseFile(q, k, "", u, false))
	default:
		next, err := s.confirm(q, k, u, fit)
		if err != nil {
			return err
		}
		body = append(body, next)
	}
	return s.importPage(q, k, status, nil, body...)
}

// upload reads what was sent: a file, or the word to take in the one that was
// checked before.
func (s *Site) upload(q *door.Req) (*upload, error) {
	media, _, err := mime.ParseMediaType(q.Header.Get("Content-Type"))
	if err != nil {
		return nil, problem.New(problem.BadRequest, "form")
	}
	if media != "multipart/form-data" {
		if err := q.ParseForm(); err != nil {
			return nil, badForm(err)
		}
		return s.uploadKept(q, q.PostForm.Get("kept"))
	}
	const inMemory = 1 << 20
	if err := q.ParseMultipartForm(inMemory); err != nil {
		return nil, badForm(err)
	}
	u := choices(q.PostForm)
	u.write = q.PostForm.Get("do") == "import"
	switch file, head, err := q.FormFile("file"); {
	case errors.Is(err, http.ErrMissingFile):
	case err != nil:
		return nil, problem.New(problem.BadRequest, "form")
	case head.Size > 0:
		u.file = file
	}
	return u, nil
}

func choices(v url.Values) *upload {
	u := &upload{state: access.Draft, lang: i18n.English}
	if v.Get("state") == string(access.Published) {
		u.state = access.Published
	}
	if l, ok := i18n.Parse(v.Get("lang")); ok {
		u.lang = l
	}
	return u
}

// keepUpload keeps a file that was checked, so that its sender need not send
// it again. It is kept as a form is that was posted too late: for an hour, for
// this account alone, if it is small and there is room; else the answer is "".
func (s *Site) keepUpload(q *door.Req, u *upload) (string, error) {
	if size, err := u.file.Seek(0, io.SeekEnd); err != nil || size > maxKept {
		return "", err
	}
	if _, err := u.file.Seek(0, io.SeekStart); err != nil {
		return "", err
	}
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := io.Copy(z, u.file); err != nil {
		return "", err
	}
	if err := z.Close(); err != nil {
		return "", err
	}
	form := url.Values{
		"csv": {base64.RawURLEncoding.EncodeToString(b.Bytes())}, "state": {string(u.state)}, "lang": {string(u.lang)},
	}
	return s.Parties.KeepForm(q.Context(), q.Account.ID, q.URL.Path, form)
}

// uploadKept is the file that keepUpload kept for this page.
func (s *Site) uploadKept(q *door.Req, secret string) (*upload, error) {
	path, form, err := s.Parties.KeptForm(q.Context(), secret, q.Account.ID)
	if problem.Is(err, problem.NotFound) || err == nil && path != q.URL.Path {
		return &upload{lang: q.Lang, state: access.Draft}, nil // too late: asked for again
	}
	if err != nil {
		return nil, err
	}
	b, err := base64.RawURLEncoding.DecodeString(form.Get("csv"))
	if err != nil {
		return nil, problem.New(problem.BadRequest, "form")
	}
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil, problem.New(problem.BadRequest, "form")
	}
	file, err := io.ReadAll(io.LimitReader(z, maxKept))
	if err != nil {
		return nil, problem.New(problem.BadRequest, "form")
	}
	u := choices(form)
	u.file, u.write, u.kept = bytes.NewReader(file), true, secret
	return u, nil
}

// template sends an empty file with an example row, in the language of the
// page.
func (s *Site) template(k *record.Kind) door.Handler {
	return func(q *door.Req) error {
		h := q.W.Header()
		h.Set("Content-Type", "text/csv; charset=utf-8")
		h.Set("Content-Disposition", `attachment; filename="`+k.Plural+`-template.csv"`)
		return exchange.Template(q.W, s.Kinds(), k, q.Lang)
	}
}

func (s *Site) importPage(q *door.Req, k *record.Kind, status int, errs *ui.Errors, body ...templ.Component) error {
	title := q.T("import.title", q.T("kind."+k.Plural))
	head := ui.Title{Text: title, Lead: q.T("import.lead", maxImportRows, maxUpload>>20)}
	return s.Show(q, Page{
		Title: title, Status: status, Errors: errs, NoIndex: true,
		Crumbs: []ui.Link{{Text: q.T("kind." + k.Plural), Href: s.at(q, "/"+k.Plural)}, {Text: title}},
		Body:   append([]templ.Component{head}, body...),
	})
}

// chooseFile asks for a file; again is whether it is one that was checked.
func (s *Site) chooseFile(q *door.Req, k *record.Kind, wrong string, u *upload, again bool) templ.Component {
	file := ui.FileInput{Accept: ".csv,.txt,.tsv,text/csv", Field: ui.Field{
		ID: "file", Name: "file", Label: q.T("import.file"), Hint: q.T("import.file.hint"), Error: wrong, Required: true,
	}}
	lang := ui.Select{Field: ui.Field{ID: "lang", Name: "lang", Label: q.T("import.lang"), Hint: q.T("import.lang.hint")}}
	for _, l := range i18n.Langs() {
		lang.Options = append(lang.Options, ui.Option{Value: string(l), Label: q.T("lang." + string(l)), Chosen: l == u.lang})
	}
	state := ui.Radios{Field: ui.Field{ID: "state", Name: "state", Label: q.T("import.state"), Hint: q.T("import.state.hint")}}
	for _, st := range []access.Status{access.Draft, access.Published} {
		state.Options = append(state.Options, ui.Option{Value: string(st), Label: q.T("import.state." + string(st)), Chosen: st == cmp.Or(u.state, access.Draft)})
	}
	form := ui.Form{
		Action: s.at(q, "/"+k.Plural+"/import"), Files: true, Body: ui.Join(file, lang, state),
		Buttons: []ui.Button{{Text: q.T("import.check"), Name: "do", Value: "check", Rank: ui.Primary}},
		Cancel:  &ui.Link{Text: q.T("form.cancel"), Href: s.at(q, "/"+k.Plural)},
	}
	if again {
		form.Buttons = []ui.Button{{Text: q.T("import.do-again"), Name: "do", Value: "import", Rank: ui.Primary}}
		return form
	}
	steps := []string{q.T("import.step.template"), q.T("import.step.key"), q.T("import.step.several"), q.T("import.step.save"), q.T("import.step.check")}
	return ui.Join(ui.Section{ID: "how", Heading: q.T("import.how"), Body: ui.Join(
		bullets(steps),
		ui.Downloads{Label: q.T("import.template"), Items: []ui.Link{{Text: "CSV", Href: s.at(q, "/"+k.Plural+"/template.csv")}}},
	)}, form)
}

// confirm offers to take in a file that was checked, without sending it again
// where it could be kept.
func (s *Site) confirm(q *door.Req, k *record.Kind, u *upload, fit int) (templ.Component, error) {
	secret, err := s.keepUpload(q, u)
	if err != nil {
		return nil, err
	}
	if secret == "" {
		return ui.Join(ui.Notice{Text: q.T("import.choose-again")}, s.chooseFile(q, k, "", u, true)), nil
	}
	return ui.Form{
		Action: s.at(q, "/"+k.Plural+"/import"), Hidden: []ui.Pair{{Name: "kept", Value: secret}},
		Buttons: []ui.Button{{Text: q.T("import.do", fit), Rank: ui.Primary}},
		Cancel:  &ui.Link{Text: q.T("import.other-file"), Href: s.at(q, "/"+k.Plural+"/import")},
	}, nil
}

// importReport says what became of a file, or would.
func (s *Site) importReport(q *door.Req, k *record.Kind, rep *exchange.Report) []templ.Component {
	n := ui.Notice{Tone: ui.Success, Live: true, Heading: q.T("import.done"), Text: q.T("import.done.text")}
	switch {
	case rep.Failed():
		n = ui.Notice{Tone: ui.Danger, Live: true, Heading: q.T("import.unusable"), Text: q.T("import.unusable.text")}
	case rep.DryRun:
		n = ui.Notice{Tone: ui.Info, Live: true, Heading: q.T("import.checked"), Text: q.T("import.checked.text")}
	default:
		mine := url.Values{"owner": {q.Actor.Party}, "state": {string(access.Draft), string(access.Awaiting), string(access.Submitted), string(access.Published)}}
		n.Links = []ui.Link{{Text: q.T("import.see"), Href: s.at(q, "/"+k.Plural) + "?" + mine.Encode()}}
	}
	parts := []templ.Component{n}
	if !rep.Failed() {
		var stats ui.Stats
		for _, c := range []struct {
			key string
			n   int
		}{{"rows", rep.Rows}, {"created", rep.Created}, {"updated", rep.Updated}, {"unchanged", rep.Unchanged}, {"refused", rep.Refused}} {
			key := "import.count." + c.key
			if rep.DryRun {
				key = "import.would." + c.key
			}
			stats = append(stats, ui.Stat{Number: i18n.Number(q.Lang, c.n), Sentence: q.T(key, c.n)})
		}
		parts = append(parts, stats)
	}
	if len(rep.Problems) > 0 {
		parts = append(parts, importProblems(q, rep))
	}
	return parts
}

// importProblems is the table of what is wrong with a file, row by row, in the
// words of the file's own columns.
func importProblems(q *door.Req, rep *exchange.Report) templ.Component {
	t := ui.Table{Caption: q.T("import.problems"), Columns: []ui.Column{
		{Label: q.T("import.row"), Number: true}, {Label: q.T("import.column")}, {Label: q.T("import.what")}, {Label: q.T("import.tier")},
	}}
	for _, p := range rep.Problems[:min(len(rep.Problems), shownProblems)] {
		row := i18n.Number(q.Lang, p.Row)
		if p.Row == 0 {
			row = q.T("import.whole-file")
		}
		t.Rows = append(t.Rows, ui.TableRow{Cells: []ui.Cell{
			ui.Text(row), ui.Text(strings.TrimSpace(p.Field)), ui.Text(q.T("error."+p.Code, p.Args...)), ui.Text(q.T("import.tier." + string(p.Tier))),
		}})
	}
	if more := rep.Critical + rep.Errors + rep.Warnings - len(t.Rows); more > 0 {
		return ui.Join(t, ui.Notice{Text: q.T("import.more", more)})
	}
	return t
}
