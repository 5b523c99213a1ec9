import { sleep } from "./backoff.js";
import { type CallOptions, type Mayfly, about, segment } from "./client.js";
import { MayflyError, isProblem } from "./problem.js";
import { duration } from "./state.js";

/** What is acquired. */
export interface LeaseOptions extends CallOptions {
  /** Names who holds. */
  holder: string;
  /** How long the lease lasts without renewal. */
  ttlMs: number;
  /** Default 1. */
  permits?: number;
  /** How long to stand in the queue. Default 0. */
  waitMs?: number;
  /** Is called when a renewal failed and the lease still stands. */
  onRisk?: (lease: Lease, failure: unknown) => void;
  /** Is called once, when the lease is over though nobody released it. */
  onLost?: (lease: Lease, failure: MayflyError) => void;
}

/** An instant by two clocks: one may stand still while a machine sleeps, the other may be set back. */
interface Moment {
  monotonic: number;
  wall: number;
}

function now(): Moment {
  return { monotonic: performance.now(), wall: Date.now() };
}

function elapsedMs(since: Moment): number {
  const at = now();
  return Math.max(at.monotonic - since.monotonic, at.wall - since.wall);
}

/** Permits of a resource, renewed in the background until they are released or lost. */
export class Lease {
  readonly #client: Mayfly;
  readonly #path: string;
  readonly #options: LeaseOptions;
  readonly #abort = new AbortController();
  #since: Moment;
  #ended: MayflyError | "released" | undefined;

  /** Not for users: see Mayfly.acquire. */
  constructor(
    client: Mayfly, readonly namespace: string, readonly name: string, options: LeaseOptions,
    readonly id: string,
    /** The fencing token: send it with every write that the lease protects. */
    readonly token: number,
    since: Moment,
  ) {
    this.#client = client;
    this.#path = leasePath(namespace, name);
    this.#options = options;
    this.#since = since;
  }

  /** Aborts when the lease is over. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /**
   * Whether the lease is held, by this process's own clock: that is certain also right after a pause
   * of the process, when no timer has run yet.
   */
  get held(): boolean {
    if (!this.#ended && elapsedMs(this.#since) >= this.#options.ttlMs) {
      this.#lose(lost(`The lease was not renewed within ${this.#options.ttlMs} ms.`));
    }
    return this.#ended === undefined;
  }

  /** Throws lease-lost once the lease is over. */
  check(): void {
    if (this.held) return;
    throw this.#ended instanceof MayflyError ? this.#ended : lost("The lease was released.");
  }

  /** Ends the lease, so that the next in the queue need not wait. */
  async release(options: CallOptions = {}): Promise<void> {
    if (this.#ended) return;
    this.#end("released");
    await this.#call("/release", { leaseId: this.id }, options);
  }

  /** Renews now; the lease then lasts its whole time from now. */
  async renew(options: CallOptions = {}): Promise<void> {
    const sent = now();
    await this.#call("/renew", { leaseId: this.id, ttl: duration(this.#options.ttlMs) }, options);
    this.#since = sent;
  }

  /** Renews at a third of the time that the lease lasts. */
  async keep(): Promise<void> {
    const third = this.#options.ttlMs / 3;
    while (this.held) {
      try {
        await sleep(third, this.signal);
        if (this.held) await this.renew({ signal: this.signal, timeoutMs: third });
      } catch (failure) {
        if (isProblem(failure, "lease-lost")) {
          this.#lose(failure);
        } else if (this.held) {
          this.#client.log("lease at risk", this.#about(), failure);
          this.#options.onRisk?.(this, failure);
        }
      }
    }
  }

  #call(action: string, body: object, options: CallOptions): Promise<unknown> {
    return this.#client.send({
      ...options, method: "POST", path: this.#path + action, body: this.#client.codec.encode(body),
      namespace: this.namespace, key: this.name, mutates: true, urgent: true,
    });
  }

  #about() {
    return about({ namespace: this.namespace, key: this.name });
  }

  #lose(failure: MayflyError): void {
    if (this.#ended) return;
    this.#end(failure);
    this.#client.log("lease lost", this.#about(), failure);
    this.#options.onLost?.(this, failure);
  }

  #end(why: MayflyError | "released"): void {
    this.#ended = why;
    this.#abort.abort(why instanceof MayflyError ? why : lost("The lease was released."));
  }
}

/** Acquires, and begins to renew. */
export async function acquire(
  client: Mayfly, namespace: string, name: string, options: LeaseOptions,
): Promise<Lease> {
  const sent = now();
  const waitMs = options.waitMs ?? 0;
  const answer = await client.send({
    ...callOptions(options), method: "POST", path: leasePath(namespace, name) + "/acquire",
    body: client.codec.encode({
      holder: options.holder, ttl: duration(options.ttlMs), permits: options.permits ?? 1, wait: duration(waitMs),
    }),
    namespace, key: name, mutates: true, patienceMs: waitMs,
  });
  const granted = client.codec.decode(answer.bytes)[0] as { leaseId: string; token: number };
  const lease = new Lease(client, namespace, name, options, granted.leaseId, granted.token, sent);
  // The lease began some time while this client waited: only a renewal tells when it ends.
  if (elapsedMs(sent) > options.ttlMs / 4) await lease.renew(callOptions(options));
  void lease.keep();
  return lease;
}

function callOptions({ signal, timeoutMs, traceparent }: CallOptions): CallOptions {
  return {
    ...(signal ? { signal } : {}),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(traceparent ? { traceparent } : {}),
  };
}

function leasePath(namespace: string, name: string): string {
  return `/v1/leases/${segment(namespace)}/${segment(name)}`;
}

function lost(detail: string): MayflyError {
  return new MayflyError({ type: "lease-lost", status: 410, detail });
}
