//! The resource's side of a lease.

use std::sync::atomic::{AtomicU64, Ordering};

/// Refuses writers whose fencing token is older than the highest that was seen: put one in front of
/// a resource. One that outlives the process keeps its token with the resource, not here alone.
#[derive(Debug, Default)]
pub struct FenceVerifier(AtomicU64);

/// The token is older than this one, which was seen.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("the fencing token is older than {0}")]
pub struct StaleFence(pub u64);

impl FenceVerifier {
    /// Takes a token that is not older than any before it.
    pub fn accept(&self, token: u64) -> Result<(), StaleFence> {
        match self.0.fetch_max(token, Ordering::SeqCst) {
            highest if token < highest => Err(StaleFence(highest)),
            _ => Ok(()),
        }
    }
}
