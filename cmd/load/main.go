// Command load measures a portal from outside: a second process on loopback, a
// closed loop, every status checked. The figure to trust is the server's CPU
// time per request; requests per second and the 99th percentile stand beside
// it. Workloads run in interleaved rounds, so that a busy moment of the machine
// touches all of them.
//
//	concord generate -data /tmp/d10 -records 10000
//	go build -o /tmp/concord ./cmd/concord
//	go run ./cmd/load -concord /tmp/concord -data /tmp/d10
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

func main() {
	if err := run(context.Background(), os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	fs := flag.NewFlagSet("load", flag.ContinueOnError)
	program := fs.String("concord", "concord", "the program to measure")
	data := fs.String("data", "", "its data folder, filled by concord generate")
	addr := fs.String("addr", "127.0.0.1:18080", "address to run it on")
	requests := fs.Int("n", 400, "requests a workload and round")
	clients := fs.Int("c", 4, "clients at once")
	rounds := fs.Int("rounds", 5, "rounds")
	if err := fs.Parse(args); err != nil {
		return err
	}
	if *data == "" {
		return errors.New("-data is needed")
	}
	token, err := memberToken(*program, *data)
	if err != nil {
		return err
	}
	s, err := start(ctx, *program, *data, *addr)
	if err != nil {
		return err
	}
	defer s.stop()
	loads, err := workloads(s, token)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "start to first answer %d ms, memory then %d MB\n", s.started.Milliseconds(), s.memory()>>20)
	results := map[string]*result{}
	for range *rounds {
		for _, w := range loads {
			r, err := s.measure(w, *requests, *clients)
			if err != nil {
				return fmt.Errorf("%s: %w", w.name, err)
			}
			results[w.name] = results[w.name].add(r)
		}
	}
	fmt.Fprintf(out, "%-22s %10s %10s %10s %10s %10s\n", "workload", "CPU ms", "×static", "req/s", "p99 ms", "bytes")
	limit := results["static"].best
	for _, w := range loads {
		r := results[w.name]
		fmt.Fprintf(out, "%-22s %10.3f %10.1f %10.0f %10.2f %10d\n", w.name, r.best, r.best/limit, r.rate, r.p99, r.bytes)
	}
	fmt.Fprintf(out, "memory after the load %d MB\n", s.memory()>>20)
	return nil
}

// memberToken makes an account of a State with a token to read as.
func memberToken(program, data string) (string, error) {
	_ = exec.Command(program, "account", "add", "-data", data, "-party", "KEN", "-name", "Load", "-email", "load@example.org", "-role", "viewer").Run() // may be there already
	b, err := exec.Command(program, "token", "add", "-data", data, "-account", "load@example.org").Output()
	if err != nil {
		return "", fmt.Errorf("make a token: %w", err)
	}
	lines := strings.Fields(string(b))
	if len(lines) != 2 {
		return "", fmt.Errorf("make a token: %q", b)
	}
	return lines[1], nil
}

// server is the portal under load.
type server struct {
	cmd     *exec.Cmd
	url     string
	client  *http.Client
	started time.Duration
}

func start(ctx context.Context, program, data, addr string) (*server, error) {
	cmd := exec.CommandContext(ctx, program, "serve", "-insecure", "-data", data, "-addr", addr)
	cmd.Stderr = os.Stderr
	begun := time.Now()
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	s := &server{cmd: cmd, url: "http://" + addr, client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64, DisableCompression: true}}}
	for range 1000 {
		if r, err := s.client.Get(s.url + "/readyz"); err == nil {
			r.Body.Close()
			// The first list loads the index: that is part of the start.
			if _, err := s.get("/en/needs", ""); err != nil {
				return nil, err
			}
			s.started = time.Since(begun)
			return s, nil
		}
		time.Sleep(5 * time.Millisecond)
	}
	s.stop()
	return nil, errors.New("the portal does not answer")
}

func (s *server) stop() {
	_ = s.cmd.Process.Kill()
	_ = s.cmd.Wait()
}

// get fetches a path as a browser does, compressed, and wants 200.
func (s *server) get(path, token string) ([]byte, error) {
	req, err := http.NewRequest(http.MethodGet, s.url+path, nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept-Encoding", "gzip")
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
		req.Header.Del("Accept-Encoding")
	}
	r, err := s.client.Do(req)
	if err != nil {
		return nil, err
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	if err == nil && r.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s answered %s", path, r.Status)
	}
	return b, err
}

// cpu is the processor time the server has used, from /proc: user and system
// in ticks of 10 ms.
func (s *server) cpu() time.Duration {
	b, err := os.ReadFile("/proc/" + strconv.Itoa(s.cmd.Process.Pid) + "/stat")
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(b[bytes.LastIndexByte(b, ')')+1:]))
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	return time.Duration(user+system) * 10 * time.Millisecond
}

