/**
 * The id of this document load: a UUIDv7 (RFC 9562) without dashes. Its first 12 digits are the time of the load, from which the
 * server finds the partition of every event in it, however late a retry arrives. `crypto.randomUUID` would need HTTPS.
 * Of the four values that its variant may have it takes one: 72 random bits in a millisecond are enough.
 */
export function loadId(nowMs: number): string {
  return crypto
    .getRandomValues(new Uint8Array(18))
    .reduce((digits, byte) => digits + (byte % 16).toString(16), `${nowMs.toString(16).padStart(12, "0")}7`)
    .replace(/.{16}/, "$&8");
}
