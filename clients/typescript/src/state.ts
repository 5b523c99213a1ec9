import { type CallOptions, type Mayfly, type Request, anyOf, segment } from "./client.js";
import { jsonCodec } from "./codec.js";
import { backoffMs, sleep } from "./backoff.js";
import type { Lease } from "./lease.js";
import { Mirror } from "./mirror.js";
import { isAbsent, isProblem } from "./problem.js";
import { Watch, type WatchOptions } from "./watch.js";

/** What a list tells of an entry. */
export interface Row {
  key: string;
  incarnation: number;
  revision: number;
  etag: string;
  expiresAt: string;
}

/** What the server tells of an entry besides its value. */
export interface Meta extends Row {
  namespace: string;
  createdAt: string;
  updatedAt: string;
  durability: "volatile" | "journaled" | "synced";
  versionVector?: Record<string, number>;
}

/** What lives under a key. */
export interface Entry<T> extends Meta {
  value: T;
}

/** The answer to a mutation. */
export interface Receipt extends Meta {
  outcome: string;
  /** Whether this try found the effect of an earlier one. */
  replayed: boolean;
}

/** One chapter of the story of a key. */
export interface Event {
  event: "created" | "updated" | "renewed" | "ended";
  incarnation: number;
  revision: number;
  at: string;
  outcome?: string;
  expiresAt?: string;
  reason?: string;
  producer?: string;
  caller?: string;
  traceparent?: string;
}

/** Conditions and parameters of a mutation. */
export interface MutationOptions extends CallOptions {
  /** How long the entry lives from now: milliseconds, or such as "30s". */
  ttl?: number | string;
  /** When the entry ends. */
  expiresAt?: Date;
  /** When the entry begins. */
  notBefore?: Date;
  /** Only for the revision with this ETag. */
  ifMatch?: string;
  /** Only where there is no entry. */
  ifAbsent?: boolean;
  /** Sends the lease's fencing token; throws lease-lost instead once the lease is over. */
  lease?: Lease;
  /** Sends a fencing token. */
  fence?: number;
  /** Replaces the automatic key, so that another process can retry. */
  idempotencyKey?: string;
  /** Numbers the mutations of this client's producer. */
  sequence?: number;
  /** Any other headers, such as Mayfly-Version-Vector. */
  headers?: Record<string, string>;
}

/** A duration as Mayfly spells it. */
export function duration(time: number | string): string {
  return typeof time === "number" ? `${Math.round(time)}ms` : time;
}

/** The state of one kind, with values of one type. */
export class Namespace<T> {
  constructor(readonly client: Mayfly, readonly name: string) {}

  /** Reads an entry. Its absence is a problem for which isAbsent holds. */
  async get(key: string, options: CallOptions = {}): Promise<Entry<T>> {
    return this.#read<Entry<T>>(key, "", { view: "entry" }, options);
  }

  /** Reads the value at a revision, while history keeps it. */
  getRevision(key: string, revision: number, options: CallOptions = {}): Promise<T> {
    return this.#read<T>(key, "", { revision: `${revision}` }, options);
  }

  /** Creates an entry or replaces its value. */
  put(key: string, value: T, options: MutationOptions = {}): Promise<Receipt> {
    return this.#mutate("PUT", key, "", options, this.client.codec.encode(value));
  }

  /** Changes members of a value (RFC 7396). */
  mergePatch(key: string, patch: unknown, options: MutationOptions = {}): Promise<Receipt> {
    return this.#patch(key, patch, "application/merge-patch+json", options);
  }

  /** Applies the operations of a patch (RFC 6902), all or none. */
  jsonPatch(key: string, operations: object[], options: MutationOptions = {}): Promise<Receipt> {
    return this.#patch(key, operations, "application/json-patch+json", options);
  }

  /** Adds to a number, and creates it where there is none. */
  increment(
    key: string,
    by: number | bigint = 1,
    options: MutationOptions = {},
  ): Promise<Receipt & { value: number | bigint }> {
    return this.#mutate("POST", key, "/increment", options, this.client.codec.encode({ by }));
  }

  /** Renews the deadline of an entry. */
  touch(key: string, options: MutationOptions = {}): Promise<Receipt> {
    return this.#mutate("POST", key, "/touch", options);
  }

  /** Ends an entry. */
  delete(key: string, options: MutationOptions = {}): Promise<Receipt> {
    return this.#mutate("DELETE", key, "", options);
  }

  /** Gives an entry the value of an earlier revision, as a new one. */
  rollback(key: string, toRevision: number, options: MutationOptions = {}): Promise<Receipt> {
    return this.#mutate("POST", key, "/rollback", options, this.client.codec.encode({ toRevision }));
  }

