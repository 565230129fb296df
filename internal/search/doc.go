// Package search finds records by their words, in six languages.
//
// Words are analysed once, in Go: cut, folded (no accents, one case) and then
// stemmed. The engine's own full-text index keeps only the resulting terms, so
// SQLite and PostgreSQL find the same records, and a score computed here from a
// short list of term counts orders them the same. Ranking is BM25 with a factor
// for how many of the query's words a record has.
//
// The engines' own ranking functions are not used: they visit every record that
// has a common word, which is what makes them slow. Instead the index also has,
// for each term of a record, a tier token that says how much the term weighs
// there (see tier.go); a query reads the heaviest tiers that promise enough
// results, scores those exactly and stops.
//
// Invariants:
//   - the index is written in the record's own transaction, and every statement
//     that reads it carries the caller's predicate of visibility;
//   - nothing a reader gets depends on a record that reader may not see. What
//     scores and suggestions are computed from (document frequencies, the
//     dictionary) comes from public records only, for every reader.
package search
