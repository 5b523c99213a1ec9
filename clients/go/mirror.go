package mayfly

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"
)

// roundChunk is how many beliefs one request of a round holds.
const roundChunk = 500

// Mirror is a local copy of a namespace. Reads cost nothing and may be somewhat old; entries end in
// it by the local clock.
type Mirror[T any] struct {
	namespace Namespace[T]
	changed   func(key string, entry *Entry[T])
	asking    sync.Mutex // One request at a time, so that no older answer comes after a newer one.

	mu      sync.Mutex
	entries map[string]copied[T]
}

// copied is an entry with the digest that rounds compare; it is empty where JSON cannot say the value
// exactly, so that only its version can be compared.
type copied[T any] struct {
	Entry[T]
	digest string
}

// Round says what a round found, by verdict: match, stale, ahead, diverged, ended, unknown.
type Round map[string]int

// Mirror returns an empty copy. The function, if any, is told of each change, one at a time; its
// entry is nil where one ended.
func (n Namespace[T]) Mirror(changed func(key string, entry *Entry[T])) *Mirror[T] {
	if changed == nil {
		changed = func(string, *Entry[T]) {}
	}
	return &Mirror[T]{namespace: n, changed: changed, entries: map[string]copied[T]{}}
}

// Get reads an entry of the copy.
func (m *Mirror[T]) Get(key string) (Entry[T], bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	entry, there := m.entries[key]
	return entry.Entry, there && time.Now().Before(entry.ExpiresAt)
}

// All reads the whole copy.
func (m *Mirror[T]) All() map[string]Entry[T] {
	m.mu.Lock()
	defer m.mu.Unlock()
	all := make(map[string]Entry[T], len(m.entries))
	for key, entry := range m.entries {
		if time.Now().Before(entry.ExpiresAt) {
			all[key] = entry.Entry
		}
	}
	return all
}

// Run keeps the copy true until the context ends: it asks about the keys of which the server tells
// events, and about all in rounds.
func (m *Mirror[T]) Run(ctx context.Context, every time.Duration) error {
	told := make(chan string, roundChunk)
	go m.listen(ctx, told)
	due := time.NewTimer(every) // The first round comes once events are listened to.
	defer due.Stop()
	for {
		var err error
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-due.C:
			_, err = m.Reconcile(ctx)
			due.Reset(every)
		case key := <-told:
			keys := map[string]bool{key: true}
			for len(told) > 0 && len(keys) < roundChunk {
				keys[<-told] = true
			}
			if keys[anyKey] {
				_, err = m.Reconcile(ctx)
			} else {
				err = m.settle(ctx, keys, Round{})
			}
		}
		if err != nil {
			m.namespace.client.log(ctx, "not reconciled", to("", "", m.namespace.name).fields(err))
			due.Reset(m.namespace.client.config.Backoff.wait(6, 0))
		}
	}
}

// anyKey is told where events may have been missed, and by notices.
const anyKey = ""

// listen tells the keys of events until the context ends, whatever becomes of single watches.
func (m *Mirror[T]) listen(ctx context.Context, told chan<- string) {
	for ctx.Err() == nil {
		err := m.follow(ctx, func(key string) {
			select {
			case told <- key:
			case <-ctx.Done():
			}
		})
		m.namespace.client.log(ctx, "mirror not followed", to("", "", m.namespace.name).fields(err))
		_ = sleep(ctx, m.namespace.client.config.Backoff.wait(6, 0))
	}
}

// follow tells the keys of events until a watch fails.
func (m *Mirror[T]) follow(ctx context.Context, tell func(key string)) error {
	watch, err := m.namespace.Watch(ctx, WatchOptions{KeysOnly: true})
	if err != nil {
		return err
	}
	defer watch.Close()
	tell(anyKey)
	for {
		event, err := watch.Next()
		if err != nil {
			return err
		}
		tell(event.Key)
	}
}

// Reconcile makes one round: it tells the server what the copy holds, and corrects what is not so.
func (m *Mirror[T]) Reconcile(ctx context.Context) (Round, error) {
	round := Round{}
	keys, err := m.keys(ctx)
	if err == nil {
		err = m.settle(ctx, keys, round)
	}
	m.namespace.client.log(ctx, "round", Fields{"namespace": m.namespace.name, "verdicts": round})
	return round, err
}

