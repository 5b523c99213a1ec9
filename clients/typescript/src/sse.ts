/** One server-sent event; without data it only moves the id. */
export interface ServerEvent {
  id: string;
  event: string;
  data?: string;
}

/**
 * Reads server-sent events (WHATWG HTML, 9.2). What is cut off midway is no event.
 *
 * @param heard is called whenever bytes arrive
 */
export async function* readEvents(
  stream: ReadableStream<Uint8Array>, lastId: string, heard: () => void = () => undefined,
): AsyncGenerator<ServerEvent> {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  const parser = new EventParser(lastId);
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      heard();
      yield* parser.push(decoder.decode(value, { stream: true }));
    }
  } finally {
    reader.cancel().catch(() => undefined);
  }
}

/** Cuts text that arrives in pieces into events. */
export class EventParser {
  #rest = "";
  #id: string;
  #event = "message";
  #data: string[] = [];
  /** The id of the last event that was whole. */
  lastId: string;

  constructor(lastId: string) {
    this.#id = this.lastId = lastId;
  }

  *push(text: string): Generator<ServerEvent> {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop()!;
    for (const ended of lines) {
      const line = ended.endsWith("\r") ? ended.slice(0, -1) : ended;
      if (line === "") yield* this.#dispatch();
      else this.#field(line);
    }
  }

  #field(line: string): void {
    const colon = line.indexOf(":");
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (name === "id") this.#id = value;
    else if (name === "event") this.#event = value;
    else if (name === "data") this.#data.push(value);
  }

  *#dispatch(): Generator<ServerEvent> {
    const moved = this.lastId !== this.#id;
    this.lastId = this.#id;
    const [event, data] = [this.#event, this.#data];
    this.#event = "message";
    this.#data = [];
    if (data.length > 0) yield { id: this.#id, event, data: data.join("\n") };
    else if (moved) yield { id: this.#id, event };
  }
}
