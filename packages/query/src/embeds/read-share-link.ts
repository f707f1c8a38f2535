import type { NewShareLink } from "@millrace/access";
import { MillraceError, type JsonObject } from "@millrace/core";
import * as z from "zod";
import { check } from "../parse/check.ts";
import { readEmbedClaims } from "./read-claims.ts";

const DAY_MS = 86_400_000;
const MOST_DAYS = 366;
const DEFAULT_DAYS = 30;
/** Characters of JSON: it is read with every question asked through the link. */
const MOST_CHARS = 6_000;

const OWN = {
  name: z.string().trim().min(1).max(200),
  expires_in_days: z.number().positive().max(MOST_DAYS),
  password: z.string(),
} as const;

/** The body of `POST …/share-links/open`. Longer than a password can be is no wrong one: it is not hashed. */
export const OPENING = z.strictObject({ link: z.string().max(100), password: z.string().max(1_000) });

/** What a link may say of what a token may: it is opened by itself and in no other page, so it has no origins; nobody knows who has it, so nothing is sent to them. */
const OF_TOKENS_ALONE = ["customer", "origins", "recipients"];

/**
 * Reads the body of `POST …/share-links`: a name, how long it is good for, a password if it has one, and what an embed token would say.
 * @throws MillraceError naming what is wrong
 */
export function readShareLink(raw: JsonObject): NewShareLink {
  const { name: rawName, expires_in_days: rawDays = DEFAULT_DAYS, password: rawPassword, filters = [], ...more } = raw;
  const name = check(OWN.name, rawName, "name");
  const days = check(OWN.expires_in_days, rawDays, "expires_in_days");
  const password = rawPassword === undefined ? undefined : check(OWN.password, rawPassword, "password");
  const stranger = OF_TOKENS_ALONE.find((claim) => Object.hasOwn(more, claim));
  if (stranger !== undefined) throw new MillraceError("InvalidParameterError", `A link has no ${stranger}.`);
  const claims = { ...more, filters };
  const chars = JSON.stringify(claims).length;
  if (chars > MOST_CHARS) {
    const said = `The link has ${chars} characters of JSON; ${MOST_CHARS} are possible.`;
    throw new MillraceError("RequestEntityTooLarge", said);
  }
  readEmbedClaims({ ...claims, customer: name }, "InvalidParameterError");
  return { name, lifeMs: days * DAY_MS, claims, password };
}
