/** A UUIDv7 (RFC 9562). Its time is what lets the server find a repeated event where the first one lies. */
export function uuidV7(now: number = Date.now()): string {
  const random = crypto.getRandomValues(new Uint8Array(10));
  const hex = (byte: number) => byte.toString(16).padStart(2, "0");
  const time = now.toString(16).padStart(12, "0");
  const tail = Array.from(random, hex).join("");
  const variant = "89ab"[(random[2] ?? 0) % 4];
  return `${time.slice(0, 8)}-${time.slice(8)}-7${tail.slice(1, 4)}-${variant}${tail.slice(5, 8)}-${tail.slice(8)}`;
}
