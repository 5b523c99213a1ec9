//! What happens to entries, over cuts and restarts.

use crate::client::{segment, terms, Client};
use crate::error::{Error, Result};
use crate::retry::Tries;
use crate::transport::{Body, Request};
use serde::Deserialize;
use std::io::{BufRead, BufReader};

/// One event.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Event {
    /// To go on from, later and elsewhere. A notice has none.
    #[serde(skip)]
    pub id: Option<String>,
    /// `created`, `updated`, `renewed`, `ended`, or `notice` about the stream itself.
    pub event: String,
    /// Where the entry is.
    pub namespace: String,
    /// Its name.
    pub key: String,
    /// Which of the key's lives it is.
    pub incarnation: u64,
    /// Its accepted mutations up to here.
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
#[must_use]
pub struct WatchRequest {
    client: Client,
    namespace: String,
    key: Option<String>,
    parameters: Vec<(&'static str, String)>,
}

impl WatchRequest {
    pub(crate) fn new(client: Client, namespace: &str) -> Self {
        // With marks a stream says where it stands, also before anything happens.
        let parameters = vec![("marks", "true".into())];
        WatchRequest { client, namespace: namespace.into(), key: None, parameters }
    }

    /// One key only.
    pub fn key(mut self, key: &str) -> Self {
        self.key = Some(key.into());
        self
    }

    terms! {
        /// Only keys that begin so.
        prefix(prefix: &str): parameter("prefix", prefix),
        /// Only some kinds of events.
        events(kinds: &[&str]): parameter("events", &kinds.join(",")),
        /// With the values that events brought.
        values(): parameter("values", "true"),
        /// Begins with the entries that stand; then comes what happens.
        from_start(): parameter("from", "start"),
        /// Begins after an event of an earlier watch, by its id.
        after(id: &str): parameter("from", id),
    }

    /// Opens the stream. Everything that happens from now on is told.
    pub fn open(self) -> Result<Watch> {
        let mut target = format!("/v1/watch/{}", segment(&self.namespace)?);
        if let Some(key) = &self.key {
            target = format!("{target}/{}", segment(key)?);
        }
        let mut request = Request::new("GET", target).header("Accept", "text/event-stream");
        for (name, value) in &self.parameters {
            request = request.parameter(name, value);
        }
        let tries = self.client.tries(None);
        let (client, namespace) = (self.client, self.namespace);
        let mut watch =
            Watch { client, namespace, request, last: None, stream: None, tries, over: false };
        // It begins with where it stands: from there it can be resumed.
        while watch.last.is_none() {
            watch.step()?;
        }
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
    stream: Option<BufReader<Body>>,
    tries: Tries,
    over: bool,
}

impl Watch {
    /// The id of the newest event: another watch can go on [after](WatchRequest::after) it.
    pub fn last_id(&self) -> Option<&str> {
        self.last.as_deref()
    }

    /// Takes the next message of the stream, which it opens first if need be; one without an event
    /// only says where the stream is. After a failure that can pass it waits, and takes none.
    fn step(&mut self) -> Result<Option<Event>> {
        match self.read() {
            Err(error) if error.is_transient() => {
                self.stream = None;
                self.tries.pause(&self.namespace, "watch", error).map(|()| None)
            }
            result => result,
        }
    }

    fn read(&mut self) -> Result<Option<Event>> {
        let stream = match &mut self.stream {
            Some(stream) => stream,
            none => {
                let mut request = self.request.clone();
                if let Some(id) = &self.last {
                    request = request.header("Last-Event-ID", id);
                }
                none.insert(BufReader::new(self.client.open(request)?))
            }
        };
        let (mut id, mut event, mut data) = (None, String::new(), String::new());
        let mut line = String::new();
        loop {
            line.clear();
            stream.read_line(&mut line).map_err(Error::unanswered)?;
            if !line.ends_with('\n') {
                return Err(Error::unanswered("the stream was cut"));
            }
            let text = line.trim_end_matches(['\r', '\n']);
            match text.split_once(':').map(|(name, value)| (name, value.trim_start())) {
                Some(("id", value)) => id = Some(value.to_owned()),
                Some(("event", value)) => event = value.to_owned(),
                Some(("data", value)) => data.push_str(value),
                None if text.is_empty() && (!data.is_empty() || id.is_some()) => break,
                _ => (),
            }
        }
        let told = match data.as_str() {
            "" => None,
            data => {
                let read: Event = serde_json::from_str(data).map_err(Error::unreadable)?;
                Some(Event { id: id.clone(), event, ..read })
            }
        };
        self.last = id.or_else(|| self.last.take());
        Ok(told)
    }
}

impl Iterator for Watch {
    type Item = Result<Event>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.over {
            match self.step() {
                Ok(None) => (),
                Ok(Some(event)) => {
                    // A stream that only opens is no success.
                    self.tries.failures = 0;
                    return Some(Ok(event));
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
