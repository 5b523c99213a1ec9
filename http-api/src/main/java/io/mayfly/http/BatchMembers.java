package io.mayfly.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.mayfly.http.problem.ProblemException;
import io.mayfly.http.value.ValueCodec;
import io.mayfly.protocol.entry.Lifespan;
import io.mayfly.protocol.entry.Precondition;
import io.mayfly.protocol.entry.Value;
import io.mayfly.protocol.entry.VersionVector;
import io.mayfly.protocol.time.DurationText;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The members of one operation of a batch, each in the syntax of its parameter or header in the
 * single call. A member that is null is absent, but for {@code value} and {@code patch}.
 */
final class BatchMembers {
  private static final int VALUE_BYTES = 64;

  /** The names of members. */
  enum Member {
    OP("op"),
    NAMESPACE("namespace"),
    KEY("key"),
    TTL("ttl"),
    EXPIRES_AT("expiresAt"),
    NOT_BEFORE("notBefore"),
    VALUE("value"),
    BY("by"),
    INITIAL("initial"),
    PATCH("patch"),
    IF_MATCH("ifMatch"),
    IF_NONE_MATCH("ifNoneMatch"),
    IDEMPOTENCY_KEY("idempotencyKey"),
    FENCE("fence"),
    PRODUCER("producer"),
    SEQUENCE("sequence"),
    VERSION_VECTOR("versionVector"),
    WRITTEN_AT("writtenAt");

    private static final Map<String, Member> BY_NAME = new HashMap<>();

    static {
      for (Member member : values()) {
        BY_NAME.put(member.text, member);
      }
    }

    private final String text;

    Member(String text) {
      this.text = text;
    }

    String text() {
      return text;
    }
  }

  private final Set<Member> named = EnumSet.noneOf(Member.class);
  @Nullable String op;
  @Nullable String namespace;
  @Nullable String key;
  @Nullable Instant notBefore;
  @Nullable Value value;
  @Nullable Value by;
  @Nullable Value initial;
  @Nullable Value patch;
  boolean patchIsArray;
  @Nullable String ifMatch;
  @Nullable String ifNoneMatch;
  @Nullable String idempotencyKey;
  long fence;
  @Nullable String producer;
  long sequence;
  @Nullable VersionVector versionVector;
  @Nullable Instant writtenAt;
  private @Nullable Duration ttl;
  private @Nullable Instant expiresAt;

