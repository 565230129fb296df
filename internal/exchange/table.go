package exchange

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// Limits of a CSV file.
const (
	defaultRows  = 1_000_000
	defaultBytes = 2 << 30
	maxColumns   = 200
	maxCell      = 64 << 10 // bytes
	maxLine      = 4 << 20  // bytes of one row: what an unclosed quote may swallow
)

// flaw is what is wrong with a row, or with the file, as a problem words it.
type flaw struct {
	tier Tier
	code string
	args []any
}

func (f *flaw) Error() string { return string(f.tier) + ": " + f.code }

func fatal(code string, args ...any) error  { return &flaw{Critical, code, args} }
func faulty(code string, args ...any) error { return &flaw{Error, code, args} }

// table reads the rows of a CSV file, whatever program wrote it: with or
// without a byte order mark, in UTF-8 or UTF-16, separated by commas,
// semicolons or tabs. Other encodings are refused: to guess one would turn
// names into other names without anybody seeing it.
type table struct {
	csv   *csv.Reader
	limit *budget
	row   int // of the row read last; the header is 1
}

// budget bounds what is read for one row, whatever its quotes say.
type budget struct {
	r    io.Reader
	left int
}

var errBudget = errors.New("row too long")

func (b *budget) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errBudget
	}
	n, err := b.r.Read(p[:min(len(p), b.left)])
	b.left -= n
	return n, err
}

// newTable begins to read a file.
func newTable(file io.Reader) (*table, error) {
	r := bufio.NewReaderSize(file, HeadSize)
	head, err := r.Peek(HeadSize)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, bufio.ErrBufferFull) {
		return nil, err
	}
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return nil, fatal("import.workbook")
	case bytes.HasPrefix(head, []byte{0xff, 0xfe}), bytes.HasPrefix(head, []byte{0xfe, 0xff}):
		decode := unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder()
		r = bufio.NewReaderSize(transform.NewReader(r, decode), HeadSize)
		if head, err = r.Peek(HeadSize); err != nil && !errors.Is(err, io.EOF) {
			return nil, err
		}
	case bytes.HasPrefix(head, []byte("\ufeff")):
		if _, err := r.Discard(len("\ufeff")); err != nil {
			return nil, err
		}
		head = head[len("\ufeff"):]
	}
	if len(bytes.TrimSpace(head)) == 0 {
		return nil, fatal("import.empty")
	}
	comma := separator(head)
	if line, _, _ := bytes.Cut(head, []byte("\n")); len(line) < 8 && bytes.HasPrefix(line, []byte("sep=")) {
		if _, err := r.Discard(len(line) + 1); err != nil {
			return nil, fatal("import.empty")
		}
		if len(line) > 4 {
			comma = rune(line[4])
		}
	}
	if comma != ',' && comma != ';' && comma != '\t' {
		return nil, fatal("import.separator")
	}
	t := &table{limit: &budget{r: r}}
	t.csv = csv.NewReader(t.limit)
	t.csv.Comma, t.csv.FieldsPerRecord, t.csv.ReuseRecord = comma, -1, true
	return t, nil
}

// separator is the one of three that the first line has most of, outside
// quotes.
func separator(head []byte) rune {
	counts := map[byte]int{}
	quoted := false
	for _, c := range head {
		if c == '"' {
			quoted = !quoted
		} else if !quoted {
			if c == '\n' {
				break
			}
			counts[c]++
		}
	}
	best := ','
	for _, c := range ";\t" {
		if counts[byte(c)] > counts[byte(best)] {
			best = c
		}
	}
	return best
}

// next returns the cells of the next row, valid until the call after, or
// io.EOF. A flaw of tier Error is of this row alone.
func (t *table) next() ([]string, error) {
	t.limit.left = maxLine
	cells, err := t.csv.Read()
	if errors.Is(err, io.EOF) {
		return nil, io.EOF
	}
	t.row++
	var parse *csv.ParseError
	switch {
	case errors.Is(err, errBudget):
		return nil, fatal("import.row-too-long", maxLine>>20)
	case errors.As(err, &parse) && parse.StartLine != parse.Line:
		return nil, fatal("import.quote-open", parse.StartLine)
	case errors.As(err, &parse):
		return nil, faulty("import.quote")
	case err != nil:
		return nil, fmt.Errorf("read file: %w", err)
	case len(cells) > maxColumns:
		return nil, fatal("import.too-many-columns", maxColumns)
	}
	for _, c := range cells {
		switch {
		case len(c) > maxCell:
			return nil, faulty("import.cell-too-long", maxCell>>10)
		case strings.IndexByte(c, 0) >= 0:
			return nil, fatal("import.binary")
		case !utf8.ValidString(c):
			return nil, fatal("import.encoding")
		}
	}
	return cells, nil
}

// spool makes a file that can be read twice of r: itself if it can seek, else
// a temporary file.
func spool(r io.Reader, limit int64) (file io.ReadSeeker, done func(), err error) {
	if s, ok := r.(io.ReadSeeker); ok {
		size, err := s.Seek(0, io.SeekEnd)
		if err == nil {
			if size > limit {
				return nil, nil, fatal("import.too-large", int(limit>>20))
			}
			return s, func() {}, nil
		}
	}
	f, err := os.CreateTemp("", "concord-import-")
	if err != nil {
		return nil, nil, err
	}
	done = func() {
		f.Close()
		os.Remove(f.Name())
	}
	n, err := io.Copy(f, io.LimitReader(r, limit+1))
	if err == nil && n > limit {
		err = fatal("import.too-large", int(limit>>20))
	}
	if err != nil {
		done()
		return nil, nil, err
	}
	return f, done, nil
}
