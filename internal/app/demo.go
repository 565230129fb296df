package app

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"time"

	"concord/internal/access"
	"concord/internal/i18n"
	"concord/internal/modules/assistance"
	"concord/internal/party"
	"concord/internal/problem"
)

// databaseName is the file of the embedded database in a data folder.
const databaseName = "concord.db"

// dataFile is the database in a data folder, which is made if absent.
func dataFile(dir string) (string, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", fmt.Errorf("data folder: %w", err)
	}
	return filepath.Join(dir, databaseName), nil
}

func runServe(ctx context.Context, e env, fs *flag.FlagSet, args []string) error {
	var from source
	from.flags(fs, e)
	addr := fs.String("addr", cmp.Or(e.getenv("CONCORD_ADDR"), "127.0.0.1:8080"), "address to listen on")
	base := fs.String("base", e.getenv("CONCORD_BASE"), "address under which readers know the portal, such as https://portal.example.org")
	insecure := fs.Bool("insecure", false, "served without TLS in front: for trials on one machine only")
	if err := parse(fs, args); err != nil {
		return err
	}
	dsn, err := from.dsn()
	if err != nil {
		return err
	}
	modules, err := Modules()
	if err != nil {
		return err
	}
	p, err := Open(ctx, Options{Database: dsn, Secure: !*insecure, Base: *base, Log: slog.New(slog.NewTextHandler(e.err, nil))}, modules...)
	if err != nil {
		return err
	}
	defer p.Close()
	l, err := net.Listen("tcp", *addr)
	if err != nil {
		return err
	}
	fmt.Fprintf(e.out, "Concord is listening on http://%s/\n", l.Addr())
	return p.Serve(ctx, l)
}

// demoAccount is one account of the demonstration, as it is printed.
type demoAccount struct {
	Party  string `json:"party"`
	Role   string `json:"role"`
	Name   string `json:"name"`
	SignIn string `json:"signin"`
	Token  string `json:"token"`
}

func runDemo(ctx context.Context, e env, fs *flag.FlagSet, args []string) error {
	addr := fs.String("addr", "127.0.0.1:8080", "address to listen on")
	data := fs.String("data", "", "keep the portal in this folder; without it, it is thrown away")
	empty := fs.Bool("empty", false, "reference data and accounts only")
	asJSON := fs.Bool("json", false, "print one line of JSON first")
	if err := parse(fs, args); err != nil {
		return err
	}
	if *data == "" {
		dir, err := os.MkdirTemp("", "concord-demo-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		*data = dir
	}
	file, err := dataFile(*data)
	if err != nil {
		return err
	}
	modules, err := Modules()
	if err != nil {
		return err
	}
	p, err := Open(ctx, Options{Database: file, Demo: true, Log: slog.New(slog.NewTextHandler(e.err, nil))}, modules...)
	if err != nil {
		return err
	}
	defer p.Close()
	if !*empty {
		if err := assistance.Demo(ctx, p.Store, p.Places); err != nil {
			return fmt.Errorf("demonstration content: %w", err)
		}
	}
	l, err := net.Listen("tcp", *addr)
	if err != nil {
		return err
	}
	url := "http://" + l.Addr().String()
	accounts, err := demoAccounts(ctx, p.Parties, url)
	if err != nil {
		return err
	}
	if err := announce(e, url, accounts, *asJSON); err != nil {
		return err
	}
	return p.Serve(ctx, l)
}

func announce(e env, url string, accounts []demoAccount, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(e.out).Encode(map[string]any{"url": url, "accounts": accounts})
	}
	fmt.Fprintf(e.out, "Concord demonstration: %s/\n\nSign in as\n", url)
	for _, a := range accounts {
		fmt.Fprintf(e.out, "  %-7s %-14s %-22s %s\n", a.Party, a.Role, a.Name, a.SignIn)
	}
	fmt.Fprintln(e.out, "\nEverything here is for trying out. Stop with Ctrl-C.")
	return nil
}

// demoPeople are the people of the demonstration: one account for each role.
func demoPeople() []party.Account {
	one := func(code, name string, lang i18n.Lang, role access.Role) party.Account {
		return party.Account{
			Party: code, Name: name, Lang: lang, Roles: []access.Role{role},
			Email: fmt.Sprintf("%s.%s@demo.example", code, role),
		}
	}
	return []party.Account{
		one("WSM", "Sina Leota", i18n.French, access.FocalPoint),
		one("WSM", "Tavita Fono", i18n.English, access.Editor),
		one("WSM", "Malia Tuala", i18n.English, access.Viewer),
		one("KEN", "Wanjiru Kamau", i18n.English, access.FocalPoint),
		one("KEN", "Otieno Odhiambo", i18n.English, access.Editor),
		one("KEN", "Amina Hassan", i18n.English, access.Viewer),
		one("KEN", "Kiprono Cheruiyot", i18n.English, access.Contact),
		one("KEN", "Njeri Mwangi", i18n.English, access.CSIRT),
		one("EST", "Liis Tamm", i18n.English, access.FocalPoint),
		one("EST", "Marko Saar", i18n.English, access.Viewer),
		one("IND", "Ananya Rao", i18n.English, access.FocalPoint),
		one("EGY", "ليلى حسن", i18n.Arabic, access.FocalPoint),
		one("UNODA", "Elena Petrova", i18n.English, access.Administrator),
		one("UNODA", "Samuel Okafor", i18n.English, access.Moderator),
		one("UNODA", "Ingrid Holm", i18n.English, access.Auditor),
		one("OAS", "Lucía Herrera", i18n.Spanish, access.FocalPoint),
		one("ITU", "Claire Dubois", i18n.French, access.FocalPoint),
		one("GFCE", "Pieter de Vries", i18n.English, access.Contributor),
		one("FIRST", "Dana Levi", i18n.English, access.Contributor),
	}
}

// demoAccounts makes the accounts, or finds those of an earlier run, with a
// link that signs in for a month and a token.
func demoAccounts(ctx context.Context, parties *party.Store, url string) ([]demoAccount, error) {
	const month = 30 * 24 * time.Hour
	operator := party.Operator()
	var list []demoAccount
	for _, person := range demoPeople() {
		account, _, err := parties.Invite(ctx, operator, person, "demonstration")
		if problem.Is(err, problem.Invalid) || problem.Is(err, problem.Conflict) {
			var findErr error
			if account, findErr = parties.Find(ctx, operator, person.Email); findErr != nil {
				return nil, errors.Join(err, findErr)
			}
		} else if err != nil {
			return nil, fmt.Errorf("account %s: %w", person.Email, err)
		}
		secret, err := parties.SignInLink(ctx, operator, account.ID, month, true)
		if err != nil {
			return nil, err
		}
		scopes := []string{"read", "write"}
		_, token, err := parties.AddToken(ctx, operator, account.ID, "demo", scopes, time.Now().Add(month))
		if err != nil {
			return nil, err
		}
		list = append(list, demoAccount{
			Party: person.Party, Role: string(person.Roles[0]), Name: person.Name,
			SignIn: url + "/" + string(person.Lang) + "/link/" + secret, Token: token,
		})
	}
	return list, nil
}
