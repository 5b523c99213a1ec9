//! A change of one entry, on its way.

use crate::client::{duration, idempotency_key, instant, terms, Client};
use crate::error::{Error, Result};
use crate::lease::Lease;
use crate::namespace::Meta;
use crate::transport::Request;
use serde::de::DeserializeOwned;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::time::{Duration, Instant, SystemTime};

/// What a mutation came to.
#[derive(Debug, Clone, Deserialize)]
pub struct Receipt {
    /// What is told of the entry.
    #[serde(flatten)]
    pub meta: Meta,
    /// `created`, `replaced`, `duplicate`, … `shadowed`.
    pub outcome: String,
    /// The number after an increment.
    pub value: Option<serde_json::Value>,
    /// Whether it is the first answer to this `Idempotency-Key`, told again.
    #[serde(skip)]
    pub replayed: bool,
}

impl Receipt {
    /// The number after an increment.
    pub fn number<T: DeserializeOwned>(&self) -> Result<T> {
        let value = self.value.clone().unwrap_or_default();
        serde_json::from_value(value).map_err(Error::unreadable)
    }
}

/// A change of one entry: say how, then [`send`](Mutation::send) it. It carries an
/// `Idempotency-Key` of its own, so however often it is tried, it has one effect.
#[derive(Debug, Clone)]
#[must_use = "nothing happens before it is sent"]
pub struct Mutation<'a> {
    client: &'a Client,
    namespace: &'a str,
    request: Request,
    lease: Option<&'a Lease>,
    deadline: Option<Duration>,
}

impl<'a> Mutation<'a> {
    pub(crate) fn new(client: &'a Client, namespace: &'a str, request: Request) -> Self {
        Mutation { client, namespace, request, lease: None, deadline: None }
    }

    terms! {
        /// The time to live, from now on.
        ttl(ttl: Duration): parameter("ttl", &duration(ttl)),
        /// The instant at which the entry ends, instead of a time to live.
        expires_at(at: SystemTime): parameter("expires-at", &instant(at)),
        /// The instant from which on the entry can be read.
        not_before(at: SystemTime): parameter("not-before", &instant(at)),
        /// Only if the entry still has this ETag; else `precondition-failed`.
        if_match(etag: &str): header("If-Match", etag),
        /// Only if there is no entry; else `precondition-failed`.
        create_only(): header("If-None-Match", "*"),
        /// An `Idempotency-Key` of the caller's, for retries over restarts of the caller.
        idempotency_key(key: &str): header("Idempotency-Key", key),
        /// A fencing token: refused with `stale-fence` when the entry has seen a higher one.
        fence(token: u64): header("Mayfly-Fence", &token.to_string()),
        /// Who writes.
        producer(producer: &str): header("Mayfly-Producer", producer),
    }

    /// As the holder of a lease: with its token, and only while the local clock says that it holds.
    pub fn under(mut self, lease: &'a Lease) -> Self {
        self.lease = Some(lease);
        self.fence(lease.token())
    }

    /// The producer's running number, under `ordering: sequence`.
    pub fn sequence(self, producer: &str, sequence: u64) -> Self {
        self.producer(producer).header("Mayfly-Sequence", &sequence.to_string())
    }

    /// What the producer has seen, with its own update, under `ordering: version-vector`.
    pub fn version_vector(
        self,
        producer: &str,
        vector: &BTreeMap<String, u64>,
        written_at: SystemTime,
    ) -> Self {
        let members: Vec<String> = vector.iter().map(|(name, n)| format!("{name}={n}")).collect();
        self.producer(producer)
            .header("Mayfly-Version-Vector", &members.join(", "))
            .header("Mayfly-Written-At", &instant(written_at))
    }

    /// How long all tries may take, instead of the client's deadline.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// Sends it, as often as it takes.
    pub fn send(mut self) -> Result<Receipt> {
        if !self.request.has("Idempotency-Key") {
            self = self.header("Idempotency-Key", &idempotency_key());
        }
        // Ends and renewals are let in when queues are full.
        let urgent = self.request.method == "DELETE" || self.request.target.contains("/touch");
        let mut sending = self.client.sending((!urgent).then_some(self.namespace));
        if let Some(deadline) = self.deadline {
            sending.deadline = Instant::now() + deadline;
        }
        sending.lease = self.lease;
        let answer = self.client.send(self.request, &sending)?;
        let mut receipt: Receipt = answer.document()?.to()?;
        receipt.replayed = answer.header("Idempotency-Replayed") == Some("true");
        Ok(receipt)
    }

    pub(crate) fn body(mut self, media_type: &str, body: Vec<u8>) -> Self {
        self.request = self.request.body(media_type, body);
        self
    }

    fn parameter(mut self, name: &str, value: &str) -> Self {
        self.request = self.request.parameter(name, value);
        self
    }

    fn header(mut self, name: &str, value: &str) -> Self {
        self.request.headers.retain(|(other, _)| !other.eq_ignore_ascii_case(name));
        self.request = self.request.header(name, value);
        self
    }
}
