//! CBOR as far as values need it.

use crate::{Error, Value};
use ciborium_ll::{simple, Decoder, Encoder, Header};
use std::collections::BTreeMap;

type Result<T> = std::result::Result<T, Error>;

const DEPTH_MAX: usize = 128;

/// Writes a value canonically: shortest heads and numbers, definite lengths, members in the order
/// of their encoded names.
pub(crate) fn write(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::Null => head(Header::Simple(simple::NULL), out),
        Value::Bool(false) => head(Header::Simple(simple::FALSE), out),
        Value::Bool(true) => head(Header::Simple(simple::TRUE), out),
        Value::Unsigned(whole) => head(Header::Positive(*whole), out),
        Value::Signed(whole) if *whole >= 0 => head(Header::Positive(*whole as u64), out),
        Value::Signed(whole) => head(Header::Negative(!*whole as u64), out),
        Value::Float(number) => head(Header::Float(*number), out),
        Value::Bytes(bytes) => {
            head(Header::Bytes(Some(bytes.len())), out);
            out.extend_from_slice(bytes);
        }
        Value::Text(text) => write_text(text, out),
        Value::Array(items) => {
            head(Header::Array(Some(items.len())), out);
            items.iter().for_each(|item| write(item, out));
        }
        Value::Map(members) => {
            head(Header::Map(Some(members.len())), out);
            let encode = |(name, member): (&String, &Value)| {
                let mut bytes = Vec::new();
                write_text(name, &mut bytes);
                write(member, &mut bytes);
                bytes
            };
            // No encoded name begins another one, so members sort as their encoded names do.
            let mut encoded: Vec<Vec<u8>> = members.iter().map(encode).collect();
            encoded.sort();
            out.extend(encoded.concat());
        }
    }
}

fn write_text(text: &str, out: &mut Vec<u8>) {
    head(Header::Text(Some(text.len())), out);
    out.extend_from_slice(text.as_bytes());
}

fn head(header: Header, out: &mut Vec<u8>) {
    // A vector takes all that is written.
    let _ = Encoder::from(out).push(header);
}

/// Reads the one item that the bytes are.
pub(crate) fn read(bytes: &[u8]) -> Result<Value> {
    let mut reader = Reader(Decoder::from(bytes));
    let header = reader.0.pull().map_err(malformed)?;
    let value = reader.item(header, 0)?;
    match reader.0.offset() {
        end if end == bytes.len() => Ok(value),
        _ => Err(Error::cbor("something after the item")),
    }
}

struct Reader<'a>(Decoder<&'a [u8]>);

fn malformed(error: ciborium_ll::Error<std::io::Error>) -> Error {
    Error::Cbor(format!("{error:?}"))
}

impl Reader<'_> {
    fn item(&mut self, header: Header, depth: usize) -> Result<Value> {
        if depth > DEPTH_MAX {
            return Err(Error::cbor("nested too deeply"));
        }
        Ok(match header {
            Header::Positive(whole) => Value::Unsigned(whole),
            Header::Negative(whole) => match i64::try_from(whole) {
                Ok(whole) => Value::Signed(!whole),
                Err(error) => return Err(Error::cbor(error)),
            },
            Header::Float(number) => Value::Float(number),
            Header::Simple(simple::FALSE) => Value::Bool(false),
            Header::Simple(simple::TRUE) => Value::Bool(true),
            Header::Simple(simple::NULL) => Value::Null,
            Header::Bytes(length) => Value::Bytes(self.bytes(length)?),
            Header::Text(length) => Value::Text(self.text(length)?),
            Header::Array(length) => {
                let mut items = Vec::new();
                while let Some(header) = self.next(length, items.len())? {
                    items.push(self.item(header, depth + 1)?);
                }
                Value::Array(items)
            }
            Header::Map(length) => {
                let (mut members, mut have) = (BTreeMap::new(), 0);
                while let Some(header) = self.next(length, have)? {
                    let name = match header {
                        Header::Text(length) => self.text(length)?,
                        _ => return Err(Error::cbor("a name that is no text")),
                    };
                    let header = self.0.pull().map_err(malformed)?;
                    members.insert(name, self.item(header, depth + 1)?);
                    have += 1;
                }
                Value::Map(members)
            }
            _ => return Err(Error::cbor("an item that no value has")),
        })
    }

    /// The head of the next part, unless all are there or a break ends an indefinite length.
    fn next(&mut self, length: Option<usize>, have: usize) -> Result<Option<Header>> {
        if length == Some(have) {
            return Ok(None);
        }
        let header = self.0.pull().map_err(malformed)?;
        Ok(if length.is_none() && header == Header::Break { None } else { Some(header) })
    }

    /// Bytes, be they in one piece or in chunks.
    fn bytes(&mut self, length: Option<usize>) -> Result<Vec<u8>> {
        let (mut all, mut buffer) = (Vec::new(), [0; 1024]);
        let mut chunks = self.0.bytes(length);
        while let Some(mut chunk) = chunks.pull().map_err(malformed)? {
            while let Some(part) = chunk.pull(&mut buffer).map_err(malformed)? {
                all.extend_from_slice(part);
            }
        }
        Ok(all)
    }

    fn text(&mut self, length: Option<usize>) -> Result<String> {
        let (mut all, mut buffer) = (String::new(), [0; 1024]);
        let mut chunks = self.0.text(length);
        while let Some(mut chunk) = chunks.pull().map_err(malformed)? {
            while let Some(part) = chunk.pull(&mut buffer).map_err(malformed)? {
                all.push_str(part);
            }
        }
        Ok(all)
    }
}
