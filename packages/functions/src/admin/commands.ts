import {
  changeSettings,
  readDeletion,
  trustProxies,
  type Access,
  type KeyRecord,
  type Project,
  type TombstoneKeeper,
  type TrustedProxies,
} from "@millrace/access";
import type { Clock, RandomBytes, Tombstone } from "@millrace/core";
import * as z from "zod";

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
    redirectHosts: z.array(z.string()).optional(),
    addresses: z.enum(["whole", "cut"]).optional(),
    bots: z
      .strictObject({
        ignore: z.array(z.string()).optional(),
        also: z.array(z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]))).optional(),
      })
      .optional(),
  }),
  z.strictObject({ action: z.literal("create-key"), project: z.string(), kind: z.enum(["write", "read", "master"]) }),
  z.strictObject({ action: z.literal("list-keys"), project: z.string() }),
  z.strictObject({ action: z.literal("revoke-key"), project: z.string(), key: z.string() }),
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
]);

export type AdminAnswer =
  | { readonly project: Project; readonly writeKey: string; readonly readKey: string; readonly masterKey: string }
  | { readonly changed: Project }
  | { readonly projects: readonly Project[] }
  /** The secret is there when a new one was asked for; only its hash is kept. */
  | { readonly trusted: TrustedProxies; readonly secret?: string }
  | { readonly key: string }
  | { readonly keys: readonly KeyRecord[] }
  | { readonly revoked: string }
  /** Written, and honoured by every collector within ten seconds; stored events go with the next upkeep. */
  | { readonly deletion: Tombstone }
  /** Those that upkeep still looks for. */
  | { readonly deletions: readonly Tombstone[] };

export interface AdminParts extends Pick<Access, "projects" | "keys"> {
  readonly tombstones: TombstoneKeeper;
  readonly clock: Clock;
  readonly random: RandomBytes;
}

/**
 * Runs one administrative command. Read and master keys are shown this once; only their hashes are kept.
 * @throws ZodError naming what is wrong with the command; MillraceError for an unknown project or key, or an impossible deletion
 */
export async function answerAdmin(
  { projects, keys, tombstones, clock, random }: AdminParts,
  event: unknown,
): Promise<AdminAnswer> {
  const input = command.parse(event);
  switch (input.action) {
    case "create-project": {
      const { name, timezone } = input;
      const project = await projects.create({ name, ...(timezone !== undefined && { timezone }) });
      return {
        project,
        writeKey: await keys.create(project.id, "write"),
        readKey: await keys.create(project.id, "read"),
        masterKey: await keys.create(project.id, "master"),
      };
    }
    case "list-projects":
      return { projects: await projects.list() };
    case "change-project":
      return { changed: await changeSettings(projects, input) };
    case "trust-proxies":
      return trustProxies(projects, random, input);
    case "create-key":
      // `update` with no change answers an unknown project with the right error.
      await projects.update(input.project, {});
      return { key: await keys.create(input.project, input.kind) };
    case "list-keys":
      // Keys of before their project was noted beside them: here nothing that the public reaches needs a right to write keys.
      await keys.noteProject(input.project);
      return { keys: await keys.list(input.project) };
    case "revoke-key":
      await keys.revoke(input.project, input.key);
      return { revoked: input.key };
    case "delete-events":
      return { deletion: await tombstones.add(await readDeletion(projects, input, clock.now())) };
    case "list-deletions":
      return { deletions: await tombstones.unsettled(input.project) };
  }
}
