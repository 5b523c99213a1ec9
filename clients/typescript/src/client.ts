import { type Backoff, backoffMs, sleep } from "./backoff.js";
import { type Codec, cborCodec, jsonCodec } from "./codec.js";
import { Lease, type LeaseOptions, acquire } from "./lease.js";
import { isProblem, readProblem } from "./problem.js";
import { Namespace } from "./state.js";
import { type Fields, type Log, failureFields } from "./telemetry.js";
import { Throttle } from "./throttle.js";

/** How a client behaves. */
export interface Options {
  /** Is sent as a bearer token. */
  token?: string;
  /** Names this writer to the server (Mayfly-Producer). */
  producer?: string;
  /** Exchanges values as CBOR instead of JSON. */
  cbor?: boolean;
  /** Bounds all tries of a call that names no timeout of its own. Default 30000. */
  retryForMs?: number;
  /** Bounds one try. The server is told, and begins no work that is late. Default 5000. */
  tryForMs?: number;
  /** Spreads retries. */
  backoff?: Backoff;
  /** Sends the requests. Default is the global fetch. */
  fetch?: typeof fetch;
  /** Gives the W3C traceparent of a call, for tracing libraries. */
  trace?: () => string | undefined;
  log?: Log;
}

/** What every call takes. */
export interface CallOptions {
  /** Ends the call. */
  signal?: AbortSignal;
  /** Bounds all tries of the call. */
  timeoutMs?: number;
  /** The W3C traceparent to go on with. */
  traceparent?: string;
}

/** How full a node is. */
export interface Pressure {
  /** The share of the node's places that are taken, 0 to 1. */
  node: number;
  queues: Record<string, { depth: number; limit: number }>;
  latencyMs: { p50: number; p99: number };
  errorRate: number;
}

/** One call, whatever number of tries it takes. */
export interface Request extends CallOptions {
  method: string;
  path: string;
  query?: Record<string, string>;
  headers?: Record<string, string>;
  body?: Uint8Array;
  namespace?: string;
  key?: string;
  /** Gives the request an idempotency key, unless it has one. */
  mutates?: boolean;
  /** Is not held back: it ends or renews something. */
  urgent?: boolean;
  /** What the server was asked to wait; added to the time of a try. */
  patienceMs?: number;
  /** Is asked before each try whether the request may still be sent; throws if not. */
  guard?: () => void;
}

/** A success, read as a whole. */
export interface Answer {
  headers: Headers;
  bytes: Uint8Array;
}

/** Talks to one Mayfly, or one cluster. */
export class Mayfly {
  readonly options: Readonly<Options>;
  readonly codec: Codec;
  readonly throttle = new Throttle();
  readonly backoff: Backoff;
  readonly tryForMs: number;
  readonly retryForMs: number;
  readonly #base: string;

  /** A client of the server at a base URL such as http://127.0.0.1:8080. */
  constructor(baseUrl: string | URL, options: Options = {}) {
    this.#base = new URL(baseUrl).href.replace(/\/+$/, "");
    this.options = options;
    this.codec = options.cbor ? cborCodec : jsonCodec;
    this.backoff = options.backoff ?? {};
    this.tryForMs = options.tryForMs ?? 5000;
    this.retryForMs = options.retryForMs ?? 30000;
  }

  /** The state of one kind, with values of one type. */
  state<T = unknown>(namespace: string): Namespace<T> {
    return new Namespace<T>(this, namespace);
  }

  /**
   * Takes permits of a resource, and renews them in the background. While others hold them, it throws
   * lease-held after `wait`; the problem names the holders.
   */
  acquire(namespace: string, name: string, options: LeaseOptions): Promise<Lease> {
    return acquire(this, namespace, name, options);
  }

  /** Asks a node how full it is, and lets the client's throttle know. */
  async pressure(options: CallOptions = {}): Promise<Pressure> {
    const answer = await this.send({ ...options, method: "GET", path: "/v1/pressure", urgent: true });
    const pressure = this.codec.decode(answer.bytes)[0] as Pressure;
    this.throttle.pressure = pressure.node;
    return pressure;
  }

