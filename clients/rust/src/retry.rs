//! When to try again.

use rand::Rng;
use std::time::Duration;

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
