package party

import (
	"context"
	"database/sql"
	"errors"
	"net/mail"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"

	"concord/internal/access"
	"concord/internal/audit"
	"concord/internal/db"
	"concord/internal/i18n"
	"concord/internal/problem"
)

// Account is a person's sign-in. It belongs to one party for good; who moves
// to another party gets another account.
type Account struct {
	ID          string
	Party       string
	Name        string
	Email       string
	Lang        i18n.Lang
	Roles       []access.Role
	Disabled    bool
	HasPassword bool
	HasTOTP     bool
	Created     time.Time
	Joined      time.Time // first sign-in; zero = the invitation is pending
	Seen        time.Time // last look at "my delegation"
	// Proved is when the session that Authenticate found last proved the
	// password; zero outside a session. Sensitive acts ask for a recent proof.
	Proved time.Time
}

// Pending reports whether the account was invited and nobody has come yet.
func (a Account) Pending() bool { return a.Joined.IsZero() }

// actor is the account as it acts; groups come from the directory.
func (a Account) actor(dir *Directory, via string) access.Actor {
	return access.Actor{
		Account: a.ID, Name: a.Name, Party: a.Party, Kind: dir.Kind(a.Party),
		Groups: dir.GroupsOf(a.Party), Roles: a.Roles, Via: via,
	}
}

// accountColumns are the columns of account a, in the order that fields takes
// them.
const accountColumns = `a.id, a.party, a.name, a.email, a.lang, a.roles, a.disabled,
	a.password <> '', a.totp <> '', a.created, a.joined, a.seen`

// accountRow is where accountColumns land.
type accountRow struct {
	Account
	lang, roles                     string
	disabled, created, joined, seen int64
}

func (r *accountRow) fields(more ...any) []any {
	return append([]any{
		&r.ID, &r.Party, &r.Name, &r.Email, &r.lang, &r.roles, &r.disabled,
		&r.HasPassword, &r.HasTOTP, &r.created, &r.joined, &r.seen,
	}, more...)
}

func (r *accountRow) account() Account {
	a := r.Account
	a.Lang, a.Roles, a.Disabled = i18n.Lang(r.lang), parseRoles(r.roles), r.disabled != 0
	a.Created, a.Joined, a.Seen = db.Time(r.created), db.Time(r.joined), db.Time(r.seen)
	return a
}

func parseRoles(s string) []access.Role {
	names := strings.Fields(s)
	roles := make([]access.Role, len(names))
	for i, n := range names {
		roles[i] = access.Role(n)
	}
	return roles
}

func joinRoles(roles []access.Role) string {
	var b strings.Builder
	for i, r := range roles {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(string(r))
	}
	return b.String()
}

// loadAccount reads an account whoever asks; callers decide.
func loadAccount(ctx context.Context, q db.Querier, id string) (Account, error) {
	var r accountRow
	err := q.QueryRow(ctx, `SELECT `+accountColumns+` FROM account a WHERE a.id = $1`, id).Scan(r.fields()...)
	if errors.Is(err, sql.ErrNoRows) {
		return Account{}, notFound()
	}
	return r.account(), err
}

func loadAccounts(ctx context.Context, q db.Querier, party string) ([]Account, error) {
	rows, err := q.Query(ctx, `SELECT `+accountColumns+` FROM account a WHERE a.party = $1`, party)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []Account
	for rows.Next() {
		var r accountRow
		if err := rows.Scan(r.fields()...); err != nil {
			return nil, err
		}
		list = append(list, r.account())
	}
	return list, rows.Err()
}

// Account returns an account to its own person and to who manages its party.
func (s *Store) Account(ctx context.Context, a access.Actor, id string) (Account, error) {
	acc, err := loadAccount(ctx, s.db, id)
	if err != nil {
		return Account{}, err
	}
	if a.Account == acc.ID && acc.Party == a.Party {
		return acc, nil
	}
	dir, err := s.Directory(ctx)
	if err != nil {
		return Account{}, err
	}
	if !oversees(a, acc.Party, dir.Kind(acc.Party)) {
		return Account{}, notFound()
	}
	return acc, nil
}

