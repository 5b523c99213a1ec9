/**
 * How retries are spread: exponentially, with full jitter, so that clients that failed together do
 * not come back together (Brooker, "Exponential Backoff And Jitter", 2015).
 */
export interface Backoff {
  /** Bounds the wait before the first retry. Default 50. */
  firstMs?: number;
  /** Bounds every wait. Default 5000. */
  mostMs?: number;
  /** Gives numbers from 0 to below 1. Default Math.random. */
  random?: () => number;
}

/** The time before the next try after a number of failures, from 0; never shorter than was asked. */
export function backoffMs(backoff: Backoff, failures: number, askedMs = 0): number {
  const bound = Math.min(backoff.mostMs ?? 5000, (backoff.firstMs ?? 50) * 2 ** failures);
  return askedMs + (backoff.random ?? Math.random)() * bound;
}

/** Waits, unless the signal aborts first: then it throws the signal's reason. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, ms);
    signal?.addEventListener("abort", stop, { once: true });
  });
}
