import {
  MillraceError,
  type Clock,
  type Filter,
  type JsonObject,
  type RandomBytes,
  type Registry,
  type Scope,
} from "@millrace/core";
import { createLookupCache } from "./lookup-cache.ts";
import { createKeys, hashKey, type KeyRecord, type Keys } from "./projects/keys.ts";
import { createProjects, projectNotFound, type Projects } from "./projects/projects.ts";
import type { KeyKind, Permission, Project } from "./projects/project.ts";

/** What an authenticated request may do, and in which project. */
export interface Grant {
  readonly project: Project;
  readonly may: ReadonlySet<Permission>;
  /** Forced filter of every query made with this key (Keen's access keys). */
  readonly queryFilter?: Filter<string>;
  /** Properties added to every event recorded with this key (Keen's access keys). */
  readonly autofill?: JsonObject;
}

/** What a grant lets see: its project, under its forced filter. */
export function scopeOf({ project, queryFilter }: Grant): Scope {
  return { project: project.id, ...(queryFilter && { filter: queryFilter }) };
}

/** Who may do what. Answers are at most 60 seconds old. */
export interface Access {
  /**
   * @throws MillraceError `ResourceNotFoundError` for an unknown project, whatever the key; `InvalidApiKeyError` for a key that
   * is missing, unknown, of another project or not enough for `needs`; `ServiceUnavailable` when the registry is down and the
   * answer is not one that may be old (only a write key's may, for an hour).
   */
  authenticate(projectId: string, key: string | undefined, needs: Permission): Promise<Grant>;
  /** The same for a route that names no project: the write key alone says which. Only write keys are accepted. */
  authenticateWriteKey(key: string): Promise<Grant>;
  readonly projects: Projects;
  readonly keys: Keys;
}

const FRESH_MS = 60_000;
const STALE_MS = 3_600_000;
/** Of each cache: some thirty thousand projects or keys. */
const CACHE_BYTES = 16_000_000;
/** Longer text is not a key: it is refused before it is hashed or kept in a cache. */
const MAX_KEY_CHARS = 256;
/** As `projects.create` makes them. */
const PROJECT_ID = /^[0-9a-f]{24}$/;

const MAY: Record<KeyKind, ReadonlySet<Permission>> = {
  write: new Set(["write"]),
  read: new Set(["read"]),
  master: new Set(["write", "read", "master"]),
};

/** The one place that decides who may do what. Projects and keys made through it take effect here at once. */
export function createAccess({
  registry,
  clock,
  random,
}: {
  registry: Registry;
  clock: Clock;
  random: RandomBytes;
}): Access {
  const cacheOptions = { clock, freshMs: FRESH_MS, staleMs: STALE_MS, maxBytes: CACHE_BYTES };
  const projectCache = createLookupCache<Project>(cacheOptions);
  const keyCache = createLookupCache<KeyRecord>(cacheOptions);
  const writeKeyCache = createLookupCache<string>(cacheOptions);
  const onChange = () => {
    projectCache.clear();
    keyCache.clear();
    writeKeyCache.clear();
  };
  const projects = createProjects({ registry, clock, random, onChange });
  const keys = createKeys({ registry, clock, random, onChange });

  const findProject = (id: string, mayServeStale: boolean) =>
    projectCache.find(
      id,
      () => projects.get(id),
      () => mayServeStale,
    );

  const findKey = (projectId: string, key: string) =>
    keyCache.find(
      `${projectId}:${hashKey(key)}`,
      () => keys.find(projectId, key),
      (old) => old.kind === "write",
    );

  async function authenticate(projectId: string, key: string | undefined, needs: Permission): Promise<Grant> {
    // Made-up ids are not looked up: the registry refuses long ones as an outage of its own, and the cache would keep them.
    if (!PROJECT_ID.test(projectId)) throw projectNotFound();
    // Both at once: on a cold start each is a round trip of its own.
    const asked = key === undefined || key === "" || key.length > MAX_KEY_CHARS ? undefined : findKey(projectId, key);
    asked?.catch(() => {});
    // A project that is known for up to an hour is no danger by itself: the key below decides.
    const project = await findProject(projectId, needs === "write");
    if (!project) throw projectNotFound();
    if (key === undefined || key === "") throw new MillraceError("InvalidApiKeyError", `This needs a ${needs} key.`);
    const record = await asked;
    const may = record && MAY[record.kind];
    if (!may?.has(needs)) throw badKey(needs, key);
    return { project, may };
  }

  return {
    authenticate,
    async authenticateWriteKey(key) {
      if (key.length > MAX_KEY_CHARS) throw badKey("write", key);
      const projectId = await writeKeyCache.find(
        hashKey(key),
        () => keys.projectOfWriteKey(key),
        () => true,
      );
      if (projectId === undefined) throw badKey("write", key);
      return authenticate(projectId, key, "write");
    },
    projects,
    keys,
  };
}

/** Keen's scoped keys: an initialisation vector and blocks of AES, 16 bytes each, in hex. Only shorter ones look like a key. */
const SCOPED_KEY = /^(?:[0-9a-f]{32}){3,}$/i;

function badKey(needs: Permission, key: string): MillraceError {
  if (SCOPED_KEY.test(key)) {
    return new MillraceError("InvalidApiKeyError", "Scoped keys are not supported. Use an access key.");
  }
  return new MillraceError("InvalidApiKeyError", `The key is not a ${needs} key of this project.`);
}
