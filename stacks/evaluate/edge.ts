import { runEdgeFunction } from "./edge-function.ts";
import { at, ofType, type Graph } from "./graph.ts";

/** Where CloudFront's function sends a request. */
export interface EdgeAnswer {
  /** A host, or `s3` for the site's bucket. */
  readonly origin: string;
  /** The path the origin is asked for. */
  readonly uri: string;
  readonly headers: Readonly<Record<string, { readonly value: string }>>;
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
  const viewer = { method: "GET", uri: path, headers: { host: "stats.example", ...headers }, ip: "203.0.113.7" };
  const { origin, uri, headers: passed } = await runEdgeFunction(code, storeOf(graph), viewer);
  return { origin: origin === undefined ? "none" : origin.isS3 ? "s3" : origin.host, uri, headers: passed };
}