// memory is the server's resident memory in bytes.
func (s *server) memory() int {
	b, _ := os.ReadFile("/proc/" + strconv.Itoa(s.cmd.Process.Pid) + "/statm")
	fields := strings.Fields(string(b))
	if len(fields) < 2 {
		return 0
	}
	pages, _ := strconv.Atoi(fields[1])
	return pages * os.Getpagesize()
}

// workload is a set of paths asked for in turn.
type workload struct {
	name  string
	paths []string
	token string
}

// workloads finds addresses in the portal's own answers: W2 filtered lists as
// page and JSON, W3 single records, W7 the same lists as a member sees them.
func workloads(s *server, token string) ([]workload, error) {
	b, err := s.plain("/api/v1/needs?limit=100")
	if err != nil {
		return nil, err
	}
	var list struct {
		Items  []struct{ ID string }
		Facets map[string]json.RawMessage
	}
	if err := json.Unmarshal(b, &list); err != nil {
		return nil, err
	}
	home, err := s.get("/en/", "")
	if err != nil || len(home) == 0 {
		return nil, fmt.Errorf("home page: %w", err)
	}
	style, err := stylePath(s)
	if err != nil {
		return nil, err
	}
	var html, api, recPage, recJSON []string
	langs := []string{"en", "fr", "ar", "zh", "ru", "es"}
	for field, raw := range list.Facets {
		var values []struct{ Value string }
		if json.Unmarshal(raw, &values) != nil || field == "owner" {
			continue
		}
		for i, v := range values[:min(len(values), 12)] {
			query := "?" + field + "=" + v.Value
			html = append(html, "/"+langs[i%6]+"/needs"+query)
			api = append(api, "/api/v1/needs"+query+"&limit=20")
		}
	}
	slices.Sort(html)
	slices.Sort(api)
	for i, r := range list.Items {
		recPage = append(recPage, "/"+langs[i%6]+"/needs/"+r.ID)
		recJSON = append(recJSON, "/api/v1/needs/"+r.ID)
	}
	return []workload{
		{"static", []string{style}, ""},
		{"W1 home", []string{"/en/", "/fr/", "/ar/", "/zh/", "/ru/", "/es/"}, ""},
		{"W2 list page", html, ""},
		{"W2 list JSON", api, ""},
		{"W3 record page", recPage, ""},
		{"W3 record JSON", recJSON, ""},
		{"W7 member list JSON", api, token},
	}, nil
}

// plain fetches what the public sees at a path, not compressed.
func (s *server) plain(path string) ([]byte, error) {
	r, err := s.client.Get(s.url + path)
	if err != nil {
		return nil, err
	}
	defer r.Body.Close()
	return io.ReadAll(r.Body)
}

func stylePath(s *server) (string, error) {
	b, err := s.plain("/en/")
	if err != nil {
		return "", err
	}
	_, after, ok := strings.Cut(string(b), `href="/static/`)
	name, _, _ := strings.Cut(after, `"`)
	if !ok {
		return "", errors.New("no style sheet on the home page")
	}
	return "/static/" + name, nil
}

// result is what a workload cost.
type result struct {
	best  float64 // CPU ms a request, the least of the rounds
	rate  float64 // requests a second, the most
	p99   float64 // ms, the least
	bytes int     // of the last answer
}

func (r *result) add(s result) *result {
	if r == nil {
		return &s
	}
	return &result{min(r.best, s.best), max(r.rate, s.rate), min(r.p99, s.p99), s.bytes}
}

// measure sends n requests from c clients.
func (s *server) measure(w workload, n, c int) (result, error) {
	if len(w.paths) == 0 {
		return result{}, errors.New("nothing to ask for")
	}
	var mu sync.Mutex
	var times []time.Duration
	var failed error
	size := 0
	before, begun := s.cpu(), time.Now()
	var wg sync.WaitGroup
	for client := range c {
		wg.Go(func() {
			for i := client; i < n; i += c {
				t := time.Now()
				b, err := s.get(w.paths[i%len(w.paths)], w.token)
				took := time.Since(t)
				mu.Lock()
				times, size = append(times, took), len(b)
				if err != nil {
					failed = err
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if failed != nil {
		return result{}, failed
	}
	wall, used := time.Since(begun), s.cpu()-before
	slices.Sort(times)
	return result{
		best: float64(used.Microseconds()) / 1000 / float64(n), rate: float64(n) / wall.Seconds(),
		p99: float64(times[len(times)*99/100].Microseconds()) / 1000, bytes: size,
	}, nil
}
