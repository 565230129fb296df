package vocab

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strings"
)

//go:embed data/*.json
var files embed.FS

// Load reads the embedded vocabularies and checks them. An error is a fault of
// the build, not of the data of a portal.
func Load() (Set, error) { return load(files, "data") }

func load(fsys fs.FS, dir string) (Set, error) {
	entries, err := fs.ReadDir(fsys, dir)
	if err != nil {
		return nil, fmt.Errorf("vocabularies: %w", err)
	}
	set := make(Set, len(entries))
	for _, e := range entries {
		b, err := fs.ReadFile(fsys, path.Join(dir, e.Name()))
		if err != nil {
			return nil, fmt.Errorf("vocabularies: %w", err)
		}
		v, err := parse(b)
		if err == nil && v.Name+".json" != e.Name() {
			err = fmt.Errorf("is called %q inside", v.Name)
		}
		if err != nil {
			return nil, fmt.Errorf("vocabulary %s: %w", e.Name(), err)
		}
		set[v.Name] = v
	}
	return set, nil
}

func parse(b []byte) (*Vocabulary, error) {
	v := new(Vocabulary)
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return nil, err
	}
	v.index = make(map[string]int, len(v.Terms))
	form, err := regexp.Compile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	if err != nil {
		return nil, err
	}
	for i, t := range v.Terms {
		if !form.MatchString(t.Code) {
			return nil, fmt.Errorf("code %q is not well-formed", t.Code)
		}
		if v.Has(t.Code) {
			return nil, fmt.Errorf("code %q occurs twice", t.Code)
		}
		v.index[t.Code] = i
	}
	return v, v.check()
}

func (v *Vocabulary) check() error {
	var errs []error
	if !v.Title.Complete() {
		errs = append(errs, errors.New("title is not in six languages"))
	}
	if len(v.Terms) == 0 {
		errs = append(errs, errors.New("no terms"))
	}
	for _, l := range v.Draft {
		if !l.Valid() {
			errs = append(errs, fmt.Errorf("draft: unknown language %q", l))
		}
	}
	for _, t := range v.Terms {
		if err := v.checkTerm(t); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", t.Code, err))
		}
	}
	return errors.Join(errs...)
}

func (v *Vocabulary) checkTerm(t Term) error {
	if !t.Label.Complete() {
		return errors.New("label is not in six languages")
	}
	if !t.Hint.IsZero() && !t.Hint.Complete() {
		return errors.New("hint is not in six languages")
	}
	if t.Parent != "" {
		parent, ok := v.Term(t.Parent)
		if !ok {
			return fmt.Errorf("no parent %q", t.Parent)
		}
		if parent.Parent != "" {
			return fmt.Errorf("parent %q is not on the first level", t.Parent)
		}
	}
	for _, code := range t.Related {
		if !v.Has(code) || code == t.Code {
			return fmt.Errorf("no related term %q", code)
		}
	}
	for l, words := range t.Words {
		if !l.Valid() {
			return fmt.Errorf("words in unknown language %q", l)
		}
		for _, w := range words {
			if w == "" || w != strings.TrimSpace(strings.ToLower(w)) {
				return fmt.Errorf("word %q is not lower-case", w)
			}
		}
	}
	return nil
}
