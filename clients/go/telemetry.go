package mayfly

import (
	"context"
	"errors"
	"strings"
)

// Fields are what a message is about, by the names that the server's logs use too: namespace, key,
// incarnation, revision, event, reason, producer, caller, traceId.
type Fields map[string]any

func (f Fields) with(name string, value any) Fields {
	if value != "" && value != int64(0) && value != nil {
		f[name] = value
	}
	return f
}

type traceparentKey struct{}

// WithTraceparent returns a context whose calls carry this W3C traceparent.
func WithTraceparent(ctx context.Context, traceparent string) context.Context {
	return context.WithValue(ctx, traceparentKey{}, traceparent)
}

func (c *Client) traceparent(ctx context.Context) string {
	if given, ok := ctx.Value(traceparentKey{}).(string); ok {
		return given
	}
	if c.config.Trace != nil {
		return c.config.Trace(ctx)
	}
	return ""
}

// log tells the caller's logger, with the trace that the context belongs to.
func (c *Client) log(ctx context.Context, message string, fields Fields) {
	if parts := strings.Split(c.traceparent(ctx), "-"); len(parts) > 1 {
		fields.with("traceId", parts[1])
	}
	fields.with("producer", c.config.Producer)
	c.config.Log(ctx, message, fields)
}

func (r request) fields(err error) Fields {
	fields := Fields{}.with("namespace", r.namespace).with("key", r.key)
	var problem *Problem
	if errors.As(err, &problem) {
		fields.with("reason", string(problem.Type)).with("traceId", problem.TraceID)
	} else if err != nil {
		fields.with("reason", err.Error())
	}
	return fields
}
