//! What the client does beyond single requests.

mod support;

use mayfly::{Client, Encoding, Error, Mirror, ProblemKind, Report, Value};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::sync::mpsc::{channel, Receiver};
use std::thread;
use std::time::{Duration, Instant};
use support::{fresh, Server};

const HOUR: Duration = Duration::from_secs(3600);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Cart {
    items: Vec<String>,
    total: f64,
    owner: Option<String>,
}

#[test]
fn problems_are_told_by_type() {
    let server = Server::shared();
    let client = server.client();
    let name = fresh("types");
    let contract = json!({"lifetime": {"default": "30s", "max": "60s"}});
    client.put_document(&format!("/v1/contracts/{name}"), &contract).unwrap();
    let space = client.namespace(&name);

    let unknown = space.get::<Cart>("none").unwrap_err();
    assert_eq!(unknown.kind(), Some(ProblemKind::UnknownKey));
    assert!(unknown.is_absent());
    assert!(space.find::<Cart>("none").unwrap().is_none());
    let violation = space.put("k", &1).unwrap().ttl(HOUR).send().unwrap_err();
    assert_eq!(violation.problem().unwrap().errors[0].rule, "lifetime.max");
    let receipt = space.put("k", &1).unwrap().create_only().send().unwrap();
    let twice = space.put("k", &2).unwrap().create_only().send().unwrap_err();
    assert_eq!(twice.kind(), Some(ProblemKind::PreconditionFailed));
    assert_eq!(twice.problem().unwrap().etag.as_deref(), Some(receipt.meta.etag.as_str()));
    assert!(matches!(space.get::<i32>(".."), Err(Error::Invalid(_))));
}

#[test]
fn entry_of_any_encoding_is_read_as_it_was_written() {
    let server = Server::shared();
    let cart = Cart { items: vec!["a/b".into(), "ü".into()], total: 12.5, owner: None };
    for encoding in [Encoding::Json, Encoding::Cbor] {
        let client = Client::builder(&server.url).encoding(encoding).build().unwrap();
        let space = client.namespace(fresh("encoding"));
        let receipt = space.put("a/ü 🦋", &cart).unwrap().ttl(HOUR).send().unwrap();
        assert_eq!((receipt.outcome.as_str(), receipt.meta.revision), ("created", 1));
        assert_eq!(space.get::<Cart>("a/ü 🦋").unwrap().value, cart);
        let sum = space.increment("count", 2).unwrap().send().unwrap();
        assert_eq!(sum.number::<u64>().unwrap(), 2);
        assert_eq!(space.list("").unwrap().len(), 2);
        let bytes = Value::Map([("raw".into(), Value::Bytes(vec![0, 255, 7]))].into());
        space.put_value("bytes", &bytes).unwrap().send().unwrap();
        assert_eq!(space.value("bytes").unwrap(), bytes);
    }
}

#[test]
fn updates_of_many_at_once_are_all_kept() {
    let server = Server::shared();
    let client = server.client();
    let space = client.namespace(fresh("update"));
    thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| {
                for _ in 0..15 {
                    let add = |old: Option<u64>| old.unwrap_or(0) + 1;
                    space.update("n", add, |put| put.ttl(HOUR)).unwrap();
                }
            });
        }
    });
    assert_eq!(space.get::<u64>("n").unwrap().value, 90);
}

#[test]
fn whole_life_goes_through_its_calls() {
    let server = Server::shared();
    let trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    let client = server.client().traced(trace);
    let space = client.namespace(fresh("life"));
    space.put("k", &json!({"a": 1})).unwrap().ttl(HOUR).producer("cart-svc").send().unwrap();
    space.merge_patch("k", &json!({"b": 2})).unwrap().send().unwrap();
    let patch = json!([{"op": "remove", "path": "/a"}]);
    space.json_patch("k", &patch).unwrap().send().unwrap();
    space.touch("k").unwrap().ttl(HOUR * 2).send().unwrap();
    let back = space.rollback("k", 1).unwrap().send().unwrap();
    assert_eq!((back.outcome.as_str(), back.meta.revision), ("rolled-back", 5));
    assert_eq!(space.value_at("k", 3).unwrap(), Value::of(&json!({"b": 2})).unwrap());
    let again = space.delete("k").unwrap().idempotency_key("one").send().unwrap();
    assert!(!again.replayed && again.outcome == "deleted");
    assert!(space.delete("k").unwrap().idempotency_key("one").send().unwrap().replayed);
    let story = space.history("k", 10).unwrap();
    let kinds: Vec<&str> = story.iter().map(|event| event.event.as_str()).collect();
    assert_eq!(kinds, ["created", "updated", "updated", "renewed", "updated", "ended"]);
    assert_eq!(story[0].producer.as_deref(), Some("cart-svc"));
    let kept = story[0].traceparent.as_deref().unwrap_or_default();
    assert!(kept.contains("0af7651916cd43dd8448eb211c80319c"), "{kept}");
}

#[test]
fn mirror_follows_in_rounds() {
    let server = Server::shared();
    let space = server.client().namespace(fresh("mirror"));
    for i in 0..30 {
        space.put(&format!("k{i:02}"), &i).unwrap().ttl(HOUR).send().unwrap();
    }
    let mirror = Mirror::new(space.clone());
    let first = mirror.reconcile().unwrap();
    assert_eq!(first, round(&[("stale", 30)]));
    assert_eq!(mirror.get::<i32>("k07").unwrap(), Some(7));

    for i in 0..5 {
        space.put(&format!("k{i:02}"), &(i + 100)).unwrap().send().unwrap();
        space.delete(&format!("k{:02}", i + 10)).unwrap().send().unwrap();
    }
    let mut spoilt = mirror.entries()[20].clone();
    spoilt.value = json!("not so");
    mirror.believe(spoilt);
    let mut later = mirror.entries()[21].clone();
    later.meta.revision += 5;
    mirror.believe(later);
    let second = mirror.reconcile().unwrap();
    let mended = [("stale", 5), ("ended", 5), ("match", 18), ("diverged", 1), ("ahead", 1)];
    assert_eq!(second, round(&mended));
    assert_eq!(mirror.get::<i32>("k03").unwrap(), Some(103));
    assert_eq!(mirror.get::<i32>("k20").unwrap(), Some(20));
    assert_eq!(mirror.get::<i32>("k12").unwrap(), None);
    assert_eq!(mirror.reconcile().unwrap(), round(&[("match", 25)]));
}

