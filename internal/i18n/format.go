package i18n

import (
	"strconv"
	"strings"
	"time"
)

// Number writes n with the language's separator of thousands and the digits
// 0–9, which the UN's Arabic pages use too.
func Number(l Lang, n int) string {
	s := strconv.Itoa(n)
	sign := ""
	if n < 0 {
		sign, s = "-", s[1:]
	}
	separator := ","
	switch l {
	case French:
		separator = "\u202f"
	case Russian, Spanish:
		separator = "\u00a0"
	}
	if len(s) < 4 || l == Spanish && len(s) < 5 {
		return sign + s
	}
	var groups []string
	for len(s) > 3 {
		groups = append([]string{s[len(s)-3:]}, groups...)
		s = s[:len(s)-3]
	}
	return sign + strings.Join(append([]string{s}, groups...), separator)
}

// months are the names of the months as they stand in a date.
func months(l Lang) [12]string {
	switch l {
	case Arabic:
		return [12]string{"كانون الثاني/يناير", "شباط/فبراير", "آذار/مارس", "نيسان/أبريل", "أيار/مايو", "حزيران/يونيه", "تموز/يوليه", "آب/أغسطس", "أيلول/سبتمبر", "تشرين الأول/أكتوبر", "تشرين الثاني/نوفمبر", "كانون الأول/ديسمبر"}
	case French:
		return [12]string{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"}
	case Russian:
		return [12]string{"января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября", "декабря"}
	case Spanish:
		return [12]string{"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"}
	}
	return [12]string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"}
}

// monthAlone is the name of a month without a day; Russian has another case.
func monthAlone(l Lang, m time.Month) string {
	if l == Russian {
		return [12]string{"январь", "февраль", "март", "апрель", "май", "июнь", "июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь"}[m-1]
	}
	return months(l)[m-1]
}

// Date writes the day of t with the month by name: "22 November 2026", in
// Arabic with both names of the month as the UN writes them.
func Date(l Lang, t time.Time) string {
	d, y := strconv.Itoa(t.Day()), strconv.Itoa(t.Year())
	switch l {
	case Chinese:
		return y + "年" + strconv.Itoa(int(t.Month())) + "月" + d + "日"
	case French:
		if t.Day() == 1 {
			d = "1er"
		}
	case Russian:
		return d + " " + months(l)[t.Month()-1] + " " + y + " года"
	case Spanish:
		return d + " de " + months(l)[t.Month()-1] + " de " + y
	}
	return d + " " + months(l)[t.Month()-1] + " " + y
}

// Month writes the month and year of t.
func Month(l Lang, t time.Time) string {
	y := strconv.Itoa(t.Year())
	switch l {
	case Chinese:
		return y + "年" + strconv.Itoa(int(t.Month())) + "月"
	case Russian:
		return monthAlone(l, t.Month()) + " " + y + " года"
	case Spanish:
		return monthAlone(l, t.Month()) + " de " + y
	}
	return monthAlone(l, t.Month()) + " " + y
}

// DateTime writes the day and the time of t with its zone in letters, as UTC
// where t is in UTC.
func DateTime(l Lang, t time.Time) string {
	zone := t.Location().String()
	return Date(l, t) + separator(l) + t.Format("15:04") + " (" + zone + ")"
}

func separator(l Lang) string {
	switch l {
	case Arabic:
		return "، "
	case Chinese:
		return " "
	}
	return ", "
}

// List joins the items of a list with the language's comma.
func List(l Lang, items []string) string {
	comma := ", "
	switch l {
	case Arabic:
		comma = "، "
	case Chinese:
		comma = "、"
	}
	return strings.Join(items, comma)
}
