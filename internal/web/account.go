package web

import "concord/internal/door"

func (s *Site) accountRoutes(get, post func(path, act string, who door.Who, h door.Handler) door.Route) []door.Route {
	return nil
}
