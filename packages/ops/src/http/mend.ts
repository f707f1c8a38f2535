import {
  keyOf,
  readDeletion,
  type Access,
  type Collecting,
  type Deletions,
  type DocumentedRoute,
  type Principal,
  type Route,
} from "@millrace/access";
import { isoUtc, MillraceError, type Clock, type EventEraser, type JsonObject, type Queue } from "@millrace/core";
import type { Context } from "hono";
import * as z from "zod";

/** What the routes that put something right work with: those of a whole installation in one process. */
export interface MendDeps {
  readonly admit: (key: string | undefined) => Promise<Principal>;
  readonly access: Pick<Access, "projects" | "audit">;
  readonly queue: Pick<Queue, "stats">;
  readonly collecting: Pick<Collecting, "paused">;
  /** The dead letters of a project, or of all. Absent: the queue keeps its own, out of our reach. */
  readonly deadLetters?: {
    count(project: string | undefined): Promise<number>;
    redrive(project: string | undefined): Promise<number>;
  };
  readonly store: Pick<EventEraser, "countWhere">;
  readonly deletions: Pick<Deletions, "delete">;
  readonly clock: Clock;
}

const json = (schema: object) => ({ "application/json": { schema } });
const answers = (required: readonly string[]) => ({
  200: { description: "What was found and done.", content: json({ type: "object", required }) },
});
const TEXT = { type: "string" };
const DO = { type: "boolean", description: "Default: false, which only counts." };
const post = { method: "POST", class: "query" } as const;

/** What stands in the OpenAPI document of them. */
export const MEND_ROUTES = {
  queue: {
    method: "GET",
    class: "query",
    path: "/ops/queue",
    summary: "What waits in the queue, what is dead, and whether collecting is paused. For operators.",
    operation: { answers: answers(["visible", "in_flight", "dead", "oldest_age_ms", "pause"]) },
  },
  redrive: {
    ...post,
    path: "/ops/redrive",
    summary: "Puts dead letters back into the queue; without `do` only counts them. For operators.",
    operation: {
      body: { type: "object", additionalProperties: false, properties: { project: TEXT, do: DO } },
      answers: answers(["letters", "done"]),
    },
  },
  erase: {
    ...post,
    path: "/ops/erase",
    summary:
      "Deletes a visitor's events, a collection's, or those of a time, for good; without `do` only counts them. For operators.",
    operation: {
      body: {
        type: "object",
        additionalProperties: false,
        required: ["project"],
        properties: { project: TEXT, visitor: TEXT, collection: TEXT, from: TEXT, to: TEXT, do: DO },
      },
      answers: answers(["events", "done"]),
    },
  },
} as const satisfies Record<string, DocumentedRoute>;

const REDRIVE = z.strictObject({ project: z.string().optional(), do: z.boolean().default(false) });
const ERASE = z
  .strictObject({
    project: z.string(),
    visitor: z.string().optional(),
    collection: z.string().optional(),
    from: z.string().optional(),
    to: z.string().optional(),
    do: z.boolean().default(false),
  })
  .refine(
    ({ visitor, collection, from, to }) => [visitor, collection, from, to].some((given) => given !== undefined),
    'needs a visitor, a collection, "from" or "to"',
  );

/** The routes by which operators put something right. Each only counts until it is told to do it, and is safe to repeat. */
export function mendRoutes(deps: MendDeps): Route[] {
  const { access, queue, collecting, deadLetters, store, deletions, clock } = deps;
  const admitted = (c: Context) => {
    c.header("Cache-Control", "no-store");
    return deps.admit(keyOf(c));
  };
  return [
    {
      ...MEND_ROUTES.queue,
      handler: async (c) => {
        await admitted(c);
        const [{ visible, inFlight, dead, oldestAgeMs }, pause] = await Promise.all([
          queue.stats(),
          collecting.paused(),
        ]);
        const waits = { visible, in_flight: inFlight, dead, oldest_age_ms: oldestAgeMs };
        return c.json({ ...waits, pause: pause ? { at: isoUtc(pause.at), by: pause.by } : null });
      },
    },
    {
      ...MEND_ROUTES.redrive,
      handler: async (c) => {
        const who = await admitted(c);
        const { project, do: isMeant } = await read(c, REDRIVE);
        if (!deadLetters) throw new MillraceError("ResourceNotFoundError", "This queue keeps its dead letters itself.");
        const letters = await (isMeant ? deadLetters.redrive(project) : deadLetters.count(project));
        if (isMeant)
          await access.audit.record({ who, what: "dead-letters.redrive", project, after: { count: letters } });
        return c.json({ letters, done: isMeant });
      },
    },
    {
      ...MEND_ROUTES.erase,
      handler: async (c) => {
        const who = await admitted(c);
        const { do: isMeant, ...asked } = await read(c, ERASE);
        const where = await readDeletion(access.projects, asked, clock.now());
        if (!isMeant) return c.json({ events: await store.countWhere(where), done: false });
        const { events } = await deletions.delete(where);
        const after = JSON.parse(JSON.stringify({ ...asked, deleted: events })) as JsonObject;
        await access.audit.record({ who, what: "events.delete", project: asked.project, after });
        return c.json({ events, done: true });
      },
    },
  ];
}

/** @throws MillraceError `InvalidJSONError`, `InvalidParameterError` naming what is wrong */
async function read<S extends z.ZodType>(c: Context, schema: S): Promise<z.output<S>> {
  const text = await c.req.text();
  let body: unknown;
  try {
    body = text === "" ? {} : JSON.parse(text);
  } catch (cause) {
    throw new MillraceError("InvalidJSONError", "The body is no JSON.", { cause });
  }
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new MillraceError(
    "InvalidParameterError",
    `${issue?.path.join(".") || "The body"}: ${issue?.message ?? "is not valid"}.`,
  );
}
