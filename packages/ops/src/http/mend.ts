import type { OpsCommand, OpsCommands, OpsOutcome, OpsQueue } from "@millrace/client";
import { keyOf, type DocumentedRoute, type Principal, type Route } from "@millrace/access";
import { isoUtc, MillraceError } from "@millrace/core";
import type { Context } from "hono";
import * as z from "zod";
import { MEND_COMMANDS, mendCommand, type MendCommand, type MendName } from "../mend/commands.ts";
import { deedsOf, type DeedParts } from "../mend/deeds.ts";

/** What the routes that put something right work with. */
export interface MendDeps extends DeedParts {
  readonly admit: (key: string | undefined) => Promise<Principal>;
  /** The public API in this process. */
  readonly api: { request(path: string, init: RequestInit, env?: object): Response | Promise<Response> };
  /** The stage on AWS that this is; absent: one machine. */
  readonly stage?: string | undefined;
}

const json = (schema: object) => ({ "application/json": { schema } });
const answers = (required: readonly string[]) => ({
  200: { description: "What was found and done.", content: json({ type: "object", required }) },
});
const TEXT = { type: "string" };

/** What stands in the OpenAPI document of them. */
export const MEND_ROUTES = {
  queue: {
    method: "GET",
    class: "query",
    path: "/ops/queue",
    summary: "What waits in the queue, what is dead, and whether collecting is paused. For operators.",
    operation: { answers: answers(["visible", "in_flight", "dead", "oldest_age_ms", "pause"]) },
  },
  commands: {
    method: "GET",
    class: "query",
    path: "/ops/commands",
    summary: "The commands that put something right, what each takes, and whether it can be run here. For operators.",
    operation: { answers: answers(["stage", "commands"]) },
  },
  command: {
    method: "POST",
    class: "query",
    path: "/ops/commands/:command",
    summary:
      "Runs a command that puts something right; without `do` it only says what it would do. What `after` names is sent again with the next request. For operators.",
    operation: {
      body: {
        type: "object",
        properties: { do: { type: "boolean", description: "Default: false." }, after: TEXT },
        // Those that the list of commands tells.
        additionalProperties: TEXT,
      },
      answers: answers(["done", "said", "numbers", "after"]),
    },
  },
} as const satisfies Record<string, DocumentedRoute>;

/** How it is with the queue, where the queue and its switch are in this process. */
export function queueRoute({
  admit,
  queue,
  collecting,
}: Pick<MendDeps, "admit" | "queue"> & Pick<Required<MendDeps>, "collecting">): Route {
  return {
    ...MEND_ROUTES.queue,
    handler: async (c) => {
      c.header("Cache-Control", "no-store");
      await admit(keyOf(c));
      const [{ visible, inFlight, dead, oldestAgeMs }, pause] = await Promise.all([queue.stats(), collecting.paused()]);
      const waits = { visible, in_flight: inFlight, dead, oldest_age_ms: oldestAgeMs };
      return c.json({ ...waits, pause: pause ? { at: isoUtc(pause.at), by: pause.by } : null } satisfies OpsQueue);
    },
  };
}

/** The table of commands, and each of them. Each only says what it would do until it is told to do it, and is safe to repeat. */
export function commandRoutes(deps: MendDeps): Route[] {
  const { admit, api, stage } = deps;
  const deeds = deedsOf(deps);
  const shown = (Object.entries(MEND_COMMANDS) as [MendName, MendCommand][])
    .filter(([, { onAwsAlone }]) => stage !== undefined || !onAwsAlone)
    .map(([name, command]) => showCommand(name, command, deeds.has(name)));
  return [
    {
      ...MEND_ROUTES.commands,
      handler: async (c) => {
        c.header("Cache-Control", "no-store");
        await admit(keyOf(c));
        return c.json({ stage: stage ?? null, commands: shown } satisfies OpsCommands);
      },
    },
    {
      ...MEND_ROUTES.command,
      handler: async (c) => {
        c.header("Cache-Control", "no-store");
        const who = await admit(keyOf(c));
        const name = c.req.param("command") ?? "";
        const command = mendCommand(name);
        const deed = deeds.get(name as MendName);
        if (!command || !deed) throw new MillraceError("ResourceNotFoundError", "There is no such command here.");
        const { do: isMeant, after, ...given } = await readBody(c, command);
        const ask = async (path: string, body: object) => {
          const headers = { authorization: keyOf(c) ?? "", "content-type": "application/json" };
          return api.request(path, { method: "POST", headers, body: JSON.stringify(body) }, c.env as object);
        };
        const { said, numbers, after: next = null } = await deed({ given, isMeant, after, who, ask });
        return c.json({ done: isMeant, said, numbers, after: next } satisfies OpsOutcome);
      },
    },
  ];
}

function showCommand(name: MendName, command: MendCommand, isHere: boolean): OpsCommand {
  const { title, typed, does, takes, forGood = false, waits = false } = command;
  const given = Object.entries(takes).map(([argument, { label, kind, as, required = false }]) => ({
    name: argument,
    label,
    kind,
    as,
    required,
  }));
  return { name, title, typed, does, takes: given, for_good: forGood, waits, runs: isHere };
}

const VALUE = z.string().min(1).max(300);

/** What every command takes, and its own. */
type Body = { readonly do: boolean; readonly after?: string } & Readonly<Record<string, string | undefined>>;

/** @throws MillraceError `InvalidJSONError`, `InvalidParameterError` naming what is wrong */
async function readBody(c: Context, { takes }: MendCommand) {
  const text = await c.req.text();
  let body: unknown;
  try {
    body = text === "" ? {} : JSON.parse(text);
  } catch (cause) {
    throw new MillraceError("InvalidJSONError", "The body is no JSON.", { cause });
  }
  const own = Object.entries(takes).map(([name, { required }]) => [name, required ? VALUE : VALUE.optional()] as const);
  const schema = z.strictObject({
    ...Object.fromEntries(own),
    do: z.boolean().default(false),
    after: z.string().max(2_000).optional(),
  });
  const result = schema.safeParse(body);
  if (result.success) return result.data as unknown as Body;
  const [issue] = result.error.issues;
  throw new MillraceError(
    "InvalidParameterError",
    `${issue?.path.join(".") || "The body"}: ${issue?.message ?? "is not valid"}.`,
  );
}
