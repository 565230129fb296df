package party

import (
	"context"
	"database/sql"
	"errors"
	"slices"

	"concord/internal/access"
	"concord/internal/db"
	"concord/internal/problem"
)

// space is a party's accounts under the lock of a transaction, and the actor
// as the database has it at that moment.
type space struct {
	tx      *db.Tx
	actor   access.Actor
	party   string
	kind    access.PartyKind
	members []Account
}

// enter reads the space of a party. An actor whose account was disabled or
// whose roles were taken since the request began has them no more.
func (s *Store) enter(ctx context.Context, tx *db.Tx, a access.Actor, party string) (*space, error) {
	if err := lock(ctx, tx); err != nil {
		return nil, err
	}
	sp := &space{tx: tx, actor: a, party: party}
	err := tx.QueryRow(ctx, `SELECT kind FROM party WHERE code = $1`, party).Scan(&sp.kind)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, err
	}
	if sp.members, err = loadAccounts(ctx, tx, party); err != nil {
		return nil, err
	}
	if isOperator(a) {
		return sp, nil
	}
	acc, err := loadAccount(ctx, tx, a.Account)
	switch {
	case problem.Is(err, problem.NotFound):
		sp.actor.Roles = nil
	case err != nil:
		return nil, err
	case acc.Disabled || acc.Party != a.Party:
		sp.actor.Roles = nil
	default:
		sp.actor.Roles = acc.Roles
	}
	return sp, nil
}

// lastHead reports whether the party would have nobody left to manage it
// without the account. The operator may count on a successor who has not come
// yet, so that a lost or stolen account can be closed at once.
func (sp *space) lastHead(target Account) bool {
	role := headRole(sp.kind)
	return role != "" && !target.Disabled && slices.Contains(target.Roles, role) &&
		heads(sp.members, sp.kind, target.ID, !isOperator(sp.actor)) == 0
}

// on runs f on an account in the transaction that locked its party. f returns
// a refusal, which is noted, or any other error.
func (s *Store) on(ctx context.Context, a access.Actor, action, id string, f func(*space, Account) error) error {
	err := s.db.Tx(ctx, func(tx *db.Tx) error {
		target, err := loadAccount(ctx, tx, id)
		if err != nil {
			return err
		}
		sp, err := s.enter(ctx, tx, a, target.Party)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(sp.members, func(m Account) bool { return m.ID == id }) // as of the lock
		if i < 0 {
			return notFound()
		}
		target = sp.members[i]
		if target.ID != a.Account && !oversees(sp.actor, sp.party, sp.kind) &&
			!first(sp.actor, sp.kind, target.Roles, sp.members) {
			return notFound()
		}
		return f(sp, target)
	})
	if problem.Is(err, problem.Forbidden) || problem.Is(err, problem.NotFound) {
		return s.refuse(ctx, a, action, "account", id, err)
	}
	return err
}

// SetRoles changes what an account may do, from its next request on. Of one's
// own roles one can only give some up. A new role ends the account's sessions:
// what began with less power does not go on with more.
func (s *Store) SetRoles(ctx context.Context, a access.Actor, id string, roles []access.Role) error {
	const action = "account.roles"
	return s.on(ctx, a, action, id, func(sp *space, target Account) error {
		roles := ordered(sp.kind, roles)
		gained := slices.ContainsFunc(roles, func(r access.Role) bool { return !slices.Contains(target.Roles, r) })
		switch {
		case target.ID == a.Account:
			if !interactive(a) || gained {
				return forbidden("account.grant")
			}
		case !manages(sp.actor, sp.party, sp.kind, target):
			return forbidden("account.manage")
		}
		var f problem.Fields
		checkRoles(&f, sp.kind, roles)
		if err := f.Err(); err != nil {
			return err
		}
		if !slices.Contains(roles, headRole(sp.kind)) && sp.lastHead(target) {
			return forbidden("account.last")
		}
		if slices.Equal(roles, target.Roles) {
			return nil
		}
		detail := joinRoles(target.Roles) + " > " + joinRoles(roles)
		if err := s.write(ctx, sp.tx, a, action, id, detail); err != nil {
			return err
		}
		if _, err := sp.tx.Exec(ctx, `UPDATE account SET roles = $1 WHERE id = $2`, joinRoles(roles), id); err != nil {
			return err
		}
		if !gained {
			return nil
		}
		return endSessions(ctx, sp.tx, id)
	})
}

// Disable closes an account at once: its sessions, links and tokens are gone.
// One may close one's own, unless the party then had nobody to manage it.
func (s *Store) Disable(ctx context.Context, a access.Actor, id string) error {
	const action = "account.disable"
	return s.on(ctx, a, action, id, func(sp *space, target Account) error {
		if target.ID == a.Account && !interactive(a) ||
			target.ID != a.Account && !manages(sp.actor, sp.party, sp.kind, target) {
			return forbidden("account.manage")
		}
		if sp.lastHead(target) && !target.Pending() {
			return forbidden("account.last")
		}
		if target.Disabled {
			return nil
		}
		if err := s.write(ctx, sp.tx, a, action, id, ""); err != nil {
			return err
		}
		if _, err := sp.tx.Exec(ctx, `UPDATE account SET disabled = $1 WHERE id = $2`, db.Micro(s.now()), id); err != nil {
			return err
		}
		if _, err := sp.tx.Exec(ctx, `DELETE FROM token WHERE account = $1`, id); err != nil {
			return err
		}
		if err := endLinks(ctx, sp.tx, id); err != nil {
			return err
		}
		return endSessions(ctx, sp.tx, id)
	})
}

// Enable opens a closed account again, with the password and roles it had.
func (s *Store) Enable(ctx context.Context, a access.Actor, id string) error {
	const action = "account.enable"
	return s.on(ctx, a, action, id, func(sp *space, target Account) error {
		if !manages(sp.actor, sp.party, sp.kind, target) {
			return forbidden("account.manage")
		}
		if !target.Disabled {
			return nil
		}
		if err := s.write(ctx, sp.tx, a, action, id, ""); err != nil {
			return err
		}
		_, err := sp.tx.Exec(ctx, `UPDATE account SET disabled = 0 WHERE id = $1`, id)
		return err
	})
}
