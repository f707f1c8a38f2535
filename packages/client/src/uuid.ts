let last = { time: -1, random: new Uint8Array(10) };

/**
 * A UUIDv7 (RFC 9562). Its time is what lets the server find a repeated event where the first one lies. Those of one millisecond that
 * are made one after the other sort so: events are given back in the order of their times and ids.
 */
export function uuidV7(now: number = Date.now()): string {
  last = { time: now, random: now === last.time ? increased(last.random) : crypto.getRandomValues(new Uint8Array(10)) };
  const hex = (byte: number) => byte.toString(16).padStart(2, "0");
  const time = now.toString(16).padStart(12, "0");
  const tail = Array.from(last.random, hex).join("");
  const variant = "89ab"[(last.random[2] ?? 0) >> 6];
  return `${time.slice(0, 8)}-${time.slice(8)}-7${tail.slice(1, 4)}-${variant}${tail.slice(5, 8)}-${tail.slice(8)}`;
}

/** The next number after these bytes, counting in the last four; past their end it begins anew. */
function increased(random: Uint8Array): Uint8Array<ArrayBuffer> {
  const next = Uint8Array.from(random);
  for (let i = next.length - 1; i >= 6; i--) {
    next[i] = ((next[i] ?? 0) + 1) & 0xff;
    if (next[i] !== 0) return next;
  }
  return crypto.getRandomValues(next);
}
