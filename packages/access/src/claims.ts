import { createHash } from "node:crypto";
import type { Clock, Provenance, Registry } from "@millrace/core";

/** Keen's uniqueness tokens: the first event with a token is stored, later ones are duplicates. */
export interface Claims {
  /**
   * Claims a token of one collection for an event. The answer for the same provenance never changes while the token lives, so
   * a redelivered message gets what it got before.
   */
  claim(project: string, collection: string, token: string, provenance: Provenance): Promise<"ours" | "theirs">;
}

/** Keen forgot a token after 31 days. */
export const CLAIM_MS = 31 * 24 * 3_600_000;

export function createClaims({ registry, clock }: { registry: Registry; clock: Clock }): Claims {
  return {
    async claim(project, collection, token, provenance) {
      const key = { partition: `claim:${hashOf(project, collection, token)}`, sort: "owner" };
      const { batch, ordinal } = provenance;
      for (;;) {
        const expiresAt = clock.now() + CLAIM_MS;
        if (await registry.put<Provenance>(key, { batch, ordinal }, { if: "absent", expiresAt })) return "ours";
        const owner = (await registry.get<Provenance>(key))?.value;
        if (owner) return owner.batch === batch && owner.ordinal === ordinal ? "ours" : "theirs";
        // Expired between the two calls: it is free again.
      }
    },
  };
}

/** A token is opaque and may be personal (an order number, an e-mail address): only its hash is kept. */
function hashOf(project: string, collection: string, token: string): string {
  return createHash("sha256")
    .update(JSON.stringify([project, collection, token]))
    .digest("hex");
}
