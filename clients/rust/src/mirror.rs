//! A local copy of a namespace, which is compared with the server in rounds.

use crate::background::Background;
use crate::client::{instant, segment};
use crate::error::{Error, Problem, Result};
use crate::locked;
use crate::namespace::{Entry, Namespace};
use crate::transport::Request;
use mayfly_cbor::Value;
use serde::de::DeserializeOwned;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

const BELIEFS_PER_REQUEST: usize = 1000;

type Held = Entry<serde_json::Value>;

/// What a round found, by verdict: entries that were as believed (`match`), new or newer (`stale`), or
/// another one at the same revision (`diverged`); of which the copy believed a later revision, as after
/// a restore of the server (`ahead`); that had ended (`ended`), or that the server did not know
/// (`unknown`).
pub type Report = BTreeMap<String, usize>;

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
    #[serde(default)]
    verdict: String,
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
        let held =
            locked(&self.entries).get(key).filter(|entry| entry.meta.expires_at > now).cloned();
        held.map(|entry| serde_json::from_value(entry.value)).transpose().map_err(Error::unreadable)
    }

    /// The entries that have not ended by the local clock, in the order of their keys.
    pub fn entries(&self) -> Vec<Held> {
        let now = instant(SystemTime::now());
        locked(&self.entries)
            .values()
            .filter(|entry| entry.meta.expires_at > now)
            .cloned()
            .collect()
    }

    /// Whatever the copy believes of a key, from now on: a round will find out whether it is so.
    pub fn believe(&self, entry: Held) {
        locked(&self.entries).insert(entry.meta.key.clone(), entry);
    }

    /// One round: tells the server what the copy believes, digests of values included, and takes over
    /// what is otherwise. Afterwards the copy is as the server was while the round ran.
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

    /// Reconciles again and again in the background. A round that fails is logged, and the next one
    /// comes.
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
            let digest = Value::of(&held.value).map(|value| digest(&value)).ok();
            serde_json::json!({"key": held.meta.key, "incarnation": held.meta.incarnation,
                "revision": held.meta.revision, "digest": digest})
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
        if let Some(problem) = judged.problem {
            return Err(Error::Problem(Box::new(problem)));
        }
        let current = match (judged.verdict.as_str(), judged.entry) {
            ("ended" | "unknown", _) => None,
            ("match", _) => locked(&self.entries).get(&judged.key).cloned(),
            (_, None) => self.namespace.find(&judged.key)?,
            (_, entry) => entry,
        };
        *report.entry(judged.verdict).or_default() += 1;
        match current {
            Some(entry) => locked(&self.entries).insert(judged.key, entry),
            None => locked(&self.entries).remove(&judged.key),
        };
        Ok(())
    }
}

/// The digest that rounds compare: `sha-256:` and the hash of the value's canonical bytes.
pub fn digest(value: &Value) -> String {
    format!("sha-256:{:x}", Sha256::digest(value.to_cbor()))
}
