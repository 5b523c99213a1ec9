//! A server for tests: the one that `MAYFLY_URL` names, or a process of their own.
#![allow(dead_code)]

use mayfly::Client;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

const START_MAX: Duration = Duration::from_secs(90);

pub struct Server {
    pub url: String,
    port: u16,
    data: Option<PathBuf>,
    child: Option<Child>,
}

impl Server {
    /// The server that runs already, if one is named, else one of its own.
    pub fn shared() -> Self {
        match std::env::var("MAYFLY_URL") {
            Ok(url) => Server { url, port: 0, data: None, child: None },
            Err(_) => Self::start(),
        }
    }

    /// A server of its own, which can be killed.
    pub fn start() -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let data = std::env::temp_dir().join(format!("mayfly-rust-{}-{port}", std::process::id()));
        let url = format!("http://127.0.0.1:{port}");
        let mut server = Server { url, port, data: Some(data), child: None };
        server.launch();
        server
    }

    pub fn client(&self) -> Client {
        Client::new(&self.url).unwrap()
    }

    pub fn pid(&self) -> u32 {
        self.child.as_ref().unwrap().id()
    }

    /// Starts it on its directory, and waits until it is ready.
    pub fn launch(&mut self) {
        let launcher = std::env::var("MAYFLY_LAUNCHER")
            .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../../mayfly").into());
        let child = Command::new(launcher)
            .args(["server", "--port", &self.port.to_string(), "--data"])
            .arg(self.data.as_ref().unwrap())
            .env("MAYFLY_JAVA_OPTS", "-Xmx512m")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the launcher of the server");
        self.child = Some(child);
        let client = self.client();
        let ready = mayfly::Request::new("GET", "/health/ready");
        wait_until(
            "the server is ready",
            START_MAX,
            || matches!(client.exchange(&ready), Ok(answer) if answer.status == 200),
        );
    }

    /// Ends it as a crash does.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    /// `STOP` or `CONT`.
    pub fn signal(&self, name: &str) {
        signal(self.pid(), name);
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
        if let Some(data) = &self.data {
            let _ = std::fs::remove_dir_all(data);
        }
    }
}

pub fn signal(pid: u32, name: &str) {
    let kill = Command::new("kill").args([&format!("-{name}"), &pid.to_string()]).status();
    assert!(kill.unwrap().success());
}

/// A namespace that nobody else uses.
pub fn fresh(name: &str) -> String {
    format!("{name}-{:016x}", rand::random::<u64>())
}

/// Waits for an event, within a limit.
pub fn wait_until(what: &str, limit: Duration, mut holds: impl FnMut() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < limit, "not within {limit:?}: {what}");
        thread::sleep(Duration::from_millis(20));
    }
}
