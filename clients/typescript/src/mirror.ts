import { backoffMs, sleep } from "./backoff.js";
import { digest } from "./cbor.js";
import { type CallOptions, anyOf, segment } from "./client.js";
import { withoutDoubles } from "./codec.js";
import { isProblem } from "./problem.js";
import type { Entry, Namespace } from "./state.js";
import { type WatchEvent, exactValues } from "./watch.js";

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
  /** The incarnations that were seen to end since the round began. */
  #ended = new Map<string, number>();

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
   * Keeps the copy true until the signal aborts: it follows the events of the namespace where the
   * server tells them, and reconciles in rounds in any case.
   */
  async run(signal: AbortSignal, everyMs = 60000): Promise<void> {
    while (!signal.aborted) {
      const stop = new AbortController();
      const both = anyOf(signal, stop.signal);
      try {
        await this.#both(both, everyMs);
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
    this.#ended = new Map();
    const round: Round = { match: 0, stale: 0, ahead: 0, diverged: 0, ended: 0, unknown: 0 };
    const beliefs = await this.#beliefs(options);
    while (beliefs.length > 0) {
      beliefs.push(...(await this.#ask(beliefs.splice(0, ROUND_CHUNK), round, options)));
    }
    this.#namespace.client.log("round", { namespace: this.#namespace.name, verdicts: { ...round } });
    return round;
  }

  /** Applies events and rounds until one of them fails. */
  async #both(signal: AbortSignal, everyMs: number): Promise<void> {
    const rounds = async (): Promise<never> => {
      for (;;) {
        await this.reconcile({ signal });
        await sleep(everyMs, signal);
      }
    };
    const watch = await this.#namespace.watch({ signal }).catch((failure: unknown) => {
      // A cluster without a feed is mirrored in rounds alone.
      if (!isProblem(failure, "not-found")) throw failure;
      return undefined;
    });
    if (!watch) return rounds();
    const events = async (): Promise<void> => {
      for await (const event of watch) await this.#apply(event, signal);
      signal.throwIfAborted();
    };
    await Promise.race([rounds(), events()].map((part) => this.#quietly(part)));
  }

  /** The loser of a race fails too, later, and nobody hears it. */
  #quietly(part: Promise<void>): Promise<void> {
    part.catch(() => undefined);
    return part;
  }

  /** What the copy holds, and for keys that it does not have the least that one can believe. */
  async #beliefs(options: CallOptions): Promise<Belief[]> {
    const beliefs = new Map<string, Belief>();
    for await (const row of this.#namespace.list("", options)) {
      const held = this.#entries.get(row.key);
      // A deadline can move without a revision.
      if (held?.entry.etag === row.etag) held.entry = { ...held.entry, expiresAt: row.expiresAt };
      beliefs.set(row.key, this.#belief(row.key));
    }
    for (const key of this.#entries.keys()) beliefs.set(key, this.#belief(key));
    return [...beliefs.values()];
  }

  #belief(key: string): Belief {
    const held = this.#entries.get(key);
    if (!held) return { key, incarnation: 1, revision: 1 };
    const { incarnation, revision } = held.entry;
    return { key, incarnation, revision, ...(held.digest ? { digest: held.digest } : {}) };
  }

  /** Sends beliefs and applies the verdicts. Returns what must be asked again. */
  async #ask(beliefs: Belief[], round: Round | undefined, options: CallOptions): Promise<Belief[]> {
    const { client, name } = this.#namespace;
    const mediaType = client.codec.streamType;
    const answer = await client.send({
      ...options, method: "POST", path: `/v1/reconcile/${segment(name)}`, namespace: name,
      headers: { "Content-Type": mediaType, Accept: mediaType },
      body: joined(beliefs.map((belief) => client.codec.encode(belief))),
    });
    const again: Belief[] = [];
    for (const document of client.codec.decode(answer.bytes, true) as Verdict[]) {
      if (document.problem) throw new Error(`not reconciled: ${document.problem.detail}`);
      const { key, verdict, entry } = document;
      if (round) round[verdict]++;
      if (entry) {
        await this.#take(withoutDoubles(entry) as Entry<T>, entry.value, verdict === "diverged");
      } else if (verdict === "ahead") {
        // The server has lost what this copy still has.
        this.#drop(key);
        again.push({ key, incarnation: 1, revision: 1 });
      } else if (verdict !== "match" || document.reason) {
        this.#drop(key);
      }
    }
    return again;
  }

  async #apply(event: WatchEvent<T>, signal: AbortSignal): Promise<void> {
    if (event.event === "notice") return;
    if (event.event === "ended") {
      this.#drop(event.key, event.incarnation);
    } else if (exactValues.has(event)) {
      const etag = `"${event.incarnation}.${event.revision}"`;
      const entry = { ...event, etag, updatedAt: event.at } as unknown as Entry<T>;
      await this.#take(entry, exactValues.get(event), false);
    } else {
      // Renewed, or its value is withheld.
      await this.#ask([{ key: event.key, incarnation: 1, revision: 1 }], undefined, { signal });
    }
  }

  /** Brings an entry into the copy, unless that holds as new a one or has seen its end. */
  async #take(entry: Entry<T>, exact: unknown, diverged: boolean): Promise<void> {
    const { key, incarnation, revision } = entry;
    let now = await digest(exact);
    const held = this.#entries.get(key);
    const order = held ? held.entry.incarnation - incarnation || held.entry.revision - revision : -1;
    if (order > 0 || (order === 0 && !diverged) || (this.#ended.get(key) ?? 0) >= incarnation) return;
    if (diverged && held?.digest === now) now = "";
    this.#entries.set(key, { entry, digest: now });
    this.#changed(key, entry);
  }

  /** Takes an entry out of the copy. With an incarnation, nothing up to it comes back. */
  #drop(key: string, incarnation?: number): void {
    const held = this.#entries.get(key);
    if (incarnation !== undefined) {
      this.#ended.set(key, Math.max(incarnation, this.#ended.get(key) ?? 0));
    }
    if (held && (incarnation === undefined || held.entry.incarnation <= incarnation)) {
      this.#entries.delete(key);
      this.#changed(key, undefined);
    }
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
