package app

import (
	"context"
	"errors"
	"net"
	"net/http"
	"time"

	"concord/internal/door"
)

// health are the answers that a supervisor asks for.
func health(p *Portal) []door.Route {
	alive := func(q *door.Req) error {
		q.W.Header().Set("Content-Type", "text/plain; charset=utf-8")
		q.W.Header().Set("Cache-Control", "no-store")
		_, err := q.W.Write([]byte("ok"))
		return err
	}
	ready := func(q *door.Req) error {
		var one int
		if err := p.DB.QueryRow(q.Context(), `SELECT k FROM head`).Scan(&one); err != nil {
			return err
		}
		return alive(q)
	}
	return []door.Route{
		{Method: "GET", Path: "/healthz", Who: door.Anyone, Act: "health", Handle: alive},
		{Method: "GET", Path: "/readyz", Who: door.Anyone, Act: "health", Handle: ready},
	}
}

// Limits of the server: a client that sends or reads slowly must not hold a
// connection for ever, nor a header fill the memory.
const (
	headerTimeout = 5 * time.Second
	readTimeout   = 60 * time.Second
	writeTimeout  = 5 * time.Minute // exports on a bad line
	idleTimeout   = 2 * time.Minute
	maxHeader     = 16 << 10
	drain         = 30 * time.Second
)

// Serve answers requests on the listener until ctx ends, then lets those under
// way finish.
func (p *Portal) Serve(ctx context.Context, l net.Listener) error {
	server := &http.Server{
		Handler: p.Door, ReadHeaderTimeout: headerTimeout, ReadTimeout: readTimeout, WriteTimeout: writeTimeout,
		IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeader,
	}
	housekeeping, stop := context.WithCancel(ctx)
	defer stop()
	go p.housekeep(housekeeping)
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(l) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
		late, cancel := context.WithTimeout(context.WithoutCancel(ctx), drain)
		defer cancel()
		err := server.Shutdown(late)
		if serveErr := <-failed; !errors.Is(serveErr, http.ErrServerClosed) {
			err = errors.Join(err, serveErr)
		}
		return err
	}
}

// housekeep archives what nobody confirmed and forgets what has expired, every
// hour. Several copies may do so at once: each record is archived once.
func (p *Portal) housekeep(ctx context.Context) {
	tick := time.NewTicker(time.Hour)
	defer tick.Stop()
	for {
		if err := p.Housekeep(ctx); err != nil && ctx.Err() == nil {
			p.Door.Log.Error("housekeeping failed", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Housekeep is one round of it.
func (p *Portal) Housekeep(ctx context.Context) error {
	const batch = 200 // short transactions: nobody waits long for the head
	for {
		n, err := p.Store.ArchiveStale(ctx, batch)
		if err != nil {
			return err
		}
		if n < batch {
			break
		}
	}
	return p.Parties.Purge(ctx)
}
