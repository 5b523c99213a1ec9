package io.mayfly.persistence.plugin;

import java.util.HashSet;
import java.util.Set;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.persistence.PersistentImpl;
import org.apache.pekko.persistence.PersistentRepr;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.Serialization$;
import org.apache.pekko.serialization.Serializer;
import org.apache.pekko.serialization.Serializers;
import scala.Option;

/**
 * How an event is spelt: ordering, tags, what Pekko Persistence knows of it, and its bytes as its
 * serializer made them. A part of the stored format.
 */
public final class EventCodec {
  private static final int HAS_METADATA = 1;

  private final Serialization serialization;

  /** Spells events with the serializers of a system. */
  public EventCodec(Serialization serialization) {
    this.serialization = serialization;
  }

  /** An event's bytes, the body of its stored form. */
  public byte[] body(Object payload) {
    return bytes(serialization.findSerializerFor(payload), payload);
  }

  /** Writes everything that goes before the body. */
  public void writeHead(
      ByteWriter head, PersistentRepr event, Object payload, long ordering, Set<String> tags) {
    Serializer serializer = serialization.findSerializerFor(payload);
    Option<Object> metadata = event.metadata();
    head.truncate(0).i64(ordering).varint(tags.size());
    for (String tag : tags) {
      head.sizedText(tag);
    }
    head.u8(metadata.isDefined() ? HAS_METADATA : 0)
        .i64(event.timestamp())
        .sizedText(event.writerUuid())
        .sizedText(event.manifest())
        .i32(serializer.identifier())
        .sizedText(Serializers.manifestFor(serializer, payload));
    if (metadata.isDefined()) {
      writeObject(head, metadata.get());
    }
  }

  /** The event in a stored form. */
  public PersistentRepr read(String persistenceId, long sequenceNr, byte[] stored) {
    ByteReader reader = new ByteReader(stored).skip(8);
    for (int tags = reader.varint(); tags > 0; tags--) {
      reader.sizedText();
    }
    int flags = reader.u8();
    long timestamp = reader.i64();
    String writerUuid = reader.sizedText();
    String manifest = reader.sizedText();
    int serializer = reader.i32();
    String serializerManifest = reader.sizedText();
    Option<Object> metadata =
        flags == HAS_METADATA ? Option.apply(readObject(reader)) : Option.empty();
    Object payload = serialization.deserialize(reader.rest(), serializer, serializerManifest).get();
    return new PersistentImpl(
        payload,
        sequenceNr,
        persistenceId,
        manifest,
        false,
        ActorRef.noSender(),
        writerUuid,
        timestamp,
        metadata);
  }

  /** An event alone, without what Pekko Persistence knows of it. */
  public Object payload(byte[] stored) {
    ByteReader reader = new ByteReader(stored).skip(8);
    for (int tags = reader.varint(); tags > 0; tags--) {
      reader.sizedText();
    }
    boolean hasMetadata = reader.u8() == HAS_METADATA;
    reader.skip(8).sizedText();
    reader.sizedText();
    int serializer = reader.i32();
    String manifest = reader.sizedText();
    if (hasMetadata) {
      reader.skip(4).sizedText();
      reader.sizedBytes();
    }
    return serialization.deserialize(reader.rest(), serializer, manifest).get();
  }

  /** When the event was written, in milliseconds. */
  public static long timestamp(byte[] stored) {
    ByteReader reader = new ByteReader(stored).skip(8);
    for (int tags = reader.varint(); tags > 0; tags--) {
      reader.sizedText();
    }
    return reader.skip(1).i64();
  }

  /** The place of a stored event in the order of all. */
  public static long ordering(byte[] stored) {
    return new ByteReader(stored).i64();
  }

  /** The tags of a stored event. */
  public static Set<String> tags(byte[] stored) {
    ByteReader reader = new ByteReader(stored).skip(8);
    int count = reader.varint();
    Set<String> tags = new HashSet<>();
    for (; count > 0; count--) {
      tags.add(reader.sizedText());
    }
    return tags;
  }

  /** Writes any object that has a serializer. */
  public void writeObject(ByteWriter writer, Object object) {
    Serializer serializer = serialization.findSerializerFor(object);
    byte[] bytes = bytes(serializer, object);
    writer
        .i32(serializer.identifier())
        .sizedText(Serializers.manifestFor(serializer, object))
        .varint(bytes.length)
        .raw(bytes);
  }

  /** What {@link #writeObject} wrote. */
  public Object readObject(ByteReader reader) {
    int serializer = reader.i32();
    String manifest = reader.sizedText();
    return serialization.deserialize(reader.sizedBytes(), serializer, manifest).get();
  }

  /** Serializers of actor references need to know for which system they work. */
  private byte[] bytes(Serializer serializer, Object object) {
    return Serialization$.MODULE$.withTransportInformation(
        serialization.system(), () -> serializer.toBinary(object));
  }
}
