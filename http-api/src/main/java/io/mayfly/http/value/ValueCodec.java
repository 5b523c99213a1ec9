package io.mayfly.http.value;

import com.fasterxml.jackson.core.Base64Variants;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.fasterxml.jackson.dataformat.cbor.CBORGenerator;
import io.mayfly.http.problem.Problem;
import io.mayfly.http.problem.ProblemException;
import io.mayfly.http.problem.ProblemType;
import io.mayfly.protocol.entry.Value;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;

/**
 * Values from JSON and CBOR to the one stored form, which is CBOR, and back.
 *
 * <p>Both ways in run through one copy loop, so that the same document gives the same bytes
 * whichever way it came. Integers keep their 64 bits, other numbers are doubles, byte strings are
 * base64url in JSON.
 */
public final class ValueCodec {
  /** The deepest nesting of arrays and objects. */
  public static final int NESTING_MAX = 64;

  /** More than any body: within one, only the body's own limit counts. */
  private static final int TEXT_MAX = 16 * 1024 * 1024;

  /** The digits of 2^64-1. */
  private static final int INTEGER_DIGITS_MAX = 20;

  private static final byte UINT64 = 0x1B;

  private static final StreamReadConstraints CONSTRAINTS =
      StreamReadConstraints.builder()
          .maxNestingDepth(NESTING_MAX)
          .maxNumberLength(TEXT_MAX)
          .maxStringLength(TEXT_MAX)
          .maxNameLength(TEXT_MAX)
          .build();

  /** Field names of strangers are neither interned nor a reason to fail. */
  private static final JsonFactory JSON_IN =
      JsonFactory.builder()
          .streamReadConstraints(CONSTRAINTS)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
          .recyclerPool(JsonRecyclerPools.threadLocalPool())
          .build();

