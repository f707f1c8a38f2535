import { createHash } from "node:crypto";
import type { Clock, Provenance, Registry, UniquenessClaims } from "@millrace/core";

/** Keen forgot a token after 31 days. */
export const CLAIM_MS = 31 * 24 * 3_600_000;

/** Uniqueness tokens in the registry: each is one conditional write. */
export function createClaims({ registry, clock }: { registry: Registry; clock: Clock }): UniquenessClaims {
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
