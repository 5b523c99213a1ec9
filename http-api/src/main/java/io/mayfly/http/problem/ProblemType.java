package io.mayfly.http.problem;

/** The catalogue of problems. Each has a page under {@code docs/problems}. */
public enum ProblemType {
  /** The request is no HTTP that the server reads: its start line, a header, its framing. */
  MALFORMED_REQUEST(400, "malformed-request", "The request is malformed"),
  /** The path does not name what it should. */
  INVALID_PATH(400, "invalid-path", "The path is invalid"),
  /** A known query parameter or header has a value that it cannot have. */
  INVALID_PARAMETER(400, "invalid-parameter", "A parameter is invalid"),
  /** The body is not what its type says, or lacks what the operation needs. */
  MALFORMED_BODY(400, "malformed-body", "The body is malformed"),
  /** The body holds what JSON and CBOR cannot both say. */
  UNREPRESENTABLE(400, "unrepresentable", "The value cannot be represented"),
  /** Tokens are configured, and the request carries none of them. */
  UNAUTHENTICATED(401, "unauthenticated", "The caller is not authenticated"),
  /** The token does not give the right that the operation needs. */
  FORBIDDEN(403, "forbidden", "The caller has no right to this"),
  /** Neither the caller nor the producer is among the contract's writers. */
  WRITER_NOT_ALLOWED(403, "writer-not-allowed", "The writer is not allowed"),
  /** The contract has switched this kind of mutation off. */
  TRANSITION_DISABLED(403, "transition-disabled", "The transition is disabled"),
  /** Nothing is served under the path. */
  NOT_FOUND(404, "not-found", "Nothing is here"),
  /** The key never existed, or its tombstone is purged. */
  UNKNOWN_KEY(404, "unknown-key", "The key is unknown"),
  /** The revision never existed, or is no longer kept. */
  UNKNOWN_REVISION(404, "unknown-revision", "The revision is unknown"),
  /** The namespace has no contract of its own. */
  UNKNOWN_CONTRACT(404, "unknown-contract", "The namespace has no contract"),
  /** Nothing is leased under the name, or it was purged after disuse. */
  UNKNOWN_LEASE(404, "unknown-lease", "The lease is unknown"),
  /** The path is served, but not with this method. */
  METHOD_NOT_ALLOWED(405, "method-not-allowed", "The method is not allowed here"),
  /** No representation that the request accepts exists. */
  NOT_ACCEPTABLE(406, "not-acceptable", "No acceptable representation exists"),
  /** The body did not arrive in time. */
  REQUEST_TIMEOUT(408, "request-timeout", "The request took too long to arrive", true),
  /** The entry exists and is not yet valid. */
  NOT_YET_VALID(409, "not-yet-valid", "The entry is not yet valid", true),
  /** A patch does not apply to the value. */
  PATCH_FAILED(409, "patch-failed", "The patch does not apply"),
  /** The value to increment is no number. */
  NOT_A_NUMBER(409, "not-a-number", "The value is not a number"),
  /** The sum leaves the range of numbers. */
  NUMBER_OUT_OF_RANGE(409, "number-out-of-range", "The number is out of range"),
  /** The revision to roll back to is not kept. */
  REVISION_NOT_KEPT(409, "revision-not-kept", "The revision is not kept"),
  /** The first request with this idempotency key is under way. */
  IDEMPOTENCY_IN_PROGRESS(
      409, "idempotency-in-progress", "The first request is still running", true),
  /** The producer's number is older than its last one. */
  OUT_OF_ORDER(409, "out-of-order", "The number is out of order"),
  /** Numbers before this one are missing, and the contract does not accept gaps. */
  SEQUENCE_GAP(409, "sequence-gap", "The sequence has a gap"),
  /** The update is concurrent to what stands. */
  CONCURRENT_UPDATE(409, "concurrent-update", "The update is concurrent"),
  /** The entry keeps as many concurrent updates as it can. */
  TOO_MANY_CONCURRENT_UPDATES(409, "too-many-concurrent-updates", "Too many concurrent updates"),
  /** Live entries stand against the change of a contract. */
  INCOMPATIBLE_CONTRACT(409, "incompatible-contract", "Live entries stand against the contract"),
  /** The cluster keeps no more contracts. */
  TOO_MANY_CONTRACTS(409, "too-many-contracts", "There are too many contracts"),
  /** The contract was changed again and again while live entries were looked at. */
  CONTRACT_CONTENDED(409, "contract-contended", "The contract changes too often", true),
  /** Others hold the permits, or wait for them. */
  LEASE_HELD(409, "lease-held", "The lease is held", true),
  /** The key ended; its tombstone stands. */
  KEY_ENDED(410, "key-ended", "The key has ended"),
  /** The lease ended, or never was. */
  LEASE_LOST(410, "lease-lost", "The lease is lost"),
  /** Events after the position are no longer kept. */
  POSITION_COMPACTED(410, "position-compacted", "The position is no longer kept"),
  /** A condition of the request does not hold. */
  PRECONDITION_FAILED(412, "precondition-failed", "A precondition failed"),
  /** The entry has seen a higher fencing token. */
  STALE_FENCE(412, "stale-fence", "The fencing token is stale"),
  /** The value is larger than allowed. */
  VALUE_TOO_LARGE(413, "value-too-large", "The value is too large"),
  /** The request target is longer than the server reads. */
  URI_TOO_LONG(414, "uri-too-long", "The request target is too long"),
  /** The body has a type or coding that the operation does not read. */
  UNSUPPORTED_MEDIA_TYPE(415, "unsupported-media-type", "The media type is not supported"),
  /** The contract forbids it. */
  CONTRACT_VIOLATION(422, "contract-violation", "The contract forbids it"),
  /** The document is no contract. */
  CONTRACT_INVALID(422, "contract-invalid", "The contract is invalid"),
  /** Another request used this idempotency key. */
  IDEMPOTENCY_MISMATCH(
      422, "idempotency-mismatch", "The idempotency key belongs to another request"),
  /** The contract demands a condition: If-Match or If-None-Match. */
  PRECONDITION_REQUIRED(428, "precondition-required", "A precondition is required"),
  /** The contract demands a fencing token: Mayfly-Fence. */
  FENCE_REQUIRED(428, "fence-required", "A fencing token is required"),
  /** The namespace takes no more requests in this second. */
  RATE_EXCEEDED(429, "rate-exceeded", "The rate is exceeded", true),
  /** Too many requests to this key are under way. */
  KEY_OVERLOADED(429, "key-overloaded", "The key is overloaded", true),
  /** Too many requests to this namespace are under way. */
  NAMESPACE_OVERLOADED(429, "namespace-overloaded", "The namespace is overloaded", true),
  /** The headers are larger than the server reads. */
  HEADERS_TOO_LARGE(431, "headers-too-large", "The headers are too large"),
  /** A defect of the server. */
  INTERNAL_ERROR(500, "internal-error", "The server failed"),
  /** The method is none that the server knows. */
  METHOD_UNKNOWN(501, "method-unknown", "The method is unknown"),
  /** The node takes no more work now. */
  NODE_OVERLOADED(503, "node-overloaded", "The node is overloaded", true),
  /** The node is on its way down. */
  DRAINING(503, "draining", "The node is draining", true),
  /** The node does not see the majority of its cluster. */
  NO_QUORUM(503, "no-quorum", "The node has no quorum", true),
  /** The node is not ready to serve. */
  NOT_READY(503, "not-ready", "The node is not ready", true),
  /** Nobody can say whether the command was carried out. */
  OUTCOME_UNKNOWN(504, "outcome-unknown", "The outcome is unknown", true);

  private final int status;
  private final String text;
  private final String title;
  private final boolean retryable;

  ProblemType(int status, String text, String title) {
    this(status, text, title, false);
  }

  ProblemType(int status, String text, String title, boolean retryable) {
    this.status = status;
    this.text = text;
    this.title = title;
    this.retryable = retryable;
  }

  /** The HTTP status. */
  public int status() {
    return status;
  }

  /** The last part of the type's URN. */
  public String text() {
    return text;
  }

  /** The type as a URN. */
  public String urn() {
    return "urn:mayfly:problem:" + text;
  }

  /** The same short sentence for every occurrence. */
  public String title() {
    return title;
  }

  /** Whether the same request may succeed later. */
  public boolean retryable() {
    return retryable;
  }
}
