import { isObject, type Provenance, type StoredEvent } from "@millrace/core";
import { backOff } from "../client/backoff.ts";
import type { BulkParts } from "./bulk.ts";
import { NoAnswer } from "../client/driver.ts";
import { documentId } from "./document.ts";

/** Documents per look-up: about a tenth of a second of work for the server. */
const PER_REQUEST = 500;
/** A node that hangs must not use up the whole invocation. */
const REQUEST_TIMEOUT_MS = 30_000;

/**
 * The provenance stored under each event's id, read in real time: a search would not see what was written a moment ago.
 * Undefined for one that could not be read until the deadline, or is gone.
 */
export async function readProvenances(
  parts: BulkParts,
  events: readonly { readonly event: StoredEvent; readonly alias: string }[],
  deadline: number,
): Promise<(Provenance | undefined)[]> {
  const found: (Provenance | undefined)[] = [];
  for (let at = 0; at < events.length; at += PER_REQUEST) {
    const docs = events
      .slice(at, at + PER_REQUEST)
      .map(({ event, alias }) => ({ _index: alias, _id: documentId(event.project, event.id) }));
    found.push(...(await readOne(parts, docs, deadline)));
  }
  return found;
}

async function readOne(
  parts: BulkParts,
  docs: readonly object[],
  deadline: number,
): Promise<(Provenance | undefined)[]> {
  const nothing = docs.map(() => undefined);
  for (let attempt = 0; ; attempt++) {
    const left = deadline - parts.clock.now();
    if (left <= 0) return nothing;
    const answer = await parts.driver
      .send(
        {
          method: "POST",
          path: "/_mget",
          query: { _source_includes: "batch,ordinal", filter_path: "docs.found,docs._source,docs.error.type" },
          body: { docs },
        },
        { timeoutMs: Math.min(left, REQUEST_TIMEOUT_MS) },
      )
      .catch((thrown: unknown) => {
        if (thrown instanceof NoAnswer) return { status: 0, body: undefined };
        throw thrown;
      });
    if (answer.status === 200 && isObject(answer.body) && Array.isArray(answer.body["docs"])) {
      return answer.body["docs"].map(provenanceOf);
    }
    if (!(await backOff(attempt, deadline, parts))) return nothing;
  }
}

function provenanceOf(doc: unknown): Provenance | undefined {
  const source = isObject(doc) ? doc["_source"] : undefined;
  if (!isObject(source)) return undefined;
  const { batch, ordinal } = source;
  return typeof batch === "string" && typeof ordinal === "number" ? { batch, ordinal } : undefined;
}
