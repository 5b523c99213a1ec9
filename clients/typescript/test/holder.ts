// The process that a test pauses: it holds a lease and writes under it until it may not.
import { Mayfly, isProblem } from "../dist/index.js";

const [base, name] = process.argv.slice(2) as [string, string];
const client = new Mayfly(base);
const say = (line: string): void => void process.stdout.write(line + "\n");
const lease = await client.acquire(name, "lock", { holder: "paused", ttlMs: 1000, onLost: () => say("lost") });
const guarded = client.state<string>(name);
try {
  for (let told = false; ; told = true) {
    await guarded.put("guarded", "paused", { lease });
    if (!told) say("held");
  }
} catch (failure) {
  say(isProblem(failure, "stale-fence") ? "refused" : isProblem(failure, "lease-lost") ? "write not sent" : String(failure));
}
say("over");
process.exit(0);
