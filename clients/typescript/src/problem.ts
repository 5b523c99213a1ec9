/** The types of problems; docs/problems of Mayfly says of each what happened and what to do. */
export type ProblemType =
  | "malformed-request" | "invalid-path" | "invalid-parameter" | "malformed-body" | "unrepresentable"
  | "unauthenticated" | "forbidden" | "writer-not-allowed" | "transition-disabled" | "not-found"
  | "unknown-key" | "unknown-revision" | "unknown-contract" | "unknown-lease" | "method-not-allowed"
  | "not-acceptable" | "request-timeout" | "not-yet-valid" | "patch-failed" | "not-a-number"
  | "number-out-of-range" | "revision-not-kept" | "idempotency-in-progress" | "out-of-order"
  | "sequence-gap" | "concurrent-update" | "too-many-concurrent-updates" | "incompatible-contract"
  | "too-many-contracts" | "contract-contended" | "lease-held" | "key-ended" | "lease-lost"
  | "position-compacted" | "precondition-failed" | "stale-fence" | "value-too-large" | "uri-too-long"
  | "unsupported-media-type" | "contract-violation" | "contract-invalid" | "idempotency-mismatch"
  | "precondition-required" | "fence-required" | "rate-exceeded" | "key-overloaded"
  | "namespace-overloaded" | "headers-too-large" | "internal-error" | "method-unknown"
  | "node-overloaded" | "draining" | "no-quorum" | "not-ready" | "outcome-unknown"
  /** An answer that Mayfly did not give, but something on the way to it. */
  | "foreign-answer";

/** One who holds permits of a lease. */
export interface Holder {
  holder: string;
  permits: number;
  expiresAt: string;
}

/** One rule that a request broke. */
export interface Violation {
  /** Leads to the offending place in the value (RFC 6901). */
  pointer: string;
  /** The path of the rule in the contract. */
  rule: string;
  detail: string;
}

interface Members {
  type: ProblemType;
  status: number;
  detail: string;
  namespace?: string;
  key?: string;
  incarnation?: number;
  revision?: number;
  etag?: string;
  expiresAt?: string;
  endedAt?: string;
  reason?: string;
  expected?: number;
  holders?: Holder[];
  errors?: Violation[];
  retryable?: boolean;
  retryAfterMs?: number;
  traceId?: string;
}

/** An answer of the server that says no (RFC 9457), with all that it said. */
export interface MayflyError extends Members {}
export class MayflyError extends Error {
  constructor(members: Members) {
    super(`${members.type} (${members.status}): ${members.detail}`);
    this.name = "MayflyError";
    Object.assign(this, members);
  }

  /** Whether the client itself tries again: not where the caller must decide. */
  get retries(): boolean {
    return this.retryable === true && this.type !== "lease-held" && this.type !== "not-yet-valid";
  }
}

/** Whether something thrown is a problem of one of these types, or of any. */
export function isProblem(thrown: unknown, ...types: ProblemType[]): thrown is MayflyError {
  return thrown instanceof MayflyError && (types.length === 0 || types.includes(thrown.type));
}

/** Whether something thrown says that the key is not there: unknown, or ended. */
export function isAbsent(thrown: unknown): thrown is MayflyError {
  return isProblem(thrown, "unknown-key", "key-ended");
}

const URN = "urn:mayfly:problem:";

/** Reads a refusal, also one that some proxy on the way made up. */
export async function readProblem(response: Response): Promise<MayflyError> {
  const { status } = response;
  const text = await response.text();
  const asked = Number(response.headers.get("retry-after") ?? 0) * 1000;
  try {
    const members = JSON.parse(text);
    if (String(members.type).startsWith(URN)) {
      const retryAfterMs = members.retryAfterMs ?? asked;
      return new MayflyError({ ...members, type: members.type.slice(URN.length), status, retryAfterMs });
    }
  } catch {
    // It is no JSON: told below.
  }
  const retryable = status === 429 || (status >= 502 && status <= 504);
  return new MayflyError({
    type: "foreign-answer", status, detail: response.statusText, retryable, retryAfterMs: asked || 0,
  });
}
