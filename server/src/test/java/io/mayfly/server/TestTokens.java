package io.mayfly.server;

import io.mayfly.http.caller.Token;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Tokens for a test's node: the settings of the node, and the headers of its callers. */
final class TestTokens {
  private final Map<String, Token> tokens = new HashMap<>();
  private final List<Map<String, Object>> settings = new ArrayList<>();

  /** Adds a caller. */
  TestTokens with(String name, List<String> namespaces, String... rights) {
    Token token = Token.generate(new SecureRandom());
    tokens.put(name, token);
    settings.add(
        Map.of(
            "name",
            name,
            "hash",
            token.hash(),
            "namespaces",
            namespaces,
            "rights",
            List.of(rights)));
    return this;
  }

  /** What a node needs to know the callers. */
  Map<String, Object> settings() {
    return Map.of("mayfly.http.tokens", settings);
  }

  /** The header {@code Authorization} of a caller. */
  String of(String name) {
    return "Bearer " + Objects.requireNonNull(tokens.get(name)).secret();
  }
}
