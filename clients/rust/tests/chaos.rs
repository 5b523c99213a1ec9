//! However often the server is killed, refuses or falls silent: as many effects as calls.

mod support;

use mayfly::Client;
use rand::Rng;
use serde_json::json;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};
use support::{fresh, wait_until, Server};

const THREADS: usize = 16;
const SHORT: usize = 2_000;
const PATIENCE: Duration = Duration::from_secs(120);

#[derive(Default)]
struct Faults {
    unsent: AtomicUsize,
    unanswered: AtomicUsize,
    refused: AtomicUsize,
    limited: AtomicUsize,
    /// Half of all requests meet a fault, instead of six in a hundred.
    storm: AtomicBool,
}

#[test]
fn increments_through_chaos_have_one_effect_each() {
    let wanted: usize =
        std::env::var("MAYFLY_CHAOS").ok().and_then(|n| n.parse().ok()).unwrap_or(SHORT);
    let kills = if wanted > SHORT { 5 } else { 2 };
    let mut server = Server::start();
    let name = fresh("chaos");
    let contract = json!({"lifetime": {"default": "1h"}});
    server.client().put_document(&format!("/v1/contracts/{name}"), &contract).unwrap();
    let faults = Arc::new(Faults::default());
    let proxy = unreliable(server.url.trim_start_matches("http://").into(), faults.clone());
    let client = Client::builder(proxy).deadline(PATIENCE).build().unwrap();
    let (begun, done) = (AtomicUsize::new(0), AtomicUsize::new(0));

    let start = Instant::now();
    thread::scope(|scope| {
        for thread in 0..THREADS {
            let (client, name, begun, done) = (&client, &name, &begun, &done);
            scope.spawn(move || {
                let space = client.namespace(name);
                while begun.fetch_add(1, Ordering::SeqCst) < wanted {
                    space.increment(&format!("n{thread}"), 1).unwrap().send().unwrap();
                    done.fetch_add(1, Ordering::SeqCst);
                }
            });
        }
        for kill in 1..=kills {
            let enough = wanted * kill / (kills + 1);
            wait_until("enough for the next kill", PATIENCE * 5, || {
                done.load(Ordering::SeqCst) >= enough
            });
            faults.storm.store(kill % 2 == 1, Ordering::SeqCst);
            server.kill();
            server.launch();
        }
    });

    let space = server.client().namespace(&name);
    let effects: usize =
        (0..THREADS).map(|thread| space.get::<usize>(&format!("n{thread}")).unwrap().value).sum();
    println!(
        "chaos: {wanted} increments, {effects} effects in {:?}; {kills} kills, {} connections cut \
         before and {} after the request was passed on, {} refused with 503, {} with 429",
        start.elapsed(),
        faults.unsent.load(Ordering::SeqCst),
        faults.unanswered.load(Ordering::SeqCst),
        faults.refused.load(Ordering::SeqCst),
        faults.limited.load(Ordering::SeqCst),
    );
    assert_eq!(effects, wanted);
    for count in [&faults.unsent, &faults.unanswered, &faults.refused, &faults.limited] {
        assert!(count.load(Ordering::SeqCst) > 0, "a kind of fault did not happen");
    }
}

/// Passes requests on, except those that it loses, answers with 503, or whose answer it loses.
fn unreliable(server: String, faults: Arc<Faults>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for client in listener.incoming() {
            let (server, faults) = (server.clone(), faults.clone());
            thread::spawn(move || pass_on(client.unwrap(), &server, &faults));
        }
    });
    url
}

/// Until either side closes, or a fault does.
fn pass_on(client: TcpStream, server: &str, faults: &Faults) -> Option<()> {
    let mut requests = BufReader::new(&client);
    let upstream = TcpStream::connect(server).ok()?;
    let mut answers = BufReader::new(&upstream);
    loop {
        let request = message(&mut requests)?;
        let calm = if faults.storm.load(Ordering::SeqCst) { 8 } else { 1 };
        match rand::thread_rng().gen_range(0..100) / calm {
            0..=1 => {
                faults.unsent.fetch_add(1, Ordering::SeqCst);
                return None;
            }
            2 => refuse(&client, "503 Busy", &faults.refused)?,
            3 => refuse(&client, "429 Too Many Requests", &faults.limited)?,
            fate => {
                (&upstream).write_all(&request).ok()?;
                let answer = message(&mut answers)?;
                if fate <= 5 {
                    faults.unanswered.fetch_add(1, Ordering::SeqCst);
                    return None;
                }
                (&client).write_all(&answer).ok()?;
            }
        }
    }
}

fn refuse(mut client: &TcpStream, status: &str, count: &AtomicUsize) -> Option<()> {
    count.fetch_add(1, Ordering::SeqCst);
    let head = format!("HTTP/1.1 {status}\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n");
    client.write_all(head.as_bytes()).ok()
}

/// A head and the body that it announces.
fn message(reader: &mut impl BufRead) -> Option<Vec<u8>> {
    let (mut whole, mut length) = (Vec::new(), 0);
    loop {
        let start = whole.len();
        if reader.read_until(b'\n', &mut whole).ok()? == 0 {
            return None;
        }
        let line = String::from_utf8_lossy(&whole[start..]).to_ascii_lowercase();
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
        if line == "\r\n" {
            break;
        }
    }
    let announced = whole.len() + length as usize;
    reader.take(length).read_to_end(&mut whole).ok()?;
    (whole.len() == announced).then_some(whole)
}
