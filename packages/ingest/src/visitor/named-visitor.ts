import type { Project } from "@millrace/access";
import { LIMITS, MillraceError, type JsonObject, type PackedEvent, type SharedContext } from "@millrace/core";
import * as z from "zod";
import type { IngestDeps } from "../deps.ts";
import { parseAddress } from "./address.ts";
import { joinVisits } from "./visit.ts";
import { identifiedVisitor, visitorAt } from "./visitor.ts";

/** `$visitor`, the root property with which a server says who did what it reports. */
export const VISITOR = "$visitor";

/**
 * So many visitors of one request are looked up; of others the visit stays unknown. Each costs a read of the registry, and a write
 * key is public.
 */
const MAX_VISITORS = 200;

const schema = z
  .strictObject({
    user: z.string().min(1).max(LIMITS.userIdChars).optional(),
    ip: z.string().max(LIMITS.idChars).optional(),
    user_agent: z
      .string()
      .transform((value) => value.slice(0, LIMITS.userAgentChars).toWellFormed())
      .optional(),
  })
  .refine(({ user, ip }) => user !== undefined || ip !== undefined, "needs user, or ip with user_agent");

/** Who did something, in the words of a server: the id it calls a user by, or the browser it answered. */
export type NamedVisitor = z.infer<typeof schema>;

/** @throws MillraceError `InvalidPropertyValueError` naming the first bad field */
export function readNamedVisitor(value: JsonObject): NamedVisitor {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where = [VISITOR, ...(issue?.path ?? [])].join(".");
  throw new MillraceError("InvalidPropertyValueError", `${where}: ${issue?.message ?? "is not valid"}.`);
}

/**
 * Gives events of a server the visitor they name and the visit that visitor is in, so that a purchase which a back end reports is
 * counted by the source of the visit it was made in. A server only follows: what it says begins no visit and prolongs none. The
 * address is an input of the visitor's hash, as a browser's own is, and is forgotten after it.
 * @param shared receives what the events of each visit share, at the place that they name
 */
export async function joinNamedVisitors(
  deps: IngestDeps,
  project: Project,
  named: readonly { readonly event: PackedEvent; readonly visitor: NamedVisitor }[],
  shared: SharedContext[],
): Promise<void> {
  const groups = [...Map.groupBy(named, ({ visitor }) => JSON.stringify(visitor)).values()];
  const joins = groups.slice(0, MAX_VISITORS).map(async (group) => {
    const [first] = group;
    if (!first) return;
    const { user, ip, user_agent: userAgent = "" } = first.visitor;
    const address = ip === undefined ? undefined : parseAddress(ip)?.full;
    const visiting = {
      project: project.id,
      browser: address === undefined ? nobody : visitorAt(deps, project, { address, userAgent }),
      person: user === undefined ? undefined : identifiedVisitor(project, user),
      pages: [],
      referrer: undefined,
      follows: true,
    };
    await joinVisits(
      deps,
      visiting,
      group.map(({ event }) => event),
      shared,
    );
  });
  await Promise.all(joins);
}

async function nobody(): Promise<undefined> {}

/** What else a named visitor says of an event. */
export function contextOfNamed({
  user,
  ip,
  user_agent: userAgent,
}: NamedVisitor): Pick<PackedEvent, "context" | "raw"> {
  const cut = ip === undefined ? undefined : parseAddress(ip)?.cut;
  return {
    ...(user !== undefined && { context: { user_id: user } }),
    raw: { ...(cut !== undefined && { ip: cut }), ...(userAgent !== undefined && { userAgent }) },
  };
}
