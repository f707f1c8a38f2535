import { MillraceError, type Clock, type JsonObject, type RandomBytes, type Registry } from "@millrace/core";
import { hashKey } from "../projects/keys.ts";

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
}

export interface NewShareLink extends Pick<ShareLink, "name" | "claims"> {
  /** Milliseconds that it is good for. */
  readonly lifeMs: number;
}

export interface ShareLinks {
  /** `key` is what the link holds, and what its page asks with. The only time that it is seen. @throws MillraceError when there are too many */
  create(projectId: string, link: NewShareLink): Promise<{ readonly link: ShareLink; readonly key: string }>;
  /** Those that have not ended, oldest first. */
  list(projectId: string): Promise<ShareLink[]>;
  find(projectId: string, key: string): Promise<ShareLink | undefined>;
  /** Ends one. Other processes notice within a minute. @throws MillraceError `ResourceNotFoundError` */
  revoke(projectId: string, id: string): Promise<void>;
}

const MOST_LINKS = 200;
const SECRET_BYTES = 24;
const FORM = /^share-([0-9a-f]{24})[0-9a-f]{48}$/;

/** The project that a link says it is of. Undefined for any other text. */
export function projectOfShareLink(key: string): string | undefined {
  return FORM.exec(key)?.[1];
}

/** @param onChange called after every change, so that caches can forget */
export function createShareLinks(deps: {
  registry: Registry;
  clock: Clock;
  random: RandomBytes;
  onChange: () => void;
}): ShareLinks {
  const { registry, clock, random, onChange } = deps;
  const list = async (projectId: string) => {
    const items = await registry.list<ShareLink>(partitionOf(projectId));
    return items.map(({ value }) => value).toSorted((a, b) => a.createdAt - b.createdAt);
  };
  return {
    list,
    async create(projectId, { lifeMs, ...made }) {
      if ((await list(projectId)).length >= MOST_LINKS) {
        throw new MillraceError("InvalidParameterError", `The project has ${MOST_LINKS} links. Revoke some of them.`);
      }
      const key = `share-${projectId}${Buffer.from(random(SECRET_BYTES)).toString("hex")}`;
      const createdAt = clock.now();
      const expiresAt = createdAt + lifeMs;
      const link: ShareLink = { id: hashKey(key), createdAt, expiresAt, ...made };
      await registry.put({ partition: partitionOf(projectId), sort: link.id }, link, { if: "absent", expiresAt });
      onChange();
      return { link, key };
    },
    async find(projectId, key) {
      return (await registry.get<ShareLink>({ partition: partitionOf(projectId), sort: hashKey(key) }))?.value;
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
