package app

import (
	"net/url"
	"strings"

	"concord/internal/access"
	"concord/internal/i18n"
	"concord/internal/record"
)

// pasts makes records whose history hides what their present does not, and the
// other way round.
func (w *world) pasts() {
	w.t.Helper()
	ctx, samoa := w.t.Context(), w.actor("wsm-focal")
	for _, kind := range []string{"need", "project", "document"} {
		w.step() // was its owner's alone, is public
		name := "past " + kind
		w.make(name, "wsm-focal", record.Draft{
			Kind: kind, Audience: access.Own, Body: w.filled(kind, w.hidden(secret, kind)), Note: w.hidden(secret, kind).Get(i18n.English),
		}, "wsm-focal", "publish")
		public := access.Public
		_, err := w.Store.Update(ctx, samoa, kind, w.ids[name], 0, record.Change{Body: w.filled(kind, plain(kind)), Audience: &public, Note: w.hidden(secret, kind).Get(i18n.English)})
		w.must(err)

		w.step() // was public, is a draft again, and is being changed
		name = "again " + kind
		w.make(name, "wsm-focal", record.Draft{Kind: kind, Audience: access.Public, Body: w.filled(kind, plain(kind))},
			"wsm-focal", "publish", "wsm-focal", "withdraw", "wsm-focal", "restore")
		_, err = w.Store.Update(ctx, samoa, kind, w.ids[name], 0, record.Change{Body: w.filled(kind, w.hidden(secret, kind))})
		w.must(err)

		w.step() // is published, with what is said of it inside
		name = "noted " + kind
		w.make(name, "wsm-focal", record.Draft{
			Kind: kind, Audience: access.Public, Body: w.filled(kind, plain(kind)), Note: w.hidden(secret, kind).Get(i18n.English),
		}, "wsm-focal", "submit", "wsm-focal", "return", "wsm-focal", "publish", "wsm-focal", "archive", "wsm-focal", "publish")
	}
}

// narrowed makes public records with fields that are not.
func (w *world) narrowed() {
	w.t.Helper()
	for _, k := range w.Store.Kinds().All() {
		fields := map[string]access.Audience{}
		body := w.filled(k.Name, plain(k.Name))
		dark := w.filled(k.Name, w.hidden(secret, k.Name))
		for _, f := range k.Fields {
			if f.Choice && !f.Title {
				fields[f.Name] = access.Own
				f.Set(body, f.Value(dark))
				if f.Type == record.Code && w.level >= secret {
					f.Set(body, w.Store.Kinds().Vocab[f.Vocab].Terms[0].Code)
				}
			}
		}
		for _, name := range []string{"narrowed " + k.Name, "opened " + k.Name} {
			if w.step(); len(fields) == 0 || !k.Allows(access.Public) {
				continue
			}
			w.make(name, "wsm-focal", record.Draft{Kind: k.Name, Audience: access.Public, Narrowed: fields, Body: body}, "wsm-focal", "publish")
			c := record.Change{Body: body} // published twice: there is a past with such fields too
			if strings.HasPrefix(name, "opened") {
				c = record.Change{Body: w.filled(k.Name, plain(k.Name)), Narrowed: &map[string]access.Audience{}}
			}
			_, err := w.Store.Update(w.t.Context(), w.actor("wsm-focal"), k.Name, w.ids[name], 0, c)
			w.must(err)
		}
	}
}

// refs makes public records that point at hidden ones.
func (w *world) refs() {
	w.t.Helper()
	w.step()
	var to []record.Ref
	for _, name := range w.order {
		if name == "own document 0" || name == "own document 1" { // Samoa's, in the worlds that have them
			to = append(to, record.Ref(w.ids[name]))
		}
	}
	d := w.filled("document", plain("pointing")).(*document)
	d.Related = append([]record.Ref{record.Ref(w.ids["past document"])}, to...)
	if len(to) > 0 {
		d.Replace = to[0]
	}
	w.make("pointing", "wsm-focal", record.Draft{Kind: "document", Audience: access.Public, Body: d}, "wsm-focal", "publish")
}

// dialogue has Samoa and Kenya talk about a public need, fill in checklists and
// start a project, all between themselves.
func (w *world) dialogue() {
	w.t.Helper()
	if !w.only(secret) {
		return
	}
	post := func(who, path string, form url.Values) string {
		w.t.Helper()
		r := w.ask(who, "POST", path, form.Encode())
		if r.Code != 303 {
			w.t.Fatalf("%s: %s: %d %s", who, path, r.Code, visible(r.Body.String()))
		}
		to, _, _ := strings.Cut(r.Header().Get("Location"), "?")
		return to
	}
	text := canaries(secret)
	talk := post("wsm-focal", "/en/matches/new", url.Values{
		"need": {w.ids["open need 0"]}, "from": {"need"}, "offer": {w.ids["open offer 1"]}, "kind": {"offer"},
	})
	w.ids["talk"] = talk[strings.LastIndexByte(talk, '/')+1:]
	post("ken-focal", talk, url.Values{"step": {"accept"}, "text": {text.Get(i18n.English)}})
	post("wsm-focal", strings.Replace(talk, "/en/", "/ar/", 1), url.Values{"step": {"message"}, "text": {text.Get(i18n.Arabic)}})
	post("wsm-focal", talk, url.Values{"step": {"agree"}})
	post("ken-focal", talk, url.Values{"step": {"agree"}})
	project := post("wsm-focal", talk, url.Values{"step": {"project"}})
	w.ids["talk project"] = strings.Split(project, "/")[3]
	w.order = append(w.order, "talk", "talk project")
	for _, who := range []string{"wsm-focal", "ken-focal"} {
		post(who, "/en/checklists/"+w.ids["talk project"]+"?kind=project&list=principles&phase=design", url.Values{
			"tension": {text.Get(i18n.English)}, "a.1": {"yes"}, "n.1": {text.Get(i18n.English)},
		})
	}
	post("wsm-focal", "/en/checklists/"+w.ids["open project 0"]+"?kind=project&list=gender&phase=planning", url.Values{"tension": {text.Get(i18n.French)}})
}
