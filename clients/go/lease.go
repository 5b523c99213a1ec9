package mayfly

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"
)

// LeaseOptions say what is acquired.
type LeaseOptions struct {
	// Holder names who holds.
	Holder string
	// TTL is how long the lease lasts without renewal.
	TTL time.Duration
	// Permits of the resource. Default 1.
	Permits int
	// Wait is how long to stand in the queue.
	Wait time.Duration
	// AtRisk is called when a renewal failed and the lease still stands. It must return soon: the
	// renewals wait for it.
	AtRisk func(*Lease, error)
	// Lost is called once, when the lease is over though nobody released it, by whoever notices first:
	// the renewals, or a write under the lease.
	Lost func(*Lease, error)
}

// Lease is a number of permits, renewed in the background until it is released or lost.
type Lease struct {
	client          *Client
	namespace, name string
	options         LeaseOptions
	id              string
	token           int64
	ctx             context.Context
	cancel          context.CancelFunc

	mu    sync.Mutex
	since time.Time // When the request that the server's answer extends was sent.
	ended error
}

var errReleased = errors.New("mayfly: the lease was released")

// Acquire takes permits, and renews them in the background. While others hold them, it fails with
// LeaseHeld after Wait; the Problem names the holders.
func (c *Client) Acquire(ctx context.Context, namespace, name string, options LeaseOptions) (*Lease, error) {
	lease := &Lease{client: c, namespace: namespace, name: name, options: options, since: time.Now()}
	r := lease.to("acquire", map[string]any{"holder": options.Holder, "ttl": durationText(options.TTL),
		"permits": or(options.Permits, 1), "wait": durationText(options.Wait)})
	r.urgent, r.patience = false, options.Wait
	granted, err := ask[struct {
		LeaseID string
		Token   int64
	}](ctx, c, r)
	if err != nil {
		return nil, err
	}
	lease.id, lease.token = granted.LeaseID, granted.Token
	lease.ctx, lease.cancel = context.WithCancel(context.Background())
	if elapsed(lease.since) > options.TTL/4 {
		// The lease began some time while this client waited: only a renewal tells when it ends.
		if err := lease.renew(ctx); err != nil {
			return nil, err
		}
	}
	go lease.keep()
	return lease, nil
}

// Token is the fencing token: send it with every write that the lease protects.
func (l *Lease) Token() int64 { return l.token }

// Context ends with the lease.
func (l *Lease) Context() context.Context { return l.ctx }

// Err is nil while the lease is held by this process's own clock, else LeaseLost. It is certain
// also right after a pause of the process: it looks at the clock, not at a timer.
func (l *Lease) Err() error {
	l.mu.Lock()
	if l.ended == nil && elapsed(l.since) >= l.options.TTL {
		l.mu.Unlock()
		l.lose(fmt.Errorf("mayfly: not renewed within %v: %w", l.options.TTL, LeaseLost))
		l.mu.Lock()
	}
	defer l.mu.Unlock()
	return l.ended
}

// Fence is an option for mutations: they carry the fencing token, and are not sent, and fail with
// LeaseLost, once the lease is over.
func (l *Lease) Fence() Option {
	return func(r *request) {
		Fence(l.token)(r)
		r.guard = l.Err
	}
}

// Release ends the lease, so that the next in the queue need not wait.
func (l *Lease) Release(ctx context.Context) error {
	if !l.end(errReleased) {
		return nil
	}
	_, _, err := l.client.do(ctx, l.to("release", map[string]any{"leaseId": l.id}))
	return err
}

// elapsed is the time since an instant by whichever clock saw more of it: the monotonic one stands
// still while a machine sleeps, and the wall clock may be set back.
func elapsed(since time.Time) time.Duration {
	now := time.Now()
	monotonic, wall := now.Sub(since), now.Round(0).Sub(since.Round(0))
	if wall > monotonic {
		return wall
	}
	return monotonic
}

// keep renews at a third of the time that the lease lasts.
func (l *Lease) keep() {
	for {
		if sleep(l.ctx, l.options.TTL/3) != nil || l.Err() != nil {
			return
		}
		ctx, cancel := context.WithTimeout(l.ctx, l.options.TTL/3)
		err := l.renew(ctx)
		cancel()
		if errors.Is(err, LeaseLost) {
			l.lose(err)
		} else if err != nil && l.Err() == nil {
			l.client.log(l.ctx, "lease at risk", l.fields(err))
			if l.options.AtRisk != nil {
				l.options.AtRisk(l, err)
			}
		}
	}
}

func (l *Lease) renew(ctx context.Context) error {
	sent := time.Now()
	r := l.to("renew", map[string]any{"leaseId": l.id, "ttl": durationText(l.options.TTL)})
	if _, _, err := l.client.do(ctx, r); err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.since = sent
	return nil
}

func (l *Lease) lose(err error) {
	if !l.end(err) {
		return
	}
	l.client.log(l.ctx, "lease lost", l.fields(err))
	if l.options.Lost != nil {
		l.options.Lost(l, err)
	}
}

// end tells whether this call ended the lease.
func (l *Lease) end(why error) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ended != nil {
		return false
	}
	l.ended = why
	l.cancel()
	return true
}

func (l *Lease) fields(err error) Fields {
	return to("", "leases", l.namespace, l.name).fields(err)
}

func (l *Lease) to(action string, document any) request {
	r := to(http.MethodPost, "leases", l.namespace, l.name, action)
	r.documents, r.mutates, r.urgent = []any{document}, true, true
	return r
}
