import { isProblem } from "./problem.js";

/** What a message is about, by the names that the server's logs use too. */
export interface Fields {
  namespace?: string;
  key?: string;
  incarnation?: number;
  revision?: number;
  event?: string;
  reason?: string;
  producer?: string;
  caller?: string;
  traceId?: string;
  /** What else a message says. */
  attempt?: number;
  waitMs?: number;
  verdicts?: Readonly<Record<string, number>>;
}

/** Is told of retries, lost leases, cut watches and rounds. */
export type Log = (message: string, fields: Fields) => void;

/** The fields that a failure gives. */
export function failureFields(thrown: unknown): Fields {
  if (!isProblem(thrown)) return { reason: thrown instanceof Error ? thrown.message : String(thrown) };
  return { reason: thrown.type, ...(thrown.traceId ? { traceId: thrown.traceId } : {}) };
}
