package door

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/klauspost/compress/gzip"
)

// capture holds an answer back until it is complete, so that an error never
// follows half a page, and then sends it with a validator and compressed.
// Stream lets a long answer through.
type capture struct {
	out       http.ResponseWriter
	req       *http.Request
	header    http.Header
	status    int
	body      *bytes.Buffer
	streaming bool
}

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

var zippers = sync.Pool{New: func() any {
	z, _ := gzip.NewWriterLevel(nil, level)
	return z
}}

func newCapture(w http.ResponseWriter, r *http.Request) *capture {
	b := buffers.Get().(*bytes.Buffer)
	b.Reset()
	return &capture{out: w, req: r, header: http.Header{}, body: b}
}

func (c *capture) Header() http.Header { return c.header }

func (c *capture) WriteHeader(status int) {
	if c.status == 0 {
		c.status = status
	}
}

func (c *capture) Write(b []byte) (int, error) {
	c.WriteHeader(http.StatusOK)
	if c.streaming {
		return c.out.Write(b)
	}
	return c.body.Write(b)
}

// reset forgets what was written, for an error in its place.
func (c *capture) reset() {
	if !c.streaming {
		c.header, c.status = http.Header{}, 0
		c.body.Reset()
	}
}

// Stream sends the header now and lets everything after it through, as it
// comes: for exports that must not be held in memory.
func (r *Req) Stream() {
	c, ok := r.W.(*capture)
	if !ok || c.streaming {
		return
	}
	c.copyHeader()
	c.out.WriteHeader(max(c.status, http.StatusOK))
	c.streaming = true
}

func (c *capture) copyHeader() {
	h := c.out.Header()
	for k, v := range c.header {
		h[k] = v
	}
}

// level is how hard answers are compressed: a tenth smaller than the fastest
// for a twentieth of a millisecond a page.
const level = 5

// smallest is the body from which on compression pays.
const smallest = 512

// finish sends the answer.
func (c *capture) finish() {
	defer buffers.Put(c.body)
	if c.streaming {
		return
	}
	if c.status == 0 {
		c.status = http.StatusOK
	}
	h := c.header
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "private, no-cache")
	}
	h.Add("Vary", "Accept-Encoding")
	h.Add("Vary", "Cookie")
	if c.status == http.StatusOK && c.body.Len() > 0 && h.Get("ETag") == "" && h.Get("Cache-Control") != "no-store" {
		sum := sha256.Sum256(c.body.Bytes())
		h.Set("ETag", `W/"`+base64.RawURLEncoding.EncodeToString(sum[:12])+`"`)
	}
	if tag := h.Get("ETag"); tag != "" && c.status == http.StatusOK && matches(c.req, tag) {
		c.copyHeader()
		c.out.WriteHeader(http.StatusNotModified)
		return
	}
	body := c.body.Bytes()
	if len(body) >= smallest && h.Get("Content-Encoding") == "" && strings.Contains(c.req.Header.Get("Accept-Encoding"), "gzip") {
		zipped := buffers.Get().(*bytes.Buffer)
		defer buffers.Put(zipped)
		zipped.Reset()
		z := zippers.Get().(*gzip.Writer)
		z.Reset(zipped)
		_, _ = z.Write(body) // a buffer takes everything
		_ = z.Close()
		zippers.Put(z)
		body = zipped.Bytes()
		h.Set("Content-Encoding", "gzip")
	}
	if c.status != http.StatusNoContent { // which has no length (RFC 9110 section 8.6)
		h.Set("Content-Length", strconv.Itoa(len(body)))
	}
	c.copyHeader()
	c.out.WriteHeader(c.status)
	if c.req.Method != http.MethodHead {
		_, _ = c.out.Write(body) // a client that has gone is no error of ours
	}
}

// matches reports whether the client already holds the answer with this tag
// (RFC 9110 section 13.1.2; tags compare weakly).
func matches(r *http.Request, tag string) bool {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return false
	}
	for have := range strings.SplitSeq(r.Header.Get("If-None-Match"), ",") {
		if have = strings.TrimSpace(have); have == "*" || strings.TrimPrefix(have, "W/") == strings.TrimPrefix(tag, "W/") {
			return true
		}
	}
	return false
}
