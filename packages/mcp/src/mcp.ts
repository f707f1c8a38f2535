import { createMcpHandler, McpServer } from "@modelcontextprotocol/server";
import packageJson from "../package.json" with { type: "json" };
import { openProject, type CallApi, type ProjectApi, type Refusal } from "./api.ts";
import { addTool } from "./tools/tool.ts";
import { describeCollection, listCollections } from "./tools/schema.ts";
import { compare, query } from "./tools/metric.ts";
import { funnel, paths, retention } from "./tools/actors.ts";
import { ledger } from "./tools/ledger.ts";

/** The MCP server as one handler of requests. */
export interface Mcp {
  /**
   * Answers one request of the Streamable HTTP transport. Nothing is kept between two: any process may answer the next.
   * @param call how the API is reached for this request
   */
  handle(request: Request, call: CallApi): Promise<Response>;
}

/** A question is small; a body larger than this is not read. */
const MAX_BODY_BYTES = 256_000;

const NO_KEY: Refusal = {
  ok: false,
  status: 401,
  message: "Send a read, access or master key as bearer token.",
  code: "InvalidApiKeyError",
};

const INSTRUCTIONS = `Millrace holds the usage events (page views, clicks, interactions) of one project, and answers questions about them.
Begin with list_collections and describe_collection. Compare times with compare, count with query, follow people with funnel, retention and paths. Numbers are exact unless the answer's meta says otherwise.`;

/**
 * An assistant's way to the data: tools that each ask one question of the public API, with the caller's own key. The bearer token
 * is a read, access or master key.
 */
export function createMcp(): Mcp {
  const handler = createMcpHandler(
    ({ authInfo }) => {
      // Put there by handle() below, the only way in.
      const api = authInfo?.extra?.["api"] as ProjectApi;
      const server = new McpServer(
        { name: "millrace", title: `Millrace: ${api.project.name}`, version: packageJson.version },
        { instructions: INSTRUCTIONS },
      );
      addTool(server, api, listCollections);
      addTool(server, api, describeCollection);
      addTool(server, api, query);
      addTool(server, api, compare);
      addTool(server, api, funnel);
      addTool(server, api, retention);
      addTool(server, api, paths);
      addTool(server, api, ledger);
      return server;
    },
    { responseMode: "json", maxRequestBodySize: MAX_BODY_BYTES },
  );
  return {
    async handle(request, call) {
      const key = bearerOf(request);
      if (key === undefined) return refused(NO_KEY);
      const api = await openProject(call, key);
      if ("ok" in api) return refused(api);
      return handler.fetch(request, { authInfo: { token: key, clientId: api.project.id, scopes: [], extra: { api } } });
    },
  };
}

function bearerOf(request: Request): string | undefined {
  return /^bearer\s+(\S+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
}

/** The API's word, as it would have said it itself. */
function refused({ status, message, code }: Refusal): Response {
  // RFC 6750 section 3: from this header a client learns how to ask.
  const headers = status === 401 ? { "WWW-Authenticate": 'Bearer realm="millrace"' } : {};
  return Response.json({ message, error_code: code }, { status: status >= 400 ? status : 502, headers });
}
