package mayfly

import (
	"context"
	"errors"
	"math"
	"net/http"
	"net/http/httptest"
	"reflect"
	"sync"
	"testing"
	"time"
)

type cart struct {
	Items map[string]int `json:"items"`
}

func TestState_everyCall_inBothFormats(t *testing.T) {
	for _, cbor := range []bool{false, true} {
		client, ctx := live(t, Config{CBOR: cbor, Producer: "go-test"}), context.Background()
		carts := In[cart](client, freshName())

		created, err := carts.Put(ctx, "ada/1", cart{map[string]int{"apple": 1}}, TTL(time.Hour), IfAbsent())
		if err != nil || created.Outcome != "created" || created.Revision != 1 {
			t.Fatal(created, err)
		}
		if _, err := carts.Put(ctx, "ada/1", cart{}, IfMatch(`"1.1"`)); !errors.Is(err, PreconditionFailed) {
			t.Fatal(err)
		}
		if _, err := carts.MergePatch(ctx, "ada/1", map[string]any{"items": map[string]int{"pear": 2}}); err != nil {
			t.Fatal(err)
		}
		entry, err := carts.Get(ctx, "ada/1")
		if err != nil || !reflect.DeepEqual(entry.Value.Items, map[string]int{"apple": 1, "pear": 2}) || entry.Revision != 2 {
			t.Fatal(entry, err)
		}
		if receipt, err := carts.Rollback(ctx, "ada/1", 1); err != nil || receipt.Outcome != "rolled-back" {
			t.Fatal(receipt, err)
		}
		if value, err := carts.GetRevision(ctx, "ada/1", 2); err != nil || value.Items["pear"] != 2 {
			t.Fatal(value, err)
		}
		if receipt, err := carts.Touch(ctx, "ada/1", TTL(2*time.Hour)); err != nil || receipt.Outcome != "renewed" {
			t.Fatal(receipt, err)
		}
		if rows, cursor, err := carts.List(ctx, "ada", "", 10); err != nil || len(rows) != 1 || cursor != "" || rows[0].Revision != 4 {
			t.Fatal(rows, cursor, err)
		}
		if _, err := carts.Delete(ctx, "ada/1"); err != nil {
			t.Fatal(err)
		}
		_, err = carts.Get(ctx, "ada/1")
		var problem *Problem
		if !errors.Is(err, ErrAbsent) || !errors.Is(err, KeyEnded) || !errors.As(err, &problem) || problem.Reason != "deleted" {
			t.Fatal(err)
		}
		story, err := carts.History(ctx, "ada/1", 10)
		if err != nil || len(story) != 5 || story[4].Event != "ended" || story[0].Producer != "go-test" {
			t.Fatal(story, err)
		}
	}
}

func TestState_anyValue_keepsNumbersAndBytes(t *testing.T) {
	client, ctx := live(t, Config{CBOR: true}), context.Background()
	values := In[any](client, freshName())
	value := map[string]any{"big": uint64(math.MaxUint64), "small": int64(math.MinInt64), "half": 1.5, "bytes": []byte{1, 2}}

	if _, err := values.Put(ctx, "k", value); err != nil {
		t.Fatal(err)
	}

	if entry, err := values.Get(ctx, "k"); err != nil || !reflect.DeepEqual(entry.Value, any(value)) {
		t.Fatalf("%#v, %v", entry.Value, err)
	}
}

func TestUpdate_contended_losesNothing(t *testing.T) {
	client, ctx := live(t, Config{}), context.Background()
	carts := In[cart](client, freshName())
	var writers sync.WaitGroup
	for i := 0; i < 8; i++ {
		writers.Add(1)
		go func() {
			defer writers.Done()
			_, err := carts.Update(ctx, "k", func(entry *Entry[cart]) (cart, error) {
				if entry == nil {
					return cart{map[string]int{"apple": 1}}, nil
				}
				entry.Value.Items["apple"]++
				return entry.Value, nil
			})
			if err != nil {
				t.Error(err)
			}
		}()
	}
	writers.Wait()

	if entry, err := carts.Get(ctx, "k"); err != nil || entry.Value.Items["apple"] != 8 {
		t.Fatal(entry, err)
	}
}

// scripted answers with one handler after the other, the last one again and again.
func scripted(t *testing.T, answers ...http.HandlerFunc) (*httptest.Server, *[]http.Header) {
	var mu sync.Mutex
	var seen []http.Header
	server := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, in *http.Request) {
		mu.Lock()
		seen = append(seen, in.Header)
		answer := answers[0]
		if len(answers) > 1 {
			answers = answers[1:]
		}
		mu.Unlock()
		answer(out, in)
	}))
	t.Cleanup(server.Close)
	return server, &seen
}

