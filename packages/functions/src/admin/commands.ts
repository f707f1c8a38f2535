import {
  createPeopleAdministration,
  createProjectAdministration,
  EVERY_PROJECT,
  readDeletion,
  ROLES,
  type Access,
  type Actor,
  type AuditPage,
  type Collecting,
  type Invitation,
  type Invitations,
  type KeyRecord,
  type MadeProject,
  type OrganisationKey,
  type Passwords,
  type Pause,
  type Person,
  type Project,
  type SecondFactors,
  type SessionRecord,
  type TombstoneKeeper,
  type TrustedProxies,
} from "@millrace/access";
import { MillraceError, type Clock, type JsonObject, type RandomBytes, type Tombstone } from "@millrace/core";
import * as z from "zod";

const role = z.enum(ROLES);
/** Absent: every project. */
const scope = { project: z.string().optional() };
const time = z.iso.datetime({ offset: true });

const command = z.discriminatedUnion("action", [
  z.strictObject({ action: z.literal("create-project"), name: z.string(), timezone: z.string().optional() }),
  z.strictObject({ action: z.literal("list-projects") }),
  z.strictObject({
    action: z.literal("trust-proxies"),
    project: z.string(),
    addresses: z.array(z.string()),
    secret: z.boolean().optional(),
  }),
  z.strictObject({
    action: z.literal("change-project"),
    project: z.string(),
    name: z.string().optional(),
    timezone: z.string().optional(),
    origins: z.array(z.string()).optional(),
    redirectHosts: z.array(z.string()).optional(),
    addresses: z.enum(["whole", "cut"]).optional(),
    /** null: no limit. */
    requestsPerSecond: z.number().nullable().optional(),
    /** null: as much as any. */
    engineSecondsPerMinute: z.number().nullable().optional(),
    /** null: no limit. */
    eventsPerMonth: z.number().int().nullable().optional(),
    beyondQuota: z.enum(["refuse", "record"]).optional(),
    bots: z
      .strictObject({
        ignore: z.array(z.string()).optional(),
        also: z.array(z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]))).optional(),
      })
      .optional(),
  }),
  z.strictObject({ action: z.literal("archive-project"), project: z.string(), archived: z.boolean() }),
  z.strictObject({ action: z.literal("create-key"), project: z.string(), kind: z.enum(["write", "read", "master"]) }),
  z.strictObject({ action: z.literal("list-keys"), project: z.string() }),
  z.strictObject({ action: z.literal("revoke-key"), project: z.string(), key: z.string() }),
  z.strictObject({ action: z.literal("create-organisation-key"), name: z.string() }),
  z.strictObject({ action: z.literal("list-organisation-keys") }),
  z.strictObject({ action: z.literal("revoke-organisation-key"), key: z.string() }),
  z.strictObject({ action: z.literal("invite"), email: z.string(), role, ...scope }),
  z.strictObject({ action: z.literal("list-people") }),
  z.strictObject({ action: z.literal("set-role"), email: z.string(), role: role.nullable(), ...scope }),
  z.strictObject({ action: z.literal("remove-person"), email: z.string() }),
  z.strictObject({ action: z.literal("remove-second-factor"), email: z.string() }),
  z.strictObject({ action: z.literal("list-sessions"), email: z.string() }),
  z.strictObject({ action: z.literal("revoke-session"), email: z.string(), session: z.string() }),
  z.strictObject({
    action: z.literal("search-audit"),
    ...scope,
    who: z.string().optional(),
    what: z.string().optional(),
    from: time.optional(),
    to: time.optional(),
    limit: z.int().min(1).max(500).optional(),
    after: z.string().optional(),
  }),
  z
    .strictObject({
      action: z.literal("delete-events"),
      project: z.string(),
      visitor: z.string().optional(),
      collection: z.string().optional(),
      from: z.string().optional(),
      to: z.string().optional(),
      /** Said aloud, so that a forgotten condition does not empty a project. */
      everything: z.literal(true).optional(),
    })
    .refine(
      ({ visitor, collection, from, to, everything }) =>
        [visitor, collection, from, to].every((given) => given === undefined) === (everything === true),
      'needs a visitor, a collection, "from" or "to"; or "everything": true, and none of them',
    ),
  z.strictObject({ action: z.literal("list-deletions"), project: z.string() }),
  z.strictObject({ action: z.literal("collecting"), set: z.enum(["paused", "resumed"]).optional() }),
  /** What was done with an operator's own rights, for the log. */
  z.strictObject({
    action: z.literal("note-operation"),
    what: z.enum(["dead-letters.redrive", "archive.replay", "store.migrate"]),
    project: z.string().optional(),
    target: z.string().max(200).optional(),
    count: z.int().min(0),
  }),
]);

/** An administrative command, as it travels. */
export type AdminCommand = z.input<typeof command>;

