//! One request and one answer, without any opinion.

use crate::client::percent_encoded;
use crate::error::{Error, Problem, Result};
use std::io::Read;
use std::time::Duration;

const BODY_BYTES_MAX: u64 = 64 * 1024 * 1024;
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// A stream is silent for 15 s at most; after this long its connection is dead.
const SILENCE_MAX: Duration = Duration::from_secs(40);
const IDLE_CONNECTIONS_MAX: usize = 64;

/// A request as it is sent.
#[derive(Debug, Clone)]
pub struct Request {
    /// `GET`, `PUT` and so on.
    pub method: String,
    /// The path with its query, percent-encoded.
    pub target: String,
    /// Names and values.
    pub headers: Vec<(String, String)>,
    /// The body; none for a request without one.
    pub body: Option<Vec<u8>>,
}

impl Request {
    /// A request without headers and body.
    pub fn new(method: &str, target: impl Into<String>) -> Self {
        Request { method: method.into(), target: target.into(), headers: Vec::new(), body: None }
    }

    /// The same with one more header.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// The same with a body of this type.
    #[must_use]
    pub fn body(self, content_type: &str, body: Vec<u8>) -> Self {
        let mut request = self.header("Content-Type", content_type);
        request.body = Some(body);
        request
    }

    /// The same with one more parameter in its query.
    #[must_use]
    pub fn parameter(mut self, name: &str, value: &str) -> Self {
        let mark = if self.target.contains('?') { '&' } else { '?' };
        self.target = format!("{}{mark}{name}={}", self.target, percent_encoded(value));
        self
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.headers.iter().any(|(other, _)| other.eq_ignore_ascii_case(name))
    }
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// Names, in lower case, and values.
    pub headers: Vec<(String, String)>,
    /// The whole body.
    pub body: Vec<u8>,
}

impl Answer {
    /// The first header with this name, in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(other, _)| other.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// The problem, when the server refused.
    pub fn problem(&self) -> Option<Problem> {
        (self.status >= 400).then(|| Problem::of(self))
    }
}

/// The connections to one server.
#[derive(Debug)]
pub(crate) struct Transport {
    base: String,
    agent: ureq::Agent,
    streams: ureq::Agent,
}

impl Transport {
    pub(crate) fn new(url: &str) -> Result<Self> {
        let base = url.trim_end_matches('/');
        if !base.starts_with("http://") && !base.starts_with("https://") {
            return Err(Error::invalid(format!("not an http address: {url}")));
        }
        let agent = |read: Option<Duration>| {
            let builder = ureq::AgentBuilder::new()
                .redirects(0)
                .max_idle_connections(IDLE_CONNECTIONS_MAX)
                .max_idle_connections_per_host(IDLE_CONNECTIONS_MAX)
                .timeout_connect(CONNECT_TIMEOUT)
                .user_agent(concat!("mayfly-rust/", env!("CARGO_PKG_VERSION")));
            match read {
                Some(silence) => builder.timeout_read(silence).build(),
                None => builder.build(),
            }
        };
        Ok(Transport { base: base.into(), agent: agent(None), streams: agent(Some(SILENCE_MAX)) })
    }

    /// Sends a request and reads its whole answer within this time.
    pub(crate) fn exchange(&self, request: &Request, timeout: Duration) -> Result<Answer> {
        let response = self.send(&self.agent, request, Some(timeout))?;
        let (status, headers) = head(&response);
        let mut body = Vec::new();
        let read = response.into_reader().take(BODY_BYTES_MAX).read_to_end(&mut body);
        read.map_err(Error::unanswered)?;
        Ok(Answer { status, headers, body })
    }

    /// Sends a request and hands out the body of its answer as it comes. A refusal is an error.
    pub(crate) fn stream(
        &self,
        request: &Request,
    ) -> Result<(Answer, Box<dyn Read + Send + Sync>)> {
        let response = self.send(&self.streams, request, None)?;
        let (status, headers) = head(&response);
        Ok((Answer { status, headers, body: Vec::new() }, response.into_reader()))
    }

    fn send(
        &self,
        agent: &ureq::Agent,
        request: &Request,
        timeout: Option<Duration>,
    ) -> Result<ureq::Response> {
        let mut call = agent.request(&request.method, &format!("{}{}", self.base, request.target));
        for (name, value) in &request.headers {
            call = call.set(name, value);
        }
        if let Some(timeout) = timeout {
            call = call.timeout(timeout);
        }
        let bodiless = matches!(request.method.as_str(), "GET" | "HEAD" | "DELETE");
        let sent = match &request.body {
            Some(body) => call.send_bytes(body),
            None if bodiless => call.call(),
            None => call.send_bytes(&[]),
        };
        match sent {
            Ok(response) | Err(ureq::Error::Status(_, response)) => Ok(response),
            Err(ureq::Error::Transport(error)) => Err(Error::unanswered(error)),
        }
    }
}

fn head(response: &ureq::Response) -> (u16, Vec<(String, String)>) {
    let names = response.headers_names();
    let values = names.iter().map(|name| {
        let value = response.header(name).unwrap_or_default();
        (name.to_ascii_lowercase(), value.to_owned())
    });
    (response.status(), values.collect())
}
