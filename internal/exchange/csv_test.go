package exchange_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"concord/internal/access"
	"concord/internal/db"
	"concord/internal/db/dbtest"
	"concord/internal/exchange"
	"concord/internal/i18n"
	"concord/internal/party"
	"concord/internal/problem"
	"concord/internal/record"
)

func (p portal) take(t testing.TB, a access.Actor, kind, text string, o exchange.Options) exchange.Report {
	t.Helper()
	o.Directory, o.Resolve = p.dir, p.places.Resolve
	rep, err := exchange.ImportCSV(t.Context(), p.Store, a, kind, strings.NewReader(text), o)
	if err != nil {
		t.Fatal(err)
	}
	if rep.Rows != rep.Created+rep.Updated+rep.Unchanged+rep.Refused {
		t.Errorf("the counts do not add up: %+v", rep)
	}
	return rep
}

func codes(r exchange.Report) []string {
	var list []string
	for _, p := range r.Problems {
		list = append(list, fmt.Sprintf("%d %s %s %s", p.Row, p.Tier, p.Field, p.Code))
	}
	return list
}

func (p portal) needs(t testing.TB, a access.Actor) []*record.Record {
	t.Helper()
	page, err := p.List(t.Context(), a, record.Query{Kinds: []string{"need"}, Order: record.ByCreated, Asc: true, Limit: 100, All: true})
	if err != nil {
		t.Fatal(err)
	}
	return page.Records
}

func TestImportOwn(t *testing.T) {
	const file = "key,title,topics,timeframe,priority,state,audience,groups,languages\n" +
		"a,Help with a national CERT,csirt-incident-response;Quantum technologies,short,high,published,group,Samoa; @sids,English\n" +
		"b,'=SUM(A1),awareness-hygiene,,,,,,\n"
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := open(t, d)
		ken := p.person("KEN", access.FocalPoint)
		rep := p.take(t, ken, "need", file, exchange.Options{DryRun: true})
		if rep.Created != 2 || rep.Refused != 0 || !rep.DryRun {
			t.Fatalf("dry run: %+v", rep)
		}
		if n := len(p.needs(t, ken)); n != 0 {
			t.Fatalf("a dry run left %d records", n)
		}
		if rep = p.take(t, ken, "need", file, exchange.Options{}); rep.Created != 2 {
			t.Fatalf("%+v", rep)
		}
		recs := p.needs(t, ken)
		if len(recs) != 2 {
			t.Fatalf("%d records", len(recs))
		}
		k := p.Kinds().Kind("need")
		i := slices.IndexFunc(recs, func(r *record.Record) bool { return r.Status == access.Published })
		a, b := recs[i], recs[1-i]
		if a.Audience != access.Group || !slices.Equal(a.Named, []string{"@sids", "WSM"}) || !slices.Contains(k.Field("topics").Strings(a.Body), "quantum") {
			t.Errorf("%+v %+v", a, a.Body)
		}
		if title, _ := k.Title(b.Body).In(i18n.English); title != "=SUM(A1)" || b.Status != access.Draft || b.Audience != access.States {
			t.Errorf("%q %+v", title, b)
		}
		if rep = p.take(t, ken, "need", file, exchange.Options{}); rep.Unchanged != 2 {
			t.Errorf("the same file again: %+v", rep)
		}
		// A column that is not there leaves the field as it is.
		rep = p.take(t, ken, "need", "key;title\na;Help with a national CERT, urgently\n", exchange.Options{})
		if rep.Updated != 1 || rep.Created != 0 {
			t.Errorf("%+v", rep)
		}
		r, err := p.Get(t.Context(), ken, "need", a.ID)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(k.Field("priority").Strings(r.Body), []string{"high"}) || r.Audience != access.Group {
			t.Errorf("%+v", r.Body)
		}
		// Nobody else's key is the same record, and nobody sees the drafts.
		wsm := p.person("WSM", access.FocalPoint)
		if rep = p.take(t, wsm, "need", file, exchange.Options{}); rep.Created != 2 {
			t.Errorf("Samoa: %+v", rep)
		}
		// What an editor wants published waits for approval.
		rep = p.take(t, p.person("EST", access.Editor), "need", file, exchange.Options{})
		if rep.Created != 2 || !slices.Contains(codes(rep), "2 warning  import.awaiting") {
			t.Errorf("%v", codes(rep))
		}
	})
}

