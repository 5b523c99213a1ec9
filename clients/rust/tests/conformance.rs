//! Runs the vectors of `../conformance` through the client.

mod support;

use mayfly::{Client, FenceVerifier, ProblemKind, Request, Value as Stored, WatchRequest};
use serde_json::{json, Map, Value};
use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{channel, Receiver};
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant, SystemTime};
use support::Server;

type Check<T = ()> = Result<T, String>;
type Captured = HashMap<String, Value>;

const CASES_MIN: usize = 300;
const PATIENCE: Duration = Duration::from_secs(10);

#[test]
fn client_conforms_to_every_vector() {
    let server = Server::shared();
    let cases = cases();
    assert!(cases.len() >= CASES_MIN, "{} cases", cases.len());
    let (next, failures) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                while let Some((group, case)) = cases.get(next.fetch_add(1, Ordering::SeqCst)) {
                    if let Err(text) = Run::new(&server.url).case(case) {
                        let name = format!("{group}/{}", case["name"].as_str().unwrap());
                        failures.lock().unwrap().push(format!("{name}: {text}"));
                    }
                }
            });
        }
    });
    let failures = failures.into_inner().unwrap();
    println!("conformance: {} cases, {} failed", cases.len(), failures.len());
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

/// A runner that took every answer would prove nothing.
#[test]
fn runner_refuses_what_differs() {
    for (expected, actual) in [
        (json!({"a": 1}), json!({"a": 2})),
        (json!({"a": 1}), json!({})),
        (json!({"$exactly": {"a": 1}}), json!({"a": 1, "b": 2})),
        (json!({"a": {"$absent": true}}), json!({"a": null})),
        (json!([1]), json!([1, 2])),
        (json!({"$any": "instant"}), json!("2026-01-02T03:04:05Z")),
        (json!({"$above": 3}), json!(3)),
        (json!({"$not": "a"}), json!("a")),
        (json!({"$contains": [{"a": 1}]}), json!([{"a": 2}])),
        (json!({"$oneOf": [1, 2]}), json!(3)),
    ] {
        let matched = matches(&expected, Some(&actual), false, "", &mut Captured::new());
        assert!(matched.is_err(), "{expected} took {actual}");
    }
}

fn cases() -> Vec<(String, Value)> {
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/../conformance");
    let read = |path: &std::path::Path| -> Value {
        serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
    };
    let version = read(format!("{directory}/version.json").as_ref());
    assert_eq!(version["version"], 1);
    let mut cases = Vec::new();
    for file in std::fs::read_dir(format!("{directory}/cases")).unwrap() {
        let document = read(&file.unwrap().path());
        let group = document["group"].as_str().unwrap().to_owned();
        for case in document["cases"].as_array().unwrap() {
            cases.push((group.clone(), case.clone()));
        }
    }
    assert_eq!(version["cases"], cases.len());
    cases
}

struct Run {
    client: Client,
    address: String,
    variables: Captured,
    started: HashMap<String, TcpStream>,
    streams: HashMap<String, Receiver<Check<Value>>>,
}

struct Received {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Run {
    fn new(url: &str) -> Self {
        let variables = Captured::from([(
            "ns".to_owned(),
            json!(format!("c{:010}", rand::random::<u64>() % 10_000_000_000)),
        )]);
        let client = Client::builder(url).attempt_timeout(Duration::from_secs(15)).build().unwrap();
        let address = url.trim_start_matches("http://").to_owned();
        Run { client, address, variables, started: HashMap::new(), streams: HashMap::new() }
    }

    fn case(&mut self, case: &Value) -> Check {
        if let Some(canonical) = case.get("canonical") {
            return check_canonical(canonical);
        }
        if let Some(tokens) = case.get("fence") {
            return check_fence(tokens);
        }
        if let Some(contract) = case.get("contract") {
            let put = json!({"method": "PUT", "path": "/v1/contracts/${ns}", "json": contract});
            let answer = self.exchange(&put)?;
            self.require(&json!({"status": 201}), &answer)?;
        }
        for step in case["steps"].as_array().ok_or("no steps")? {
            self.step(step).map_err(|text| format!("{step}\n  {text}"))?;
        }
        Ok(())
    }

