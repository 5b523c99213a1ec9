import { backoffMs, sleep } from "./backoff.js";
import { digest } from "./cbor.js";
import { type CallOptions, anyOf, segment } from "./client.js";
import { withoutDoubles } from "./codec.js";
import { isProblem } from "./problem.js";
import type { Entry, Namespace } from "./state.js";

/** What a round found. */
export interface Round {
  match: number;
  stale: number;
  ahead: number;
  diverged: number;
  ended: number;
  unknown: number;
}

/** An entry with the digest that rounds compare; empty where this language cannot say the value. */
interface Copied<T> {
  entry: Entry<T>;
  digest: string;
}

interface Belief {
  key: string;
  incarnation: number;
  revision: number;
  digest?: string;
}

interface Verdict {
  key: string;
  verdict: keyof Round;
  entry?: Entry<unknown>;
  reason?: string;
  problem?: { detail: string };
}

/** How many beliefs one request of a round holds. */
const ROUND_CHUNK = 500;

/**
 * A local copy of a namespace. Reads cost nothing and may be somewhat old; entries end in it by the
 * local clock.
 */
export class Mirror<T> {
  readonly #namespace: Namespace<T>;
  readonly #changed: (key: string, entry: Entry<T> | undefined) => void;
  readonly #entries = new Map<string, Copied<T>>();
  /** One request at a time, so that no older answer comes after a newer one. */
  #asking: Promise<unknown> = Promise.resolve();

  constructor(namespace: Namespace<T>, changed?: (key: string, entry: Entry<T> | undefined) => void) {
    this.#namespace = namespace;
    this.#changed = changed ?? (() => undefined);
  }

  /** Reads an entry of the copy. */
  get(key: string): Entry<T> | undefined {
    const entry = this.#entries.get(key)?.entry;
    return entry && Date.now() < Date.parse(entry.expiresAt) ? entry : undefined;
  }

  /** Reads the whole copy. */
  *[Symbol.iterator](): Iterator<Entry<T>> {
    for (const key of [...this.#entries.keys()]) {
      const entry = this.get(key);
      if (entry) yield entry;
    }
  }

  /**
   * Keeps the copy true until the signal aborts: it asks about the keys of which the server tells
   * events, and about all in rounds.
   */
  async run(signal: AbortSignal, everyMs = 60000): Promise<void> {
    while (!signal.aborted) {
      const stop = new AbortController();
      try {
        await this.#follow(anyOf(signal, stop.signal), everyMs);
      } catch (failure) {
        if (signal.aborted) return;
        this.#namespace.client.log("mirror not followed", { namespace: this.#namespace.name }, failure);
        if (!isProblem(failure, "position-compacted")) {
          await sleep(backoffMs(this.#namespace.client.backoff, 6), signal).catch(() => undefined);
        }
      } finally {
        stop.abort();
      }
    }
  }

  /** Makes one round: tells the server what the copy holds, and corrects what is not so. */
  async reconcile(options: CallOptions = {}): Promise<Round> {
    const round: Round = { match: 0, stale: 0, ahead: 0, diverged: 0, ended: 0, unknown: 0 };
    await this.#settle(await this.#keys(options), round, options);
    this.#namespace.client.log("round", { namespace: this.#namespace.name, verdicts: { ...round } });
    return round;
  }

  /** Asks after events and in rounds until that fails. */
  async #follow(signal: AbortSignal, everyMs: number): Promise<void> {
    const watch = await this.#namespace.watch({ signal, keysOnly: true });
    const told = new Set<string>();
    let [heard, cut] = [new AbortController(), undefined as unknown];
    const listen = async (): Promise<void> => {
      for await (const event of watch) {
        if (event.event !== "notice") told.add(event.key);
        heard.abort();
      }
    };
    listen().catch((failure: unknown) => {
      cut = failure;
      heard.abort();
    });
    for (let dueMs = 0; !cut; ) {
      if (performance.now() >= dueMs) {
        await this.reconcile({ signal });
        dueMs = performance.now() + everyMs;
      } else if (told.size > 0) {
        const keys = new Set(told);
        told.clear();
        await this.#settle(keys, undefined, { signal });
      } else {
        await sleep(dueMs - performance.now(), anyOf(signal, heard.signal)).catch(() => undefined);
        signal.throwIfAborted();
        heard = new AbortController();
      }
    }
    throw cut;
  }

  /** The keys of the copy and of the server. */
  async #keys(options: CallOptions): Promise<Set<string>> {
    const keys = new Set<string>();
    for await (const row of this.#namespace.list("", options)) {
      keys.add(row.key);
      const held = this.#entries.get(row.key);
      // A deadline can move without a revision.
      if (held?.entry.etag === row.etag) held.entry = { ...held.entry, expiresAt: row.expiresAt };
    }
    for (const key of this.#entries.keys()) keys.add(key);
    return keys;
  }

  /** Asks about keys until all are as the server has them. */
  #settle(keys: Set<string>, round: Round | undefined, options: CallOptions): Promise<void> {
    const turn = this.#asking.then(async () => {
      while (keys.size > 0) {
        const some = [...keys].slice(0, ROUND_CHUNK);
        for (const key of some) keys.delete(key);
        for (const verdict of await this.#ask(some, options)) await this.#judge(verdict, round, keys);
      }
    });
    this.#asking = turn.catch(() => undefined);
    return turn;
  }

  async #ask(keys: string[], options: CallOptions): Promise<Verdict[]> {
    const { client, name } = this.#namespace;
    const mediaType = client.codec.streamType;
    const answer = await client.send({
      ...options, method: "POST", path: `/v1/reconcile/${segment(name)}`, namespace: name,
      headers: { "Content-Type": mediaType, Accept: mediaType },
      body: joined(keys.map((key) => client.codec.encode(this.#belief(key)))),
    });
    return client.codec.decode(answer.bytes, true) as Verdict[];
  }

  /** What the copy holds of a key, or the least that one can believe. */
  #belief(key: string): Belief {
    const held = this.#entries.get(key);
    if (!held) return { key, incarnation: 1, revision: 1 };
    const { incarnation, revision } = held.entry;
    return { key, incarnation, revision, ...(held.digest ? { digest: held.digest } : {}) };
  }

  /** Applies one verdict, and notes what is to be asked again. */
  async #judge(document: Verdict, round: Round | undefined, again: Set<string>): Promise<void> {
    if (document.problem) throw new Error(`not reconciled: ${document.problem.detail}`);
    const { key, verdict, entry, reason } = document;
    if (round) round[verdict]++;
    if (entry) {
      const now = await digest(entry.value);
      const known = verdict === "diverged" && this.#entries.get(key)?.digest === now ? "" : now;
      const taken = withoutDoubles(entry) as Entry<T>;
      this.#entries.set(key, { entry: taken, digest: known });
      this.#changed(key, taken);
    } else if ((verdict !== "match" || reason) && this.#entries.delete(key)) {
      this.#changed(key, undefined);
    }
    // The server has lost what this copy still had.
    if (verdict === "ahead" && !entry) again.add(key);
  }
}

function joined(parts: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
