//! What can go wrong, by the problem types of the server.

use crate::transport::Answer;
use serde::Deserialize;
use std::fmt;
use std::time::Duration;

/// The result of everything that asks the server.
pub type Result<T> = std::result::Result<T, Error>;

/// Why there is no answer, or none that was wanted.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The server refused.
    #[error("{0}")]
    Problem(Box<Problem>),
    /// No answer came. Whether the request had its effect is unknown; all tries carried one
    /// `Idempotency-Key`, so sending it again under that key is safe.
    #[error("no answer: {0}")]
    Transport(String),
    /// The deadline of the request came before a try succeeded; the newest error is inside.
    #[error("the deadline came; before it: {0}")]
    Deadline(Box<Error>),
    /// The lease ended by the local clock, or the server said so. Nothing was sent.
    #[error("the lease is lost")]
    LeaseLost,
    /// The answer is none that this client reads.
    #[error("unreadable answer: {0}")]
    Unreadable(String),
    /// The request cannot be made.
    #[error("invalid request: {0}")]
    Invalid(String),
}

macro_rules! problem_kinds {
    ($($variant:ident $name:literal,)*) => {
        /// The types of problems (`urn:mayfly:problem:…`).
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        #[allow(missing_docs)]
        pub enum ProblemKind { $($variant,)* Other }

        impl ProblemKind {
            fn of(type_uri: &str) -> Self {
                match type_uri.strip_prefix("urn:mayfly:problem:") {
                    $(Some($name) => Self::$variant,)*
                    _ => Self::Other,
                }
            }

            /// The name as the server writes it; empty for a type that this client does not know.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* Self::Other => "" }
            }
        }
    };
}

problem_kinds! {
    MalformedRequest "malformed-request", InvalidPath "invalid-path",
    InvalidParameter "invalid-parameter", MalformedBody "malformed-body",
    Unrepresentable "unrepresentable", Unauthenticated "unauthenticated", Forbidden "forbidden",
    WriterNotAllowed "writer-not-allowed", TransitionDisabled "transition-disabled",
    NotFound "not-found", UnknownKey "unknown-key", UnknownRevision "unknown-revision",
    UnknownContract "unknown-contract", UnknownLease "unknown-lease",
    MethodNotAllowed "method-not-allowed", NotAcceptable "not-acceptable",
    RequestTimeout "request-timeout", NotYetValid "not-yet-valid", PatchFailed "patch-failed",
    NotANumber "not-a-number", NumberOutOfRange "number-out-of-range",
    RevisionNotKept "revision-not-kept", IdempotencyInProgress "idempotency-in-progress",
    OutOfOrder "out-of-order", SequenceGap "sequence-gap", ConcurrentUpdate "concurrent-update",
    TooManyConcurrentUpdates "too-many-concurrent-updates",
    IncompatibleContract "incompatible-contract", TooManyContracts "too-many-contracts",
    ContractContended "contract-contended", LeaseHeld "lease-held", KeyEnded "key-ended",
    LeaseLost "lease-lost", PositionCompacted "position-compacted",
    PreconditionFailed "precondition-failed", StaleFence "stale-fence",
    ValueTooLarge "value-too-large", UriTooLong "uri-too-long",
    UnsupportedMediaType "unsupported-media-type", ContractViolation "contract-violation",
    ContractInvalid "contract-invalid", IdempotencyMismatch "idempotency-mismatch",
    PreconditionRequired "precondition-required", FenceRequired "fence-required",
    RateExceeded "rate-exceeded", KeyOverloaded "key-overloaded",
    NamespaceOverloaded "namespace-overloaded", HeadersTooLarge "headers-too-large",
    InternalError "internal-error", MethodUnknown "method-unknown",
    NodeOverloaded "node-overloaded", Draining "draining", NoQuorum "no-quorum",
    NotReady "not-ready", OutcomeUnknown "outcome-unknown",
}

/// A broken rule of a contract or of a document.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Violation {
    /// Where in the value, as a JSON pointer.
    pub pointer: String,
    /// The dotted path of the rule, such as `lifetime.max`.
    pub rule: String,
    /// One sentence.
    pub detail: String,
}