export type AdminAnswer =
  | MadeProject
  | { readonly changed: Project }
  | { readonly projects: readonly Project[] }
  /** The secret is there when a new one was asked for; only its hash is kept. */
  | { readonly trusted: TrustedProxies; readonly secret?: string }
  | { readonly id: string; readonly key: string }
  | { readonly keys: readonly (KeyRecord | OrganisationKey)[] }
  | { readonly revoked: string }
  /** The token opens the link of an invitation, and is shown this once. */
  | { readonly invitation: Invitation & { readonly token: string } }
  | { readonly person: Person }
  | { readonly people: readonly Person[]; readonly invitations: readonly Invitation[] }
  | { readonly sessions: readonly SessionRecord[] }
  | AuditPage
  /** Written, and honoured by every collector within ten seconds; stored events go with the next upkeep. */
  | { readonly deletion: Tombstone }
  /** Those that upkeep still looks for. */
  | { readonly deletions: readonly Tombstone[] }
  /** Null: events are collected. */
  | { readonly pause: Pause | null }
  | { readonly noted: string };

export interface AdminParts {
  readonly access: Access;
  readonly invitations: Invitations;
  readonly passwords: Passwords;
  readonly secondFactors: SecondFactors;
  readonly collecting: Collecting;
  readonly tombstones: TombstoneKeeper;
  readonly clock: Clock;
  readonly random: RandomBytes;
}

/** Who runs a command, for the audit log: as they say, since whoever may run one may write the registry anyway. */
const caller = z.looseObject({ by: z.string().min(1).max(100).default("command line") });

/**
 * Runs one administrative command. Keys and invitations are shown this once; only their hashes are kept.
 * @throws ZodError naming what is wrong with the command; MillraceError for an unknown project, key or person, or an impossible deletion
 */
export async function answerAdmin(parts: AdminParts, event: unknown): Promise<AdminAnswer> {
  const { by: name, ...given } = caller.parse(event);
  const input = command.parse(given);
  const by: Actor = { who: { kind: "command", id: name, name } };
  const { access, invitations, tombstones, clock, random } = parts;
  const projects = createProjectAdministration(access, random, () => clock.now());
  const people = createPeopleAdministration({
    ...access,
    invitations,
    passwords: parts.passwords,
    secondFactors: parts.secondFactors,
  });

  switch (input.action) {
    case "create-project":
      return projects.create(by, input);
    case "list-projects":
      return { projects: await access.projects.list() };
    case "change-project": {
      const { action: _, ...settings } = input;
      return { changed: await projects.change(by, settings) };
    }
    case "archive-project":
      return { changed: await projects.archive(by, input.project, input.archived) };
    case "trust-proxies":
      return projects.trustProxies(by, input);
    case "create-key":
      return projects.createKey(by, input.project, input.kind);
    case "list-keys":
      // Keys of before their project was noted beside them: here nothing that the public reaches needs a right to write keys.
      await access.keys.noteProject(input.project);
      return { keys: await access.keys.list(input.project) };
    case "revoke-key":
      return { revoked: (await projects.revokeKey(by, input.project, input.key)).id };
    case "create-organisation-key":
      return projects.createOrganisationKey(by, input.name);
    case "list-organisation-keys":
      return { keys: await access.organisationKeys.list() };
    case "revoke-organisation-key":
      return { revoked: (await projects.revokeOrganisationKey(by, input.key)).id };
    case "invite":
      return people.invite(by, { email: input.email, role: input.role, scope: scopeOf(input) });
    case "list-people":
      return { people: await access.people.list(), invitations: await invitations.list() };
    case "set-role": {
      const { id } = await personOf(access, input.email);
      return { person: await people.setRole(by, id, scopeOf(input), input.role ?? undefined) };
    }
    case "remove-person":
      return { person: await people.remove(by, (await personOf(access, input.email)).id) };
    case "remove-second-factor":
      await people.removeSecondFactor(by, (await personOf(access, input.email)).id);
      return { revoked: input.email };
    case "list-sessions":
      return { sessions: await access.sessions.list((await personOf(access, input.email)).id) };
    case "revoke-session":
      await people.revokeSession(by, (await personOf(access, input.email)).id, input.session);
      return { revoked: input.session };
    case "search-audit": {
      const { action: _, from, to, ...question } = input;
      const at = (text: string | undefined) => (text === undefined ? undefined : Date.parse(text));
      return access.audit.search({ ...question, from: at(from), to: at(to) });
    }
    case "delete-events": {
      const deletion = await tombstones.add(await readDeletion(access.projects, input, clock.now()));
      const { action: _, project, ...asked } = input;
      const after = JSON.parse(JSON.stringify(asked)) as JsonObject;
      await access.audit.record({ ...by, what: "events.delete", project, after });
      return { deletion };
    }
    case "list-deletions":
      return { deletions: await tombstones.unsettled(input.project) };
    case "collecting": {
      if (input.set === "paused") await parts.collecting.pause(name);
      if (input.set === "resumed") await parts.collecting.resume();
      if (input.set) await access.audit.record({ ...by, what: `collecting.${input.set}` });
      return { pause: (await parts.collecting.paused()) ?? null };
    }
    case "note-operation":
      await access.audit.record({
        ...by,
        what: input.what,
        project: input.project,
        target: input.target,
        after: { count: input.count },
      });
      return { noted: input.what };
  }
}

function scopeOf({ project }: { readonly project?: string | undefined }): string {
  return project ?? EVERY_PROJECT;
}

async function personOf({ people }: Access, email: string): Promise<Person> {
  const person = await people.byEmail(email);
  if (person) return person;
  throw new MillraceError("ResourceNotFoundError", `There is nobody with the address ${email.slice(0, 100)}.`);
}
