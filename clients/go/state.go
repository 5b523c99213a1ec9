package mayfly

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"
)

// Namespace is the state of one kind, with values of one type.
type Namespace[T any] struct {
	client *Client
	name   string
}

// In returns a namespace of a client.
func In[T any](client *Client, name string) Namespace[T] {
	return Namespace[T]{client, name}
}

// Meta is what the server tells of an entry besides its value.
type Meta struct {
	Namespace     string           `json:"namespace"`
	Key           string           `json:"key"`
	Incarnation   int64            `json:"incarnation"`
	Revision      int64            `json:"revision"`
	ETag          string           `json:"etag"`
	CreatedAt     time.Time        `json:"createdAt"`
	UpdatedAt     time.Time        `json:"updatedAt"`
	ExpiresAt     time.Time        `json:"expiresAt"`
	Durability    string           `json:"durability"`
	VersionVector map[string]int64 `json:"versionVector"`
}

// Entry is what lives under a key.
type Entry[T any] struct {
	Meta
	Value T
}

// Receipt is the answer to a mutation.
type Receipt struct {
	Meta
	// Outcome is what the mutation came to: created, replaced, patched, …
	Outcome string `json:"outcome"`
	// Replayed tells that this try found the effect of an earlier one.
	Replayed bool `json:"-"`
}

// Event is one chapter of the story of a key.
type Event struct {
	// ID is where a watch can resume; empty in a history.
	ID          string    `json:"-"`
	Event       string    `json:"event"`
	Namespace   string    `json:"namespace"`
	Key         string    `json:"key"`
	Incarnation int64     `json:"incarnation"`
	Revision    int64     `json:"revision"`
	At          time.Time `json:"at"`
	ExpiresAt   time.Time `json:"expiresAt"`
	Outcome     string    `json:"outcome"`
	Reason      string    `json:"reason"`
	LateMs      int64     `json:"lateMs"`
	Producer    string    `json:"producer"`
	Caller      string    `json:"caller"`
	Traceparent string    `json:"traceparent"`
	// Standing tells that the entry was there before the watch began.
	Standing bool `json:"standing"`
	// Detail of a notice about the watch itself.
	Detail string `json:"detail"`
}

// Option is a condition or a parameter of a request.
type Option func(*request)

// TTL ends the entry this long from now.
func TTL(ttl time.Duration) Option { return parameter("ttl", durationText(ttl)) }

// ExpiresAt ends the entry at an instant.
func ExpiresAt(at time.Time) Option { return parameter("expires-at", instantText(at)) }

// NotBefore lets the entry begin at an instant.
func NotBefore(at time.Time) Option { return parameter("not-before", instantText(at)) }

// IfMatch applies a mutation only to the revision with this ETag.
func IfMatch(etag string) Option { return Header("If-Match", etag) }

// IfAbsent applies a mutation only where there is no entry.
func IfAbsent() Option { return Header("If-None-Match", "*") }

// Fence sends a fencing token. Prefer Lease.Fence, which also knows when the lease is over.
func Fence(token int64) Option { return Header("Mayfly-Fence", strconv.FormatInt(token, 10)) }

// IdempotencyKey replaces the automatic key, so that a mutation can be retried by another process.
func IdempotencyKey(key string) Option { return Header("Idempotency-Key", key) }

// Sequence numbers a mutation of this client's producer.
func Sequence(number int64) Option { return Header("Mayfly-Sequence", strconv.FormatInt(number, 10)) }

// Header sets any header, such as Mayfly-Version-Vector.
func Header(name, value string) Option {
	return func(r *request) { r.header.Set(name, value) }
}

func parameter(name, value string) Option {
	return func(r *request) { r.query.Set(name, value) }
}

func durationText(d time.Duration) string { return strconv.FormatInt(d.Milliseconds(), 10) + "ms" }
func instantText(at time.Time) string     { return at.UTC().Format("2006-01-02T15:04:05.000Z") }

// Get reads an entry. Its absence is ErrAbsent.
func (n Namespace[T]) Get(ctx context.Context, key string, options ...Option) (Entry[T], error) {
	var entry Entry[T]
	tree, err := ask[any](ctx, n.client, n.to(http.MethodGet, options, key).with("view", "entry"))
	if err == nil {
		err = assignParts(tree, &entry.Meta, &entry.Value)
	}
	return entry, err
}

// GetRevision reads the value at a revision, while history keeps it.
func (n Namespace[T]) GetRevision(ctx context.Context, key string, revision int64) (T, error) {
	return ask[T](ctx, n.client, n.to(http.MethodGet, nil, key).with("revision", strconv.FormatInt(revision, 10)))
}

// Put creates an entry or replaces its value.
func (n Namespace[T]) Put(ctx context.Context, key string, value T, options ...Option) (Receipt, error) {
	return n.mutate(ctx, n.to(http.MethodPut, options, key), nil, value)
}

