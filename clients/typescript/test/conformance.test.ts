// The vectors that all clients and servers share; ../conformance/README.md describes their format.
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import http from "node:http";
import { join } from "node:path";
import { test } from "node:test";
import { decodeCbor, digest, encodeCbor } from "../dist/cbor.js";
import { cborCodec, parseJson } from "../dist/codec.js";
import { FenceVerifier } from "../dist/fence.js";
import { EventParser } from "../dist/sse.js";
import { clientRoot } from "./harness.js";

type Tree = any;
type Json = Record<string, Tree>;

const directory = process.env["MAYFLY_CONFORMANCE"] ?? join(clientRoot, "../conformance");
const cases = join(directory, "cases");
const base = process.env["MAYFLY_URL"];

interface Heard {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: Buffer;
}

test("conformance", { skip: !existsSync(cases) && `no vectors in ${directory}`, concurrency: 8 }, async (t) => {
  const running: Promise<void>[] = [];
  for (const file of readdirSync(cases).filter((name) => name.endsWith(".json"))) {
    const group = JSON.parse(readFileSync(join(cases, file), "utf8")) as Json;
    for (const vector of group["cases"] as Json[]) {
      const name = `${group["group"]}/${vector["name"]}`;
      const pure = vector["canonical"] ?? vector["fence"];
      const skip = !pure && !base && "MAYFLY_URL names no server";
      running.push(t.test(name, { skip }, async () => {
        if (vector["canonical"]) await canonical(vector["canonical"]);
        else if (vector["fence"]) fence(vector["fence"]);
        else await new Case(base!).run(vector);
      }));
    }
  }
  await Promise.all(running);
});

async function canonical(vector: Json): Promise<void> {
  const value = "json" in vector ? parseJson(vector["json"], true) : decodeCbor(Buffer.from(vector["cbor"], "hex"), true);
  assert.equal(Buffer.from(encodeCbor(value)).toString("hex"), vector["hex"]);
  assert.equal(await digest(value), vector["digest"]);
}

function fence(tokens: [number, boolean][]): void {
  const verifier = new FenceVerifier();
  for (const [token, admitted] of tokens) {
    if (admitted) verifier.admit(token);
    else assert.throws(() => verifier.admit(token));
  }
}

interface Stream {
  close(): void;
  next(): Promise<Json>;
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

class Case {
  readonly #vars: Json = { ns: "c" + String(Math.floor(Math.random() * 1e10)).padStart(10, "0") };
  readonly #background = new Map<string, { answer: Promise<Heard>; abort: AbortController }>();
  readonly #streams = new Map<string, Stream>();
  readonly #agent = new http.Agent({ keepAlive: true });

  constructor(readonly server: string) {}

