import { Double, decodeCborSequence, encodeCbor } from "./cbor.js";

/** How values are spelt on the wire. A stream is its documents one after the other. */
export interface Codec {
  mediaType: string;
  streamType: string;
  encode(value: unknown): Uint8Array;
  /** Reads documents. With `exact`, whole doubles are Double. */
  decode(stream: Uint8Array, exact?: boolean): unknown[];
}

export const cborCodec: Codec = {
  mediaType: "application/cbor",
  streamType: "application/cbor-seq",
  encode: encodeCbor,
  decode: decodeCborSequence,
};

export const jsonCodec: Codec = {
  mediaType: "application/json",
  streamType: "application/x-ndjson",
  encode: (value) => new TextEncoder().encode(jsonText(value) + "\n"),
  decode: (stream, exact = false) =>
    new TextDecoder().decode(stream).split("\n").filter((line) => line.trim() !== "")
      .map((line) => parseJson(line, exact)),
};

/** JSON with bigint as plain integers. */
function jsonText(value: unknown): string {
  let found = false;
  const text = JSON.stringify(value ?? null, (_, member) => {
    if (typeof member !== "bigint") return member;
    found = true;
    return `\u0000${member}\u0000`;
  });
  return found ? text.replace(/"\\u0000(-?\d+)\\u0000"/g, "$1") : text;
}

/** Reads JSON. Integers beyond 2^53 become bigint; with `exact`, whole doubles become Double. */
export function parseJson(text: string, exact = false): unknown {
  const plain = JSON.parse(text);
  return exact || /\d{16}/.test(text) ? new NumberReader(text, exact).value() : plain;
}

/** Reads JSON that JSON.parse has accepted, for its numbers. */
class NumberReader {
  #at = 0;
  constructor(readonly text: string, readonly exact: boolean) {}

  #next(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.text)![0];
    this.#at += found.length;
    return found;
  }

  value(): unknown {
    const token = this.#next(/\s*(?:[[{]|"(?:[^"\\]|\\.)*"|[\w+.-]+)/y).trim();
    if (token === "[") return [...this.#elements("]", () => this.value())];
    if (token === "{") {
      return Object.fromEntries(this.#elements("}", () => {
        const name = JSON.parse(this.#next(/\s*"(?:[^"\\]|\\.)*"/y)) as string;
        this.#next(/\s*:/y);
        return [name, this.value()] as const;
      }));
    }
    const value = JSON.parse(token);
    if (typeof value !== "number") return value;
    if (/[.eE]/.test(token)) return this.exact && Number.isInteger(value) ? new Double(value) : value;
    return Number.isSafeInteger(value) ? value + 0 : BigInt(token);
  }

  *#elements<E>(end: string, read: () => E): Generator<E> {
    for (let mark = this.#next(/\s*[\]}]?/y).trim(); mark !== end; mark = this.#next(/\s*[,\]}]/y).trim()) {
      yield read();
    }
  }
}

/** A value as its users see it: without Double. */
export function withoutDoubles(value: unknown): unknown {
  if (value instanceof Double) return value.value;
  if (Array.isArray(value)) return value.map(withoutDoubles);
  if (value === null || typeof value !== "object" || value instanceof Uint8Array) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withoutDoubles(member)]));
}
