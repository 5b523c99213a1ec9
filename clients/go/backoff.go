package mayfly

import (
	"encoding/binary"
	"time"
)

// Backoff spreads retries: exponential, with full jitter, so that clients that failed together do
// not come back together (Brooker, "Exponential Backoff And Jitter", 2015).
type Backoff struct {
	// First bounds the wait before the first retry. Default 50ms.
	First time.Duration
	// Most bounds every wait. Default 5s.
	Most time.Duration
	// Random gives numbers from 0 to below 1. The default is unpredictable.
	Random func() float64
}

func random() float64 {
	return float64(binary.BigEndian.Uint64(randomBytes(8))>>11) / (1 << 53)
}

// wait is the time before the next try after a number of failures, from 0. It is never shorter
// than what the server asked for.
func (b Backoff) wait(failures int, asked time.Duration) time.Duration {
	bound, most, next := or(b.First, 50*time.Millisecond), or(b.Most, 5*time.Second), b.Random
	if next == nil {
		next = random
	}
	for ; failures > 0 && bound < most; failures-- {
		bound *= 2
	}
	if bound > most {
		bound = most
	}
	return asked + time.Duration(next()*float64(bound))
}
