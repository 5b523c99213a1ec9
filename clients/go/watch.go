package mayfly

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// silenceMost is how long a stream may say nothing: the server says something every 15 seconds.
const silenceMost = 35 * time.Second

// WatchOptions say what is watched. The zero value watches all that happens from now on.
type WatchOptions struct {
	// Key watches one key, else Prefix those that begin so.
	Key, Prefix string
	// Events are some of created, updated, renewed, ended; none stands for all.
	Events []string
	// From is "now" (the default), "start", or the ID of the last event that was taken.
	From string
}

// WatchEvent is an event with the value that it brought; the value is nil where there is none.
type WatchEvent[T any] struct {
	Event
	Value *T
	tree  any
}

// Watch is a stream of events that resumes by itself after cuts and restarts: no event is missing
// and none comes twice. It belongs to one goroutine.
type Watch[T any] struct {
	client   *Client
	ctx      context.Context
	stop     context.CancelFunc
	request  request
	lastID   string
	failures int
	stream   *sseReader
	early    []sseEvent // Told before the stream said where it begins.
	body     io.ReadCloser
	silence  *time.Timer
	cut      context.CancelFunc
}

// Watch begins to watch. When it returns, nothing that happens from now on will be missed.
func (n Namespace[T]) Watch(ctx context.Context, options WatchOptions) (*Watch[T], error) {
	r := request{
		method: http.MethodGet, path: "/v1/watch/" + url.PathEscape(n.name), namespace: n.name, key: options.Key,
		accept: eventStream, query: url.Values{"values": {"true"}, "marks": {"true"}}, header: http.Header{},
	}
	if options.Key != "" {
		r.path += "/" + url.PathEscape(options.Key)
	}
	if options.Prefix != "" {
		r.query.Set("prefix", options.Prefix)
	}
	if len(options.Events) > 0 {
		r.query.Set("events", strings.Join(options.Events, ","))
	}
	if options.From != "" {
		r.query.Set("from", options.From)
	}
	ctx, stop := context.WithCancel(ctx)
	w := &Watch[T]{client: n.client, ctx: ctx, stop: stop, request: r}
	if err := w.reopen(); err != nil {
		w.Close()
		return nil, err
	}
	return w, nil
}

// Next waits for the next event. It fails when the context ends, and with PositionCompacted when
// the server no longer keeps what came after LastID: then begin again with From "start".
func (w *Watch[T]) Next() (WatchEvent[T], error) {
	for {
		if w.stream == nil {
			if err := w.reopen(); err != nil {
				return WatchEvent[T]{}, err
			}
		}
		got, err := w.take()
		w.lastID = w.stream.lastID
		if err == nil && got.data == "" { // It only says where the stream is.
			continue
		}
		if err == nil {
			w.failures = 0
			return readWatchEvent[T](got)
		}
		w.disconnect()
		if w.ctx.Err() != nil {
			return WatchEvent[T]{}, w.ctx.Err()
		}
		w.client.log(w.ctx, "watch cut", w.request.fields(err))
	}
}

func (w *Watch[T]) take() (sseEvent, error) {
	if len(w.early) > 0 {
		got := w.early[0]
		w.early = w.early[1:]
		return got, nil
	}
	return w.stream.next()
}

// LastID is where another watch can go on after the events taken so far.
func (w *Watch[T]) LastID() string { return w.lastID }

// Close ends the watch, and a Next that waits.
func (w *Watch[T]) Close() { w.stop() }

func (w *Watch[T]) reopen() error {
	for ; ; w.failures++ {
		if w.failures > 0 {
			if err := sleep(w.ctx, w.client.config.Backoff.wait(w.failures-1, 0)); err != nil {
				return err
			}
		}
		ctx, cut := context.WithCancel(w.ctx)
		silence := time.AfterFunc(w.client.config.TryFor, cut)
		if w.lastID != "" {
			w.request.header.Set("Last-Event-ID", w.lastID)
		}
		response, err := w.client.open(ctx, w.request)
		if err == nil {
			w.cut, w.silence, w.body = cut, silence, response.Body
			w.stream = newSSEReader(response.Body, w.lastID, func() { silence.Reset(silenceMost) })
			if err = w.settle(); err == nil {
				return nil
			}
			w.disconnect()
		}
		silence.Stop()
		cut()
		if w.ctx.Err() != nil {
			return w.ctx.Err()
		}
		if permanent(err) {
			return err
		}
		if err := sleep(w.ctx, retryAfter(err)); err != nil {
			return err
		}
	}
}

// settle reads until the stream has said where it begins: so it can be resumed also when it is cut
// before its first event.
func (w *Watch[T]) settle() error {
	w.early = nil
	for w.stream.lastID == "" {
		got, err := w.stream.next()
		if err != nil {
			return err
		}
		if got.data != "" {
			w.early = append(w.early, got)
		}
	}
	if len(w.early) == 0 {
		w.lastID = w.stream.lastID
	}
	w.failures++ // Forgotten with the first event: a stream that only opens is no success.
	return nil
}

func (w *Watch[T]) disconnect() {
	if w.stream != nil {
		w.silence.Stop()
		w.cut()
		w.body.Close()
		w.stream = nil
	}
}

func readWatchEvent[T any](got sseEvent) (WatchEvent[T], error) {
	var event WatchEvent[T]
	if err := jsonCodec.read([]byte(got.data), &event.tree); err != nil {
		return event, err
	}
	err := assign(event.tree, &event.Event)
	event.ID, event.Event.Event = got.id, got.event
	if members, _ := event.tree.(map[string]any); err == nil {
		if value, there := members["value"]; there {
			event.Value = new(T)
			err = assign(value, event.Value)
		}
	}
	return event, err
}

// sseEvent is one server-sent event; without data it only moves the id.
type sseEvent struct{ id, event, data string }

// sseReader reads server-sent events (WHATWG HTML, 9.2). What is cut off midway is no event.
type sseReader struct {
	in     *bufio.Reader
	lastID string
	heard  func()
}

func newSSEReader(in io.Reader, lastID string, heard func()) *sseReader {
	heard()
	return &sseReader{bufio.NewReader(in), lastID, heard}
}

func (s *sseReader) next() (sseEvent, error) {
	event, id, data := sseEvent{event: "message", id: s.lastID}, s.lastID, []string(nil)
	for {
		line, err := s.in.ReadString('\n')
		if err != nil {
			return event, err
		}
		s.heard()
		line = strings.TrimRight(line, "\r\n")
		if line == "" {
			s.lastID = id
			if data != nil || id != event.id {
				event.id, event.data = id, strings.Join(data, "\n")
				return event, nil
			}
			event.event = "message"
		}
		field, value, _ := strings.Cut(line, ":")
		value = strings.TrimPrefix(value, " ")
		switch field {
		case "id":
			id = value
		case "event":
			event.event = value
		case "data":
			data = append(data, value)
		}
	}
}

func readEvents(in io.Reader, take func(sseEvent) error) error {
	reader := newSSEReader(in, "", func() {})
	for {
		event, err := reader.next()
		if err != nil {
			return err
		}
		if event.data == "" {
			continue
		}
		if err := take(event); err != nil {
			return err
		}
	}
}
