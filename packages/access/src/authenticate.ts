import { EVERYTHING, MillraceError, type Clock, type RandomBytes, type Registry } from "@millrace/core";
import { createAudit, type Audit } from "./audit/audit.ts";
import { projectOfEmbed, type Embeds } from "./embeds/embeds.ts";
import { refused } from "./embeds/open-token.ts";
import { grantOf, grantOfEmbed, type Grant, type Holder, type ReadFilters } from "./grant.ts";
import { createLookupCache } from "./lookup-cache.ts";
import { badKey, noKey } from "./not-permitted.ts";
import { createPeople, type People } from "./people/people.ts";
import { createSessions, isSessionToken, type Sessions } from "./people/sessions.ts";
import { createAccessKeys, projectOfAccessKey, type AccessKeys } from "./projects/access-keys.ts";
import { createKeys, hashKey, type Keys } from "./projects/keys.ts";
import { createOrganisationKeys, type OrganisationKeys } from "./projects/organisation-keys.ts";
import { createProjects, projectNotFound, type Projects } from "./projects/projects.ts";
import type { Permission, Project } from "./projects/project.ts";

/** Who may do what. Answers are at most 60 seconds old. */
export interface Access {
  /**
   * @param key of the project, an access key, or the token of a session (people/sessions.ts), whose person's role decides
   * @param needs one of these is enough
   * @throws MillraceError `ResourceNotFoundError` for an unknown project, whatever the key; `InvalidApiKeyError` for a key that
   * is missing, unknown, of another project or not enough for `needs`; `ServiceUnavailable` when the registry is down and the
   * answer is not one that may be old (only that of a key that records may, for an hour).
   */
  authenticate(projectId: string, key: string | undefined, needs: Permission | readonly Permission[]): Promise<Grant>;
  /** The same for a route that names no project: the key alone says which. Write keys are accepted, and access keys that may write. */
  authenticateWriteKey(key: string): Promise<Grant>;
  /**
   * The same for a route that reads and names no project.
   * @throws MillraceError as `authenticate`; `InvalidApiKeyError` also for a read or master key made before such keys were found so
   */
  authenticateReader(key: string | undefined, needs: Permission | readonly Permission[]): Promise<Grant>;
  readonly projects: Projects;
  readonly keys: Keys;
  readonly accessKeys: AccessKeys;
  readonly people: People;
  readonly sessions: Sessions;
  /** Keys of the whole installation. */
  readonly organisationKeys: OrganisationKeys;
  readonly audit: Audit;
}

const FRESH_MS = 60_000;
const STALE_MS = 3_600_000;
/** Of each cache: some thirty thousand projects or keys. */
const CACHE_BYTES = 16_000_000;
/** Longer text is not a key: it is refused before it is hashed or kept in a cache. */
const MAX_KEY_CHARS = 256;
/** As `projects.create` makes them. */
const PROJECT_ID = /^[0-9a-f]{24}$/;

