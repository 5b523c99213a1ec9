//! When to try again.

use crate::error::{Error, Problem, Result};
use rand::Rng;
use std::thread;
use std::time::{Duration, Instant};

/// Exponential backoff with full jitter: the wait before try `n` is anything from nothing to
/// `base * 2^n`, but never more than `cap`. What the server asks for in `Retry-After` comes before it, so
/// that nobody is early and all are spread.
#[derive(Debug, Clone, Copy)]
pub struct Backoff {
    /// The longest wait before the first retry.
    pub base: Duration,
    /// The longest wait before any.
    pub cap: Duration,
}

impl Default for Backoff {
    fn default() -> Self {
        Backoff { base: Duration::from_millis(50), cap: Duration::from_secs(5) }
    }
}

impl Backoff {
    /// The wait after this many failures (from 0 on).
    pub fn wait(
        &self,
        failures: u32,
        retry_after: Option<Duration>,
        random: &mut impl Rng,
    ) -> Duration {
        let ceiling = self.base.saturating_mul(1 << failures.min(20)).min(self.cap);
        let jitter = ceiling.mul_f64(random.gen::<f64>());
        retry_after.unwrap_or_default() + jitter
    }
}

/// The tries of one call.
#[derive(Debug)]
pub(crate) struct Tries {
    backoff: Backoff,
    deadline: Option<Instant>,
    /// Forgotten with a success.
    pub(crate) failures: u32,
}

impl Tries {
    pub(crate) fn new(backoff: Backoff, deadline: Option<Instant>) -> Self {
        Tries { backoff, deadline, failures: 0 }
    }

    /// Waits before the next try, of something in a namespace; fails where that would come after the
    /// deadline.
    pub(crate) fn pause(&mut self, namespace: &str, what: &str, error: Error) -> Result<()> {
        let asked = error.problem().and_then(Problem::retry_after);
        let wait = self.backoff.wait(self.failures, asked, &mut rand::thread_rng());
        self.failures = self.failures.saturating_add(1);
        log::info!(
            "retry namespace={namespace} of={what} attempt={} waitMs={} {}",
            self.failures,
            wait.as_millis(),
            error.fields()
        );
        if self.deadline.map_or(false, |deadline| Instant::now() + wait >= deadline) {
            return Err(Error::Deadline(Box::new(error)));
        }
        thread::sleep(wait);
        Ok(())
    }
}
