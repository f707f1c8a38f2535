import type { Operation, Route } from "@millrace/access";
import { isObject, isoUtc, MillraceError, type JsonObject } from "@millrace/core";
import type { Context, Handler } from "hono";
import type { QueryDeps } from "../deps.ts";
import { check } from "../parse/check.ts";
import { refuseUnknown } from "../parse/known.ts";
import { DEFINITION } from "../parse/wire.ts";
import { DEFINITION_KINDS, type DefinitionKind, type Versioned } from "../stored/definitions.ts";
import { checkName } from "../stored/names.ts";
import { found } from "../stored/run-saved.ts";
import { authenticated, param, recordChange, routesUnder, type Authenticated } from "./asking.ts";
import { list, readPage } from "./list.ts";
import { DEFINITION_BODY, DEFINITION_EXAMPLE, DEFINITION_RESOURCE } from "./openapi-stored.ts";

/** Of one definition, characters of JSON. */
const MOST_CHARS = 50_000;
/** A change sends back what it has read. */
const SHOWN = ["name", "created_date", "last_modified_date", "api_key"];

/** `…/definitions/{kind}`: read by whoever reads the project, changed by whoever may define. */
export function definitionRoutes(deps: QueryDeps): Route[] {
  const { definitions } = deps.stored;
  const route = routesUnder("/definitions");
  const reads = (
    known: readonly string[],
    answer: (c: Context, asked: Authenticated) => Promise<JsonObject | JsonObject[]>,
  ): Handler =>
    authenticated(deps, "read", async (c, asked) => {
      refuseUnknown(asked.raw, { known, passed: ["api_key", "jsonp"], of: "definitions" });
      // A title may name what the key must not see.
      if (asked.grant.queryFilter) {
        throw new MillraceError("InvalidApiKeyError", "A key with filters cannot read definitions.");
      }
      return answer(c, asked);
    });

  return [
    route(
      "GET",
      "/:kind",
      "The boards, goals, segments or annotations of the project, by name; with `limit` in pages.",
      reads(["limit", "after_name"], async (c, { grant, raw }) => {
        const kind = kindOf(c);
        return list(
          {
            page: (page) => definitions.page(grant.project.id, kind, page),
            nameOf: ({ name }) => name,
            show,
            what: kind,
            afterParameter: "after_name",
          },
          readPage(raw, "after_name"),
        );
      }),
      {
        query: { limit: { type: "integer", minimum: 1, maximum: 1_000 }, after_name: { type: "string" } },
        answers: ok({ type: "array", items: DEFINITION_RESOURCE }),
      },
    ),
    route(
      "GET",
      "/:kind/:name",
      "One board, goal, segment or annotation.",
      reads([], async (c, { grant }) =>
        show(found(await definitions.get(grant.project.id, kindOf(c), param(c, "name")), "definition")),
      ),
      { answers: ok(DEFINITION_RESOURCE) },
    ),
    route(
      "PUT",
      "/:kind/:name",
      "Defines a board, goal, segment or annotation, or replaces one.",
      authenticated(deps, "define", async (c, { grant, raw }) => {
        const kind = kindOf(c);
        const name = checkName(param(c, "name"), "name");
        const { version, ...definition } = readDefinition(raw);
        const made = await definitions.put(grant.project.id, kind, { name, ...definition }, version);
        if (!made) {
          throw new MillraceError(
            "InvalidParameterError",
            `version: it was changed meanwhile. Read it again, then change it.`,
          );
        }
        const isNew = made.version === 1;
        await recordChange(deps, grant, `${ONE[kind]}.${isNew ? "create" : "change"}`, name);
        return c.json(show(made), isNew ? 201 : 200);
      }),
      {
        body: DEFINITION_BODY,
        example: DEFINITION_EXAMPLE,
        answers: {
          ...ok(DEFINITION_RESOURCE, "It was there and is replaced."),
          201: { description: "It is new.", content: { "application/json": { schema: DEFINITION_RESOURCE } } },
        },
      },
    ),
    route(
      "DELETE",
      "/:kind/:name",
      "Forgets a board, goal, segment or annotation.",
      authenticated(deps, "define", async (c, { grant }) => {
        const kind = kindOf(c);
        found((await definitions.delete(grant.project.id, kind, param(c, "name"))) || undefined, "definition");
        await recordChange(deps, grant, `${ONE[kind]}.delete`, param(c, "name"));
        return c.body(null, 204);
      }),
      { answers: { 204: { description: "It is gone." } } },
    ),
  ];
}

/** As the audit log calls one of them. */
const ONE = { boards: "board", goals: "goal", segments: "segment", annotations: "annotation" } as const;

function kindOf(c: Context): DefinitionKind {
  const kind = DEFINITION_KINDS.find((each) => each === param(c, "kind"));
  if (kind) return kind;
  throw new MillraceError("ResourceNotFoundError", `There are definitions of ${DEFINITION_KINDS.join(", ")}.`);
}

/** @throws MillraceError naming what is wrong */
function readDefinition(raw: JsonObject): { title: string; content: JsonObject; version?: number } {
  refuseUnknown(raw, { known: Object.keys(DEFINITION), passed: SHOWN, of: "a definition" });
  const title = check(DEFINITION.title, raw["title"], "title");
  check(DEFINITION.content, raw["content"], "content");
  const content = isObject(raw["content"]) ? raw["content"] : {};
  const chars = JSON.stringify(content).length;
  if (chars > MOST_CHARS) {
    throw new MillraceError(
      "RequestEntityTooLarge",
      `The content has ${chars} characters of JSON; ${MOST_CHARS} are possible.`,
    );
  }
  const version = raw["version"];
  return { title, content, ...(version !== undefined && { version: check(DEFINITION.version, version, "version") }) };
}

function show({ name, title, content, createdAt, modifiedAt, version }: Versioned): JsonObject {
  return {
    name,
    title,
    content,
    created_date: isoUtc(createdAt),
    last_modified_date: isoUtc(modifiedAt),
    version,
  };
}

function ok(schema: object, description = "The answer."): Operation["answers"] {
  return { 200: { description, content: { "application/json": { schema } } } };
}
