package mayfly

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"strconv"
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
	// KeysOnly leaves out the values.
	KeysOnly bool
}

// WatchEvent is an event with the value that it brought; the value is nil where there is none.
type WatchEvent[T any] struct {
	Event
	Value *T
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
	stream   *sseReader // nil until connected.
	hangUp   func()
}

// Watch begins to watch. When it returns, nothing that happens from now on will be missed.
func (n Namespace[T]) Watch(ctx context.Context, options WatchOptions) (*Watch[T], error) {
	names := []string{n.name}
	if options.Key != "" {
		names = append(names, options.Key)
	}
	r := to(http.MethodGet, "watch", names...).with("marks", "true").with("prefix", options.Prefix).
		with("events", strings.Join(options.Events, ",")).with("from", options.From).
		with("values", strconv.FormatBool(!options.KeysOnly))
	r.header.Set("Accept", "text/event-stream")
	ctx, stop := context.WithCancel(ctx)
	w := &Watch[T]{client: n.client, ctx: ctx, stop: stop, request: r}
	for w.lastID == "" { // A stream begins with where it stands: from there it can be resumed.
		if _, err := w.step(); err != nil {
			stop()
			return nil, err
		}
	}
	return w, nil
}

// Next waits for the next event. It fails when the context ends, and with PositionCompacted when
// the server no longer keeps what came after LastID: then begin again with From "start".
func (w *Watch[T]) Next() (WatchEvent[T], error) {
	for {
		got, err := w.step()
		if err != nil {
			return WatchEvent[T]{}, err
		}
		if got.data != "" { // Else it only says where the stream is.
			w.failures = 0
			return readWatchEvent[T](got)
		}
	}
}

// LastID is where another watch can go on after the events taken so far.
func (w *Watch[T]) LastID() string { return w.lastID }

// Close ends the watch, and a Next that waits.
func (w *Watch[T]) Close() { w.stop() }

// step takes the next message of the stream, which it opens first if need be. After a failure that can
// pass it waits, and takes none. Failures are forgotten with an event: a stream that only opens is no
// success.
func (w *Watch[T]) step() (got sseEvent, err error) {
	if w.stream == nil {
		err = w.open()
	}
	if err == nil {
		got, err = w.stream.next()
	}
	if err == nil {
		w.lastID = got.id
		return got, nil
	}
	w.hangUp()
	w.stream = nil
	err = w.client.pause(w.ctx, w.request, w.failures, err)
	w.failures++
	return sseEvent{}, err
}

func (w *Watch[T]) open() error {
	ctx, cancel := context.WithCancel(w.ctx)
	silence := time.AfterFunc(w.client.config.TryFor, cancel)
	w.hangUp = func() { silence.Stop(); cancel() }
	if w.lastID != "" {
		w.request.header.Set("Last-Event-ID", w.lastID)
	}
	response, err := w.client.open(ctx, w.request)
	if err == nil {
		w.stream = newSSEReader(response.Body, w.lastID, func() { silence.Reset(silenceMost) })
	}
	return err
}

func readWatchEvent[T any](got sseEvent) (WatchEvent[T], error) {
	var tree any
	var event WatchEvent[T]
	err := jsonCodec.read([]byte(got.data), &tree)
	if _, there := member(tree, "value"); there {
		event.Value = new(T)
	}
	if err == nil {
		err = assignParts(tree, &event.Event, event.Value)
	}
	event.ID, event.Event.Event = got.id, got.event
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
