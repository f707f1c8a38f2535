import { generateKeyPairSync } from "node:crypto";
import { embedKid, type JsonObject } from "@millrace/core";
import { CompactEncrypt, SignJWT } from "jose";
import type { EmbedKey } from "./embed-key.ts";

export interface Unsigned {
  readonly project: string;
  readonly keyId: string;
  /** What it can be revoked by. */
  readonly id: string;
  /** Seconds since 1970. */
  readonly issuedAt: number;
  readonly endsAt: number;
  readonly claims: JsonObject;
}

/**
 * An embed token as a company's back end makes one, signed with a key that nobody keeps: what comes back with it opens it, and makes no other.
 * @param seal 32 random bytes
 */
export async function signOnce({ project, keyId, id, issuedAt, endsAt, claims }: Unsigned, seal: Uint8Array) {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const { x = "", y = "" } = privateKey.export({ format: "jwk" });
  const kid = embedKid({ project, keyId });
  const signed = await new SignJWT({ ...claims })
    .setProtectedHeader({ alg: "ES256", typ: "JWT", kid })
    .setIssuer(project)
    .setIssuedAt(issuedAt)
    .setExpirationTime(endsAt)
    .setJti(id)
    .sign(privateKey);
  const token = await new CompactEncrypt(new TextEncoder().encode(signed))
    .setProtectedHeader({ alg: "dir", enc: "A256GCM", cty: "JWT", kid })
    .encrypt(seal);
  const key: Pick<EmbedKey, "x" | "y" | "seal"> = { x, y, seal: Buffer.from(seal).toString("base64url") };
  return { token, key };
}
