import { createHash } from "node:crypto";

/** Which span of which trace, as hexadecimal digits: 32 and 16. */
export interface SpanContext {
  readonly traceId: string;
  readonly spanId: string;
}

export interface Traceparent extends SpanContext {
  /** Whoever began the trace keeps it. */
  readonly sampled: boolean;
}

const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(?:-|$)/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Reads the header of a caller; undefined where it is none. https://www.w3.org/TR/trace-context/ */
export function readTraceparent(header: string | undefined): Traceparent | undefined {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(header ?? "") ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

/**
 * The span that an execution is. It is made of the execution's id: nobody has to carry it along, and a line that is read twice is the same
 * span. A trace that nobody began before is the execution's own.
 */
export function spanOf(executionId: string, traceId?: string): SpanContext {
  const own = UUID.test(executionId)
    ? executionId.replaceAll("-", "")
    : createHash("sha256").update(executionId).digest("hex").slice(0, 32);
  return { traceId: traceId ?? own, spanId: own.slice(16) };
}

/** The span of something in an execution: its nth call, the nth message of its batch. */
export function spanWithin(executionId: string, what: string, index: number): string {
  return createHash("sha256").update(`${executionId}/${what}/${index}`).digest("hex").slice(0, 16);
}
