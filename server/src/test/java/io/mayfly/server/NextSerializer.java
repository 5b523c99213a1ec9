package io.mayfly.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import io.mayfly.actors.wire.WireSerializer;
import io.mayfly.protocol.entry.EntryReply;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.serialization.SerializerWithStringManifest;

/**
 * The serializer of a version that comes later: it writes what this one has never heard of, except
 * that its replies are of kinds that are known.
 */
public final class NextSerializer extends SerializerWithStringManifest {
  /** What is new in it. */
  enum Novelty {
    NOTHING,
    /** Each map has a field more. */
    FIELDS,
    /** The member of a family has another name. */
    MEMBER,
    /** The family has another name. */
    FAMILY
  }

  private static final String NEXT = "next-";
  private static final String TYPE = "@type";
  private static volatile Novelty novelty = Novelty.NOTHING;
  private final CBORMapper mapper = new CBORMapper();
  private final WireSerializer present;

  /** Called by Pekko. */
  public NextSerializer(ExtendedActorSystem system) {
    present = new WireSerializer(system);
  }

  /** The settings under which a node is of the later version. */
  static Map<String, Object> settings() {
    return Map.of("pekko.actor.serializers.mayfly-wire", NextSerializer.class.getName());
  }

  /** From now on it writes so. */
  static void write(Novelty now) {
    novelty = now;
  }

  private static boolean is(Novelty asked, Object message) {
    return novelty == asked && (asked == Novelty.FIELDS || !(message instanceof EntryReply));
  }

  @Override
  public int identifier() {
    return present.identifier();
  }

  @Override
  public String manifest(Object message) {
    return (is(Novelty.FAMILY, message) ? NEXT : "") + present.manifest(message);
  }

  @Override
  public byte[] toBinary(Object message) {
    try {
      JsonNode tree = mapper.readTree(present.toBinary(message));
      if (is(Novelty.FIELDS, message)) {
        extend(tree);
      } else if (is(Novelty.MEMBER, message)) {
        rename(tree, name -> NEXT + name);
      }
      return mapper.writeValueAsBytes(tree);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Gives members other names: in maps, and as the first of two places. */
  private static void rename(JsonNode tree, UnaryOperator<String> change) {
    tree.findParents(TYPE)
        .forEach(map -> ((ObjectNode) map).put(TYPE, change.apply(map.path(TYPE).asText())));
    if (tree instanceof ArrayNode places) {
      places.set(0, change.apply(places.get(0).asText()));
    }
  }

  private static void extend(JsonNode tree) {
    tree.forEach(NextSerializer::extend);
    if (tree instanceof ObjectNode map) {
      map.putObject(NEXT + "field").put("of", "the next version");
    }
  }

  @Override
  public Object fromBinary(byte[] bytes, String manifest) throws NotSerializableException {
    try {
      JsonNode tree = mapper.readTree(bytes);
      rename(tree, name -> name.replace(NEXT, ""));
      return present.fromBinary(mapper.writeValueAsBytes(tree), manifest.replace(NEXT, ""));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
