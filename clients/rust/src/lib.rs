#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod background;
mod client;
mod error;
mod fence;
mod lease;
mod mirror;
mod mutation;
mod namespace;
mod retry;
mod throttle;
mod transport;
mod watch;

pub use client::{Client, ClientBuilder, Encoding, Pressure};
pub use error::{Error, Problem, ProblemKind, Result, Violation};
pub use fence::{FenceVerifier, StaleFence};
pub use lease::{Lease, LeaseEvent, LeaseRequest};
pub use mayfly_cbor::Value;
pub use mirror::{digest, Mirror, MirrorThread, Report};
pub use mutation::{Mutation, Receipt};
pub use namespace::{Entry, Meta, Namespace};
pub use retry::Backoff;
pub use throttle::Throttle;
pub use transport::{Answer, Request};
pub use watch::{Event, Watch, WatchRequest};

/// What a mutex guards, also after a thread that held it has panicked.
fn locked<T>(mutex: &std::sync::Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}
