//! Values of JSON and byte strings, and their CBOR (RFC 8949). What is written is deterministic
//! (4.2.1): equal values have equal bytes in every language, and so equal digests. Every form is read.
//!
//! ```
//! use mayfly_cbor::Value;
//!
//! # fn main() -> Result<(), mayfly_cbor::Error> {
//! let value = Value::of(&("ada", [1, 2]))?;
//! assert_eq!(value.to_cbor(), b"\x82\x63ada\x82\x01\x02");
//! assert_eq!(Value::from_cbor(b"\x9f\x63ada\x82\x01\x02\xff")?, value);
//! # Ok(())
//! # }
//! ```
#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod codec;
mod value;

pub use value::Value;

/// Why something is no value, or not of the type that was asked for.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The bytes are no CBOR, or CBOR that no value has.
    #[error("CBOR: {0}")]
    Cbor(String),
    /// JSON cannot say it, or says something else.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
}

impl Error {
    fn cbor(why: impl ToString) -> Self {
        Error::Cbor(why.to_string())
    }
}
