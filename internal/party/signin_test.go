package party

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"concord/internal/access"
	"concord/internal/db"
	"concord/internal/db/dbtest"
	"concord/internal/problem"
)

// However the address is written and however many guess at once, ten guesses
// an hour pass (failure class C7; MISP CVE-2020-8891).
func TestBruteForce(t *testing.T) {
	written := map[string][]string{
		"fp@ken.example": {
			"fp@ken.example", "FP@KEN.EXAMPLE", " fp@ken.example ", "Fp@Ken.Example\n", "ｆｐ@ken.example",
			"fp@\u200bken.example", "f\u00adp@ken.example", "fp@\u212aen.example", "\ufefffp@ken.example", "fp@ken.example\x00", "𝐅p@ken.example",
		},
		"nobody": {"nobody@ken.example", "Nobody@ken.example", "NOBODY@KEN.EXAMPLE ", "ｎobody@ken.example"},
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		s, c := open(t, d)
		other := New(d, c.now, cheap()) // another process
		join(t, s, "KEN", "fp@ken.example", access.FocalPoint)
		for who, variants := range written {
			var passed, limited atomic.Int64
			var wg sync.WaitGroup
			for i := range 50 {
				wg.Go(func() {
					st := []*Store{s, other}[i%2]
					_, _, err := st.SignIn(ctx, variants[i%len(variants)], fmt.Sprintf("wrong password number %d", i), "", "")
					switch {
					case problem.Is(err, problem.Invalid):
						passed.Add(1)
					case problem.Is(err, problem.TooMany):
						limited.Add(1)
					default:
						t.Errorf("guess %d: %v", i, err)
					}
				})
			}
			wg.Wait()
			if passed.Load() != guessesAccount || limited.Load() != 50-guessesAccount {
				t.Errorf("%s: %d guesses passed, %d were limited, want 10 and 40", who, passed.Load(), limited.Load())
			}
		}
		_, _, err := s.SignIn(ctx, "fp@ken.example", phrase, "", "")
		wants(t, "the right password beyond the limit", err, problem.TooMany, "sign-in-limit")
		if n := count(t, d, `SELECT COUNT(*) FROM audit WHERE action = 'account.sign-in' AND outcome = 'refused'`); n != 2*guessesAccount {
			t.Errorf("%d guesses in the trail, want 20", n)
		}
		c.add(59 * time.Minute)
		_, _, err = s.SignIn(ctx, "fp@ken.example", phrase, "", "")
		wants(t, "the right password within the hour", err, problem.TooMany, "")
		c.add(16 * time.Minute)
		for range 2 * guessesAccount { // what succeeds is no guess
			_, _, err = s.SignIn(ctx, "fp@ken.example", phrase, "", "")
			wants(t, "the right password later", err, "", "")
		}
	})
}

// One password tried on many accounts is limited too.
func TestPasswordSpraying(t *testing.T) {
	s, _ := open(t, dbtest.SQLite(t))
	ctx := t.Context()
	passed := 0
	for i := range guessesPassword + 20 {
		_, _, err := s.SignIn(ctx, fmt.Sprintf("person%d@ken.example", i), "Spring in Nairobi 2026", "", "")
		if problem.Is(err, problem.Invalid) {
			passed++
		}
	}
	if passed != guessesPassword {
		t.Errorf("%d guesses passed, want %d", passed, guessesPassword)
	}
}

