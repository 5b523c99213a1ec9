package mayfly

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// TestChaos counts effects: increments with automatic keys, through refusals, cut connections and
// kill -9, have one effect each. MAYFLY_CHAOS sets their number.
func TestChaos(t *testing.T) {
	total, err := strconv.Atoi(os.Getenv("MAYFLY_CHAOS"))
	if err != nil {
		total = 2000
	}
	const workers, keys = 32, 32
	server := launch(t)
	server.contract("chaos", `{"lifetime":{"default":"1h"},"idempotency":{"window":"10m","keys":1024}}`)
	proxy := newWeather(t, server.url())
	client := clientOf(t, proxy.URL, Config{
		RetryFor: 3 * time.Minute, TryFor: 2 * time.Second, Backoff: Backoff{Most: time.Second},
	})
	counters := In[int](client, "chaos")

	var begun, replayed atomic.Int64
	var kills int
	seen := make([]sync.Map, keys)
	var running sync.WaitGroup
	done := make(chan struct{})
	for worker := 0; worker < workers; worker++ {
		running.Add(1)
		go func() {
			defer running.Done()
			for n := begun.Add(1); n <= int64(total); n = begun.Add(1) {
				key := int(n) % keys
				sum, receipt, err := counters.Increment(context.Background(), fmt.Sprint("k", key), 1)
				if err != nil {
					t.Errorf("increment %d: %v", n, err)
					return
				}
				if receipt.Replayed {
					replayed.Add(1)
				}
				if _, twice := seen[key].LoadOrStore(sum, true); twice {
					t.Errorf("the sum %d of k%d was told twice", sum, key)
				}
			}
		}()
	}
	go func() { running.Wait(); close(done) }()

	step := int64(total / 3)
	if step > 15000 {
		step = 15000
	}
	for next := step; ; next += step {
		for begun.Load() < next && begun.Load() <= int64(total) {
			time.Sleep(10 * time.Millisecond)
		}
		if begun.Load() > int64(total) {
			break
		}
		proxy.storm.Store(kills%2 == 0)
		server.kill()
		server.start()
		kills++
	}
	<-done

	effects := 0
	direct := In[int](clientOf(t, server.url(), Config{}), "chaos")
	for key := 0; key < keys; key++ {
		entry, err := direct.Get(context.Background(), fmt.Sprint("k", key))
		if err != nil {
			t.Fatal(err)
		}
		effects += entry.Value
	}
	t.Logf("%d increments, %d effects, %d kills, %d refusals, %d cuts, %d answered by replay",
		total, effects, kills, proxy.refused.Load(), proxy.cut.Load(), replayed.Load())
	if effects != total || kills == 0 || replayed.Load() == 0 {
		t.Errorf("%d increments had %d effects", total, effects)
	}
}
