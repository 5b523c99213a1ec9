//! Values as the server keeps them.

use crate::cbor;
use crate::error::{Error, Result};
use serde::de::DeserializeOwned;
use serde::Serialize;
use serde_json::{Map, Number};
use sha2::{Digest, Sha256};

/// What an entry can hold: JSON and byte strings. Integers reach from -2^63 to 2^64-1.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Integer(i128),
    /// Any other number.
    Float(f64),
    /// Bytes. In JSON they are base64url text.
    Bytes(Vec<u8>),
    /// Text.
    Text(String),
    /// A list.
    Array(Vec<Value>),
    /// Members by name.
    Map(Vec<(String, Value)>),
}

impl Value {
    /// The value of anything that serializes to JSON.
    pub fn of<T: Serialize + ?Sized>(value: &T) -> Result<Self> {
        serde_json::to_value(value).map(Value::from).map_err(Error::invalid)
    }

    /// The value as a type of choice.
    pub fn to<T: DeserializeOwned>(self) -> Result<T> {
        serde_json::from_value(self.into()).map_err(Error::unreadable)
    }

    /// Reads one item of CBOR (RFC 8949).
    pub fn from_cbor(bytes: &[u8]) -> Result<Self> {
        cbor::read(bytes)
    }

    /// The canonical bytes (RFC 8949, 4.2.1): equal values have equal bytes in every language.
    pub fn to_cbor(&self) -> Vec<u8> {
        let mut out = Vec::new();
        cbor::write(self, &mut out);
        out
    }

    /// `sha-256:` and the hash of the canonical bytes.
    pub fn digest(&self) -> String {
        format!("sha-256:{:x}", Sha256::digest(self.to_cbor()))
    }
}

impl From<serde_json::Value> for Value {
    fn from(json: serde_json::Value) -> Self {
        match json {
            serde_json::Value::Null => Value::Null,
            serde_json::Value::Bool(flag) => Value::Bool(flag),
            serde_json::Value::Number(number) => match (number.as_u64(), number.as_i64()) {
                (Some(whole), _) => Value::Integer(whole.into()),
                (_, Some(whole)) => Value::Integer(whole.into()),
                _ => Value::Float(number.as_f64().unwrap_or(f64::NAN)),
            },
            serde_json::Value::String(text) => Value::Text(text),
            serde_json::Value::Array(items) => {
                Value::Array(items.into_iter().map(Value::from).collect())
            }
            serde_json::Value::Object(members) => Value::Map(
                members.into_iter().map(|(name, member)| (name, member.into())).collect(),
            ),
        }
    }
}

impl From<Value> for serde_json::Value {
    fn from(value: Value) -> Self {
        match value {
            Value::Null => serde_json::Value::Null,
            Value::Bool(flag) => flag.into(),
            Value::Integer(whole) => match (u64::try_from(whole), i64::try_from(whole)) {
                (Ok(whole), _) => Number::from(whole).into(),
                (_, Ok(whole)) => Number::from(whole).into(),
                _ => (whole as f64).into(),
            },
            Value::Float(number) => number.into(),
            Value::Bytes(bytes) => base64::encode_config(bytes, base64::URL_SAFE_NO_PAD).into(),
            Value::Text(text) => text.into(),
            Value::Array(items) => {
                items.into_iter().map(serde_json::Value::from).collect::<Vec<_>>().into()
            }
            Value::Map(members) => members
                .into_iter()
                .map(|(name, member)| (name, member.into()))
                .collect::<Map<_, _>>()
                .into(),
        }
    }
}
