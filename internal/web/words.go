package web

import (
	"strconv"
	"strings"
	"time"

	"concord/internal/access"
	"concord/internal/door"
	"concord/internal/i18n"
	"concord/internal/problem"
	"concord/internal/record"
	"concord/internal/web/ui"
)

func itoa(n int) string { return strconv.Itoa(n) }

// Label is the name of a field: the kind's own word, else the common one.
func Label(q *door.Req, k *record.Kind, f string) string {
	f = generic(f)
	if key := "field." + k.Name + "." + f; q.Words().Has(key) {
		return q.T(key)
	}
	return q.T("field." + f)
}

// hint explains a field, "" if it needs none.
func hint(q *door.Req, k *record.Kind, f string) string {
	f = generic(f)
	for _, key := range [...]string{"hint." + k.Name + "." + f, "hint." + f} {
		if q.Words().Has(key) {
			return q.T(key)
		}
	}
	return ""
}

// generic is a flat name without its row numbers: "indicators.0.target" is
// labelled as "indicators.target".
func generic(name string) string {
	if !strings.ContainsRune(name, '.') {
		return name
	}
	var parts []string
	for part := range strings.SplitSeq(name, ".") {
		if _, err := strconv.Atoi(part); err != nil {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, ".")
}

// problemText says what is wrong with a field.
func problemText(q *door.Req, f problem.Field) string { return q.T("error."+f.Code, f.Args...) }

// AudienceWord names a record's audience for a mark; a named group is counted.
func AudienceWord(q *door.Req, a access.Audience, named []string) string {
	if a == access.Group && len(named) > 0 {
		names := make([]string, 0, 3)
		for _, code := range named[:min(len(named), 2)] {
			names = append(names, q.Dir.Name(code, q.Lang))
		}
		if len(named) > 2 {
			names = append(names, q.T("audience.more", len(named)-2))
		}
		return i18n.List(q.Lang, names)
	}
	return q.T("audience." + string(a))
}

// Mark is the audience's sign.
func Mark(q *door.Req, r *record.Record) *ui.AudienceMark {
	word := AudienceWord(q, r.Audience, r.Named)
	if r.Audience == access.Own {
		word = q.T("audience.only", q.Dir.Name(r.Owner, q.Lang))
	}
	return &ui.AudienceMark{Audience: ui.Audience(r.Audience), Word: word}
}

// stateMark is the sign of where a record stands; what is simply published
// bears none.
func stateMark(q *door.Req, status access.Status, due bool) *ui.StateMark {
	state := ui.Lifecycle(status)
	word := q.T("state." + string(status))
	switch {
	case status == access.Published && due:
		return &ui.StateMark{State: ui.Due, Word: q.T("state.due")}
	case status == access.Published:
		return nil
	case status == access.Submitted:
		state = ui.Awaiting
	case status == access.Rejected:
		state = ui.Withdrawn
	}
	return &ui.StateMark{State: state, Word: word}
}

// Code is the label of a code in a vocabulary.
func (s *Site) Code(q *door.Req, vocabulary, code string) string {
	return s.Kinds().Vocab.Label(vocabulary, code, q.Lang)
}

// codeLabel words one value of a field.
func (s *Site) codeLabel(q *door.Req, f *record.Field, code string) string {
	switch {
	case f == nil:
		return code
	case f.Vocab != "":
		return s.Code(q, f.Vocab, code)
	case f.Type == record.Party || f.Type == record.Parties:
		return q.Dir.Name(code, q.Lang)
	case f.Type == record.Flag:
		return q.T("flag." + code)
	}
	return code
}

// Date words a date of reduced precision.
func Date(q *door.Req, d record.Date) string {
	switch at := d.Start(); {
	case at.IsZero():
		return string(d)
	case len(d) == 4:
		return string(d)
	case len(d) == 7:
		return i18n.Month(q.Lang, at)
	default:
		return i18n.Date(q.Lang, at)
	}
}

// Day words the day of a moment.
func Day(q *door.Req, at time.Time) string { return i18n.Date(q.Lang, at) }

// Path is the address of a record.
func (s *Site) Path(q *door.Req, r *record.Record) string {
	return s.at(q, "/"+s.Kinds().Kind(r.Kind).Plural+"/"+r.ID)
}

// TitleOf is a record's title for the reader.
func (s *Site) TitleOf(q *door.Req, r *record.Record) ui.Phrase {
	return Content(q, s.Kinds().Kind(r.Kind).Title(r.Body))
}
