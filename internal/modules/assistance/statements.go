package assistance

import (
	"context"
	"io"

	"concord/internal/access"
	"concord/internal/exchange"
	"concord/internal/record"
)

// Resolver tells which parties and groups a name means.
type Resolver interface {
	Resolve(name string) (codes []string, ok bool)
}

// ImportStatements takes in a statement file.
func ImportStatements(ctx context.Context, s *record.Store, a access.Actor, places Resolver, r io.Reader, o exchange.Options) (exchange.Report, error) {
	return exchange.Report{}, nil
}

// Demo brings in the demonstration content.
func Demo(ctx context.Context, s *record.Store, places Resolver) error { return nil }
