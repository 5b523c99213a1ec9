package io.mayfly.server;

import io.mayfly.actors.wire.WireSerializer;
import io.mayfly.protocol.feed.Told;
import java.io.NotSerializableException;
import java.util.Map;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.serialization.SerializerWithStringManifest;

/** The serializer of the house, which a test can keep from writing or reading events. */
public final class BrokenSerializer extends SerializerWithStringManifest {
  /** What it does not do. */
  enum Fault {
    NONE,
    WRITES,
    READS
  }

  private static volatile Fault fault = Fault.NONE;
  private final WireSerializer whole;

  /** Called by Pekko. */
  public BrokenSerializer(ExtendedActorSystem system) {
    whole = new WireSerializer(system);
  }

  /** The settings under which a node uses it. */
  static Map<String, Object> settings() {
    return Map.of("pekko.actor.serializers.mayfly-wire", BrokenSerializer.class.getName());
  }

  /** From now on it fails so, with a message that names the key. */
  static void fail(Fault now) {
    fault = now;
  }

  private static void require(Object event, Fault other) {
    if (fault == other && event instanceof Told) {
      throw new IllegalStateException("cannot do it to entry|" + event);
    }
  }

  @Override
  public int identifier() {
    return whole.identifier();
  }

  @Override
  public String manifest(Object object) {
    return whole.manifest(object);
  }

  @Override
  public byte[] toBinary(Object object) {
    require(object, Fault.WRITES);
    return whole.toBinary(object);
  }

  @Override
  public Object fromBinary(byte[] bytes, String manifest) throws NotSerializableException {
    Object read = whole.fromBinary(bytes, manifest);
    require(read, Fault.READS);
    return read;
  }
}
