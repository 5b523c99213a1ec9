package io.mayfly.http.value;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.dataformat.cbor.CBORParser;
import io.mayfly.http.problem.Problem;
import io.mayfly.http.problem.ProblemException;
import io.mayfly.http.problem.ProblemType;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** What a parser's complaint means. It tells the place, never the text: values may be secret. */
final class JsonErrors {
  private JsonErrors() {}

  static ProblemException problem(Format format, IOException failure) {
    String place =
        failure instanceof JsonProcessingException e ? place(e.getLocation(), format) : "";
    return Problem.of(ProblemType.MALFORMED_BODY, what(format, failure) + place + ".").exception();
  }

  private static String what(Format format, IOException failure) {
    if (failure instanceof JsonEOFException) {
      return "The body ends too early";
    }
    if (failure instanceof StreamConstraintsException) {
      return "The body is nested deeper than " + ValueCodec.NESTING_MAX;
    }
    if (failure instanceof JsonParseException e
        && e.getOriginalMessage() != null
        && e.getOriginalMessage().startsWith("Duplicate ")) {
      return "An object names a member twice";
    }
    return "The body is not " + format;
  }

  /** Where the parser stands, as the end of a sentence. */
  static String place(JsonParser parser) {
    return place(
        parser.currentTokenLocation(), parser instanceof CBORParser ? Format.CBOR : Format.JSON);
  }

  private static String place(@Nullable JsonLocation location, Format format) {
    if (location == null) {
      return "";
    }
    return format == Format.CBOR
        ? " at byte " + location.getByteOffset()
        : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
  }
}
