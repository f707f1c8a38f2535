/**
 * About how many bytes the events of a message are once they are unpacked and each has its context: what a batch of messages must
 * be measured by, since a message of a few kilobytes may hold megabytes. Reads its first characters only.
 */
export function messageWeight(text: string): number {
  const stated = /^(?:\{"weight":|gz:)(\d{1,9})[,:]/.exec(text.slice(0, 24))?.[1];
  if (stated !== undefined) return Math.max(Number(stated), text.length);
  // Version 1 states nothing; a gzip ends with the size of what it holds (RFC 1952 section 2.3.1).
  if (!text.startsWith("gz:")) return text.length;
  const end = Buffer.from(text.slice(-8), "base64");
  return end.length < 4 ? text.length : Math.max(end.readUInt32LE(end.length - 4), text.length);
}
