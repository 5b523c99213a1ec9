//! The entries of one namespace.

use crate::client::{segment, Client};
use crate::error::{ProblemKind, Result};
use crate::mutation::{Mutation, Receipt};
use crate::transport::{json, Request};
use crate::watch::Event;
use mayfly_cbor::Value;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::BTreeMap;
use std::time::Instant;

const PAGE: usize = 1000;

/// What the server tells of an entry besides its value. Instants are as the server writes them.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Meta {
    /// The name of the entry.
    pub key: String,
    /// Which of the key's lives it is; 0 where there is no entry.
    pub incarnation: u64,
    /// The accepted mutations of this life.
    pub revision: u64,
    /// To be named in `if_match`.
    pub etag: String,
    /// When this life began; empty in lists.
    pub created_at: String,
    /// When it was changed last; empty in lists.
    pub updated_at: String,
    /// When it ends.
    pub expires_at: String,
    /// `volatile`, `journaled` or `synced`; empty in lists.
    pub durability: String,
    /// Per producer, the highest sequence seen.
    pub version_vector: BTreeMap<String, u64>,
}

/// A live entry.
#[derive(Debug, Clone, Deserialize)]
pub struct Entry<T> {
    /// What is told besides.
    #[serde(flatten)]
    pub meta: Meta,
    /// Its value.
    pub value: T,
}

/// The entries of one namespace.
#[derive(Debug, Clone)]
pub struct Namespace {
    pub(crate) client: Client,
    pub(crate) name: String,
}

impl Namespace {
    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// An entry with its value; an error where there is none.
    pub fn get<T: DeserializeOwned>(&self, key: &str) -> Result<Entry<T>> {
        self.ask(self.request("GET", key, "?view=entry")?)
    }

    /// An entry with its value, where there is one.
    pub fn find<T: DeserializeOwned>(&self, key: &str) -> Result<Option<Entry<T>>> {
        match self.get(key) {
            Ok(entry) => Ok(Some(entry)),
            Err(error) if error.is_absent() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The bare value, with byte strings as bytes.
    pub fn value(&self, key: &str) -> Result<Value> {
        let request = self.request("GET", key, "")?.header("Accept", "application/cbor");
        self.client.read(request, Some(&self.name))?.document()
    }

    /// The value as it was at a revision, while history keeps it.
    pub fn value_at(&self, key: &str, revision: u64) -> Result<Value> {
        let request = self.request("GET", key, &format!("?revision={revision}"))?;
        self.client.read(request, Some(&self.name))?.document()
    }

    /// Creates the entry or replaces its value.
    pub fn put<T: Serialize + ?Sized>(&self, key: &str, value: &T) -> Result<Mutation<'_>> {
        let (media_type, body) = self.client.encoded(value)?;
        Ok(self.mutation("PUT", key, "")?.body(media_type, body))
    }

    /// The same with a value that may hold byte strings. It travels as CBOR.
    pub fn put_value(&self, key: &str, value: &Value) -> Result<Mutation<'_>> {
        Ok(self.mutation("PUT", key, "")?.body("application/cbor", value.to_cbor()))
    }

    /// Changes the value by a merge patch (RFC 7396).
    pub fn merge_patch<T: Serialize + ?Sized>(&self, key: &str, patch: &T) -> Result<Mutation<'_>> {
        Ok(self.mutation("PATCH", key, "")?.body("application/merge-patch+json", json(patch)?))
    }

    /// Changes the value by a JSON Patch (RFC 6902).
    pub fn json_patch<T: Serialize + ?Sized>(&self, key: &str, patch: &T) -> Result<Mutation<'_>> {
        Ok(self.mutation("PATCH", key, "")?.body("application/json-patch+json", json(patch)?))
    }

    /// Adds to a number; an absent one begins at 0.
    pub fn increment<N: Serialize>(&self, key: &str, by: N) -> Result<Mutation<'_>> {
        let body = json(&json!({ "by": by }))?;
        Ok(self.mutation("POST", key, "/increment")?.body("application/json", body))
    }

    /// Renews the deadline: to `ttl`, else to the contract's default.
    pub fn touch(&self, key: &str) -> Result<Mutation<'_>> {
        self.mutation("POST", key, "/touch")
    }

    /// Ends the entry.
    pub fn delete(&self, key: &str) -> Result<Mutation<'_>> {
        self.mutation("DELETE", key, "")
    }

    /// A new revision with the value of an older one.
    pub fn rollback(&self, key: &str, revision: u64) -> Result<Mutation<'_>> {
        let body = json(&json!({ "toRevision": revision }))?;
        Ok(self.mutation("POST", key, "/rollback")?.body("application/json", body))
    }

    /// Reads, changes, and writes on the condition that nothing changed in between; over again
    /// when something did, until the client's deadline. `change` gets the value, or none where
    /// there is no entry; the mutation that is sent can be completed by `complete`.
    pub fn update<T: DeserializeOwned + Serialize>(
        &self,
        key: &str,
        mut change: impl FnMut(Option<T>) -> T,
        complete: impl for<'m> Fn(Mutation<'m>) -> Mutation<'m>,
    ) -> Result<Receipt> {
        let deadline = Instant::now() + self.client.settings().deadline;
        let mut tries = self.client.tries(Some(deadline));
        loop {
            let before = self.find::<T>(key)?;
            let etag = before.as_ref().map(|entry| entry.meta.etag.clone());
            let mutation = self.put(key, &change(before.map(|entry| entry.value)))?;
            let mutation = match &etag {
                Some(etag) => mutation.if_match(etag),
                None => mutation.create_only(),
            };
            let left = deadline.saturating_duration_since(Instant::now());
            match complete(mutation.deadline(left)).send() {
                Err(error) if error.kind() == Some(ProblemKind::PreconditionFailed) => {
                    tries.pause(&self.name, "update", error)?;
                }
                result => return result,
            }
        }
    }

    /// The newest events of a key's life, newest last.
    pub fn history(&self, key: &str, limit: usize) -> Result<Vec<Event>> {
        #[derive(Deserialize)]
        struct Story {
            events: Vec<Event>,
        }
        let request = self.request("GET", key, &format!("/history?limit={limit}"))?;
        Ok(self.ask::<Story>(request)?.events)
    }

    /// All live entries whose keys begin so, in the order of their keys.
    pub fn list(&self, prefix: &str) -> Result<Vec<Meta>> {
        #[derive(Deserialize)]
        struct Page {
            entries: Vec<Meta>,
            cursor: Option<String>,
        }
        let path = format!("/v1/state/{}?limit={PAGE}", segment(&self.name)?);
        let first = Request::new("GET", path).parameter("prefix", prefix);
        let (mut all, mut request) = (Vec::new(), first.clone());
        loop {
            let page: Page = self.ask(request)?;
            all.extend(page.entries);
            match page.cursor {
                Some(next) => request = first.clone().parameter("cursor", &next),
                None => return Ok(all),
            }
        }
    }

    fn mutation(&self, method: &str, key: &str, more: &str) -> Result<Mutation<'_>> {
        Ok(Mutation::new(&self.client, &self.name, self.request(method, key, more)?))
    }

    fn ask<T: DeserializeOwned>(&self, request: Request) -> Result<T> {
        Ok(self.client.read(request, Some(&self.name))?.document()?.to()?)
    }

    fn request(&self, method: &str, key: &str, more: &str) -> Result<Request> {
        let (name, key) = (segment(&self.name)?, segment(key)?);
        Ok(Request::new(method, format!("/v1/state/{name}/{key}{more}")))
    }
}
