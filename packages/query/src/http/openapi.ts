import type { Route } from "@millrace/access";
import { analysisSchemas, BATCH_SCHEMA, FILTER_SCHEMAS } from "./openapi-schemas.ts";

const QUERY_PATH = "/3.0/projects/:project/queries/:analysis";
const BATCH_PATH = "/3.0/projects/:project/queries/batch";
const ERROR_ANSWER = {
  description: "An error, in the same form whatever went wrong.",
  content: { "application/json": { schema: { $ref: "#/components/schemas/Error" } } },
};
const ANSWERS = {
  "200": {
    description: "The answer.",
    headers: {
      "RateLimit-Policy": {
        description: "Milliseconds of the engine a project may use a minute.",
        schema: { type: "string" },
      },
      RateLimit: {
        description: "What is left of them, and the seconds until all are back.",
        schema: { type: "string" },
      },
    },
  },
  "429": {
    ...ERROR_ANSWER,
    description: "The project asks more than its share.",
    headers: { "Retry-After": { description: "Seconds.", schema: { type: "integer" } } },
  },
  default: ERROR_ANSWER,
};

/**
 * The OpenAPI 3.1 document of these routes. The route that runs analyses becomes one path for each of them, with the
 * parameters it takes.
 */
export function openApiDocument(routes: readonly Route[]): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) {
    if (route.path === QUERY_PATH) continue;
    (paths[templateOf(route.path)] ??= {})[route.method.toLowerCase()] = {
      summary: route.summary,
      parameters: pathParameters(route.path),
      ...(route.path === BATCH_PATH && route.method === "POST" && { requestBody: batchBody() }),
      responses: ANSWERS,
    };
  }
  for (const [analysis, summary, schema] of analysisSchemas()) {
    paths[templateOf(QUERY_PATH).replace("{analysis}", analysis)] = {
      get: { summary, parameters: [...projectParameter, ...queryParametersOf(schema)], responses: ANSWERS },
      post: {
        summary,
        parameters: projectParameter,
        requestBody: { required: true, content: { "application/json": { schema } } },
        responses: ANSWERS,
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
        Error: {
          type: "object",
          required: ["message", "error_code"],
          properties: { message: { type: "string" }, error_code: { type: "string" } },
        },
      },
    },
  };
}

function batchBody(): object {
  const example = {
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
  return { required: true, content: { "application/json": { schema: BATCH_SCHEMA, example } } };
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
