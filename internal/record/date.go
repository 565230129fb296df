package record

import (
	"strings"
	"time"
)

// Date is a day, a month or a year: "2026-11-22", "2026-11" or "2026"
// (ISO 8601 reduced precision). The public record often knows no more.
type Date string

// layouts by length of the written form.
func layout(n int) string {
	switch n {
	case 4:
		return "2006"
	case 7:
		return "2006-01"
	case 10:
		return time.DateOnly
	}
	return ""
}

// Valid reports whether d is empty or a date of the calendar, in the years
// 1900 to 2200.
func (d Date) Valid() bool {
	if d == "" {
		return true
	}
	at, ok := d.start()
	return ok && at.Year() >= 1900 && at.Year() <= 2200
}

func (d Date) start() (time.Time, bool) {
	at, err := time.Parse(layout(len(d)), string(d))
	return at, err == nil && d != ""
}

// Start is the first moment of the day, month or year in UTC; zero for none.
func (d Date) Start() time.Time {
	at, ok := d.start()
	if !ok {
		return time.Time{}
	}
	return at
}

// End is the first moment after it; zero for none.
func (d Date) End() time.Time {
	at, ok := d.start()
	switch {
	case !ok:
		return time.Time{}
	case len(d) == 4:
		return at.AddDate(1, 0, 0)
	case len(d) == 7:
		return at.AddDate(0, 1, 0)
	}
	return at.AddDate(0, 0, 1)
}

// Moment is a local time in a named zone: {"local":"2026-12-07T10:00",
// "zone":"America/New_York"}. The zone is kept, not an offset, because an
// event stays at ten o'clock when the rules of daylight saving change.
type Moment struct {
	Local string `json:"local"`
	Zone  string `json:"zone"` // IANA name
}

// IsZero reports whether no moment is given.
func (m Moment) IsZero() bool { return m.Local == "" }

// Time is the instant; ok is false if the local time or zone is not valid.
func (m Moment) Time() (at time.Time, ok bool) {
	if m.Zone == "" || strings.EqualFold(m.Zone, "local") {
		return time.Time{}, false
	}
	zone, err := time.LoadLocation(m.Zone)
	if err != nil {
		return time.Time{}, false
	}
	at, err = time.ParseInLocation("2006-01-02T15:04", m.Local, zone)
	return at, err == nil
}
