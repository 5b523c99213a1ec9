package io.mayfly.actors.entry;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The members of sealed families. */
public final class SealedFamily {
  private SealedFamily() {}

  /** The classes at the leaves, however deep they nest. */
  public static Set<Class<?>> members(Class<?> family) {
    return leaves(family).collect(Collectors.toSet());
  }

  private static Stream<Class<?>> leaves(Class<?> type) {
    return type.isSealed()
        ? Arrays.stream(type.getPermittedSubclasses()).flatMap(SealedFamily::leaves)
        : Stream.of(type);
  }
}
