import { generateKeyPairSync } from "node:crypto";
import {
  embedSecretText,
  MillraceError,
  type Clock,
  type JsonObject,
  type RandomBytes,
  type Registry,
} from "@millrace/core";
import type { EmbedKey } from "./embed-key.ts";
import { signOnce } from "./sign-token.ts";

/** The embed secrets of projects. */
export interface EmbedKeys {
  /**
   * A new secret: the only time that it is seen.
   * @throws MillraceError `InvalidParameterError` when the project has two: one in use, and one to change over to
   */
  create(projectId: string): Promise<{ readonly key: EmbedKey; readonly secret: string }>;
  /**
   * A token of our own making, which lives for as long as its key is kept.
   * @param seconds that it is good for
   * @returns with its end, milliseconds UTC
   */
  signOnce(
    projectId: string,
    claims: JsonObject,
    seconds: number,
  ): Promise<{ readonly token: string; readonly endsAt: number }>;
  /** Those of a project, oldest first. */
  list(projectId: string): Promise<EmbedKey[]>;
  find(projectId: string, id: string): Promise<EmbedKey | undefined>;
  /** Ends a secret and every token made with it. Other processes notice within a minute. @throws MillraceError `ResourceNotFoundError` */
  revoke(projectId: string, id: string): Promise<void>;
  /** Ends one token, for as long as it would have lived at most. Other processes notice within a minute. */
  revokeToken(projectId: string, tokenId: string): Promise<void>;
  isRevoked(projectId: string, tokenId: string): Promise<boolean>;
}

/** Two, so that one can be replaced without a gap. */
const MOST_KEYS = 2;
const ID_BYTES = 4;
const SEAL_BYTES = 32;

/**
 * @param tokenMs how long a token can live
 * @param onChange called after every change, so that caches can forget
 */
export function createEmbedKeys(deps: {
  registry: Registry;
  clock: Clock;
  random: RandomBytes;
  tokenMs: number;
  onChange: () => void;
}): EmbedKeys {
  const { registry, clock, random, tokenMs, onChange } = deps;
  const list = async (projectId: string) => {
    const items = await registry.list<EmbedKey>(keysOf(projectId));
    return items
      .map(({ value }) => value)
      .filter(({ once }) => !once)
      .toSorted((a, b) => a.createdAt - b.createdAt);
  };
  const newId = () => Buffer.from(random(ID_BYTES)).toString("hex");
  async function keep(projectId: string, key: EmbedKey, expiresAt?: number): Promise<void> {
    const options = { if: "absent", ...(expiresAt !== undefined && { expiresAt }) } as const;
    if (await registry.put({ partition: keysOf(projectId), sort: key.id }, key, options)) return;
    throw new MillraceError("InternalServerError", "The new key is taken. Try again.");
  }
  return {
    list,
    async create(projectId) {
      if ((await list(projectId)).length >= MOST_KEYS) {
        const said = `The project has ${MOST_KEYS} embed secrets. Revoke the one that is not in use any more.`;
        throw new MillraceError("InvalidParameterError", said);
      }
      const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
      const { x = "", y = "", d = "" } = privateKey.export({ format: "jwk" });
      const id = newId();
      const seal = Buffer.from(random(SEAL_BYTES)).toString("base64url");
      const key: EmbedKey = { id, createdAt: clock.now(), x, y, seal };
      await keep(projectId, key);
      onChange();
      return { key, secret: embedSecretText({ project: projectId, keyId: id, d, x, y, seal }) };
    },
    async signOnce(projectId, claims, seconds) {
      const keyId = newId();
      const issuedAt = Math.floor(clock.now() / 1000);
      const endsAt = issuedAt + seconds;
      const about = { project: projectId, keyId, id: `once-${keyId}`, issuedAt, endsAt, claims };
      const { token, key } = await signOnce(about, random(SEAL_BYTES));
      await keep(projectId, { id: keyId, createdAt: clock.now(), once: true, ...key }, endsAt * 1000);
      return { token, endsAt: endsAt * 1000 };
    },
    async find(projectId, id) {
      return (await registry.get<EmbedKey>({ partition: keysOf(projectId), sort: id }))?.value;
    },
    async revoke(projectId, id) {
      const key = { partition: keysOf(projectId), sort: id };
      if ((await registry.get(key)) === undefined)
        throw new MillraceError("ResourceNotFoundError", "Resource not found. There is no such embed secret.");
      await registry.delete(key);
      onChange();
    },
    async revokeToken(projectId, tokenId) {
      const key = { partition: revokedOf(projectId), sort: tokenId };
      await registry.put(key, { at: clock.now() }, { expiresAt: clock.now() + tokenMs });
      onChange();
    },
    async isRevoked(projectId, tokenId) {
      return (await registry.get({ partition: revokedOf(projectId), sort: tokenId })) !== undefined;
    },
  };
}

function keysOf(projectId: string): string {
  return `embed-keys:${projectId}`;
}

function revokedOf(projectId: string): string {
  return `embed-revoked:${projectId}`;
}
