import { isObject } from "@millrace/core";
import { setTimeout as delay } from "node:timers/promises";
import type { Target } from "./target.ts";

/** Sums of the ledger over the hours of an import. Other traffic of the project in those hours is in them too. */
export interface LedgerSums {
  readonly stored: number;
  readonly duplicate: number;
  readonly rejected: number;
  readonly inFlight: number;
}

const NOTHING: LedgerSums = { stored: 0, duplicate: 0, rejected: 0, inFlight: 0 };
const PATIENCE_MS = 60_000;

/** The project's ledger since `from`, or undefined when this key may not read it. */
export async function readLedger(target: Target, from: number, signal: AbortSignal): Promise<LedgerSums | undefined> {
  if (target.keyKind !== "master") return undefined;
  const timeframe = JSON.stringify({
    start: new Date(from).toISOString(),
    end: new Date(Date.now() + 3_600_000).toISOString(),
  });
  const query = new URLSearchParams({ timeframe }).toString();
  const response = await fetch(`${target.url}/3.0/projects/${target.project}/ledger?${query}`, {
    headers: { authorization: target.key },
    signal,
  });
  if (!response.ok) return undefined;
  const body: unknown = await response.json();
  if (!isObject(body) || !Array.isArray(body["result"])) return undefined;
  return body["result"].filter(isObject).reduce<LedgerSums>(
    (sums, hour) => ({
      stored: sums.stored + count(hour["stored"]),
      duplicate: sums.duplicate + count(hour["duplicate"]),
      rejected: sums.rejected + count(hour["rejected"]),
      inFlight: sums.inFlight + count(hour["in_flight"]),
    }),
    NOTHING,
  );
}

/** Waits until nothing of the project is in flight any more (at most a minute) and answers the sums then. */
export async function waitUntilSettled(
  target: Target,
  from: number,
  signal: AbortSignal,
): Promise<LedgerSums | undefined> {
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    const sums = await readLedger(target, from, signal);
    if (!sums || sums.inFlight <= 0 || Date.now() > until) return sums;
    await delay(250, undefined, { signal });
  }
}

function count(value: unknown): number {
  return typeof value === "number" ? value : 0;
}