  /**
   * Asks every second how full the node is until the signal aborts, so that this client slows down
   * before it is refused.
   */
  async followPressure(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.pressure({ signal });
      } catch (failure) {
        this.throttle.pressure = 0;
        if (isProblem(failure) && !failure.retries) throw failure;
      }
      await sleep(1000, signal).catch(() => undefined);
    }
  }

  /** Sends a request until it succeeds, is refused for good, or its time is over. */
  async send(request: Request): Promise<Answer> {
    const { namespace = "", key = "", patienceMs = 0 } = request;
    const forMs = request.timeoutMs ?? this.retryForMs + patienceMs;
    const endMs = performance.now() + forMs;
    const signal = anyOf(request.signal, AbortSignal.timeout(Math.ceil(forMs)));
    const prepared = this.#prepare(request);
    for (let failures = 0; ; failures++) {
      if (!request.urgent) await this.throttle.admit(namespace, key, signal);
      request.guard?.();
      try {
        const oneTry = anyOf(signal, AbortSignal.timeout(this.tryForMs + patienceMs));
        const response = await this.#fetch(prepared, oneTry);
        return { headers: response.headers, bytes: new Uint8Array(await response.arrayBuffer()) };
      } catch (failure) {
        request.guard?.();
        if (request.signal?.aborted || (isProblem(failure) && !failure.retries)) throw failure;
        const waitMs = backoffMs(this.backoff, failures, isProblem(failure) ? failure.retryAfterMs : 0);
        if (performance.now() + waitMs > endMs) throw failure;
        this.log("retry", { ...about(request), attempt: failures + 1, waitMs }, failure, request.traceparent);
        await sleep(waitMs, signal);
      }
    }
  }

  /** Sends a request once and leaves the body of the answer to be read as a stream. */
  open(request: Request, signal: AbortSignal): Promise<Response> {
    return this.#fetch(this.#prepare(request), signal);
  }

  /** Tells the caller's logger. */
  log(message: string, fields: Fields, failure?: unknown, traceparent?: string): void {
    const traceId = (traceparent ?? this.options.trace?.())?.split("-")[1];
    this.options.log?.(message, {
      ...(traceId ? { traceId } : {}),
      ...(this.options.producer ? { producer: this.options.producer } : {}),
      ...(failure === undefined ? {} : failureFields(failure)),
      ...fields,
    });
  }

  /** Gives a request what all of its tries have in common: a retry must be the same request. */
  #prepare(request: Request): Request {
    const headers: Record<string, string> = { Accept: this.codec.mediaType };
    if (request.body) headers["Content-Type"] = this.codec.mediaType;
    if (this.options.token) headers["Authorization"] = `Bearer ${this.options.token}`;
    const traceparent = request.traceparent ?? this.options.trace?.();
    if (traceparent) headers["traceparent"] = traceparent;
    if (request.mutates) {
      if (this.options.producer) headers["Mayfly-Producer"] = this.options.producer;
      headers["Idempotency-Key"] = newKey();
      if (!request.patienceMs) headers["Mayfly-Timeout"] = `${Math.ceil(this.tryForMs)}ms`;
    }
    return { ...request, headers: { ...headers, ...request.headers } };
  }

  async #fetch(request: Request, signal: AbortSignal): Promise<Response> {
    const query = request.query ? "?" + new URLSearchParams(request.query).toString() : "";
    const send = this.options.fetch ?? fetch;
    const response = await send(this.#base + request.path + query, {
      method: request.method,
      headers: request.headers!,
      signal,
      cache: "no-store",
      ...(request.body ? { body: request.body as Uint8Array<ArrayBuffer> } : {}),
    });
    this.throttle.learn(response.headers.get("ratelimit"), request.namespace ?? "", request.key ?? "");
    if (!response.ok) throw await readProblem(response);
    return response;
  }
}

/** The fields that a request gives to what is logged of it. */
export function about(request: Pick<Request, "namespace" | "key">): Fields {
  return {
    ...(request.namespace ? { namespace: request.namespace } : {}),
    ...(request.key ? { key: request.key } : {}),
  };
}

/** A name as one segment of a path. */
export function segment(name: string): string {
  if (name === "." || name === "..") throw new TypeError(`a key cannot be ${name}`);
  return encodeURIComponent(name);
}

/** Aborts when one of them does. */
export function anyOf(...signals: (AbortSignal | undefined)[]): AbortSignal {
  return AbortSignal.any(signals.filter((signal): signal is AbortSignal => signal !== undefined));
}

/** An idempotency key that nobody else has; crypto.randomUUID is not there on plain http pages. */
function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
