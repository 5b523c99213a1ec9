package mayfly

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"
	"testing/iotest"
	"time"
)

func TestSSE_cutAnywhere_givesWholeEventsAlone(t *testing.T) {
	stream := ":\n\nid: 1\nevent: created\ndata: {\"a\":\ndata: 1}\n\nid: 2\n\nevent: x\r\ndata:y\r\n\r\nid: 3\ndata: z\n"
	for end := range stream {
		var events []sseEvent
		reader := newSSEReader(iotest.OneByteReader(strings.NewReader(stream[:end])), "0", func() {})
		for event, err := reader.next(); err == nil; event, err = reader.next() {
			if event.data != "" {
				events = append(events, event)
			}
		}
		want := []sseEvent{{"1", "created", "{\"a\":\n1}"}, {"2", "x", "y"}}
		if len(events) > 0 && !reflect.DeepEqual(events, want[:len(events)]) || end == len(stream)-1 && reader.lastID != "2" {
			t.Fatalf("cut at %d: %v, %s", end, events, reader.lastID)
		}
	}
}

func TestWatch_overAKill_missesAndDoublesNothing(t *testing.T) {
	server := launch(t)
	client, ctx := clientOf(t, server.url(), Config{Backoff: Backoff{Most: 500 * time.Millisecond}}), context.Background()
	numbers := In[int](client, "watched")
	watch, err := numbers.Watch(ctx, WatchOptions{Prefix: "k", Events: []string{"created", "updated"}})
	if err != nil {
		t.Fatal(err)
	}
	defer watch.Close()
	const changes = 200
	go func() {
		for i := 1; i <= changes; i++ {
			if i%(changes/2) == 1 { // Also before the first event.
				server.kill()
				server.start()
			}
			if _, err := numbers.Put(ctx, fmt.Sprint("k", i%7), i); err != nil {
				t.Error(err)
			}
		}
	}()

	for i := 1; i <= changes; i++ {
		event, err := watch.Next()
		if err != nil || *event.Value != i {
			t.Fatalf("event %d: %v, %v", i, event, err)
		}
	}
}

func TestWatch_unknownPosition_isCompacted(t *testing.T) {
	_, err := In[int](live(t, Config{}), freshName()).Watch(context.Background(), WatchOptions{From: "00000000-0000000000000001"})

	if !errors.Is(err, PositionCompacted) {
		t.Error(err)
	}
}

func TestMirror_round_correctsEveryDifference(t *testing.T) {
	for _, cbor := range []bool{false, true} {
		client, ctx := live(t, Config{CBOR: cbor}), context.Background()
		values := In[any](client, freshName())
		put := func(key string, value any) {
			if _, err := values.Put(ctx, key, value, TTL(time.Hour)); err != nil {
				t.Fatal(err)
			}
		}
		var changes []string
		mirror := values.Mirror(func(key string, entry *Entry[any]) { changes = append(changes, fmt.Sprint(key, entry != nil)) })
		for i := 0; i < 4; i++ {
			put(fmt.Sprint("k", i), map[string]any{"n": i, "f": 1.5})
		}
		await(t, func() bool { rows, _, err := values.List(ctx, "", "", 10); return err == nil && len(rows) == 4 })
		first, err := mirror.Reconcile(ctx)
		if err != nil || first["stale"] != 4 || len(mirror.All()) != 4 {
			t.Fatal(first, err)
		}

		put("k1", "changed")
		if _, err := values.Delete(ctx, "k2"); err != nil {
			t.Fatal(err)
		}
		mirror.mu.Lock()
		wrong := mirror.entries["k3"]
		wrong.Value, wrong.digest = "wrong", "sha-256:"+strings.Repeat("0", 64)
		mirror.entries["k3"] = wrong
		ahead := mirror.entries["k0"]
		ahead.Revision = 99
		mirror.entries["k0"] = ahead
		mirror.mu.Unlock()
		changes = nil
		second, err := mirror.Reconcile(ctx)

		want := Round{"ahead": 1, "stale": 2, "ended": 1, "diverged": 1}
		if err != nil || !reflect.DeepEqual(second, want) || len(changes) != 5 {
			t.Fatal(second, err, changes)
		}
		entry, there := mirror.Get("k1")
		if !there || entry.Value != "changed" || len(mirror.All()) != 3 {
			t.Fatal(mirror.All())
		}
		if third, err := mirror.Reconcile(ctx); err != nil || !reflect.DeepEqual(third, Round{"match": 3}) {
			t.Fatal(third, err)
		}
	}
}

func TestMirror_running_followsAndEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	values := In[int](live(t, Config{}), freshName())
	mirror := values.Mirror(nil)
	ended := make(chan error, 1)
	go func() { ended <- mirror.Run(ctx, 200*time.Millisecond) }()

	if _, err := values.Put(ctx, "k", 1, TTL(700*time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	await(t, func() bool { entry, there := mirror.Get("k"); return there && entry.Value == 1 })
	if _, err := values.Put(ctx, "k", 2); err != nil {
		t.Fatal(err)
	}
	await(t, func() bool { entry, there := mirror.Get("k"); return there && entry.Value == 2 })
	await(t, func() bool { _, there := mirror.Get("k"); return !there })
	cancel()

	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestMirror_nodeNotReady_isWatchedLater(t *testing.T) {
	watches := atomic.Int64{}
	server := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, in *http.Request) {
		if strings.HasPrefix(in.URL.Path, "/v1/watch/") {
			watches.Add(1)
			refusal(404, `{"type":"urn:mayfly:problem:not-found"}`)(out, in)
			return
		}
		out.Write([]byte(`{"entries":[],"cursor":null}`))
	}))
	defer server.Close()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	client := clientOf(t, server.URL, Config{Backoff: Backoff{Most: 10 * time.Millisecond}})

	go In[int](client, "n").Mirror(nil).Run(ctx, time.Hour)

	await(t, func() bool { return watches.Load() > 2 })
}

func await(t *testing.T, condition func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !condition(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("not within 10 s")
		}
	}
}
