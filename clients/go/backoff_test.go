package mayfly

import (
	"math/rand"
	"testing"
	"time"
)

// TestBackoff_herd lets 500 clients fail at once, and looks when they come back after an outage of 20
// seconds: in no second more than twice as many as on average.
func TestBackoff_herd_isSpread(t *testing.T) {
	const clients, outage, bins = 500, 20 * time.Second, 5
	backoff := Backoff{Random: rand.New(rand.NewSource(1)).Float64}
	counts := [bins]int{}
	for client := 0; client < clients; client++ {
		at := time.Duration(0)
		for failures := 0; at < outage; failures++ {
			at += backoff.wait(failures, 0)
		}
		counts[int((at-outage)*bins/(5*time.Second))]++
	}
	for _, count := range counts {
		if count > 2*clients/bins {
			t.Errorf("back by second: %v", counts)
		}
	}
	t.Logf("back by second: %v, on average %d", counts, clients/bins)
}

func TestBackoff_asked_isNeverShorter(t *testing.T) {
	for failures := 0; failures < 40; failures++ {
		wait := Backoff{First: time.Second, Most: 4 * time.Second}.wait(failures, 2*time.Second)
		if wait < 2*time.Second || wait > 6*time.Second {
			t.Error(failures, wait)
		}
	}
}
