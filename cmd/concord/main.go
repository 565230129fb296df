// Command concord is the Global ICT Security Cooperation and
// Capacity-Building Portal: one program that serves it and runs it.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"concord/internal/app"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(app.Run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr))
}
