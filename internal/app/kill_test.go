package app

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

var kills = flag.Int("kills", 8, "how often TestKill kills the portal")

// TestKill kills the portal while four clients write to it, again and again on
// the same data, and wants every acknowledged record back after each restart:
//
//	go test ./internal/app -run TestKill -kills 100 -v
//
// A killed process leaves the page cache alone, so this shows that a write is
// acknowledged after its commit and that none is half done; that a commit is on
// disk is the setting that TestDurable checks.
func TestKill(t *testing.T) {
	dir := t.TempDir()
	program := filepath.Join(dir, "concord")
	if out, err := exec.Command("go", "build", "-o", program, "concord/cmd/concord").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	data := filepath.Join(dir, "data")
	token := killAccount(t, program, data)
	random := rand.New(rand.NewPCG(1, 2))
	var acknowledged []string
	for round := range *kills {
		url, cmd := killStart(t, program, data)
		for _, id := range acknowledged {
			if status := killGet(url, id, token); status != http.StatusOK {
				t.Fatalf("round %d: acknowledged record %s answers %d", round, id, status)
			}
		}
		acknowledged = killWrite(url, token, time.Duration(50+random.IntN(250))*time.Millisecond, cmd)
		if len(acknowledged) == 0 {
			t.Logf("round %d: killed before anything was written", round)
		}
	}
	url, cmd := killStart(t, program, data)
	defer cmd.Process.Kill()
	for _, id := range acknowledged {
		if status := killGet(url, id, token); status != http.StatusOK {
			t.Errorf("acknowledged record %s answers %d", id, status)
		}
	}
	if out, err := exec.Command(program, "doctor", "-data", data).CombinedOutput(); err != nil {
		t.Errorf("doctor: %v\n%s", err, out)
	}
}

func killAccount(t *testing.T, program, data string) string {
	t.Helper()
	add := exec.Command(program, "account", "add", "-data", data, "-party", "KEN", "-name", "W", "-email", "w@example.org", "-role", "focal-point")
	if out, err := add.CombinedOutput(); err != nil {
		t.Fatalf("account: %v\n%s", err, out)
	}
	out, err := exec.Command(program, "token", "add", "-data", data, "-account", "w@example.org", "-scopes", "read,write").Output()
	fields := strings.Fields(string(out))
	if err != nil || len(fields) != 2 {
		t.Fatalf("token: %v %q", err, out)
	}
	return fields[1]
}

// killStart runs the portal and waits until it answers.
func killStart(t *testing.T, program, data string) (string, *exec.Cmd) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	l.Close()
	cmd := exec.Command(program, "serve", "-insecure", "-data", data, "-addr", addr)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for range 2000 {
		if r, err := http.Get("http://" + addr + "/readyz"); err == nil {
			r.Body.Close()
			return "http://" + addr, cmd
		}
		time.Sleep(5 * time.Millisecond)
	}
	cmd.Process.Kill()
	t.Fatal("the portal does not come back")
	return "", nil
}

func killGet(url, id, token string) int {
	req, err := http.NewRequest(http.MethodGet, url+"/api/v1/needs/"+id, nil)
	if err != nil {
		return 0
	}
	req.Header.Set("Authorization", "Bearer "+token)
	r, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0
	}
	defer r.Body.Close()
	_, _ = io.Copy(io.Discard, r.Body)
	return r.StatusCode
}

// killWrite writes from four clients until the portal is killed after the
// time, and returns what it acknowledged.
func killWrite(url, token string, after time.Duration, cmd *exec.Cmd) []string {
	var mu sync.Mutex
	var ids []string
	var wg sync.WaitGroup
	for client := range 4 {
		wg.Go(func() {
			for i := 0; ; i++ {
				body := fmt.Sprintf(`{"title":{"en":"Need %d of client %d"},"topics":["csirt-establishment"],"timeframe":"short","state":"published"}`, i, client)
				req, err := http.NewRequest(http.MethodPost, url+"/api/v1/needs", strings.NewReader(body))
				if err != nil {
					return
				}
				req.Header.Set("Authorization", "Bearer "+token)
				req.Header.Set("Content-Type", "application/json")
				r, err := http.DefaultClient.Do(req)
				if err != nil {
					return // killed
				}
				var made struct{ ID string }
				err = json.NewDecoder(r.Body).Decode(&made)
				r.Body.Close()
				if err == nil && r.StatusCode == http.StatusCreated {
					mu.Lock()
					ids = append(ids, made.ID)
					mu.Unlock()
				}
			}
		})
	}
	time.Sleep(after)
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	wg.Wait()
	return ids
}