    fn step(&mut self, step: &Value) -> Check {
        let name = |member: &str| step[member].as_str().map(str::to_owned);
        if let Some(stream) = name("open") {
            let opened = self.open(step)?;
            self.streams.insert(stream, opened);
        } else if let Some(stream) = name("read") {
            self.read(&stream, &step["events"])?;
        } else if let Some(stream) = name("cut") {
            // The thread that reads closes the connection when nobody takes its next event.
            self.streams.remove(&stream).ok_or("no such stream")?;
        } else if let Some(request) = name("background") {
            let started = self.start(step, "")?;
            self.started.insert(request, started);
        } else if let Some(request) = name("finish") {
            let stream = self.started.remove(&request).ok_or("not begun")?;
            self.require(&step["expect"], &finish(stream)?)?;
        } else if let Some(request) = name("abandon") {
            let stream = self.started.remove(&request).ok_or("not begun")?;
            stream.shutdown(Shutdown::Both).map_err(text)?;
        } else {
            let patience = name("retryFor").map_or(0, |t| t.trim_end_matches('s').parse().unwrap());
            let (start, limit) = (Instant::now(), Duration::from_secs(patience));
            loop {
                let answer = self.exchange(step)?;
                match self.require(&step["expect"], &answer) {
                    Err(_) if start.elapsed() < limit => thread::sleep(Duration::from_millis(50)),
                    result => return result.map_err(|text| text + &self.early_answers()),
                }
            }
        }
        Ok(())
    }

    /// What came to requests that were expected to be under way still.
    fn early_answers(&mut self) -> String {
        let started = std::mem::take(&mut self.started);
        let answers = started.into_iter().filter_map(|(name, stream)| {
            stream.set_nonblocking(true).ok()?;
            let answer = finish(stream).ok()?;
            let body = String::from_utf8_lossy(&answer.body).into_owned();
            Some(format!("\n  while {name} had {} {body}", answer.status))
        });
        answers.collect()
    }

    fn request(&self, step: &Value) -> Check<Request> {
        let method = step["method"].as_str().unwrap_or("GET");
        let mut request = Request::new(method, self.text(step["path"].as_str().ok_or("no path")?)?);
        for (name, value) in step["headers"].as_object().unwrap_or(&Map::new()) {
            request = request.header(name, self.text(value.as_str().ok_or("no text")?)?);
        }
        if let Some(document) = step.get("json") {
            if step["headers"].get("Content-Type").is_none() {
                request = request.header("Content-Type", "application/json");
            }
            request.body = Some(self.filled(document)?.to_string().into_bytes());
        } else if let Some(text) = step["text"].as_str() {
            request.body = Some(self.text(text)?.into_bytes());
        } else if let Some(hex) = step["hex"].as_str() {
            request.body = Some(unhex(hex));
        }
        Ok(request)
    }

    fn exchange(&self, step: &Value) -> Check<Received> {
        let answer = self.client.exchange(&self.request(step)?).map_err(text)?;
        let typed = answer.problem();
        let received =
            Received { status: answer.status, headers: answer.headers, body: answer.body };
        // Every problem that a vector names has a type of its own in the client.
        if let (Some(name), Some(problem)) = (step["expect"]["problem"].as_str(), typed) {
            let problem_type = received.json()?["type"] == format!("urn:mayfly:problem:{name}");
            if problem_type
                && (problem.kind() == ProblemKind::Other || problem.kind().name() != name)
            {
                return Err(format!("{name} was read as {:?}", problem.kind()));
            }
        }
        Ok(received)
    }