// keys are those of the copy and of the server.
func (m *Mirror[T]) keys(ctx context.Context) (map[string]bool, error) {
	keys := map[string]bool{}
	for cursor, more := "", true; more; more = cursor != "" {
		rows, next, err := m.namespace.List(ctx, "", cursor, 1000)
		if err != nil {
			return nil, err
		}
		m.mu.Lock()
		for _, row := range rows {
			keys[row.Key] = true
			if held := m.entries[row.Key]; held.ETag == row.ETag { // A deadline can move without a revision.
				held.ExpiresAt = row.ExpiresAt
				m.entries[row.Key] = held
			}
		}
		m.mu.Unlock()
		cursor = next
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for key := range m.entries {
		keys[key] = true
	}
	return keys, nil
}

// settle asks about keys until all are as the server has them.
func (m *Mirror[T]) settle(ctx context.Context, keys map[string]bool, round Round) error {
	m.asking.Lock()
	defer m.asking.Unlock()
	client := m.namespace.client
	for len(keys) > 0 {
		request := to(http.MethodPost, "reconcile", m.namespace.name)
		request.header.Set("Content-Type", client.codec.streamType)
		request.header.Set("Accept", client.codec.streamType)
		for key := range keys {
			if len(request.documents) < roundChunk {
				request.documents = append(request.documents, m.belief(key))
				delete(keys, key)
			}
		}
		_, body, err := client.do(ctx, request)
		if err != nil {
			return err
		}
		answers, err := client.codec.decode(body)
		if err != nil {
			return err
		}
		for _, answer := range answers {
			if err := m.judge(answer, round, keys); err != nil {
				return err
			}
		}
	}
	return nil
}

// belief is what the copy holds of a key, or the least that one can believe.
func (m *Mirror[T]) belief(key string) map[string]any {
	m.mu.Lock()
	defer m.mu.Unlock()
	held := m.entries[key]
	belief := map[string]any{"key": key, "incarnation": or(held.Incarnation, 1), "revision": or(held.Revision, 1)}
	if held.digest != "" {
		belief["digest"] = held.digest
	}
	return belief
}

// judge applies one verdict, and notes what is to be asked again.
func (m *Mirror[T]) judge(answer any, round Round, again map[string]bool) error {
	var verdict struct {
		Key, Verdict, Reason string
		Problem              *Problem
	}
	if err := assign(answer, &verdict); err != nil {
		return err
	}
	if verdict.Problem != nil {
		return fmt.Errorf("mayfly: not reconciled: %s", verdict.Problem.Detail)
	}
	round[verdict.Verdict]++
	if document, _ := member(answer, "entry"); document != nil {
		return m.take(document, verdict.Verdict == "diverged")
	}
	if verdict.Verdict != "match" || verdict.Reason != "" {
		m.put(verdict.Key, nil)
	}
	if verdict.Verdict == "ahead" { // The server has lost what this copy still had.
		again[verdict.Key] = true
	}
	return nil
}

// take brings an entry of the server into the copy.
func (m *Mirror[T]) take(document any, diverged bool) error {
	var entry copied[T]
	err := assignParts(document, &entry.Meta, &entry.Value)
	if err != nil {
		return err
	}
	value, _ := member(document, "value")
	if entry.digest, err = Digest(value); err != nil {
		return err
	}
	if diverged && m.belief(entry.Key)["digest"] == entry.digest {
		entry.digest = ""
	}
	m.put(entry.Key, &entry)
	return nil
}

// put replaces an entry of the copy, or with nil drops it, and tells of that.
func (m *Mirror[T]) put(key string, entry *copied[T]) {
	m.mu.Lock()
	_, there := m.entries[key]
	if entry != nil {
		m.entries[key] = *entry
	} else {
		delete(m.entries, key)
	}
	m.mu.Unlock()
	if entry != nil {
		m.changed(key, &entry.Entry)
	} else if there {
		m.changed(key, nil)
	}
}
