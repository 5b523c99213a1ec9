//! The entries of one namespace.

use crate::client::{decode, percent_encoded, segment, Client};
use crate::error::{Error, ProblemKind, Result};
use crate::mutation::{Mutation, Receipt};
use crate::transport::Request;
use crate::value::Value;
use crate::watch::Event;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::thread;
use std::time::Instant;

const PAGE: usize = 1000;

/// A live entry.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry<T> {
    /// Its name.
    pub key: String,
    /// Which of the key's lives it is.
    pub incarnation: u64,
    /// The accepted mutations of this life.
    pub revision: u64,
    /// To be named in `if_match`.
    pub etag: String,
    /// When this life began.
    pub created_at: String,
    /// When it was changed last.
    pub updated_at: String,
    /// When it ends.
    pub expires_at: String,
    /// `volatile`, `journaled` or `synced`.
    pub durability: String,
    /// Per producer, the highest sequence seen.
    #[serde(default)]
    pub version_vector: BTreeMap<String, u64>,
    /// Its value.
    pub value: T,
}

/// A live entry as lists show it.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Listed {
    /// Its name.
    pub key: String,
    /// Which of the key's lives it is.
    pub incarnation: u64,
    /// The accepted mutations of this life.
    pub revision: u64,
    /// To be named in `if_match`.
    pub etag: String,
    /// When it ends.
    pub expires_at: String,
}

/// The entries of one namespace.
#[derive(Debug, Clone)]
pub struct Namespace {
    pub(crate) client: Client,
    pub(crate) name: String,
}

impl Namespace {
    pub(crate) fn new(client: Client, name: String) -> Self {
        Namespace { client, name }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// An entry with its value; an error where there is none.
    pub fn get<T: DeserializeOwned>(&self, key: &str) -> Result<Entry<T>> {
        let target = format!("{}?view=entry", self.target(key)?);
        let answer = self.client.read(Request::new("GET", target), Some(&self.name))?;
        decode(&answer)?.to()
    }

    /// An entry with its value, where there is one.
    pub fn find<T: DeserializeOwned>(&self, key: &str) -> Result<Option<Entry<T>>> {
        match self.get(key) {
            Ok(entry) => Ok(Some(entry)),
            Err(error) if error.is_absent() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// An entry, unless it still has this ETag.
    pub fn get_if_changed<T: DeserializeOwned>(
        &self,
        key: &str,
        etag: &str,
    ) -> Result<Option<Entry<T>>> {
        let target = format!("{}?view=entry", self.target(key)?);
        let request = Request::new("GET", target).header("If-None-Match", etag);
        let answer = self.client.read(request, Some(&self.name))?;
        if answer.status == 304 {
            Ok(None)
        } else {
            decode(&answer)?.to().map(Some)
        }
    }

    /// The bare value, with byte strings as bytes.
    pub fn value(&self, key: &str) -> Result<Value> {
        let request = Request::new("GET", self.target(key)?).header("Accept", "application/cbor");
        decode(&self.client.read(request, Some(&self.name))?)
    }

    /// The value as it was at a revision, while history keeps it.
    pub fn value_at(&self, key: &str, revision: u64) -> Result<Value> {
        let target = format!("{}?revision={revision}", self.target(key)?);
        decode(&self.client.read(Request::new("GET", target), Some(&self.name))?)
    }

    /// Creates the entry or replaces its value.
    pub fn put<T: Serialize + ?Sized>(&self, key: &str, value: &T) -> Result<Mutation<'_>> {
        let request = Request::new("PUT", self.target(key)?);
        Ok(self.mutation(self.client.with_body(request, value)?))
    }

    /// The same with a value that may hold byte strings. It travels as CBOR.
    pub fn put_value(&self, key: &str, value: &Value) -> Result<Mutation<'_>> {
        let request = Request::new("PUT", self.target(key)?);
        Ok(self.mutation(request.body("application/cbor", value.to_cbor())))
    }

    /// Changes the value by a merge patch (RFC 7396).
    pub fn merge_patch<T: Serialize + ?Sized>(&self, key: &str, patch: &T) -> Result<Mutation<'_>> {
        self.patch(key, "application/merge-patch+json", patch)
    }

