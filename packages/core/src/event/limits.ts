/**
 * Every limit of an event and of a request, in one place, with its source. "Keen" is Keen's documented rule; the others
 * protect the queue (SQS: 1 MiB per message) and the store (OpenSearch: 32,766 bytes per keyword, 512 bytes per id).
 */
export const LIMITS = {
  /** Keen's. What does not fit one message is split into several. */
  bodyBytes: 10_000_000,
  /** The encoded message, attributes included, must fit SQS's 1 MiB. */
  messageBytes: 1_048_576 - 8_192,
  /**
   * An envelope unpacked, what its events share counted for each of them: what the collector and the store will have to hold.
   * Room for a whole body with the context of its events; without it 2 KB of requests become 36 MB of documents.
   */
  unpackedBytes: 12_000_000,
  /** Above this an envelope is gzipped: SQS bills in steps of 64 KB. */
  gzipFromBytes: 60_000,
  /** Keen's recommended maximum for one bulk request. */
  eventsPerRequest: 5_000,
  /** Keen: one event up to 900,000 bytes. */
  eventBytes: 900_000,
  /** Far above real events, far below what breaks a store: OpenSearch's parser dies of deep nesting. */
  depth: 10,
  collectionNameChars: 256,
  propertyNameChars: 255,
  /** Of all names on the way to a property, dots included. */
  propertyPathChars: 500,
  /** Keen: strings shorter than 10,000 characters. Also the most that fits a keyword in any script (3 bytes a unit). */
  stringChars: 9_999,
  /** BCP 47 (RFC 5646 section 4.4.1): implementations must take 35. */
  languageChars: 35,
  /** IANA zones have up to 32. */
  timezoneChars: 64,
  titleChars: 1_000,
  /** A URL after reduction to host, path and allowed parameters. */
  urlChars: 2_048,
  userIdChars: 256,
  widgetChars: 256,
  /** What a site adds to a path to tell its pages apart: parameters, or a fragment that is a route. */
  routeChars: 1_000,
  /** Version of a system, as client hints tell it. */
  platformVersionChars: 32,
  userAgentChars: 512,
  /** Names of properties (leaf paths) in one event. */
  propertiesPerEvent: 1_000,
  /**
   * What the add-ons of an event may read, and what they may write, paths included: all of them may read the same text, and 50 times
   * 10,000 characters would be half a megabyte of an event of ten kilobytes. Four of them have room for four texts of any length.
   */
  addonChars: 65_536,
  /** Levels of the path that an add-on writes to: what it writes has two of its own. */
  addonOutputLevels: 8,
  /** Elements of one array that become membership tokens; longer arrays are refused. */
  arrayElements: 1_000,
  idChars: 128,
  uniquenessTokenChars: 64,
  /** Keen's recording accepts the past, refuses more than this ahead of the server's clock. */
  futureMs: 24 * 3600 * 1000,
  /** A visitor's clock further ahead than this gives its events no identity time (more than any mistake of date or zone). */
  trackerFutureMs: 36 * 3600 * 1000,
  /** The tracker's route clamps to this much before receipt. */
  trackerPastMs: 7 * 24 * 3600 * 1000,
} as const;
