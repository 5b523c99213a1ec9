//! Leases that are renewed in the background, and know by the local clock when they are lost.

use crate::client::{decode, duration, idempotency_key, segment, Client, Stop};
use crate::error::{Error, ProblemKind, Result};
use crate::transport::Request;
use serde::Deserialize;
use serde_json::json;
use std::fmt;
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
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

type Callback = Box<dyn Fn(LeaseEvent) + Send + Sync>;

/// How a lease is to be acquired.
pub struct LeaseRequest {
    client: Client,
    namespace: String,
    name: String,
    holder: String,
    ttl: Duration,
    wait: Duration,
    permits: u32,
    callback: Callback,
}

impl LeaseRequest {
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

    /// Who holds it, for people who look. A name of its own by default.
    #[must_use]
    pub fn holder(mut self, holder: impl Into<String>) -> Self {
        self.holder = holder.into();
        self
    }

    /// How long it holds without a renewal; 10 s by default.
    #[must_use]
    pub fn ttl(mut self, ttl: Duration) -> Self {
        self.ttl = ttl;
        self
    }

    /// How long to wait in the queue; not at all by default.
    #[must_use]
    pub fn wait(mut self, wait: Duration) -> Self {
        self.wait = wait;
        self
    }

    /// How many permits of a semaphore; one by default.
    #[must_use]
    pub fn permits(mut self, permits: u32) -> Self {
        self.permits = permits;
        self
    }

    /// What is told when the lease is at risk or lost, on the thread that renews it or on the one that
    /// asked for the fence.
    #[must_use]
    pub fn on_event(mut self, callback: impl Fn(LeaseEvent) + Send + Sync + 'static) -> Self {
        self.callback = Box::new(callback);
        self
    }

    /// Defines how many permits the resource has, and how long they rest after each holder.
    pub fn define(&self, capacity: u32, cooldown: Duration) -> Result<()> {
        let target = format!("/v1/leases/{}/{}", segment(&self.namespace)?, segment(&self.name)?);
        self.client
            .put_document(&target, &json!({"capacity": capacity, "cooldown": duration(cooldown)}))
    }

    /// Acquires it, and renews it from then on. `lease-held` when others hold it for longer than `wait`.
    pub fn acquire(self) -> Result<Lease> {
        let body = json!({
            "holder": self.holder,
            "ttl": duration(self.ttl),
            "permits": self.permits,
            "wait": duration(self.wait),
        });
        let resource = Resource { client: self.client, namespace: self.namespace, name: self.name };
        let asked = Moment::now();
        let granted: Granted = resource.call("acquire", &body, Some(self.wait), None)?;
        let lease = Lease {
            shared: Arc::new(Shared {
                resource,
                id: granted.lease_id,
                token: granted.token,
                ttl: self.ttl,
                state: Mutex::new(State { until: asked, lost: false }),
                callback: self.callback,
                stop: Stop::default(),
            }),
            renewing: None,
            ended: false,
        };
        // Granted after a wait, or by a try before the last: how old it is nobody here knows.
        if asked.elapsed() > self.ttl / 4 {
            lease.shared.renew()?;
        }
        lease.renewing()
    }
}

impl fmt::Debug for LeaseRequest {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "LeaseRequest({}/{})", self.namespace, self.name)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Granted {
    lease_id: String,
    token: u64,
}

/// An instant of both clocks: one of them stands while the machine sleeps, the other may be set.
#[derive(Debug, Clone, Copy)]
struct Moment {
    steady: Instant,
    wall: SystemTime,
}

impl Moment {
    fn now() -> Self {
        Moment { steady: Instant::now(), wall: SystemTime::now() }
    }

    /// The longer of what the two clocks say: to be wrong means to give up too early.
    fn elapsed(&self) -> Duration {
        self.steady.elapsed().max(self.wall.elapsed().unwrap_or_default())
    }
}

struct Resource {
    client: Client,
    namespace: String,
    name: String,
}

impl Resource {
    fn call<T: serde::de::DeserializeOwned>(
        &self,
        operation: &str,
        body: &serde_json::Value,
        wait: Option<Duration>,
        deadline: Option<Duration>,
    ) -> Result<T> {
        let (namespace, name) = (segment(&self.namespace)?, segment(&self.name)?);
        let request = Request::new("POST", format!("/v1/leases/{namespace}/{name}/{operation}"))
            .header("Idempotency-Key", idempotency_key())
            .body("application/json", body.to_string().into_bytes());
        let mut sending = self.client.sending(wait.map(|_| self.namespace.as_str()), true);
        sending.deadline += wait.unwrap_or_default();
        sending.attempt_timeout += wait.unwrap_or_default();
        if let Some(deadline) = deadline {
            sending.deadline = Instant::now() + deadline;
        }
        let answer = self.client.send(request, &sending)?;
        if answer.status == 204 {
            return serde_json::from_str("null").map_err(|e| Error::Unreadable(e.to_string()));
        }
        decode(&answer)?.to()
    }
}