func TestImportRoundTrip(t *testing.T) {
	p := open(t, dbtest.SQLite(t))
	ken := p.person("KEN", access.FocalPoint)
	p.take(t, ken, "need", "key,title.en,title.fr,summary,topics,timeframe,start,state\n1,One,Un,+254 20,quantum,short,2026-01,published\n2,Two,,-,quantum,short,,\n", exchange.Options{})
	var file bytes.Buffer
	if n, err := exchange.Export(t.Context(), p.Store, ken, record.Query{Kinds: []string{"need"}, All: true}, exchange.CSV, &file); err != nil || n != 2 {
		t.Fatal(n, err)
	}
	if !strings.Contains(file.String(), "'+254") {
		t.Error("a cell can run as a formula")
	}
	rep := p.take(t, ken, "need", file.String(), exchange.Options{})
	if rep.Unchanged != 2 {
		t.Errorf("our own file: %+v", rep)
	}
	rep = p.take(t, ken, "need", strings.Replace(file.String(), "One", "First", 1), exchange.Options{})
	if rep.Updated != 1 || rep.Unchanged != 1 {
		t.Errorf("our own file, changed: %+v", rep)
	}
	// Another party cannot change them by their ids.
	rep = p.take(t, p.person("WSM", access.FocalPoint), "need", file.String(), exchange.Options{})
	if rep.Refused != 2 {
		t.Errorf("a foreign file: %+v", rep)
	}
	var lines bytes.Buffer
	if n, err := exchange.Export(t.Context(), p.Store, access.Actor{}, record.Query{Kinds: []string{"need"}}, exchange.JSONLines, &lines); err != nil || n != 0 || lines.Len() != 0 {
		t.Errorf("the public got %d: %s", n, &lines)
	}
}

func TestImportOperator(t *testing.T) {
	p := open(t, dbtest.SQLite(t))
	const file = "id\ttitle\ttopics\tconditions\towner\n1\tTraining\tquantum\tnone\tEstonia\n2\tTraining\tquantum\tnone\tFIRST\n3\tx\tquantum\tnone\tNOBODY\n4\tx\tquantum\tnone\t\n"
	for _, want := range []exchange.Report{{Created: 2, Refused: 2}, {Unchanged: 2, Refused: 2}} {
		rep := p.take(t, party.Operator(), "offer", file, exchange.Options{})
		if rep.Created != want.Created || rep.Unchanged != want.Unchanged || rep.Refused != want.Refused {
			t.Errorf("%+v", rep)
		}
	}
	if rep := p.take(t, party.Operator(), "offer", "title,topics,conditions\nx,quantum,none\n", exchange.Options{As: "IND"}); rep.Created != 1 {
		t.Errorf("%+v", rep)
	}
	page, err := p.List(t.Context(), access.Actor{}, record.Query{Kinds: []string{"offer"}})
	if err != nil || page.Total != 3 {
		t.Errorf("the public sees %d, %v", page.Total, err)
	}
}

func TestImportForbidden(t *testing.T) {
	p := open(t, dbtest.SQLite(t))
	for _, a := range []access.Actor{{}, p.person("KEN", access.Viewer), p.person("ITU", access.FocalPoint)} {
		_, err := exchange.ImportCSV(t.Context(), p.Store, a, "need", strings.NewReader("title\nx\n"), exchange.Options{Directory: p.dir})
		if !problem.Is(err, problem.Forbidden) {
			t.Errorf("%v: %v", a, err)
		}
	}
	if _, err := exchange.ImportCSV(t.Context(), p.Store, p.person("KEN", access.FocalPoint), "match", strings.NewReader("title\nx\n"), exchange.Options{Directory: p.dir}); !problem.Is(err, problem.Forbidden) {
		t.Error(err)
	}
}

