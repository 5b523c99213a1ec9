package io.mayfly.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.mayfly.http.value.ValueCodec;
import java.io.IOException;

/** The body of a rollback: {@code {"toRevision": 3}}. */
final class Rollback {
  private static final String MEMBER = "toRevision";

  private Rollback() {}

  /** The revision that the body names. */
  static long read(Body body) {
    return ValueCodec.parsed(body.format(), body.array(), Rollback::member);
  }

  private static long member(JsonParser parser) throws IOException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw BodyErrors.at("", "The body is expected to be an object.");
    }
    long revision = 0;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      if (!name.equals(MEMBER)) {
        throw BodyErrors.at(
            BodyErrors.pointer(name), "The only member is toRevision; this is another.");
      }
      revision = revision(parser);
    }
    if (revision == 0) {
      throw BodyErrors.at(BodyErrors.pointer(MEMBER), "The member toRevision is missing.");
    }
    return revision;
  }

  private static long revision(JsonParser parser) throws IOException {
    parser.nextToken();
    long revision = OwnNumber.read(parser);
    if (revision == 0) {
      throw BodyErrors.at(
          BodyErrors.pointer(MEMBER), "The member is expected to be a whole number from 1.");
    }
    return revision;
  }
}
