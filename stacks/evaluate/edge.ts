import { createContext, runInContext } from "node:vm";
import { at, ofType, type Graph } from "./graph.ts";

/** Where CloudFront's function sends a request. */
export interface EdgeAnswer {
  /** A host, or `s3` for the site's bucket. */
  readonly origin: string;
  /** The path the origin is asked for. */
  readonly uri: string;
  readonly headers: Readonly<Record<string, { readonly value: string }>>;
}

interface EdgeRequest {
  uri: string;
  headers: Record<string, { value: string }>;
}

/** CloudFront's stores keep routes in one entry for each: these are joined as the deploy would join them. */
function storeOf(graph: Graph): Map<string, string> {
  const store = new Map<string, string>();
  const routes = new Map<string, string[]>();
  for (const entry of ofType(graph, "pulumi-nodejs:dynamic:Resource")) {
    const namespace = String(at(entry, "namespace"));
    const keys = at(entry, "entries");
    if (typeof keys === "object" && keys !== null)
      for (const [key, value] of Object.entries(keys)) store.set(`${namespace}:${key}`, String(value));
    if (at(entry, "key") === "routes")
      routes.set(namespace, [...(routes.get(namespace) ?? []), String(at(entry, "entry"))]);
  }
  for (const [namespace, list] of routes) store.set(`${namespace}:routes`, JSON.stringify(list));
  return store;
}

/** Runs the very function that CloudFront would run for each request, over the routes of the stage. */
export async function atEdge(graph: Graph, path: string, headers: Record<string, string> = {}): Promise<EdgeAnswer> {
  const [code] = ofType(graph, "aws:cloudfront/function:Function").map((each) => String(at(each, "code")));
  if (code === undefined) throw new Error("The stage has no function at CloudFront.");
  const store = storeOf(graph);
  let origin = "none";
  const cf = {
    kvs: () => ({
      get: async (key: string) => {
        const value = store.get(key);
        if (value === undefined) throw new Error(`There is no ${key}.`);
        return value;
      },
    }),
    updateRequestOrigin: (to: { domainName?: string; customOriginConfig?: object }) =>
      void (origin = to.customOriginConfig && to.domainName !== undefined ? to.domainName : "s3"),
  };
  const handler = runInContext(
    `${code.replace(/^\s*import cf from "cloudfront";/, "")}; handler`,
    createContext({ cf }),
  ) as (event: { request: EdgeRequest; viewer: { ip: string } }) => Promise<EdgeRequest>;
  const sent = Object.entries({ host: "stats.example", ...headers }).map(([name, value]) => [name, { value }]);
  const request: EdgeRequest = { uri: path, headers: Object.fromEntries(sent) as EdgeRequest["headers"] };
  const passed = await handler({ request, viewer: { ip: "203.0.113.7" } });
  return { origin, uri: passed.uri, headers: passed.headers };
}
