import assert from "node:assert/strict";
import { test } from "node:test";
import { Mayfly, type Namespace, isProblem } from "../dist/index.js";
import { Mortal, freshName, needsLauncher, needsServer, pause, until, url } from "./harness.js";

test("a watch over a kill misses and doubles nothing", needsLauncher, async () => {
  const server = await Mortal.launch();
  try {
    const numbers = new Mayfly(server.url, { backoff: { mostMs: 500 } }).state<number>("watched");
    const watch = await numbers.watch({ prefix: "k", events: ["created", "updated"] });
    const changes = 200;
    const changing = (async () => {
      for (let i = 1; i <= changes; i++) {
        // Also before the first event.
        if (i % (changes / 2) === 1) {
          await server.kill();
          await server.start();
        }
        await numbers.put(`k${i % 7}`, i);
      }
    })();

    let expected = 1;
    for await (const event of watch) {
      assert.equal(event.value, expected++);
      if (expected > changes) break;
    }
    await changing;
  } finally {
    await server.close();
  }
});

test("a watch from an unknown position is told so", needsServer, async () => {
  await assert.rejects(new Mayfly(url).state(freshName()).watch({ from: "00000000-0000000000000001" }), (failure) =>
    isProblem(failure, "position-compacted"));
});

for (const cbor of [false, true]) {
  test(`a round corrects every difference, as ${cbor ? "CBOR" : "JSON"}`, needsServer, async () => {
    const values = new Mayfly(url, { cbor }).state<unknown>(freshName());
    const changes: string[] = [];
    const mirror = values.mirror((key, entry) => changes.push(key + (entry ? "+" : "-")));
    for (let i = 0; i < 4; i++) await values.put(`k${i}`, { n: i, f: 1.5 });
    await values.put("whole", 1);
    await listed(values, 5);
    const first = await mirror.reconcile();
    assert.equal(first.stale, 5);
    assert.equal([...mirror].length, 5);

    await values.put("k1", "changed");
    await values.delete("k2");
    await values.put("new", true);
    await listed(values, 5, "new");
    changes.length = 0;
    const second = await mirror.reconcile();

    assert.deepEqual(second, { match: 3, stale: 2, ahead: 0, diverged: 0, ended: 1, unknown: 0 });
    assert.deepEqual(changes.sort(), ["k1+", "k2-", "new+"]);
    assert.equal(mirror.get("k1")!.value, "changed");
    assert.equal((await mirror.reconcile()).match, 5);
  });
}

/** Waits until so many entries are listed, and this key among them. */
async function listed(values: Namespace<unknown>, count: number, key?: string): Promise<void> {
  for (;;) {
    const keys: string[] = [];
    for await (const row of values.list()) keys.push(row.key);
    if (keys.length === count && (key === undefined || keys.includes(key))) return;
    await pause(20);
  }
}

test("a whole double that another client wrote matches its digest", needsServer, async () => {
  const name = freshName();
  await fetch(`${url}/v1/state/${name}/k`, { method: "PUT", body: new TextEncoder().encode("[1.0, 1e3]") });
  await listed(new Mayfly(url).state(name), 1);
  const mirror = new Mayfly(url).state<unknown>(name).mirror();

  await mirror.reconcile();

  assert.deepEqual(mirror.get("k")!.value, [1, 1000]);
  assert.equal((await mirror.reconcile()).match, 1);
});

test("a running mirror follows, and lets entries end", needsServer, async () => {
  const values = new Mayfly(url).state<number>(freshName());
  const mirror = values.mirror();
  const stop = new AbortController();
  const running = mirror.run(stop.signal, 200);

  await values.put("k", 1, { ttl: 700 });
  await until(() => mirror.get("k")?.value === 1);
  await values.put("k", 2);
  await until(() => mirror.get("k")?.value === 2);
  await until(() => mirror.get("k") === undefined);

  stop.abort();
  await running;
});
