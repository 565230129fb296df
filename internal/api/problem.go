package api

import (
	"encoding/json"
	"net/http"

	"concord/internal/door"
	"concord/internal/problem"
)

// failure is a problem as RFC 9457 writes it.
type failure struct {
	Type     string  `json:"type"`
	Title    string  `json:"title"`
	Status   int     `json:"status"`
	Detail   string  `json:"detail"`
	Instance string  `json:"instance"`
	Code     string  `json:"code"`
	Errors   []wrong `json:"errors,omitempty"`
}

// wrong is what is wrong with one field or parameter.
type wrong struct {
	Field  string `json:"field"`
	Code   string `json:"code"`
	Detail string `json:"detail"`
}

// problemType identifies a class of problem: an address that leads to its
// description.
func problemType(k problem.Kind) string {
	return "/api/openapi.json#/components/responses/" + string(k)
}

// Fail writes a problem in the caller's language. Of a fault of ours it says
// nothing but that there was one.
func (a *API) Fail(q *door.Req, p *problem.Error) {
	status := p.Kind.Status()
	f := failure{
		Type: problemType(p.Kind), Title: q.T("problem." + string(p.Kind)), Status: status,
		Detail: q.T("problem." + string(p.Kind) + ".text"), Instance: q.URL.EscapedPath(), Code: string(p.Kind),
	}
	if p.Code != "" {
		f.Code, f.Detail = p.Code, q.T("error."+p.Code, p.Args...)
	}
	for _, x := range p.Fields {
		f.Errors = append(f.Errors, wrong{x.Name, x.Code, q.T("error."+x.Code, x.Args...)})
	}
	h := q.W.Header()
	switch {
	case p.Kind == problem.SignIn && p.Code == "": // RFC 6750 section 3: no error code without credentials
		h.Set("WWW-Authenticate", `Bearer realm="concord"`)
	case p.Kind == problem.SignIn:
		h.Set("WWW-Authenticate", `Bearer realm="concord", error="invalid_token"`)
	case p.Code == "token-reads":
		h.Set("WWW-Authenticate", `Bearer realm="concord", error="insufficient_scope", scope="write"`)
	case status == http.StatusTooManyRequests:
		h.Set("Retry-After", "60")
	}
	h.Set("Content-Type", "application/problem+json")
	h.Set("Content-Language", q.Lang.Tag())
	h.Add("Vary", "Authorization")
	h.Add("Vary", "Accept-Language")
	b, err := json.Marshal(f)
	if err != nil { // strings and numbers always marshal
		status, b = http.StatusInternalServerError, []byte(`{"status":500}`)
	}
	q.W.WriteHeader(status)
	_, _ = q.W.Write(b) // into the door's buffer, which takes everything
}
