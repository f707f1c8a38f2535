import { createHash } from "node:crypto";
import type { ExecutionError } from "./record.ts";

const MAX_MESSAGE_CHARS = 1_000;
const MAX_STACK_CHARS = 6_000;
const MAX_CAUSES = 4;

/** A JSON parser quotes the text it could not read, which is somebody's event. */
const QUOTED_INPUT = /(?:\.{3})?".*(?= is not valid JSON)/s;
const QUERY_STRING = /\?[^\s"'<>]+/g;
const EMAIL = /[^\s"'<>@]+@[^\s"'<>@]+\.[A-Za-z]{2,}/g;
const IPV4 = /\b(?:\d{1,3}\.){3}\d{1,3}\b/g;
/** Loopback and private networks: the address of a service of ours, which an operator needs. */
const OWN_NETWORK = /^(?:10|127|192\.168|172\.(?:1[6-9]|2\d|3[01])|169\.254)\./;

/**
 * Takes out of an error text what may be personal or secret: quoted input, query strings, e-mail and public addresses. Cut to
 * 1,000 characters. A log line lives longer, and is read by more people, than the event it came from.
 */
export function scrub(text: string): string {
  return text
    .slice(0, MAX_MESSAGE_CHARS)
    .replace(QUOTED_INPUT, "[input]")
    .replace(QUERY_STRING, "?[query]")
    .replace(EMAIL, "[e-mail]")
    .replace(IPV4, (address) => (OWN_NETWORK.test(address) ? address : "[address]"));
}

/** Describes anything thrown. The stack is given as frames only: its first lines would repeat the message uncleaned. */
export function describeError(thrown: unknown): ExecutionError {
  const isError = thrown instanceof Error;
  const name = isError ? thrown.name : typeof thrown;
  const message = scrub(isError ? thrown.message : String(thrown));
  const causes = isError ? causesOf(thrown) : [];
  return {
    name,
    message,
    fingerprint: fingerprintOf([`${name}: ${message}`, ...causes]),
    stack: frames(thrown),
    causes,
  };
}

/** Quoted text, ids, and numbers: what differs from one failure to the next of the same kind. */
const VARIABLE = /"[^"]*"|'[^']*'|`[^`]*`|\b[0-9a-f]{8,}(?:-[0-9a-f]+)*\b|\d+(?:\.\d+)?/gi;

/**
 * Twelve hex digits for the kind of a failure, from its texts and those of its causes. Not from the stack: every deploy of a minified
 * bundle would make the same fault a new one.
 */
export function fingerprintOf(texts: readonly string[]): string {
  const kind = texts.map((text) => text.replace(VARIABLE, "*")).join("\n");
  return createHash("sha256").update(kind).digest("hex").slice(0, 12);
}

function frames(error: unknown): string {
  if (!(error instanceof Error)) return "";
  const lines = (error.stack ?? "").split("\n").filter((line) => line.startsWith("    at "));
  return lines.join("\n").slice(0, MAX_STACK_CHARS);
}

function causesOf(error: Error): string[] {
  const causes: string[] = [];
  for (let cause = error.cause; cause !== undefined && causes.length < MAX_CAUSES;) {
    if (!(cause instanceof Error)) return [...causes, scrub(typeof cause === "string" ? cause : typeof cause)];
    causes.push(scrub(`${cause.name}: ${cause.message}`));
    cause = cause.cause;
  }
  return causes;
}