func TestImportProblems(t *testing.T) {
	p := open(t, dbtest.SQLite(t))
	ken := p.person("KEN", access.FocalPoint)
	utf16File := func(s string) string {
		b := []byte{0xff, 0xfe}
		for _, u := range utf16.Encode([]rune(s)) {
			b = append(b, byte(u), byte(u>>8))
		}
		return string(b)
	}
	long := strings.Repeat("x", 65<<10)
	for name, c := range map[string]struct {
		file string
		want []string
		rows int
	}{
		"empty":            {"", []string{"0 critical  import.empty"}, 0},
		"spaces":           {" \n \n", []string{"0 critical  import.empty"}, 0},
		"header alone":     {"title\n", []string{"0 critical  import.no-rows"}, 0},
		"no title":         {"titel,topics\nx,quantum\n", []string{"1 critical title import.no-title"}, 0},
		"column twice":     {"title,TITLE.EN\nx,y\n", []string{"1 critical title.en import.column-twice"}, 0},
		"workbook":         {"PK\x03\x04 and so on", []string{"0 critical  import.workbook"}, 0},
		"Latin-1":          {"title\nd\xe9j\xe0\n", []string{"2 critical  import.encoding"}, 0},
		"mixed":            {"key,title\n1,déjà\n2,d\xe9j\xe0\n", []string{"3 critical  import.encoding"}, 0},
		"binary":           {"title\na\x00b\n", []string{"2 critical  import.binary"}, 0},
		"open quote":       {"title\n\"abc\nd\ne\n", []string{"2 critical  import.quote-open"}, 0},
		"too many columns": {"title" + strings.Repeat(",x", 200) + "\na\n", []string{"1 critical  import.too-many-columns"}, 0},
		"stray quote":      {"key,title\n1,a \"b\n2,c\n", []string{"2 error  import.quote"}, 2},
		"long cell":        {"key,title\n1," + long + "\n2,c\n", []string{"2 error  import.cell-too-long"}, 2},
		"too many cells":   {"key,title\n1,a,b\n2,c\n", []string{"2 error  import.too-many-cells"}, 2},
		"no key":           {"title\nx\nx\n", []string{"1 warning  import.no-key", "3 error  import.row-twice"}, 2},
		"key twice":        {"key,title\n1,x\n1,y\n", []string{"3 error  import.key-twice"}, 2},
		"unknown column":   {"key,title,topcis,zzzzzz\n1,x,,\n", []string{"1 warning topcis import.unknown-column-near", "1 warning zzzzzz import.unknown-column"}, 1},
		"bidi":             {"key,title\n1,a\u202eb\n", []string{"2 warning title.en import.cleaned"}, 1},
		"bad code":         {"key,title,topics\n1,x,nonsense\n", []string{"2 error topics code"}, 1},
		"bad state":        {"key,title,state\n1,x,archived\n", []string{"2 error state import.state"}, 1},
		"bad audience":     {"key,title,audience\n1,x,sealed\n", []string{"2 error audience sealed-not-yet"}, 1},
		"group of nobody":  {"key,title,audience\n1,x,group\n", []string{"2 error groups required"}, 1},
		"not published":    {"key,title,state\n1,x,published\n", []string{"2 error topics required", "2 error timeframe required"}, 1},
		"bad date":         {"key,title,start\n1,x,31.12.2026\n", []string{"2 error start date"}, 1},
		"another's":        {"key,title,owner\n1,x,EST\n", []string{"2 error owner import.not-yours"}, 1},
		"empty rows":       {"key,title\n,\n1,x\n,,,\n\n", nil, 1},
		"sep line":         {"sep=;\nkey;title\n1;a,b\n", nil, 1},
		"UTF-16":           {utf16File("key\ttitle\r\n1\tعربي 中文\r\n"), nil, 1},
		"UTF-8 mark":       {"\ufeffkey,title\r\n1,x\r\n", nil, 1},
	} {
		t.Run(name, func(t *testing.T) {
			rep := p.take(t, ken, "need", c.file, exchange.Options{DryRun: true})
			if got := codes(rep); !slices.Equal(got, c.want) || rep.Rows != c.rows {
				t.Errorf("%d rows, %q; want %d, %q", rep.Rows, got, c.rows, c.want)
			}
		})
	}
	if n := len(p.needs(t, ken)); n != 0 {
		t.Errorf("dry runs left %d records", n)
	}
}

// endless is a CSV file of any number of rows that nobody has in memory.
type endless struct {
	rows, sent int
	left       []byte
	row        func(i int) string
}

func (e *endless) Read(p []byte) (int, error) {
	if len(e.left) == 0 {
		if e.sent == e.rows {
			return 0, io.EOF
		}
		e.left = []byte(e.row(e.sent))
		e.sent++
	}
	n := copy(p, e.left)
	e.left = e.left[n:]
	return n, nil
}

