package record

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"concord/internal/access"
	"concord/internal/db"
)

// Record is a row of the portal: the envelope that every kind shares, and the
// kind's own fields in Body, a pointer to the kind's struct.
type Record struct {
	N         int64 // internal number; never shown, because gaps would tell of hidden records
	ID        string
	Kind      string
	Owner     string
	Audience  access.Audience
	Named     []string // parties and groups that audience "group" names
	Partners  []string // parties that take part
	Narrowed  map[string]access.Audience
	Status    access.Status
	Created   time.Time
	Updated   time.Time
	Verified  time.Time // when the owner last said it is true
	ReviewDue time.Time // zero = does not age
	Revision  int
	Author    string
	Origin    string
	Body      any

	ownerKind access.PartyKind
	raw       []byte // the JSON of Body, while the gate has taken nothing from it
}

// Subject is what the rule of access needs of the record.
func (r *Record) Subject() access.Subject {
	return access.Subject{
		Owner: r.Owner, OwnerKind: r.ownerKind, Audience: r.Audience,
		Named: r.Named, Partners: r.Partners, Status: r.Status,
	}
}

// Due reports whether the record's review date has passed.
func (r *Record) Due(now time.Time) bool {
	return r.Status == access.Published && !r.ReviewDue.IsZero() && now.After(r.ReviewDue)
}

// envelope is the first part of a record in JSON.
type envelope struct {
	ID        string                     `json:"id"`
	Kind      string                     `json:"kind"`
	Owner     string                     `json:"owner"`
	Audience  access.Audience            `json:"audience"`
	Groups    []string                   `json:"groups"`
	Partners  []string                   `json:"partners,omitempty"`
	Narrowed  map[string]access.Audience `json:"narrowed,omitempty"`
	State     access.Status              `json:"state"`
	Created   time.Time                  `json:"created"`
	Updated   time.Time                  `json:"updated"`
	Verified  time.Time                  `json:"verified,omitzero"`
	ReviewDue time.Time                  `json:"reviewDue,omitzero"`
	Origin    string                     `json:"origin,omitempty"`
	Revision  int                        `json:"revision"`
}

// MarshalJSON writes the envelope and then the kind's own fields, in one
// object.
func (r *Record) MarshalJSON() ([]byte, error) { return r.AppendJSON(nil) }

// AppendJSON appends what MarshalJSON writes to b: a list of records is made
// of it without being read again by the encoder.
func (r *Record) AppendJSON(b []byte) ([]byte, error) {
	groups := r.Named
	if groups == nil {
		groups = []string{}
	}
	head, err := json.Marshal(envelope{
		r.ID, r.Kind, r.Owner, r.Audience, groups, r.Partners, r.Narrowed, r.Status,
		r.Created, r.Updated, r.Verified, r.ReviewDue, r.Origin, r.Revision,
	})
	if err != nil {
		return nil, err
	}
	body := r.raw
	if body == nil {
		if body, err = json.Marshal(r.Body); err != nil {
			return nil, err
		}
	}
	if len(body) <= len("{}") {
		return append(b, head...), nil
	}
	b = append(b, head[:len(head)-1]...)
	b = append(b, ',')
	return append(b, body[1:]...), nil
}

// EnvelopeFields names the fields of the envelope in JSON: kinds may not use
// these names, and clients may send them back unchanged.
func EnvelopeFields() []string {
	return []string{
		"id", "kind", "owner", "audience", "groups", "partners", "narrowed", "state",
		"created", "updated", "verified", "reviewDue", "origin", "revision",
	}
}

// Decode reads the kind's own fields from JSON, refusing names that the kind
// does not have.
func (k *Kind) Decode(b []byte) (any, error) {
	body := k.New()
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(body); err != nil {
		return nil, err
	}
	return body, nil
}

// stored reads a body that this program wrote, leniently: an older release may
// have known other fields.
func (k *Kind) stored(b []byte) (any, error) {
	body := k.New()
	return body, json.Unmarshal(b, body)
}

// columns of record r, in the order that scan reads them.
const columns = `r.n, r.id, r.kind, r.owner, r.audience, r.named, r.partners, r.narrowed, r.state,
	r.created, r.updated, r.verified, r.review_due, r.revision, r.author, r.origin, r.body`

// row is where scan's columns land.
type row struct {
	n                                int64
	id, kind, owner, audience        string
	named, partners, narrowed, state string
	created, updated, verified, due  int64
	revision                         int
	author, origin                   string
	body                             []byte
}

// dest lists the destinations in the order of columns.
func (w *row) dest() []any {
	return []any{
		&w.n, &w.id, &w.kind, &w.owner, &w.audience, &w.named, &w.partners, &w.narrowed, &w.state,
		&w.created, &w.updated, &w.verified, &w.due, &w.revision, &w.author, &w.origin, &w.body,
	}
}

// record builds the record that the row holds. The body is as stored: whoever
// calls this must pass it through the gate before it leaves the package. The
// cache is nil where the row may not be committed yet.
func (w *row) record(ks *Kinds, dir Directory, cache *bodies) (*Record, error) {
	k := ks.Kind(w.kind)
	if k == nil {
		return nil, fmt.Errorf("record %s is of kind %q, which no module declares", w.id, w.kind)
	}
	var body any
	var raw []byte
	key := bodyKey{w.n, w.revision}
	if cache != nil {
		body, raw = cache.get(k, key)
	}
	if body == nil {
		var err error
		if body, err = k.stored(w.body); err != nil {
			return nil, fmt.Errorf("record %s: %w", w.id, err)
		}
		if cache != nil {
			cache.add(k, key, body, w.body)
		}
	}
	return &Record{
		N: w.n, ID: w.id, Kind: w.kind, Owner: w.owner, Audience: access.Audience(w.audience),
		Named: strings.Fields(w.named), Partners: strings.Fields(w.partners), Narrowed: readNarrowed(w.narrowed),
		Status: access.Status(w.state), Created: db.Time(w.created), Updated: db.Time(w.updated),
		Verified: db.Time(w.verified), ReviewDue: db.Time(w.due), Revision: w.revision,
		Author: w.author, Origin: w.origin, Body: body, raw: raw, ownerKind: dir.Kind(w.owner),
	}, nil
}

// readNarrowed and writeNarrowed keep "field=audience field=audience".
func readNarrowed(s string) map[string]access.Audience {
	if s == "" {
		return nil
	}
	m := map[string]access.Audience{}
	for pair := range strings.FieldsSeq(s) {
		name, audience, _ := strings.Cut(pair, "=")
		m[name] = access.Audience(audience)
	}
	return m
}

func writeNarrowed(m map[string]access.Audience) string {
	var pairs []string
	for _, name := range slices.Sorted(maps.Keys(m)) {
		pairs = append(pairs, name+"="+string(m[name]))
	}
	return strings.Join(pairs, " ")
}
