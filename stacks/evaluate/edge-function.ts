import { createContext, runInContext } from "node:vm";

/** A viewer's request as a function at CloudFront gets it. */
export interface ViewerRequest {
  readonly method: string;
  readonly uri: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The viewer's address. */
  readonly ip: string;
}

/** What the function makes of it. */
export interface EdgeRequest {
  /** Undefined: the function chose none. */
  readonly origin: { readonly host: string; readonly isS3: boolean } | undefined;
  readonly uri: string;
  readonly headers: Readonly<Record<string, { readonly value: string }>>;
}

interface EdgeEvent {
  request: {
    method: string;
    uri: string;
    headers: Record<string, { value: string }>;
    cookies: object;
    querystring: object;
  };
  viewer: { ip: string };
}

/**
 * Runs a function of CloudFront's JavaScript runtime 2.0, which may look values up and choose the origin.
 * @throws Error when the function answers the viewer itself, which none of ours does
 */
export async function runEdgeFunction(
  code: string,
  values: ReadonlyMap<string, string>,
  { method, uri, headers, ip }: ViewerRequest,
): Promise<EdgeRequest> {
  let origin: EdgeRequest["origin"];
  const cf = {
    kvs: () => ({
      get: async (key: string) => {
        const value = values.get(key);
        if (value === undefined) throw new Error(`There is no ${key}.`);
        return value;
      },
    }),
    updateRequestOrigin: ({
      domainName = "",
      customOriginConfig,
    }: {
      domainName?: string;
      customOriginConfig?: object;
    }) => void (origin = { host: domainName, isS3: customOriginConfig === undefined }),
  };
  const handler = runInContext(`${withoutImport(code)}; handler`, createContext({ cf })) as (
    event: EdgeEvent,
  ) => Promise<EdgeEvent["request"]>;
  const given = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, { value }]));
  const request = { method, uri, headers: given, cookies: {}, querystring: {} };
  const passed = await handler({ request, viewer: { ip } });
  if ("statusCode" in passed)
    throw new Error(`The function at CloudFront answered by itself: ${JSON.stringify(passed)}`);
  return { origin, uri: passed.uri, headers: passed.headers };
}

/**
 * Runs a function that CloudFront runs for each answer on its way to the viewer.
 * @param headers of the answer, by names in lower case
 * @returns the headers that the viewer gets
 */
export async function runResponseFunction(
  code: string,
  uri: string,
  headers: Readonly<Record<string, string>>,
): Promise<Record<string, string>> {
  const handler = runInContext(`${withoutImport(code)}; handler`, createContext({})) as (
    event: object,
  ) => Promise<Answered>;
  const given = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, { value }]));
  const answered = await handler({ request: { uri }, response: { headers: given } });
  return Object.fromEntries(Object.entries(answered.headers).map(([name, { value }]) => [name, value]));
}

interface Answered {
  readonly headers: Readonly<Record<string, { readonly value: string }>>;
}

/** A script has no imports; what this one brings in is given to it. */
function withoutImport(code: string): string {
  return code.replace(/^\s*import cf from "cloudfront";/, "");
}