// Unknown, disabled and invited accounts cost one hash of the same cost as
// known ones, and the answer is the same. That the clock agrees is measured
// elsewhere, on a quiet machine.
func TestSignInTellsNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		s, _ := open(t, d)
		join(t, s, "KEN", "known@ken.example", access.Viewer)
		gone := join(t, s, "KEN", "gone@ken.example", access.Viewer)
		if err := s.Disable(ctx, Operator(), gone.ID); err != nil {
			t.Fatal(err)
		}
		invite(t, s, "KEN", "invited@ken.example", access.Viewer)
		var costs []Cost
		s.derive = func(password, salt []byte, c Cost) []byte {
			costs = append(costs, c)
			return argon(password, salt, c)
		}
		var answer string
		for _, row := range []struct{ email, password string }{
			{"known@ken.example", "not the password"},
			{"gone@ken.example", phrase},
			{"invited@ken.example", ""},
			{"unknown@ken.example", phrase},
			{"", ""},
			{strings.Repeat("x", 4000) + "@ken.example", phrase},
			{"known@ken.example", strings.Repeat("x", 1<<20)},
			{"\xff\x00@ken.example", "\xff\x00"},
		} {
			costs = nil
			before := count(t, d, `SELECT COUNT(*) FROM audit`)
			_, _, err := s.SignIn(ctx, row.email, row.password, "000000", "")
			if answer == "" {
				answer = fmt.Sprint(err)
			}
			if err == nil || err.Error() != answer || !problem.Is(err, problem.Invalid) {
				t.Errorf("%.30q: %v, want %s", row.email, err, answer)
			}
			if len(costs) != 1 || costs[0] != s.cost {
				t.Errorf("%.30q: hashes %v, want one of %v", row.email, costs, s.cost)
			}
			if n := count(t, d, `SELECT COUNT(*) FROM audit`) - before; n != 1 {
				t.Errorf("%.30q: %d entries in the trail, want 1", row.email, n)
			}
		}
		if n := count(t, d, `SELECT COUNT(*) FROM audit WHERE detail LIKE '%@%'`); n != 0 {
			t.Errorf("%d addresses in the trail", n)
		}
	})
}

func TestHashIsRenewed(t *testing.T) {
	d := dbtest.SQLite(t)
	s, c := open(t, d)
	acc := join(t, s, "KEN", "v@ken.example", access.Viewer)
	dearer := New(d, c.now, WithCost(Cost{Memory: 16, Time: 1, Threads: 1}))
	as(t, dearer, acc)
	var hash string
	if err := d.QueryRow(t.Context(), `SELECT password FROM account WHERE id = $1`, acc.ID).Scan(&hash); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(hash, "$argon2id$v=19$m=16,t=1,p=1$") {
		t.Errorf("hash after a sign-in at another cost = %s", hash)
	}
	as(t, dearer, acc)
}

func TestPasswordRules(t *testing.T) {
	person := Account{Party: "KEN", Name: "Amina Otieno", Email: "amina.otieno@mfa.go.ke"}
	for _, row := range []struct {
		name, password string
		totp           bool
		want           string
	}{
		{"a phrase", "three quiet rivers under glass", false, ""},
		{"fifteen", "xkqzvbnwrtyplmj", false, ""},
		{"fourteen", "xkqzvbnwrtyplm", false, "password-short"},
		{"fourteen beside a code", "xkqzvbnwrtyplm", true, ""},
		{"eight beside a code", "xkqzvbnw", true, ""},
		{"seven beside a code", "xkqzvbn", true, "password-short"},
		{"Arabic", "نهر هادئ تحت الزجاج", false, ""},
		{"Chinese, counted in code points", "三条安静的河在玻璃下面流过山谷吧", false, ""},
		{"Chinese, too short", "三条安静的河", false, "password-short"},
		{"decomposed é counts once", strings.Repeat("e\u0301", 7) + "xkqzvbn", false, "password-short"},
		{"256", strings.Repeat("three quiet rivers ", 14)[:256], false, ""},
		{"257", strings.Repeat("three quiet rivers ", 14)[:257], false, "password-long"},
		{"a megabyte", strings.Repeat("x", 1<<20), false, "password-long"},
		{"not UTF-8", "three quiet rivers \xff\xfe", false, "password-text"},
		{"one letter", "aaaaaaaaaaaaaaaaaaaa", false, "password-common"},
		{"four letters", "abcdabcdabcdabcdabcd", false, "password-common"},
		{"a word again and again", "password password password", false, "password-personal"},
		{"a common one doubled", "iloveyouiloveyou", false, "password-common"},
		{"a row", "abcdefghijklmnopq", false, "password-common"},
		{"figures", "123456789012345", false, "password-common"},
		{"keyboard", "QWERTYUIOPasdfghjkl", false, "password-common"},
		{"comic", "correct horse battery staple", false, "password-common"},
		{"with figures", "CorrectHorseBatteryStaple2026!", false, "password-common"},
		{"full width", "ｃｏｒｒｅｃｔhorsebatterystaple", false, "password-common"},
		{"Russian keyboard", "йцукенгшщзфывапролдж", false, "password-common"},
		{"symbols alone", "!!!!!!!!!!!!!!!!", false, "password-common"},
		{"own name", "Amina Otieno 2026", false, "password-personal"},
		{"own address", "amina.otieno@mfa.go.ke", false, "password-personal"},
		{"the portal", "Concord-Concord-1", false, "password-personal"},
		{"own name in a phrase", "Amina keeps bees behind the school", false, ""},
	} {
		person.HasTOTP = row.totp
		var f problem.Fields
		checkPassword(&f, "password", row.password, person)
		got := ""
		if list := f.List(); len(list) > 0 {
			got = list[0].Code
		}
		if got != row.want {
			t.Errorf("%s: got %q, want %q", row.name, got, row.want)
		}
	}
}

