import {
  EXECUTION_ORDERS,
  EXECUTION_STATUSES,
  MillraceError,
  type ExecutionOrder,
  type ExecutionSearch,
} from "@millrace/core";
import * as z from "zod";

const HOUR_MS = 3_600_000;
const UNITS = { s: 1_000, m: 60_000, h: HOUR_MS, d: 24 * HOUR_MS } as const;
const MAX_TEXT = 400;
/** Spans of time of one summary. */
const MAX_SPANS = 200;
const DEFAULT_SPANS = 60;

const text = z.string().min(1).max(MAX_TEXT);
const texts = z.union([text.transform((one) => [one]), z.array(text).max(10)]).optional();
const amount = z.coerce.number().nonnegative().optional();
const whole = (least: number, most: number, otherwise: number) =>
  z.coerce.number().int().min(least).max(most).default(otherwise);
const instant = z.iso
  .datetime({ offset: true, error: "must be a time with its zone, such as 2026-11-29T12:00:00Z" })
  .transform((iso) => Date.parse(iso))
  .optional();

const PARAMETERS = z.strictObject({
  since: z
    .string()
    .regex(/^\d{1,6}[smhd]$/, "must be a number with s, m, h or d, such as 1h")
    .optional(),
  from: instant,
  to: instant,
  function: text.optional(),
  status: z.enum([...EXECUTION_STATUSES, "any-failure"]).optional(),
  fingerprint: text.optional(),
  trigger: text.optional(),
  cold: z
    .enum(["true", "false"])
    .transform((word) => word === "true")
    .optional(),
  min_duration: amount,
  min_memory: amount,
  label: texts,
  project: texts,
  batch: texts,
  order: z.enum(EXECUTION_ORDERS).default("newest"),
  limit: whole(1, 1_000, 50),
  spans: whole(1, MAX_SPANS, DEFAULT_SPANS),
  api_key: z.string().optional(),
});

/** The same for the OpenAPI document. */
export const SEARCH_PARAMETERS = z.toJSONSchema(PARAMETERS.omit({ api_key: true }), { io: "input" })
  .properties as Record<string, object>;

export interface AskedSearch {
  readonly search: ExecutionSearch;
  readonly order: ExecutionOrder;
  readonly limit: number;
  /** Ends of the spans of a summary. */
  readonly edges: readonly number[];
}

/**
 * Reads a search from the parameters of a query string: the last hour unless they say otherwise.
 * @throws MillraceError `InvalidParameterError` naming the parameter, `InvalidTimeframeError`
 */
export function readSearch(raw: Readonly<Record<string, string | readonly string[]>>, now: number): AskedSearch {
  const read = PARAMETERS.safeParse(raw);
  if (!read.success) throw badParameter(read.error.issues[0]);
  const { since, label = [], project = [], batch = [], order, limit, spans, ...asked } = read.data;
  const to = asked.to ?? now;
  const from = asked.from ?? to - (since === undefined ? HOUR_MS : durationOf(since));
  if (since !== undefined && asked.from !== undefined)
    throw new MillraceError("InvalidTimeframeError", "since and from are two ways to say the same; give one.");
  if (from >= to) throw new MillraceError("InvalidTimeframeError", "from must be before to.");
  const labels = [...label, ...project.map((id) => `project=${id}`), ...batch.map((id) => `batch=${id}`)];
  const search: ExecutionSearch = {
    from,
    to,
    labels,
    ...(asked.function !== undefined && { function: asked.function }),
    ...(asked.status !== undefined && { status: asked.status }),
    ...(asked.fingerprint !== undefined && { fingerprint: asked.fingerprint }),
    ...(asked.trigger !== undefined && { trigger: asked.trigger }),
    ...(asked.cold !== undefined && { cold: asked.cold }),
    ...(asked.min_duration !== undefined && { minDurationMs: asked.min_duration }),
    ...(asked.min_memory !== undefined && { minMemory: asked.min_memory }),
  };
  return { search, order, limit, edges: edgesOf(from, to, spans) };
}

function durationOf(text: string): number {
  const unit = text.at(-1) as keyof typeof UNITS;
  return Number(text.slice(0, -1)) * UNITS[unit];
}

/** At most so many spans of whole milliseconds, equal but for the last. */
function edgesOf(from: number, to: number, spans: number): number[] {
  const step = Math.ceil((to - from) / spans);
  const edges = [];
  for (let edge = from; edge < to; edge += step) edges.push(edge);
  return [...edges, to];
}

function badParameter(issue: z.core.$ZodIssue | undefined): MillraceError {
  const unknown = issue?.code === "unrecognized_keys" ? issue.keys[0] : undefined;
  const message =
    unknown === undefined
      ? `${issue?.path.join(".") ?? "A parameter"}: ${issue?.message ?? "is not valid"}.`
      : `There is no parameter ${unknown.slice(0, 80)} here.`;
  return new MillraceError("InvalidParameterError", message);
}