fn round(verdicts: &[(&str, usize)]) -> Report {
    verdicts.iter().map(|(verdict, count)| (verdict.to_string(), *count)).collect()
}

#[test]
fn watch_over_kills_tells_every_revision_once() {
    let mut server = Server::start();
    let client = server.client();
    let name = fresh("watched");
    let space = client.namespace(&name);
    let watch = client.watch(&name).from_start().values().open().unwrap();
    let (sender, told) = channel();
    thread::spawn(move || {
        for event in watch {
            if sender.send(event.unwrap()).is_err() {
                return;
            }
        }
    });

    for round in 0..3u64 {
        for i in 0..40 {
            space.put("k", &(round * 40 + i)).unwrap().ttl(HOUR).send().unwrap();
        }
        if round < 2 {
            server.kill();
            server.launch();
        }
    }

    for revision in 1..=120 {
        let event = told.recv_timeout(Duration::from_secs(20)).unwrap();
        assert_eq!(event.revision, revision);
        assert_eq!(event.value, Some(json!(revision - 1)));
    }
}

#[test]
fn tries_are_of_one_key_and_wait_as_asked() {
    let busy = "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n";
    let unknown = "HTTP/1.1 504 Gateway Timeout\r\nContent-Length: 0\r\n\r\n";
    let cut = "";
    let (url, requests) = scripted(vec![busy.into(), unknown.into(), cut.into(), receipt()]);

    let start = Instant::now();
    let space = Client::new(url).unwrap().namespace("demo");
    space.increment("n", 1).unwrap().send().unwrap();

    assert!(start.elapsed() >= Duration::from_secs(1), "Retry-After was not waited for");
    let keys: Vec<String> =
        requests.try_iter().map(|head| header(&head, "idempotency-key")).collect();
    assert_eq!(keys.len(), 4);
    assert!(!keys[0].is_empty() && keys.iter().all(|key| *key == keys[0]), "{keys:?}");
}

#[test]
fn refusal_that_is_an_answer_is_not_tried_again() {
    let body = r#"{"type":"urn:mayfly:problem:lease-held","status":409,"retryable":true}"#;
    let held = format!("HTTP/1.1 409 Conflict\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    let (url, requests) = scripted(vec![held, receipt()]);

    let refused = Client::new(url).unwrap().lease("demo", "lock").acquire().unwrap_err();

    assert_eq!(refused.kind(), Some(ProblemKind::LeaseHeld));
    assert_eq!(requests.try_iter().count(), 1);
}

#[test]
fn deadline_ends_the_tries() {
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let deadline = Duration::from_millis(700);
    let client = Client::builder(format!("http://{nobody}")).deadline(deadline).build().unwrap();

    let start = Instant::now();
    let error = client.namespace("demo").put("k", &1).unwrap().send().unwrap_err();

    assert!(matches!(error, Error::Deadline(_)), "{error}");
    assert!(start.elapsed() <= deadline + Duration::from_millis(100));
}

#[test]
fn full_queue_slows_the_next_request_down() {
    let limits = "RateLimit-Policy: \"namespace\";q=100\r\nRateLimit: \"namespace\";r=0;t=1\r\n";
    let full = receipt().replace("\r\nContent", &format!("\r\n{limits}Content"));
    let (url, _requests) = scripted(vec![full, receipt(), receipt()]);
    let space = Client::new(url).unwrap().namespace("demo");

    space.increment("n", 1).unwrap().send().unwrap();
    let start = Instant::now();
    space.delete("n").unwrap().send().unwrap();
    let urgent = start.elapsed();
    space.increment("n", 1).unwrap().send().unwrap();

    assert!(urgent < Duration::from_millis(300), "an end was held back");
    assert!(start.elapsed() >= Duration::from_millis(400), "nothing was held back");
}

fn receipt() -> String {
    let body = r#"{"namespace":"demo","key":"n","outcome":"created","value":1}"#;
    let length = body.len();
    format!("HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}")
}

fn header(head: &str, name: &str) -> String {
    let line = head.lines().find_map(|line| {
        let (other, value) = line.split_once(": ")?;
        other.eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
    });
    line.unwrap_or_default()
}

/// A server that gives these answers, one connection each; an empty one is a cut.
fn scripted(answers: Vec<String>) -> (String, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (sender, requests) = channel();
    thread::spawn(move || {
        for answer in answers {
            let (stream, _) = listener.accept().unwrap();
            let mut reader = BufReader::new(&stream);
            let mut head = String::new();
            while !head.ends_with("\r\n\r\n") {
                reader.read_line(&mut head).unwrap();
            }
            let length = header(&head, "content-length").parse().unwrap_or(0);
            let _ = reader.take(length).read_to_end(&mut Vec::new());
            let _ = sender.send(head);
            let answer =
                answer.replace("\r\nContent-Length", "\r\nConnection: close\r\nContent-Length");
            let _ = (&stream).write_all(answer.as_bytes());
        }
    });
    (url, requests)
}
