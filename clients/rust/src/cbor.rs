//! CBOR (RFC 8949), as far as values need it: written canonically, read in every form.

use crate::error::{Error, Result};
use crate::value::Value;
use ciborium_io::Read;
use ciborium_ll::{simple, Decoder, Encoder, Header};
use std::collections::BTreeMap;

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
    let mut reader = Reader { decoder: Decoder::from(bytes), length: bytes.len() };
    let header = reader.pull()?;
    let value = reader.item(header, 0)?;
    match reader.decoder.offset() {
        end if end == bytes.len() => Ok(value),
        _ => Err(malformed("something after the item")),
    }
}

struct Reader<'a> {
    decoder: Decoder<&'a [u8]>,
    length: usize,
}

fn malformed(what: &str) -> Error {
    Error::unreadable(format!("CBOR: {what}"))
}

impl Reader<'_> {
    fn pull(&mut self) -> Result<Header> {
        self.decoder.pull().map_err(|_| malformed("ends too early, or is none"))
    }

    fn item(&mut self, header: Header, depth: usize) -> Result<Value> {
        if depth > DEPTH_MAX {
            return Err(malformed("nested too deeply"));
        }
        Ok(match header {
            Header::Positive(whole) => Value::Unsigned(whole),
            Header::Negative(whole) => match i64::try_from(whole) {
                Ok(whole) => Value::Signed(!whole),
                Err(_) => return Err(malformed("an integer below -2^63")),
            },
            Header::Float(number) => Value::Float(number),
            Header::Simple(simple::FALSE) => Value::Bool(false),
            Header::Simple(simple::TRUE) => Value::Bool(true),
            Header::Simple(simple::NULL) => Value::Null,
            Header::Bytes(_) => Value::Bytes(self.string(header)?),
            Header::Text(_) => Value::Text(text(self.string(header)?)?),
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
                    let name = text(self.string(header)?)?;
                    let header = self.pull()?;
                    members.insert(name, self.item(header, depth + 1)?);
                    have += 1;
                }
                Value::Map(members)
            }
            _ => return Err(malformed("a kind of item that no value has")),
        })
    }

    /// The head of the next part, unless all are there or a break ends an indefinite length.
    fn next(&mut self, length: Option<usize>, have: usize) -> Result<Option<Header>> {
        if length == Some(have) {
            return Ok(None);
        }
        let header = self.pull()?;
        Ok(if length.is_none() && header == Header::Break { None } else { Some(header) })
    }

    /// The content of a string, be it in one piece or in chunks of its kind.
    fn string(&mut self, header: Header) -> Result<Vec<u8>> {
        let length = match header {
            Header::Bytes(length) | Header::Text(length) => length,
            _ => return Err(malformed("no string")),
        };
        let mut all = Vec::new();
        if let Some(length) = length {
            if length > self.length - self.decoder.offset() {
                return Err(malformed("ends too early"));
            }
            all.resize(length, 0);
            self.decoder.read_exact(&mut all).map_err(|_| malformed("ends too early"))?;
            return Ok(all);
        }
        while let Some(chunk) = self.next(None, 0)? {
            match (header, chunk) {
                (Header::Bytes(_), Header::Bytes(Some(_)))
                | (Header::Text(_), Header::Text(Some(_))) => all.extend(self.string(chunk)?),
                _ => return Err(malformed("a chunk of another kind")),
            }
        }
        Ok(all)
    }
}

fn text(bytes: Vec<u8>) -> Result<String> {
    String::from_utf8(bytes).map_err(|_| malformed("text that is no UTF-8"))
}
