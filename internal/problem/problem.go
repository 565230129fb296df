// Package problem is what can go wrong in a way that a person or a client can
// act on. A problem carries the key of a message, never a sentence: the edge
// words it in the reader's language. Any other error is a fault of ours, and
// its text never leaves the server.
package problem

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// Kind is a class of problem; it decides the HTTP status.
type Kind string

// The classes.
const (
	NotFound    Kind = "not-found"    // also: exists, but not for this actor
	Forbidden   Kind = "forbidden"    // may be seen but not done
	SignIn      Kind = "sign-in"      // nobody is signed in
	Invalid     Kind = "invalid"      // fields are wrong; see Fields
	BadRequest  Kind = "bad-request"  // the request itself cannot be read
	Conflict    Kind = "conflict"     // somebody else was faster
	TooLarge    Kind = "too-large"    // more than the limit
	TooMany     Kind = "too-many"     // try later
	Unsupported Kind = "unsupported"  // a media type or a feature not built in
	Precond     Kind = "precondition" // If-Match is missing
	Method      Kind = "method"       // the address is there, for other methods
)

// Status is the HTTP status of problems of kind k.
func (k Kind) Status() int {
	switch k {
	case NotFound:
		return http.StatusNotFound
	case Forbidden:
		return http.StatusForbidden
	case SignIn:
		return http.StatusUnauthorized
	case Invalid:
		return http.StatusUnprocessableEntity
	case BadRequest:
		return http.StatusBadRequest
	case Conflict:
		return http.StatusPreconditionFailed
	case TooLarge:
		return http.StatusRequestEntityTooLarge
	case TooMany:
		return http.StatusTooManyRequests
	case Unsupported:
		return http.StatusUnsupportedMediaType
	case Method:
		return http.StatusMethodNotAllowed
	case Precond:
		return http.StatusPreconditionRequired
	}
	return http.StatusInternalServerError
}

// Field is what is wrong with one field.
type Field struct {
	Name string // as in the form and in JSON: "title", "indicators.0.target"
	Code string // key of the message, without its prefix "error.": "required"
	Args []any  // for the message
}

// Error is a problem.
type Error struct {
	Kind   Kind
	Code   string // key of the message that says more than the kind does, or ""
	Args   []any
	Fields []Field
}

func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(string(e.Kind))
	if e.Code != "" {
		fmt.Fprintf(&b, ": %s %v", e.Code, e.Args)
	}
	for _, f := range e.Fields {
		fmt.Fprintf(&b, "; %s: %s", f.Name, f.Code)
	}
	return b.String()
}

// New returns a problem of kind k. The code is the key of a message under
// "error."; with none, the kind's own message is shown.
func New(k Kind, code string, args ...any) *Error {
	return &Error{Kind: k, Code: code, Args: args}
}

// Is reports whether err is a problem of kind k.
func Is(err error, k Kind) bool {
	p, ok := errors.AsType[*Error](err)
	return ok && p.Kind == k
}

// Clip shortens what a message repeats of what somebody wrote.
func Clip(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}

// Fields gathers what is wrong with the fields of one input.
type Fields struct{ list []Field }

// Add notes that field name is wrong.
func (f *Fields) Add(name, code string, args ...any) {
	f.list = append(f.list, Field{name, code, args})
}

// Check adds the problem unless ok.
func (f *Fields) Check(ok bool, name, code string, args ...any) {
	if !ok {
		f.Add(name, code, args...)
	}
}

// Has reports whether something is already noted for the field.
func (f *Fields) Has(name string) bool {
	for _, x := range f.list {
		if x.Name == name {
			return true
		}
	}
	return false
}

// List is what was noted, in order.
func (f *Fields) List() []Field { return f.list }

// Err is nil if nothing is wrong, else an Invalid problem.
func (f *Fields) Err() error {
	if len(f.list) == 0 {
		return nil
	}
	return &Error{Kind: Invalid, Fields: f.list}
}
