import assert from "node:assert/strict";
import { test } from "node:test";
import { Mayfly } from "../dist/index.js";
import { Mortal, Weather, needsLauncher, pause } from "./harness.js";

// Increments with automatic keys, through refusals, cut connections and kill -9, have one effect each.
// MAYFLY_CHAOS sets their number.
test("chaos, increments with automatic keys, have one effect each", needsLauncher, async () => {
  const total = Number(process.env["MAYFLY_CHAOS"] ?? 2000);
  const [workers, keys] = [32, 32];
  const server = await Mortal.launch();
  const weather = new Weather(server.url);
  try {
    const contract = { lifetime: { default: "1h" }, idempotency: { window: "10m", keys: 1024 } };
    const body = new TextEncoder().encode(JSON.stringify(contract));
    const defined = await fetch(`${server.url}/v1/contracts/chaos`, { method: "PUT", body });
    assert.equal(defined.status, 201);
    const client = new Mayfly(await weather.listen(), { retryForMs: 180000, tryForMs: 2000, backoff: { mostMs: 1000 } });
    const counters = client.state<number>("chaos");
    const seen = Array.from({ length: keys }, () => new Set<number | bigint>());
    let [begun, replayed, kills] = [0, 0, 0];

    const work = async (): Promise<void> => {
      while (begun < total) {
        const key = begun++ % keys;
        const receipt = await counters.increment(`k${key}`);
        if (receipt.replayed) replayed++;
        assert.ok(!seen[key]!.has(receipt.value), `the sum ${receipt.value} of k${key} was told twice`);
        seen[key]!.add(receipt.value);
      }
    };
    const working = Promise.all(Array.from({ length: workers }, work));
    let over = false;
    working.then(() => (over = true), () => (over = true));
    const step = Math.min(Math.floor(total / 3), 15000);
    for (let next = step; ; next += step) {
      while (begun < next && !over) await pause(10);
      if (over || begun >= total) break;
      weather.storm = kills % 2 === 0;
      await server.kill();
      await server.start();
      kills++;
    }
    await working;

    let effects = 0;
    const direct = new Mayfly(server.url).state<number>("chaos");
    for (let key = 0; key < keys; key++) effects += (await direct.get(`k${key}`)).value;
    console.log(`${total} increments, ${effects} effects, ${kills} kills, ${weather.refused} refusals, ${weather.cut} cuts, ${replayed} answered by replay`);
    assert.equal(effects, total);
    assert.ok(kills > 0 && replayed > 0);
  } finally {
    weather.close();
    await server.close();
  }
});
