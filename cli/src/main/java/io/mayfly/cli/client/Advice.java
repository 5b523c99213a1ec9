package io.mayfly.cli.client;

import com.fasterxml.jackson.databind.JsonNode;

/** What to do about a problem, in the words of this command line. */
public final class Advice {
  private static final String LATER =
      "Nothing was done. Try again later, or with a longer --timeout.";

  private Advice() {}

  /** What to do about this problem; where it names an entry, with its names. */
  static String on(JsonNode problem) {
    return on(Problems.type(problem))
        .replace("ETAG", quoted(problem.path("etag").asText("ETAG")))
        .replace("NAMESPACE", problem.path("namespace").asText("NAMESPACE"))
        .replace("KEY", quoted(problem.path("key").asText("KEY")));
  }

  /** As a shell takes it for one word. */
  private static String quoted(String word) {
    return word.matches("[A-Za-z0-9._:@%+=/-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  /** What to do about a type of problem. */
  public static String on(String type) {
    return switch (type) {
      case "unknown-key" -> "See what is there: ./mayfly ls NAMESPACE";
      case "key-ended" ->
          "See why: ./mayfly history NAMESPACE KEY. A put begins a new life of the key.";
      case "unknown-revision", "revision-not-kept" ->
          "See the revisions: ./mayfly history NAMESPACE KEY. How many are kept is the contract's"
              + " history.revisions.";
      case "unknown-contract" ->
          "The namespace lives under the default contract. See all: ./mayfly contract ls";
      case "unknown-lease" -> "Acquire it, which creates it: ./mayfly lease acquire NAMESPACE …";
      case "not-found" -> "Check --server: it should name a Mayfly server, without a path.";
      case "precondition-failed" ->
          "Somebody else was first. Read it again (./mayfly get --entry NAMESPACE KEY), and use its"
              + " ETag: --if-match ETAG";
      case "precondition-required" ->
          "The contract demands it: --if-match ETAG or --if-absent; --producer with --sequence or"
              + " --vector where it orders updates. See ./mayfly contract get NAMESPACE";
      case "fence-required" ->
          "Take the lease (./mayfly lease acquire, or lease run), and send its token: --fence TOKEN";
      case "stale-fence" -> "Stop: the lease went to somebody else. Acquire it again first.";
      case "lease-held" -> "Wait for it with --wait 30s, or ask who holds it: ./mayfly lease get";
      case "lease-lost" -> "Stop what you did under the lease, and acquire it again.";
      case "contract-violation", "transition-disabled" ->
          "See the rules: ./mayfly contract get NAMESPACE";
      case "contract-invalid" ->
          "Mend the document: docs/CONTRACTS.md tells what each member may be.";
      case "incompatible-contract" ->
          "Wait until the entries have ended, or take the consequences: --force";
      case "contract-contended", "too-many-contracts" ->
          "See who owns the contracts: ./mayfly contract ls";
      case "writer-not-allowed" ->
          "Say who writes (--producer NAME, or --token), or add the writer to the contract.";
      case "unauthenticated" -> "Give a token: --token, or MAYFLY_TOKEN. ./mayfly token makes one.";
      case "forbidden" -> "Use a token that has this right in this namespace.";
      case "patch-failed" -> "Read the value, and patch what is there: ./mayfly get NAMESPACE KEY";
      case "not-a-number", "number-out-of-range" ->
          "See the value: ./mayfly get NAMESPACE KEY. Put a number first.";
      case "not-yet-valid" -> "Wait until its not-before, or replace it: put, delete";
      case "idempotency-in-progress" -> "The first attempt still runs: try again in a moment.";
      case "idempotency-mismatch" -> "Use another --idempotency-key for another request.";
      case "out-of-order", "sequence-gap" ->
          "See what the entry has seen (./mayfly history NAMESPACE KEY), and send the next number.";
      case "concurrent-update", "too-many-concurrent-updates" ->
          "Read the entry (./mayfly get --entry NAMESPACE KEY), and send a --vector that covers it.";
      case "position-compacted" -> "Begin again with --from start, and drop what it does not name.";
      case "value-too-large" ->
          "See limits.valueBytes: ./mayfly contract get NAMESPACE. Keep large things elsewhere.";
      case "rate-exceeded", "key-overloaded", "namespace-overloaded" ->
          LATER + " The contract's limits say how much is taken.";
      case "node-overloaded" -> LATER + " See how full it is: ./mayfly pressure";
      case "draining", "no-quorum", "not-ready" -> LATER + " Or ask another node: --server URL";
      case "outcome-unknown", "request-timeout" ->
          "Read before you repeat it, or repeat it with the same --idempotency-key.";
      case "internal-error" -> "It is a defect of the server: its log has the traceId.";
      case "malformed-request",
          "invalid-path",
          "invalid-parameter",
          "malformed-body",
          "unrepresentable",
          "uri-too-long",
          "headers-too-large" ->
          "Mend the input as the detail says; --help of the command tells what is taken.";
      case "method-not-allowed", "method-unknown", "not-acceptable", "unsupported-media-type" ->
          "Server and command line are of different versions: use the same.";
      default -> "Check --server: what answers there is no Mayfly server that this version knows.";
    };
  }
}
