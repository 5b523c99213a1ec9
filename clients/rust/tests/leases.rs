//! Leases that are renewed, at risk, lost, and paused.

mod support;

use mayfly::{Client, Error, Lease, LeaseEvent, ProblemKind};
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::sync::mpsc::sync_channel;
use std::time::Duration;
use support::{fresh, signal, wait_until, Server};

const LIMIT: Duration = Duration::from_secs(20);
const PAUSED_TTL: Duration = Duration::from_millis(1500);
const ROLE: &str = "MAYFLY_TEST_ROLE";

fn highest_end(client: &Client, space: &str) -> String {
    let document: serde_json::Value = client.document(&format!("/v1/leases/{space}/r")).unwrap();
    document["holders"][0]["expiresAt"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn lease_that_is_held_is_renewed() {
    let server = Server::shared();
    let (client, space) = (server.client(), fresh("renewed"));
    let lease = client.lease(&space, "r").ttl(Duration::from_millis(900)).acquire().unwrap();
    let mut ends = vec![highest_end(&client, &space)];

    wait_until("five renewals", LIMIT, || {
        let end = highest_end(&client, &space);
        if ends.last() != Some(&end) {
            ends.push(end);
        }
        ends.len() > 5
    });

    assert_eq!(lease.fence().unwrap(), lease.token());
    let held = client.lease(&space, "r").acquire().unwrap_err();
    assert_eq!(held.kind(), Some(ProblemKind::LeaseHeld));
    let token = lease.token();
    lease.release().unwrap();
    assert!(client.lease(&space, "r").acquire().unwrap().token() > token);
}

#[test]
fn waiter_is_granted_when_the_holder_drops_its_lease() {
    let server = Server::shared();
    let (client, space) = (server.client(), fresh("waiting"));
    let first = client.lease(&space, "r").acquire().unwrap();
    let waiting = std::thread::spawn({
        let (client, space) = (client.clone(), space.clone());
        move || client.lease(&space, "r").wait(LIMIT).ttl(Duration::from_secs(2)).acquire()
    });
    wait_until("somebody waits", LIMIT, || {
        let document: serde_json::Value =
            client.document(&format!("/v1/leases/{space}/r")).unwrap();
        document["waiting"] == 1
    });
    let token = first.token();

    drop(first);

    let second: Lease = waiting.join().unwrap().unwrap();
    assert!(second.token() > token);
    assert!(second.left().unwrap() > Duration::from_millis(1500), "its age is that of its grant");
}

#[test]
fn holder_whose_server_is_gone_is_warned_then_told() {
    let mut server = Server::start();
    let client = server.client();
    let (sender, events) = sync_channel(8);
    let lease = client
        .lease("risk", "r")
        .ttl(Duration::from_secs(2))
        .on_event(move |event| sender.send(event).unwrap())
        .acquire()
        .unwrap();

    server.kill();

    let first = events.recv_timeout(LIMIT).unwrap();
    assert!(
        matches!(first, LeaseEvent::AtRisk(left) if left < Duration::from_secs(1)),
        "{first:?}"
    );
    assert_eq!(events.recv_timeout(LIMIT).unwrap(), LeaseEvent::Lost);
    assert!(matches!(lease.fence(), Err(Error::LeaseLost)));
    let space = client.namespace("risk");
    let unsent = space.put("k", &1).unwrap().under(&lease).send();
    assert!(matches!(unsent, Err(Error::LeaseLost)));
}

/// The holder is a process of its own, which is stopped for longer than its lease lasts.
#[test]
fn paused_holder_learns_of_the_loss_before_its_write() {
    if std::env::var(ROLE).is_ok() {
        return;
    }
    let server = Server::shared();
    let (client, space) = (server.client(), fresh("paused"));
    let mut holder = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "holder_process", "--nocapture"])
        .env(ROLE, &space)
        .env("MAYFLY_URL", &server.url)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(holder.stdout.take().unwrap()).lines();
    let mut said = |prefix: &str| loop {
        let line = lines.next().expect("the holder ended").unwrap();
        if let Some(at) = line.find(prefix) {
            return line[at..].to_owned();
        }
    };
    let first: u64 = said("held ")[5..].parse().unwrap();

    signal(holder.id(), "STOP");
    let next = client.lease(&space, "r").wait(LIMIT).acquire().unwrap();
    assert!(next.token() > first);
    let entries = client.namespace(&space);
    entries.put("k", "of the next").unwrap().under(&next).send().unwrap();
    signal(holder.id(), "CONT");
    writeln!(holder.stdin.as_mut().unwrap(), "write").unwrap();

    assert_eq!(said("told "), "told LeaseLost, callback true");
    // What a holder sends all the same is refused by its token.
    assert_eq!(said("sent "), "sent stale-fence");
    assert!(holder.wait().unwrap().success());
    assert_eq!(entries.get::<String>("k").unwrap().value, "of the next");
}

#[test]
fn holder_process() {
    let space = match std::env::var(ROLE) {
        Ok(space) => space,
        Err(_) => return,
    };
    let client = Client::from_env().unwrap();
    let (sender, events) = sync_channel(8);
    let lease = client
        .lease(&space, "r")
        .ttl(PAUSED_TTL)
        .on_event(move |event| sender.send(event).unwrap())
        .acquire()
        .unwrap();
    println!("held {}", lease.token());
    std::io::stdin().lock().read_line(&mut String::new()).unwrap();
    let entries = client.namespace(&space);
    let told = entries.put("k", "late").unwrap().under(&lease).send().unwrap_err();
    println!("told {told:?}, callback {}", events.try_iter().any(|e| e == LeaseEvent::Lost));
    let sent = entries.put("k", "late").unwrap().fence(lease.token()).send().unwrap_err();
    println!("sent {}", sent.kind().unwrap().name());
}
