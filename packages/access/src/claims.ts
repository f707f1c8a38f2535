import { createHash } from "node:crypto";
import type { Clock, Provenance, Registry } from "@millrace/core";

/** Keen's uniqueness tokens: the first event with a token is stored, later ones are duplicates. */
export interface Claims {
  /**
   * Claims tokens, each of one collection and for one event, the first in the list before those after it. The answer for the same
   * provenance never changes while the token lives, so a redelivered message gets what it got before.
   */
  claimMany(claims: readonly TokenClaim[]): Promise<readonly ("ours" | "theirs")[]>;
}

interface TokenClaim {
  readonly project: string;
  readonly collection: string;
  readonly token: string;
  readonly provenance: Provenance;
}

/** Keen forgot a token after 31 days. */
export const CLAIM_MS = 31 * 24 * 3_600_000;

export function createClaims({ registry, clock }: { registry: Registry; clock: Clock }): Claims {
  return {
    async claimMany(claims) {
      const expiresAt = clock.now() + CLAIM_MS;
      const owners = await registry.claimMany<Provenance>(
        claims.map(({ project, collection, token, provenance: { batch, ordinal } }) => ({
          key: { partition: `claim:${hashOf(project, collection, token)}`, sort: "owner" },
          value: { batch, ordinal },
          expiresAt,
        })),
      );
      return claims.map(({ provenance: { batch, ordinal } }, at) => {
        const owner = owners[at];
        return owner?.batch === batch && owner.ordinal === ordinal ? "ours" : "theirs";
      });
    },
  };
}

/** A token is opaque and may be personal (an order number, an e-mail address): only its hash is kept. */
function hashOf(project: string, collection: string, token: string): string {
  return createHash("sha256")
    .update(JSON.stringify([project, collection, token]))
    .digest("hex");
}
