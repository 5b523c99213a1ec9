package io.mayfly.http.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import io.mayfly.http.Seed;
import io.mayfly.http.problem.ProblemException;
import io.mayfly.http.problem.ProblemType;
import io.mayfly.protocol.entry.Value;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ValueCodecTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final CBORMapper CBOR = new CBORMapper();
  private static final BigInteger UNSIGNED_MAX = BigInteger.TWO.pow(64).subtract(BigInteger.ONE);

  private static Value json(String text) {
    return ValueCodec.read(Format.JSON, text.getBytes(StandardCharsets.UTF_8));
  }

  private static Value cbor(String hex) {
    return ValueCodec.read(Format.CBOR, HexFormat.of().parseHex(hex));
  }

  private static String text(Value value) {
    Bytes bytes = new Bytes(16);
    try (JsonGenerator generator = ValueCodec.generator(Format.JSON, bytes)) {
      ValueCodec.write(value, generator);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return new String(bytes.toArray(), StandardCharsets.UTF_8);
  }

  private static ProblemType refusal(Runnable reading) {
    Throwable thrown = catchThrowable(reading::run);
    assertThat(thrown).isInstanceOf(ProblemException.class);
    return ((ProblemException) thrown).problem().type();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "true",
        "false",
        "0",
        "-1",
        "9223372036854775807",
        "-9223372036854775808",
        "9223372036854775808",
        "18446744073709551615",
        "[18446744073709551615,{\"a\":9223372036854775808,\"b\":1}]",
        "0.1",
        "1.0",
        "1.7976931348623157E308",
        "4.9E-324",
        "\"\"",
        "\"ä€😀\"",
        "[]",
        "{}",
        "{\"a\":[1,{\"b\":null}],\"c\":\"\\u0000\\n\\\"\"}",
      })
  void json_roundTrip_givesTheSameText(String text) {
    assertThat(text(json(text))).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "1bffffffffffffffff, 18446744073709551615",
    "c249010000000000000000, ",
    "c248ffffffffffffffff, 18446744073709551615",
    "c24900ffffffffffffffff, 18446744073709551615",
    "c240, 0",
    "c340, -1",
    "c3487fffffffffffffff, -9223372036854775808",
    "c3488000000000000000, ",
    "3b7fffffffffffffff, -9223372036854775808",
    "3b8000000000000000, ",
    "d9d9f70a, 10",
    "a1d9d9f7616101, ",
    "a16161d9d9f701, '{\"a\":1}'",
    "43fffe00, '\"__4A\"'",
    "5f41ff41feff, '\"__4\"'",
    "7f61616162ff, '\"ab\"'",
    "9f0102ff, '[1,2]'",
    "bf61610161622aff, '{\"a\":1,\"b\":-11}'",
    "f93c00, 1.0",
    "fa3fc00000, 1.5",
    "f97e00, ",
    "f97c00, ",
    "fa7f800000, ",
    "fb7ff0000000000000, ",
    "f7, ",
    "f0, ",
    "f820, ",
    "c11a514b67b0, ",
    "a10101, ",
  })
  void cbor_ofEachKind_isReadOrUnrepresentable(String hex, String expected) {
    if (expected == null) {
      assertThat(refusal(() -> cbor(hex))).isEqualTo(ProblemType.UNREPRESENTABLE);
    } else {
      assertThat(text(cbor(hex))).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "18",
        "1bff",
        "61ff",
        "62c080",
        "63eda080",
        "61",
        "81",
        "8201",
        "a1",
        "a16161",
        "9f01",
        "bf6161",
        "ff",
        "81ff",
        "a2616101616102",
        "0000",
        "1c",
        "fc",
        "f818",
        "5f6161ff",
        "7f4161ff",
        "5f5f4161ffff",
        "9bffffffffffffffff",
        "bbffffffffffffffff",
        "5b7fffffffffffffff",
        "a1616101ff",
        "c2",
        "c201",
        "d9d9f7",
        "bf01ff",
        "a1ff",
        "7f7f6161ffff"
      })
  void cbor_thatIsBroken_isRefused(String hex) {
    assertThat(refusal(() -> cbor(hex)))
        .isIn(ProblemType.MALFORMED_BODY, ProblemType.UNREPRESENTABLE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", " ", "{", "[1", "[1,]", "{\"a\"}", "{\"a\":1,\"a\":2}", "1 2", "{}x", "nul", "'a'",
        "01", "+1", ".5", "1.", "NaN", "Infinity", "\"a", "\"\t\"", "\"\\x\"", "{a:1}", "// c\n1",
        "[1]]", "\u0000\u0000\u00001", "1\u0000", "-", "--1", "1e", "{\"a\":{\"b\":1,\"b\":2}}"
      })
  void json_thatIsBroken_isMalformed(String text) {
    assertThat(refusal(() -> json(text))).isEqualTo(ProblemType.MALFORMED_BODY);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "18446744073709551616",
        "-9223372036854775809",
        "1e400",
        "-1e999999999",
        "\"\\ud800\"",
        "\"\\udc00\\ud800\"",
        "{\"\\ud800x\":1}"
      })
  void json_thatCborCannotSay_isUnrepresentable(String text) {
    assertThat(refusal(() -> json(text))).isEqualTo(ProblemType.UNREPRESENTABLE);
  }

  @Test
  void json_withInvalidUtf8_isMalformed() {
    byte[][] bodies = {
      {'"', (byte) 0xC0, (byte) 0x80, '"'},
      {'"', (byte) 0xED, (byte) 0xA0, (byte) 0x80, '"'},
      {'"', (byte) 0xF5, (byte) 0x80, (byte) 0x80, (byte) 0x80, '"'},
      {'"', (byte) 0xC3, '"'},
      {'1', 0},
      {(byte) 0xFE, (byte) 0xFF, 0, '1'},
    };

    for (byte[] body : bodies) {
      assertThat(refusal(() -> ValueCodec.read(Format.JSON, body)))
          .isEqualTo(ProblemType.MALFORMED_BODY);
    }
  }

  @Test
  void json_withManyDigits_isDecidedWithoutTurningThemIntoANumber() {
    assertThat(refusal(() -> json("9".repeat(1_000_000)))).isEqualTo(ProblemType.UNREPRESENTABLE);
    assertThat(text(json("0." + "1".repeat(100_000)))).isEqualTo("0.1111111111111111");
  }

  @Test
  void nesting_upToTheLimit_isReadAndBeyondRefused() {
    String deepest = "[".repeat(64) + "]".repeat(64);

    assertThat(text(json(deepest))).isEqualTo(deepest);
    assertThat(refusal(() -> json("[" + deepest + "]"))).isEqualTo(ProblemType.MALFORMED_BODY);
    assertThat(text(cbor("81".repeat(63) + "80"))).isEqualTo(deepest);
    assertThat(refusal(() -> cbor("81".repeat(64) + "80"))).isEqualTo(ProblemType.MALFORMED_BODY);
    assertThat(refusal(() -> cbor("d9d9f7".repeat(100_000) + "80")))
        .isEqualTo(ProblemType.MALFORMED_BODY);
  }

  @Test
  void detail_ofMalformedBody_tellsThePlaceAndNeverTheText() {
    Throwable thrown = catchThrowable(() -> json("{\"a\": \n  secret}"));

    assertThat(thrown).hasMessageContaining("line 2").hasMessageNotContaining("secret");
  }

  @Test
  void randomValues_inBothFormats_areStoredAlikeAndComeBack() throws IOException {
    Random random = Seed.random(ValueCodecTest.class);
    for (int i = 0; i < 2_000; i++) {
      JsonNode value = randomValue(random, 0);

      Value fromJson = ValueCodec.read(Format.JSON, JSON.writeValueAsBytes(value));
      Value fromCbor = ValueCodec.read(Format.CBOR, CBOR.writeValueAsBytes(value));

      assertThat(fromCbor).isEqualTo(fromJson);
      assertThat(ValueCodec.read(Format.CBOR, fromJson.cbor())).isEqualTo(fromJson);
      assertThat(json(text(fromJson))).isEqualTo(fromJson);
    }
  }

  private static JsonNode randomValue(Random random, int depth) {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    return switch (random.nextInt(depth > 5 ? 7 : 9)) {
      case 0 -> nodes.nullNode();
      case 1 -> nodes.booleanNode(random.nextBoolean());
      case 2 -> nodes.numberNode(random.nextLong() >> random.nextInt(64));
      case 3 -> nodes.numberNode(new BigInteger(64, random).min(UNSIGNED_MAX));
      case 4 -> nodes.numberNode(finite(random));
      case 5, 6 -> nodes.textNode(randomText(random));
      case 7 -> randomArray(random, depth);
      default -> randomObject(random, depth);
    };
  }

  private static JsonNode randomArray(Random random, int depth) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    for (int i = random.nextInt(5); i > 0; i--) {
      array.add(randomValue(random, depth + 1));
    }
    return array;
  }

  private static JsonNode randomObject(Random random, int depth) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    for (int i = random.nextInt(5); i > 0; i--) {
      object.set(randomText(random), randomValue(random, depth + 1));
    }
    return object;
  }

  private static double finite(Random random) {
    double number = Double.longBitsToDouble(random.nextLong());
    return Double.isFinite(number) ? number : 0.5;
  }

  private static String randomText(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(random.nextInt(50) == 0 ? 5_000 : 12); i > 0; i--) {
      int point = random.nextInt(random.nextBoolean() ? 0x80 : 0x110000);
      text.appendCodePoint(point >= 0xD800 && point < 0xE000 ? 'x' : point);
    }
    return text.toString();
  }

  @Test
  void randomBytes_asBody_areReadOrRefusedAndNeverFail() {
    Random random = Seed.random(ValueCodecTest.class);
    int read = 0;
    for (int i = 0; i < 200_000; i++) {
      byte[] body = new byte[random.nextInt(12)];
      random.nextBytes(body);
      Format format = random.nextInt(4) == 0 ? Format.JSON : Format.CBOR;
      try {
        Value value = ValueCodec.read(format, body);
        assertThat(json(text(value))).isNotNull();
        assertThat(ValueCodec.read(Format.CBOR, value.cbor())).isEqualTo(value);
        read++;
      } catch (ProblemException e) {
        assertThat(e.problem().type().status()).isEqualTo(400);
      }
    }
    assertThat(read).isPositive();
  }
}
