/**
 * Identity of events. Every id starts with its identity time: 48 bits of milliseconds as 12 hex digits, so ids sort by
 * time and a store finds an id's neighbourhood from the id alone. The identity time never changes on a retry, which is what
 * makes "stored once" a local check.
 */
const TIME_DIGITS = 12;
const MAX_TIME = 2 ** 48 - 1;
const ID = /^[0-9a-f]{12}[A-Za-z0-9._-]{8,116}$/;

/** 12 hex digits of `timeMs`, clamped to what 48 bits hold (1970 … 10889). */
export function timePrefix(timeMs: number): string {
  const clamped = Math.min(Math.max(Math.trunc(timeMs), 0), MAX_TIME);
  return clamped.toString(16).padStart(TIME_DIGITS, "0");
}

/** The identity time of an id in milliseconds UTC. */
export function identityTime(id: string): number {
  return Number.parseInt(id.slice(0, TIME_DIGITS), 16);
}

/** True for a well-formed event id: identity time, then 8 to 116 characters of `A-Z a-z 0-9 . _ -`. */
export function isEventId(text: string): boolean {
  return ID.test(text);
}

/**
 * A UUIDv7 (RFC 9562) without dashes: identity time, version, variant, 74 random bits.
 * @param random at least 10 random bytes
 */
export function mintId(timeMs: number, random: Uint8Array): string {
  const bytes = Buffer.copyBytesFrom(random, 0, 10);
  bytes[0] = ((bytes[0] ?? 0) & 0x0f) | 0x70;
  bytes[2] = ((bytes[2] ?? 0) & 0x3f) | 0x80;
  return timePrefix(timeMs) + bytes.toString("hex");
}

/** Bytes at an id's end that count: 8 million ids before they could overflow into the random ones before them. */
const COUNTER_BYTES = 3;

/**
 * Mints ids whose order is that in which they were asked for, as far as their times are equal: those of the events of one request,
 * which a store gives back by (timestamp, id). RFC 9562's counter (6.2) beside 50 random bits, begun at a random place.
 * @param random at least 10 random bytes
 */
export function createMint(random: Uint8Array): (timeMs: number) => string {
  const bytes = Buffer.copyBytesFrom(random, 0, 10);
  const at = bytes.length - COUNTER_BYTES;
  // The first bit is left for counting.
  let next = bytes.readUIntBE(at, COUNTER_BYTES) >>> 1;
  return (timeMs) => {
    bytes.writeUIntBE(next++, at, COUNTER_BYTES);
    return mintId(timeMs, bytes);
  };
}

/** A month of UTC as a number, counted from January 1970, so that months compare and add up as numbers do. */
export function monthOf(timeMs: number): number {
  const date = new Date(timeMs);
  return (date.getUTCFullYear() - 1970) * 12 + date.getUTCMonth();
}

/** The first millisecond of a month of {@link monthOf}. */
export function monthStart(month: number): number {
  return Date.UTC(1970, month, 1);
}

/** A month of {@link monthOf} as `yyyymm`. */
export function monthName(month: number): string {
  const date = new Date(monthStart(month));
  return `${date.getUTCFullYear()}${String(date.getUTCMonth() + 1).padStart(2, "0")}`;
}

/** The partition (UTC month, `yyyymm`) an id belongs to: a pure function of its identity time. */
export function partitionMonth(id: string): string {
  return monthName(monthOf(identityTime(id)));
}
