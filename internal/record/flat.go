package record

import (
	"fmt"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"concord/internal/i18n"
	"concord/internal/problem"
)

// The flat form of a record's fields is what HTML forms post and CSV files
// hold: names to strings. "title.fr" is a text in one language,
// "title.original" marks the one it was written in, "indicators.0.target" is
// a field of the first row, "starts.local" and "starts.zone" make a moment.
// Lists repeat their name or separate their values with semicolons.

// maxRows bounds the rows a form may number, whatever Max says later: the
// number stands in a name that anyone can write.
const maxRows = 200

// Flatten writes the fields of body, a pointer to a struct of kind k.
func (k *Kind) Flatten(body any) url.Values {
	v := url.Values{}
	flatten(v, "", k.Fields, reflect.ValueOf(body).Elem())
	return v
}

func flatten(out url.Values, prefix string, fields []*Field, s reflect.Value) {
	for _, f := range fields {
		name, v := prefix+f.Name, s.Field(f.index)
		if v.IsZero() {
			continue
		}
		switch f.Type {
		case Text:
			t := v.Interface().(i18n.Text)
			for _, l := range t.Langs() {
				out.Set(name+"."+string(l), t.Get(l))
			}
			out.Set(name+".original", string(t.Original))
		case At:
			m := v.Interface().(Moment)
			out.Set(name+".local", m.Local)
			out.Set(name+".zone", m.Zone)
		case Number:
			out.Set(name, strconv.FormatInt(v.Int(), 10))
		case Flag:
			out.Set(name, "yes")
		case Codes, Parties, Many:
			for i := range v.Len() {
				out.Add(name, v.Index(i).String())
			}
		case Rows:
			for i := range v.Len() {
				flatten(out, name+"."+strconv.Itoa(i)+".", f.Rows, v.Index(i))
			}
		default:
			out.Set(name, v.String())
		}
	}
}

// Parse fills body, a pointer to a struct of kind k, from its flat form. A
// text given without a language ("title") is in lang. What cannot be read is
// noted in problems; whether the values are right is for Validate.
func (k *Kind) Parse(in url.Values, lang i18n.Lang, body any, problems *problem.Fields) {
	parse(in, "", lang, k.Fields, reflect.ValueOf(body).Elem(), problems)
}

func parse(in url.Values, prefix string, lang i18n.Lang, fields []*Field, s reflect.Value, problems *problem.Fields) {
	for _, f := range fields {
		name, v := prefix+f.Name, s.Field(f.index)
		one := i18n.CleanString(in.Get(name))
		switch f.Type {
		case Text:
			v.Set(reflect.ValueOf(parseText(in, name, lang)))
		case At:
			local := strings.Replace(i18n.CleanString(in.Get(name+".local")), " ", "T", 1)
			v.SetZero()
			if local != "" { // a zone alone, which forms propose, is no moment
				v.Set(reflect.ValueOf(Moment{digits(local), i18n.CleanString(in.Get(name + ".zone"))}))
			}
		case Day:
			v.SetString(parseDate(in, name))
		case Number:
			v.SetInt(0)
			if one != "" {
				n, err := strconv.ParseInt(strings.Map(dropSeparators, digits(one)), 10, 62)
				problems.Check(err == nil, name, "number")
				v.SetInt(n)
			}
		case Flag:
			v.SetBool(one == "yes" || one == "true" || one == "1" || one == "on")
		case Codes, Parties, Many:
			v.Set(parseList(in[name], v.Type()))
		case Rows:
			v.Set(parseRows(in, name, lang, f, v.Type(), problems))
		default:
			v.SetString(one)
		}
	}
}

// parseText reads a text in the languages given. The original is the language
// the writer marked, else lang if it has text, else the first there is.
func parseText(in url.Values, name string, lang i18n.Lang) i18n.Text {
	var t i18n.Text
	for _, l := range i18n.Langs() {
		t.By[l.Index()] = in.Get(name + "." + string(l))
	}
	if plain := in.Get(name); plain != "" && t.Get(lang) == "" {
		t.By[lang.Index()] = plain
	}
	t.Original = lang
	if l, ok := i18n.Parse(in.Get(name + ".original")); ok {
		t.Original = l
	}
	t.Clean()
	return t
}

