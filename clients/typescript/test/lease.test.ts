import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { Mayfly, type MayflyError, isProblem } from "../dist/index.js";
import { Mortal, freshName, needsLauncher, needsServer, pause, url } from "./harness.js";

test("a lease, renewed, outlives its ttl", needsServer, async () => {
  const [client, name] = [new Mayfly(url), freshName()];
  const lease = await client.acquire(name, "lock", { holder: "a", ttlMs: 600 });

  await pause(1500);

  await assert.rejects(client.acquire(name, "lock", { holder: "b", ttlMs: 1000 }), (failure) =>
    isProblem(failure, "lease-held") && failure.holders![0]!.holder === "a");
  assert.ok(lease.held);
  await lease.release();
  const next = await client.acquire(name, "lock", { holder: "b", ttlMs: 1000 });
  assert.ok(next.token > lease.token);
  assert.ok(lease.signal.aborted);
  assert.throws(() => lease.check(), (failure) => isProblem(failure, "lease-lost"));
  await next.release();
});

test("a lease, waited for, counts from its grant", needsServer, async () => {
  const [client, name] = [new Mayfly(url), freshName()];
  const first = await client.acquire(name, "lock", { holder: "a", ttlMs: 1000 });
  setTimeout(() => void first.release(), 1500);

  const second = await client.acquire(name, "lock", { holder: "b", ttlMs: 1000, waitMs: 5000 });

  assert.ok(second.held);
  await second.release();
});

test("a lease whose server is gone is at risk, then lost", needsLauncher, async () => {
  const server = await Mortal.launch();
  try {
    let risks = 0;
    const lost = new Promise<MayflyError>((resolve) => {
      void new Mayfly(server.url).acquire("ts", "lock", {
        holder: "a", ttlMs: 1500, onRisk: () => risks++, onLost: (_, failure) => resolve(failure),
      }).then(() => server.kill());
    });
    assert.equal((await lost).type, "lease-lost");
    assert.ok(risks > 0);
  } finally {
    await server.close();
  }
});

test("a paused holder learns of the loss before its write is refused", needsServer, async () => {
  const [client, name] = [new Mayfly(url), freshName()];
  const holder = spawn(process.execPath, [fileURLToPath(new URL("holder.js", import.meta.url)), url, name], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const lines = createInterface(holder.stdout)[Symbol.asyncIterator]();
    const told = async (): Promise<string> => (await lines.next()).value as string;
    assert.equal(await told(), "held");

    holder.kill("SIGSTOP");
    const next = await client.acquire(name, "lock", { holder: "next", ttlMs: 30000, waitMs: 10000 });
    await client.state<string>(name).put("guarded", "next", { lease: next });
    holder.kill("SIGCONT");

    const story: string[] = [];
    for (let line = await told(); line !== "over" && line !== undefined; line = await told()) story.push(line);
    assert.deepEqual(story, ["lost", "write not sent"]);
    await next.release();
  } finally {
    holder.kill("SIGKILL");
  }
});
