import type { DocumentedRoute, Operation } from "@millrace/access";
import { EXAMPLES } from "./openapi-examples.ts";
import type { Analysis } from "../parse/analyses.ts";
import { analysisSchemas, ANSWER_SCHEMAS, BATCH_SCHEMA, FILTER_SCHEMAS } from "./openapi-schemas.ts";

const QUERY_PATH = "/3.0/projects/:project/queries/:analysis";
const BATCH_PATH = "/3.0/projects/:project/queries/batch";

const json = (schema: object) => ({ "application/json": { schema } });
const ERROR = json({ $ref: "#/components/schemas/Error" });
/** Every error there is, whatever the route: a client that knows these statuses knows all. */
const ERRORS = Object.fromEntries(
  [
    [400, "The request is wrong; the message names what is."],
    [401, "The key is missing, unknown or not enough."],
    [404, "There is no such project, collection or property."],
    [405, "Not with this method."],
    [413, "The body is too large."],
    [429, "The project asks more than its share; Retry-After says when it may again."],
    [431, "The address and the headers are too long; a POST takes the same parameters in its body."],
    [503, "Something behind the API does not answer; the same request may succeed later."],
    [504, "The question took too long."],
  ].map(([status, description]) => [
    String(status),
    {
      description,
      // Longer headers than Node takes are turned away before anything of ours sees them.
      ...(status !== 431 && { content: ERROR }),
      ...(status === 429 && { headers: { "Retry-After": { description: "Seconds.", schema: { type: "integer" } } } }),
    },
  ]),
);
const SHARE = {
  "RateLimit-Policy": {
    description: "Milliseconds of the engine a project may use a minute.",
    schema: { type: "string" },
  },
  RateLimit: { description: "What is left of them, and the seconds until all are back.", schema: { type: "string" } },
};
const READ: Operation = {
  answers: { 200: { description: "The answer.", headers: SHARE, content: json({ type: ["object", "array"] }) } },
};
const asked = (analysis: Analysis): Operation => ({
  answers: {
    200: {
      description: "The result.",
      headers: SHARE,
      content: { ...json({ $ref: "#/components/schemas/Answer" }), ...(analysis === "extraction" && FILES) },
    },
  },
});
/** With content_type, or an Accept header that prefers one of them. */
const FILES = {
  "text/csv": { schema: { type: "string" } },
  "application/vnd.apache.parquet": { schema: { type: "string", format: "binary" } },
};
const EXAMPLE_BATCH = {
  max_age: 10,
  queries: {
    visitors: {
      analysis_type: "count_unique",
      event_collection: "pageviews",
      target_property: "$visitor",
      timeframe: "today",
    },
    ledger: { ledger: { timeframe: "today" } },
  },
};
/** What a description of collections may be asked to hold or leave out. */
export const SCHEMAS: Operation = {
  ...READ,
  query: { standard_fields: { type: "boolean" }, include_schema: { type: "boolean" } },
};
const BATCH: Operation = { ...READ, body: BATCH_SCHEMA, example: EXAMPLE_BATCH };

/**
 * The OpenAPI 3.1 document of these routes. The route that runs analyses becomes one path for each of them, with the
 * parameters it takes. Routes of one path and method (a schema is read where an event is recorded) become one operation.
 */
export function openApiDocument(routes: readonly DocumentedRoute[]): object {
  const paths: Record<string, Record<string, object>> = {};
  const byOperation = Map.groupBy(
    routes.filter(({ path }) => path !== QUERY_PATH),
    ({ method, path }) => `${method} ${path}`,
  );
  for (const group of byOperation.values()) {
    const [first] = group;
    if (!first) continue;
    (paths[templateOf(first.path)] ??= {})[first.method.toLowerCase()] = operationOf(first.path, group);
  }
  for (const [analysis, summary, schema] of analysisSchemas()) {
    paths[templateOf(QUERY_PATH).replace("{analysis}", analysis)] = {
      get: {
        summary,
        parameters: [...projectParameter, ...queryParametersOf(schema)],
        responses: responsesOf([asked(analysis)]),
      },
      post: {
        summary,
        parameters: projectParameter,
        requestBody: { required: true, content: { "application/json": { schema, example: EXAMPLES[analysis] } } },
        responses: responsesOf([asked(analysis)]),
      },
    };
  }
  return {
    openapi: "3.1.0",
    info: { title: "Millrace", version: "3.0", description: "Collect and query events. Compatible with Keen's API." },
    security: [{ header: [] }, { parameter: [] }],
    paths,
    components: {
      securitySchemes: {
        header: { type: "apiKey", in: "header", name: "Authorization", description: "The bare key." },
        parameter: { type: "apiKey", in: "query", name: "api_key" },
      },
      schemas: {
        ...FILTER_SCHEMAS,
        ...ANSWER_SCHEMAS,
        Error: {
          type: "object",
          required: ["message", "error_code"],
          properties: { message: { type: "string" }, error_code: { type: "string" } },
        },
      },
    },
  };
}

function operationOf(path: string, group: readonly DocumentedRoute[]): object {
  const operations = group.map(
    ({ method, path, operation }) => operation ?? (method === "POST" && path === BATCH_PATH ? BATCH : READ),
  );
  const { body, example } = operations.find((operation) => operation.body) ?? {};
  const { form } = operations.find((operation) => operation.form) ?? {};
  const query = Object.assign({}, ...operations.map((operation) => operation.query));
  const headers = Object.assign({}, ...operations.map((operation) => operation.headers));
  return {
    summary: group.map(({ summary }) => summary).join(" "),
    parameters: [
      ...pathParameters(path),
      ...Object.entries(query).map(([name, schema]) => ({ name, in: "query", required: false, schema })),
      ...Object.entries(headers).map(([name, schema]) => ({ name, in: "header", required: false, schema })),
    ],
    ...(body !== undefined && {
      requestBody: { required: true, content: { "application/json": { schema: body, ...(example && { example }) } } },
    }),
    ...(form !== undefined && {
      requestBody: { required: true, content: { "application/x-www-form-urlencoded": { schema: form } } },
    }),
    responses: responsesOf(operations),
  };
}

function responsesOf(operations: readonly Operation[]): object {
  const answers = { ...ERRORS, ...Object.assign({}, ...operations.map((operation) => operation.answers)) };
  if (!operations.some(({ query }) => query && "jsonp" in query)) return answers;
  // To a script tag an error is a script too, with the error's own status.
  const asked = [400, 401, 404, 413].map((status) => [
    status,
    { ...ERRORS[status], content: { ...ERROR, "application/javascript": {} } },
  ]);
  return { ...answers, ...Object.fromEntries(asked) };
}

const projectParameter = pathParameters("/:project");

function templateOf(path: string): string {
  return path.replaceAll(/:(\w+)/g, "{$1}");
}

function pathParameters(path: string): object[] {
  return [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: "path",
    required: true,
    schema: { type: "string" },
  }));
}

/** In a GET a value that is an object or a list is JSON text. */
function queryParametersOf(schema: { properties?: Record<string, object>; required?: readonly string[] }): object[] {
  return Object.entries(schema.properties ?? {}).map(([name, value]) => ({
    name,
    in: "query",
    required: schema.required?.includes(name) ?? false,
    content: { "application/json": { schema: value } },
  }));
}
