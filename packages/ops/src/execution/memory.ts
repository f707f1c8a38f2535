import { getHeapStatistics } from "node:v8";
import type { MemoryUse } from "./record.ts";

const RSS_MAX_AGE_MS = 100;

/**
 * Reads the memory of this process. The resident size is read from the system at most every 100 ms: that costs about 12 us,
 * half of everything an execution costs, and at more than ten runs a second nobody can tell their numbers apart.
 */
export function memoryReader(limitMb: number | undefined): () => MemoryUse {
  const limit = limitMb === undefined ? null : limitMb * 1024 * 1024;
  let rss = 0;
  let readAt = Number.NEGATIVE_INFINITY;
  return () => {
    const now = performance.now();
    if (now - readAt > RSS_MAX_AGE_MS) {
      rss = process.memoryUsage.rss();
      readAt = now;
    }
    return { rss, heapUsed: getHeapStatistics().used_heap_size, limit };
  };
}