/** The one place that decides who may do what. Projects and keys made through it take effect here at once. */
export function createAccess({
  registry,
  clock,
  random,
  readFilters = unreadable,
  embeds,
}: {
  registry: Registry;
  clock: Clock;
  random: RandomBytes;
  /** Of access keys. Absent: whoever has forced filters is not let in, for nobody here could enforce them. */
  readFilters?: ReadFilters;
  /** Absent: embed tokens are no keys here. */
  embeds?: Pick<Embeds, "read">;
}): Access {
  const cacheOptions = { clock, freshMs: FRESH_MS, staleMs: STALE_MS, maxBytes: CACHE_BYTES };
  const projectCache = createLookupCache<Project>(cacheOptions);
  const keyCache = createLookupCache<Holder>({ ...cacheOptions, bytesOf });
  const writeKeyCache = createLookupCache<string>(cacheOptions);
  const readerCache = createLookupCache<string>(cacheOptions);
  const onChange = () => {
    projectCache.clear();
    keyCache.clear();
    writeKeyCache.clear();
    readerCache.clear();
  };
  const system = { registry, clock, random, onChange };
  const projects = createProjects(system);
  const keys = createKeys(system);
  const accessKeys = createAccessKeys(system);
  const people = createPeople(system);
  const sessions = createSessions(system);

  const findProject = (id: string, mayServeStale: boolean) =>
    projectCache.find(
      id,
      () => projects.get(id),
      () => mayServeStale,
    );

  async function findPerson(token: string): Promise<Holder | undefined> {
    const session = await sessions.ofToken(token);
    const person = session && (await people.get(session.person));
    return person && { kind: "person", person };
  }

  /** Access keys and tokens tell by their form what they are: nothing is looked for in two places. */
  const findKey = (projectId: string, key: string, mayServeStale: boolean) =>
    keyCache.find(
      `${projectId}:${hashKey(key)}`,
      (): Promise<Holder | undefined> => {
        if (isSessionToken(key)) return findPerson(key);
        return projectOfAccessKey(key) === undefined ? keys.find(projectId, key) : accessKeys.find(projectId, key);
      },
      (old) => old.kind === "write" || (old.kind === "access" && mayServeStale),
    );

  async function authenticate(
    projectId: string,
    key: string | undefined,
    needed: Permission | readonly Permission[],
  ): Promise<Grant> {
    const needs = [needed].flat();
    const writes = needs.includes("write");
    if (key !== undefined && embeds && projectOfEmbed(key) !== undefined)
      return authenticateEmbed(projectId, key, needs);
    // Made-up ids are not looked up: the registry refuses long ones as an outage of its own, and the cache would keep them.
    if (!PROJECT_ID.test(projectId)) throw projectNotFound();
    // Both at once: on a cold start each is a round trip of its own.
    const asked =
      key === undefined || key === "" || key.length > MAX_KEY_CHARS ? undefined : findKey(projectId, key, writes);
    asked?.catch(() => {});
    // A project that is known for up to an hour is no danger by itself: the key below decides.
    const project = await findProject(projectId, writes);
    if (!project) throw projectNotFound();
    if (writes && project.archivedAt !== undefined) {
      throw new MillraceError("NotPermitted", "This project is archived: nothing is recorded in it any more.");
    }
    if (key === undefined || key === "") {
      throw noKey(needs);
    }
    // Recording asks nothing, so filters cannot keep it from being done where there is no parser.
    return grantOf({ project, key, record: await asked }, needs, writes ? () => EVERYTHING : readFilters);
  }

  async function authenticateEmbed(projectId: string, key: string, needs: readonly Permission[]): Promise<Grant> {
    const project = PROJECT_ID.test(projectId) ? await findProject(projectId, false) : undefined;
    if (!project || !embeds) throw projectNotFound();
    if (projectOfEmbed(key) !== projectId) throw refused("it is of another project");
    return grantOfEmbed(project, await embeds.read(key), needs);
  }

  const projectOfWriteKey = (key: string) =>
    writeKeyCache.find(
      hashKey(key),
      () => keys.projectOf(key, ["write"]),
      () => true,
    );
  const projectOfReader = (key: string) =>
    readerCache.find(
      hashKey(key),
      () => keys.projectOf(key, ["read", "master"]),
      () => false,
    );

  return {
    authenticate,
    async authenticateWriteKey(key) {
      const projectId =
        key.length > MAX_KEY_CHARS ? undefined : (projectOfAccessKey(key) ?? (await projectOfWriteKey(key)));
      if (projectId === undefined || !(await findProject(projectId, true))) throw badKey(["write"], key);
      return authenticate(projectId, key, "write");
    },
    async authenticateReader(key = "", needs) {
      const known = key !== "" && key.length <= MAX_KEY_CHARS;
      const projectId =
        (embeds && projectOfEmbed(key)) ??
        (known ? (projectOfAccessKey(key) ?? (await projectOfReader(key))) : undefined);
      if (projectId === undefined || !(await findProject(projectId, false))) throw badKey([needs].flat(), key);
      return authenticate(projectId, key, needs);
    },
    projects,
    keys,
    accessKeys,
    people,
    sessions,
    organisationKeys: createOrganisationKeys({ registry, clock, random }),
    audit: createAudit({ registry, clock, random }),
  };
}

/** Access keys come with lists and filters of their own, people with their roles. */
function bytesOf(holder: Holder): number {
  if (holder.kind === "access") return 2 * JSON.stringify(holder.options).length;
  return holder.kind === "person" ? 2 * JSON.stringify(holder.person).length : 0;
}

function unreadable(): never {
  throw new MillraceError("InternalServerError", "Filters of an access key cannot be enforced here.");
}
