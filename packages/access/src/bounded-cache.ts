import { LRUCache } from "lru-cache";

/** What a process remembers, up to so many bytes. */
export interface BoundedCache<V extends object> {
  get(key: string): V | undefined;
  /** Keeps `value` for as long as there is room. Set again, it is weighed again. */
  set(key: string, value: V): void;
  delete(key: string): void;
  clear(): void;
}

export interface BoundedCacheOptions<V> {
  /** Of memory, roughly. Bytes and no number: keys and values have any length. */
  readonly maxBytes: number;
  readonly bytesOf: (value: V, key: string) => number;
}

/** Of those who come to a full cache, one in so many takes the place of another. */
const LET_IN_ONE_OF = 16;

/**
 * A cache without a cliff. Fair queues bring tenants in turn. With one too many of them, a cache that always gives the place of the least
 * recently used one to whoever comes gives away each place just before its tenant's next turn, and answers nobody: one more tenant would be
 * a read more for every event of all. When this one is full it keeps most of what it has, so that a tenth too many costs about a tenth of
 * the answers. The price: who is new in a full cache is read some {@link LET_IN_ONE_OF} times before it is kept.
 */
export function createBoundedCache<V extends object>({ maxBytes, bytesOf }: BoundedCacheOptions<V>): BoundedCache<V> {
  const cache = new LRUCache<string, V>({ maxSize: maxBytes });
  let came = 0;
  return {
    get: (key) => cache.get(key),
    set: (key, value) => {
      const size = bytesOf(value, key);
      const hasRoom = cache.calculatedSize + size <= maxBytes;
      if (hasRoom || cache.has(key) || ++came % LET_IN_ONE_OF === 0) cache.set(key, value, { size });
    },
    delete: (key) => void cache.delete(key),
    clear: () => cache.clear(),
  };
}
