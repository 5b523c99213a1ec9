package io.mayfly.http.value;

import static org.assertj.core.api.Assertions.assertThat;

import io.mayfly.protocol.entry.Value;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against the examples of RFC 8949, appendix A, and its rules of 4.2.1. */
final class CanonicalCborTest {
  private static Value json(String text) {
    return ValueCodec.read(Format.JSON, text.getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "0 | 00",
        "23 | 17",
        "24 | 1818",
        "100 | 1864",
        "1000 | 1903e8",
        "1000000 | 1a000f4240",
        "1000000000000 | 1b000000e8d4a51000",
        "18446744073709551615 | 1bffffffffffffffff",
        "-1 | 20",
        "-100 | 3863",
        "-1000 | 3903e7",
        "-9223372036854775808 | 3b7fffffffffffffff",
        "1.5 | f93e00",
        "65504.0 | f97bff",
        "100000.0 | fa47c35000",
        "3.4028234663852886e+38 | fa7f7fffff",
        "1.1 | fb3ff199999999999a",
        "1.0e+300 | fb7e37e43c8800759c",
        "5.960464477539063e-8 | f90001",
        "0.00006103515625 | f90400",
        "-4.0 | f9c400",
        "-4.1 | fbc010666666666666",
        "false | f4",
        "true | f5",
        "null | f6",
        "\"\" | 60",
        "\"IETF\" | 6449455446",
        "\"\\u6c34\" | 63e6b0b4",
        "[] | 80",
        "[1,[2,3],[4,5]] | 8301820203820405",
        "{} | a0",
        "{\"b\":[2,3],\"a\":1} | a26161016162820203",
        "{\"aa\":1,\"b\":2} | a261620262616101",
      })
  void value_hasTheBytesOfTheStandard(String json, String hex) {
    assertThat(HexFormat.of().formatHex(CanonicalCbor.bytes(json(json)))).isEqualTo(hex);
  }

  @Test
  void byteString_staysOne() {
    Value value = ValueCodec.read(Format.CBOR, HexFormat.of().parseHex("5f42010243030405ff"));

    assertThat(HexFormat.of().formatHex(CanonicalCbor.bytes(value))).isEqualTo("450102030405");
  }

  @Test
  void digest_isTheHashOfTheBytes() {
    assertThat(CanonicalCbor.digest(json("{\"b\":2,\"a\":1}")))
        .isEqualTo(CanonicalCbor.digest(json("{ \"a\" : 1, \"b\" : 2 }")))
        .matches("sha-256:[0-9a-f]{64}");
  }
}
