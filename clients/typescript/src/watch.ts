import { backoffMs, sleep } from "./backoff.js";
import { type Mayfly, type Request, anyOf, segment } from "./client.js";
import { parseJson } from "./codec.js";
import { isProblem } from "./problem.js";
import { type ServerEvent, readEvents } from "./sse.js";
import type { Event } from "./state.js";

/** How long a stream may say nothing: the server says something every 15 seconds. */
const SILENCE_MOST_MS = 35000;

/** What is watched. Without anything: all that happens from now on. */
export interface WatchOptions {
  /** One key. */
  key?: string;
  /** Keys that begin so. */
  prefix?: string;
  events?: Event["event"][];
  /** "now" (the default), "start", or the id of the last event that was taken. */
  from?: string;
  /** Leaves out the values. */
  keysOnly?: boolean;
  /** Ends the watch. */
  signal?: AbortSignal;
}

/** An event with the value that it brought. */
export interface WatchEvent<T> extends Omit<Event, "event"> {
  /** Where a watch can resume. A notice tells of the watch itself. */
  id: string;
  event: Event["event"] | "notice";
  namespace: string;
  key: string;
  lateMs?: number;
  /** Whether the entry was there before the watch began. */
  standing?: boolean;
  detail?: string;
  value?: T;
}

/**
 * A stream of events that resumes by itself after cuts and restarts: no event is missing and none
 * comes twice. It ends with its signal, with `return()` (leaving `for await`), and throws
 * position-compacted when the server no longer keeps what came after lastId: then begin again from
 * "start".
 */
export class Watch<T> implements AsyncIterableIterator<WatchEvent<T>> {
  readonly #client: Mayfly;
  readonly #request: Request;
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal;
  readonly #events: AsyncGenerator<WatchEvent<T>>;
  #stream: AsyncGenerator<ServerEvent> | undefined;
  #silence = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;
  /** Where another watch can go on after the events taken so far. */
  lastId = "";

  private constructor(client: Mayfly, request: Request, signal?: AbortSignal) {
    this.#client = client;
    this.#request = request;
    this.#signal = anyOf(signal, this.#stop.signal);
    this.#events = this.#run();
  }

  static async begin<T>(client: Mayfly, namespace: string, options: WatchOptions): Promise<Watch<T>> {
    const query: Record<string, string> = { marks: "true" };
    if (!options.keysOnly) query["values"] = "true";
    if (options.prefix) query["prefix"] = options.prefix;
    if (options.events) query["events"] = options.events.join(",");
    if (options.from) query["from"] = options.from;
    const key = options.key === undefined ? "" : "/" + segment(options.key);
    const watch = new Watch<T>(client, {
      method: "GET", path: `/v1/watch/${segment(namespace)}${key}`, query, namespace, key: options.key ?? "",
    }, options.signal);
    await watch.#connect();
    return watch;
  }

  next(): Promise<IteratorResult<WatchEvent<T>>> {
    return this.#events.next();
  }

  /** Ends the watch. */
  async return(): Promise<IteratorResult<WatchEvent<T>>> {
    this.#stop.abort();
    this.#disconnect();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async *#run(): AsyncGenerator<WatchEvent<T>> {
    while (!this.#signal.aborted) {
      try {
        if (!this.#stream) await this.#connect();
        yield* this.#read();
      } catch (failure) {
        if (this.#signal.aborted) break;
        if (isProblem(failure) && !failure.retries) throw failure;
        this.#client.log("watch cut", { namespace: this.#request.namespace! }, failure);
      } finally {
        this.#disconnect();
      }
    }
  }

  async *#read(): AsyncGenerator<WatchEvent<T>> {
    for await (const told of this.#stream!) {
      if (told.id) this.lastId = told.id;
      if (!told.data) continue; // It only says where the stream is.
      this.#failures = 0;
      yield readEvent<T>(told);
    }
  }

  /** Opens the stream, however often it takes. A stream that only opens is no success. */
  async #connect(): Promise<void> {
    for (; ; ) {
      if (this.#failures > 0) await sleep(backoffMs(this.#client.backoff, this.#failures - 1), this.#signal);
      this.#failures++;
      this.#silence = new AbortController();
      this.#quiet(this.#client.tryForMs);
      try {
        const headers: Record<string, string> = { Accept: "text/event-stream" };
        if (this.lastId) headers["Last-Event-ID"] = this.lastId;
        const signal = anyOf(this.#signal, this.#silence.signal);
        const response = await this.#client.open({ ...this.#request, headers }, signal);
        this.#quiet(SILENCE_MOST_MS);
        this.#stream = readEvents(response.body!, this.lastId, () => this.#quiet(SILENCE_MOST_MS));
        // It begins with where it stands: so it can be resumed also when it is cut before its first event.
        if (!this.lastId) this.lastId = (await this.#stream.next()).value?.id ?? "";
        if (!this.lastId) throw new Error("the stream ended before it began");
        return;
      } catch (failure) {
        this.#disconnect();
        this.#signal.throwIfAborted();
        if (!isProblem(failure)) continue;
        if (!failure.retries) throw failure;
        await sleep(failure.retryAfterMs ?? 0, this.#signal);
      }
    }
  }

  /** Ends the connection when nothing is heard for so long. */
  #quiet(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#silence.abort(), ms);
  }

  #disconnect(): void {
    clearTimeout(this.#timer);
    this.#stream = undefined;
    this.#silence.abort();
  }
}

function readEvent<T>(told: ServerEvent): WatchEvent<T> {
  return { ...(parseJson(told.data!) as WatchEvent<T>), id: told.id, event: told.event as WatchEvent<T>["event"] };
}
