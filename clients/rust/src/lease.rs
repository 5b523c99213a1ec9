//! Leases that are renewed in the background, and know by the local clock when they are lost.

use crate::background::{Background, Stop};
use crate::client::{duration, idempotency_key, segment, setters, Client};
use crate::error::{Error, ProblemKind, Result};
use crate::locked;
use crate::transport::{json, Answer, Request};
use serde::Deserialize;
use serde_json::{json, Value};
use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};

/// A renewal is due after this share of the time to live.
const RENEWALS_PER_TTL: u32 = 3;
/// A renewal that failed for this share of the time to live is begun anew.
const TRIES_PER_TTL: u32 = 6;
const RETRY_PAUSE_MAX: Duration = Duration::from_secs(1);

/// What a holder is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeaseEvent {
    /// Renewals fail, and less than half of the time is left by the local clock.
    AtRisk(Duration),
    /// The lease is over. Told once.
    Lost,
}

/// How a lease is to be acquired.
#[must_use]
pub struct LeaseRequest {
    client: Client,
    namespace: String,
    name: String,
    holder: String,
    ttl: Duration,
    wait: Duration,
    permits: u32,
    callback: Box<dyn Fn(LeaseEvent) + Send + Sync>,
}

impl LeaseRequest {
    setters! {
        /// Who holds it, for people who look. A name of its own by default.
        holder: String,
        /// How long it holds without a renewal; 10 s by default.
        ttl: Duration,
        /// How long to wait in the queue; not at all by default. The server cuts it to what one
        /// request may take.
        wait: Duration,
        /// How many permits of a semaphore; one by default.
        permits: u32,
    }

    pub(crate) fn new(client: Client, namespace: &str, name: &str) -> Self {
        LeaseRequest {
            client,
            namespace: namespace.into(),
            name: name.into(),
            holder: format!("rust-{}-{}", std::process::id(), &idempotency_key()[..8]),
            ttl: Duration::from_secs(10),
            wait: Duration::ZERO,
            permits: 1,
            callback: Box::new(|_| ()),
        }
    }

    /// What is told when the lease is at risk or lost, on the thread that renews it or on the one
    /// that asked for the fence.
    pub fn on_event(mut self, callback: impl Fn(LeaseEvent) + Send + Sync + 'static) -> Self {
        self.callback = Box::new(callback);
        self
    }

    /// Defines how many permits the resource has, and how long they rest after each holder.
    pub fn define(&self, capacity: u32, cooldown: Duration) -> Result<()> {
        let resource = json!({"capacity": capacity, "cooldown": duration(cooldown)});
        self.client.put_document(&self.target("")?, &resource)
    }

    /// Acquires it, and renews it from then on. `lease-held` when others hold it for longer than
    /// `wait`.
    pub fn acquire(self) -> Result<Lease> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Granted {
            lease_id: String,
            token: u64,
        }
        let (ttl, wait) = (duration(self.ttl), duration(self.wait));
        let body =
            json!({"holder": self.holder, "ttl": ttl, "permits": self.permits, "wait": wait});
        let asked = Moment::now();
        let granted: Granted = self.call("/acquire", &body, None)?.document()?.to()?;
        let (id, token) = (granted.lease_id, granted.token);
        let held = Arc::new(Held { request: self, id, token, sent: Mutex::new(Some(asked)) });
        // Granted after a wait, or by a try before the last: how old it is nobody here knows.
        if asked.elapsed() > held.request.ttl / 4 {
            *locked(&held.sent) = Some(held.extend(held.request.ttl)?);
        }
        let keeper = held.clone();
        let renewing = Some(Background::run("mayfly-lease", move |stop| keeper.keep(stop))?);
        Ok(Lease { held, renewing })
    }

    fn target(&self, operation: &str) -> Result<String> {
        let (namespace, name) = (segment(&self.namespace)?, segment(&self.name)?);
        Ok(format!("/v1/leases/{namespace}/{name}{operation}"))
    }

    /// One call with a key of its own. With a deadline it is urgent; without, it may wait.
    fn call(&self, operation: &str, body: &Value, deadline: Option<Duration>) -> Result<Answer> {
        let request = Request::new("POST", self.target(operation)?)
            .header("Idempotency-Key", idempotency_key())
            .body("application/json", json(body)?);
        let throttled = deadline.is_none().then_some(self.namespace.as_str());
        let mut sending = self.client.sending(throttled);
        match deadline {
            Some(deadline) => sending.deadline = Instant::now() + deadline,
            None => {
                sending.deadline += self.wait;
                sending.attempt_timeout += self.wait;
            }
        }
        self.client.send(request, &sending)
    }
}

