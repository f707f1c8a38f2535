/**
 * The id of this document load: a UUIDv7 (RFC 9562) without dashes. Its first 12 digits are the time of the load, from which the
 * server finds the partition of every event in it, however late a retry arrives. `crypto.randomUUID` would need HTTPS.
 */
export function loadId(nowMs: number): string {
  const random = crypto.getRandomValues(new Uint8Array(10));
  const digits = Array.from(random, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${nowMs.toString(16).padStart(12, "0")}7${digits.slice(1, 4)}${"89ab"[Number(random[9]) & 3]}${digits.slice(5)}`;
}
