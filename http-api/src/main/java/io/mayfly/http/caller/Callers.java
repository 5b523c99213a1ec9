package io.mayfly.http.caller;

import com.typesafe.config.Config;
import io.mayfly.http.problem.Problem;
import io.mayfly.http.problem.ProblemException;
import io.mayfly.http.problem.ProblemType;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Everybody who may ask: the owners of the configured tokens, or anybody when there are none. */
public final class Callers {
  /** The credentials of RFC 6750, 2.1. */
  private static final Pattern BEARER =
      Pattern.compile("bearer +([A-Za-z0-9._~+/-]+=*) *", Pattern.CASE_INSENSITIVE);

  private static final String CHALLENGE = "Bearer realm=\"mayfly\"";
  private static final String INVALID = CHALLENGE + ", error=\"invalid_token\"";

  private final KnownTokens tokens;

  Callers(KnownTokens tokens) {
    this.tokens = tokens;
  }

  /**
   * Reads {@code mayfly.http.tokens}.
   *
   * @throws com.typesafe.config.ConfigException when a token is not usable; never with what stands
   *     in place of a hash, which may be the token itself
   */
  public static Callers from(Config all) {
    return new Callers(ConfiguredTokens.from(all));
  }

  /** Whether no tokens are configured, so that anybody may do everything. */
  public boolean anonymous() {
    return tokens.isEmpty();
  }

  /**
   * Who sends this header {@code Authorization}; absent stands for none.
   *
   * @throws ProblemException {@code unauthenticated}, when tokens are configured and it carries
   *     none of them
   */
  public Caller authenticate(@Nullable String authorization) {
    if (anonymous()) {
      return Caller.ANYBODY;
    }
    if (authorization == null) {
      throw unauthenticated("The request carries no token.", CHALLENGE);
    }
    Matcher bearer = BEARER.matcher(authorization);
    if (!bearer.matches()) {
      throw unauthenticated(
          "The header Authorization is not of the form: Bearer <token>.",
          authorization.regionMatches(true, 0, "bearer", 0, 6) ? INVALID : CHALLENGE);
    }
    Caller caller = tokens.find(Token.digest(bearer.group(1)));
    if (caller == null) {
      throw unauthenticated("The token is not known here.", INVALID);
    }
    return caller;
  }

  private static ProblemException unauthenticated(String detail, String challenge) {
    return Problem.of(ProblemType.UNAUTHENTICATED, detail)
        .withHeader("WWW-Authenticate", challenge)
        .exception();
  }
}
