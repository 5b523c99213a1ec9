import assert from "node:assert/strict";
import { test } from "node:test";
import { backoffMs } from "../dist/backoff.js";
import { decodeCbor, encodeCbor } from "../dist/cbor.js";
import { jsonCodec, parseJson } from "../dist/codec.js";
import { EventParser, type ServerEvent } from "../dist/sse.js";
import { Throttle } from "../dist/throttle.js";

test("500 clients that failed at once come back spread: in no second twice the average", () => {
  const [clients, outageMs, bins] = [500, 20000, 5];
  let state = 1;
  const random = (): number => (state = (state * 48271) % 2147483647) / 2147483647;
  const counts = new Array<number>(bins).fill(0);
  for (let client = 0; client < clients; client++) {
    let at = 0;
    for (let failures = 0; at < outageMs; failures++) at += backoffMs({ random }, failures);
    counts[Math.floor((at - outageMs) / 1000)]!++;
  }
  console.log(`back by second: ${counts}, on average ${clients / bins}`);
  assert.ok(Math.max(...counts) <= (2 * clients) / bins);
});

test("a wait is never shorter than asked", () => {
  for (let failures = 0; failures < 40; failures++) {
    const wait = backoffMs({ firstMs: 1000, mostMs: 4000 }, failures, 2000);
    assert.ok(wait >= 2000 && wait <= 6000);
  }
});

test("events that are cut anywhere come whole or not at all", () => {
  const stream = ':\n\nid: 1\nevent: created\ndata: {"a":\ndata: 1}\n\nid: 2\n\nevent: x\r\ndata:y\r\n\r\nid: 3\ndata: z\n';
  const want = [{ id: "1", event: "created", data: '{"a":\n1}' }, { id: "2", event: "x", data: "y" }];
  for (let end = 0; end <= stream.length; end++) {
    const parser = new EventParser("0");
    const events: ServerEvent[] = [...parser.push(stream.slice(0, end)), ...parser.push("")].filter((event) => event.data);
    assert.deepEqual(events, want.slice(0, events.length));
    if (end === stream.length) assert.deepEqual([events.length, parser.lastId], [2, "2"]);
  }
});

test("integers stay exact in JSON", () => {
  const text = '{"a":[18446744073709551615,-9223372036854775808,1,{},[],"12345678901234567890"],"b":{"c":null}}';

  assert.equal(new TextDecoder().decode(jsonCodec.encode(parseJson(text))).trim(), text);
});

test("malformed CBOR is refused and never hangs", () => {
  for (const hex of ["", "18", "5f4101", "9f", "a10102", "c101", "f7", "f97c00", "ff", "0101", "1c", "3bffffffffffffffff", "61ff", "9b7fffffffffffffff", "81".repeat(100) + "01"]) {
    assert.throws(() => decodeCbor(Buffer.from(hex, "hex")), Error, hex);
  }
  assert.throws(() => encodeCbor(NaN));
  assert.throws(() => encodeCbor(2n ** 64n));
});

test("a throttle forgets scopes whose time is over, and knows no more than it can", () => {
  const throttle = new Throttle();
  for (let i = 0; i < 3000; i++) throttle.learn('"key";r=0;t=0', "n", `passed ${i}`);
  for (let i = 0; i < 3000; i++) throttle.learn('"key";r=0;t=60', "n", `${i}`);

  const held = Array.from({ length: 3000 }, (_, i) => throttle.holdMs("n", `${i}`)).filter((ms) => ms > 0);
  assert.equal(held.length, 1024);
  throttle.learn('"key";r=9;t=60', "n", "0");
  assert.equal(throttle.holdMs("n", "0"), 0);
});
