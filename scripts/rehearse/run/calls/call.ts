import type { Signable } from "../sigv4/signature.ts";

/** What must be known of the account to say what a call is about. */
export interface Account {
  readonly id: string;
  readonly region: string;
  /** Name of a table's partition key. @throws Error for a table that is not there */
  readonly partitionKey: (table: string) => string;
  /** ARN of the OpenSearch domain at a host; undefined for a host that is none. */
  readonly domainAt: (host: string) => string | undefined;
}

/** One permission that a call needs. */
export interface Need {
  readonly action: string;
  /** ARN. */
  readonly resource: string;
  /** Condition keys of the service, beside those of every request. */
  readonly context: Readonly<Record<string, readonly string[]>>;
}

/** A call as the service that gets it understands it. */
export interface Call {
  /** The service's signing name. */
  readonly service: string;
  /** The operation, such as `SendMessage`: a batch has one name more than its permission. */
  readonly operation: string;
  readonly needs: readonly Need[];
  /** Names what is acted on without the account's ids, for people: `table/registry visit`. */
  readonly target: string;
}

/** A request and where it goes. */
export interface Incoming extends Signable {
  /** Without a port. */
  readonly host: string;
}

/** Thrown for a call that this rehearsal cannot judge. It must be taught, never let through. */
export class UnknownCall extends Error {
  override readonly name = "UnknownCall";
}

/** The JSON of a request's body. @throws UnknownCall when it is none */
export function jsonOf({ body }: Incoming): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(Buffer.from(body).toString("utf8"));
    if (typeof value === "object" && value !== null) return value as Readonly<Record<string, unknown>>;
  } catch {
    // Said below.
  }
  throw new UnknownCall("The body is no JSON object.");
}

/** A text of a request. @throws UnknownCall naming what is missing */
export function textOf(from: Readonly<Record<string, unknown>>, name: string): string {
  const value = from[name];
  if (typeof value !== "string") throw new UnknownCall(`${name} is missing.`);
  return value;
}

/** The operation of AWS's JSON protocols: `X-Amz-Target: PREFIX.Operation`. @throws UnknownCall for another prefix */
export function targetOf({ headers }: Incoming, prefix: string): string {
  const target = headers["x-amz-target"] ?? "";
  if (!target.startsWith(`${prefix}.`)) throw new UnknownCall(`${target || "No target"} is no operation of ${prefix}.`);
  return target.slice(prefix.length + 1);
}
