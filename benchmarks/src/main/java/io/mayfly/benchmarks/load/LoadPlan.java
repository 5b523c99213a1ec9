package io.mayfly.benchmarks.load;

import java.net.InetSocketAddress;
import java.util.function.LongSupplier;
import java.util.function.LongUnaryOperator;

/**
 * What one run of the generator does.
 *
 * @param keyOf the key of the request with a running number, from 0
 * @param ttlMillisOf the time to live of that request, for templates that have its digits
 * @param serverCpuNanos the processor time that the server has used so far
 */
public record LoadPlan(
    InetSocketAddress address,
    RequestTemplate template,
    LongUnaryOperator keyOf,
    LongUnaryOperator ttlMillisOf,
    Pace pace,
    LongSupplier serverCpuNanos) {

  /** A run with keys only, which does not look at the server's processor time. */
  public static LoadPlan of(
      InetSocketAddress address, RequestTemplate template, LongUnaryOperator keyOf, Pace pace) {
    return new LoadPlan(address, template, keyOf, number -> 0, pace, () -> 0);
  }
}