// Accounts lists a party's accounts to who manages them, by name.
func (s *Store) Accounts(ctx context.Context, a access.Actor, party string) ([]Account, error) {
	dir, err := s.Directory(ctx)
	if err != nil {
		return nil, err
	}
	if !oversees(a, party, dir.Kind(party)) {
		return nil, notFound()
	}
	list, err := loadAccounts(ctx, s.db, party)
	if err != nil {
		return nil, err
	}
	c := collate.New(language.Und)
	slices.SortFunc(list, func(x, y Account) int {
		if n := c.CompareString(x.Name, y.Name); n != 0 {
			return n
		}
		return strings.Compare(x.ID, y.ID)
	})
	return list, nil
}

// Find returns the account with an e-mail address, for the operator's shell.
func (s *Store) Find(ctx context.Context, a access.Actor, email string) (Account, error) {
	if !isOperator(a) {
		return Account{}, notFound()
	}
	var r accountRow
	err := s.db.QueryRow(ctx, `SELECT `+accountColumns+` FROM account a WHERE a.login = $1`, foldLogin(email)).Scan(r.fields()...)
	if errors.Is(err, sql.ErrNoRows) {
		return Account{}, notFound()
	}
	return r.account(), err
}

// UpdateProfile changes the name and the language of one's own account.
func (s *Store) UpdateProfile(ctx context.Context, a access.Actor, name string, lang i18n.Lang) error {
	if !interactive(a) || isOperator(a) {
		return s.refuse(ctx, a, "account.profile", "account", a.Account, forbidden("account.own"))
	}
	name = oneLine(name)
	var f problem.Fields
	checkPerson(&f, name, lang)
	if err := f.Err(); err != nil {
		return err
	}
	return s.db.Tx(ctx, func(tx *db.Tx) error {
		if err := s.write(ctx, tx, a, "account.profile", a.Account, "name lang"); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `UPDATE account SET name = $1, lang = $2 WHERE id = $3`, name, string(lang), a.Account)
		return err
	})
}

// write appends an entry on an account to the audit trail.
func (s *Store) write(ctx context.Context, tx *db.Tx, a access.Actor, action, id, detail string) error {
	e := audit.Of(a, s.now(), action)
	e.Kind, e.Record, e.Detail = "account", id, detail
	return audit.Write(ctx, tx, e)
}

// MarkHome notes that the account looks at "my delegation" now, and returns
// when it did so last.
func (s *Store) MarkHome(ctx context.Context, account string) (time.Time, error) {
	var seen int64
	err := s.db.Tx(ctx, func(tx *db.Tx) error {
		err := tx.QueryRow(ctx, `SELECT seen FROM account WHERE id = $1`, account).Scan(&seen)
		if errors.Is(err, sql.ErrNoRows) {
			return notFound()
		}
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `UPDATE account SET seen = $1 WHERE id = $2`, db.Micro(s.now()), account)
		return err
	})
	return db.Time(seen), err
}

const (
	maxPerson = 200 // code points of a person's name
	maxEmail  = 254 // bytes; RFC 5321 section 4.5.3.1.3 less the brackets
)

func checkPerson(f *problem.Fields, name string, lang i18n.Lang) {
	n := utf8.RuneCountInString(name)
	f.Check(name != "", "name", "required")
	f.Check(n <= maxPerson, "name", "too-long", maxPerson, n)
	f.Check(lang.Valid(), "lang", "code", string(lang))
}

// foldLogin is the form in which e-mail addresses are compared: however an
// address is typed, it is one account and one limit on guesses.
func foldLogin(email string) string {
	s := strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) { // invisible: zero-width space, soft hyphen
			return -1
		}
		return r
	}, i18n.CleanString(email))
	s = norm.NFKC.String(strings.ToLower(norm.NFKC.String(s)))
	return strings.TrimSpace(s)
}

// oneLine cleans a text that has one line: runs of blanks become one space.
func oneLine(s string) string { return strings.Join(strings.Fields(i18n.CleanString(s)), " ") }

func validEmail(email string) bool {
	odd := func(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) }
	if len(email) > maxEmail || len(foldLogin(email)) > maxEmail || strings.ContainsFunc(email, odd) {
		return false
	}
	a, err := mail.ParseAddress(email)
	return err == nil && a.Name == "" && a.Address == email
}
