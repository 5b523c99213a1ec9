package mayfly

import (
	"bytes"
	"context"
	crand "crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

const eventStream = "text/event-stream"

// request is one call, whatever number of tries it takes.
type request struct {
	method    string
	path      string
	query     url.Values
	header    http.Header
	body      []byte
	accept    string
	namespace string
	key       string
	// mutates gives the request an idempotency key, unless it has one.
	mutates bool
	// urgent requests are not held back: they end or renew something.
	urgent bool
	// patience is added to the time of a try: what the server was asked to wait.
	patience time.Duration
	// guard is asked before each try whether the request may still be sent.
	guard func() error
}

// answer is a success.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// do sends a request until it succeeds, is refused for good, or its time is over.
func (c *Client) do(ctx context.Context, r request) (*answer, error) {
	ctx, cancel := c.bounded(ctx, r.patience)
	defer cancel()
	if err := c.prepare(ctx, &r); err != nil {
		return nil, err
	}
	for failures := 0; ; failures++ {
		if !r.urgent {
			if err := c.throttle.admit(ctx, r.namespace, r.key); err != nil {
				return nil, err
			}
		}
		if r.guard != nil {
			if err := r.guard(); err != nil {
				return nil, err
			}
		}
		got, err := c.try(ctx, r)
		if err == nil {
			return got, nil
		}
		if r.guard != nil {
			if over := r.guard(); over != nil { // Whatever was answered: the lease is what was lost.
				return nil, over
			}
		}
		var problem *Problem
		if errors.As(err, &problem) && !problem.retries() {
			return nil, err
		}
		wait := c.config.Backoff.wait(failures, retryAfter(err))
		if deadline, _ := ctx.Deadline(); ctx.Err() != nil || time.Now().Add(wait).After(deadline) {
			return nil, fmt.Errorf("mayfly: gave up after %d tries: %w", failures+1, err)
		}
		c.log(ctx, "retry", r.fields(err).with("attempt", failures+1).with("waitMs", wait.Milliseconds()))
		if err := sleep(ctx, wait); err != nil {
			return nil, err
		}
	}
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
	header := http.Header{}
	for name, values := range r.header {
		header[name] = values
	}
	r.header = header
	set := func(name, value string) {
		if value != "" && header.Get(name) == "" {
			header.Set(name, value)
		}
	}
	if r.accept == "" {
		r.accept = c.codec.mediaType
	}
	set("Accept", r.accept)
	if r.body != nil {
		set("Content-Type", c.codec.mediaType)
	}
	if c.config.Token != "" {
		set("Authorization", "Bearer "+c.config.Token)
	}
	set("Traceparent", c.traceparent(ctx))
	if r.mutates {
		set("Mayfly-Producer", c.config.Producer)
		set("Idempotency-Key", newKey())
		if r.patience == 0 {
			set("Mayfly-Timeout", strconv.FormatInt(c.config.TryFor.Milliseconds(), 10)+"ms")
		}
	}
	return nil
}

// try sends a prepared request once and reads the whole answer.
func (c *Client) try(ctx context.Context, r request) (*answer, error) {
	ctx, cancel := context.WithTimeout(ctx, c.config.TryFor+r.patience)
	defer cancel()
	response, err := c.send(ctx, r)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	return &answer{response.StatusCode, response.Header, body}, nil
}

// open sends a request once and leaves the body of the answer to be read as a stream.
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
	var body io.Reader
	if r.body != nil {
		body = bytes.NewReader(r.body)
	}
	sent, err := http.NewRequestWithContext(ctx, r.method, target, body)
	if err != nil {
		return nil, err
	}
	sent.Header = r.header
	response, err := c.config.HTTP.Do(sent)
	if err != nil {
		return nil, err
	}
	c.throttle.learn(response.Header, r.namespace, r.key)
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
	bytes := make([]byte, 16)
	if _, err := crand.Read(bytes); err != nil {
		panic(err) // The system has no randomness: nothing is safe.
	}
	return hex.EncodeToString(bytes)
}
