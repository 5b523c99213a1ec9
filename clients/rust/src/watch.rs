//! What happens to entries, over cuts and restarts.

use crate::client::{percent_encoded, segment, Client};
use crate::error::{Error, Problem, Result};
use crate::transport::Request;
use serde::Deserialize;
use std::io::{BufRead, BufReader, Read};
use std::thread;

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
    query: String,
    from: From,
}

impl WatchRequest {
    pub(crate) fn new(client: Client, namespace: &str) -> Self {
        let (key, query, from) = (None, String::from("?"), From::Now);
        WatchRequest { client, namespace: namespace.into(), key, query, from }
    }

    /// One key only.
    #[must_use]
    pub fn key(mut self, key: &str) -> Self {
        self.key = Some(key.into());
        self
    }

    /// Only keys that begin so.
    #[must_use]
    pub fn prefix(mut self, prefix: &str) -> Self {
        self.query.push_str(&format!("prefix={}&", percent_encoded(prefix)));
        self
    }

    /// Only some kinds of events.
    #[must_use]
    pub fn events(mut self, kinds: &[&str]) -> Self {
        self.query.push_str(&format!("events={}&", percent_encoded(&kinds.join(","))));
        self
    }

    /// With the values that events brought.
    #[must_use]
    pub fn values(mut self) -> Self {
        self.query.push_str("values=true&");
        self
    }

    /// Where to begin; now by default.
    #[must_use]
    pub fn from(mut self, from: From) -> Self {
        self.from = from;
        self
    }

    /// Opens the stream. Everything that happens from now on is told.
    pub fn open(self) -> Result<Watch> {
        let mut watch = Watch { request: self, last: None, stream: None, failures: 0 };
        watch.connect()?;
        Ok(watch)
    }

    fn request(&self, last: Option<&str>) -> Result<Request> {
        let mut target = format!("/v1/watch/{}", segment(&self.namespace)?);
        if let Some(key) = &self.key {
            target.push('/');
            target.push_str(&segment(key)?);
        }
        target.push_str(&self.query);
        target.push_str(match self.from {
            From::Start => "from=start",
            _ => "from=now",
        });
        let request = Request::new("GET", target).header("Accept", "text/event-stream");
        let first = match &self.from {
            From::After(id) => Some(id.as_str()),
            _ => None,
        };
        Ok(match last.or(first) {
            Some(id) => request.header("Last-Event-ID", id),
            None => request,
        })
    }
}

/// Events one after the other, for ever. A stream that is cut is resumed after its last event, with
/// backoff, so none is missing and none comes twice.
///
/// It ends after an error that a resumption cannot mend, such as `position-compacted`. After
/// [`Error::WatchGap`] it goes on: the stream was cut before its first event, so what happened
/// meanwhile may be missing.
pub struct Watch {
    request: WatchRequest,
    last: Option<String>,
    stream: Option<BufReader<Box<dyn Read + Send + Sync>>>,
    failures: u32,
}

impl Watch {
    /// The id of the newest event: another watch can go on [after](From::After) it.
    pub fn last_id(&self) -> Option<&str> {
        self.last.as_deref()
    }

    fn connect(&mut self) -> Result<()> {
        let request = self.request.request(self.last.as_deref())?;
        self.stream = Some(BufReader::new(self.request.client.open(request)?));
        Ok(())
    }

    /// Connects again, as long as it takes; whether what happened meanwhile may be missing.
    fn reconnect(&mut self) -> Result<bool> {
        loop {
            let backoff = *self.request.client.backoff();
            let failures = self.failures;
            self.failures = failures.saturating_add(1);
            match self.connect() {
                Ok(()) => return Ok(self.last.is_none() && self.request.from == From::Now),
                Err(error) if error.is_transient() => {
                    let asked = error.problem().and_then(Problem::retry_after);
                    thread::sleep(backoff.wait(failures, asked, &mut rand::thread_rng()));
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// The next event of the open stream; none when it was cut.
    fn read(&mut self) -> Option<Result<Event>> {
        let stream = self.stream.as_mut()?;
        let (mut id, mut kind, mut data) = (None, String::new(), String::new());
        let mut line = String::new();
        loop {
            line.clear();
            if !matches!(stream.read_line(&mut line), Ok(read) if read > 0) || !line.ends_with('\n')
            {
                return None;
            }
            let text = line.trim_end_matches(['\r', '\n']);
            match text.split_once(':').map(|(name, value)| (name, value.trim_start())) {
                Some(("id", value)) => id = Some(value.to_owned()),
                Some(("event", value)) => kind = value.to_owned(),
                Some(("data", value)) => data.push_str(value),
                None if text.is_empty() && !data.is_empty() => break,
                _ => (),
            }
        }
        Some(match serde_json::from_str::<Event>(&data) {
            Ok(event) => {
                self.failures = 0;
                if id.is_some() {
                    self.last = id.clone();
                }
                Ok(Event { id, event: kind, ..event })
            }
            Err(error) => Err(Error::Unreadable(error.to_string())),
        })
    }
}

impl Iterator for Watch {
    type Item = Result<Event>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(read) = self.read() {
                return Some(read);
            }
            // An error that cannot be mended was told.
            self.stream.take()?;
            log::info!("watch-cut namespace={}", self.request.namespace);
            match self.reconnect() {
                Ok(false) => (),
                Ok(true) => return Some(Err(Error::WatchGap)),
                Err(error) => return Some(Err(error)),
            }
        }
    }
}
