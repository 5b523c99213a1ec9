package io.mayfly.http;

import io.mayfly.http.problem.Problem;
import io.mayfly.http.problem.ProblemException;
import io.mayfly.http.problem.ProblemType;
import io.mayfly.http.value.Format;
import java.util.Locale;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * A request body that has arrived.
 *
 * @param mediaType the type without parameters, in lower case; absent when the request named none
 */
record Body(ByteString bytes, @Nullable String mediaType, boolean utf8) {
  /** The type of a merge patch (RFC 7396). */
  static final String MERGE_PATCH = "application/merge-patch+json";

  /** The type of a JSON Patch (RFC 6902). */
  static final String JSON_PATCH = "application/json-patch+json";

  private static final String PATCH_TYPES = MERGE_PATCH + ", " + JSON_PATCH;

  /** Reads the type of a body. */
  static Body of(ByteString bytes, @Nullable String contentType) {
    if (contentType == null) {
      return new Body(bytes, null, true);
    }
    int semicolon = contentType.indexOf(';');
    String type = semicolon < 0 ? contentType : contentType.substring(0, semicolon);
    return new Body(
        bytes,
        type.strip().toLowerCase(Locale.ROOT),
        semicolon < 0 || onlyUtf8(contentType.substring(semicolon + 1)));
  }

  private static boolean onlyUtf8(String parameters) {
    for (String parameter : parameters.toLowerCase(Locale.ROOT).split(";", -1)) {
      String text = parameter.replace("\"", "").strip();
      if (text.startsWith("charset=") && !text.equals("charset=utf-8")) {
        return false;
      }
    }
    return true;
  }

  /** The format of a body that is a document; what curl sends by default counts as JSON. */
  Format format() {
    if (mediaType == null) {
      return Format.JSON;
    }
    Format format =
        switch (mediaType) {
          case "application/json", "application/x-www-form-urlencoded" -> Format.JSON;
          case "application/cbor" -> Format.CBOR;
          default -> throw unsupported("application/json or application/cbor", null);
        };
    if (!utf8) {
      throw unsupported("UTF-8", null);
    }
    return format;
  }

  /** Whether the body is a JSON Patch; otherwise it is a merge patch. */
  boolean jsonPatch() {
    boolean json = JSON_PATCH.equals(mediaType);
    if (!utf8 || (!json && !MERGE_PATCH.equals(mediaType))) {
      throw unsupported(PATCH_TYPES, PATCH_TYPES);
    }
    return json;
  }

  boolean isEmpty() {
    return bytes.isEmpty();
  }

  /** The bytes, only to be read. */
  byte[] array() {
    return bytes.toArrayUnsafe();
  }

  private static ProblemException unsupported(String expected, @Nullable String acceptPatch) {
    Problem problem =
        Problem.of(ProblemType.UNSUPPORTED_MEDIA_TYPE, "The body is expected as " + expected + ".");
    return (acceptPatch == null ? problem : problem.withHeader("Accept-Patch", acceptPatch))
        .exception();
  }
}
