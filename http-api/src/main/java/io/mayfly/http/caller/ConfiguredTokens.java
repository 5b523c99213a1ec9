package io.mayfly.http.caller;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Reads the tokens of the configuration. */
final class ConfiguredTokens {
  static final String PATH = "mayfly.http.tokens";

  private static final int TOKENS_MAX = 1_000;
  private static final Set<String> SETTINGS = Set.of("name", "hash", "namespaces", "rights");
  private static final Pattern HASH = Pattern.compile("[0-9a-fA-F]{64}");

  private ConfiguredTokens() {}

  static KnownTokens from(Config all) {
    List<? extends Config> configured = all.getConfigList(PATH);
    if (configured.size() > TOKENS_MAX) {
      throw new ConfigException.BadValue(PATH, "expected: at most " + TOKENS_MAX + " tokens");
    }
    List<KnownTokens.Known> known = new ArrayList<>();
    Set<String> names = new TreeSet<>();
    Set<String> hashes = new TreeSet<>();
    for (Config token : configured) {
      requireSettings(token);
      Grant grant = grant(token);
      byte[] hash = hash(token);
      if (!names.add(grant.name())) {
        throw bad(token, "name: " + grant.name() + " is the name of another token");
      }
      if (!hashes.add(HexFormat.of().formatHex(hash))) {
        throw bad(token, "hash: " + grant.name() + " has the token of another name");
      }
      known.add(new KnownTokens.Known(hash, grant.caller()));
    }
    return new KnownTokens(known);
  }

  private static void requireSettings(Config token) {
    Set<String> found = token.root().keySet();
    if (!found.equals(SETTINGS)) {
      throw bad(token, "expected: " + new TreeSet<>(SETTINGS) + ", each once, and nothing else");
    }
  }

  private static Grant grant(Config token) {
    try {
      return new Grant(
          token.getString("name"),
          token.getStringList("namespaces"),
          token.getStringList("rights"));
    } catch (IllegalArgumentException e) {
      throw bad(token, String.valueOf(e.getMessage()));
    }
  }

  /** What stands in place of the hash is not repeated in the message: it may be the token. */
  private static byte[] hash(Config token) {
    String hash = token.getString("hash");
    if (!HASH.matcher(hash).matches()) {
      throw bad(
          token,
          "hash: expected the SHA-256 of the token as 64 hex digits, never the token itself"
              + " (./mayfly token prints both)");
    }
    return HexFormat.of().parseHex(hash);
  }

  private static ConfigException bad(Config token, String why) {
    return new ConfigException.BadValue(token.origin(), PATH, why);
  }
}
