//! The client: one server, tries and deadlines.

use crate::error::{Error, Result};
use crate::lease::{Lease, LeaseRequest};
use crate::namespace::Namespace;
use crate::retry::{Backoff, Tries};
use crate::throttle::Throttle;
use crate::transport::{json, Answer, Body, Request, Transport};
use crate::watch::WatchRequest;
use mayfly_cbor::Value;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC};
use rand::Rng;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::io::Read;
use std::sync::{Arc, Weak};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

const URL_DEFAULT: &str = "http://127.0.0.1:8080";
const URL_VARIABLE: &str = "MAYFLY_URL";
const PRESSURE_INTERVAL: Duration = Duration::from_secs(1);
/// What stands for itself everywhere in an address.
const UNRESERVED: AsciiSet = NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Methods that set a member and hand the whole on.
macro_rules! setters {
    ($($(#[$doc:meta])* $name:ident: $type:ty,)*) => {
        $($(#[$doc])*
        pub fn $name(mut self, $name: impl Into<$type>) -> Self {
            self.$name = $name.into();
            self
        })*
    };
}
pub(crate) use setters;

/// Methods that add a header or a parameter to a request, and hand the whole on.
macro_rules! terms {
    ($($(#[$doc:meta])* $name:ident($($from:ident: $type:ty)?): $add:ident($to:literal, $text:expr),)*) => {
        $($(#[$doc])*
        pub fn $name(self $(, $from: $type)?) -> Self {
            self.$add($to, $text)
        })*
    };
}
pub(crate) use terms;

/// How values and documents travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// As `application/json`.
    Json,
    /// As `application/cbor`, canonically.
    Cbor,
}

/// The settings of a client.
#[derive(Debug, Clone)]
#[must_use]
pub struct ClientBuilder {
    url: String,
    token: String,
    pub(crate) encoding: Encoding,
    pub(crate) deadline: Duration,
    pub(crate) attempt_timeout: Duration,
    backoff: Backoff,
    follow_pressure: bool,
}

impl ClientBuilder {
    setters! {
        /// The bearer token of the caller.
        token: String,
        /// How values travel; JSON by default.
        encoding: Encoding,
        /// How long a request may take over all its tries; 30 s by default.
        deadline: Duration,
        /// How long one try may take; 5 s by default.
        attempt_timeout: Duration,
        /// How tries are spread.
        backoff: Backoff,
        /// Asks for `/v1/pressure` every second in the background, and throttles by it.
        follow_pressure: bool,
    }

    /// A client with these settings. It connects when it is used.
    pub fn build(self) -> Result<Client> {
        let inner = Arc::new(Inner {
            transport: Transport::new(&self.url)?,
            throttle: Throttle::default(),
            settings: self,
        });
        if inner.settings.follow_pressure {
            follow_pressure(Arc::downgrade(&inner));
        }
        Ok(Client { inner, traceparent: None })
    }
}

/// A client of one server. Clones share connections and what is known of the server's load.
#[derive(Debug, Clone)]
pub struct Client {
    inner: Arc<Inner>,
    traceparent: Option<String>,
}

#[derive(Debug)]
struct Inner {
    transport: Transport,
    throttle: Throttle,
    settings: ClientBuilder,
}

/// How full a node is.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Pressure {
    /// The share of the node's places that are taken, 0 to 1.
    pub node: f64,
    /// The share of the answers that were 429 or 5xx.
    pub error_rate: f64,
}

/// How one request is sent.
pub(crate) struct Sending<'a> {
    /// Whose queues count; none for what is let in when queues are full: ends and renewals.
    pub(crate) namespace: Option<&'a str>,
    pub(crate) deadline: Instant,
    pub(crate) attempt_timeout: Duration,
    /// What must hold before every try.
    pub(crate) lease: Option<&'a Lease>,
}

impl Client {
    /// A client of the server at this address, with the settings that suit most.
    pub fn new(url: impl Into<String>) -> Result<Self> {
        Self::builder(url).build()
    }

    /// A client of the server that `MAYFLY_URL` names, else of `http://127.0.0.1:8080`.
    pub fn from_env() -> Result<Self> {
        Self::new(std::env::var(URL_VARIABLE).unwrap_or_else(|_| URL_DEFAULT.into()))
    }

    /// The settings of a client of the server at this address.
    pub fn builder(url: impl Into<String>) -> ClientBuilder {
        ClientBuilder {
            url: url.into(),
            token: String::new(),
            encoding: Encoding::Json,
            deadline: Duration::from_secs(30),
            attempt_timeout: Duration::from_secs(5),
            backoff: Backoff::default(),
            follow_pressure: false,
        }
    }

    /// The same client, which passes this `traceparent` (W3C Trace Context) on.
    #[must_use]
    pub fn traced(&self, traceparent: impl Into<String>) -> Self {
        Client { inner: self.inner.clone(), traceparent: Some(traceparent.into()) }
    }

    /// The entries of a namespace.
    pub fn namespace(&self, name: impl Into<String>) -> Namespace {
        Namespace { client: self.clone(), name: name.into() }
    }

    /// The lease of a resource, to be acquired.
    pub fn lease(&self, namespace: &str, name: &str) -> LeaseRequest {
        LeaseRequest::new(self.clone(), namespace, name)
    }

    /// What happens to the entries of a namespace, to be watched.
    pub fn watch(&self, namespace: &str) -> WatchRequest {
        WatchRequest::new(self.clone(), namespace)
    }

    /// Sends one request as it is, once. Every answer is `Ok`.
    pub fn exchange(&self, request: &Request) -> Result<Answer> {
        self.inner.transport.exchange(request, self.settings().attempt_timeout)
    }

    /// Any document that GET answers, such as `/v1/contracts/demo` or `/v1/cluster`.
    pub fn document<T: DeserializeOwned>(&self, target: &str) -> Result<T> {
        Ok(self.read(Request::new("GET", target), None)?.document()?.to()?)
    }

    /// Creates or replaces a document, such as a contract.
    pub fn put_document<T: Serialize + ?Sized>(&self, target: &str, document: &T) -> Result<()> {
        let (media_type, body) = self.encoded(document)?;
        self.read(Request::new("PUT", target).body(media_type, body), None).map(drop)
    }

    /// How full a node is. Whoever shares this client's connections heeds it for two seconds.
    pub fn pressure(&self) -> Result<Pressure> {
        let pressure: Pressure = self.document("/v1/pressure")?;
        self.throttle().pressure(pressure.node, Instant::now());
        Ok(pressure)
    }

    pub(crate) fn settings(&self) -> &ClientBuilder {
        &self.inner.settings
    }

    pub(crate) fn throttle(&self) -> &Throttle {
        &self.inner.throttle
    }

    pub(crate) fn tries(&self, deadline: Option<Instant>) -> Tries {
        Tries::new(self.settings().backoff, deadline)
    }

    pub(crate) fn sending<'a>(&self, namespace: Option<&'a str>) -> Sending<'a> {
        Sending {
            namespace,
            deadline: Instant::now() + self.settings().deadline,
            attempt_timeout: self.settings().attempt_timeout,
            lease: None,
        }
    }

    /// Sends a request that changes nothing, or the same however often it is sent.
    pub(crate) fn read(&self, request: Request, namespace: Option<&str>) -> Result<Answer> {
        self.send(request, &self.sending(namespace))
    }

    /// A document as this client's documents travel: its media type and its bytes.
    pub(crate) fn encoded<T: Serialize + ?Sized>(
        &self,
        document: &T,
    ) -> Result<(&'static str, Vec<u8>)> {
        Ok(match self.settings().encoding {
            Encoding::Json => ("application/json", json(document)?),
            Encoding::Cbor => {
                ("application/cbor", Value::of(document).map_err(Error::invalid)?.to_cbor())
            }
        })
    }

    /// The request with what every request carries.
    fn dressed(&self, mut request: Request) -> Request {
        let settings = self.settings();
        if !settings.token.is_empty() {
            request = request.header("Authorization", format!("Bearer {}", settings.token));
        }
        if let Some(traceparent) = &self.traceparent {
            request = request.header("traceparent", traceparent);
        }
        if settings.encoding == Encoding::Cbor && !request.has("Accept") {
            request = request.header("Accept", "application/cbor");
        }
        request
    }

    /// Sends a request until an answer other than "not now" comes, or the deadline.
    pub(crate) fn send(&self, request: Request, sending: &Sending<'_>) -> Result<Answer> {
        // What is promised belongs to the request, which must be the same in every try.
        let promised = duration(sending.attempt_timeout);
        let request = self.dressed(request).header("Mayfly-Timeout", promised);
        let namespace = sending.namespace.unwrap_or_default();
        if sending.namespace.is_some() {
            let wait = self.throttle().wait(namespace, Instant::now(), &mut rand::thread_rng());
            thread::sleep(wait.min(sending.deadline.saturating_duration_since(Instant::now())));
        }
        let mut tries = self.tries(Some(sending.deadline));
        loop {
            match self.attempt(&request, sending) {
                Err(error) if error.is_transient() => {
                    tries.pause(namespace, &request.method, error)?;
                }
                result => return result,
            }
        }
    }

    fn attempt(&self, request: &Request, sending: &Sending<'_>) -> Result<Answer> {
        if let Some(lease) = sending.lease {
            lease.fence()?;
        }
        let left = sending.deadline.saturating_duration_since(Instant::now());
        let timeout = left.min(sending.attempt_timeout).max(Duration::from_millis(1));
        let answer = self.inner.transport.exchange(request, timeout)?;
        if let (Some(namespace), Some(limit)) = (sending.namespace, answer.header("RateLimit")) {
            let policy = answer.header("RateLimit-Policy").unwrap_or_default();
            self.throttle().limits(namespace, policy, limit, Instant::now());
        }
        answer.accepted()
    }

    /// Sends a request once and hands out the body of its answer as it comes.
    pub(crate) fn open(&self, request: Request) -> Result<Body> {
        let (mut answer, mut body) = self.inner.transport.send(&self.dressed(request), None)?;
        if answer.status >= 400 {
            body.read_to_end(&mut answer.body).map_err(Error::unanswered)?;
            answer.accepted()?;
        }
        Ok(body)
    }
}

/// A name within a path, percent-encoded as one segment. `.` and `..` cannot be sent.
pub(crate) fn segment(name: &str) -> Result<String> {
    if name.is_empty() || name == "." || name == ".." {
        return Err(Error::invalid(format!("no name: {name:?}")));
    }
    Ok(percent_encoded(name))
}

pub(crate) fn percent_encoded(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, &UNRESERVED).to_string()
}

/// An instant as the server writes it: texts of two instants compare as the instants do.
pub(crate) fn instant(at: SystemTime) -> String {
    humantime::format_rfc3339_millis(at).to_string()
}

/// A key that nobody else has: 128 random bits.
pub(crate) fn idempotency_key() -> String {
    format!("{:032x}", rand::thread_rng().gen::<u128>())
}

/// A duration as the server reads it.
pub(crate) fn duration(duration: Duration) -> String {
    format!("{}ms", duration.as_millis())
}

/// Until the last client is gone.
fn follow_pressure(client: Weak<Inner>) {
    thread::spawn(move || {
        while let Some(inner) = client.upgrade() {
            if let Err(error) = (Client { inner, traceparent: None }).pressure() {
                log::debug!("pressure-unknown {}", error.fields());
            }
            thread::sleep(PRESSURE_INTERVAL);
        }
    });
}
