import type { OwnClaims } from "@millrace/access";
import {
  all,
  EMBED_OPERATIONS,
  EMBED_PANEL_NAMES,
  EMBED_PANELS,
  EMBED_THEMES,
  fieldsOfFilter,
  MillraceError,
  type EmbedPanel,
  type ErrorCode,
  type Filter,
  type JsonObject,
} from "@millrace/core";
import { isMailAddress } from "@millrace/ops";
import * as z from "zod";
import { check } from "../parse/check.ts";
import { refuseUnknown } from "../parse/known.ts";
import { parseForcedFilters } from "../parse/parse-filters.ts";
import { cleanJson } from "../parse/json-text.ts";

const MOST_NAMES = 50;
const MOST_RECIPIENTS = 20;
const name = z.string().min(1).max(200);
const instant = z.iso.datetime({ offset: true, error: "must be an instant such as 2026-01-01T00:00:00Z" });

/** What a token may say beside what every JWT does, under the names it travels by. */
const CLAIMS = z.object({
  customer: name,
  filters: z.array(z.unknown(), { error: "must be a list of filters" }).max(20),
  panels: z
    .array(z.enum(EMBED_PANEL_NAMES as [EmbedPanel, ...EmbedPanel[]]))
    .min(1)
    .default(EMBED_PANEL_NAMES.filter((panel) => panel !== "events")),
  collections: z.array(name).min(1).max(MOST_NAMES).default(["pageviews", "engagement"]),
  properties: z.array(name).max(MOST_NAMES).default([]),
  operations: z.array(z.enum(EMBED_OPERATIONS)).min(1).default(["view"]),
  annotations: z.boolean().default(false),
  window: z.strictObject({ start: instant.optional(), end: instant.optional() }).optional(),
  origins: z
    .array(z.string().refine(isOrigin, { error: "must be an origin such as https://app.example.com" }))
    .max(MOST_NAMES)
    .default([]),
  recipients: z
    .array(z.string().refine(isMailAddress, { error: "must be a mail address such as ada@example.com" }))
    .max(MOST_RECIPIENTS)
    .default([]),
  theme: z.enum(EMBED_THEMES).optional(),
  accent: z
    .string()
    .regex(/^#[0-9a-f]{6}$/i, { error: "must be a colour such as #0b6a8f" })
    .optional(),
  locale: z.string().refine(isLocale, { error: "must be a language such as en or pt-BR" }).optional(),
});

/**
 * What an embed token lets see, read strictly: a claim that is not understood could be one that narrows.
 * @param code of the refusal. Default: that of a key, which a token is; a request to make one is another thing
 * @throws MillraceError naming the claim
 */
export function readEmbedClaims(raw: JsonObject, code: ErrorCode = "InvalidApiKeyError"): OwnClaims {
  refuseUnknown(raw, { known: Object.keys(CLAIMS.shape), of: "an embed token" });
  const { filters: _, operations, properties, ...rules } = check(CLAIMS, raw, "claims", code);
  if (operations.includes("reports") !== rules.recipients.length > 0)
    throw new MillraceError(
      code,
      "claims.recipients: reports go to these addresses; the operation reports needs them, and they it.",
    );
  // Of the request itself: what the schema gives back lacks a property that is called __proto__.
  const forced = parseForcedFilters(cleanJson(raw["filters"] ?? [], "claims.filters"), "claims.filters");
  const forcedNames = new Set(fieldsOfFilter(forced));
  const named = [...rules.panels.flatMap((panel) => EMBED_PANELS[panel]), ...properties];
  return {
    operations,
    filter: all(forced, ...within(rules.window)),
    rules: {
      ...rules,
      recipients: rules.recipients.map((address) => address.toLowerCase()),
      properties: new Set(named.filter((each) => isCounted(each) || !forcedNames.has(each))),
    },
  };
}

/** What all panels count by stays, or there would be no panel: `$collection` is forced by what a token lists anyway. */
function isCounted(property: string): boolean {
  return (EMBED_PANELS.metrics as readonly string[]).includes(property);
}

function within({ start, end }: { start?: string | undefined; end?: string | undefined } = {}): Filter<string>[] {
  const field = "keen.timestamp";
  return [
    ...(start === undefined ? [] : [{ kind: "compare", field, op: "gte", value: start } as const]),
    ...(end === undefined ? [] : [{ kind: "compare", field, op: "lt", value: end } as const]),
  ];
}

/** As a browser writes it: it goes into a header, and is compared with what the browser says of a message. */
function isOrigin(text: string): boolean {
  return /^https?:\/\//.test(text) && URL.parse(text)?.origin === text;
}

function isLocale(text: string): boolean {
  try {
    return Intl.getCanonicalLocales(text).length === 1 && text.length <= 35;
  } catch {
    return false;
  }
}