    /// Sends a request on a connection of its own, which can be closed at any time.
    fn start(&self, step: &Value, more: &str) -> Check<TcpStream> {
        let request = self.request(step)?;
        let body = request.body.unwrap_or_default();
        let mut head = format!("{} {} HTTP/1.1\r\n", request.method, request.target);
        for (name, value) in &request.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str(&format!("Host: x\r\nContent-Length: {}\r\n", body.len()));
        let mut stream = TcpStream::connect(&self.address).map_err(text)?;
        stream.set_read_timeout(Some(PATIENCE)).map_err(text)?;
        stream.write_all((head + more + "\r\n").as_bytes()).map_err(text)?;
        stream.write_all(&body).map_err(text)?;
        Ok(stream)
    }

    /// Server-sent events of a watch come through the client's own watch; other streams as lines.
    fn open(&mut self, step: &Value) -> Check<Receiver<Check<Value>>> {
        let (sender, receiver) = channel();
        let request = self.request(step)?;
        let accept = request.headers.iter().any(|(name, _)| name == "Accept");
        if request.target.starts_with("/v1/watch/") && !accept {
            let watch = self.watch(&request)?.open().map_err(text)?;
            thread::spawn(move || {
                for event in watch {
                    if sender.send(event.map(document).map_err(text)).is_err() {
                        return;
                    }
                }
            });
            return Ok(receiver);
        }
        let mut reader = BufReader::new(self.start(step, "")?);
        let (status, _) = read_head(&mut reader)?;
        if status != 200 {
            return Err(format!("opened with {status}"));
        }
        thread::spawn(move || {
            let mut event = Map::new();
            // Sizes of chunks are lines without a colon before a brace, and are passed over.
            for line in reader.lines() {
                let line = match line {
                    Ok(line) => line,
                    Err(error) => return drop(sender.send(Err(text(error)))),
                };
                if line.starts_with('{') {
                    let data: Value = serde_json::from_str(&line).unwrap();
                    let whole = json!({"id": data["id"], "event": data["event"], "data": data});
                    drop(sender.send(Ok(whole)));
                } else if let Some((name, value)) = line.split_once(": ") {
                    let value = value.trim();
                    let read = serde_json::from_str(value).unwrap_or_else(|_| json!(value));
                    event.insert(name.to_owned(), read);
                } else if line.is_empty() && event.contains_key("data") {
                    drop(sender.send(Ok(std::mem::take(&mut event).into())));
                }
            }
        });
        Ok(receiver)
    }

    fn watch(&self, request: &Request) -> Check<WatchRequest> {
        let (path, query) = request.target.split_once('?').unwrap_or((&request.target, ""));
        let mut names = path.trim_start_matches("/v1/watch/").split('/');
        let mut watch = self.client.watch(names.next().unwrap());
        let last = request.headers.iter().find(|(name, _)| name == "Last-Event-ID");
        if let Some(key) = names.next() {
            watch = watch.key(key);
        }
        for (name, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
            let value = value.replace("%2F", "/");
            watch = match (name, value.as_str()) {
                ("prefix", prefix) => watch.prefix(prefix),
                ("events", kinds) => watch.events(&kinds.split(',').collect::<Vec<_>>()),
                ("values", "true") => watch.values(),
                ("from", _) if last.is_some() => watch,
                ("from", "start") => watch.from_start(),
                ("from", "now") => watch,
                ("from", id) => watch.after(id),
                _ => return Err(format!("no parameter of a watch: {name}={value}")),
            };
        }
        Ok(match last {
            Some((_, id)) => watch.after(id),
            None => watch,
        })
    }

    fn read(&mut self, stream: &str, expected: &Value) -> Check {
        let events = self.streams.get(stream).ok_or("no such stream")?;
        let mut captured = Captured::new();
        for expected in expected.as_array().ok_or("no events")? {
            let event = events.recv_timeout(PATIENCE).map_err(text)??;
            matches(&self.filled(expected)?, Some(&event), false, "event", &mut captured)?;
        }
        self.variables.extend(captured);
        Ok(())
    }