/// A refusal (RFC 9457).
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Problem {
    #[serde(rename = "type")]
    type_uri: String,
    /// The HTTP status.
    pub status: u16,
    /// A short sentence about the type.
    pub title: String,
    /// A sentence about this occurrence.
    pub detail: String,
    /// Whether the same request may succeed later.
    pub retryable: bool,
    /// How long to wait before.
    pub retry_after_ms: Option<u64>,
    /// Why the key ended, for `key-ended`.
    pub reason: Option<String>,
    /// The entry's current ETag, where there is one.
    pub etag: Option<String>,
    /// The broken rules.
    pub errors: Vec<Violation>,
    /// Finds the request in the server's traces.
    pub trace_id: Option<String>,
    /// Everything else that the server said.
    #[serde(flatten)]
    pub members: serde_json::Map<String, serde_json::Value>,
}

impl Problem {
    /// The problem that an answer carries. An answer without one gets an empty one.
    pub(crate) fn of(answer: &Answer) -> Self {
        let parsed = serde_json::from_slice(&answer.body);
        let mut problem: Problem = parsed.unwrap_or_else(|_| Problem {
            status: answer.status,
            detail: String::from_utf8_lossy(&answer.body).chars().take(200).collect(),
            ..Problem::default()
        });
        if problem.retry_after_ms.is_none() {
            let seconds = answer.header("Retry-After").and_then(|text| text.parse::<u64>().ok());
            problem.retry_after_ms = seconds.map(|seconds| seconds.saturating_mul(1000));
        }
        problem
    }

    /// Its type.
    pub fn kind(&self) -> ProblemKind {
        ProblemKind::of(&self.type_uri)
    }

    /// How long the server asks to wait before the next try.
    pub fn retry_after(&self) -> Option<Duration> {
        self.retry_after_ms.map(Duration::from_millis)
    }

    /// Whether trying again, with the same `Idempotency-Key`, is the right thing to do at once:
    /// the server was busy or cannot say what happened. A held lease, or an entry that is not yet
    /// valid, is an answer and not a reason to ask again.
    pub fn is_transient(&self) -> bool {
        matches!(self.status, 408 | 429 | 502 | 503 | 504)
            || matches!(
                self.kind(),
                ProblemKind::IdempotencyInProgress | ProblemKind::ContractContended
            )
    }
}

impl Error {
    pub(crate) fn unreadable(why: impl fmt::Display) -> Self {
        Error::Unreadable(why.to_string())
    }

    pub(crate) fn invalid(why: impl fmt::Display) -> Self {
        Error::Invalid(why.to_string())
    }

    pub(crate) fn unanswered(why: impl fmt::Display) -> Self {
        Error::Transport(why.to_string())
    }

    /// What a log line says of it, by the names that the server's logs use too.
    pub(crate) fn fields(&self) -> String {
        match self.problem() {
            Some(problem) => {
                let trace = problem.trace_id.as_deref().unwrap_or_default();
                format!("reason={} traceId={trace}", problem.kind().name())
            }
            None => format!("reason=\"{self}\""),
        }
    }

    /// The type of the problem, when the server refused (also when the deadline came after it).
    pub fn kind(&self) -> Option<ProblemKind> {
        self.problem().map(Problem::kind)
    }

    /// The problem, when the server refused (also when the deadline came after it).
    pub fn problem(&self) -> Option<&Problem> {
        match self {
            Error::Problem(problem) => Some(problem),
            Error::Deadline(newest) => newest.problem(),
            _ => None,
        }
    }

    /// Whether the same request may well succeed in a moment.
    pub(crate) fn is_transient(&self) -> bool {
        match self {
            Error::Transport(_) => true,
            Error::Problem(problem) => problem.is_transient(),
            _ => false,
        }
    }

    /// Whether there is nothing under the key, be it unknown or ended.
    pub fn is_absent(&self) -> bool {
        matches!(self.kind(), Some(ProblemKind::UnknownKey | ProblemKind::KeyEnded))
    }
}

impl From<mayfly_cbor::Error> for Error {
    fn from(why: mayfly_cbor::Error) -> Self {
        Error::unreadable(why)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} {}: {}", self.status, self.kind().name(), self.detail)?;
        for error in &self.errors {
            write!(out, " [{} {} {}]", error.rule, error.pointer, error.detail)?;
        }
        Ok(())
    }
}
