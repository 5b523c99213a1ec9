//! What happens to entries, over cuts and restarts.

use crate::client::{segment, Client};
use crate::error::{Error, Result};
use crate::retry::Tries;
use crate::transport::Request;
use serde::Deserialize;
use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read};

/// Where a watch begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum From {
    /// With what happens from now on.
    Now,
    /// With the entries that stand, then what happens.
    Start,
    /// After an event of an earlier watch.
    After(String),
}

/// One event.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Event {
    /// To go on from, later and elsewhere. A notice has none.
    #[serde(skip)]
    pub id: Option<String>,
    /// `created`, `updated`, `renewed`, `ended`, or `notice` about the stream itself.
    #[serde(default)]
    pub event: String,
    /// Where the entry is.
    #[serde(default)]
    pub namespace: String,
    /// Its name.
    #[serde(default)]
    pub key: String,
    /// Which of the key's lives it is.
    #[serde(default)]
    pub incarnation: u64,
    /// Its accepted mutations up to here.
    #[serde(default)]
    pub revision: u64,
    /// When it happened.
    pub at: Option<String>,
    /// When the entry ends.
    pub expires_at: Option<String>,
    /// What the mutation came to.
    pub outcome: Option<String>,
    /// Why it ended.
    pub reason: Option<String>,
    /// How long after its deadline the end was announced.
    pub late_ms: Option<u64>,
    /// Whether it is an entry that stood when the watch began.
    #[serde(default)]
    pub standing: bool,
    /// Who wrote.
    pub producer: Option<String>,
    /// Who was authenticated.
    pub caller: Option<String>,
    /// The trace of the mutation.
    pub traceparent: Option<String>,
    /// The value that it brought, where asked for.
    pub value: Option<serde_json::Value>,
    /// What a notice says.
    pub detail: Option<String>,
}

/// A watch to be opened.
#[derive(Debug, Clone)]
pub struct WatchRequest {
    client: Client,
    namespace: String,
    key: Option<String>,
    parameters: Vec<(&'static str, String)>,
    from: From,
}

impl WatchRequest {
    pub(crate) fn new(client: Client, namespace: &str) -> Self {
        let (key, parameters, from) = (None, Vec::new(), From::Now);
        WatchRequest { client, namespace: namespace.into(), key, parameters, from }
    }

    /// One key only.
    #[must_use]
    pub fn key(mut self, key: &str) -> Self {
        self.key = Some(key.into());
        self
    }

    /// Only keys that begin so.
    #[must_use]
    pub fn prefix(self, prefix: &str) -> Self {
        self.parameter("prefix", prefix)
    }

    /// Only some kinds of events.
    #[must_use]
    pub fn events(self, kinds: &[&str]) -> Self {
        self.parameter("events", &kinds.join(","))
    }

    /// With the values that events brought.
    #[must_use]
    pub fn values(self) -> Self {
        self.parameter("values", "true")
    }

    /// Where to begin; now by default.
    #[must_use]
    pub fn from(mut self, from: From) -> Self {
        self.from = from;
        self
    }

    /// Opens the stream. Everything that happens from now on is told.
    pub fn open(self) -> Result<Watch> {
        let mut target = format!("/v1/watch/{}", segment(&self.namespace)?);
        if let Some(key) = &self.key {
            target.push('/');
            target.push_str(&segment(key)?);
        }
        let mut request = Request::new("GET", target).header("Accept", "text/event-stream");
        for (name, value) in &self.parameters {
            request = request.parameter(name, value);
        }
        let (start, last) = match self.from {
            From::Now => ("now", None),
            From::Start => ("start", None),
            From::After(id) => ("now", Some(id)),
        };
        // With marks a stream says where it stands also when nothing happens.
        request = request.parameter("from", start).parameter("marks", "true");
        let tries = self.client.tries(None);
        let (client, namespace) = (self.client, self.namespace);
        let (stream, early) = (None, VecDeque::new());
        let mut watch =
            Watch { client, namespace, request, last, stream, early, tries, over: false };
        watch.connect()?;
        Ok(watch)
    }

