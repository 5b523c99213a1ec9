import assert from "node:assert/strict";
import { test } from "node:test";
import { Mayfly, isAbsent, isProblem } from "../dist/index.js";
import { accepted, freshName, needsServer, refusal, scripted, url } from "./harness.js";

interface Cart {
  items: Record<string, number>;
}

for (const cbor of [false, true]) {
  test(`every call, as ${cbor ? "CBOR" : "JSON"}`, needsServer, async () => {
    const client = new Mayfly(url, { cbor, producer: "ts-test" });
    const carts = client.state<Cart>(freshName());

    const created = await carts.put("ada/1", { items: { apple: 1 } }, { ttl: 3600000, ifAbsent: true });
    assert.equal(created.outcome, "created");
    assert.equal(created.revision, 1);
    await assert.rejects(carts.put("ada/1", { items: {} }, { ifMatch: '"1.1"' }), (failure) =>
      isProblem(failure, "precondition-failed"));
    await carts.mergePatch("ada/1", { items: { pear: 2 } });
    const entry = await carts.get("ada/1");
    assert.deepEqual(entry.value, { items: { apple: 1, pear: 2 } });
    assert.equal((await carts.rollback("ada/1", 1)).outcome, "rolled-back");
    assert.deepEqual(await carts.getRevision("ada/1", 2), { items: { apple: 1, pear: 2 } });
    assert.equal((await carts.touch("ada/1", { ttl: "2h" })).outcome, "renewed");
    const rows = [];
    for await (const row of carts.list("ada")) rows.push(row);
    assert.deepEqual(rows.map((row) => [row.key, row.revision]), [["ada/1", 4]]);
    await carts.delete("ada/1");
    await assert.rejects(carts.get("ada/1"), (failure) =>
      isAbsent(failure) && failure.type === "key-ended" && failure.reason === "deleted");
    const story = await carts.history("ada/1");
    assert.deepEqual(story.map((event) => event.event), ["created", "updated", "updated", "renewed", "ended"]);
    assert.equal(story[0]!.producer, "ts-test");

    const numbers = client.state<number | bigint>(carts.name);
    await numbers.put("big", 2n ** 63n);
    assert.equal((await numbers.increment("big", 1)).value, 2n ** 63n + 1n);
  });
}

test("a value of bytes and numbers, as CBOR, comes back as it was", needsServer, async () => {
  const values = new Mayfly(url, { cbor: true }).state<unknown>(freshName());
  const value = { big: 2n ** 64n - 1n, small: -(2n ** 63n), half: 1.5, bytes: Uint8Array.of(1, 2), proto: JSON.parse('{"__proto__":1}') };

  await values.put("k", value);

  assert.deepEqual((await values.get("k")).value, value);
});

test("updates, contended, lose nothing", needsServer, async () => {
  const carts = new Mayfly(url).state<Cart>(freshName());

  await Promise.all(Array.from({ length: 8 }, () =>
    carts.update("k", (entry) => ({ items: { apple: (entry?.value.items["apple"] ?? 0) + 1 } }))));

  assert.equal((await carts.get("k")).value.items["apple"], 8);
});

test("a refused call waits as asked, and retries with the same key and trace", async () => {
  const draining = { type: "urn:mayfly:problem:draining", retryable: true, retryAfterMs: 300 };
  const server = await scripted(refusal(503, draining), refusal(502, "bad gateway"), accepted);
  const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  const logged: object[] = [];
  const client = new Mayfly(server.url, { log: (message, fields) => logged.push({ message, ...fields, waitMs: 0 }) });
  const begun = performance.now();

  await client.state<number>("n").put("k", 1, { traceparent });

  assert.ok(performance.now() - begun >= 299);
  assert.equal(new Set(server.seen.map((headers) => headers["idempotency-key"])).size, 1);
  assert.deepEqual(server.seen.map((headers) => headers["traceparent"]), [traceparent, traceparent, traceparent]);
  assert.deepEqual(logged[0], {
    message: "retry", namespace: "n", key: "k", reason: "draining", attempt: 1, waitMs: 0,
    traceId: "0af7651916cd43dd8448eb211c80319c",
  });
  server.close();
});

test("a call refused for good is not repeated", async () => {
  const server = await scripted(refusal(422, { type: "urn:mayfly:problem:contract-violation", errors: [{ rule: "lifetime.max" }] }));

  await assert.rejects(new Mayfly(server.url).state("n").put("k", 1), (failure) =>
    isProblem(failure, "contract-violation") && failure.errors![0]!.rule === "lifetime.max");

  assert.equal(server.seen.length, 1);
  server.close();
});

test("retries end at the deadline, with what was refused last", async () => {
  const server = await scripted(refusal(503, "", { "Retry-After": "1" }));
  const begun = performance.now();

  await assert.rejects(new Mayfly(server.url).state("n").get("k", { timeoutMs: 500 }), (failure) =>
    isProblem(failure, "foreign-answer") && failure.status === 503);

  assert.ok(performance.now() - begun < 1000);
  server.close();
});

test("a namespace without room is held back, and no other one", async () => {
  const server = await scripted(
    (incoming, out) => {
      out.setHeader("RateLimit", '"namespace";r=2;t=1');
      accepted(incoming, out);
    },
    accepted,
  );
  const client = new Mayfly(server.url);
  const timed = async (namespace: string): Promise<number> => {
    const begun = performance.now();
    await client.state<number>(namespace).put("k", 1);
    return performance.now() - begun;
  };

  await timed("n");
  const [inRoom, beyond, other] = [await timed("n"), await timed("n"), await timed("m")];

  assert.ok(inRoom < 300 && beyond > 600 && other < 300, `${inRoom} ${beyond} ${other}`);
  server.close();
});

test("pressure holds back, and is followed", needsServer, async () => {
  const client = new Mayfly(url);
  client.throttle.pressure = 0.85;
  const holds = Array.from({ length: 100 }, () => client.throttle.holdMs("n", "k"));
  assert.ok(Math.max(...holds) > 100 && Math.max(...holds) <= 501);

  assert.ok((await client.pressure()).queues["node"]!.limit > 0);
  client.throttle.pressure = 0.5;
  await client.followPressure(AbortSignal.timeout(2500));
  assert.notEqual(client.throttle.pressure, 0.5);
});
