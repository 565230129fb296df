package app

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"testing/cryptotest"
	"time"

	"concord/internal/access"
	"concord/internal/i18n"
	"concord/internal/record"
)

// level is how much a world holds: what everybody sees, what States see too,
// and what hardly anybody does.
type level int

const (
	open level = iota
	toStates
	secret
)

// world is a portal whose open content is the same in every world, to the byte
// and the moment: only what is hidden differs. Identifiers come from a seed
// that is set anew before each record.
type world struct {
	*house
	level level
	steps int
	ids   map[string]string // of records by name, in the worlds that have them
	order []string          // names in the order of making
}

// canaries are words that stand nowhere but in hidden records, one in each
// script of the six languages: first those of what States see, then those of
// what others of them do not.
func canaries(l level) i18n.Text {
	words := [6]string{"قضظغثخذ", "龘麤犇骉", "quixzanth", "éxquizèrez", "щукверзяй", "ñuzquixo"}
	if l == toStates {
		words = [6]string{"شصضطظعغ", "爨癵驫麣", "vexilgroth", "zéphyrquil", "бзыкштрях", "ñandwexo"}
	}
	t := i18n.Text{By: words, Original: i18n.English}
	return t
}

func newWorld(t *testing.T, dsn string, l level) *world {
	t.Helper()
	cryptotest.SetGlobalRandom(t, 1)
	w := &world{house: openHouse(t, dsn), level: l, ids: map[string]string{}}
	w.settle()
	return w
}

// step begins the making of one thing: what comes after it has the same clock
// and the same random numbers in every world.
func (w *world) step() {
	w.steps++
	cryptotest.SetGlobalRandom(w.t, uint64(w.steps))
	w.turn(time.Duration(w.steps) * 5 * time.Second)
}

// only says whether this world holds what is of a level. The step is taken in
// every world.
func (w *world) only(l level) bool {
	w.step()
	return w.level >= l
}

// plain is text that everybody may see, with a word that all records share.
func plain(name string) i18n.Text {
	t := i18n.Text{Original: i18n.English}
	for i, word := range [6]string{"مشترك", "共同文本", "sharedword", "motcommun", "общеслово", "palabracomun"} {
		t.By[i] = word + " " + name
	}
	return t
}

// hidden is text of a level in the worlds that have it, and otherwise plain.
func (w *world) hidden(l level, name string) i18n.Text {
	if w.level < l {
		return plain(name)
	}
	t := canaries(l)
	for i := range t.By {
		t.By[i] += " " + plain("").By[i] + " " + name
	}
	return t
}

// filled is a record of a kind with the text in every field that takes one.
func (w *world) filled(kind string, text i18n.Text) any {
	body := w.body(kind, "x")
	k := w.Store.Kinds().Kind(kind)
	fill(k.Fields, reflect.ValueOf(body).Elem(), text)
	return body
}

// fill puts the text into all fields of a struct that hold free text.
func fill(fields []*record.Field, s reflect.Value, text i18n.Text) {
	latin := text.Get(i18n.English)
	word, _, _ := strings.Cut(latin, " ")
	for _, f := range fields {
		v := s.FieldByIndex(index(f, s))
		switch f.Type {
		case record.Text:
			v.Set(reflect.ValueOf(text))
		case record.Line:
			if f.Max >= 200 || f.Max == 0 {
				v.SetString(latin)
			} else {
				v.SetString(word)
			}
		case record.Link:
			v.SetString("https://example.org/" + word)
		case record.Mail:
			v.SetString(word + "@example.org")
		case record.Rows:
			row := reflect.New(v.Type().Elem()).Elem()
			fill(f.Rows, row, text)
			v.Set(reflect.Append(reflect.Zero(v.Type()), row))
		}
	}
}

// index finds the struct field of a described one by its name in JSON.
func index(f *record.Field, s reflect.Value) []int {
	for i := range s.NumField() {
		if name := s.Type().Field(i).Tag.Get("json"); name == f.Name || len(name) > len(f.Name) && name[:len(f.Name)+1] == f.Name+"," {
			return []int{i}
		}
	}
	return nil
}

// make creates a record and takes it through acts, each by somebody.
func (w *world) make(name, owner string, d record.Draft, acts ...string) {
	w.t.Helper()
	rec, err := w.Store.Create(w.t.Context(), w.actor(owner), d)
	if err != nil {
		w.t.Fatalf("%s: %v", name, err)
	}
	for i := 0; i+1 < len(acts); i += 2 {
		if _, err := w.Store.Move(w.t.Context(), w.actor(acts[i]), d.Kind, rec.ID, 0, access.Action(acts[i+1]), d.Note); err != nil {
			w.t.Fatalf("%s: %s: %v", name, acts[i+1], err)
		}
	}
	w.ids[name] = rec.ID
	w.order = append(w.order, name)
}

// settle makes the content of the world.
func (w *world) settle() {
	w.t.Helper()
	for _, k := range w.Store.Kinds().All() {
		if k.Internal {
			continue
		}
		for i, owner := range []string{"wsm-focal", "ken-focal"} {
			w.hide(k, owner, 2*i)
			if w.step(); k.Allows(access.Public) {
				w.make(fmt.Sprintf("open %s %d", k.Name, i), owner, record.Draft{
					Kind: k.Name, Audience: access.Public, Body: w.filled(k.Name, plain(k.Name)),
				}, owner, "publish")
			}
			w.hide(k, owner, 2*i+1)
		}
	}
	w.pasts()
	w.narrowed()
	w.refs()
	w.dialogue()
}

// hide makes records of a kind that the public does not see, of every audience
// and status.
func (w *world) hide(k *record.Kind, owner string, number int) {
	w.t.Helper()
	draft := func(l level, a access.Audience, named ...string) record.Draft {
		return record.Draft{
			Kind: k.Name, Audience: a, Named: named, Note: canaries(l).Get(i18n.English),
			Body: w.filled(k.Name, w.hidden(l, fmt.Sprint(k.Name, number))),
		}
	}
	name := fmt.Sprintf("%s %d", k.Name, number)
	if w.only(toStates) {
		w.make("states "+name, owner, draft(toStates, access.States), owner, "publish")
	}
	if !w.only(secret) {
		return
	}
	wide := k.Audiences[0]
	w.make("own "+name, owner, draft(secret, access.Own), owner, "publish")
	w.make("group "+name, owner, draft(secret, access.Group, "OAS", "GFCE"), owner, "publish")
	w.make("draft "+name, owner, draft(secret, wide))
	w.make("awaiting "+name, owner, draft(secret, wide), owner, "submit")
	w.make("withdrawn "+name, owner, draft(secret, wide), owner, "publish", owner, "withdraw")
	w.make("archived own "+name, owner, draft(secret, access.Own), owner, "publish", owner, "archive")
	if access.MayCreate(w.actor("gfce"), k.KindRule) {
		w.make("submitted "+name, "gfce", draft(secret, wide), "gfce", "submit")
		w.make("returned "+name, "gfce", draft(secret, wide), "gfce", "submit", "moderator", "return")
		w.make("rejected "+name, "gfce", draft(secret, wide), "gfce", "submit", "moderator", "reject")
		w.make("released own "+name, "gfce", draft(secret, access.Own), "gfce", "submit", "moderator", "publish")
	}
}
