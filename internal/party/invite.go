package party

import (
	"context"
	"errors"
	"slices"
	"time"
	"unicode/utf8"

	"concord/internal/access"
	"concord/internal/db"
	"concord/internal/i18n"
	"concord/internal/ids"
	"concord/internal/problem"
)

// Invite makes an account and the secret of a link by which its person sets a
// password within three days. A focal point invites into its own party, other
// focal points too; the administrator into the Secretariat, to stakeholders, and
// the first focal point of a party, for which the reference of the note
// verbale is required and kept in the audit trail.
func (s *Store) Invite(ctx context.Context, a access.Actor, acc Account, reference string) (Account, string, error) {
	const action = "account.invite"
	acc.Name, acc.Email = oneLine(acc.Name), i18n.CleanString(acc.Email)
	reference = oneLine(reference)
	now := s.now()
	acc = Account{
		ID: ids.New(now), Party: acc.Party, Name: acc.Name, Email: acc.Email, Lang: acc.Lang,
		Roles: acc.Roles, Created: db.Time(db.Micro(now)),
	}
	var secret string
	err := s.db.Tx(ctx, func(tx *db.Tx) error {
		sp, err := s.enter(ctx, tx, a, acc.Party)
		if err != nil {
			return err
		}
		if sp.kind == "" {
			var f problem.Fields
			f.Add("party", "party", acc.Party)
			return f.Err()
		}
		acc.Roles = ordered(sp.kind, acc.Roles)
		byNote := !oversees(sp.actor, sp.party, sp.kind)
		if byNote && !first(sp.actor, sp.kind, acc.Roles, sp.members) {
			return forbidden("account.manage")
		}
		var f problem.Fields
		checkPerson(&f, acc.Name, acc.Lang)
		checkRoles(&f, sp.kind, acc.Roles)
		f.Check(validEmail(acc.Email), "email", "email")
		f.Check(!byNote || reference != "", "reference", "required")
		n := utf8.RuneCountInString(reference)
		f.Check(n <= maxPerson, "reference", "too-long", maxPerson, n)
		if err := f.Err(); err != nil {
			return err
		}
		detail := "party=" + acc.Party + " roles=" + joinRoles(acc.Roles)
		if reference != "" {
			detail += " reference=" + reference
		}
		if err := s.write(ctx, tx, a, action, acc.ID, detail); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `
			INSERT INTO account (id, party, name, email, login, lang, roles, password, totp, totp_new,
				totp_step, disabled, created, joined, seen)
			VALUES ($1, $2, $3, $4, $5, $6, $7, '', '', '', 0, 0, $8, 0, 0)`,
			acc.ID, acc.Party, acc.Name, acc.Email, foldLogin(acc.Email), string(acc.Lang),
			joinRoles(acc.Roles), db.Micro(acc.Created))
		if errors.Is(err, db.ErrConflict) {
			var f problem.Fields
			f.Add("email", "email-taken")
			return f.Err()
		}
		if err != nil {
			return err
		}
		secret, err = s.newLink(ctx, tx, acc.ID, LinkInvite, inviteLife, false)
		return err
	})
	switch {
	case problem.Is(err, problem.Forbidden):
		return Account{}, "", s.refuse(ctx, a, action, "party", acc.Party, err)
	case err != nil:
		return Account{}, "", err
	}
	return acc, secret, nil
}

// ordered puts roles in the order of access.Roles, each once. Roles that the
// kind of party does not have come last, for checkRoles to refuse.
func ordered(kind access.PartyKind, roles []access.Role) []access.Role {
	fit := access.Roles(kind)
	var out []access.Role
	for _, r := range fit {
		if slices.Contains(roles, r) {
			out = append(out, r)
		}
	}
	for _, r := range roles {
		if !slices.Contains(fit, r) {
			out = append(out, r)
		}
	}
	return out
}

func checkRoles(f *problem.Fields, kind access.PartyKind, roles []access.Role) {
	f.Check(len(roles) > 0, "roles", "required")
	for _, r := range roles {
		f.Check(slices.Contains(access.Roles(kind), r), "roles", "code", string(r))
	}
}

// Relink makes a new link for an account that is strictly below the actor's
// rank: a second invitation while the first is pending, else one by which its
// person sets a new password. The old links are void; a code of the second
// factor is asked for as before.
func (s *Store) Relink(ctx context.Context, a access.Actor, id string) (secret string, err error) {
	const action = "account.link"
	err = s.on(ctx, a, action, id, func(sp *space, target Account) error {
		again := target.Pending() && first(sp.actor, sp.kind, target.Roles, sp.members)
		if target.Disabled || !again && !manages(sp.actor, sp.party, sp.kind, target) {
			return forbidden("account.manage")
		}
		purpose, life := LinkReset, resetLife
		if target.Pending() {
			purpose, life = LinkInvite, inviteLife
		}
		if err := s.write(ctx, sp.tx, a, action, id, string(purpose)); err != nil {
			return err
		}
		if err := endLinks(ctx, sp.tx, id); err != nil {
			return err
		}
		secret, err = s.newLink(ctx, sp.tx, id, purpose, life, false)
		return err
	})
	return secret, err
}

// HasHead reports whether a party has somebody who manages its accounts, so
// that the administrator knows whether a first focal point is wanted.
func (s *Store) HasHead(ctx context.Context, party string) (bool, error) {
	dir, err := s.Directory(ctx)
	if err != nil {
		return false, err
	}
	members, err := loadAccounts(ctx, s.db, party)
	return heads(members, dir.Kind(party), "", true) > 0, err
}

const (
	inviteLife = 72 * time.Hour
	resetLife  = 24 * time.Hour
)
