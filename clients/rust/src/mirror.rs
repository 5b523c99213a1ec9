//! A local copy of a namespace, which is compared with the server in rounds.

use crate::client::{instant, segment};
use crate::error::{Error, Problem, Result};
use crate::namespace::{Entry, Namespace};
use crate::transport::Request;
use crate::value::Value;
use serde::de::DeserializeOwned;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::sync::mpsc::{sync_channel, RecvTimeoutError, SyncSender};
use std::sync::{Arc, RwLock};
use std::thread::{self, JoinHandle};
use std::time::{Duration, SystemTime};

const BELIEFS_PER_REQUEST: usize = 1000;

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
    entries: Arc<RwLock<BTreeMap<String, Entry<serde_json::Value>>>>,
}

#[derive(Deserialize)]
struct Judged {
    #[serde(default)]
    key: String,
    verdict: Option<String>,
    entry: Option<Entry<serde_json::Value>>,
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
        let entries = self.entries.read().unwrap_or_else(|poisoned| poisoned.into_inner());
        let live = entries.get(key).filter(|entry| entry.expires_at > now);
        let value = live.map(|entry| serde_json::from_value(entry.value.clone()));
        value.transpose().map_err(|error| Error::Unreadable(error.to_string()))
    }

    /// The entries that have not ended by the local clock, in the order of their keys.
    pub fn entries(&self) -> Vec<Entry<serde_json::Value>> {
        let now = instant(SystemTime::now());
        let entries = self.entries.read().unwrap_or_else(|poisoned| poisoned.into_inner());
        entries.values().filter(|entry| entry.expires_at > now).cloned().collect()
    }

    /// Whatever the copy believes of a key, from now on: a round will find out whether it is so.
    pub fn believe(&self, entry: Entry<serde_json::Value>) {
        let mut entries = self.entries.write().unwrap_or_else(|poisoned| poisoned.into_inner());
        entries.insert(entry.key.clone(), entry);
    }

    /// One round: tells the server what the copy believes, digests of values included, and takes over what is
    /// otherwise. Afterwards the copy is as the server was while the round ran.
    pub fn reconcile(&self) -> Result<Report> {
        let mut beliefs: BTreeMap<String, String> = self.beliefs();
        for listed in self.namespace.list("")? {
            // Of a new key nothing is believed, so the oldest version there can be.
            beliefs.entry(listed.key.clone()).or_insert_with(|| belief(&listed.key, 1, 1, None));
        }
        let lines: Vec<String> = beliefs.into_values().collect();
        let mut report = Report::default();
        for chunk in lines.chunks(BELIEFS_PER_REQUEST) {
            self.round(chunk, &mut report)?;
        }
        log::debug!("reconciled namespace={} {report:?}", self.namespace.name());
        Ok(report)
    }

    /// Reconciles again and again in the background. A round that fails is logged, and the next one comes.
    pub fn keep(&self, every: Duration) -> Result<MirrorThread> {
        let (mirror, (stop, stopped)) = (self.clone(), sync_channel(0));
        let thread = thread::Builder::new().name("mayfly-mirror".into()).spawn(move || loop {
            if let Err(error) = mirror.reconcile() {
                log::warn!("reconcile namespace={} error={error}", mirror.namespace.name());
            }
            if stopped.recv_timeout(every) != Err(RecvTimeoutError::Timeout) {
                return;
            }
        });
        let thread = thread.map_err(|error| Error::Invalid(error.to_string()))?;
        Ok(MirrorThread(Some((stop, thread))))
    }

    fn beliefs(&self) -> BTreeMap<String, String> {
        let entries = self.entries.read().unwrap_or_else(|poisoned| poisoned.into_inner());
        let lines = entries.values().map(|entry| {
            let digest = Value::from(entry.value.clone()).digest();
            (entry.key.clone(), belief(&entry.key, entry.incarnation, entry.revision, Some(digest)))
        });
        lines.collect()
    }

    fn round(&self, beliefs: &[String], report: &mut Report) -> Result<()> {
        let target = format!("/v1/reconcile/{}", segment(self.namespace.name())?);
        let request = Request::new("POST", target)
            .header("Accept", "application/x-ndjson")
            .body("application/x-ndjson", beliefs.concat().into_bytes());
        let answer = self.namespace.client.read(request, Some(self.namespace.name()))?;
        for line in BufReader::new(&answer.body[..]).lines() {
            let line = line.map_err(|error| Error::Transport(error.to_string()))?;
            if !line.is_empty() {
                let judged = serde_json::from_str(&line);
                self.take(judged.map_err(|e| Error::Unreadable(e.to_string()))?, report)?;
            }
        }
        Ok(())
    }

    fn take(&self, judged: Judged, report: &mut Report) -> Result<()> {
        let count = match judged.verdict.as_deref() {
            Some("match") => {
                report.matched += 1;
                return Ok(());
            }
            Some("stale") => &mut report.stale,
            Some("ahead") => &mut report.ahead,
            Some("diverged") => &mut report.diverged,
            Some("ended") => &mut report.ended,
            Some("unknown") => &mut report.unknown,
            _ => {
                let text = || Error::Unreadable(format!("no verdict about {}", judged.key));
                return Err(judged.problem.map_or_else(text, |p| Error::Problem(Box::new(p))));
            }
        };
        *count += 1;
        let current = match (judged.entry, judged.verdict.as_deref()) {
            (None, Some("ahead" | "diverged" | "stale")) => self.namespace.find(&judged.key)?,
            (entry, _) => entry,
        };
        let mut entries = self.entries.write().unwrap_or_else(|poisoned| poisoned.into_inner());
        match current {
            Some(entry) => entries.insert(judged.key, entry),
            None => entries.remove(&judged.key),
        };
        Ok(())
    }
}

fn belief(key: &str, incarnation: u64, revision: u64, digest: Option<String>) -> String {
    let mut line =
        serde_json::json!({"key": key, "incarnation": incarnation, "revision": revision});
    if let Some(digest) = digest {
        line["digest"] = digest.into();
    }
    format!("{line}\n")
}

/// Rounds in the background, until this is dropped.
#[derive(Debug)]
pub struct MirrorThread(Option<(SyncSender<()>, JoinHandle<()>)>);

impl Drop for MirrorThread {
    fn drop(&mut self) {
        if let Some((stop, thread)) = self.0.take() {
            drop(stop);
            let _ = thread.join();
        }
    }
}
