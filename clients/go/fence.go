package mayfly

import (
	"fmt"
	"sync/atomic"
)

// FenceVerifier guards a resource that is written under a lease: put one in front of it. The zero
// value admits any first token.
type FenceVerifier struct{ highest atomic.Int64 }

// Admit refuses a token older than the highest one seen: its holder has lost the lease.
func (v *FenceVerifier) Admit(token int64) error {
	for {
		highest := v.highest.Load()
		if token < highest {
			return fmt.Errorf("token %d is older than %d: %w", token, highest, StaleFence)
		}
		if v.highest.CompareAndSwap(highest, token) {
			return nil
		}
	}
}