  /** Tells the newest events of a key, newest last. */
  async history(key: string, limit = 50, options: CallOptions = {}): Promise<Event[]> {
    return (await this.#read<{ events: Event[] }>(key, "/history", { limit: `${limit}` }, options)).events;
  }

  /** Tells the live entries whose keys begin with a prefix, in the order of their keys. */
  async *list(prefix = "", options: CallOptions = {}): AsyncGenerator<Row> {
    const path = `/v1/state/${segment(this.name)}`;
    for (let cursor: string | null = ""; cursor !== null; ) {
      const query: Record<string, string> = { prefix, limit: "500", ...(cursor ? { cursor } : {}) };
      const answer = await this.client.send({ ...options, method: "GET", path, query, namespace: this.name });
      const page = this.client.codec.decode(answer.bytes)[0] as { entries: Row[]; cursor: string | null };
      yield* page.entries;
      cursor = page.cursor;
    }
  }

  /**
   * Reads an entry, lets a function decide its next value, and writes it only if nobody else has
   * written in between; else it begins again. The function sees undefined where there is no entry,
   * and may be asked more than once.
   */
  async update(
    key: string,
    next: (entry: Entry<T> | undefined) => T | Promise<T>,
    options: MutationOptions = {},
  ): Promise<Receipt> {
    const forMs = options.timeoutMs ?? this.client.retryForMs;
    const signal = anyOf(options.signal, AbortSignal.timeout(Math.ceil(forMs)));
    for (let failures = 0; ; failures++) {
      const entry = await this.get(key, { ...options, signal }).catch((failure: unknown) => {
        if (!isAbsent(failure)) throw failure;
        return undefined;
      });
      const condition = entry ? { ifMatch: entry.etag } : { ifAbsent: true };
      try {
        return await this.put(key, await next(entry), { ...options, ...condition, signal });
      } catch (failure) {
        if (!isProblem(failure, "precondition-failed")) throw failure;
        await sleep(backoffMs(this.client.backoff, failures), signal);
      }
    }
  }

  /** Watches what happens. When it resolves, nothing that happens from now on will be missed. */
  watch(options: WatchOptions = {}): Promise<Watch<T>> {
    return Watch.begin<T>(this.client, this.name, options);
  }

  /** A local copy, empty at first. The function is told of each change; undefined where one ended. */
  mirror(changed?: (key: string, entry: Entry<T> | undefined) => void): Mirror<T> {
    return new Mirror<T>(this, changed);
  }

  async #read<D>(key: string, action: string, query: Record<string, string>, options: CallOptions): Promise<D> {
    const path = this.#path(key, action);
    const answer = await this.client.send({ ...options, method: "GET", path, query, namespace: this.name, key });
    return this.client.codec.decode(answer.bytes)[0] as D;
  }

  #patch(key: string, patch: unknown, mediaType: string, options: MutationOptions): Promise<Receipt> {
    const headers = { ...options.headers, "Content-Type": mediaType };
    return this.#mutate("PATCH", key, "", { ...options, headers }, jsonCodec.encode(patch));
  }

  async #mutate<R extends Receipt>(
    method: string, key: string, action: string, options: MutationOptions, body?: Uint8Array,
  ): Promise<R> {
    const request: Request = {
      ...options, method, path: this.#path(key, action), namespace: this.name, key, mutates: true,
      urgent: method === "DELETE" || action === "/touch", query: parameters(options), headers: conditions(options),
    };
    if (body) request.body = body;
    if (options.lease) request.guard = () => options.lease!.check();
    const answer = await this.client.send(request);
    const replayed = answer.headers.get("idempotency-replayed") === "true";
    return { ...(this.client.codec.decode(answer.bytes)[0] as R), replayed };
  }

  #path(key: string, action: string): string {
    return `/v1/state/${segment(this.name)}/${segment(key)}${action}`;
  }
}

function parameters(options: MutationOptions): Record<string, string> {
  return {
    ...(options.ttl === undefined ? {} : { ttl: duration(options.ttl) }),
    ...(options.expiresAt ? { "expires-at": options.expiresAt.toISOString() } : {}),
    ...(options.notBefore ? { "not-before": options.notBefore.toISOString() } : {}),
  };
}

function conditions(options: MutationOptions): Record<string, string> {
  const fence = options.lease?.token ?? options.fence;
  return {
    ...(options.ifMatch ? { "If-Match": options.ifMatch } : {}),
    ...(options.ifAbsent ? { "If-None-Match": "*" } : {}),
    ...(fence === undefined ? {} : { "Mayfly-Fence": `${fence}` }),
    ...(options.idempotencyKey ? { "Idempotency-Key": options.idempotencyKey } : {}),
    ...(options.sequence === undefined ? {} : { "Mayfly-Sequence": `${options.sequence}` }),
    ...options.headers,
  };
}
