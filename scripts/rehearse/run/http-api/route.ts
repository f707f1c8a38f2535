/** A route of an HTTP API: `POST /path/{parameter}`, `ANY /path/{rest+}` or `$default`. */
export interface Route {
  readonly key: string;
  /** The function's ARN. */
  readonly integration: string;
}

export interface Found {
  readonly route: Route;
  readonly parameters: Readonly<Record<string, string>>;
}

/**
 * The route of a request, as API Gateway chooses it: the most specific path, a method of its own before ANY, `$default` last.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
 * @param path decoded
 */
export function findRoute(routes: readonly Route[], method: string, path: string): Found | undefined {
  const found = routes
    .map((route) => ({ route, ...match(route.key, method, path) }))
    .filter((each): each is Found & { rank: string } => each.rank !== undefined)
    .sort((a, b) => (a.rank < b.rank ? -1 : 1));
  return found[0];
}

/** The lower, the more specific: per part of the path a digit (text, parameter, greedy), then the method. */
function match(key: string, method: string, path: string): { rank?: string; parameters: Record<string, string> } {
  const parameters: Record<string, string> = {};
  if (key === "$default") return { rank: "9", parameters };
  const [wanted = "", template = ""] = key.split(" ");
  if (wanted !== method && wanted !== "ANY") return { parameters };
  const [pattern, given] = [template.split("/"), path.split("/")];
  let rank = "";
  for (const [at, part] of pattern.entries()) {
    const [, name, greedy] = /^\{([^+}]+)(\+)?\}$/.exec(part) ?? [];
    const value = greedy ? given.slice(at).join("/") : given[at];
    if (value === undefined || (name !== undefined && value === "")) return { parameters };
    if (name === undefined && value !== part) return { parameters };
    if (name !== undefined) parameters[name] = value;
    rank += name === undefined ? "0" : greedy ? "2" : "1";
    if (greedy) return { rank: `${rank}${wanted === "ANY" ? "1" : "0"}`, parameters };
  }
  return pattern.length === given.length
    ? { rank: `${rank}${wanted === "ANY" ? "1" : "0"}`, parameters }
    : { parameters };
}