/// An instant of both clocks: one of them stands while the machine sleeps, the other may be set.
#[derive(Clone, Copy)]
struct Moment(Instant, SystemTime);

impl Moment {
    fn now() -> Self {
        Moment(Instant::now(), SystemTime::now())
    }

    /// The longer of what the two clocks say: to be wrong means to give up too early.
    fn elapsed(&self) -> Duration {
        self.0.elapsed().max(self.1.elapsed().unwrap_or_default())
    }
}

/// A lease that is held, until it is released, dropped or lost.
pub struct Lease {
    held: Arc<Held>,
    /// None when the lease was released.
    renewing: Option<Background>,
}

struct Held {
    request: LeaseRequest,
    id: String,
    token: u64,
    /// When the newest renewal was sent: the lease holds for its `ttl` from then on, at the least.
    /// None when it is lost.
    sent: Mutex<Option<Moment>>,
}

impl Lease {
    /// The fencing token, also when the lease is lost.
    pub fn token(&self) -> u64 {
        self.held.token
    }

    /// The fencing token, if the lease holds by the local clock. Ask right before each write.
    pub fn fence(&self) -> Result<u64> {
        if self.left().is_some() {
            return Ok(self.held.token);
        }
        self.held.lose();
        Err(Error::LeaseLost)
    }

    /// How long it holds without another renewal; none when it is lost.
    pub fn left(&self) -> Option<Duration> {
        self.held.left()
    }

    /// Gives it back.
    pub fn release(mut self) -> Result<()> {
        self.end(self.held.request.client.settings().deadline)
    }

    fn end(&mut self, deadline: Duration) -> Result<()> {
        match self.renewing.take() {
            None => return Ok(()),
            Some(renewing) => drop(renewing),
        }
        self.left().ok_or(Error::LeaseLost)?;
        let body = json!({"leaseId": self.held.id});
        self.held.request.call("/release", &body, Some(deadline)).map(drop)
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if let Err(error) = self.end(self.held.request.ttl.min(Duration::from_secs(1))) {
            log::debug!("release-failed {} {}", self.held.request, error.fields());
        }
    }
}

impl fmt::Debug for Lease {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Lease({}, token {})", self.held.request, self.held.token)
    }
}

impl fmt::Display for LeaseRequest {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "namespace={} key={}", self.namespace, self.name)
    }
}

impl Held {
    fn left(&self) -> Option<Duration> {
        let sent = (*locked(&self.sent))?;
        self.request.ttl.checked_sub(sent.elapsed()).filter(|left| !left.is_zero())
    }

    fn lose(&self) {
        let held = locked(&self.sent).take();
        if held.is_some() {
            log::warn!("lease-lost {} token={}", self.request, self.token);
            (self.request.callback)(LeaseEvent::Lost);
        }
    }

    /// One that ended by the local clock meanwhile stays lost, whatever the server says.
    fn renew(&self) -> Result<()> {
        let left = self.left().ok_or(Error::LeaseLost)?;
        let sent = self.extend(left)?;
        self.left().ok_or(Error::LeaseLost)?;
        *locked(&self.sent) = Some(sent);
        Ok(())
    }

    /// Asks for the whole time from now on, whatever is left, and says when that was asked.
    fn extend(&self, left: Duration) -> Result<Moment> {
        let body = json!({"leaseId": self.id, "ttl": duration(self.request.ttl)});
        // Of the tries of one call the first counts: a later one may be told its answer again.
        let sent = Moment::now();
        let patience = left.min(self.request.ttl / TRIES_PER_TTL);
        self.request.call("/renew", &body, Some(patience)).map(|_| sent)
    }

    /// Renews until the end, and tells when the end comes near.
    fn keep(&self, stop: &Stop) {
        let ttl = self.request.ttl;
        let mut pause = ttl / RENEWALS_PER_TTL;
        let mut at_risk = false;
        while stop.pause(pause) {
            let error = match self.renew() {
                Ok(()) => {
                    (pause, at_risk) = (ttl / RENEWALS_PER_TTL, false);
                    continue;
                }
                Err(error) => error,
            };
            let left = match self.left() {
                Some(left) if error.kind() != Some(ProblemKind::LeaseLost) => left,
                _ => return self.lose(),
            };
            log::warn!("renewal-failed {} {}", self.request, error.fields());
            if left < ttl / 2 && !std::mem::replace(&mut at_risk, true) {
                (self.request.callback)(LeaseEvent::AtRisk(left));
            }
            pause = (ttl / 10).min(RETRY_PAUSE_MAX).min(left);
        }
    }
}
