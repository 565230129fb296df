package api

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"

	"concord/internal/door"
	"concord/internal/problem"
	"concord/internal/record"
)

// tagOf is the entity tag of a record as one actor sees it: made from those
// bytes alone, so it tells nothing that they do not.
func tagOf(b []byte) string {
	sum := sha256.Sum256(b)
	return `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`
}

// answerRecord writes a record with its entity tag.
func answerRecord(q *door.Req, status int, r *record.Record) error {
	b, err := json.Marshal(r)
	if err != nil {
		return err
	}
	q.W.Header().Set("ETag", tagOf(b))
	return answerJSON(q, status, b)
}

// checkMatch compares If-Match (RFC 9110 section 13.1.1) with the record as it
// is now. Tags marked weak count too: a proxy that compresses answers marks
// ours so, and they still name one revision.
func checkMatch(q *door.Req, r *record.Record, needed bool) error {
	header := strings.Join(q.Header.Values("If-Match"), ",")
	if header == "" {
		if needed {
			return problem.New(problem.Precond, "if-match")
		}
		return nil
	}
	b, err := json.Marshal(r)
	if err != nil {
		return err
	}
	tag := tagOf(b)
	given := strings.Split(header, ",")
	if !slices.ContainsFunc(given, func(s string) bool {
		s = strings.TrimPrefix(strings.TrimSpace(s), "W/")
		return s == tag || s == "*"
	}) {
		return problem.New(problem.Conflict, "changed-meanwhile", r.Revision)
	}
	return nil
}
