import type { Provenance } from "@millrace/core";
import type { Settled } from "./candidate.ts";
import type { Prepared, Ready } from "./stored-event.ts";

/** Keen's uniqueness tokens: who brings a token first may store its event; the token is forgotten after 31 days. */
export interface UniquenessClaims {
  /**
   * Claims a token for an event. Answers `ours` when nobody had it, or this same provenance had (our own retry); `theirs` when
   * another event has it.
   */
  claim(project: string, collection: string, token: string, provenance: Provenance): Promise<"ours" | "theirs">;
}

/** Claims wait for the registry; this many at a time keep it busy without flooding it. */
const CONCURRENCY = 32;

/**
 * Claims the tokens of the events that have one, in the order of the events where they share a token. An event whose token is
 * another's is a duplicate; one whose claim fails is to be tried again.
 */
export async function claimTokens(ready: readonly Ready[], claims: UniquenessClaims): Promise<Prepared> {
  const tokens = [...Map.groupBy(ready.filter(hasToken), tokenKey).values()];
  const ends = new Map<Ready, Settled>();
  const next = tokens.values();
  const worker = async (): Promise<void> => {
    for (const sharing of next) {
      for (const candidate of sharing) {
        const end = await endOfClaim(candidate, claims);
        if (end) ends.set(candidate, { candidate, end });
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(CONCURRENCY, tokens.length) }, worker));
  return { ready: ready.filter((candidate) => !ends.has(candidate)), settled: [...ends.values()] };
}

async function endOfClaim({ stored, accepted }: Ready, claims: UniquenessClaims): Promise<Settled["end"] | undefined> {
  const { project, collection, batch, ordinal } = stored;
  try {
    const owner = await claims.claim(project, collection, accepted.uniquenessToken ?? "", { batch, ordinal });
    return owner === "theirs" ? { kind: "duplicate-token" } : undefined;
  } catch (cause) {
    return { kind: "retry", detail: "The uniqueness token could not be claimed.", cause };
  }
}

function hasToken({ accepted }: Ready): boolean {
  return typeof accepted.uniquenessToken === "string" && accepted.uniquenessToken !== "";
}

function tokenKey({ stored, accepted }: Ready): string {
  return JSON.stringify([stored.project, stored.collection, accepted.uniquenessToken]);
}
