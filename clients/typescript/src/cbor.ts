/** How deep values may be nested, as the server allows. */
const NESTING_MOST = 64;
const INDEFINITE = 31;

/** A double that has a whole number as its value: JavaScript alone cannot tell it from an integer. */
export class Double {
  constructor(readonly value: number) {}
}

/**
 * The deterministic encoding of a value (RFC 8949, 4.2.1): equal values have equal bytes in every
 * language. Integers beyond 2^53 are bigint, byte strings are Uint8Array; members that are undefined
 * are left out.
 */
export function encodeCbor(value: unknown): Uint8Array {
  const out = new Writer();
  item(out, value, 0);
  return out.bytes.slice(0, out.size);
}

/** The digest that reconciliation compares: sha-256: and the hash of the encoded value. */
export async function digest(value: unknown): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", encodeCbor(value) as Uint8Array<ArrayBuffer>);
  const hex = Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, "0"));
  return "sha-256:" + hex.join("");
}

class Writer {
  bytes = new Uint8Array(256);
  size = 0;

  put(more: Uint8Array): void {
    if (this.size + more.length > this.bytes.length) {
      const larger = new Uint8Array(2 * (this.size + more.length));
      larger.set(this.bytes);
      this.bytes = larger;
    }
    this.bytes.set(more, this.size);
    this.size += more.length;
  }

  /** A major type and its argument in the shortest form. */
  head(major: number, argument: number | bigint): void {
    const wide = BigInt(argument);
    if (wide < 24n) return this.put(Uint8Array.of((major << 5) | Number(wide)));
    const length = wide < 1n << 8n ? 1 : wide < 1n << 16n ? 2 : wide < 1n << 32n ? 4 : 8;
    const head = new Uint8Array(1 + length);
    head[0] = (major << 5) | (24 + Math.log2(length));
    for (let at = length, rest = wide; at > 0; at--, rest >>= 8n) head[at] = Number(rest & 0xffn);
    this.put(head);
  }
}

function item(out: Writer, value: unknown, depth: number): void {
  if (depth > NESTING_MOST) throw new TypeError("a value is nested too deeply");
  if (value === null || value === undefined) return out.put(Uint8Array.of(0xf6));
  if (typeof value === "boolean") return out.put(Uint8Array.of(value ? 0xf5 : 0xf4));
  if (typeof value === "bigint" || (typeof value === "number" && Number.isSafeInteger(value))) {
    return integer(out, BigInt(value));
  }
  if (typeof value === "number") return double(out, value);
  if (value instanceof Double) return double(out, value.value);
  if (typeof value === "string" || value instanceof Uint8Array) {
    const bytes = typeof value === "string" ? new TextEncoder().encode(value) : value;
    out.head(typeof value === "string" ? 3 : 2, bytes.length);
    return out.put(bytes);
  }
  if (Array.isArray(value)) {
    out.head(4, value.length);
    for (const element of value) item(out, element, depth + 1);
    return;
  }
  if (typeof value !== "object") throw new TypeError(`JSON cannot say a ${typeof value}`);
  if ("toJSON" in value && typeof value.toJSON === "function") return item(out, value.toJSON(), depth);
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .map(([name, member]) => ({ name: encodeCbor(name), member }))
    .sort((one, other) => compare(one.name, other.name));
  out.head(5, members.length);
  for (const { name, member } of members) {
    out.put(name);
    item(out, member, depth + 1);
  }
}

function compare(one: Uint8Array, other: Uint8Array): number {
  for (let i = 0; i < one.length && i < other.length; i++) {
    if (one[i] !== other[i]) return one[i]! - other[i]!;
  }
  return one.length - other.length;
}

function integer(out: Writer, value: bigint): void {
  if (value < -(1n << 63n) || value >= 1n << 64n) throw new RangeError("an integer beyond 64 bits");
  if (value < 0n) out.head(1, ~value);
  else out.head(0, value);
}

/** The shortest of half, single and double precision that keeps the number. */
function double(out: Writer, value: number): void {
  if (!Number.isFinite(value)) throw new RangeError("a number that is not finite");
  const view = new DataView(new ArrayBuffer(9));
  if (Math.fround(value) !== value) {
    view.setUint8(0, 0xfb);
    view.setFloat64(1, value);
    return out.put(new Uint8Array(view.buffer));
  }
  view.setFloat32(1, value);
  const half = toHalf(view.getUint32(1));
  if (Object.is(fromHalf(half), value)) return out.put(Uint8Array.of(0xf9, half >> 8, half & 0xff));
  view.setUint8(0, 0xfa);
  out.put(new Uint8Array(view.buffer, 0, 5));
}

/** Cuts a single down to a half; that is exact only where the half can say it. */
function toHalf(bits: number): number {
  const sign = (bits >>> 16) & 0x8000;
  const exponent = ((bits >>> 23) & 0xff) - 127;
  const mantissa = bits & 0x7fffff;
  if (exponent >= -14 && exponent <= 15) return sign | ((exponent + 15) << 10) | (mantissa >> 13);
  if (exponent >= -24 && exponent < -14) return sign | ((mantissa | 0x800000) >> (-1 - exponent));
  return sign;
}

