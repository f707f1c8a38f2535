import type { Grant } from "@millrace/access";
import { isoUtc, MillraceError, parseZone, type JsonObject } from "@millrace/core";
import { nextTime, type Subscription } from "@millrace/ops";
import { hash } from "node:crypto";
import * as z from "zod";
import type { QueryDeps } from "../deps.ts";
import { recordChange } from "../http/asking.ts";
import { check } from "../parse/check.ts";
import { refuseUnknown } from "../parse/known.ts";
import { readMailAddress } from "./mail-address.ts";
import { TIMING, timingOf, WEEKDAYS } from "./read-sending.ts";

/** Of a project: each is some questions and a mail a day, and whoever may make tokens may make them for anybody. */
const MOST = 1_000;
/** Nobody looks after a mail that comes for ever: whoever wants it longer asks again. */
const LIFE_MS = 92 * 24 * 3_600_000;

export const SUBSCRIPTION = z.strictObject({
  ...TIMING,
  address: z.string().max(300),
  timezone: z.string().max(60).optional(),
});

type Sends = NonNullable<QueryDeps["sending"]>;

/**
 * Subscribes an address of the token's list to what the token shows: its claims are kept, and hold for every report that comes of it. The same
 * customer's address has one at a time; asking again changes it, and begins its life anew.
 * @throws MillraceError for an address that the token does not list, and when the project has too many
 */
export async function subscribe(deps: QueryDeps, sending: Sends, grant: Grant, raw: JsonObject): Promise<Subscription> {
  const { project } = grant;
  const { recipients, customer, token } = rulesOf(grant);
  refuseUnknown(raw, { known: Object.keys(SUBSCRIPTION.shape), of: "a subscription" });
  const { address: text, timezone = project.timezone, ...timing } = check(SUBSCRIPTION, raw, "subscription");
  const address = readMailAddress(text, "address");
  if (!recipients.includes(address))
    throw new MillraceError("InvalidParameterError", "address must be one of those that the page offers.");
  if (!sending.possible.mail) throw new MillraceError("InvalidParameterError", "This installation sends no mail.");
  const zone = parseZone(timezone);
  const id = hash("sha256", JSON.stringify([customer, address])).slice(0, 24);
  if (
    !(await sending.subscriptions.get(project.id, id)) &&
    (await sending.subscriptions.list(project.id)).length >= MOST
  )
    throw new MillraceError("InvalidParameterError", "There are too many subscriptions. Nothing was changed.");
  const now = deps.clock.now();
  const made: Subscription = {
    id,
    address,
    customer,
    timezone,
    ...timingOf(timing),
    claims: token.claims,
    keyId: token.keyId,
    tokenId: token.id,
    createdAt: now,
    expiresAt: now + LIFE_MS,
  };
  await sending.subscriptions.put(project.id, id, made, made.expiresAt);
  const subject = { kind: "subscription", name: id } as const;
  await sending.standings.put(project.id, { subject, dueAt: nextTime(made, zone, now), until: made.expiresAt });
  await recordChange(deps, grant, "subscription.create", address, { customer, every: made.every });
  return made;
}

/** Those that the holder of a token may see: of its customer, to its addresses. */
export async function ownSubscriptions(sending: Sends, grant: Grant): Promise<Subscription[]> {
  const { customer, recipients } = rulesOf(grant);
  const all = await sending.subscriptions.list(grant.project.id);
  return all.filter((each) => each.customer === customer && recipients.includes(each.address));
}

/** Ends those that fit, and says so in the log. */
export async function endSubscriptions(
  deps: QueryDeps,
  grant: Grant,
  fits: (subscription: Subscription) => boolean,
): Promise<number> {
  const { sending } = deps;
  if (!sending) return 0;
  const ending = (await sending.subscriptions.list(grant.project.id)).filter(fits);
  for (const { id, address, customer } of ending) {
    await dropSubscription(sending, grant.project.id, id);
    await recordChange(deps, grant, "subscription.end", address, { customer });
  }
  return ending.length;
}

export async function dropSubscription(sending: Sends, project: string, id: string): Promise<void> {
  await sending.subscriptions.delete(project, id);
  await sending.standings.delete(project, { kind: "subscription", name: id });
}

/** As its holder and whoever operates the project see it: nothing of what it is filtered by. */
export function showSubscription({ id, address, every, hour, weekday, timezone, ...rest }: Subscription): JsonObject {
  return {
    id,
    address,
    every,
    hour,
    ...(every === "weekly" && { weekday: WEEKDAYS[weekday] ?? null }),
    timezone,
    created_at: isoUtc(rest.createdAt),
    ends_at: isoUtc(rest.expiresAt),
  };
}

/** @throws MillraceError for what is no token: a share link has no holder that anybody knows */
function rulesOf({ embed }: Grant) {
  if (!embed?.token) throw new MillraceError("InvalidApiKeyError", "This needs an embed token.");
  return { ...embed, token: embed.token };
}
