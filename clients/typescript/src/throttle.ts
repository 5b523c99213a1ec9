import { sleep } from "./backoff.js";

/** The share of a node's places below which nothing is held back. */
const CALM = 0.7;
/** Bounds how long pressure alone holds a request back. */
const HELD_BACK_MOST_MS = 1000;
/** Bounds of how many scopes something is known; others are not held back. */
const SCOPES_MOST = 1024;

/**
 * Holds requests back before the server refuses them: it spends at most half of the room that
 * RateLimit fields tell of, and slows down with the pressure of the node.
 */
export class Throttle {
  /** How full the node is, 0 to 1. */
  pressure = 0;
  readonly #scopes = new Map<string, { left: number; untilMs: number }>();

  /** Notes the RateLimit field of an answer, such as "namespace";r=3100;t=1. */
  learn(field: string | null, namespace: string, key: string): void {
    const parts = /^"([a-z]+)"(?:;r=(\d+))(?:;t=(\d+))?/.exec(field ?? "");
    if (!parts) return;
    const nowMs = performance.now();
    if (this.#scopes.size >= SCOPES_MOST) this.#forget(nowMs);
    const name = scope(parts[1]!, namespace, key);
    if (!this.#scopes.has(name) && this.#scopes.size >= SCOPES_MOST) return;
    const untilMs = nowMs + Number(parts[3] ?? 1) * 1000;
    this.#scopes.set(name, { left: Math.ceil(Number(parts[2]) / 2), untilMs });
  }

  /** Drops what is no longer known. */
  #forget(nowMs: number): void {
    for (const [name, { untilMs }] of this.#scopes) {
      if (untilMs <= nowMs) this.#scopes.delete(name);
    }
  }

  /** How long a request waits before it is sent. */
  holdMs(namespace: string, key: string): number {
    let hold = 0;
    for (const kind of ["node", "namespace", "key"]) {
      const name = scope(kind, namespace, key);
      const known = this.#scopes.get(name);
      if (!known) continue;
      const rest = known.untilMs - performance.now();
      if (rest <= 0) this.#scopes.delete(name);
      else if (known.left > 0) known.left--;
      else hold = Math.max(hold, rest * (1 + Math.random()));
    }
    if (this.pressure > CALM) {
      hold += ((this.pressure - CALM) / (1 - CALM)) * Math.random() * HELD_BACK_MOST_MS;
    }
    return hold;
  }

  /** Waits until a request may be sent. */
  async admit(namespace: string, key: string, signal: AbortSignal): Promise<void> {
    const hold = this.holdMs(namespace, key);
    if (hold > 0) await sleep(hold, signal);
  }
}

function scope(kind: string, namespace: string, key: string): string {
  if (kind === "key") return `key ${namespace}/${key}`;
  return kind === "namespace" || kind === "rate" ? `namespace ${namespace}` : "node";
}
