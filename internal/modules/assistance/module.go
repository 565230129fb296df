package assistance

import (
	"embed"
	"io/fs"

	"github.com/a-h/templ"

	"concord/internal/access"
	"concord/internal/door"
	"concord/internal/modules/assistance/checklists"
	"concord/internal/record"
	"concord/internal/web"
)

//go:embed messages/*.json
var messages embed.FS

// Module declares the module for the portal.
func Module() (web.Module, error) {
	kinds, err := Kinds()
	if err != nil {
		return web.Module{}, err
	}
	words, err := fs.Sub(messages, "messages")
	if err != nil {
		return web.Module{}, err
	}
	lists, err := checklists.Load()
	if err != nil {
		return web.Module{}, err
	}
	h := &handlers{lists: lists}
	return web.Module{
		Name: "assistance", Kinds: kinds, Messages: words,
		Nav: []web.NavItem{
			{Key: "kind.needs", Path: "/needs"}, {Key: "kind.offers", Path: "/offers"},
			{Key: "kind.courses", Path: "/courses"}, {Key: "kind.funds", Path: "/funds"},
			{Key: "kind.projects", Path: "/projects"}, {Key: "coverage.nav", Path: "/coverage"},
		},
		Routes: h.routes, Panels: h.panels, Tasks: h.tasks, Home: h.home, Delegation: h.delegation,
	}, nil
}

// handlers are the module's own pages.
type handlers struct {
	lists *checklists.Lists
	site  *web.Site
	pool  *pool
}

func (h *handlers) routes(s *web.Site) []door.Route {
	h.site, h.pool = s, newPool(s.Store)
	return []door.Route{
		{Method: "GET", Path: "/api/v1/needs/{id}/matches", Who: door.Anyone, Kind: needKind, Act: "read", Handle: h.matchesAPI},
		{Method: "POST", Path: "/{lang}/matches/new", Who: door.SignedIn, Kind: matchKind, Act: "create", Handle: h.ask},
		{Method: "GET", Path: "/{lang}/matches/{id}", Who: door.SignedIn, Kind: matchKind, Act: "read", Handle: h.show},
		{Method: "POST", Path: "/{lang}/matches/{id}", Who: door.SignedIn, Kind: matchKind, Act: "update", Handle: h.step},
		{Method: "GET", Path: "/{lang}/coverage", Who: door.Anyone, Act: "page", Handle: h.coverage},
		{Method: "GET", Path: "/{lang}/report", Who: door.Anyone, Act: "page", Handle: h.report},
		{Method: "GET", Path: "/{lang}/checklists/{about}", Who: door.SignedIn, Kind: checklistKind, Act: "new", Handle: h.checklistForm},
		{Method: "POST", Path: "/{lang}/checklists/{about}", Who: door.SignedIn, Kind: checklistKind, Act: "create", Handle: h.checklistSave},
	}
}

// panels adds to a need what answers it, and to whatever answers needs its
// checklists and the overlaps.
func (h *handlers) panels(s *web.Site, q *door.Req, r *record.Record) (side, below []templ.Component, err error) {
	switch r.Kind {
	case needKind, requestKind:
		found, err := h.pool.rank(q.Context(), q.Actor, q.Dir, r)
		if err != nil {
			return nil, nil, err
		}
		matches, err := h.matchPanel(q, r, found)
		if err != nil {
			return nil, nil, err
		}
		side, below = append(side, h.jump(q, found)), append(below, matches)
		talks, err := h.talks(q, r)
		if err != nil {
			return nil, nil, err
		}
		if talks != nil {
			side = append(side, talks)
		}
	case projectKind, offerKind, courseKind:
		lists, err := h.checklistPanel(q, r)
		if err != nil {
			return nil, nil, err
		}
		below = append(below, lists...)
	}
	if r.Kind == needKind || r.Kind == projectKind {
		o, err := h.overlapPanel(q, r)
		if err != nil {
			return nil, nil, err
		}
		if o != nil {
			below = append([]templ.Component{o}, below...)
		}
	}
	return side, below, nil
}

// writes reports whether the actor speaks for its party.
func writes(a access.Actor) bool {
	return !a.Anonymous() && !a.Reads && a.Has(access.Editor, access.FocalPoint, access.Contributor, access.Moderator)
}