/// A lease that is held, until it is released, dropped or lost.
pub struct Lease {
    shared: Arc<Shared>,
    renewing: Option<JoinHandle<()>>,
    ended: bool,
}

struct Shared {
    resource: Resource,
    id: String,
    token: u64,
    ttl: Duration,
    state: Mutex<State>,
    callback: Callback,
    stop: Stop,
}

struct State {
    /// When the newest renewal was sent: the lease holds for `ttl` from then on, at the least.
    until: Moment,
    lost: bool,
}

impl Lease {
    /// The fencing token, also when the lease is lost.
    pub fn token(&self) -> u64 {
        self.shared.token
    }

    /// The fencing token, if the lease holds by the local clock. Ask right before each write.
    pub fn fence(&self) -> Result<u64> {
        if self.shared.left().is_some() {
            return Ok(self.shared.token);
        }
        self.shared.lose();
        Err(Error::LeaseLost)
    }

    /// How long it holds without another renewal; none when it is lost.
    pub fn left(&self) -> Option<Duration> {
        self.shared.left()
    }

    /// Gives it back.
    pub fn release(mut self) -> Result<()> {
        self.end(self.shared.resource.client.settings().deadline)
    }

    fn renewing(mut self) -> Result<Self> {
        let shared = self.shared.clone();
        let thread = thread::Builder::new().name("mayfly-lease".into());
        let spawned =
            thread.spawn(move || shared.keep()).map_err(|e| Error::Invalid(e.to_string()))?;
        self.renewing = Some(spawned);
        Ok(self)
    }

    fn end(&mut self, deadline: Duration) -> Result<()> {
        if std::mem::replace(&mut self.ended, true) {
            return Ok(());
        }
        self.shared.stop.stop();
        if let Some(thread) = self.renewing.take() {
            if thread.thread().id() != thread::current().id() {
                let _ = thread.join();
            }
        }
        if self.shared.left().is_none() {
            return Err(Error::LeaseLost);
        }
        let body = json!({"leaseId": self.shared.id});
        self.shared.resource.call::<()>("release", &body, None, Some(deadline))
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if let Err(error) = self.end(self.shared.ttl.min(Duration::from_secs(1))) {
            log::debug!("release lease={} error={error}", self.shared.resource.name);
        }
    }
}

impl fmt::Debug for Lease {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Lease({}, token {})", self.shared.resource.name, self.shared.token)
    }
}

impl Shared {
    fn left(&self) -> Option<Duration> {
        let state = self.state();
        if state.lost {
            return None;
        }
        self.ttl.checked_sub(state.until.elapsed()).filter(|left| !left.is_zero())
    }

    fn renewed(&self, sent: Moment) {
        let mut state = self.state();
        if self.ttl > state.until.elapsed() {
            state.until = sent;
        }
    }

    fn lose(&self) {
        let told = std::mem::replace(&mut self.state().lost, true);
        if !told {
            log::warn!("lease-lost lease={} token={}", self.resource.name, self.token);
            self.stop.stop();
            (self.callback)(LeaseEvent::Lost);
        }
    }

    fn renew(&self) -> Result<()> {
        let body = json!({"leaseId": self.id, "ttl": duration(self.ttl)});
        let left = self.left().ok_or(Error::LeaseLost)?;
        // Of the tries of one call the first counts: a later one may be told its answer again.
        let sent = Moment::now();
        let patience = left.min(self.ttl / TRIES_PER_TTL);
        let renewal =
            self.resource.call::<serde_json::Value>("renew", &body, None, Some(patience))?;
        log::debug!("renewed lease={} expiresAt={}", self.resource.name, renewal["expiresAt"]);
        self.renewed(sent);
        Ok(())
    }

    /// Renews until the end, and tells when the end comes near.
    fn keep(&self) {
        let mut pause = self.ttl / RENEWALS_PER_TTL;
        let mut at_risk = false;
        while !self.stop.wait(pause) {
            match self.renew() {
                Ok(()) => {
                    pause = self.ttl / RENEWALS_PER_TTL;
                    at_risk = false;
                }
                Err(Error::LeaseLost) => return self.lose(),
                Err(error) if error.kind() == Some(ProblemKind::LeaseLost) => return self.lose(),
                Err(error) => match self.left() {
                    None => return self.lose(),
                    Some(left) => {
                        log::warn!("renewal-failed lease={} error={error}", self.resource.name);
                        if left < self.ttl / 2 && !std::mem::replace(&mut at_risk, true) {
                            (self.callback)(LeaseEvent::AtRisk(left));
                        }
                        pause = (self.ttl / 10).min(RETRY_PAUSE_MAX).min(left);
                    }
                },
            }
        }
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}
