import type { Operation, Route } from "@millrace/access";
import { isoUtc, type Json, type JsonObject, type RejectedEvent } from "@millrace/core";
import * as z from "zod";
import type { QueryDeps } from "../deps.ts";
import { check } from "../parse/check.ts";
import { findRejected } from "../rejected/find-rejected.ts";
import type { RejectedDeps } from "../rejected/deps.ts";
import { placeText, readPlace, readRejectedSearch, WHICH, shownRaw } from "../rejected/read-rejected.ts";
import { replayRejected, type ReplayParts } from "../rejected/replay-rejected.ts";
import type { Answers } from "../share/answers.ts";
import type { Engine } from "../share/engine.ts";
import { authenticate, readParameters, recordChange, routesUnder, withStore } from "./asking.ts";
import { jsonOrJsonp, type Limits } from "./jsonp.ts";

type Deps = QueryDeps & { readonly answers: Answers };

/** Groups of which an example is shown. */
const MOST_GROUPS = 50;
const LIMIT = z.coerce.number().int().min(1).max(500);
const SEND = z.boolean();
/** Of the request's time, for a page that is begun and for the answer. */
const FOR_THE_ANSWER_MS = 8_000;

/** `…/rejected`: for the master key and for people who operate the project. None where rejected events cannot be read. */
export function rejectedRoutes(deps: Deps): Route[] {
  return deps.rejected ? routesOf(deps, deps.rejected) : [];
}

function routesOf(deps: Deps, { source, queue }: RejectedDeps): Route[] {
  const route = routesUnder("/rejected");
  const asking = (answer: (asked: Asked) => Promise<Json>) =>
    jsonOrJsonp(deps, async (c, limits) => {
      const grant = await authenticate(deps, c, "operate");
      const raw = await readParameters(c);
      const asked = { raw, project: grant.project.id, now: deps.clock.now(), limits };
      return withStore(deps, c, { grant, limits, maxAge: 0 }, (engine) =>
        answer({
          ...asked,
          engine,
          record: (what, after) => recordChange(deps, grant, what, grant.project.id, after),
        }),
      );
    });
  return [
    route(
      "GET",
      "",
      "Accepted events that could not be stored, by reason and collection, each with when it began and one of them as an example.",
      asking(async ({ raw, project, now, engine }) => {
        const { query } = readRejectedSearch(raw, { project, now });
        const groups = await engine.use((options) => source.rejectedGroups(query, options));
        const shown = groups.slice(0, MOST_GROUPS).map(async ({ reason, collection, count, firstAt, lastAt }) => {
          const its = { ...query, reason, collection };
          const [sample] = await engine.use((options) => source.rejectedEvents(its, { limit: 1 }, options));
          const times = { first_at: isoUtc(firstAt), last_at: isoUtc(lastAt) };
          return { reason, collection, count, ...times, sample: sample ? shownEvent(sample) : null };
        });
        return { groups: await Promise.all(shown), complete: groups.length <= MOST_GROUPS };
      }),
      operation({ names: WHICH, schema: { type: "object", required: ["groups", "complete"] } }),
    ),
    route(
      "GET",
      "/events",
      "Accepted events that could not be stored, the newest first, as they were accepted and with what was wrong.",
      asking(async ({ raw, project, now, engine }) => {
        const search = readRejectedSearch(raw, { project, now, more: ["text", "limit", "after"] });
        const limit = raw["limit"] === undefined ? 50 : check(LIMIT, raw["limit"], "limit");
        const found = await findRejected(source, (work) => engine.use(work), search, { limit, after: readPlace(raw) });
        return { events: found.events.map(shownEvent), after: found.after ? placeText(found.after) : null };
      }),
      operation({
        names: [...WHICH, "text", "after"],
        more: { limit: { type: "integer", minimum: 1, maximum: 500, description: "Default: 50." } },
        schema: { type: "object", required: ["events", "after"] },
      }),
    ),
    route(
      "POST",
      "/replay",
      "Sends rejected events through the pipeline again, after what was wrong is mended; without `send` only counts them. Safe to repeat.",
      asking(async ({ raw, project, now, engine, limits, record }) => {
        const { send = false, ...which } = raw;
        const search = readRejectedSearch(which, { project, now, more: ["text", "after"] });
        const until = performance.now() + limits.timeoutMs - FOR_THE_ANSWER_MS;
        const parts: ReplayParts = {
          source,
          queue,
          use: (work) => engine.use(work),
          isLate: () => performance.now() > until,
        };
        const asked = { send: check(SEND, send, "send"), after: readPlace(raw) };
        const { found, withoutRaw, sent, after } = await replayRejected(parts, search, asked);
        const answer = { found, without_raw: withoutRaw, sent, after: after ? placeText(after) : null };
        if (sent > 0) await record("rejected.replay", { asked: which, ...answer });
        return answer;
      }),
      {
        body: {
          type: "object",
          additionalProperties: false,
          properties: {
            send: { type: "boolean", description: "Default: false, which only counts." },
            ...parameters([...WHICH, "text", "after"]),
          },
        },
        answers: {
          200: {
            description: "What was found and sent; `after` is where the next request goes on, null when all were seen.",
            content: {
              "application/json": { schema: { type: "object", required: ["found", "without_raw", "sent", "after"] } },
            },
          },
        },
      },
    ),
  ];
}

interface Asked {
  readonly raw: JsonObject;
  readonly project: string;
  /** Milliseconds UTC. */
  readonly now: number;
  readonly engine: Engine;
  readonly limits: Limits;
  readonly record: (what: `${string}.${string}`, after: JsonObject) => Promise<void>;
}

function shownEvent({ receivedAt, raw, ...event }: RejectedEvent): JsonObject {
  return { ...event, received_at: isoUtc(receivedAt), raw: shownRaw(raw) };
}

function parameters(names: readonly string[]): Record<string, object> {
  return Object.fromEntries(names.map((name) => [name, name === "timeframe" ? TIMEFRAME : { type: "string" }]));
}

const TIMEFRAME = {
  type: ["string", "object"],
  description: "Of receipt, as in a question. Default: all that is kept.",
};

function operation(of: {
  readonly names: readonly string[];
  readonly more?: Record<string, object>;
  readonly schema: object;
}): Operation {
  return {
    query: { ...parameters(of.names), ...of.more },
    answers: { 200: { description: "What was found.", content: { "application/json": { schema: of.schema } } } },
  };
}
