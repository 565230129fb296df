package app

import (
	"context"
	"flag"
	"fmt"
	"strings"
	"time"

	"concord/internal/access"
	"concord/internal/i18n"
	"concord/internal/party"
)

func runAccountAdd(ctx context.Context, e env, fs *flag.FlagSet, args []string) error {
	var from source
	from.flags(fs, e)
	var a party.Account
	fs.StringVar(&a.Party, "party", "", "code of the party, such as KEN")
	fs.StringVar(&a.Name, "name", "", "name of the person")
	fs.StringVar(&a.Email, "email", "", "address of the person")
	roles := fs.String("role", "", "roles, separated by commas")
	lang := fs.String("lang", "en", "language of the person")
	reference := fs.String("reference", "operator", "on whose request, such as a note verbale")
	base := fs.String("base", e.getenv("CONCORD_BASE"), "address under which readers know the portal")
	if err := parse(fs, args); err != nil {
		return err
	}
	for _, r := range strings.Split(*roles, ",") {
		a.Roles = append(a.Roles, access.Role(strings.TrimSpace(r)))
	}
	a.Lang = i18n.Lang(*lang)
	p, err := from.portal(ctx)
	if err != nil {
		return err
	}
	defer p.Close()
	account, secret, err := p.Parties.Invite(ctx, party.Operator(), a, *reference)
	if err != nil {
		return p.explain(err)
	}
	fmt.Fprintf(e.out, "%s\n%s/%s/link/%s\n", account.ID, *base, account.Lang, secret)
	return nil
}

func runAccountList(ctx context.Context, e env, fs *flag.FlagSet, args []string) error {
	var from source
	from.flags(fs, e)
	code := fs.String("party", "", "only accounts of this party")
	if err := parse(fs, args); err != nil {
		return err
	}
	p, err := from.portal(ctx)
	if err != nil {
		return err
	}
	defer p.Close()
	dir, err := p.Parties.Directory(ctx)
	if err != nil {
		return err
	}
	codes := []string{*code}
	if *code == "" {
		codes = nil
		for _, x := range dir.Parties(i18n.English) {
			codes = append(codes, x.Code)
		}
	}
	for _, c := range codes {
		accounts, err := p.Parties.Accounts(ctx, party.Operator(), c)
		if err != nil {
			return p.explain(err)
		}
		for _, a := range accounts {
			state := "open"
			if a.Disabled {
				state = "closed"
			}
			fmt.Fprintf(e.out, "%-8s %-30s %-24s %v %s\n", a.Party, a.Email, a.Name, a.Roles, state)
		}
	}
	return nil
}

func runAccountDisable(ctx context.Context, e env, fs *flag.FlagSet, args []string) error {
	var from source
	from.flags(fs, e)
	if err := parse(fs, args); err != nil {
		return err
	}
	if fs.NArg() != 1 {
		return wrongUse("name the account by its e-mail address")
	}
	p, err := from.portal(ctx)
	if err != nil {
		return err
	}
	defer p.Close()
	a, err := p.Parties.Find(ctx, party.Operator(), fs.Arg(0))
	if err != nil {
		return p.explain(err)
	}
	return p.explain(p.Parties.Disable(ctx, party.Operator(), a.ID))
}

func runTokenAdd(ctx context.Context, e env, fs *flag.FlagSet, args []string) error {
	var from source
	from.flags(fs, e)
	email := fs.String("account", "", "e-mail address of the account")
	name := fs.String("name", "shell", "what the token is for")
	scopes := fs.String("scopes", "read", "read, or read,write")
	days := fs.Int("days", 90, "days until it ends")
	if err := parse(fs, args); err != nil {
		return err
	}
	p, err := from.portal(ctx)
	if err != nil {
		return err
	}
	defer p.Close()
	a, err := p.Parties.Find(ctx, party.Operator(), *email)
	if err != nil {
		return p.explain(err)
	}
	until := time.Now().AddDate(0, 0, *days)
	token, secret, err := p.Parties.AddToken(ctx, party.Operator(), a.ID, *name, strings.Split(*scopes, ","), until)
	if err != nil {
		return p.explain(err)
	}
	fmt.Fprintf(e.out, "%s\n%s\n", token.ID, secret)
	return nil
}

func runTokenRevoke(ctx context.Context, e env, fs *flag.FlagSet, args []string) error {
	var from source
	from.flags(fs, e)
	if err := parse(fs, args); err != nil {
		return err
	}
	if fs.NArg() != 1 {
		return wrongUse("name the token by its id")
	}
	p, err := from.portal(ctx)
	if err != nil {
		return err
	}
	defer p.Close()
	return p.explain(p.Parties.RevokeToken(ctx, party.Operator(), fs.Arg(0)))
}
