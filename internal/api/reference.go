package api

import (
	"net/http"
	"slices"

	"concord/internal/access"
	"concord/internal/door"
	"concord/internal/i18n"
	"concord/internal/party"
	"concord/internal/problem"
	"concord/internal/vocab"
)

// referenceEndpoints tell what records refer to, and who the caller is.
func (a *API) referenceEndpoints() []endpoint {
	get := func(path, act string, who door.Who, h door.Handler, d Doc) endpoint {
		return endpoint{door.Route{Method: "GET", Path: Root + path, Who: who, Act: act, Handle: h}, d}
	}
	kinds := []string{}
	for _, k := range partyKinds() {
		kinds = append(kinds, string(k))
	}
	return []endpoint{
		get("/vocabularies", "vocabularies", door.Anyone, a.vocabularies, Doc{
			Summary: "The controlled vocabularies", Answer: listOf(ref("VocabularyHead")),
		}),
		get("/vocabularies/{name}", "vocabularies", door.Anyone, a.vocabulary, Doc{
			Summary: "A vocabulary with its terms", Answer: ref("Vocabulary"),
		}),
		get("/parties", "parties", door.Anyone, a.parties, Doc{
			Summary: "States, organisations and groups of them, in the alphabetical order of the caller's language",
			Params:  []Param{{Name: "kind", About: "Only parties of this kind", Only: kinds}}, Answer: ref("Parties"),
		}),
		get("/me", "me", door.SignedIn, a.me, Doc{Summary: "Who the caller is and what the token may do", Answer: ref("Me")}),
	}
}

func partyKinds() []access.PartyKind {
	return []access.PartyKind{access.State, access.Regional, access.UNEntity, access.Stakeholder, access.Secretariat}
}

// vocabularyHead is a vocabulary without its terms.
type vocabularyHead struct {
	Name   string    `json:"name"`
	Title  i18n.Text `json:"title"`
	Source string    `json:"source"`
	Count  int       `json:"count"`
}

func (a *API) vocabularies(q *door.Req) error {
	items := []vocabularyHead{}
	for _, name := range vocabNames(a.Store.Kinds().Vocab) {
		v := a.Store.Kinds().Vocab[name]
		items = append(items, vocabularyHead{v.Name, v.Title, v.Source, len(v.Terms)})
	}
	return answer(q, http.StatusOK, map[string]any{"items": items})
}

func vocabNames(set vocab.Set) []string {
	names := make([]string, 0, len(set))
	for name := range set {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// vocabulary answers with all of one but the words by which texts name its
// terms: those are for finding, and the greater part.
func (a *API) vocabulary(q *door.Req) error {
	v, ok := a.Store.Kinds().Vocab[q.PathValue("name")]
	if !ok {
		return problem.New(problem.NotFound, "")
	}
	lean := vocab.Vocabulary{Name: v.Name, Title: v.Title, Source: v.Source, Draft: v.Draft, Terms: slices.Clone(v.Terms)}
	for i := range lean.Terms {
		lean.Terms[i].Words = nil
	}
	return answer(q, http.StatusOK, &lean)
}

// partyItem is a party.
type partyItem struct {
	Code   string           `json:"code"`
	Kind   access.PartyKind `json:"kind"`
	Names  i18n.Text        `json:"names"`
	Short  i18n.Text        `json:"short,omitzero"`
	Status string           `json:"status,omitempty"`
	URL    string           `json:"url,omitempty"`
	Groups []string         `json:"groups"`
}

// groupItem is a group of parties.
type groupItem struct {
	Code    string    `json:"code"`
	Type    string    `json:"type"`
	Names   i18n.Text `json:"names"`
	Source  string    `json:"source,omitempty"`
	Members []string  `json:"members"`
}

func (a *API) parties(q *door.Req) error {
	var kinds []access.PartyKind
	if kind := q.URL.Query().Get("kind"); kind != "" {
		kinds = append(kinds, access.PartyKind(kind))
	}
	items, groups := []partyItem{}, []groupItem{}
	for _, p := range q.Dir.Parties(q.Lang, kinds...) {
		items = append(items, partyItem{p.Code, p.Kind, p.Names, p.Short, p.Status, p.URL, notNil(q.Dir.GroupsOf(p.Code))})
	}
	for _, g := range q.Dir.Groups(q.Lang) {
		groups = append(groups, groupItem{g.Code, g.Type, g.Names, g.Source, notNil(g.Members)})
	}
	return answer(q, http.StatusOK, map[string]any{"items": items, "groups": groups})
}

// notNil makes an absent list an empty one in JSON.
func notNil[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// self is what the caller learns of itself.
type self struct {
	Account string           `json:"account"`
	Name    string           `json:"name"`
	Party   string           `json:"party"`
	Kind    access.PartyKind `json:"kind"`
	Groups  []string         `json:"groups"`
	Roles   []access.Role    `json:"roles"`
	Scopes  []string         `json:"scopes"`
}

func (a *API) me(q *door.Req) error {
	scopes := []string{party.ScopeRead}
	if !q.Actor.Reads {
		scopes = append(scopes, party.ScopeWrite)
	}
	return answer(q, http.StatusOK, self{
		q.Actor.Account, q.Actor.Name, q.Actor.Party, q.Actor.Kind, notNil(q.Actor.Groups), notNil(q.Actor.Roles), scopes,
	})
}