// MergePatch changes members of a value (RFC 7396).
func (n Namespace[T]) MergePatch(ctx context.Context, key string, patch any, options ...Option) (Receipt, error) {
	return n.patch(ctx, key, "application/merge-patch+json", patch, options)
}

// JSONPatch applies the operations of a patch (RFC 6902), all or none.
func (n Namespace[T]) JSONPatch(ctx context.Context, key string, operations any, options ...Option) (Receipt, error) {
	return n.patch(ctx, key, "application/json-patch+json", operations, options)
}

func (n Namespace[T]) patch(ctx context.Context, key, mediaType string, patch any, options []Option) (Receipt, error) {
	r := n.to(http.MethodPatch, options, key)
	r.header.Set("Content-Type", mediaType)
	return n.mutate(ctx, r, nil, patch)
}

// Increment adds to a number, and creates it where there is none. It returns the sum.
func (n Namespace[T]) Increment(ctx context.Context, key string, by T, options ...Option) (T, Receipt, error) {
	var sum T
	receipt, err := n.mutate(ctx, n.to(http.MethodPost, options, key, "increment"), &sum, map[string]any{"by": by})
	return sum, receipt, err
}

// Touch renews the deadline of an entry.
func (n Namespace[T]) Touch(ctx context.Context, key string, options ...Option) (Receipt, error) {
	return n.mutate(ctx, n.to(http.MethodPost, options, key, "touch").urgently(), nil)
}

// Delete ends an entry.
func (n Namespace[T]) Delete(ctx context.Context, key string, options ...Option) (Receipt, error) {
	return n.mutate(ctx, n.to(http.MethodDelete, options, key).urgently(), nil)
}

// Rollback gives an entry the value of an earlier revision, as a new one.
func (n Namespace[T]) Rollback(ctx context.Context, key string, revision int64, options ...Option) (Receipt, error) {
	return n.mutate(ctx, n.to(http.MethodPost, options, key, "rollback"), nil, map[string]any{"toRevision": revision})
}

// History tells the newest events of a key, newest last.
func (n Namespace[T]) History(ctx context.Context, key string, limit int) ([]Event, error) {
	r := n.to(http.MethodGet, nil, key, "history").with("limit", strconv.Itoa(limit))
	story, err := ask[struct{ Events []Event }](ctx, n.client, r)
	return story.Events, err
}

// List tells the live entries whose keys begin with a prefix, page by page: pass the cursor of a
// page for the next one; the last has none. Values are not listed.
func (n Namespace[T]) List(ctx context.Context, prefix, cursor string, limit int) ([]Meta, string, error) {
	r := n.to(http.MethodGet, nil).with("prefix", prefix).with("limit", strconv.Itoa(limit)).with("cursor", cursor)
	page, err := ask[struct {
		Entries []Meta
		Cursor  string
	}](ctx, n.client, r)
	return page.Entries, page.Cursor, err
}

// Update reads an entry, lets a function decide its next value, and writes it only if nobody else
// has written in between; else it begins again. The function sees nil where there is no entry, and
// ends the update by returning an error; it may be asked more than once.
func (n Namespace[T]) Update(ctx context.Context, key string, next func(*Entry[T]) (T, error), options ...Option) (Receipt, error) {
	ctx, cancel := n.client.bounded(ctx, 0)
	defer cancel()
	for failures := 0; ; failures++ {
		entry, err := n.Get(ctx, key)
		standing, condition := &entry, IfMatch(entry.ETag)
		if errors.Is(err, ErrAbsent) {
			standing, condition = nil, IfAbsent()
		} else if err != nil {
			return Receipt{}, err
		}
		value, err := next(standing)
		if err != nil {
			return Receipt{}, err
		}
		receipt, err := n.Put(ctx, key, value, append(options[:len(options):len(options)], condition)...)
		if !errors.Is(err, PreconditionFailed) {
			return receipt, err
		}
		if err := sleep(ctx, n.client.config.Backoff.wait(failures, 0)); err != nil {
			return Receipt{}, err
		}
	}
}

func (n Namespace[T]) to(method string, options []Option, names ...string) request {
	r := to(method, "state", append([]string{n.name}, names...)...)
	for _, option := range options {
		option(&r)
	}
	return r
}

// mutate sends a change with the document that it needs, if any, and reads its receipt and the sum.
func (n Namespace[T]) mutate(ctx context.Context, r request, sum any, documents ...any) (Receipt, error) {
	r.mutates, r.documents = true, documents
	header, body, err := n.client.do(ctx, r)
	receipt := Receipt{Replayed: header.Get("Idempotency-Replayed") == "true"}
	var tree any
	if err == nil {
		err = n.client.codec.read(body, &tree)
	}
	if err == nil {
		err = assignParts(tree, &receipt, sum)
	}
	return receipt, err
}
