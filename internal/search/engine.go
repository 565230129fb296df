package search

import (
	"strconv"
	"strings"

	"concord/internal/db"
)

// What differs between the engines: how tokens are stored, how an expression
// over tokens is written, and the condition that applies it.

// key is the column of search_ft that has the record's number.
func (x *Index) key() string {
	if x.engine == db.SQLite {
		return "rowid"
	}
	return "n"
}

// insertTokens returns the statement that stores tokens and their value in it.
func (x *Index) insertTokens(tokens []string) (statement, value string) {
	if x.engine == db.SQLite {
		return `INSERT INTO search_ft (rowid, t) VALUES ($1, $2)`, strings.Join(tokens, " ")
	}
	quoted := make([]string, len(tokens))
	for i, t := range tokens {
		quoted[i] = quoteLexeme(t)
	}
	return `INSERT INTO search_ft (n, tok) VALUES ($1, $2::text::tsvector)`, strings.Join(quoted, " ")
}

// insertWords adds rows to the dictionary: a JSON list of lists, and the record.
// One placeholder for each value would take longer to parse than to insert.
func (x *Index) insertWords() string {
	if x.engine == db.SQLite {
		return `INSERT INTO search_word (lang, step, word, shown, term, n)
			SELECT value->>0, value->>1, value->>2, value->>3, value->>4, $2 FROM json_each($1) WHERE true
			ON CONFLICT (lang, step, word) DO NOTHING`
	}
	return `INSERT INTO search_word (lang, step, word, shown, term, n)
		SELECT (e->>0)::smallint, (e->>1)::smallint, e->>2, e->>3, e->>4, $2::integer FROM json_array_elements($1::text::json) e
		ON CONFLICT (lang, step, word) DO NOTHING`
}

// from returns a FROM and WHERE clause for the records that match the
// expression in placeholder p and satisfy the condition visible. The order of
// the tables is fixed where the engine takes orders: index first.
func (x *Index) from(p int, visible string) string {
	arg := "$" + strconv.Itoa(p)
	if x.engine == db.SQLite {
		return ` FROM search_ft f CROSS JOIN record r CROSS JOIN search_doc d
			WHERE f.search_ft MATCH ` + arg + ` AND r.n = f.rowid AND d.n = f.rowid AND (` + visible + `)`
	}
	return ` FROM search_ft f CROSS JOIN record r CROSS JOIN search_doc d
			WHERE f.tok @@ ` + arg + `::text::tsquery AND r.n = f.n AND d.n = f.n AND (` + visible + `)`
}

// newest is the order that a limited statement cuts in; it must be one that
// hidden records have no part in. PostgreSQL is kept from walking the records
// in this order, hoping to meet matches.
func (x *Index) newest() string {
	if x.engine == db.SQLite {
		return ` ORDER BY f.rowid DESC`
	}
	return ` ORDER BY f.n + 0 DESC`
}

// counts returns a statement that counts the matches of k expressions, visible
// or not.
func (x *Index) counts(k int) string {
	var s strings.Builder
	s.WriteString("SELECT ")
	for i := range k {
		if i > 0 {
			s.WriteString(", ")
		}
		arg := "$" + strconv.Itoa(i+1)
		if x.engine == db.SQLite {
			s.WriteString(`(SELECT count(*) FROM search_ft WHERE search_ft MATCH ` + arg + `)`)
		} else {
			s.WriteString(`(SELECT count(*) FROM search_ft WHERE tok @@ ` + arg + `::text::tsquery)`)
		}
	}
	return s.String()
}

// expr is an expression over tokens in the engine's language; "" is no
// condition. Every token in it was quoted here.
type expr string

func (x *Index) token(t string) expr {
	if x.engine == db.SQLite {
		return expr(`"` + strings.ReplaceAll(t, `"`, `""`) + `"`)
	}
	return expr(quoteLexeme(t))
}

func quoteLexeme(t string) string {
	if strings.ContainsAny(t, `'\`) {
		t = strings.NewReplacer(`'`, `''`, `\`, `\\`).Replace(t)
	}
	return `'` + t + `'`
}

func (x *Index) and(es ...expr) expr {
	if x.engine == db.SQLite {
		return join(es, " AND ")
	}
	return join(es, " & ")
}

func (x *Index) or(es ...expr) expr {
	if x.engine == db.SQLite {
		return join(es, " OR ")
	}
	return join(es, " | ")
}

func join(es []expr, op string) expr {
	var parts []string
	for _, e := range es {
		if e != "" {
			parts = append(parts, string(e))
		}
	}
	if len(parts) < 2 {
		return expr(strings.Join(parts, ""))
	}
	return expr("(" + strings.Join(parts, op) + ")")
}