  async run(vector: Json): Promise<void> {
    try {
      if (vector["contract"]) {
        const expect = { status: 201 };
        await this.#step({ method: "PUT", path: "/v1/contracts/${ns}", json: vector["contract"], expect });
      }
      for (const [index, step] of (vector["steps"] as Json[]).entries()) {
        await this.#step(step).catch((failure: Error) => {
          throw new Error(`step ${index} ${JSON.stringify(step).slice(0, 300)}: ${failure.message}`, { cause: failure });
        });
      }
    } finally {
      for (const stream of this.#streams.values()) stream.close();
      for (const { abort } of this.#background.values()) abort.abort();
      this.#agent.destroy();
    }
  }

  async #step(step: Json): Promise<void> {
    if (step["finish"]) {
      this.#compare(step["expect"], await within(this.#background.get(step["finish"])!.answer));
    } else if (step["abandon"]) {
      this.#background.get(step["abandon"])!.abort.abort();
    } else if (step["cut"]) {
      this.#streams.get(step["cut"])!.close();
    } else if (step["open"]) {
      await this.#open(step);
    } else if (step["read"]) {
      for (const want of step["events"] as Json[]) {
        const got = await within(this.#streams.get(step["read"])!.next());
        this.#match(want, got, true);
      }
    } else if (step["background"]) {
      const abort = new AbortController();
      const answer = this.#exchange(step, abort.signal);
      answer.catch(() => undefined);
      this.#background.set(step["background"], { answer, abort });
    } else {
      const until = Date.now() + Number(/^(\d+)s$/.exec(step["retryFor"] ?? "0s")![1]) * 1000;
      for (;;) {
        try {
          this.#compare(step["expect"], await this.#exchange(step));
          return;
        } catch (failure) {
          if (Date.now() >= until) throw failure;
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
      }
    }
  }

  /** Paths go out as they stand, which fetch would not do. */
  #request(step: Json, signal?: AbortSignal): http.ClientRequest {
    const headers: Record<string, string> = {};
    let body: Buffer | undefined;
    if ("json" in step) {
      body = Buffer.from(JSON.stringify(this.#resolve(step["json"])));
      headers["Content-Type"] = "application/json";
    } else if ("text" in step) {
      body = Buffer.from(this.#text(step["text"]));
    } else if ("hex" in step) {
      body = Buffer.from(step["hex"], "hex");
    }
    for (const [name, value] of Object.entries((step["headers"] ?? {}) as Json)) {
      const known = Object.keys(headers).find((other) => other.toLowerCase() === name.toLowerCase());
      headers[known ?? name] = this.#text(String(value));
    }
    if (body) headers["Content-Length"] = String(body.length);
    const { hostname, port } = new URL(this.server);
    const request = http.request({
      hostname, port, agent: this.#agent, method: step["method"] ?? "GET", path: this.#text(step["path"]), headers,
      ...(signal ? { signal } : {}),
    });
    request.end(body);
    return request;
  }

  #exchange(step: Json, signal?: AbortSignal): Promise<Heard> {
    return new Promise((resolve, reject) => {
      this.#request(step, signal).on("error", reject).on("response", (response) => {
        collect(response).then((body) => resolve({ status: response.statusCode!, headers: response.headers, body }), reject);
      });
    });
  }

  async #open(step: Json): Promise<void> {
    const request = this.#request(step);
    const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
      request.on("error", reject).on("response", resolve);
    });
    if (response.statusCode !== 200) {
      this.#compare(step["expect"], { status: response.statusCode!, headers: response.headers, body: await collect(response) });
      return;
    }
    const events = readStream(response);
    this.#streams.set(step["open"], { close: () => request.destroy(), next: async () => (await events.next()).value });
    if (step["expect"]) this.#compare(step["expect"], { status: 200, headers: response.headers, body: Buffer.alloc(0) });
  }

  #compare(expect: Json, got: Heard): void {
    const text = got.body.toString("utf8");
    if ("status" in expect) {
      try {
        this.#match(expect["status"], got.status, true);
      } catch (failure) {
        throw new Error(`status: ${(failure as Error).message}: ${text}`, { cause: failure });
      }
    }
    for (const [name, want] of Object.entries((expect["headers"] ?? {}) as Json)) {
      const value = got.headers[name.toLowerCase()];
      this.#match(want, Array.isArray(value) ? value.join(", ") : value, value !== undefined);
    }
    if (expect["problem"]) {
      const problem = JSON.parse(text);
      assert.match(String(got.headers["content-type"]), /^application\/problem\+json/);
      assert.equal(problem.type, "urn:mayfly:problem:" + expect["problem"]);
      assert.equal(problem.status, got.status);
    }
    if ("json" in expect) this.#match(expect["json"], JSON.parse(text), true);
    if ("ndjson" in expect) {
      this.#match(expect["ndjson"], text.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line)), true);
    }
    if ("cbor" in expect) this.#match(expect["cbor"], plain(decodeCbor(got.body)), true);
    if ("cborSeq" in expect) this.#match(expect["cborSeq"], cborCodec.decode(got.body).map(plain), true);
    if ("text" in expect) assert.equal(text, this.#text(expect["text"]));
    if ("hex" in expect) assert.equal(got.body.toString("hex"), expect["hex"]);
  }

  #value(name: string): Tree {
    const moment = /^now(?:([+-])(\d+)(ms|s|m|h))?$/.exec(name);
    if (moment) {
      const unit = { ms: 1, s: 1000, m: 60000, h: 3600000 }[moment[3] ?? "ms"]!;
      const offset = Number(moment[2] ?? 0) * unit * (moment[1] === "-" ? -1 : 1);
      return new Date(Date.now() + offset).toISOString();
    }
    assert.ok(name in this.#vars, `no variable ${name}`);
    return this.#vars[name];
  }

  #text(text: string): string {
    return text.replace(/\$\{([^}]*)\}/g, (_, name: string) => String(this.#value(name)));
  }

  #resolve(tree: Tree): Tree {
    if (typeof tree === "string") {
      const whole = /^\$\{([^}]*)\}$/.exec(tree);
      return whole ? this.#value(whole[1]!) : this.#text(tree);
    }
    if (Array.isArray(tree)) return tree.map((item) => this.#resolve(item));
    if (tree === null || typeof tree !== "object") return tree;
    return Object.fromEntries(Object.entries(tree).map(([name, member]) => [name, this.#resolve(member)]));
  }

  #match(want: Tree, got: Tree, there: boolean, exactly = false): void {
    const isObject = want !== null && typeof want === "object" && !Array.isArray(want);
    if (isObject && Object.keys(want).some((name) => name.startsWith("$"))) {
      this.#matcher(want, got, there);
      return;
    }
    assert.ok(there, `nothing is there for ${JSON.stringify(want)}`);
    if (Array.isArray(want)) {
      assert.ok(Array.isArray(got) && got.length === want.length, `${JSON.stringify(got)} is not ${JSON.stringify(want)}`);
      want.forEach((item, i) => this.#match(item, got[i], true, exactly));
    } else if (isObject) {
      assert.ok(got !== null && typeof got === "object", `${JSON.stringify(got)} is no object`);
      for (const [name, member] of Object.entries(want)) this.#match(member, got[name], name in got, exactly);
      if (exactly) assert.deepEqual(Object.keys(got).sort(), Object.keys(want).sort());
    } else {
      const resolved = this.#resolve(want);
      assert.ok(resolved === got || (resolved === 0 && got === 0) || String(resolved) === String(got), `${JSON.stringify(got)} is not ${JSON.stringify(resolved)}`);
    }
  }

  #matcher(matcher: Json, got: Tree, there: boolean): void {
    const holds = (want: Tree): boolean => {
      try {
        this.#match(want, got, true);
        return true;
      } catch {
        return false;
      }
    };
    if (matcher["$absent"] === true) {
      assert.ok(!there, `${JSON.stringify(got)} is there`);
      return;
    }
    assert.ok(there, `nothing is there for ${JSON.stringify(matcher)}`);
    const number = typeof got === "string" && got.trim() !== "" ? Number(got) : got;
    const failed = `${JSON.stringify(got)} is not ${JSON.stringify(matcher)}`;
    for (const [name, argument] of Object.entries(matcher)) {
      if (name === "$capture") continue;
      else if (name === "$any") assert.ok(ofKind(argument, got, number), failed);
      else if (name === "$exactly") this.#match(argument, got, true, true);
      else if (name === "$above") assert.ok(number > this.#resolve(argument), failed);
      else if (name === "$between") {
        const [least, most] = this.#resolve(argument) as [number, number];
        assert.ok(number >= least && number <= most, failed);
      } else if (name === "$not") assert.ok(!holds(argument), failed);
      else if (name === "$oneOf") assert.ok((argument as Tree[]).some(holds), failed);
      else if (name === "$contains") {
        for (const wanted of argument as Tree[]) {
          assert.ok((got as Tree[]).some((item) => {
            try {
              this.#match(wanted, item, true);
              return true;
            } catch {
              return false;
            }
          }), failed);
        }
      } else assert.fail(`unknown matcher ${name}`);
    }
    if (matcher["$capture"]) this.#vars[matcher["$capture"]] = got;
  }
}

function ofKind(kind: string, got: Tree, number: Tree): boolean {
  switch (kind) {
    case "anything": return true;
    case "instant": return typeof got === "string" && INSTANT.test(got);
    case "etag": return typeof got === "string" && /^"\d+\.\d+"$/.test(got);
    case "text": return typeof got === "string";
    case "integer": return Number.isInteger(number);
    case "number": return typeof number === "number" && !Number.isNaN(number);
    case "boolean": return typeof got === "boolean";
    case "object": return got !== null && typeof got === "object" && !Array.isArray(got);
    case "array": return Array.isArray(got);
    default: return false;
  }
}

function plain(tree: Tree): Tree {
  if (typeof tree === "bigint") return Number(tree);
  if (tree instanceof Uint8Array) return Buffer.from(tree).toString("base64url");
  if (Array.isArray(tree)) return tree.map(plain);
  if (tree === null || typeof tree !== "object") return tree;
  return Object.fromEntries(Object.entries(tree).map(([name, member]) => [name, plain(member)]));
}

async function collect(response: http.IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

async function* readStream(response: http.IncomingMessage): AsyncGenerator<Json> {
  const events = String(response.headers["content-type"]).startsWith("text/event-stream");
  const parser = new EventParser("");
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of response) {
    const text = decoder.decode(chunk as Buffer, { stream: true });
    if (events) {
      for (const event of parser.push(text)) if (event.data) yield { id: event.id, event: event.event, data: JSON.parse(event.data!) };
      continue;
    }
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    for (const line of lines.filter((line) => line !== "")) {
      const data = JSON.parse(line);
      yield { id: data.id, event: data.event, data };
    }
  }
}

function within<A>(answer: Promise<A>): Promise<A> {
  let timer: NodeJS.Timeout;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("not within 10 s")), 10000);
  });
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}