    fn require(&mut self, expect: &Value, answer: &Received) -> Check {
        let mut captured = Captured::new();
        let expect = self.filled(expect)?;
        for (what, expected) in expect.as_object().ok_or("nothing is expected")? {
            answer.require(what, expected, &mut captured).map_err(|mismatch| {
                let body = String::from_utf8_lossy(&answer.body);
                format!("{mismatch}\n  in {} {:?} {body}", answer.status, answer.headers)
            })?;
        }
        self.variables.extend(captured);
        Ok(())
    }

    fn text(&self, text: &str) -> Check<String> {
        let mut parts = text.split("${");
        let mut all = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (name, rest) = part.split_once('}').ok_or("an open variable")?;
            match self.variable(name)? {
                Value::String(text) => all.push_str(&text),
                other => all.push_str(&other.to_string()),
            }
            all.push_str(rest);
        }
        Ok(all)
    }

    fn filled(&self, document: &Value) -> Check<Value> {
        Ok(match document {
            Value::String(text) => {
                let whole = text.strip_prefix("${").and_then(|rest| rest.strip_suffix('}'));
                match whole.filter(|name| !name.contains('}')) {
                    Some(name) => self.variable(name)?,
                    None => self.text(text)?.into(),
                }
            }
            Value::Array(items) => {
                items.iter().map(|item| self.filled(item)).collect::<Check<Vec<_>>>()?.into()
            }
            Value::Object(members) => {
                let filled = members.iter().map(|(n, m)| Ok((n.clone(), self.filled(m)?)));
                filled.collect::<Check<Map<_, _>>>()?.into()
            }
            other => other.clone(),
        })
    }

    fn variable(&self, name: &str) -> Check<Value> {
        if let Some(offset) = name.strip_prefix("now") {
            let unit = match offset.chars().last() {
                Some('m') => 60,
                Some('h') => 3600,
                Some('d') => 86_400,
                _ => 1,
            };
            let number: i64 = match offset.trim_end_matches(['s', 'm', 'h', 'd']) {
                "" => 0,
                number => number.parse().map_err(text)?,
            };
            let distance = Duration::from_secs(number.unsigned_abs() * unit);
            let now = SystemTime::now();
            let at = if number < 0 { now - distance } else { now + distance };
            return Ok(humantime::format_rfc3339_millis(at).to_string().into());
        }
        self.variables.get(name).cloned().ok_or(format!("nothing was captured as {name}"))
    }
}

impl Received {
    fn header(&self, name: &str) -> Option<Value> {
        let found = self.headers.iter().find(|(other, _)| other.eq_ignore_ascii_case(name));
        found.map(|(_, value)| json!(value))
    }

    fn json(&self) -> Check<Value> {
        serde_json::from_slice(&self.body).map_err(text)
    }

    fn require(&self, what: &str, expected: &Value, captured: &mut Captured) -> Check {
        let mut body = |actual: Value| matches(expected, Some(&actual), false, "body", captured);
        match what {
            "status" => body(json!(self.status)),
            "json" => body(self.json()?),
            "text" => body(String::from_utf8_lossy(&self.body).into()),
            "hex" => body(hex(&self.body).into()),
            "cbor" => {
                body(Stored::from_cbor(&self.body).and_then(|value| value.to()).map_err(text)?)
            }
            "cborSeq" => body(sequence(&self.body)?),
            "ndjson" => {
                let text = String::from_utf8_lossy(&self.body);
                let lines = text.lines().filter(|line| !line.is_empty());
                body(lines.map(|l| serde_json::from_str(l).unwrap()).collect::<Vec<Value>>().into())
            }
            "headers" => {
                for (name, expected) in expected.as_object().ok_or("no headers")? {
                    let actual = self.header(name);
                    matches(expected, actual.as_ref(), false, name, captured)?;
                }
                Ok(())
            }
            "problem" => {
                let expected = format!("urn:mayfly:problem:{}", expected.as_str().unwrap());
                let expected = json!({"type": expected, "status": self.status});
                matches(&expected, Some(&self.json()?), false, "problem", captured)?;
                let typed = self.header("Content-Type");
                matches(&json!("application/problem+json"), typed.as_ref(), false, "type", captured)
            }
            _ => Err(format!("nothing to expect has the name {what}")),
        }
    }
}

