package door

import (
	"net/http"
	"strings"
	"time"

	"concord/internal/problem"
)

// identify finds out who asks: by a session cookie on pages, by a bearer token
// on the API, and never the one where the other belongs.
func (d *Door) identify(q *Req) error {
	ctx := q.Context()
	var err error
	if q.Dir, err = d.Parties.Directory(ctx); err != nil {
		return err
	}
	if q.API() {
		header := q.Header.Get("Authorization")
		if header == "" {
			q.Actor.Via = "api"
			return nil
		}
		scheme, token, _ := strings.Cut(header, " ")
		if !strings.EqualFold(scheme, "Bearer") {
			return problem.New(problem.SignIn, "bearer")
		}
		q.Actor, q.Account, err = d.Parties.AuthenticateToken(ctx, strings.TrimSpace(token))
		q.Actor.Via = "api"
		return err
	}
	cookie, err := q.Cookie(d.cookieName())
	if err != nil || cookie.Value == "" {
		q.Actor.Via = "web"
		return nil
	}
	actor, account, err := d.Parties.Authenticate(ctx, cookie.Value)
	switch {
	case problem.Is(err, problem.SignIn): // the session has ended: go on as the public
		d.EndSession(q)
	case err != nil:
		return err
	default:
		q.Actor, q.Account = actor, account
	}
	q.Actor.Via = "web"
	return nil
}

// Session is the secret of the request's session, "" for none.
func (r *Req) Session() string {
	c, err := r.Cookie(r.door.cookieName())
	if err != nil {
		return ""
	}
	return c.Value
}

func (d *Door) cookieName() string {
	if d.Secure {
		return "__Host-session"
	}
	return "session"
}

// BeginSession hands the browser its session.
func (d *Door) BeginSession(q *Req, secret string) { d.setCookie(q, secret, 12*time.Hour) }

// EndSession takes it away.
func (d *Door) EndSession(q *Req) { d.setCookie(q, "", -time.Second) }

func (d *Door) setCookie(q *Req, value string, age time.Duration) {
	http.SetCookie(q.W, &http.Cookie{
		Name: d.cookieName(), Value: value, Path: "/", MaxAge: int(age.Seconds()),
		HttpOnly: true, Secure: d.Secure, SameSite: http.SameSiteLaxMode,
	})
}
