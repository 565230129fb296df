// Package ids makes the identifiers of records, accounts and jobs.
//
// Invariant: an identifier has 26 characters, sorts by the time it was made
// (to the millisecond), and cannot be guessed.
package ids

import (
	"crypto/rand"
	"encoding/base32"
	"encoding/binary"
	"strings"
	"time"
)

// alphabet is Crockford's base 32 in lower case: it sorts as it counts, and has
// no letters that look like digits.
const alphabet = "0123456789abcdefghjkmnpqrstvwxyz"

const length = 26

// New returns an identifier: 48 bits of milliseconds and 80 random bits, as in
// RFC 9562 version 7 without its marks, written shorter.
func New(now time.Time) string {
	var b [16]byte
	binary.BigEndian.PutUint64(b[:8], uint64(now.UnixMilli())<<16)
	rand.Read(b[6:]) // never fails, says its documentation
	return base32.NewEncoding(alphabet).WithPadding(base32.NoPadding).EncodeToString(b[:])
}

// Valid reports whether s has the form of an identifier.
func Valid(s string) bool {
	return len(s) == length && strings.Trim(s, alphabet) == ""
}
