package assistance

import (
	"bytes"
	"context"
	"embed"
	"encoding/json"
	"fmt"

	"concord/internal/access"
	"concord/internal/exchange"
	"concord/internal/party"
	"concord/internal/record"
)

// The demonstration content. statements.json and public-record.json are our
// own paraphrases of what is public, with their sources; records.json is made
// up for the demonstration, and says so in every record.
//
//go:embed demo/*.json
var demoFiles embed.FS

// Demo brings in the demonstration content. Done again, it changes nothing.
func Demo(ctx context.Context, s *record.Store, places Resolver) error {
	for _, name := range []string{"statements.json", "public-record.json"} {
		b, err := demoFiles.ReadFile("demo/" + name)
		if err != nil {
			return err
		}
		rep, err := ImportStatements(ctx, s, party.Operator(), places, bytes.NewReader(b), exchange.Options{})
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if rep.Failed() {
			return fmt.Errorf("%s: %v", name, rep.Problems)
		}
	}
	return demoRecords(ctx, s)
}

// demoRecord is an entry of records.json: a record as the API has it, and in
// whose name it stands.
type demoRecord struct {
	Key      string          `json:"key"`
	Owner    string          `json:"owner"`
	Kind     string          `json:"kind"`
	Audience access.Audience `json:"audience"`
	Groups   []string        `json:"groups"`
	State    access.Status   `json:"state"`
	Body     json.RawMessage `json:"body"`
}

func demoRecords(ctx context.Context, s *record.Store) error {
	b, err := demoFiles.ReadFile("demo/records.json")
	if err != nil {
		return err
	}
	var list []demoRecord
	if err := json.Unmarshal(b, &list); err != nil {
		return fmt.Errorf("records.json: %w", err)
	}
	return s.Do(ctx, exchange.Operator(party.Operator()), func(w *record.Writer) error {
		for _, x := range list {
			k := s.Kinds().Kind(x.Kind)
			if k == nil {
				continue // of a module that is switched off
			}
			body, err := k.Decode(x.Body)
			if err != nil {
				return fmt.Errorf("%s: %w", x.Key, err)
			}
			d := record.Draft{Kind: x.Kind, Audience: x.Audience, Named: x.Groups, Body: body, Keys: []string{"demo:" + x.Key}}
			if _, _, err := w.Import(x.Owner, d, x.State); err != nil {
				return fmt.Errorf("%s: %w", x.Key, err)
			}
		}
		return nil
	})
}
