package web

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"concord/internal/door"
	"concord/internal/party"
	"concord/internal/problem"
	"concord/internal/web/ui"
)

// tokensPage lists the tokens by which the reader's programs use the API.
func (s *Site) tokensPage(q *door.Req) error {
	tokens, err := s.Parties.Tokens(q.Context(), q.Actor, q.Account.ID)
	if err != nil {
		return err
	}
	title, add := q.T("account.tokens.title"), ui.Link{Text: q.T("account.tokens.new"), Href: s.at(q, "/account/tokens/new")}
	head := ui.ListHead{Title: title, Lead: q.T("account.tokens.lead"), Actions: []ui.Link{add}}
	body := []templ.Component{head}
	if len(tokens) == 0 {
		body = append(body, ui.Empty{Heading: q.T("account.tokens.none"), Text: q.T("account.tokens.none.text")})
	} else {
		body = append(body, s.tokenTable(q, title, tokens))
	}
	return s.Show(q, Page{Title: title, Crumbs: s.trailTo(q, title), Body: body})
}

func (s *Site) tokenTable(q *door.Req, title string, tokens []party.Token) templ.Component {
	t := ui.Table{Caption: title, Hide: true}
	for _, key := range []string{"name", "scope", "created", "expires", "used", "revoke"} {
		t.Columns = append(t.Columns, ui.Column{Label: q.T("account.tokens." + key)})
	}
	for _, x := range tokens {
		expires := when(q, x.Expires)
		if !s.Door.Now().Before(x.Expires) {
			expires = q.T("account.tokens.over", expires)
		}
		used := q.T("account.tokens.never")
		if !x.Used.IsZero() {
			used = when(q, x.Used)
		}
		t.Rows = append(t.Rows, ui.TableRow{Cells: []ui.Cell{
			ui.Text(x.Name), ui.Text(scopeWord(q, x.Scopes)), ui.Text(when(q, x.Created)), ui.Text(expires), ui.Text(used),
			{Body: ui.Link{Text: q.T("account.tokens.revoke-this", x.Name), Href: s.at(q, "/account/tokens/"+x.ID)}},
		}})
	}
	return t
}

func scopeWord(q *door.Req, scopes []string) string {
	if slices.Contains(scopes, party.ScopeWrite) {
		return q.T("account.scope.write")
	}
	return q.T("account.scope.read")
}

// tokenDays are the lives a token may have.
func tokenDays() []int { return []int{30, 90, 180, 365} }

func (s *Site) tokenForm(q *door.Req) error {
	return s.showTokenForm(q, &sheet{q: q, values: url.Values{"scope": {party.ScopeRead}, "days": {"90"}}})
}

func (s *Site) showTokenForm(q *door.Req, f *sheet) error {
	title := q.T("account.tokens.new")
	scopes := ui.Radios{Field: f.required("scope")}
	for _, code := range []string{party.ScopeRead, party.ScopeWrite} {
		scopes.Options = append(scopes.Options, ui.Option{
			Value: code, Label: q.T("account.scope." + code), Hint: q.T("account.scope." + code + ".explain"), Chosen: f.values.Get("scope") == code,
		})
	}
	days := ui.Radios{Field: f.required("days"), Inline: true}
	for _, n := range tokenDays() {
		v := strconv.Itoa(n)
		days.Options = append(days.Options, ui.Option{Value: v, Label: q.T("account.tokens.days", n), Chosen: f.values.Get("days") == v})
	}
	form := ui.Form{
		Action:  s.at(q, "/account/tokens/new"),
		Body:    ui.Join(ui.TextInput{Field: f.required("token"), Value: f.values.Get("token"), Width: ui.Medium, MaxLength: 200}, scopes, days),
		Buttons: []ui.Button{{Text: q.T("account.tokens.make"), Rank: ui.Primary}},
		Cancel:  &ui.Link{Text: q.T("form.cancel"), Href: s.at(q, "/account/tokens")},
	}
	return s.Show(q, Page{
		Title: title, Status: f.statusCode(), Errors: f.errors(), Crumbs: s.tokenCrumbs(q, title),
		Body: []templ.Component{ui.Title{Text: title}, form},
	})
}

