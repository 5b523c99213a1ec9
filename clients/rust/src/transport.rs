//! One request and one answer, without any opinion.

use crate::client::percent_encoded;
use crate::error::{Error, Problem, Result};
use mayfly_cbor::Value;
use serde::Serialize;
use std::io::Read;
use std::time::Duration;

const BODY_BYTES_MAX: u64 = 64 * 1024 * 1024;
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// A stream is silent for 15 s at most; after this long its connection is dead.
const SILENCE_MAX: Duration = Duration::from_secs(40);
const IDLE_CONNECTIONS_MAX: usize = 64;

/// A request as it is sent.
#[derive(Debug, Clone)]
#[must_use]
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
    pub fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// The same with a body of this type.
    pub fn body(self, content_type: &str, body: Vec<u8>) -> Self {
        let mut request = self.header("Content-Type", content_type);
        request.body = Some(body);
        request
    }

    /// The same with one more parameter in its query.
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

    /// The same, unless it is a refusal.
    pub(crate) fn accepted(self) -> Result<Self> {
        match self.problem() {
            Some(problem) => Err(Error::Problem(Box::new(problem))),
            None => Ok(self),
        }
    }

    /// The document, in the format that it came in.
    pub fn document(&self) -> Result<Value> {
        if self.header("Content-Type").unwrap_or_default().starts_with("application/cbor") {
            return Ok(Value::from_cbor(&self.body)?);
        }
        serde_json::from_slice(&self.body).map_err(Error::unreadable)
    }
}

/// A document as JSON.
pub(crate) fn json<T: Serialize + ?Sized>(document: &T) -> Result<Vec<u8>> {
    serde_json::to_vec(document).map_err(Error::invalid)
}

/// The connections to one server.
#[derive(Debug)]
pub(crate) struct Transport {
    base: String,
    agent: ureq::Agent,
}

/// The body of an answer, as it comes.
pub(crate) type Body = Box<dyn Read + Send + Sync>;

impl Transport {
    pub(crate) fn new(url: &str) -> Result<Self> {
        let base = url.trim_end_matches('/');
        if !base.starts_with("http://") && !base.starts_with("https://") {
            return Err(Error::invalid(format!("not an http address: {url}")));
        }
        let agent = ureq::AgentBuilder::new()
            .redirects(0)
            .max_idle_connections(IDLE_CONNECTIONS_MAX)
            .max_idle_connections_per_host(IDLE_CONNECTIONS_MAX)
            .timeout_connect(CONNECT_TIMEOUT)
            .timeout_read(SILENCE_MAX)
            .user_agent(concat!("mayfly-rust/", env!("CARGO_PKG_VERSION")))
            .build();
        Ok(Transport { base: base.into(), agent })
    }

    /// Sends a request and reads its whole answer within this time.
    pub(crate) fn exchange(&self, request: &Request, timeout: Duration) -> Result<Answer> {
        let (mut answer, body) = self.send(request, Some(timeout))?;
        body.take(BODY_BYTES_MAX).read_to_end(&mut answer.body).map_err(Error::unanswered)?;
        Ok(answer)
    }

    /// Sends a request and hands out the head of its answer, and the body as it comes.
    pub(crate) fn send(
        &self,
        request: &Request,
        timeout: Option<Duration>,
    ) -> Result<(Answer, Body)> {
        let url = format!("{}{}", self.base, request.target);
        let mut call = self.agent.request(&request.method, &url);
        for (name, value) in &request.headers {
            call = call.set(name, value);
        }
        if let Some(timeout) = timeout {
            call = call.timeout(timeout);
        }
        let bodiless = matches!(request.method.as_str(), "GET" | "HEAD" | "DELETE");
        let sent = match &request.body {
            None if bodiless => call.call(),
            body => call.send_bytes(body.as_deref().unwrap_or_default()),
        };
        let response = match sent {
            Ok(response) | Err(ureq::Error::Status(_, response)) => response,
            Err(ureq::Error::Transport(error)) => return Err(Error::unanswered(error)),
        };
        let header = |name: &String| {
            (name.to_ascii_lowercase(), response.header(name).unwrap_or_default().to_owned())
        };
        let headers = response.headers_names().iter().map(header).collect();
        let answer = Answer { status: response.status(), headers, body: Vec::new() };
        Ok((answer, response.into_reader()))
    }
}
