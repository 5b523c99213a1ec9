package mayfly

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"
)

const (
	// calm is the share of a node's places below which nothing is held back.
	calm = 0.7
	// heldBackMost bounds how long pressure alone holds a request back.
	heldBackMost = time.Second
	// scopesMost bounds of how many scopes something is known; others are not held back.
	scopesMost = 1024
)

// throttle holds requests back before the server refuses them: it spends at most half of the room
// that RateLimit fields tell of, and slows down with the pressure of the node.
type throttle struct {
	mu     sync.Mutex
	node   float64
	scopes map[string]*allowance
}

// allowance is what a scope has left until an instant, after which nothing is known of it.
type allowance struct {
	left  int64
	until time.Time
}

func newThrottle() *throttle {
	return &throttle{scopes: map[string]*allowance{}}
}

// pressed notes how full the node is.
func (t *throttle) pressed(node float64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.node = node
}

// learn notes the RateLimit field of an answer, such as "namespace";r=3100;t=1.
func (t *throttle) learn(header http.Header, r request) {
	var kind string
	var room, seconds int64 = 0, 1
	if read, _ := fmt.Sscanf(header.Get("RateLimit"), "%q;r=%d;t=%d", &kind, &room, &seconds); read < 2 {
		return
	}
	now := time.Now()
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.scopes) >= scopesMost {
		t.forget(now)
	}
	name := scope(kind, r)
	if _, known := t.scopes[name]; known || len(t.scopes) < scopesMost {
		t.scopes[name] = &allowance{(room + 1) / 2, now.Add(time.Duration(seconds) * time.Second)}
	}
}

// forget drops what is no longer known.
func (t *throttle) forget(now time.Time) {
	for name, known := range t.scopes {
		if !known.until.After(now) {
			delete(t.scopes, name)
		}
	}
}

func scope(kind string, r request) string {
	switch kind {
	case "key":
		return "key " + r.namespace + "/" + r.key
	case "namespace", "rate":
		return "namespace " + r.namespace
	default:
		return "node"
	}
}

// hold is how long a request waits before it is sent.
func (t *throttle) hold(r request) time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := time.Now()
	var hold time.Duration
	for _, kind := range [...]string{"node", "namespace", "key"} {
		name := scope(kind, r)
		known := t.scopes[name]
		if known == nil {
			continue
		}
		rest := known.until.Sub(now)
		if rest <= 0 {
			delete(t.scopes, name)
		} else if known.left > 0 {
			known.left--
		} else if wait := rest + time.Duration(random()*float64(rest)); wait > hold {
			hold = wait
		}
	}
	if t.node > calm {
		hold += time.Duration((t.node - calm) / (1 - calm) * random() * float64(heldBackMost))
	}
	return hold
}

// admit waits until a request may be sent.
func (t *throttle) admit(ctx context.Context, r request) error {
	if r.urgent {
		return ctx.Err()
	}
	return sleep(ctx, t.hold(r))
}
