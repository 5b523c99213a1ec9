package mayfly

import (
	"math/rand"
	"sync"
	"time"
)

// Backoff spreads retries: exponential, with full jitter, so that clients that failed together do
// not come back together (Brooker, "Exponential Backoff And Jitter", 2015).
type Backoff struct {
	// First bounds the wait before the first retry. Default 50ms.
	First time.Duration
	// Most bounds every wait. Default 5s.
	Most time.Duration
	// Random gives numbers from 0 to below 1. Default is seeded by the clock.
	Random func() float64
}

var jitter = struct {
	sync.Mutex
	*rand.Rand
}{Rand: rand.New(rand.NewSource(time.Now().UnixNano()))}

func random() float64 {
	jitter.Lock()
	defer jitter.Unlock()
	return jitter.Float64()
}

// wait is the time before the next try after a number of failures, from 0. It is never shorter
// than what the server asked for.
func (b Backoff) wait(failures int, asked time.Duration) time.Duration {
	first, most, next := b.First, b.Most, b.Random
	if first <= 0 {
		first = 50 * time.Millisecond
	}
	if most <= 0 {
		most = 5 * time.Second
	}
	if next == nil {
		next = random
	}
	bound := most
	if failures < 32 && first<<failures < most {
		bound = first << failures
	}
	return asked + time.Duration(next()*float64(bound))
}