  /** Only to tell whether text is JSON at all. */
  private static final JsonFactory JSON_LENIENT =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(TEXT_MAX)
                  .maxNumberLength(TEXT_MAX)
                  .maxStringLength(TEXT_MAX)
                  .maxNameLength(TEXT_MAX)
                  .build())
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
          .build();

  private static final CBORFactory CBOR_IN =
      CBORFactory.builder()
          .streamReadConstraints(CONSTRAINTS)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .recyclerPool(JsonRecyclerPools.threadLocalPool())
          .build();

  /** Stored values were checked when they came, so duplicates need no second look. */
  private static final CBORFactory CBOR_STORED =
      CBORFactory.builder()
          .streamReadConstraints(StreamReadConstraints.builder().maxStringLength(TEXT_MAX).build())
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
          .recyclerPool(JsonRecyclerPools.threadLocalPool())
          .build();

  private static final JsonFactory JSON_OUT =
      JsonFactory.builder()
          .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
          .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
          .recyclerPool(JsonRecyclerPools.threadLocalPool())
          .build();

  private ValueCodec() {}

  /**
   * Reads a value from a whole body.
   *
   * @throws ProblemException when the body is malformed or holds what cannot be represented
   */
  public static Value read(Format format, byte[] body) {
    return parsed(
        format,
        body,
        parser -> {
          parser.nextToken();
          return item(parser, body.length + 16);
        });
  }

  /** Whether the bytes are one JSON document, however deep or doubled its members may be. */
  public static boolean wellFormedJson(byte[] body) {
    try (JsonParser parser = JSON_LENIENT.createParser(checkJson(body))) {
      int depth = 0;
      JsonToken token = parser.nextToken();
      while (token != null) {
        depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        token = parser.nextToken();
        if (depth == 0) {
          return token == null;
        }
      }
      return false;
    } catch (IOException | ProblemException e) {
      return false;
    }
  }

  /** What to make of a body. */
  @FunctionalInterface
  public interface Reading<T> {
    /** Reads from before the first token to the last one of the document. */
    T read(JsonParser parser) throws IOException;
  }

  /**
   * Reads a whole body that is one document.
   *
   * @throws ProblemException when the body is malformed
   */
  public static <T> T parsed(Format format, byte[] body, Reading<T> reading) {
    if (body.length == 0) {
      throw malformed("The body is empty; a document is expected.");
    }
    byte[] checked = format == Format.JSON ? checkJson(body) : CborCheck.check(body);
    JsonFactory factory = format == Format.JSON ? JSON_IN : CBOR_IN;
    try (JsonParser parser = factory.createParser(checked)) {
      T result = reading.read(parser);
      if (parser.nextToken() != null) {
        throw malformed("The body goes on after the document" + JsonErrors.place(parser) + ".");
      }
      return result;
    } catch (IOException e) {
      throw JsonErrors.problem(format, e);
    }
  }

  private static byte[] checkJson(byte[] body) {
    int invalid = Utf8.firstInvalid(body, 0, body.length);
    if (invalid >= 0) {
      throw malformed("The body is not UTF-8 at byte " + invalid + ".");
    }
    for (int i = 0; i < Math.min(4, body.length); i++) {
      if (body[i] == 0) {
        throw malformed("The body is not JSON in UTF-8.");
      }
    }
    return body;
  }

  /** Copies the item at the parser's current token into a value of its own. */
  public static Value item(JsonParser parser, int sizeHint) throws IOException {
    Bytes bytes = new Bytes(sizeHint);
    try (JsonGenerator generator = CBOR_IN.createGenerator(bytes)) {
      copy(parser, generator);
    }
    return new Value(bytes.toArray());
  }

  /** A generator of this format. Closing it completes the bytes. */
  public static JsonGenerator generator(Format format, OutputStream out) {
    try {
      return format == Format.JSON
          ? JSON_OUT.createGenerator(out)
          : CBOR_STORED.createGenerator(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A parser of a stored value, before its first token. */
  static JsonParser parser(Value value) throws IOException {
    return CBOR_STORED.createParser(value.cbor());
  }

  /** Writes a stored value. */
  public static void write(Value value, JsonGenerator generator) throws IOException {
    try (JsonParser parser = parser(value)) {
      parser.nextToken();
      copy(parser, generator);
    }
  }

  /** Copies the item at the parser's current token, up to its last token. */
  private static void copy(JsonParser parser, JsonGenerator generator) throws IOException {
    JsonToken token = parser.currentToken();
    int depth = 0;
    while (true) {
      if (token == null) {
        throw malformed("The body ends too early.");
      }
      if (token.isStructEnd()) {
        depth--;
      } else if (token.isStructStart()) {
        depth++;
      }
      copyToken(token, parser, generator);
      if (depth == 0) {
        return;
      }
      token = parser.nextToken();
    }
  }

  private static void copyToken(JsonToken token, JsonParser parser, JsonGenerator generator)
      throws IOException {
    switch (token) {
      case START_OBJECT -> generator.writeStartObject();
      case END_OBJECT -> generator.writeEndObject();
      case START_ARRAY -> generator.writeStartArray();
      case END_ARRAY -> generator.writeEndArray();
      case FIELD_NAME -> copyName(parser, generator);
      case VALUE_STRING -> copyText(parser, generator);
      case VALUE_NUMBER_INT -> copyInteger(parser, generator);
      case VALUE_NUMBER_FLOAT -> copyDouble(parser, generator);
      case VALUE_TRUE -> generator.writeBoolean(true);
      case VALUE_FALSE -> generator.writeBoolean(false);
      case VALUE_NULL -> generator.writeNull();
      case VALUE_EMBEDDED_OBJECT -> {
        byte[] binary = parser.getBinaryValue();
        generator.writeBinary(Base64Variants.MODIFIED_FOR_URL, binary, 0, binary.length);
      }
      case NOT_AVAILABLE -> throw new IllegalStateException("token not available");
    }
  }

  private static void copyName(JsonParser parser, JsonGenerator generator) throws IOException {
    String name = parser.currentName();
    if (Utf8.loneSurrogate(name)) {
      throw unrepresentable("half of a surrogate pair", parser);
    }
    generator.writeFieldName(name);
  }

  private static void copyText(JsonParser parser, JsonGenerator generator) throws IOException {
    char[] text = parser.getTextCharacters();
    int from = parser.getTextOffset();
    int length = parser.getTextLength();
    if (Utf8.loneSurrogate(text, from, from + length)) {
      throw unrepresentable("half of a surrogate pair", parser);
    }
    generator.writeString(text, from, length);
  }

  private static void copyInteger(JsonParser parser, JsonGenerator generator) throws IOException {
    switch (parser.getNumberType()) {
      case INT -> generator.writeNumber(parser.getIntValue());
      case LONG -> generator.writeNumber(parser.getLongValue());
      default -> copyWideInteger(parser, generator);
    }
  }

  /** Decides by the number of digits first, so that a long text is never turned into a number. */
  private static void copyWideInteger(JsonParser parser, JsonGenerator generator)
      throws IOException {
    if (parser.getTextLength() > INTEGER_DIGITS_MAX) {
      throw unrepresentable("an integer outside -2^63 to 2^64-1", parser);
    }
    BigInteger integer = parser.getBigIntegerValue();
    if (integer.bitLength() < Long.SIZE) {
      generator.writeNumber(integer.longValue());
    } else if (integer.signum() > 0 && integer.bitLength() == Long.SIZE) {
      writeUnsigned(integer, generator);
    } else {
      throw unrepresentable("an integer outside -2^63 to 2^64-1", parser);
    }
  }

  /** Writes 2^63 to 2^64-1 as a plain CBOR integer, for which the generator would use a bignum. */
  private static void writeUnsigned(BigInteger integer, JsonGenerator generator)
      throws IOException {
    if (generator instanceof CBORGenerator cbor) {
      byte[] bytes = new byte[1 + Long.BYTES];
      bytes[0] = UINT64;
      for (int i = 0; i < Long.BYTES; i++) {
        bytes[1 + i] = (byte) (integer.longValue() >>> (Long.SIZE - 8 - 8 * i));
      }
      CborContexts.countValue(cbor);
      cbor.writeBytes(bytes, 0, bytes.length);
    } else {
      generator.writeNumber(integer);
    }
  }

  private static void copyDouble(JsonParser parser, JsonGenerator generator) throws IOException {
    double number = parser.getDoubleValue();
    if (!Double.isFinite(number)) {
      throw unrepresentable("a number beyond the finite doubles", parser);
    }
    generator.writeNumber(number);
  }

  private static ProblemException unrepresentable(String what, JsonParser parser) {
    return Problem.of(
            ProblemType.UNREPRESENTABLE, "The body holds " + what + JsonErrors.place(parser) + ".")
        .exception();
  }

  private static ProblemException malformed(String detail) {
    return Problem.of(ProblemType.MALFORMED_BODY, detail).exception();
  }
}
