import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import http from "node:http";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const clientRoot = fileURLToPath(new URL("..", import.meta.url));
export const url = process.env["MAYFLY_URL"] ?? "";
export const launcher = process.env["MAYFLY_LAUNCHER"] ?? "";
export const needsServer = { skip: !url && "MAYFLY_URL names no server" };
export const needsLauncher = { skip: !launcher && "MAYFLY_LAUNCHER names no launcher" };

export const freshName = (): string => "ts-" + randomBytes(6).toString("hex");
export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export async function until(condition: () => boolean): Promise<void> {
  for (const end = Date.now() + 10000; !condition(); await pause(5)) {
    if (Date.now() > end) throw new Error("not within 10 s");
  }
}

/** A generator of numbers that prints its seed; MAYFLY_SEED runs it again (mulberry32). */
export function seeded(): () => number {
  let state = Number(process.env["MAYFLY_SEED"] ?? Date.now()) >>> 0;
  console.log(`MAYFLY_SEED=${state}`);
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A server of a test's own, to be killed. */
export class Mortal {
  readonly #data = mkdtempSync(join(tmpdir(), "mayfly-"));
  #process: ChildProcess | undefined;
  #ended: Promise<unknown> | undefined;

  private constructor(readonly port: number) {}

  static async launch(): Promise<Mortal> {
    const port = await new Promise<number>((resolve) => {
      const probe = createServer().listen(0, "127.0.0.1", () => {
        const { port } = probe.address() as AddressInfo;
        probe.close(() => resolve(port));
      });
    });
    const server = new Mortal(port);
    await server.start();
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    const started = spawn(launcher, ["server", "--port", `${this.port}`, "--data", this.#data], { stdio: "ignore" });
    this.#process = started;
    this.#ended = new Promise((resolve) => started.on("exit", resolve));
    for (const end = Date.now() + 60000; Date.now() < end; await pause(50)) {
      const ready = await fetch(this.url + "/health/ready").then((answer) => answer.ok, () => false);
      if (ready) return;
    }
    throw new Error("the server is not ready after 60 s");
  }

  /** Ends it with SIGKILL. */
  async kill(): Promise<void> {
    this.#process?.kill("SIGKILL");
    await this.#ended;
  }

  async close(): Promise<void> {
    await this.kill();
    rmSync(this.#data, { recursive: true, force: true });
  }
}

/** A proxy that refuses, and cuts connections before and after the server did its work. */
export class Weather {
  refused = 0;
  cut = 0;
  storm = false;
  readonly #server: http.Server;
  readonly #agent = new http.Agent({ keepAlive: true, maxSockets: 256 });

  constructor(target: string) {
    const random = seeded();
    const { hostname, port } = new URL(target);
    this.#server = http.createServer((incoming, out) => {
      const dice = random() / (this.storm ? 8 : 1);
      if (dice < 0.02) return this.#refuse(out, 429, "rate-exceeded");
      if (dice < 0.04) return this.#refuse(out, 503, "node-overloaded");
      if (dice < 0.05) return this.#hangUp(incoming);
      const onward = http.request(
        { hostname, port, agent: this.#agent, method: incoming.method, path: incoming.url, headers: incoming.headers },
        (answer) => {
          if (dice < 0.07) {
            answer.resume();
            this.#hangUp(incoming);
            return;
          }
          out.writeHead(answer.statusCode!, answer.headers);
          answer.on("error", () => this.#hangUp(incoming)).pipe(out);
        },
      );
      onward.on("error", () => this.#hangUp(incoming));
      incoming.pipe(onward);
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#agent.destroy();
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #refuse(out: http.ServerResponse, status: number, problem: string): void {
    this.refused++;
    out.writeHead(status, { "Content-Type": "application/problem+json", "Retry-After": "0" });
    out.end(JSON.stringify({ type: `urn:mayfly:problem:${problem}`, status, retryable: true, retryAfterMs: 20 }));
  }

  #hangUp(incoming: http.IncomingMessage): void {
    this.cut++;
    incoming.socket.destroy();
  }
}

/** Answers with one handler after the other, the last one again and again. */
export async function scripted(...answers: http.RequestListener[]): Promise<{ url: string; seen: http.IncomingHttpHeaders[]; close: () => void }> {
  const seen: http.IncomingHttpHeaders[] = [];
  const server = http.createServer((incoming, out) => {
    seen.push(incoming.headers);
    (answers.length > 1 ? answers.shift()! : answers[0]!)(incoming, out);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = (): void => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen, close };
}

export function refusal(status: number, body: object | string, headers: http.OutgoingHttpHeaders = {}): http.RequestListener {
  return (_, out) => {
    out.writeHead(status, headers).end(typeof body === "string" ? body : JSON.stringify(body));
  };
}

export const accepted: http.RequestListener = refusal(200, { outcome: "created", value: 1 });
