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
const REMARKS_MAX: usize = 1024;

/// What the server said last of its queues, and how long to wait because of it. Half full is no
/// reason to wait; from there on the wait grows to the whole time that the server names.
#[derive(Debug, Default)]
pub struct Throttle {
    /// By namespace; that of the node has the empty name.
    remarks: Mutex<HashMap<String, Remark>>,
}

#[derive(Debug, Clone, Copy)]
struct Remark {
    full: f64,
    window: Duration,
    at: Instant,
}

impl Remark {
    fn is_fresh(&self, now: Instant) -> bool {
        now.saturating_duration_since(self.at) < REMARK_LIFE
    }

    fn wait(&self) -> Duration {
        let share = ((self.full - FULL_AT) / (1.0 - FULL_AT)).clamp(0.0, 1.0);
        self.window.mul_f64(share.powi(2)).min(WAIT_MAX)
    }
}

impl Throttle {
    /// Takes note of `RateLimit-Policy` and `RateLimit` of an answer about a namespace.
    pub fn limits(&self, namespace: &str, policy: &str, limit: &str, now: Instant) {
        let quotas: HashMap<&str, f64> =
            items(policy).filter_map(|(name, item)| Some((name, parameter(item, "q")?))).collect();
        let remarks = items(limit).filter_map(|(name, item)| {
            let quota = quotas.get(name).filter(|quota| **quota > 0.0)?;
            let full = 1.0 - parameter(item, "r")? / quota;
            let seconds = parameter(item, "t").unwrap_or(1.0).clamp(0.0, 60.0);
            Some(Remark { full, window: Duration::from_secs_f64(seconds), at: now })
        });
        if let Some(fullest) = remarks.max_by(|one, other| one.full.total_cmp(&other.full)) {
            self.note(namespace, fullest);
        }
    }

    /// Takes note of the share of the node's places that are taken (`node` of `/v1/pressure`).
    pub fn pressure(&self, node: f64, now: Instant) {
        self.note("", Remark { full: node, window: REMARK_LIFE / 2, at: now });
    }

    fn note(&self, about: &str, remark: Remark) {
        let mut remarks = locked(&self.remarks);
        if remarks.len() >= REMARKS_MAX {
            remarks.retain(|_, old| old.is_fresh(remark.at));
        }
        if remarks.len() < REMARKS_MAX || remarks.contains_key(about) {
            remarks.insert(about.to_owned(), remark);
        }
    }

    /// How long to wait before a request to this namespace: part of it at random, so that clients
    /// which wait together do not come together.
    pub fn wait(&self, namespace: &str, now: Instant, random: &mut impl Rng) -> Duration {
        let remarks = locked(&self.remarks);
        let known = ["", namespace].into_iter().filter_map(|about| remarks.get(about));
        let longest = known.filter(|remark| remark.is_fresh(now)).map(Remark::wait).max();
        longest.unwrap_or_default().mul_f64(random.gen_range(0.5..=1.0))
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