func refusal(status int, body string, headers ...string) http.HandlerFunc {
	return func(out http.ResponseWriter, _ *http.Request) {
		for i := 0; i < len(headers); i += 2 {
			out.Header().Set(headers[i], headers[i+1])
		}
		out.WriteHeader(status)
		out.Write([]byte(body))
	}
}

func ok(out http.ResponseWriter, _ *http.Request) {
	out.Write([]byte(`{"outcome":"created","value":1}`))
}

func TestRetry_refused_waitsAsAskedWithTheSameKey(t *testing.T) {
	server, seen := scripted(t,
		refusal(503, `{"type":"urn:mayfly:problem:draining","retryable":true,"retryAfterMs":300}`),
		refusal(502, "bad gateway"), ok)
	trace := "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
	var logged []Fields
	client := clientOf(t, server.URL, Config{Log: func(_ context.Context, _ string, f Fields) { logged = append(logged, f) }})
	begun := time.Now()

	_, err := In[int](client, "n").Put(WithTraceparent(context.Background(), trace), "k", 1)

	if err != nil || time.Since(begun) < 300*time.Millisecond || len(*seen) != 3 {
		t.Fatal(err, time.Since(begun), len(*seen))
	}
	for _, header := range *seen {
		if key := header.Get("Idempotency-Key"); key == "" || key != (*seen)[0].Get("Idempotency-Key") || header.Get("Traceparent") != trace {
			t.Error(header)
		}
	}
	want := Fields{"namespace": "n", "key": "k", "reason": "draining", "traceId": "0af7651916cd43dd8448eb211c80319c"}
	for name, value := range want {
		if logged[0][name] != value {
			t.Errorf("logged %v", logged[0])
		}
	}
}

func TestRetry_refusedForGood_isNotRepeated(t *testing.T) {
	server, seen := scripted(t, refusal(422, `{"type":"urn:mayfly:problem:contract-violation","errors":[{"rule":"lifetime.max"}]}`))

	_, err := In[int](clientOf(t, server.URL, Config{}), "n").Put(context.Background(), "k", 1)

	var problem *Problem
	if !errors.Is(err, ContractViolation) || !errors.As(err, &problem) || problem.Errors[0].Rule != "lifetime.max" || len(*seen) != 1 {
		t.Fatal(err, len(*seen))
	}
}

func TestRetry_deadline_ends(t *testing.T) {
	server, _ := scripted(t, refusal(503, "", "Retry-After", "1"))
	ctx, cancel := context.WithTimeout(context.Background(), 500*time.Millisecond)
	defer cancel()
	begun := time.Now()

	_, err := In[int](clientOf(t, server.URL, Config{}), "n").Get(ctx, "k")

	var problem *Problem
	if !errors.As(err, &problem) || problem.Status != 503 || !errors.Is(err, ForeignAnswer) || time.Since(begun) > time.Second {
		t.Fatal(err, time.Since(begun))
	}
}

func TestThrottle_noRoom_holdsBackThatNamespaceAlone(t *testing.T) {
	server, _ := scripted(t, func(out http.ResponseWriter, in *http.Request) {
		out.Header().Set("RateLimit", `"namespace";r=2;t=1`)
		ok(out, in)
	}, ok)
	client := clientOf(t, server.URL, Config{})
	timed := func(namespace string) time.Duration {
		begun := time.Now()
		if _, err := In[int](client, namespace).Put(context.Background(), "k", 1); err != nil {
			t.Fatal(err)
		}
		return time.Since(begun)
	}

	timed("n")
	inRoom, beyond := timed("n"), timed("n")

	if other := timed("m"); inRoom > 300*time.Millisecond || beyond < 700*time.Millisecond || other > 300*time.Millisecond {
		t.Error(inRoom, beyond, other)
	}
}

func TestThrottle_pressure_holdsBack(t *testing.T) {
	throttle := newThrottle()
	longest := func() (longest time.Duration) {
		for i := 0; i < 100; i++ {
			if hold := throttle.hold(to("", "state", "n", "k")); hold > longest {
				longest = hold
			}
		}
		return longest
	}
	calmly := longest()
	throttle.pressed(0.85)
	half := longest()
	if calmly != 0 || half < 100*time.Millisecond || half > heldBackMost/2+time.Millisecond {
		t.Error(calmly, half)
	}
}

func TestPressure_followed_isKnown(t *testing.T) {
	client := live(t, Config{})
	ctx, cancel := context.WithTimeout(context.Background(), 2500*time.Millisecond)
	defer cancel()

	pressure, err := client.Pressure(ctx)
	client.throttle.pressed(0.5)
	followed := client.FollowPressure(ctx)

	if err != nil || pressure.Queues["node"].Limit == 0 || !errors.Is(followed, context.DeadlineExceeded) || client.throttle.node == 0.5 {
		t.Error(pressure, err, followed, client.throttle.node)
	}
}