fn finish(mut stream: TcpStream) -> Check<Received> {
    let mut reader = BufReader::new(&mut stream);
    let (status, headers) = read_head(&mut reader)?;
    let length = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("Content-Length"));
    let length = length.map_or(Ok(0), |(_, value)| value.parse()).map_err(text)?;
    let mut body = vec![0; length];
    reader.read_exact(&mut body).map_err(text)?;
    Ok(Received { status, headers, body })
}

fn read_head(reader: &mut impl BufRead) -> Check<(u16, Vec<(String, String)>)> {
    let (mut line, mut headers) = (String::new(), Vec::new());
    reader.read_line(&mut line).map_err(text)?;
    let status = line.split(' ').nth(1).and_then(|status| status.parse().ok()).ok_or("no head")?;
    loop {
        line.clear();
        reader.read_line(&mut line).map_err(text)?;
        match line.trim_end().split_once(": ") {
            Some((name, value)) => headers.push((name.to_owned(), value.to_owned())),
            None => return Ok((status, headers)),
        }
    }
}

fn document(event: mayfly::Event) -> Value {
    let mut data = json!({
        "namespace": event.namespace, "key": event.key, "incarnation": event.incarnation,
        "revision": event.revision, "at": event.at, "expiresAt": event.expires_at,
        "outcome": event.outcome, "reason": event.reason, "lateMs": event.late_ms,
        "producer": event.producer, "caller": event.caller, "traceparent": event.traceparent,
        "value": event.value, "detail": event.detail, "standing": event.standing.then_some(true),
    });
    data.as_object_mut().unwrap().retain(|_, member| !member.is_null());
    json!({"id": event.id, "event": event.event, "data": data})
}

fn check_canonical(case: &Value) -> Check {
    let value: Stored = match (case["json"].as_str(), case["cbor"].as_str()) {
        (Some(json), _) => serde_json::from_str(json).map_err(text)?,
        (_, Some(cbor)) => Stored::from_cbor(&unhex(cbor)).map_err(text)?,
        _ => return Err("no value".into()),
    };
    let again = Stored::from_cbor(&value.to_cbor()).map_err(text)?;
    matches(&case["hex"], Some(&hex(&value.to_cbor()).into()), false, "hex", &mut Captured::new())?;
    matches(
        &case["hex"],
        Some(&hex(&again.to_cbor()).into()),
        false,
        "again",
        &mut Captured::new(),
    )?;
    matches(
        &case["digest"],
        Some(&mayfly::digest(&value).into()),
        false,
        "digest",
        &mut Captured::new(),
    )
}

fn check_fence(tokens: &Value) -> Check {
    let verifier = FenceVerifier::default();
    for pair in tokens.as_array().ok_or("no tokens")? {
        let accepted = verifier.accept(pair[0].as_u64().unwrap()).is_ok();
        if accepted != pair[1].as_bool().unwrap() {
            return Err(format!("{pair}: {accepted}"));
        }
    }
    Ok(())
}

fn matches(
    expected: &Value,
    actual: Option<&Value>,
    exactly: bool,
    place: &str,
    captured: &mut Captured,
) -> Check {
    let no = || Err(format!("{place}: expected {expected}, found {actual:?}"));
    let is_matcher = expected
        .as_object()
        .and_then(|all| all.keys().next())
        .map_or(false, |n| n.starts_with('$'));
    if is_matcher {
        for (rule, operand) in expected.as_object().unwrap() {
            if !rule_holds(rule, operand, actual, exactly, place, captured)? {
                return no();
            }
        }
        return Ok(());
    }
    match (expected, actual) {
        (Value::Object(members), Some(Value::Object(found))) => {
            for (name, member) in members {
                matches(member, found.get(name), exactly, &format!("{place}/{name}"), captured)?;
            }
            if exactly && found.keys().any(|name| !members.contains_key(name)) {
                return no();
            }
        }
        (Value::Array(items), Some(Value::Array(found))) if items.len() == found.len() => {
            for (i, (item, found)) in items.iter().zip(found).enumerate() {
                matches(item, Some(found), exactly, &format!("{place}/{i}"), captured)?;
            }
        }
        (Value::Number(_), Some(found)) if equal(expected, found) => (),
        (expected, Some(found)) if expected == found => (),
        _ => return no(),
    }
    Ok(())
}

