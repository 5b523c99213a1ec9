package io.mayfly.actors.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import io.mayfly.actors.entry.ForwardedReply;
import io.mayfly.actors.entry.ForwardedRequest;
import io.mayfly.protocol.contract.Durability;
import io.mayfly.protocol.entry.EntryCommand;
import io.mayfly.protocol.entry.EntryId;
import io.mayfly.protocol.entry.EntryReply;
import io.mayfly.protocol.entry.EntryView;
import io.mayfly.protocol.entry.Value;
import io.mayfly.protocol.entry.Version;
import io.mayfly.protocol.entry.VersionVector;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How what is forwarded between nodes is spelt: times as numbers, and the records that every read
 * has by hand, which takes a fraction of the time. All other records are arrays of their
 * components.
 */
final class ForwardedSpelling {
  private final Members<EntryCommand> commands = new Members<>(EntryCommand.class);
  private final Members<EntryReply> replies = new Members<>(EntryReply.class);
  private final Members<VersionVector> vectors = new Members<>(VersionVector.class);

  private ForwardedSpelling() {}

  private interface Write<T> {
    void write(T value, JsonGenerator out, SerializerProvider others) throws IOException;
  }

  private interface Read<T> {
    T read(JsonParser in, DeserializationContext others) throws IOException;
  }

  /** Reads what it was made for with what Jackson would otherwise look for each time. */
  private static final class Members<T> {
    private final Class<T> type;
    private volatile @Nullable JsonDeserializer<Object> reader;

    private Members(Class<T> type) {
      this.type = type;
    }

    private T read(JsonParser in, DeserializationContext context) throws IOException {
      JsonDeserializer<Object> known = reader;
      if (known == null) {
        known = context.findRootValueDeserializer(context.constructType(type));
        reader = known;
      }
      return type.cast(known.deserialize(in, context));
    }
  }

  static SimpleModule module() {
    ForwardedSpelling spelling = new ForwardedSpelling();
    SimpleModule module = new SimpleModule("forwarded");
    add(
        module,
        Instant.class,
        (time, out, others) -> NumericTimes.INSTANTS.write(time, out),
        (in, others) -> NumericTimes.INSTANTS.read(in));
    add(
        module,
        Duration.class,
        (time, out, others) -> NumericTimes.DURATIONS.write(time, out),
        (in, others) -> NumericTimes.DURATIONS.read(in));
    add(module, ForwardedRequest.class, ForwardedSpelling::writeRequest, spelling::readRequest);
    add(module, ForwardedReply.class, ForwardedSpelling::writeReply, spelling::readReply);
    return module;
  }

  private static <T> void add(SimpleModule module, Class<T> type, Write<T> write, Read<T> read) {
    module.addSerializer(
        type,
        new StdSerializer<T>(type) {
          private static final long serialVersionUID = 1;

          @Override
          public void serialize(T value, JsonGenerator out, SerializerProvider others)
              throws IOException {
            write.write(value, out, others);
          }
        });
    module.addDeserializer(
        type,
        new StdDeserializer<T>(type) {
          private static final long serialVersionUID = 1;

          @Override
          public T deserialize(JsonParser in, DeserializationContext others) throws IOException {
            return read.read(in, others);
          }
        });
  }

  private static void writeRequest(
      ForwardedRequest request, JsonGenerator out, SerializerProvider others) throws IOException {
    out.writeStartArray();
    out.writeNumber(request.number());
    out.writeString(request.id().namespace());
    out.writeString(request.id().key());
    out.writeNumber(request.sinceMillis());
    out.writeNumber(request.untilMillis());
    out.writeString(request.trace());
    writeNamed(request.command(), out, others);
    out.writeEndArray();
  }

  private ForwardedRequest readRequest(JsonParser in, DeserializationContext others)
      throws IOException {
    long number = in.nextLongValue(0);
    EntryId id = new EntryId(in.nextTextValue(), in.nextTextValue());
    long sinceMillis = in.nextLongValue(0);
    long untilMillis = in.nextLongValue(0);
    String trace = in.nextTextValue();
    in.nextToken();
    EntryCommand command = commands.read(in, others);
    end(in);
    return new ForwardedRequest(number, id, command, sinceMillis, untilMillis, trace);
  }

  /** What stands is found by most requests, and has a place of its own. */
  private static void writeReply(
      ForwardedReply message, JsonGenerator out, SerializerProvider others) throws IOException {
    EntryReply reply = message.reply();
    out.writeStartArray();
    out.writeNumber(message.number());
    out.writeBoolean(message.elsewhere());
    if (reply instanceof EntryReply.Found found) {
      writeView(found.view(), out, others);
    } else {
      out.writeNull();
      writeNamed(reply, out, others);
    }
    out.writeEndArray();
  }

  private ForwardedReply readReply(JsonParser in, DeserializationContext others)
      throws IOException {
    long number = in.nextLongValue(0);
    boolean elsewhere = in.nextToken() == JsonToken.VALUE_TRUE;
    EntryReply reply = null;
    if (in.nextToken() == JsonToken.START_ARRAY) {
      reply = new EntryReply.Found(readView(in, others));
    } else if (in.nextToken() != JsonToken.VALUE_NULL) {
      reply = replies.read(in, others);
    }
    end(in);
    return new ForwardedReply(number, elsewhere, reply);
  }

  private static void writeView(EntryView view, JsonGenerator out, SerializerProvider others)
      throws IOException {
    out.writeStartArray();
    out.writeNumber(view.version().incarnation());
    out.writeNumber(view.version().revision());
    NumericTimes.INSTANTS.write(view.createdAt(), out);
    NumericTimes.INSTANTS.write(view.updatedAt(), out);
    NumericTimes.INSTANTS.write(view.expiresAt(), out);
    out.writeString(view.durability().name());
    out.writeBinary(view.value().cbor());
    others.defaultSerializeValue(view.versionVector(), out);
    out.writeEndArray();
  }

  private EntryView readView(JsonParser in, DeserializationContext others) throws IOException {
    Version version = new Version(in.nextLongValue(0), in.nextLongValue(0));
    Instant createdAt = readInstant(in);
    Instant updatedAt = readInstant(in);
    Instant expiresAt = readInstant(in);
    Durability durability = Durability.valueOf(in.nextTextValue());
    in.nextToken();
    Value value = new Value(in.getBinaryValue());
    VersionVector vector = in.nextToken() == JsonToken.VALUE_NULL ? null : vectors.read(in, others);
    end(in);
    return new EntryView(version, createdAt, updatedAt, expiresAt, durability, value, vector);
  }

  private static Instant readInstant(JsonParser in) throws IOException {
    in.nextToken();
    return NumericTimes.INSTANTS.read(in);
  }

  /** A member of a family, with its name there. */
  private static void writeNamed(
      @Nullable Object member, JsonGenerator out, SerializerProvider others) throws IOException {
    if (member == null) {
      out.writeNull();
    } else {
      others
          .findTypedValueSerializer(member.getClass(), /* cache= */ true, null)
          .serialize(member, out, others);
    }
  }

  /** Passes over what a later version has added. */
  private static void end(JsonParser in) throws IOException {
    for (JsonToken token = in.nextToken();
        token != null && token != JsonToken.END_ARRAY;
        token = in.nextToken()) {
      in.skipChildren();
    }
  }
}
