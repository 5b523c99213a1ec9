//! To slow down before being refused.

use crate::locked;
use rand::Rng;
use std::collections::HashMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};

const FULL_AT: f64 = 0.5;
const WAIT_MAX: Duration = Duration::from_secs(2);
/// How long a remark of the server counts.
const REMARK_LIFE: Duration = Duration::from_secs(2);
const NAMESPACES_MAX: usize = 1024;

/// What the server said last of its queues, and how long to wait because of it. Half full is no
/// reason to wait; from there on the wait grows to the whole time that the server names.
#[derive(Debug, Default)]
pub struct Throttle {
    remarks: Mutex<Remarks>,
}

#[derive(Debug, Default)]
struct Remarks {
    node: Option<(f64, Instant)>,
    namespaces: HashMap<String, Remark>,
}

#[derive(Debug, Clone, Copy)]
struct Remark {
    full: f64,
    window: Duration,
    at: Instant,
}

impl Throttle {
    /// Takes note of `RateLimit-Policy` and `RateLimit` of an answer about a namespace.
    pub fn limits(&self, namespace: &str, policy: &str, limit: &str, now: Instant) {
        let quotas: HashMap<&str, f64> =
            items(policy).filter_map(|(name, item)| Some((name, parameter(item, "q")?))).collect();
        let fullest = items(limit)
            .filter_map(|(name, item)| {
                let quota = quotas.get(name).filter(|quota| **quota > 0.0)?;
                let full = 1.0 - parameter(item, "r")? / quota;
                let window =
                    Duration::from_secs_f64(parameter(item, "t").unwrap_or(1.0).clamp(0.0, 60.0));
                Some(Remark { full, window, at: now })
            })
            .max_by(|one, other| one.full.total_cmp(&other.full));
        let mut remarks = locked(&self.remarks);
        if let Some(remark) = fullest {
            if remarks.namespaces.len() >= NAMESPACES_MAX {
                remarks.namespaces.retain(|_, old| now.duration_since(old.at) < REMARK_LIFE);
            }
            if remarks.namespaces.len() < NAMESPACES_MAX {
                remarks.namespaces.insert(namespace.to_owned(), remark);
            }
        }
    }

    /// Takes note of the share of the node's places that are taken (`node` of `/v1/pressure`).
    pub fn pressure(&self, node: f64, now: Instant) {
        locked(&self.remarks).node = Some((node, now));
    }

    /// How long to wait before a request to this namespace: part of it at random, so that clients
    /// which wait together do not come together.
    pub fn wait(&self, namespace: &str, now: Instant, random: &mut impl Rng) -> Duration {
        let remarks = locked(&self.remarks);
        let fresh = |at: Instant| now.saturating_duration_since(at) < REMARK_LIFE;
        let node =
            remarks.node.filter(|(_, at)| fresh(*at)).map(|(full, _)| (full, REMARK_LIFE / 2));
        let own = remarks.namespaces.get(namespace).filter(|remark| fresh(remark.at));
        let own = own.map(|remark| (remark.full, remark.window));
        let longest = node.into_iter().chain(own).map(|(full, window)| {
            window.mul_f64(((full - FULL_AT) / (1.0 - FULL_AT)).clamp(0.0, 1.0).powi(2))
        });
        let longest = longest.max().unwrap_or_default().min(WAIT_MAX);
        longest.mul_f64(random.gen_range(0.5..=1.0))
    }
}

/// The members of a list of structured fields (RFC 9651): names and all their parameters.
fn items(list: &str) -> impl Iterator<Item = (&str, &str)> {
    list.split(',').filter_map(|item| {
        let (name, parameters) = item.trim().split_once(';')?;
        Some((name.trim_matches('"'), parameters))
    })
}

fn parameter(item: &str, name: &str) -> Option<f64> {
    let number = |part: &str| part.trim().strip_prefix(name)?.strip_prefix('=')?.parse().ok();
    item.split(';').find_map(number).filter(|number: &f64| number.is_finite())
}
