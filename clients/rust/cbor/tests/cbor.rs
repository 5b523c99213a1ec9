use mayfly_cbor::Value;
use rand::{rngs::StdRng, Rng, SeedableRng};

/// The examples of RFC 8949, appendix A, that JSON can say.
const EXAMPLES: [(&str, &[u8]); 19] = [
    ("0", b"\x00"),
    ("23", b"\x17"),
    ("24", b"\x18\x18"),
    ("1000", b"\x19\x03\xe8"),
    ("1000000", b"\x1a\x00\x0f\x42\x40"),
    ("18446744073709551615", b"\x1b\xff\xff\xff\xff\xff\xff\xff\xff"),
    ("-1", b"\x20"),
    ("-100", b"\x38\x63"),
    ("-9223372036854775808", b"\x3b\x7f\xff\xff\xff\xff\xff\xff\xff"),
    ("0.0", b"\xf9\x00\x00"),
    ("-0.0", b"\xf9\x80\x00"),
    ("65504.0", b"\xf9\x7b\xff"),
    ("5.960464477539063e-8", b"\xf9\x00\x01"),
    ("100000.0", b"\xfa\x47\xc3\x50\x00"),
    ("1.1", b"\xfb\x3f\xf1\x99\x99\x99\x99\x99\x9a"),
    ("[false, true, null]", b"\x83\xf4\xf5\xf6"),
    (r#""水""#, b"\x63\xe6\xb0\xb4"),
    (r#"{"b": [2, 3], "a": 1}"#, b"\xa2\x61\x61\x01\x61\x62\x82\x02\x03"),
    (r#"{"aa": 1, "b": {}}"#, b"\xa2\x61\x62\xa0\x62\x61\x61\x01"),
];

#[test]
fn examples_have_the_bytes_of_the_rfc() {
    for (text, bytes) in EXAMPLES {
        let value: Value = serde_json::from_str(text).unwrap();
        assert_eq!(value.to_cbor(), bytes, "{text}");
        assert_eq!(Value::from_cbor(bytes).unwrap().to_cbor(), bytes, "{text}");
    }
}

#[test]
fn other_forms_are_read() {
    for (bytes, text) in [
        (&b"\x18\x00"[..], "0"),
        (b"\xfb\x3f\xf8\x00\x00\x00\x00\x00\x00", "1.5"),
        (b"\x7f\x65strea\x64ming\xff", r#""streaming""#),
        (b"\x9f\x01\xff", "[1]"),
        (b"\xbf\x61a\xf5\xff", r#"{"a": true}"#),
    ] {
        let value: Value = serde_json::from_str(text).unwrap();
        assert_eq!(Value::from_cbor(bytes).unwrap(), value, "{text}");
    }
}

#[test]
fn bytes_are_base64url_text_in_json() {
    let value = Value::from_cbor(b"\x5f\x41\xfb\x41\xff\xff").unwrap();
    assert_eq!(value, Value::Bytes(vec![0xfb, 0xff]));
    assert_eq!(value.to::<String>().unwrap(), "-_8");
}

#[test]
fn what_no_value_has_is_refused() {
    let deep = [vec![0x81; 200], vec![0x00]].concat();
    for bytes in [
        &b""[..],
        b"\x18",
        b"\x1c",
        b"\x00\x00",
        b"\x3b\xff\xff\xff\xff\xff\xff\xff\xff",
        b"\x61\xff",
        b"\x5f\x61a\xff",
        b"\x9f\x01",
        b"\xa1\x01\x02",
        b"\xff",
        &deep,
    ] {
        assert!(Value::from_cbor(bytes).is_err(), "{bytes:x?}");
    }
}

#[test]
fn string_that_is_longer_than_the_bytes_is_refused_and_not_allocated() {
    assert!(Value::from_cbor(b"\x5b\x7f\xff\xff\xff\xff\xff\xff\xff").is_err());
}

#[test]
fn bytes_at_random_are_read_or_refused() {
    let mut random = StdRng::seed_from_u64(11);
    let mut read = 0;
    for _ in 0..200_000 {
        let length = random.gen_range(0..12);
        let bytes: Vec<u8> = (0..length).map(|_| random.gen()).collect();
        if let Ok(value) = Value::from_cbor(&bytes) {
            let canonical = value.to_cbor();
            assert_eq!(Value::from_cbor(&canonical).unwrap().to_cbor(), canonical);
            read += 1;
        }
    }
    assert!(read > 1_000, "{read} were values");
}
