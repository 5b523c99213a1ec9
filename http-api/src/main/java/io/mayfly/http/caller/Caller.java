package io.mayfly.http.caller;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Somebody who asks, and what they may do. */
public final class Caller {
  /** Everybody, where no tokens are configured: nameless, and free to do everything. */
  public static final Caller ANYBODY =
      new Caller(null, List.of(NamespacePattern.ALL), EnumSet.allOf(Right.class));

  private final @Nullable String name;
  private final List<NamespacePattern> namespaces;
  private final Set<Right> rights;

  Caller(@Nullable String name, List<NamespacePattern> namespaces, Set<Right> rights) {
    this.name = name;
    this.namespaces = List.copyOf(namespaces);
    this.rights = Set.copyOf(rights);
  }

  /** The name that the configuration gives to the token; absent for {@link #ANYBODY}. */
  public @Nullable String name() {
    return name;
  }

  /** Whether the caller has this right in this namespace. */
  public boolean may(Right right, String namespace) {
    if (rights.contains(right)) {
      for (NamespacePattern pattern : namespaces) {
        if (pattern.matches(namespace)) {
          return true;
        }
      }
    }
    return false;
  }

  /** Whether the caller has this right in any namespace at all. */
  public boolean may(Right right) {
    return rights.contains(right);
  }
}