function fromHalf(half: number): number {
  const exponent = (half >> 10) & 0x1f;
  const mantissa = half & 0x3ff;
  const size = exponent === 0 ? mantissa * 2 ** -24 : (mantissa + 1024) * 2 ** (exponent - 25);
  if (exponent === 31) throw new RangeError("a number that is not finite");
  return half & 0x8000 ? -size : size;
}

/**
 * Reads one item. Integers beyond 2^53 become bigint, byte strings Uint8Array. With `exact`, doubles
 * that are whole become Double, so that the value can be encoded again as it was.
 */
export function decodeCbor(bytes: Uint8Array, exact = false): unknown {
  const items = decodeCborSequence(bytes, exact);
  if (items.length !== 1) throw new SyntaxError("not exactly one CBOR item");
  return items[0];
}

/** Reads the items of a CBOR sequence (RFC 8742). */
export function decodeCborSequence(bytes: Uint8Array, exact = false): unknown[] {
  const reader = new Reader(bytes, exact);
  const items: unknown[] = [];
  while (reader.at < bytes.length) items.push(reader.item(0));
  return items;
}

/** The argument of a head; undefined where the item's length is not known. */
type Length = bigint | undefined;

class Reader {
  at = 0;
  constructor(readonly bytes: Uint8Array, readonly exact: boolean) {}

  take(count: number | bigint): Uint8Array {
    if (count > this.bytes.length - this.at) throw new SyntaxError("the CBOR item ends too early");
    this.at += Number(count);
    return this.bytes.subarray(this.at - Number(count), this.at);
  }

  head(): [major: number, info: number, argument: Length] {
    const first = this.take(1)[0]!;
    const [major, info] = [first >> 5, first & 0x1f];
    if (info < 24) return [major, info, BigInt(info)];
    if (info === INDEFINITE && major >= 2 && major <= 5) return [major, info, undefined];
    if (info > 27) throw new SyntaxError("a reserved CBOR head");
    let argument = 0n;
    for (const byte of this.take(1 << (info - 24))) argument = (argument << 8n) | BigInt(byte);
    return [major, info, argument];
  }

  item(depth: number): unknown {
    if (depth > NESTING_MOST) throw new SyntaxError("a CBOR item is nested too deeply");
    const [major, info, argument] = this.head();
    switch (major) {
      case 0:
        return narrow(argument!);
      case 1:
        if (argument! >= 1n << 63n) throw new SyntaxError("a CBOR integer below -2^63");
        return narrow(~argument!);
      case 2:
        return this.chunks(2, argument);
      case 3:
        return this.text(argument);
      case 4:
        return [...this.elements(argument, () => this.item(depth + 1))];
      case 5:
        return Object.fromEntries(this.elements(argument, () => {
          const [key, , length] = this.head();
          if (key !== 3) throw new SyntaxError("a CBOR map key that is not text");
          return [this.text(length), this.item(depth + 1)] as const;
        }));
      case 6:
        return this.tagged(argument!, depth + 1);
      default:
        return this.simple(info, argument!);
    }
  }

  *elements<E>(length: Length, read: () => E): Generator<E> {
    for (let left = length; left === undefined || left > 0n; left = left === undefined ? left : left - 1n) {
      if (left === undefined && this.take(1)[0] === 0xff) return;
      if (left === undefined) this.at--;
      yield read();
    }
  }

  text(length: Length): string {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(this.chunks(3, length));
  }

  chunks(major: number, length: Length): Uint8Array {
    if (length !== undefined) return this.take(length).slice();
    const joined = new Writer();
    for (const chunk of this.elements(undefined, () => {
      const [next, , size] = this.head();
      if (next !== major || size === undefined) throw new SyntaxError("a CBOR chunk of another type");
      return this.take(size);
    })) joined.put(chunk);
    return joined.bytes.slice(0, joined.size);
  }

  /** What stands behind a tag: self-described CBOR, or a bignum within 64 bits. */
  tagged(tag: bigint, depth: number): unknown {
    const tagged = this.item(depth);
    if (tag === 55799n) return tagged;
    if ((tag === 2n || tag === 3n) && tagged instanceof Uint8Array) {
      let number = 0n;
      for (const byte of tagged) number = (number << 8n) | BigInt(byte);
      if (number < 1n << (tag === 2n ? 64n : 63n)) return narrow(tag === 2n ? number : ~number);
    }
    throw new SyntaxError(`a CBOR tag ${tag} that JSON cannot say`);
  }

  simple(info: number, argument: bigint): unknown {
    if (info === 20 || info === 21) return info === 21;
    if (info === 22) return null;
    if (info < 25 || info > 27) throw new SyntaxError("a simple CBOR value that JSON cannot say");
    const view = new DataView(new ArrayBuffer(8));
    view.setBigUint64(0, argument);
    const number =
      info === 25 ? fromHalf(Number(argument)) : info === 26 ? view.getFloat32(4) : view.getFloat64(0);
    if (!Number.isFinite(number)) throw new RangeError("a number that is not finite");
    return this.exact && Number.isInteger(number) ? new Double(number) : number;
  }
}

function narrow(integer: bigint): number | bigint {
  const number = Number(integer);
  return Number.isSafeInteger(number) ? number : integer;
}
