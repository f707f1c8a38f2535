import { getHeapStatistics } from "node:v8";
import type { MemoryUse } from "./record.ts";

const MAX_AGE_MS = 100;

/**
 * Reads the memory of this process, at most every 100 ms: it costs about 15 us, more than half of everything an execution costs,
 * and at more than ten runs a second nobody can tell their numbers apart.
 */
export function memoryReader(limitMb: number | undefined): () => MemoryUse {
  const limit = limitMb === undefined ? null : limitMb * 1024 * 1024;
  let use: MemoryUse | undefined;
  let readAt = Number.NEGATIVE_INFINITY;
  return () => {
    const now = performance.now();
    if (use && now - readAt <= MAX_AGE_MS) return use;
    readAt = now;
    use = { rss: process.memoryUsage.rss(), heapUsed: getHeapStatistics().used_heap_size, limit };
    return use;
  };
}
