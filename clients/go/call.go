package mayfly

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// request is one call, whatever number of tries it takes.
type request struct {
	method    string
	path      string
	query     url.Values
	header    http.Header
	namespace string
	key       string
	// documents are the body, as JSON where the request has a media type of JSON, else as values are.
	documents []any
	body      []byte
	// mutates gives the request an idempotency key, unless it has one.
	mutates bool
	// urgent requests are not held back: they end or renew something.
	urgent bool
	// patience is added to the time of a try: what the server was asked to wait.
	patience time.Duration
	// guard is asked around each try whether the request may still be sent.
	guard func() error
}

// to begins a request to what is kept in a namespace, under a key, in a part of it.
func to(method, kind string, names ...string) request {
	r := request{method: method, path: "/v1/" + kind, query: url.Values{}, header: http.Header{}}
	for _, name := range names {
		r.path += "/" + url.PathEscape(name)
	}
	named := append(names, "", "")
	r.namespace, r.key = named[0], named[1]
	r.guard = func() error { return nil }
	return r
}

// with is the request with one more parameter, unless that is empty.
func (r request) with(parameter, value string) request {
	if value != "" {
		r.query.Set(parameter, value)
	}
	return r
}

// urgently is the request with nothing that holds it back.
func (r request) urgently() request {
	r.urgent = true
	return r
}

// ask sends a request and reads the document of its answer.
func ask[D any](ctx context.Context, c *Client, r request) (document D, err error) {
	_, body, err := c.do(ctx, r)
	if err == nil {
		err = c.codec.read(body, &document)
	}
	return document, err
}

// do sends a request until it succeeds, is refused for good, or its time is over.
func (c *Client) do(ctx context.Context, r request) (http.Header, []byte, error) {
	ctx, cancel := c.bounded(ctx, r.patience)
	defer cancel()
	if err := c.prepare(ctx, &r); err != nil {
		return nil, nil, err
	}
	for failures := 0; ; failures++ {
		if err := c.throttle.admit(ctx, r); err != nil {
			return nil, nil, err
		}
		if err := r.guard(); err != nil {
			return nil, nil, err
		}
		header, body, err := c.try(ctx, r)
		if err == nil {
			return header, body, nil
		}
		if over := r.guard(); over != nil { // Whatever was answered: the lease is what was lost.
			return nil, nil, over
		}
		if err := c.pause(ctx, r, failures, err); err != nil {
			return nil, nil, err
		}
	}
}

// pause waits after a failure of a request, unless it is final or the next try would come too late.
func (c *Client) pause(ctx context.Context, r request, failures int, failure error) error {
	if final(failure) {
		return failure
	}
	wait := c.config.Backoff.wait(failures, retryAfter(failure))
	deadline, bounded := ctx.Deadline()
	if ctx.Err() != nil || bounded && time.Now().Add(wait).After(deadline) {
		return fmt.Errorf("mayfly: gave up after %d tries: %w", failures+1, failure)
	}
	c.log(ctx, "retry", r.fields(failure).with("attempt", failures+1).with("waitMs", wait.Milliseconds()))
	return sleep(ctx, wait)
}

// bounded gives a context a deadline, unless it has one.
func (c *Client) bounded(ctx context.Context, patience time.Duration) (context.Context, context.CancelFunc) {
	if _, bounded := ctx.Deadline(); bounded {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, c.config.RetryFor+patience)
}

// prepare gives the request what all of its tries have in common: a retry must be the same request.
func (c *Client) prepare(ctx context.Context, r *request) error {
	r.header = r.header.Clone()
	set := func(name, value string) {
		if value != "" && r.header.Get(name) == "" {
			r.header.Set(name, value)
		}
	}
	set("Accept", c.codec.mediaType)
	set("Traceparent", c.traceparent(ctx))
	if c.config.Token != "" {
		set("Authorization", "Bearer "+c.config.Token)
	}
	if r.mutates {
		set("Mayfly-Producer", c.config.Producer)
		set("Idempotency-Key", newKey())
		if r.patience == 0 {
			set("Mayfly-Timeout", durationText(c.config.TryFor))
		}
	}
	if len(r.documents) > 0 {
		set("Content-Type", c.codec.mediaType)
	}
	codec := c.codec
	if strings.HasSuffix(r.header.Get("Content-Type"), "json") {
		codec = jsonCodec
	}
	for _, document := range r.documents {
		encoded, err := codec.encode(document)
		if err != nil {
			return err
		}
		r.body = append(r.body, encoded...)
	}
	return nil
}

// try sends a prepared request once and reads the whole answer.
func (c *Client) try(ctx context.Context, r request) (http.Header, []byte, error) {
	ctx, cancel := context.WithTimeout(ctx, c.config.TryFor+r.patience)
	defer cancel()
	response, err := c.send(ctx, r)
	if err != nil {
		return nil, nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return response.Header, body, err
}

// open sends a request once and leaves the body of its answer to be read as a stream.
func (c *Client) open(ctx context.Context, r request) (*http.Response, error) {
	if err := c.prepare(ctx, &r); err != nil {
		return nil, err
	}
	return c.send(ctx, r)
}

func (c *Client) send(ctx context.Context, r request) (*http.Response, error) {
	target := c.base + r.path
	if len(r.query) > 0 {
		target += "?" + r.query.Encode()
	}
	sent, err := http.NewRequestWithContext(ctx, r.method, target, bytes.NewReader(r.body))
	if err != nil {
		return nil, err
	}
	sent.Header = r.header
	response, err := c.config.HTTP.Do(sent)
	if err != nil {
		return nil, err
	}
	c.throttle.learn(response.Header, r)
	if response.StatusCode < 300 {
		return response, nil
	}
	defer response.Body.Close()
	refusal, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	return nil, readProblem(response.StatusCode, response.Header, refusal)
}

// newKey is an idempotency key that nobody else has.
func newKey() string {
	return hex.EncodeToString(randomBytes(16))
}

func randomBytes(count int) []byte {
	bytes := make([]byte, count)
	if _, err := rand.Read(bytes); err != nil {
		panic(err) // The system has no randomness: nothing is safe.
	}
	return bytes
}
