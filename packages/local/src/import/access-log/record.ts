/** One request as a web server, a balancer or a CDN logged it: what the import uses of any format. */
export interface AccessRecord {
  /** Of the visitor: an address, or a host name where the server looked names up. Undefined where the log does not say. */
  readonly address: string | undefined;
  /** Milliseconds UTC. */
  readonly time: number;
  /** Undefined when what came was no HTTP request: a TLS hello on a plain port, a connection that was closed unused. */
  readonly method: string | undefined;
  /** Path and query, or a whole URL, in the characters of a URL. What was logged, when `method` is undefined. */
  readonly target: string;
  readonly protocol: string | undefined;
  /** Undefined where the log says "-": the client went away before there was an answer. */
  readonly status: number | undefined;
  readonly bytes: number | undefined;
  readonly referrer: string | undefined;
  readonly userAgent: string | undefined;
  /** The site that was asked, if the line names it: host, and a port that is none of the usual two. */
  readonly host: string | undefined;
}

/** A line that is no such line, and why, in words a person can act on. */
export interface BadLine {
  readonly reason: string;
}

/** A line that is about the file, not about a request: W3C's directives. */
export const NOT_A_REQUEST = Symbol("not a request");

/**
 * Reads the lines of one file in their order; a format whose header lines say what follows keeps that between calls. `unended`: the file
 * ends in the middle of the line, perhaps, so that what is missing in it is a fault where it otherwise is none.
 */
export type LineReader = (line: string, unended?: boolean) => AccessRecord | BadLine | typeof NOT_A_REQUEST;

/** A format of access logs. */
export interface LogFormat {
  /** As `--format` takes it. */
  readonly name: string;
  /** For the person who waits: whose format it is. */
  readonly title: string;
  /** A reader for one file. */
  open(): LineReader;
}

export function isBad(record: AccessRecord | BadLine): record is BadLine {
  return "reason" in record;
}
