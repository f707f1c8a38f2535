import { EMBED_MOST_SECONDS, type Clock, type JsonObject, type RandomBytes, type Registry } from "@millrace/core";
import type { EmbedGrant, EmbedRules } from "../grant.ts";
import { createLookupCache } from "../lookup-cache.ts";
import { createEmbedKeys, type EmbedKey, type EmbedKeys } from "./embed-keys.ts";
import { openToken, refused, type TokenAddress } from "./open-token.ts";

/** Reads what a token says of its own: by the parser of questions, which this package does not have. */
export type ReadEmbedClaims = (claims: JsonObject) => OwnClaims;

export interface OwnClaims extends Omit<EmbedGrant, "id" | "rules"> {
  readonly rules: Omit<EmbedRules, "endsAt">;
}

/** Tokens of a customer's pages, made by the company's back end without asking us. */
export interface Embeds {
  readonly keys: EmbedKeys;
  /**
   * What a token lets see.
   * @throws MillraceError `InvalidApiKeyError` saying why it lets see nothing; `ServiceUnavailable` when the registry is down
   */
  read(token: string, address: TokenAddress): Promise<EmbedGrant>;
}

const FRESH_MS = 60_000;
const CACHE_BYTES = 4_000_000;

export function createEmbeds(deps: {
  registry: Registry;
  clock: Clock;
  random: RandomBytes;
  readClaims: ReadEmbedClaims;
}): Embeds {
  const { clock, readClaims } = deps;
  const cacheOptions = { clock, freshMs: FRESH_MS, staleMs: FRESH_MS, maxBytes: CACHE_BYTES };
  const keyCache = createLookupCache<EmbedKey>(cacheOptions);
  const revokedCache = createLookupCache<true>(cacheOptions);
  const onChange = () => {
    keyCache.clear();
    revokedCache.clear();
  };
  const keys = createEmbedKeys({ ...deps, tokenMs: EMBED_MOST_SECONDS * 1000, onChange });
  const never = () => false;

  return {
    keys,
    async read(token, address) {
      const { project, keyId } = address;
      const key = await keyCache.find(`${project}.${keyId}`, () => keys.find(project, keyId), never);
      if (!key) throw refused("its secret is unknown, or was revoked");
      const { issuedAt, endsAt, id, claims } = await openToken(token, address, key, clock.now());
      const seconds = endsAt - issuedAt;
      if (seconds > EMBED_MOST_SECONDS) {
        throw refused(`it lives for ${seconds} seconds; ${EMBED_MOST_SECONDS} are possible`);
      }
      if (!TOKEN_ID.test(id)) throw refused("its id (jti) is not 8 to 64 letters and digits");
      const revoked = await revokedCache.find(
        `${project}.${id}`,
        async () => ((await keys.isRevoked(project, id)) ? true : undefined),
        never,
      );
      if (revoked) throw refused("it was revoked");
      const { rules, ...granted } = readClaims(claims);
      return { id, ...granted, rules: { ...rules, endsAt: endsAt * 1000 } };
    },
  };
}

const TOKEN_ID = /^[A-Za-z0-9_-]{8,64}$/;
