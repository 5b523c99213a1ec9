package io.mayfly.protocol.contract;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * How a log names an entry or a resource: in clear, unless the contract of its namespace is
 * confidential. A key of such a namespace may be about a person, so a hash of it stands in its
 * place, by which whoever knows the key finds its lines.
 */
public final class LogNames {
  private static final int HASH_BYTES = 8;

  private final Contracts contracts;

  /** Names under these contracts. */
  public LogNames(Contracts contracts) {
    this.contracts = contracts;
  }

  /**
   * A key in its namespace.
   *
   * @return the namespace, a slash, and the key, or {@code sha-256:} with the first 16 hexadecimal
   *     digits of the hash of its UTF-8
   */
  public String of(String namespace, String key) {
    return namespace + '/' + key(namespace, key);
  }

  /** The key alone, or its hash. */
  public String key(String namespace, String key) {
    return contracts.of(namespace).privacy().confidential() ? hashed(key) : key;
  }

  /**
   * A failure that concerns a namespace, as a log may show it: where the contract is confidential
   * without its messages, since what a library writes there may name a key or a value.
   */
  public Throwable failure(String namespace, Throwable failure) {
    return contracts.of(namespace).privacy().confidential() ? Wordless.of(failure) : failure;
  }

  /**
   * Whatever a persistence id of the form {@code type|namespace/key} names, as {@code type} and the
   * name; an id of another form names no key and stays.
   */
  public String ofPersistenceId(String persistenceId) {
    int bar = persistenceId.indexOf('|');
    int slash = persistenceId.indexOf('/', bar + 1);
    return bar < 0 || slash < 0
        ? persistenceId
        : persistenceId.substring(0, bar)
            + ' '
            + of(persistenceId.substring(bar + 1, slash), persistenceId.substring(slash + 1));
  }

  private static String hashed(String key) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
      return "sha-256:" + HexFormat.of().formatHex(hash, 0, HASH_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