func TestImportHugeFile(t *testing.T) {
	p := open(t, dbtest.SQLite(t))
	ken := p.person("KEN", access.FocalPoint)
	run := func(o exchange.Options, file io.Reader) exchange.Report {
		t.Helper()
		o.Directory, o.DryRun = p.dir, true
		rep, err := exchange.ImportCSV(t.Context(), p.Store, ken, "need", file, o)
		if err != nil {
			t.Fatal(err)
		}
		return rep
	}
	const million = 1_000_000
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	// Every row is refused, so that only reading is measured.
	rep := run(exchange.Options{}, &endless{rows: million + 1, row: func(i int) string {
		if i == 0 {
			return "key,title,state\n"
		}
		return fmt.Sprintf("%d,A title of some length to be read,archived\n", i)
	}})
	runtime.GC()
	runtime.ReadMemStats(&after)
	if rep.Rows != million || rep.Refused != million || len(rep.Problems) != 1000 || rep.Errors != million {
		t.Errorf("%d rows, %d refused, %d problems of %d", rep.Rows, rep.Refused, len(rep.Problems), rep.Errors)
	}
	if held := int64(after.HeapAlloc) - int64(before.HeapAlloc); held > 64<<20 {
		t.Errorf("%d MB held after the import", held>>20)
	}
	rep = run(exchange.Options{MaxRows: 100}, &endless{rows: 200, row: func(i int) string { return "title\n" }})
	if got := codes(rep); !slices.Equal(got, []string{"0 critical  import.too-many-rows"}) {
		t.Error(got)
	}
	rep = run(exchange.Options{MaxBytes: 1 << 20}, &endless{rows: million, row: func(i int) string { return "title\n" }})
	if got := codes(rep); !slices.Equal(got, []string{"0 critical  import.too-large"}) {
		t.Error(got)
	}
	rep = run(exchange.Options{}, &endless{rows: million, row: func(i int) string {
		if i == 1 {
			return "\"never closed\n"
		}
		return "title title title\n"
	}})
	if got := codes(rep); !rep.Failed() {
		t.Error(got)
	}
}

func TestImportStops(t *testing.T) {
	p := open(t, dbtest.SQLite(t))
	ctx, cancel := context.WithCancel(t.Context())
	o := exchange.Options{Directory: p.dir, Progress: func(int) { cancel() }}
	_, err := exchange.ImportCSV(ctx, p.Store, p.person("KEN", access.FocalPoint), "need", &endless{rows: 1000, row: func(i int) string {
		return fmt.Sprintf("title\n%d\n", i)
	}}, o)
	if err == nil {
		t.Error("an import goes on that nobody waits for")
	}
}

// FuzzImport: whatever the file, the counts add up, nothing is written by a dry
// run, and no cell is bounded less than it must be.
func FuzzImport(f *testing.F) {
	for _, s := range []string{
		"title\nx\n", "key;title;topics\n1;a;quantum\n", "\ufefftitle,\"a\nb\"\n\"x\"\"y\",z\n", "\xff\xfet\x00i\x00", "sep=|\ntitle\n",
		"title,title\n", "title.fr,title.original\nx,fr\n", "id,title\n00000000000000000000000000,x\n", "title,start,people,emergency\nx,٢٠٢٦,1 000,maybe\n",
		"title,evidence\nx,00000000000000000000000000\n", "title,audience,groups\nx,group,@sids\n",
	} {
		f.Add([]byte(s))
	}
	p := open(f, dbtest.SQLite(f))
	ken := p.person("KEN", access.FocalPoint)
	f.Fuzz(func(t *testing.T, b []byte) {
		exchange.Detect(b)
		rep, err := exchange.ImportCSV(t.Context(), p.Store, ken, "need", bytes.NewReader(b), exchange.Options{Directory: p.dir, Resolve: p.places.Resolve, DryRun: true})
		if err != nil {
			t.Fatal(err)
		}
		if rep.Rows != rep.Created+rep.Updated+rep.Unchanged+rep.Refused || rep.Failed() && rep.Rows > 0 {
			t.Errorf("%+v", rep)
		}
	})
}

func BenchmarkImport(b *testing.B) {
	p := open(b, dbtest.SQLite(b))
	ken := p.person("KEN", access.FocalPoint)
	const rows = 5000
	n := 0
	for b.Loop() {
		n++
		file := &endless{rows: rows + 1, row: func(i int) string {
			if i == 0 {
				return "key,title,summary,topics,timeframe,state\n"
			}
			return fmt.Sprintf("%d-%d,Support for the national CSIRT,\"The ministry has asked for practical help, and a team of eight was set up last year.\",quantum;funding,short,published\n", n, i)
		}}
		rep, err := exchange.ImportCSV(b.Context(), p.Store, ken, "need", file, exchange.Options{Directory: p.dir})
		if err != nil || rep.Created != rows {
			b.Fatal(rep, err)
		}
	}
	b.ReportMetric(float64(rows*n)/b.Elapsed().Seconds(), "rows/s")
}
