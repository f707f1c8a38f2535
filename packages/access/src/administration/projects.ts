import { MillraceError, type JsonObject, type RandomBytes } from "@millrace/core";
import type { Access } from "../authenticate.ts";
import type { KeyRecord } from "../projects/keys.ts";
import type { OrganisationKey } from "../projects/organisation-keys.ts";
import type { KeyKind, Project, TrustedProxies } from "../projects/project.ts";
import { projectNotFound } from "../projects/projects.ts";
import { trustProxies, type ProxySettings } from "../projects/proxies.ts";
import { changeSettings, type ProjectSettings } from "../projects/settings.ts";
import type { Actor } from "./actor.ts";

/** A project with its first keys: the only time that its read and master key are seen. */
export interface MadeProject {
  readonly project: Project;
  readonly writeKey: string;
  readonly readKey: string;
  readonly masterKey: string;
}

/**
 * Changes of projects and keys as everybody makes them, the console, the command line, an organisation's key: each is in the audit log, in
 * the name of `by`. Who may do what is for the caller to say.
 */
export interface ProjectAdministration {
  create(by: Actor, project: { readonly name: string; readonly timezone?: string | undefined }): Promise<MadeProject>;
  change(by: Actor, settings: ProjectSettings): Promise<Project>;
  /** Ends recording, or lets it begin again. What is stored stays, and can be asked about. */
  archive(by: Actor, project: string, archived: boolean): Promise<Project>;
  trustProxies(
    by: Actor,
    settings: ProxySettings,
  ): Promise<{ readonly trusted: TrustedProxies; readonly secret?: string }>;
  /**
   * A new key beside the one in use, shown this once. @throws MillraceError `InvalidParameterError` when two of the kind are
   * active: the old one of a rotation was forgotten, and would never be missed
   */
  createKey(by: Actor, project: string, kind: KeyKind): Promise<{ readonly id: string; readonly key: string }>;
  revokeKey(by: Actor, project: string, id: string): Promise<KeyRecord>;
  createOrganisationKey(by: Actor, name: string): Promise<OrganisationKey & { readonly key: string }>;
  revokeOrganisationKey(by: Actor, id: string): Promise<OrganisationKey>;
}

/** One in use, and the one that replaces it. */
export const ACTIVE_KEYS_OF_A_KIND = 2;

/** @param now milliseconds UTC */
export function createProjectAdministration(
  access: Access,
  random: RandomBytes,
  now: () => number,
): ProjectAdministration {
  const { projects, keys, organisationKeys, audit } = access;

  async function existing(id: string): Promise<Project> {
    const project = await projects.get(id);
    if (!project) throw projectNotFound();
    return project;
  }

  async function newKey(by: Actor, project: string, kind: KeyKind) {
    const key = await keys.create(project, kind);
    const made = await keys.find(project, key);
    const id = made?.id ?? "";
    await audit.record({ ...by, what: "key.create", project, target: id, after: { kind } });
    return { id, key };
  }

  return {
    async create(by, { name, timezone }) {
      const project = await projects.create({ name, ...(timezone !== undefined && { timezone }) });
      const after = { name: project.name, timezone: project.timezone };
      await audit.record({ ...by, what: "project.create", project: project.id, target: project.name, after });
      const [writeKey, readKey, masterKey] = [
        await newKey(by, project.id, "write"),
        await newKey(by, project.id, "read"),
        await newKey(by, project.id, "master"),
      ].map(({ key }) => key) as [string, string, string];
      return { project, writeKey, readKey, masterKey };
    },
    async change(by, settings) {
      const before = await existing(settings.project);
      const after = await changeSettings(projects, settings);
      const difference = differenceOf(before, after);
      if (!difference) return after;
      await audit.record({ ...by, what: "project.change", project: after.id, target: after.name, ...difference });
      return after;
    },
    async archive(by, id, archived) {
      await existing(id);
      const project = await projects.update(id, { archivedAt: archived ? now() : undefined });
      const what = archived ? "project.archive" : "project.restore";
      await audit.record({ ...by, what, project: id, target: project.name });
      return project;
    },
    async trustProxies(by, settings) {
      const { proxies } = await existing(settings.project);
      const answer = await trustProxies(projects, random, settings);
      await audit.record({
        ...by,
        what: "project.trust-proxies",
        project: settings.project,
        before: showProxies(proxies),
        after: showProxies(answer.trusted),
      });
      return answer;
    },
    async createKey(by, project, kind) {
      await existing(project);
      const active = (await keys.list(project)).filter((key) => key.kind === kind);
      if (active.length >= ACTIVE_KEYS_OF_A_KIND) {
        const said = `There are ${active.length} active ${kind} keys. Revoke the one that is no longer used first.`;
        throw new MillraceError("InvalidParameterError", said);
      }
      return newKey(by, project, kind);
    },
    async revokeKey(by, project, id) {
      const key = (await keys.list(project)).find((each) => each.id === id);
      await keys.revoke(project, id);
      if (!key) throw projectNotFound();
      await audit.record({ ...by, what: "key.revoke", project, target: id, before: { kind: key.kind } });
      return key;
    },
    async createOrganisationKey(by, name) {
      const made = await organisationKeys.create(name);
      await audit.record({ ...by, what: "organisation-key.create", target: made.id, after: { name: made.name } });
      return made;
    },
    async revokeOrganisationKey(by, id) {
      const revoked = await organisationKeys.revoke(id);
      await audit.record({ ...by, what: "organisation-key.revoke", target: id, before: { name: revoked.name } });
      return revoked;
    },
  };
}

function showProxies({ addresses = [], secretHash }: Partial<TrustedProxies> = {}): JsonObject {
  return { addresses: [...addresses], hasSecret: secretHash !== undefined };
}

/** What of a project is not as it was; undefined when all of it is. */
function differenceOf(before: Project, after: Project): { before: JsonObject; after: JsonObject } | undefined {
  const was = new Map(Object.entries(before));
  const changed = Object.entries(after).filter(
    ([name, value]) => JSON.stringify(was.get(name)) !== JSON.stringify(value),
  );
  if (changed.length === 0) return undefined;
  const old = changed.flatMap(([name]) => (was.has(name) ? [[name, was.get(name) as unknown]] : []));
  return { before: Object.fromEntries(old) as JsonObject, after: Object.fromEntries(changed) as JsonObject };
}
