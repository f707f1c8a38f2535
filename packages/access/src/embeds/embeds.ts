import {
  EMBED_MOST_SECONDS,
  MillraceError,
  type Clock,
  type JsonObject,
  type RandomBytes,
  type Registry,
} from "@millrace/core";
import type { EmbedGrant, EmbedRules } from "../grant.ts";
import { createLookupCache } from "../lookup-cache.ts";
import { createThrottle } from "../people/throttle.ts";
import type { EmbedKey } from "./embed-key.ts";
import { createEmbedKeys, type EmbedKeys } from "./embed-keys.ts";
import { addressOfToken, openToken, refused, type TokenAddress } from "./open-token.ts";
import { holdsPass, readShareKey, type ShareKey } from "./share-key.ts";
import { createShareLinks, type ShareLink, type ShareLinks } from "./share-links.ts";

/** Reads what a token says of its own: by the parser of questions, which this package does not have. */
export type ReadEmbedClaims = (claims: JsonObject) => OwnClaims;

export interface OwnClaims extends Omit<EmbedGrant, "id" | "rules"> {
  readonly rules: Omit<EmbedRules, "endsAt" | "token">;
}

/** Tokens of a customer's pages, made by the company's back end without asking us. */
export interface Embeds {
  readonly keys: EmbedKeys;
  readonly shareLinks: ShareLinks;
  /**
   * What a token or a share link lets see.
   * @throws MillraceError `PasswordRequired` for a link with a password that was not entered, or too long ago; `InvalidApiKeyError` saying why it lets see nothing; `ServiceUnavailable` when the registry is down
   */
  read(key: string): Promise<EmbedGrant>;
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
  const linkCache = createLookupCache<ShareLink>(cacheOptions);
  const onChange = () => {
    linkCache.clear();
    keyCache.clear();
    revokedCache.clear();
  };
  const keys = createEmbedKeys({ ...deps, tokenMs: EMBED_MOST_SECONDS * 1000, onChange });
  const shareLinks = createShareLinks({ ...deps, throttle: createThrottle(deps), onChange });
  const never = () => false;

  async function readLink(key: ShareKey): Promise<EmbedGrant> {
    const link = await linkCache.find(key.link, () => shareLinks.find(key.project, key.link), never);
    if (!link || link.expiresAt <= clock.now()) {
      throw new MillraceError("InvalidApiKeyError", "This link has ended, or was revoked.");
    }
    if (link.password && !holdsPass(key, link.password.seal, clock.now())) {
      throw new MillraceError("PasswordRequired", "This link asks for a password.");
    }
    const endsAt = Math.min(link.expiresAt, key.pass?.until ?? link.expiresAt);
    return granted(link.id, endsAt, { ...link.claims, customer: link.name });
  }

  /** @param keyId of a token: the secret that it was made with */
  function granted(id: string, endsAt: number, claims: JsonObject, keyId?: string): EmbedGrant {
    const { rules, ...own } = readClaims(claims);
    const token = keyId === undefined ? {} : { token: { id, keyId, claims } };
    return { id, ...own, rules: { ...rules, endsAt, ...token } };
  }

  async function readToken(token: string, address: TokenAddress): Promise<EmbedGrant> {
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
    return granted(id, endsAt * 1000, claims, keyId);
  }

  return {
    keys,
    shareLinks,
    async read(key) {
      const shareKey = readShareKey(key);
      if (shareKey) return readLink(shareKey);
      const address = addressOfToken(key);
      if (!address) throw refused("it is none");
      return readToken(key, address);
    },
  };
}

/** The project that a token or a share link says it is of. Undefined for any other text. */
export function projectOfEmbed(key: string): string | undefined {
  return readShareKey(key)?.project ?? addressOfToken(key)?.project;
}

const TOKEN_ID = /^[A-Za-z0-9_-]{8,64}$/;
