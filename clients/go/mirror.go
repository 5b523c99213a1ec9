package mayfly

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
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
	applying  sync.Mutex // Changes are made and told one at a time.

	mu      sync.Mutex
	entries map[string]copied[T]
	ended   map[string]int64 // The incarnations that were seen to end since the round began.
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
	return &Mirror[T]{namespace: n, changed: changed, entries: map[string]copied[T]{}, ended: map[string]int64{}}
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

// Run keeps the copy true until the context ends: it follows the events of the namespace where the
// server tells them, and reconciles in rounds in any case.
func (m *Mirror[T]) Run(ctx context.Context, every time.Duration) error {
	for {
		err := m.follow(ctx, every)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		m.namespace.client.log(ctx, "mirror not followed", request{namespace: m.namespace.name}.fields(err))
		if !errors.Is(err, PositionCompacted) {
			if err := sleep(ctx, m.namespace.client.config.Backoff.wait(6, 0)); err != nil {
				return err
			}
		}
	}
}

// follow applies events and rounds until one of them fails.
func (m *Mirror[T]) follow(ctx context.Context, every time.Duration) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	failed := make(chan error, 2)
	watch, err := m.namespace.Watch(ctx, WatchOptions{})
	if err == nil {
		defer watch.Close()
		go func() {
			event, err := watch.Next()
			for ; err == nil; event, err = watch.Next() {
				if err = m.apply(ctx, event); err != nil {
					break
				}
			}
			failed <- err
		}()
	} else if !errors.Is(err, NotFound) { // A cluster without a feed is mirrored in rounds alone.
		return err
	}
	go func() {
		_, err := m.Reconcile(ctx)
		for ; err == nil; _, err = m.Reconcile(ctx) {
			if err = sleep(ctx, every); err != nil {
				break
			}
		}
		failed <- err
	}()
	return <-failed
}

type belief struct {
	Key         string `json:"key"`
	Incarnation int64  `json:"incarnation"`
	Revision    int64  `json:"revision"`
	Digest      string `json:"digest,omitempty"`
}

// Reconcile makes one round: it tells the server what the copy holds, and corrects what is not so.
func (m *Mirror[T]) Reconcile(ctx context.Context) (Round, error) {
	m.mu.Lock()
	m.ended = map[string]int64{}
	m.mu.Unlock()
	round := Round{}
	beliefs, err := m.beliefs(ctx)
	for len(beliefs) > 0 && err == nil {
		chunk := beliefs
		if len(chunk) > roundChunk {
			chunk = chunk[:roundChunk]
		}
		beliefs = beliefs[len(chunk):]
		var again []belief
		again, err = m.ask(ctx, chunk, round)
		beliefs = append(beliefs, again...)
	}
	m.namespace.client.log(ctx, "round", Fields{"namespace": m.namespace.name, "verdicts": round})
	return round, err
}