func TestStoredHash(t *testing.T) {
	s, _ := open(t, dbtest.SQLite(t))
	ctx := t.Context()
	hash, err := s.hash(ctx, "caf\u00e9 on the corner")
	if err != nil {
		t.Fatal(err)
	}
	for password, want := range map[string]bool{
		"caf\u00e9 on the corner":  true,
		"cafe\u0301 on the corner": true, // the same on another keyboard
		"cafe on the corner":       false,
		"Caf\u00e9 on the corner":  false,
		"":                         false,
	} {
		if got, err := s.verify(ctx, hash, password); got != want || err != nil {
			t.Errorf("verify %q = %v, %v, want %v", password, got, err, want)
		}
	}
	for _, bad := range []string{"x", "$argon2i$v=19$m=8,t=1,p=1$AAAA$AAAA", "$argon2id$v=16$m=8,t=1,p=1$AAAA$AAAA",
		"$argon2id$v=19$m=4294967295,t=1,p=1$AAAA$AAAA", "$argon2id$v=19$m=8,t=0,p=1$AAAA$AAAA", "$argon2id$v=19$m=8,t=1,p=1$AAAA$AAAA"} {
		if ok, err := s.verify(ctx, bad, phrase); ok || err == nil {
			t.Errorf("verify against %q = %v, %v", bad, ok, err)
		}
	}
	if ok, err := s.verify(ctx, "", ""); ok || err != nil {
		t.Errorf("verify against nothing = %v, %v", ok, err)
	}
}

func TestSetPassword(t *testing.T) {
	s, c := open(t, dbtest.SQLite(t))
	ctx := t.Context()
	acc := join(t, s, "KEN", "v@ken.example", access.Viewer)
	actor, session := as(t, s, acc)
	const next = "another long enough phrase"
	for range 2 * guessesAccount { // a bad new password is no guess at the old
		_, err := s.SetPassword(ctx, actor, phrase, "", "short", "")
		wants(t, "a short one", err, problem.Invalid, "password-short")
	}
	_, err := s.SetPassword(ctx, actor, phrase, "", phrase, "")
	wants(t, "the same", err, problem.Invalid, "password-same")
	_, err = s.SetPassword(ctx, actor, "wrong", "", next, "")
	wants(t, "a wrong old one", err, problem.Invalid, "sign-in-failed")
	_, err = s.SetPassword(ctx, access.Actor{}, phrase, "", next, "")
	wants(t, "the public", err, problem.NotFound, "")
	_, token, err := s.AddToken(ctx, actor, acc.ID, "t", []string{ScopeWrite}, c.now().AddDate(0, 1, 0))
	wants(t, "token", err, "", "")
	byToken, _, _ := s.AuthenticateToken(ctx, token)
	_, err = s.SetPassword(ctx, byToken, phrase, "", next, "")
	wants(t, "a token", err, problem.Forbidden, "account.own")
	fresh, err := s.SetPassword(ctx, actor, phrase, "", next, "")
	wants(t, "set", err, "", "")
	_, _, err = s.Authenticate(ctx, session)
	wants(t, "the old session", err, problem.SignIn, "")
	_, _, err = s.Authenticate(ctx, fresh)
	wants(t, "the new session", err, "", "")
}