    fn parameter(mut self, name: &'static str, value: &str) -> Self {
        self.parameters.push((name, value.into()));
        self
    }
}

/// Events one after the other, for ever. A stream that is cut is resumed after its last event, with
/// backoff, so none is missing and none comes twice. It ends after an error that a resumption cannot
/// mend, such as `position-compacted`.
pub struct Watch {
    client: Client,
    namespace: String,
    request: Request,
    last: Option<String>,
    stream: Option<BufReader<Box<dyn Read + Send + Sync>>>,
    /// Told before the stream said where it begins.
    early: VecDeque<Event>,
    tries: Tries,
    over: bool,
}

/// One message of a stream; without an event it only says where the stream is.
struct Told {
    id: Option<String>,
    event: Option<Event>,
}

impl Watch {
    /// The id of the newest event: another watch can go on [after](From::After) it.
    pub fn last_id(&self) -> Option<&str> {
        self.last.as_deref()
    }

    fn connect(&mut self) -> Result<()> {
        let mut request = self.request.clone();
        if let Some(id) = &self.last {
            request = request.header("Last-Event-ID", id);
        }
        self.stream = Some(BufReader::new(self.client.open(request)?));
        // So it can be resumed also when it is cut before its first event.
        let mut placed = self.last.is_some();
        while !placed {
            let told = self.read()?;
            placed = told.id.is_some();
            match told.event {
                Some(event) => self.early.push_back(event),
                None if self.early.is_empty() => self.last = told.id,
                None => (),
            }
        }
        Ok(())
    }

    /// The next message of the open stream.
    fn read(&mut self) -> Result<Told> {
        let stream = self.stream.as_mut().ok_or_else(|| Error::unanswered("not connected"))?;
        let (mut id, mut kind, mut data) = (None, String::new(), String::new());
        let mut line = String::new();
        loop {
            line.clear();
            let read = stream.read_line(&mut line).map_err(Error::unanswered)?;
            if read == 0 || !line.ends_with('\n') {
                return Err(Error::unanswered("the stream was cut"));
            }
            let text = line.trim_end_matches(['\r', '\n']);
            match text.split_once(':').map(|(name, value)| (name, value.trim_start())) {
                Some(("id", value)) => id = Some(value.to_owned()),
                Some(("event", value)) => kind = value.to_owned(),
                Some(("data", value)) => data.push_str(value),
                None if text.is_empty() && (!data.is_empty() || id.is_some()) => break,
                _ => (),
            }
        }
        if data.is_empty() {
            return Ok(Told { id, event: None });
        }
        let event: Event = serde_json::from_str(&data).map_err(Error::unreadable)?;
        Ok(Told { id: id.clone(), event: Some(Event { id, event: kind, ..event }) })
    }

    /// The next message, from whichever connection.
    fn told(&mut self) -> Result<Told> {
        if let Some(event) = self.early.pop_front() {
            return Ok(Told { id: event.id.clone(), event: Some(event) });
        }
        loop {
            let tried = match self.stream {
                Some(_) => self.read(),
                None => self.connect().and_then(|()| self.told()),
            };
            match tried {
                Err(error) if error.is_transient() => {
                    self.stream = None;
                    self.tries.pause(&self.namespace, "watch", error)?;
                }
                told => return told,
            }
        }
    }
}

impl Iterator for Watch {
    type Item = Result<Event>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.over {
            match self.told() {
                Ok(told) => {
                    self.last = told.id.or_else(|| self.last.take());
                    if let Some(event) = told.event {
                        // A stream that only opens is no success.
                        self.tries.failures = 0;
                        return Some(Ok(event));
                    }
                }
                Err(error) => {
                    self.over = true;
                    return Some(Err(error));
                }
            }
        }
        None
    }
}