func (s *Site) tokenCrumbs(q *door.Req, title string) []ui.Link {
	return []ui.Link{
		{Text: q.T("account.title"), Href: s.at(q, "/account")},
		{Text: q.T("account.tokens.title"), Href: s.at(q, "/account/tokens")}, {Text: title},
	}
}

// addToken makes a token and shows it in the answer, once: no address and no
// cookie may hold it. Sent again, the form finds its own name taken, so that
// a bad line leaves no token behind that nobody knows.
func (s *Site) addToken(q *door.Req) error {
	f, err := readSheet(q)
	if err != nil {
		return err
	}
	name := strings.Join(strings.Fields(f.values.Get("token")), " ")
	have, err := s.Parties.Tokens(q.Context(), q.Actor, q.Account.ID)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(have, func(t party.Token) bool { return t.Name == name }) {
		f.fault("token", "token-name")
		return s.showTokenForm(q, f)
	}
	n, err := strconv.Atoi(f.values.Get("days"))
	if err != nil || !slices.Contains(tokenDays(), n) {
		f.fault("days", "required")
		return s.showTokenForm(q, f)
	}
	scopes := []string{f.values.Get("scope")}
	if scopes[0] == party.ScopeWrite {
		scopes = append(scopes, party.ScopeRead)
	}
	t, secret, err := s.Parties.AddToken(q.Context(), q.Actor, q.Account.ID, name, scopes, s.Door.Now().Add(time.Duration(n)*24*time.Hour))
	if f.take(err, "token") {
		rename(f, map[string]string{"name": "token", "scopes": "scope", "expires": "days"})
		return s.showTokenForm(q, f)
	}
	if err != nil {
		return err
	}
	private(q)
	title := q.T("account.tokens.made")
	return s.Show(q, Page{Title: title, Crumbs: s.tokenCrumbs(q, title), Body: []templ.Component{
		ui.Title{Text: title, Lead: q.T("account.tokens.made.lead", when(q, t.Expires))},
		ui.Notice{Tone: ui.Warning, Heading: q.T("account.tokens.once"), Text: q.T("account.tokens.once.text")},
		ui.Facts{{Label: t.Name, Body: secretLine(secret)}},
		ui.Link{Text: q.T("account.tokens.stored"), Href: s.at(q, "/account/tokens")},
	}})
}

// rename puts problems at the questions of the page, where these have other
// names than in the store.
func rename(f *sheet, names map[string]string) {
	for i, p := range f.problems {
		if name := names[p.Name]; name != "" {
			f.problems[i].Name = name
		}
	}
}

func (s *Site) token(q *door.Req) (party.Token, error) {
	tokens, err := s.Parties.Tokens(q.Context(), q.Actor, q.Account.ID)
	if err != nil {
		return party.Token{}, err
	}
	i := slices.IndexFunc(tokens, func(t party.Token) bool { return t.ID == q.PathValue("id") })
	if i < 0 {
		return party.Token{}, problem.New(problem.NotFound, "")
	}
	return tokens[i], nil
}

func (s *Site) askRevoke(q *door.Req) error {
	t, err := s.token(q)
	if err != nil {
		return err
	}
	title := q.T("account.tokens.revoke")
	return s.Show(q, Page{Title: title, Crumbs: s.tokenCrumbs(q, title), Body: []templ.Component{ui.Ask{
		Title: q.T("account.tokens.ask", t.Name), Text: q.T("account.tokens.ask.text"),
		Form: ui.Form{
			Action: s.at(q, "/account/tokens/"+t.ID), Buttons: []ui.Button{{Text: title, Rank: ui.Dangerous}},
			Cancel: &ui.Link{Text: q.T("form.cancel"), Href: s.at(q, "/account/tokens")},
		},
	}}})
}

func (s *Site) revokeToken(q *door.Req) error {
	if err := s.Parties.RevokeToken(q.Context(), q.Actor, q.PathValue("id")); err != nil {
		return err
	}
	return Redirect(q, s.at(q, "/account/tokens"), "token-revoked")
}
