package web

import (
	"concord/internal/door"
	"concord/internal/problem"
	"concord/internal/record"
)

const maxUpload = 32 << 20

func (s *Site) importForm(k *record.Kind) door.Handler {
	return func(q *door.Req) error { return problem.New(problem.NotFound, "") }
}
func (s *Site) importFile(k *record.Kind) door.Handler { return s.importForm(k) }
func (s *Site) template(k *record.Kind) door.Handler   { return s.importForm(k) }