    /// Changes the value by a JSON Patch (RFC 6902).
    pub fn json_patch<T: Serialize + ?Sized>(&self, key: &str, patch: &T) -> Result<Mutation<'_>> {
        self.patch(key, "application/json-patch+json", patch)
    }

    /// Adds to a number; an absent one begins at 0.
    pub fn increment<N: Serialize>(&self, key: &str, by: N) -> Result<Mutation<'_>> {
        let request = Request::new("POST", format!("{}/increment", self.target(key)?));
        let body = serde_json::json!({ "by": by });
        Ok(self.mutation(request.body("application/json", body.to_string().into_bytes())))
    }

    /// Renews the deadline: to `ttl`, else to the contract's default.
    pub fn touch(&self, key: &str) -> Result<Mutation<'_>> {
        Ok(self.mutation(Request::new("POST", format!("{}/touch", self.target(key)?))))
    }

    /// Ends the entry.
    pub fn delete(&self, key: &str) -> Result<Mutation<'_>> {
        Ok(self.mutation(Request::new("DELETE", self.target(key)?)))
    }

    /// A new revision with the value of an older one.
    pub fn rollback(&self, key: &str, revision: u64) -> Result<Mutation<'_>> {
        let request = Request::new("POST", format!("{}/rollback", self.target(key)?));
        let body = format!("{{\"toRevision\":{revision}}}");
        Ok(self.mutation(request.body("application/json", body.into_bytes())))
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
        let mut failures = 0;
        loop {
            let before = self.find::<T>(key)?;
            let etag = before.as_ref().map(|entry| entry.etag.clone());
            let mutation = self.put(key, &change(before.map(|entry| entry.value)))?;
            let mutation = match &etag {
                Some(etag) => mutation.if_match(etag),
                None => mutation.create_only(),
            };
            let left = deadline.saturating_duration_since(Instant::now());
            let error = match complete(mutation.deadline(left)).send() {
                Err(error) if error.kind() == Some(ProblemKind::PreconditionFailed) => error,
                result => return result,
            };
            let wait = self.client.backoff().wait(failures, None, &mut rand::thread_rng());
            failures += 1;
            if Instant::now() + wait >= deadline {
                return Err(Error::Deadline(Box::new(error)));
            }
            thread::sleep(wait);
        }
    }

    /// The newest events of a key's life, newest last.
    pub fn history(&self, key: &str, limit: usize) -> Result<Vec<Event>> {
        #[derive(Deserialize)]
        struct Story {
            events: Vec<Event>,
        }
        let target = format!("{}/history?limit={limit}", self.target(key)?);
        let answer = self.client.read(Request::new("GET", target), Some(&self.name))?;
        Ok(decode(&answer)?.to::<Story>()?.events)
    }

    /// All live entries whose keys begin so, in the order of their keys.
    pub fn list(&self, prefix: &str) -> Result<Vec<Listed>> {
        #[derive(Deserialize)]
        struct Page {
            entries: Vec<Listed>,
            cursor: Option<String>,
        }
        let mut all = Vec::new();
        let (name, prefix) = (segment(&self.name)?, percent_encoded(prefix));
        let mut cursor = String::new();
        loop {
            let target = format!("/v1/state/{name}?limit={PAGE}&prefix={prefix}{cursor}");
            let answer = self.client.read(Request::new("GET", target), Some(&self.name))?;
            let page: Page = decode(&answer)?.to()?;
            all.extend(page.entries);
            match page.cursor {
                Some(next) => cursor = format!("&cursor={}", percent_encoded(&next)),
                None => return Ok(all),
            }
        }
    }

    fn patch<T: Serialize + ?Sized>(
        &self,
        key: &str,
        content_type: &str,
        patch: &T,
    ) -> Result<Mutation<'_>> {
        let body = serde_json::to_vec(patch).map_err(|error| Error::Invalid(error.to_string()))?;
        let request = Request::new("PATCH", self.target(key)?);
        Ok(self.mutation(request.body(content_type, body)))
    }

    fn mutation(&self, request: Request) -> Mutation<'_> {
        Mutation::new(&self.client, &self.name, request)
    }

    fn target(&self, key: &str) -> Result<String> {
        Ok(format!("/v1/state/{}/{}", segment(&self.name)?, segment(key)?))
    }
}
