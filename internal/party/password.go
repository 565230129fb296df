package party

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	_ "embed"
	"encoding/base64"
	"fmt"
	"runtime"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"concord/internal/problem"
)

// Cost is the cost of a password hash.
type Cost struct {
	Memory  uint32 // KiB
	Time    uint32
	Threads uint8
}

// DefaultCost is the least that the OWASP Password Storage Cheat Sheet asks of
// Argon2id: 19 MiB, 2 passes, 1 lane. More memory would buy little against an
// attacker beside a minimum of 15 characters, and would let a burst of
// sign-ins exhaust a small machine: at most maxHashing hashes run at a time.
func DefaultCost() Cost { return Cost{Memory: 19 * 1024, Time: 2, Threads: 1} }

var maxHashing = max(2, min(runtime.GOMAXPROCS(0), 4))

// NIST SP 800-63B-4 section 3.1.1.2: at least 15 characters where the password
// is the only factor, 8 beside another; at least 64 are allowed; characters
// are code points; no rules of composition; a block list.
const (
	minAlone      = 15
	minSecond     = 8
	minRest       = 6 // left without what is known of the person
	maxPassword   = 256
	saltLen       = 16
	keyLen        = 32
	maxCostMemory = 1 << 20 // KiB; of a stored hash
)

// normalise is the form of a password that is hashed: NFC, as SP 800-63B-4
// section 3.1.1.2 recommends (earlier editions said NFKC), so that it does not
// matter on which keyboard an é was typed.
func normalise(password string) string { return norm.NFC.String(password) }

func argon(password, salt []byte, c Cost) []byte {
	return argon2.IDKey(password, salt, c.Time, c.Memory, c.Threads, keyLen)
}

// run derives a key when its turn has come.
func (s *Store) run(ctx context.Context, password string, salt []byte, c Cost) ([]byte, error) {
	select {
	case s.work <- struct{}{}:
		defer func() { <-s.work }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return s.derive([]byte(normalise(password)), salt, c), nil
}

// hash returns the password's Argon2id hash in PHC form.
func (s *Store) hash(ctx context.Context, password string) (string, error) {
	salt := make([]byte, saltLen)
	rand.Read(salt) // never fails, says its documentation
	key, err := s.run(ctx, password, salt, s.cost)
	if err != nil {
		return "", err
	}
	return phc(s.cost, salt, key), nil
}

func phc(c Cost, salt, key []byte) string {
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, c.Memory, c.Time, c.Threads,
		b64.EncodeToString(salt), b64.EncodeToString(key))
}

// verify reports whether hash is the password's. An empty hash, of an account
// that is unknown or has no password, costs exactly as much and never fits.
func (s *Store) verify(ctx context.Context, hash, password string) (bool, error) {
	c, salt, want := s.cost, make([]byte, saltLen), []byte(nil)
	if hash != "" {
		var err error
		if c, salt, want, err = parsePHC(hash); err != nil {
			return false, err
		}
	}
	if len(password) > maxPassword*utf8.UTFMax { // no account has such a one
		password, want = "", nil
	}
	key, err := s.run(ctx, password, salt, c)
	if err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(key, want) == 1, nil
}

func parsePHC(hash string) (c Cost, salt, key []byte, err error) {
	part := strings.Split(hash, "$")
	var version int
	if len(part) != 6 || part[1] != "argon2id" {
		return c, nil, nil, fmt.Errorf("stored password hash is not argon2id")
	}
	if _, err := fmt.Sscanf(part[2]+"$"+part[3], "v=%d$m=%d,t=%d,p=%d", &version, &c.Memory, &c.Time, &c.Threads); err != nil {
		return c, nil, nil, fmt.Errorf("stored password hash: %w", err)
	}
	if version != argon2.Version || c.Time == 0 || c.Threads == 0 || c.Memory > maxCostMemory {
		return c, nil, nil, fmt.Errorf("stored password hash has unknown parameters")
	}
	if salt, err = base64.RawStdEncoding.DecodeString(part[4]); err == nil {
		key, err = base64.RawStdEncoding.DecodeString(part[5])
	}
	if err == nil && len(key) != keyLen {
		err = fmt.Errorf("stored password hash has %d bytes", len(key))
	}
	return c, salt, key, err
}

// outdated reports whether a stored hash has another cost than new ones.
func (s *Store) outdated(hash string) bool {
	c, _, _, err := parsePHC(hash)
	return err != nil || c != s.cost
}

//go:embed common.txt
var commonList string

// checkPassword notes what is wrong with a new password of an account.
func checkPassword(f *problem.Fields, field, password string, a Account) {
	least := minAlone
	if a.HasTOTP {
		least = minSecond
	}
	if len(password) > maxPassword*utf8.UTFMax {
		f.Add(field, "password-long", maxPassword)
		return
	}
	password = normalise(password)
	switch n := utf8.RuneCountInString(password); {
	case !utf8.ValidString(password):
		f.Add(field, "password-text")
	case n < least:
		f.Add(field, "password-short", least, n)
	case n > maxPassword:
		f.Add(field, "password-long", maxPassword)
	case personal(password, a):
		f.Add(field, "password-personal")
	case common(password):
		f.Add(field, "password-common")
	}
}

// bare is a password as a guesser's list has it: compatibility forms and case
// folded, only letters and digits.
func bare(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) {
			return r
		}
		return -1
	}, strings.ToLower(norm.NFKC.String(s)))
}

// personal reports whether hardly anything is left of a password without what
// is known of the person and the portal.
func personal(password string, a Account) bool {
	words := []string{"concord", "password", a.Party}
	words = append(words, strings.Fields(a.Name)...)
	words = append(words, strings.FieldsFunc(a.Email, func(r rune) bool { return strings.ContainsRune("@.-_+", r) })...)
	rest, found := bare(password), false
	for _, w := range append(words, a.Name, a.Email) {
		if w = bare(w); utf8.RuneCountInString(w) >= 3 && strings.Contains(rest, w) {
			rest, found = strings.ReplaceAll(rest, w, ""), true
		}
	}
	return found && utf8.RuneCountInString(rest) < minRest
}

// common reports whether a password is on the list of those in common use,
// perhaps repeated or with figures around it, or has too little in it: one
// part again and again, or a row of neighbours. An empty bare form, of
// symbols alone, is judged as it is.
func common(password string) bool {
	p := []rune(bare(password))
	if len(p) == 0 {
		p = []rune(password)
	}
	unit := period(p)
	if len(unit) < 5 || run(p) {
		return true
	}
	words := strings.Fields(commonList)
	listed := func(s string) bool {
		for _, w := range words {
			if s == w {
				return true
			}
		}
		return false
	}
	return listed(string(p)) || listed(string(unit)) ||
		listed(strings.TrimFunc(string(p), unicode.IsDigit)) || listed(strings.TrimFunc(string(unit), unicode.IsDigit))
}

// period is the shortest part of which p is repetitions, the last perhaps cut.
func period(p []rune) []rune {
	for n := 1; n < len(p); n++ {
		same := true
		for i := n; i < len(p) && same; i++ {
			same = p[i] == p[i-n]
		}
		if same {
			return p[:n]
		}
	}
	return p
}

// run reports whether nearly every character is next to the one before it:
// abcdefgh, 987654321.
func run(p []rune) bool {
	steps := 0
	for i := 1; i < len(p); i++ {
		if d := p[i] - p[i-1]; d == 0 || d == 1 || d == -1 {
			steps++
		}
	}
	return steps*10 >= (len(p)-1)*8
}
