//! What can be said.

use crate::{codec, Error};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize, Serializer};
use std::collections::BTreeMap;

/// JSON and byte strings. Integers reach from -2^63 to 2^64-1.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number that is not negative.
    Unsigned(u64),
    /// Any other whole number.
    Signed(i64),
    /// Any other number.
    Float(f64),
    /// Bytes. In JSON they are base64url text.
    #[serde(skip_deserializing, serialize_with = "base64url")]
    Bytes(Vec<u8>),
    /// Text.
    Text(String),
    /// A list.
    Array(Vec<Value>),
    /// Members by name.
    Map(BTreeMap<String, Value>),
}

fn base64url<S: Serializer>(bytes: &[u8], to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(&base64::encode_config(bytes, base64::URL_SAFE_NO_PAD))
}

impl Value {
    /// The value of anything that serializes to JSON.
    pub fn of<T: Serialize + ?Sized>(value: &T) -> Result<Self, Error> {
        Ok(serde_json::from_value(serde_json::to_value(value)?)?)
    }

    /// The value as a type of choice.
    pub fn to<T: DeserializeOwned>(&self) -> Result<T, Error> {
        Ok(serde_json::from_value(serde_json::to_value(self)?)?)
    }

    /// Reads one item of CBOR (RFC 8949).
    pub fn from_cbor(bytes: &[u8]) -> Result<Self, Error> {
        codec::read(bytes)
    }

    /// The canonical bytes (RFC 8949, 4.2.1): equal values have equal bytes in every language.
    pub fn to_cbor(&self) -> Vec<u8> {
        let mut out = Vec::new();
        codec::write(self, &mut out);
        out
    }
}
