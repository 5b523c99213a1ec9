package mayfly

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Config says how a Client behaves. The zero value of each field stands for its default.
type Config struct {
	// Token is sent as a bearer token.
	Token string
	// Producer names this writer to the server (Mayfly-Producer).
	Producer string
	// CBOR exchanges values as CBOR instead of JSON.
	CBOR bool
	// RetryFor bounds all tries of a call whose context has no deadline. Default 30s.
	RetryFor time.Duration
	// TryFor bounds one try. The server is told, and begins no work that is late. Default 5s.
	TryFor time.Duration
	// Backoff spreads retries. The default begins at 50ms and waits at most 5s.
	Backoff Backoff
	// HTTP sends the requests. The default keeps 256 idle connections.
	HTTP *http.Client
	// Trace gives the W3C traceparent of a call, for tracing libraries. See also WithTraceparent.
	Trace func(context.Context) string
	// Log is told of retries, lost leases and rounds. The default says nothing.
	Log func(ctx context.Context, message string, fields Fields)
}

// Client talks to one Mayfly.
type Client struct {
	base     string
	config   Config
	codec    codec
	throttle *throttle
}

// New returns a client of the server at a base URL such as http://127.0.0.1:8080.
func New(baseURL string, config Config) (*Client, error) {
	base, err := url.Parse(strings.TrimRight(baseURL, "/"))
	if err != nil {
		return nil, err
	}
	if base.Scheme != "http" && base.Scheme != "https" || base.Host == "" {
		return nil, fmt.Errorf("mayfly: %q is no base URL of a server", baseURL)
	}
	config.RetryFor = or(config.RetryFor, 30*time.Second)
	config.TryFor = or(config.TryFor, 5*time.Second)
	if config.HTTP == nil {
		transport := http.DefaultTransport.(*http.Transport).Clone()
		transport.MaxIdleConns, transport.MaxIdleConnsPerHost = 256, 256
		config.HTTP = &http.Client{Transport: transport}
	}
	if config.Log == nil {
		config.Log = func(context.Context, string, Fields) {}
	}
	client := &Client{base: base.String(), config: config, throttle: newThrottle(), codec: jsonCodec}
	if config.CBOR {
		client.codec = cborCodec
	}
	return client, nil
}

// Pressure is how full a node is.
type Pressure struct {
	// Node is the share of the node's places that are taken, 0 to 1.
	Node float64 `json:"node"`
	// Queues are the fullest queues by name.
	Queues map[string]struct{ Depth, Limit int64 } `json:"queues"`
	// LatencyMs has the percentiles p50 and p99 of the last ten seconds.
	LatencyMs map[string]float64 `json:"latencyMs"`
	// ErrorRate is the share of answers that were 429 or 5xx.
	ErrorRate float64 `json:"errorRate"`
}

// Pressure asks a node how full it is, and lets the client's throttle know.
func (c *Client) Pressure(ctx context.Context) (Pressure, error) {
	pressure, err := ask[Pressure](ctx, c, to(http.MethodGet, "pressure").urgently())
	c.throttle.pressed(pressure.Node) // Unknown pressure holds nothing back.
	return pressure, err
}

// FollowPressure asks every second how full the node is until the context ends, so that this client
// slows down before it is refused. Run it in a goroutine of its own; one for a client is enough.
func (c *Client) FollowPressure(ctx context.Context) error {
	for {
		if _, err := c.Pressure(ctx); final(err) {
			return err
		}
		if err := sleep(ctx, time.Second); err != nil {
			return err
		}
	}
}

// or is a value, unless that is zero: then another one.
func or[T comparable](value, instead T) T {
	var zero T
	if value == zero {
		return instead
	}
	return value
}

// sleep waits, unless the context ends first.
func sleep(ctx context.Context, wait time.Duration) error {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
