import { MayflyError } from "./problem.js";

/** Guards a resource that is written under a lease: put one in front of it. */
export class FenceVerifier {
  #highest: number;

  /** Begins with the highest token that the resource remembers. */
  constructor(highest = 0) {
    this.#highest = highest;
  }

  /** Refuses a token older than the highest one seen: its holder has lost the lease. */
  admit(token: number): void {
    if (token < this.#highest) {
      const detail = `Token ${token} is older than ${this.#highest}.`;
      throw new MayflyError({ type: "stale-fence", status: 412, detail });
    }
    this.#highest = token;
  }
}
