//! A local copy of a namespace, which is compared with the server in rounds.

use crate::background::Background;
use crate::client::{instant, segment};
use crate::error::{Error, Problem, Result};
use crate::locked;
use crate::namespace::{Entry, Namespace};
use crate::transport::Request;
use crate::value::Value;
use serde::de::DeserializeOwned;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

const BELIEFS_PER_REQUEST: usize = 1000;

type Held = Entry<serde_json::Value>;

/// What a round found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Report {
    /// Entries that were as believed.
    pub matched: usize,
    /// Entries that were new or newer, and were taken over.
    pub stale: usize,
    /// Entries of which the copy believed a later revision, as after a restore of the server.
    pub ahead: usize,
    /// Entries whose value was another one at the same revision.
    pub diverged: usize,
    /// Entries that had ended, and were dropped.
    pub ended: usize,
    /// Entries that the server did not know, and that were dropped.
    pub unknown: usize,
}

/// A local copy of a namespace. Clones share it.
#[derive(Debug, Clone)]
pub struct Mirror {
    namespace: Namespace,
    entries: Arc<Mutex<BTreeMap<String, Held>>>,
}

/// Rounds in the background, until this is dropped.
#[derive(Debug)]
pub struct MirrorThread(#[allow(dead_code)] Background);

#[derive(Deserialize)]
struct Judged {
    #[serde(default)]
    key: String,
    verdict: Option<String>,
    entry: Option<Held>,
    problem: Option<Problem>,
}

impl Mirror {
    /// An empty copy, which the first round fills.
    pub fn new(namespace: Namespace) -> Self {
        Mirror { namespace, entries: Arc::default() }
    }

    /// The value of an entry that has not ended by the local clock.
    pub fn get<T: DeserializeOwned>(&self, key: &str) -> Result<Option<T>> {
        let now = instant(SystemTime::now());
        let held = locked(&self.entries).get(key).filter(|entry| entry.expires_at > now).cloned();
        held.map(|entry| serde_json::from_value(entry.value)).transpose().map_err(Error::unreadable)
    }

    /// The entries that have not ended by the local clock, in the order of their keys.
    pub fn entries(&self) -> Vec<Held> {
        let now = instant(SystemTime::now());
        locked(&self.entries).values().filter(|entry| entry.expires_at > now).cloned().collect()
    }

    /// Whatever the copy believes of a key, from now on: a round will find out whether it is so.
    pub fn believe(&self, entry: Held) {
        locked(&self.entries).insert(entry.key.clone(), entry);
    }

    /// One round: tells the server what the copy believes, digests of values included, and takes over what is
    /// otherwise. Afterwards the copy is as the server was while the round ran.
    pub fn reconcile(&self) -> Result<Report> {
        let mut beliefs = self.beliefs();
        for listed in self.namespace.list("")? {
            // Of a new key nothing is believed, so the oldest version there can be.
            let oldest = serde_json::json!({"key": listed.key, "incarnation": 1, "revision": 1});
            beliefs.entry(listed.key).or_insert(oldest);
        }
        let lines: Vec<String> = beliefs.into_values().map(|line| format!("{line}\n")).collect();
        let mut report = Report::default();
        for chunk in lines.chunks(BELIEFS_PER_REQUEST) {
            self.ask(chunk.concat(), &mut report)?;
        }
        log::debug!("round namespace={} {report:?}", self.namespace.name());
        Ok(report)
    }

    /// Reconciles again and again in the background. A round that fails is logged, and the next one comes.
    pub fn keep(&self, every: Duration) -> Result<MirrorThread> {
        let mirror = self.clone();
        let rounds = Background::run("mayfly-mirror", move |stop| loop {
            if let Err(error) = mirror.reconcile() {
                log::warn!("round-failed namespace={} {}", mirror.namespace.name(), error.fields());
            }
            if !stop.pause(every) {
                return;
            }
        });
        rounds.map(MirrorThread)
    }

    fn beliefs(&self) -> BTreeMap<String, serde_json::Value> {
        let belief = |held: &Held| {
            let digest = Value::from(held.value.clone()).digest();
            serde_json::json!({"key": held.key, "incarnation": held.incarnation,
                "revision": held.revision, "digest": digest})
        };
        locked(&self.entries).iter().map(|(key, held)| (key.clone(), belief(held))).collect()
    }

    fn ask(&self, beliefs: String, report: &mut Report) -> Result<()> {
        let name = self.namespace.name();
        let request = Request::new("POST", format!("/v1/reconcile/{}", segment(name)?))
            .header("Accept", "application/x-ndjson")
            .body("application/x-ndjson", beliefs.into_bytes());
        let answer = self.namespace.client.read(request, Some(name))?;
        for judged in serde_json::Deserializer::from_slice(&answer.body).into_iter::<Judged>() {
            self.take(judged.map_err(Error::unreadable)?, report)?;
        }
        Ok(())
    }

    fn take(&self, judged: Judged, report: &mut Report) -> Result<()> {
        let (count, exists) = match judged.verdict.as_deref() {
            Some("match") => {
                report.matched += 1;
                return Ok(());
            }
            Some("stale") => (&mut report.stale, true),
            Some("ahead") => (&mut report.ahead, true),
            Some("diverged") => (&mut report.diverged, true),
            Some("ended") => (&mut report.ended, false),
            Some("unknown") => (&mut report.unknown, false),
            _ => {
                let text = || Error::unreadable(format!("no verdict about {}", judged.key));
                return Err(judged.problem.map_or_else(text, |p| Error::Problem(Box::new(p))));
            }
        };
        *count += 1;
        let current = match judged.entry {
            None if exists => self.namespace.find(&judged.key)?,
            entry => entry,
        };
        match current {
            Some(entry) => locked(&self.entries).insert(judged.key, entry),
            None => locked(&self.entries).remove(&judged.key),
        };
        Ok(())
    }
}
