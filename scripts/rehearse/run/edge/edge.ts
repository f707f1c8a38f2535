import { randomUUID } from "node:crypto";
import { runEdgeFunction, runResponseFunction } from "../../../../stacks/evaluate/edge-function.ts";
import { only, type Deployment } from "../deployed/deployment.ts";
import type { Meter } from "../gateway/meter.ts";
import type { GatewayRequest } from "../http-api/event.ts";
import type { HttpAnswer } from "../http-api/http-api.ts";

export interface EdgeParts {
  /** The functions that CloudFront runs: one for requests, one for answers. */
  readonly edge: Deployment["edge"];
  /** The origins by host. */
  readonly origins: ReadonlyMap<string, (request: GatewayRequest) => Promise<HttpAnswer>>;
  /** An object of a bucket; undefined when there is none. */
  readonly readObject: (bucket: string, key: string) => Promise<HttpAnswer | undefined>;
  readonly meter: Meter;
}

/** The values of the function's store, with each look into it counted: it is billed. */
class CountedValues extends Map<string, string> {
  private readonly count: () => void;

  constructor(values: Readonly<Record<string, string>>, count: () => void) {
    super(Object.entries(values));
    this.count = count;
  }

  override get(key: string): string | undefined {
    this.count();
    return super.get(key);
  }
}

/** Where CloudFront connects to an origin from: one of its own addresses, never the viewer's. */
const EDGE_ADDRESS = "130.176.1.1";
const NOTHING = Buffer.alloc(0);

/**
 * CloudFront in front of the stage: the function that it would run chooses the origin and adds what it adds; the viewer's headers go
 * on, its host does not. Its other function sees each answer. Nothing is cached: every answer that may be is a file whose name changes with it.
 */
export function createEdge({
  edge,
  origins,
  readObject,
  meter,
}: EdgeParts): (request: GatewayRequest) => Promise<HttpAnswer> {
  const count = (operation: string, body: Buffer = NOTHING) =>
    meter.count("edge", { service: "cloudfront", operation }, { body }, 0);
  const named = (part: string) =>
    only(
      edge.filter(({ name }) => name.includes(part)),
      `functions at CloudFront named ${part}`,
    );
  const [onRequest, onResponse] = [named("FunctionRequest"), named("FunctionResponse")];
  const values = new CountedValues(onRequest.values, () => count("key-value-read"));

  async function passOn(request: GatewayRequest): Promise<HttpAnswer> {
    count("request", request.body);
    count("function");
    const [uri, query] = splitQuery(request.target);
    const viewer = { method: request.method, uri, headers: request.headers, ip: request.sourceIp };
    const { origin, uri: wanted, headers } = await runEdgeFunction(onRequest.code, values, viewer);
    if (!origin) throw new Error(`The function at CloudFront chose no origin for ${uri}.`);
    if (origin.isS3) {
      const bucket = origin.host.split(".s3.")[0] ?? "";
      return (await readObject(bucket, wanted.slice(1))) ?? notFound();
    }
    const ask = origins.get(origin.host);
    if (!ask) throw new Error(`${origin.host} is no origin of this stage.`);
    const { host: _viewers, ...passed } = Object.fromEntries(
      Object.entries(headers).map(([name, { value }]) => [name, value]),
    );
    return ask({
      ...request,
      target: query === undefined ? wanted : `${wanted}?${query}`,
      headers: {
        ...passed,
        host: origin.host,
        via: `2.0 ${randomUUID().slice(0, 8)}.cloudfront.net (CloudFront)`,
        "x-amz-cf-id": randomUUID(),
        "x-forwarded-for": [passed["x-forwarded-for"], request.sourceIp, EDGE_ADDRESS].filter(Boolean).join(", "),
        "x-forwarded-port": "443",
        "x-forwarded-proto": "https",
      },
      sourceIp: EDGE_ADDRESS,
    });
  }

  return async (request) => {
    const answer = await passOn(request);
    count("function");
    const [uri] = splitQuery(request.target);
    return { ...answer, headers: await runResponseFunction(onResponse.code, uri, answer.headers) };
  };
}

function splitQuery(target: string): [string, string | undefined] {
  const at = target.indexOf("?");
  return at < 0 ? [target, undefined] : [target.slice(0, at), target.slice(at + 1)];
}

function notFound(): HttpAnswer {
  return {
    status: 403,
    headers: { "content-type": "application/xml" },
    cookies: [],
    body: Buffer.from("AccessDenied"),
  };
}
