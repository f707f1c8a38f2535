import type { TokenClaim, UniquenessClaims } from "@millrace/core";
import type { Settled } from "./candidate.ts";
import type { Prepared, Ready } from "./stored-event.ts";

/**
 * Claims the tokens of the events that have one, in the order of the events where they share a token. An event whose token is
 * another's is a duplicate; one whose claim fails is to be tried again. The tokens of a project are claimed at once: one by one,
 * the registry of one machine flushes its disk for each, and a request of 5,000 holds up everybody else for seconds.
 */
export async function claimTokens(ready: readonly Ready[], claims: UniquenessClaims): Promise<Prepared> {
  const projects = Map.groupBy(ready.filter(hasToken), ({ stored }) => stored.project);
  const ends = new Map<Ready, Settled>();
  const claimAll = async (candidates: readonly Ready[]): Promise<void> => {
    const answers = await endsOfClaims(candidates, claims);
    for (const [at, candidate] of candidates.entries()) {
      const end = answers[at];
      if (end) ends.set(candidate, { candidate, end });
    }
  };
  await Promise.all(Array.from(projects.values(), claimAll));
  return { ready: ready.filter((candidate) => !ends.has(candidate)), settled: [...ends.values()] };
}

async function endsOfClaims(
  candidates: readonly Ready[],
  claims: UniquenessClaims,
): Promise<readonly (Settled["end"] | undefined)[]> {
  try {
    const owners = await claims.claimMany(candidates.map(claimOf));
    return owners.map((owner) => (owner === "theirs" ? { kind: "duplicate-token" } : undefined));
  } catch (cause) {
    return candidates.map(() => ({ kind: "retry", detail: "The uniqueness token could not be claimed.", cause }));
  }
}

function claimOf({ stored, accepted }: Ready): TokenClaim {
  const { project, collection, batch, ordinal } = stored;
  return { project, collection, token: accepted.uniquenessToken ?? "", provenance: { batch, ordinal } };
}

function hasToken({ accepted }: Ready): boolean {
  return typeof accepted.uniquenessToken === "string" && accepted.uniquenessToken !== "";
}