  /** Reads an operation from before its first token. */
  static BatchMembers read(JsonParser parser) throws IOException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw BodyErrors.at("", "An operation is an object.");
    }
    BatchMembers members = new BatchMembers();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      members.take(parser.currentName(), parser);
    }
    return members;
  }

  private void take(String name, JsonParser parser) throws IOException {
    Member member = Member.BY_NAME.get(name);
    if (member == null) {
      throw BodyErrors.at(BodyErrors.pointer(name), "No operation has a member of this name.");
    }
    JsonToken token = parser.nextToken();
    boolean document = member == Member.VALUE || member == Member.PATCH;
    if (token != JsonToken.VALUE_NULL || document) {
      named.add(member);
      take(member, parser);
    }
  }

  private void take(Member member, JsonParser parser) throws IOException {
    switch (member) {
      case OP -> op = text(member, parser);
      case NAMESPACE -> namespace = text(member, parser);
      case KEY -> key = text(member, parser);
      case TTL -> ttl = read(member, text(member, parser), DurationText::parse);
      case EXPIRES_AT -> expiresAt = read(member, text(member, parser), InstantText::parse);
      case NOT_BEFORE -> notBefore = read(member, text(member, parser), InstantText::parse);
      case VALUE -> value = ValueCodec.item(parser, VALUE_BYTES);
      case BY -> by = Increment.number(parser, member.text());
      case INITIAL -> initial = Increment.number(parser, member.text());
      case PATCH -> {
        patchIsArray = parser.currentToken() == JsonToken.START_ARRAY;
        patch = ValueCodec.item(parser, VALUE_BYTES);
      }
      case IF_MATCH -> ifMatch = text(member, parser);
      case IF_NONE_MATCH -> ifNoneMatch = text(member, parser);
      case IDEMPOTENCY_KEY ->
          idempotencyKey = refused(member, text(member, parser), IdempotencyKey::text);
      case FENCE -> fence = number(member, parser);
      case PRODUCER -> producer = producer(text(member, parser));
      case SEQUENCE -> sequence = number(member, parser);
      case VERSION_VECTOR -> versionVector = vector(parser);
      case WRITTEN_AT -> writtenAt = read(member, text(member, parser), InstantText::parse);
    }
  }

  private static String text(Member member, JsonParser parser) throws IOException {
    if (parser.currentToken() != JsonToken.VALUE_STRING) {
      throw invalid(member, "it is expected to be text");
    }
    return parser.getText();
  }

  private static long number(Member member, JsonParser parser) throws IOException {
    long number = OwnNumber.read(parser);
    if (number == 0) {
      throw invalid(member, "expected a whole number from 1 and below 2^53");
    }
    return number;
  }

  private static String producer(String text) {
    if (!RequestHeaders.validProducer(text)) {
      throw invalid(Member.PRODUCER, "expected 1 to 128 visible ASCII characters");
    }
    return text;
  }

  private static VersionVector vector(JsonParser parser) throws IOException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw invalid(Member.VERSION_VECTOR, "expected an object of numbers by producer");
    }
    Map<String, Long> components = new HashMap<>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String producer = parser.currentName();
      parser.nextToken();
      components.put(producer, number(Member.VERSION_VECTOR, parser));
    }
    return refused(Member.VERSION_VECTOR, components, Stamps::vector);
  }

  private static <T> T read(Member member, String text, Function<String, T> reading) {
    try {
      return reading.apply(text);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw invalid(member, "it is not written as the parameter of the single call is");
    }
  }

  /** Reads what the single call reads from a header, and names the member where it refuses. */
  private static <S, T> T refused(Member member, S source, Function<S, T> reading) {
    try {
      return reading.apply(source);
    } catch (ProblemException e) {
      throw invalid(member, "it is not written as the header of the single call is");
    }
  }

  static RuntimeException invalid(Member member, String why) {
    return BodyErrors.at(
        BodyErrors.pointer(member.text()), "The member " + member.text() + ": " + why + ".");
  }

  /** Refuses members that mean nothing to the operation, rather than to pass over a wish. */
  void only(Set<Member> known) {
    for (Member member : named) {
      if (!known.contains(member)) {
        throw invalid(member, "the operation " + op + " has no such parameter");
      }
    }
  }

  Lifespan lifespan() {
    if (ttl != null && expiresAt != null) {
      throw invalid(Member.EXPIRES_AT, "it stands together with ttl");
    }
    return ttl == null && expiresAt == null ? Lifespan.UNSPECIFIED : new Lifespan(ttl, expiresAt);
  }

  Precondition precondition() {
    if (ifMatch == null && ifNoneMatch == null) {
      return Precondition.NONE;
    }
    return new Precondition(
        refused(Member.IF_MATCH, this, all -> Conditions.of(all.ifMatch, null)).ifMatch(),
        refused(Member.IF_NONE_MATCH, this, all -> Conditions.of(null, all.ifNoneMatch))
            .ifNoneMatch());
  }

  /** All that the operation is but its idempotency key, in one canonical form. */
  String fingerprint() {
    Fingerprint fingerprint = new Fingerprint().with("batch");
    for (Object part :
        new @Nullable Object[] {
          op,
          namespace,
          key,
          ttl,
          expiresAt,
          notBefore,
          ifMatch,
          ifNoneMatch,
          fence,
          producer,
          sequence,
          versionVector == null ? null : versionVector.text(),
          writtenAt,
          patchIsArray
        }) {
      fingerprint.with(part == null ? "" : "=" + part);
    }
    for (Value part : new @Nullable Value[] {value, by, initial, patch}) {
      fingerprint.with(part == null ? new byte[0] : part.cbor());
    }
    return fingerprint.text();
  }
}
