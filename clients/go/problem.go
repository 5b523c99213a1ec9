package mayfly

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// ProblemType names a kind of problem, and is an error to compare with:
//
//	if errors.Is(err, mayfly.KeyEnded) { … }
type ProblemType string

// Error makes the type usable with errors.Is.
func (t ProblemType) Error() string { return "mayfly: " + string(t) }

// The types of problems; docs/problems of Mayfly says of each what happened and what to do.
const (
	MalformedRequest         ProblemType = "malformed-request"
	InvalidPath              ProblemType = "invalid-path"
	InvalidParameter         ProblemType = "invalid-parameter"
	MalformedBody            ProblemType = "malformed-body"
	Unrepresentable          ProblemType = "unrepresentable"
	Unauthenticated          ProblemType = "unauthenticated"
	Forbidden                ProblemType = "forbidden"
	WriterNotAllowed         ProblemType = "writer-not-allowed"
	TransitionDisabled       ProblemType = "transition-disabled"
	NotFound                 ProblemType = "not-found"
	UnknownKey               ProblemType = "unknown-key"
	UnknownRevision          ProblemType = "unknown-revision"
	UnknownContract          ProblemType = "unknown-contract"
	UnknownLease             ProblemType = "unknown-lease"
	MethodNotAllowed         ProblemType = "method-not-allowed"
	NotAcceptable            ProblemType = "not-acceptable"
	RequestTimeout           ProblemType = "request-timeout"
	NotYetValid              ProblemType = "not-yet-valid"
	PatchFailed              ProblemType = "patch-failed"
	NotANumber               ProblemType = "not-a-number"
	NumberOutOfRange         ProblemType = "number-out-of-range"
	RevisionNotKept          ProblemType = "revision-not-kept"
	IdempotencyInProgress    ProblemType = "idempotency-in-progress"
	OutOfOrder               ProblemType = "out-of-order"
	SequenceGap              ProblemType = "sequence-gap"
	ConcurrentUpdate         ProblemType = "concurrent-update"
	TooManyConcurrentUpdates ProblemType = "too-many-concurrent-updates"
	IncompatibleContract     ProblemType = "incompatible-contract"
	TooManyContracts         ProblemType = "too-many-contracts"
	ContractContended        ProblemType = "contract-contended"
	LeaseHeld                ProblemType = "lease-held"
	KeyEnded                 ProblemType = "key-ended"
	LeaseLost                ProblemType = "lease-lost"
	PositionCompacted        ProblemType = "position-compacted"
	PreconditionFailed       ProblemType = "precondition-failed"
	StaleFence               ProblemType = "stale-fence"
	ValueTooLarge            ProblemType = "value-too-large"
	URITooLong               ProblemType = "uri-too-long"
	UnsupportedMediaType     ProblemType = "unsupported-media-type"
	ContractViolation        ProblemType = "contract-violation"
	ContractInvalid          ProblemType = "contract-invalid"
	IdempotencyMismatch      ProblemType = "idempotency-mismatch"
	PreconditionRequired     ProblemType = "precondition-required"
	FenceRequired            ProblemType = "fence-required"
	RateExceeded             ProblemType = "rate-exceeded"
	KeyOverloaded            ProblemType = "key-overloaded"
	NamespaceOverloaded      ProblemType = "namespace-overloaded"
	HeadersTooLarge          ProblemType = "headers-too-large"
	InternalError            ProblemType = "internal-error"
	MethodUnknown            ProblemType = "method-unknown"
	NodeOverloaded           ProblemType = "node-overloaded"
	Draining                 ProblemType = "draining"
	NoQuorum                 ProblemType = "no-quorum"
	NotReady                 ProblemType = "not-ready"
	OutcomeUnknown           ProblemType = "outcome-unknown"
	// ForeignAnswer is one that Mayfly did not give, but something on the way to it.
	ForeignAnswer ProblemType = "foreign-answer"
)

// ErrAbsent matches both problems of a key that is not there: UnknownKey and KeyEnded.
var ErrAbsent = errors.New("mayfly: the key is absent")

// Holder is one who holds permits of a lease.
type Holder struct {
	Holder    string    `json:"holder"`
	Permits   int       `json:"permits"`
	Token     int64     `json:"token"`
	ExpiresAt time.Time `json:"expiresAt"`
}

// Violation is one rule that a request broke.
type Violation struct {
	// Pointer leads to the offending place in the value (RFC 6901).
	Pointer string `json:"pointer"`
	// Rule is the path of the rule in the contract.
	Rule   string `json:"rule"`
	Detail string `json:"detail"`
}

// Problem is an answer of the server that says no (RFC 9457).
type Problem struct {
	Type         ProblemType `json:"-"`
	URN          string      `json:"type"`
	Title        string      `json:"title"`
	Status       int         `json:"status"`
	Detail       string      `json:"detail"`
	Namespace    string      `json:"namespace"`
	Key          string      `json:"key"`
	Incarnation  int64       `json:"incarnation"`
	Revision     int64       `json:"revision"`
	ETag         string      `json:"etag"`
	ExpiresAt    time.Time   `json:"expiresAt"`
	EndedAt      time.Time   `json:"endedAt"`
	Reason       string      `json:"reason"`
	Expected     int64       `json:"expected"`
	Holders      []Holder    `json:"holders"`
	Errors       []Violation `json:"errors"`
	Retryable    bool        `json:"retryable"`
	RetryAfterMs int64       `json:"retryAfterMs"`
	TraceID      string      `json:"traceId"`
}

// Error says what happened.
func (p *Problem) Error() string {
	return fmt.Sprintf("mayfly: %s (%d): %s", p.Type, p.Status, p.Detail)
}

// Is tells whether the problem is of a type.
func (p *Problem) Is(target error) bool {
	if target == ErrAbsent {
		return p.Type == UnknownKey || p.Type == KeyEnded
	}
	return target == error(p.Type)
}

// readProblem reads a refusal, also one that some proxy on the way made up.
func readProblem(status int, header http.Header, body []byte) *Problem {
	problem := &Problem{}
	if json.Unmarshal(body, problem) != nil || !strings.HasPrefix(problem.URN, "urn:mayfly:problem:") {
		retryable := status == 429 || status >= 502 && status <= 504
		problem = &Problem{URN: string(ForeignAnswer), Title: http.StatusText(status), Detail: http.StatusText(status), Retryable: retryable}
	}
	problem.Type = ProblemType(strings.TrimPrefix(problem.URN, "urn:mayfly:problem:"))
	problem.Status = status
	if seconds, err := strconv.Atoi(header.Get("Retry-After")); err == nil && problem.RetryAfterMs == 0 {
		problem.RetryAfterMs = int64(seconds) * 1000
	}
	return problem
}

// final tells whether the server has said no for good, or what the caller must decide.
func final(err error) bool {
	var problem *Problem
	return errors.As(err, &problem) && (!problem.Retryable || problem.Type == LeaseHeld || problem.Type == NotYetValid)
}

// retryAfter is the wait that the server asked for.
func retryAfter(err error) time.Duration {
	var problem *Problem
	if errors.As(err, &problem) {
		return time.Duration(problem.RetryAfterMs) * time.Millisecond
	}
	return 0
}
