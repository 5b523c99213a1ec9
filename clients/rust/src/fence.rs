//! The resource's side of a lease.

use crate::locked;
use std::collections::HashMap;
use std::fmt;
use std::sync::Mutex;

/// Refuses writers whose fencing token is older than the highest that was seen. One that guards a
/// resource which outlives the process keeps its tokens with the resource, not here alone.
#[derive(Debug, Default)]
pub struct FenceVerifier {
    highest: Mutex<HashMap<String, u64>>,
}

/// The token is older than `highest`.
#[derive(Debug, PartialEq, Eq)]
pub struct StaleFence {
    /// The highest token that was seen.
    pub highest: u64,
}

impl FenceVerifier {
    /// Takes a token of a resource that is not older than any before it.
    pub fn accept(&self, resource: &str, token: u64) -> Result<(), StaleFence> {
        let mut all = locked(&self.highest);
        let highest = all.entry(resource.to_owned()).or_insert(0);
        if token < *highest {
            return Err(StaleFence { highest: *highest });
        }
        *highest = token;
        Ok(())
    }
}

impl fmt::Display for StaleFence {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "the fencing token is older than {}", self.highest)
    }
}

impl std::error::Error for StaleFence {}
