package io.mayfly.actors.patch;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.BinaryNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import io.mayfly.protocol.entry.Value;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;

/** Values as trees, for the few rules that look inside. */
public final class Trees {
  /** The deepest nesting of a value. */
  static final int DEPTH_MAX = 64;

  private static final CBORFactory FACTORY =
      CBORFactory.builder()
          .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(DEPTH_MAX).build())
          .build();
  private static final CBORMapper MAPPER = new CBORMapper(FACTORY);
  private static final ObjectReader READER = MAPPER.readerFor(JsonNode.class);
  private static final ObjectWriter WRITER = MAPPER.writerFor(JsonNode.class);

  private Trees() {}

  /** The tree of a value, which is one valid CBOR item. */
  public static JsonNode read(Value value) {
    try {
      return READER.readValue(value.cbor());
    } catch (IOException e) {
      throw new UncheckedIOException("a stored value is not readable", e);
    }
  }

  /** The value of a tree; integers in their shortest form. */
  public static Value write(JsonNode tree) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
      try (JsonGenerator generator = new PlainIntegers(FACTORY.createGenerator(bytes))) {
        WRITER.writeValue(generator, narrowed(tree));
      }
      return new Value(bytes.toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException("a tree is not writable", e);
    }
  }

  /** The bytes of CBOR that {@link #write} makes of a tree; very long texts take a few more. */
  static int size(JsonNode tree) {
    if (tree.isTextual()) {
      return textSize(tree.textValue());
    }
    if (tree.isBinary()) {
      return headSize(((BinaryNode) tree).binaryValue().length)
          + ((BinaryNode) tree).binaryValue().length;
    }
    if (tree.isNumber()) {
      return numberSize(tree);
    }
    int size = tree.isContainerNode() ? 2 : 1;
    for (JsonNode child : tree) {
      size += size(child);
    }
    Iterator<String> names = tree.fieldNames();
    while (names.hasNext()) {
      size += textSize(names.next());
    }
    return size;
  }

  static int textSize(String text) {
    int bytes = text.getBytes(StandardCharsets.UTF_8).length;
    return headSize(bytes) + bytes;
  }

  private static int numberSize(JsonNode number) {
    if (!number.isIntegralNumber()) {
      return number.isFloat() ? 5 : 9;
    }
    BigInteger integer = number.bigIntegerValue();
    BigInteger argument = integer.signum() < 0 ? integer.not() : integer;
    return argument.bitLength() > 63 ? 9 : headSize(argument.longValueExact());
  }

  private static int headSize(long argument) {
    if (argument < 24) {
      return 1;
    }
    if (argument < 256) {
      return 2;
    }
    if (argument < 65_536) {
      return 3;
    }
    return argument < 1L << 32 ? 5 : 9;
  }

  /** Whether a tree nests deeper than a value may. */
  static boolean tooDeep(JsonNode tree, int levels) {
    if (!tree.isContainerNode()) {
      return false;
    }
    if (levels <= 0) {
      return true;
    }
    for (JsonNode child : tree) {
      if (tooDeep(child, levels - 1)) {
        return true;
      }
    }
    return false;
  }

  private static JsonNode narrowed(JsonNode tree) {
    if (!(tree instanceof BigIntegerNode)) {
      return tree;
    }
    BigInteger number = tree.bigIntegerValue();
    if (number.bitLength() < 32) {
      return IntNode.valueOf(number.intValueExact());
    }
    return number.bitLength() < 64 ? LongNode.valueOf(number.longValueExact()) : tree;
  }
}