// parseDate reads a date in one field or in three (day, month, year), with
// the digits of any script.
func parseDate(in url.Values, name string) string {
	if s := digits(i18n.CleanString(in.Get(name))); s != "" {
		return s
	}
	part := func(p string) string { return digits(i18n.CleanString(in.Get(name + "." + p))) }
	year, month, day := part("year"), part("month"), part("day")
	pad := func(s string) string {
		if len(s) == 1 {
			return "0" + s
		}
		return s
	}
	s := year
	if month != "" || day != "" {
		s += "-" + pad(month)
	}
	if day != "" {
		s += "-" + pad(day)
	}
	return s
}

func parseList(values []string, t reflect.Type) reflect.Value {
	list := reflect.MakeSlice(t, 0, len(values))
	var seen []string
	for _, v := range values {
		for s := range strings.SplitSeq(v, ";") {
			if s = i18n.CleanString(s); s != "" && !slices.Contains(seen, s) && len(seen) < 1000 {
				seen = append(seen, s)
				list = reflect.Append(list, reflect.ValueOf(s).Convert(t.Elem()))
			}
		}
	}
	if list.Len() == 0 {
		return reflect.Zero(t)
	}
	return list
}

// parseRows reads numbered rows and drops those with nothing in them.
func parseRows(in url.Values, name string, lang i18n.Lang, f *Field, t reflect.Type, problems *problem.Fields) reflect.Value {
	list := reflect.Zero(t)
	for _, i := range rowNumbers(in, name) {
		row := reflect.New(t.Elem()).Elem()
		parse(in, fmt.Sprintf("%s.%d.", name, i), lang, f.Rows, row, problems)
		if !row.IsZero() {
			list = reflect.Append(list, row)
		}
	}
	return list
}

// rowNumbers lists the rows of name that the input has, in order.
func rowNumbers(in url.Values, name string) []int {
	var numbers []int
	for key := range in {
		rest, ok := strings.CutPrefix(key, name+".")
		if !ok {
			continue
		}
		number, _, ok := strings.Cut(rest, ".")
		i, err := strconv.Atoi(number)
		if ok && err == nil && i >= 0 && i < maxRows && !slices.Contains(numbers, i) {
			numbers = append(numbers, i)
		}
	}
	slices.Sort(numbers)
	return numbers
}

// digits turns the decimal digits of any script into ASCII: delegations type
// dates and numbers with ٠١٢٣ too.
func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x80 || !unicode.IsDigit(r) {
			return r
		}
		// Decimal digits stand in runs of ten that begin with zero.
		zero := r
		for unicode.IsDigit(zero-1) && r-zero < 9 {
			zero--
		}
		return '0' + (r - zero)
	}, s)
}

func dropSeparators(r rune) rune {
	switch r {
	case ',', ' ', '\u00a0', '\u202f', '\'', '٬':
		return -1
	}
	return r
}

// Names lists the flat names of the kind's fields in order, with the given
// number of rows: the header of a CSV file.
func (k *Kind) Names(rows int) []string { return names("", k.Fields, rows) }

func names(prefix string, fields []*Field, rows int) []string {
	var list []string
	for _, f := range fields {
		name := prefix + f.Name
		switch f.Type {
		case Text:
			for _, l := range i18n.Langs() {
				list = append(list, name+"."+string(l))
			}
			list = append(list, name+".original")
		case At:
			list = append(list, name+".local", name+".zone")
		case Rows:
			for i := range rows {
				list = append(list, names(fmt.Sprintf("%s.%d.", name, i), f.Rows, rows)...)
			}
		default:
			list = append(list, name)
		}
	}
	return list
}