// beliefs are those of the copy, and for keys that it does not have the least that one can believe.
func (m *Mirror[T]) beliefs(ctx context.Context) ([]belief, error) {
	var beliefs []belief
	listed := map[string]bool{}
	for cursor, more := "", true; more; more = cursor != "" {
		rows, next, err := m.namespace.List(ctx, "", cursor, 1000)
		if err != nil {
			return nil, err
		}
		m.mu.Lock()
		for _, row := range rows {
			listed[row.Key] = true
			held, there := m.entries[row.Key]
			if there && held.ETag == row.ETag { // A deadline can move without a revision.
				held.ExpiresAt = row.ExpiresAt
				m.entries[row.Key] = held
			}
			beliefs = append(beliefs, believe(row.Key, held, there))
		}
		m.mu.Unlock()
		cursor = next
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for key, held := range m.entries {
		if !listed[key] {
			beliefs = append(beliefs, believe(key, held, true))
		}
	}
	return beliefs, nil
}

func believe[T any](key string, held copied[T], there bool) belief {
	if !there {
		return belief{Key: key, Incarnation: 1, Revision: 1}
	}
	return belief{key, held.Incarnation, held.Revision, held.digest}
}

// ask sends beliefs and applies the verdicts. It returns what must be asked again.
func (m *Mirror[T]) ask(ctx context.Context, beliefs []belief, round Round) ([]belief, error) {
	client := m.namespace.client
	var body []byte
	for _, belief := range beliefs {
		document, err := client.codec.encode(belief)
		if err != nil {
			return nil, err
		}
		body = append(body, document...)
	}
	got, err := client.do(ctx, request{
		method: http.MethodPost, path: "/v1/reconcile/" + url.PathEscape(m.namespace.name), namespace: m.namespace.name,
		accept: client.codec.streamType, header: http.Header{"Content-Type": {client.codec.streamType}}, body: body,
	})
	if err != nil {
		return nil, err
	}
	answers, err := client.codec.decode(got.body)
	if err != nil {
		return nil, err
	}
	var again []belief
	for _, answer := range answers {
		unsettled, err := m.judge(answer, round)
		if err != nil {
			return nil, err
		}
		again = append(again, unsettled...)
	}
	return again, nil
}

// judge applies one verdict.
func (m *Mirror[T]) judge(answer any, round Round) ([]belief, error) {
	var verdict struct {
		Key, Verdict, Reason string
		Problem              *Problem
	}
	if err := assign(answer, &verdict); err != nil {
		return nil, err
	}
	if verdict.Problem != nil {
		return nil, fmt.Errorf("mayfly: not reconciled: %s", verdict.Problem.Detail)
	}
	round[verdict.Verdict]++
	entry := member(answer, "entry")
	switch {
	case entry != nil:
		return nil, m.take(entry, verdict.Verdict == "diverged")
	case verdict.Verdict == "ahead": // The server has lost what this copy still has.
		m.drop(verdict.Key, 0)
		return []belief{{Key: verdict.Key, Incarnation: 1, Revision: 1}}, nil
	case verdict.Verdict != "match" || verdict.Reason != "":
		m.drop(verdict.Key, 0)
	}
	return nil, nil
}

// apply brings an event into the copy.
func (m *Mirror[T]) apply(ctx context.Context, event WatchEvent[T]) error {
	switch {
	case event.Event.Event == "notice":
	case event.Event.Event == "ended":
		m.drop(event.Key, event.Incarnation)
	case event.Value != nil:
		return m.take(event.tree, false)
	default: // Renewed, or its value is withheld.
		_, err := m.ask(ctx, []belief{{Key: event.Key, Incarnation: 1, Revision: 1}}, Round{})
		return err
	}
	return nil
}

// take brings an entry, or the event that tells it, into the copy, unless that holds as new a one or
// has seen its end.
func (m *Mirror[T]) take(document any, diverged bool) error {
	var entry copied[T]
	err := readEntry(document, &entry.Entry)
	if err != nil {
		return err
	}
	if entry.digest, err = Digest(member(document, "value")); err != nil {
		return err
	}
	meta := &entry.Meta
	meta.ETag = fmt.Sprintf(`"%d.%d"`, meta.Incarnation, meta.Revision) // Events have none.
	m.applying.Lock()
	defer m.applying.Unlock()
	m.mu.Lock()
	held, there := m.entries[meta.Key]
	newer := !there || held.Incarnation < meta.Incarnation ||
		held.Incarnation == meta.Incarnation && held.Revision < meta.Revision
	if !newer && !(diverged && held.ETag == meta.ETag) || m.ended[meta.Key] >= meta.Incarnation {
		m.mu.Unlock()
		return nil
	}
	if diverged && held.digest == entry.digest {
		entry.digest = ""
	}
	m.entries[meta.Key] = entry
	m.mu.Unlock()
	if m.changed != nil {
		m.changed(meta.Key, &entry.Entry)
	}
	return nil
}

// drop takes an entry out of the copy. With an incarnation, nothing up to it comes back.
func (m *Mirror[T]) drop(key string, incarnation int64) {
	m.applying.Lock()
	defer m.applying.Unlock()
	m.mu.Lock()
	held, there := m.entries[key]
	if there && incarnation != 0 && held.Incarnation > incarnation {
		there = false
	}
	if there {
		delete(m.entries, key)
	}
	if incarnation > m.ended[key] {
		m.ended[key] = incarnation
	}
	m.mu.Unlock()
	if there && m.changed != nil {
		m.changed(key, nil)
	}
}
