package io.mayfly.actors.entry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import io.mayfly.actors.patch.Trees;
import io.mayfly.protocol.entry.Refusal.Reason;
import io.mayfly.protocol.entry.Value;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Sums of values: integers exactly from -2^63 to 2^64-1, everything else as IEEE doubles. */
final class Numbers {
  private static final BigInteger MIN = BigInteger.ONE.shiftLeft(63).negate();
  private static final BigInteger MAX = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

  private Numbers() {}

  /** A sum, or why there is none. */
  record Sum(@Nullable Value sum, @Nullable Reason refusal) {
    Value value() {
      return Objects.requireNonNull(sum);
    }
  }

  static Sum add(Value left, Value right) {
    JsonNode a = Trees.read(left);
    JsonNode b = Trees.read(right);
    if (!a.isNumber() || !b.isNumber()) {
      return refused(Reason.NOT_A_NUMBER);
    }
    return a.isIntegralNumber() && b.isIntegralNumber()
        ? exact(a.bigIntegerValue().add(b.bigIntegerValue()))
        : real(a.doubleValue() + b.doubleValue());
  }

  /** Orders numbers by what they are worth, whatever their kind; equal ones by their bytes. */
  static int compare(Value left, Value right) {
    int order = Trees.read(left).decimalValue().compareTo(Trees.read(right).decimalValue());
    return order != 0 ? order : Arrays.compareUnsigned(left.cbor(), right.cbor());
  }

  private static Sum exact(BigInteger sum) {
    return sum.compareTo(MIN) < 0 || sum.compareTo(MAX) > 0
        ? refused(Reason.NUMBER_OUT_OF_RANGE)
        : new Sum(Trees.write(BigIntegerNode.valueOf(sum)), null);
  }

  private static Sum real(double sum) {
    return Double.isFinite(sum)
        ? new Sum(Trees.write(DoubleNode.valueOf(sum)), null)
        : refused(Reason.NUMBER_OUT_OF_RANGE);
  }

  private static Sum refused(Reason reason) {
    return new Sum(null, reason);
  }
}