fn rule_holds(
    rule: &str,
    operand: &Value,
    actual: Option<&Value>,
    exactly: bool,
    place: &str,
    captured: &mut Captured,
) -> Check<bool> {
    let number = |value: &Value| match value {
        Value::String(text) if text.bytes().all(|b| b.is_ascii_digit()) => text.parse().ok(),
        other => other.as_f64(),
    };
    if rule == "$absent" {
        return Ok(actual.is_none());
    }
    let found = match actual {
        Some(found) => found,
        None => return Ok(false),
    };
    let mut tried = |expected: &Value, found: &Value| {
        let mut own = Captured::new();
        let holds = matches(expected, Some(found), exactly, place, &mut own).is_ok();
        if holds {
            captured.extend(own);
        }
        holds
    };
    let bound = |at: usize| operand[at].as_f64().ok_or("no bound");
    Ok(match rule {
        "$any" => is_of(operand.as_str().unwrap(), found)?,
        "$not" => !tried(operand, found),
        "$oneOf" => operand.as_array().unwrap().iter().any(|one| tried(one, found)),
        "$contains" => {
            let items = found.as_array().ok_or("no array")?;
            operand.as_array().unwrap().iter().all(|one| items.iter().any(|item| tried(one, item)))
        }
        "$above" => number(found) > number(operand),
        "$between" => {
            let found = number(found).ok_or("no number")?;
            bound(0)? <= found && found <= bound(1)?
        }
        "$exactly" => {
            matches(operand, actual, true, place, captured)?;
            true
        }
        "$capture" => {
            captured.insert(operand.as_str().unwrap().to_owned(), found.clone());
            true
        }
        _ => return Err(format!("no matcher has the name {rule}")),
    })
}

fn is_of(kind: &str, found: &Value) -> Check<bool> {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    Ok(match kind {
        "anything" => true,
        "text" => found.is_string(),
        "instant" => found
            .as_str()
            .map_or(false, |text| text.len() == 24 && humantime::parse_rfc3339(text).is_ok()),
        "etag" => {
            let inner = found.as_str().and_then(|t| t.strip_prefix('"')?.strip_suffix('"'));
            inner.and_then(|t| t.split_once('.')).map_or(false, |(i, r)| digits(i) && digits(r))
        }
        "integer" => found.is_u64() || found.is_i64() || found.as_str().map_or(false, digits),
        "number" => found.is_number(),
        "boolean" => found.is_boolean(),
        "object" => found.is_object(),
        "array" => found.is_array(),
        _ => return Err(format!("nothing is of the kind {kind}")),
    })
}

fn equal(one: &Value, other: &Value) -> bool {
    let whole = |value: &Value| value.as_i64().map(i128::from).or(value.as_u64().map(i128::from));
    match (whole(one), whole(other)) {
        (Some(one), Some(other)) => one == other,
        _ => one.as_f64().is_some() && one.as_f64() == other.as_f64(),
    }
}

/// No item of CBOR begins another one, so each ends where it first can be read.
fn sequence(bytes: &[u8]) -> Check<Value> {
    let (mut items, mut rest) = (Vec::new(), bytes);
    while !rest.is_empty() {
        let read =
            (1..=rest.len()).find_map(|end| Some((Stored::from_cbor(&rest[..end]).ok()?, end)));
        let (item, end) = read.ok_or("no item")?;
        items.push(item.to::<Value>().map_err(text)?);
        rest = &rest[end..];
    }
    Ok(items.into())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Vec<u8> {
    let pairs = (0..text.len()).step_by(2);
    pairs.map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}
