const MAGIC = 0xfd2fb528;
const SKIPPABLE = 0x184d2a50;
const RLE = 1;
const MOST_SKIPPED = 65_536;

/**
 * The bytes of a Zstandard file in pieces of which none goes over the end of a frame. Files that were put together, and those of parallel
 * packers, have several, and Node's decompressor takes what follows a frame in one piece with it for the end: the rest of the file
 * would be lost without a word. Where frames end is said in their headers (RFC 8878, section 3).
 */
export async function* alongFrames(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  const units = unitsOf();
  let wanted = units.next().value;
  for await (const chunk of bytes) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    while (wanted <= rest.length) {
      const unit = rest.subarray(0, wanted);
      rest = rest.subarray(wanted);
      wanted = units.next(unit).value;
      if (unit.length > 0) yield unit;
    }
  }
  // What is not whole is the decompressor's to complain of.
  if (rest.length > 0) yield rest;
}

/** Asks for one piece after the other, by its length, and is given it. What is no frame is asked for as the rest of the file. */
function* unitsOf(): Generator<number, never, Buffer> {
  for (;;) {
    const magic = (yield 4).readUInt32LE();
    if ((magic & 0xfffffff0) >>> 0 === SKIPPABLE) {
      let left = (yield 4).readUInt32LE();
      for (; left > 0; left -= MOST_SKIPPED) yield Math.min(left, MOST_SKIPPED);
      continue;
    }
    if (magic !== MAGIC) yield Number.POSITIVE_INFINITY;
    const descriptor = (yield 1).readUInt8();
    const isSingleSegment = (descriptor & 0x20) > 0;
    const contentSize = [isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0;
    const dictionaryId = [0, 1, 2, 4][descriptor & 3] ?? 0;
    yield (isSingleSegment ? 0 : 1) + contentSize + dictionaryId;
    let isLast = false;
    while (!isLast) {
      const header = (yield 3).readUIntLE(0, 3);
      isLast = (header & 1) === 1;
      yield ((header >> 1) & 3) === RLE ? 1 : header >> 3;
    }
    if ((descriptor & 4) > 0) yield 4;
  }
}
