import { MillraceError, type Clock, type JsonObject, type RandomBytes, type Registry } from "@millrace/core";
import { hashPassword, isPassword } from "../password-hash.ts";
import type { Throttle } from "../people/throttle.ts";
import { hashKey } from "../projects/keys.ts";
import { readShareKey, withPass } from "./share-key.ts";

/** A link that shows a part of a project to whoever has it, until it ends. */
export interface ShareLink {
  /** The hash of what the link holds: names it for listing and revoking, and opens nothing. */
  readonly id: string;
  readonly name: string;
  /** Milliseconds UTC. */
  readonly createdAt: number;
  readonly expiresAt: number;
  /** What it lets see, as an embed token says it. */
  readonly claims: JsonObject;
  /** Absent: the link alone opens it. */
  readonly password?: {
    readonly hash: string;
    /** What passes are proved with, base64url. */
    readonly seal: string;
  };
}

export interface NewShareLink extends Pick<ShareLink, "name" | "claims"> {
  /** Milliseconds that it is good for. */
  readonly lifeMs: number;
  /** Asked of whoever opens it. Absent: nothing is. */
  readonly password?: string | undefined;
}

export interface ShareLinks {
  /** `key` is what the link holds, and what its page asks with. The only time that it is seen. @throws MillraceError when there are too many */
  create(projectId: string, link: NewShareLink): Promise<{ readonly link: ShareLink; readonly key: string }>;
  /** Those that have not ended, oldest first. */
  list(projectId: string): Promise<ShareLink[]>;
  /** @param link what it holds, without a pass */
  find(projectId: string, link: string): Promise<ShareLink | undefined>;
  /**
   * Exchanges a link and its password for a key that is good for half a day.
   * @param from whole address of who tries; undefined where it cannot be told
   * @returns with its end, milliseconds UTC
   * @throws MillraceError `RateLimitExceeded` after too many tries; `InvalidApiKeyError`, the same and after the same work for a wrong password,
   * for a link that is none, and for one that has none
   */
  open(tried: {
    readonly projectId: string;
    readonly link: string;
    readonly password: string;
    readonly from: string | undefined;
  }): Promise<{ readonly key: string; readonly endsAt: number }>;
  /** Ends one. Other processes notice within a minute. @throws MillraceError `ResourceNotFoundError` */
  revoke(projectId: string, id: string): Promise<void>;
}

const MOST_LINKS = 200;
const SECRET_BYTES = 24;
const SEAL_BYTES = 32;
const PASS_MS = 12 * 3_600_000;
/** Of one link, and of one address, in a quarter of an hour: as for people's own (console/sign-in-routes.ts). */
const TRIES_OF_LINK = 10;
const TRIES_OF_ADDRESS = 60;

/** @param onChange called after every change, so that caches can forget */
export function createShareLinks(deps: {
  registry: Registry;
  clock: Clock;
  random: RandomBytes;
  throttle: Throttle;
  onChange: () => void;
}): ShareLinks {
  const { registry, clock, random, throttle, onChange } = deps;
  const list = async (projectId: string) => {
    const items = await registry.list<ShareLink>(partitionOf(projectId));
    return items.map(({ value }) => value).toSorted((a, b) => a.createdAt - b.createdAt);
  };
  const find = async (projectId: string, link: string) =>
    (await registry.get<ShareLink>({ partition: partitionOf(projectId), sort: hashKey(link) }))?.value;
  return {
    list,
    find,
    async create(projectId, { lifeMs, password, ...made }) {
      if ((await list(projectId)).length >= MOST_LINKS) {
        throw new MillraceError("InvalidParameterError", `The project has ${MOST_LINKS} links. Revoke some of them.`);
      }
      const key = `share-${projectId}${Buffer.from(random(SECRET_BYTES)).toString("hex")}`;
      const createdAt = clock.now();
      const expiresAt = createdAt + lifeMs;
      const link: ShareLink = {
        id: hashKey(key),
        createdAt,
        expiresAt,
        ...made,
        ...(password !== undefined && {
          password: {
            hash: await hashPassword(password, random),
            seal: Buffer.from(random(SEAL_BYTES)).toString("base64url"),
          },
        }),
      };
      await registry.put({ partition: partitionOf(projectId), sort: link.id }, link, { if: "absent", expiresAt });
      onChange();
      return { link, key };
    },
    async open({ projectId, link: text, password, from }) {
      const counted = `link ${hashKey(text)}`;
      await throttle.begin([
        { name: `address ${from ?? "unknown"}`, most: TRIES_OF_ADDRESS },
        { name: counted, most: TRIES_OF_LINK },
      ]);
      const link = readShareKey(text)?.project === projectId ? await find(projectId, text) : undefined;
      const lives = link !== undefined && link.expiresAt > clock.now();
      if (!(await isPassword(password, lives ? link.password?.hash : undefined)) || !link?.password) {
        throw new MillraceError("InvalidApiKeyError", "Link and password do not belong together.");
      }
      await throttle.succeeded(counted);
      const endsAt = Math.min(link.expiresAt, clock.now() + PASS_MS);
      return { key: withPass(text, link.password.seal, endsAt), endsAt };
    },
    async revoke(projectId, id) {
      const key = { partition: partitionOf(projectId), sort: id };
      if ((await registry.get(key)) === undefined)
        throw new MillraceError("ResourceNotFoundError", "Resource not found. There is no such link.");
      await registry.delete(key);
      onChange();
    },
  };
}

function partitionOf(projectId: string): string {
  return `share-links:${projectId}`;
}
