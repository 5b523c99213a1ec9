import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { clientRoot, needsServer, url } from "./harness.js";

test("the README's first program prints what it says", needsServer, () => {
  const program = /```js\n([\s\S]*?)```/.exec(readFileSync(join(clientRoot, "README.md"), "utf8"))![1]!;
  assert.ok(program.split("\n").length <= 10);
  const file = join(clientRoot, "dist-test", "first.js");
  writeFileSync(file, program.replace("http://127.0.0.1:8080", url));
  try {
    assert.equal(execFileSync(process.execPath, [file], { encoding: "utf8" }), "{ apples: 3 }\n");
  } finally {
    rmSync(file);
  }
});
