import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Running {
  origin: string;
  stop(): Promise<void>;
}

/** An HTTP server on a free port of the loopback interface. */
async function serve(listener: RequestListener): Promise<Running> {
  const server = createServer((request, response) => {
    // On a reused connection Chromium repeats some failed requests by itself, unseen by the page; the tests count requests.
    response.setHeader("Connection", "close");
    listener(request, response);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** A page of a test's site, by its path. */
export type SitePages = ReadonlyMap<string, { readonly html: string; readonly headers?: Record<string, string> }>;

/** Serves a site of pages that a test writes; what it adds later is there, too. */
export function servePages(pages: SitePages): Promise<Running> {
  return serve((request, response) => {
    const page = pages.get(request.url?.split("?")[0] ?? "");
    for (const [name, value] of Object.entries(page?.headers ?? {})) response.setHeader(name, value);
    response
      .setHeader("Content-Type", "text/html; charset=utf-8")
      .writeHead(page ? 200 : 404)
      .end(page?.html ?? "Not found");
  });
}

interface WireEvent {
  q: number;
  n: string;
  t: number;
  g: number;
  u?: string;
  T?: string;
  p?: Record<string, unknown>;
  m?: number;
  x?: string;
  y?: number;
  r?: string;
  w?: string;
  V?: string;
  P?: string;
  a?: string;
  L?: number;
}

interface Body {
  v: number;
  k: string;
  i: string;
  s: number;
  l?: number;
  c: { l: string; z: string; w: number[]; r?: string; b?: boolean; p?: number; h?: string };
  d: { id?: string };
  e: WireEvent[];
}

/** One request to the collecting endpoint. */
interface Received {
  method: string;
  headers: IncomingMessage["headers"];
  bytes: number;
  text: string;
  body: Body;
  /** What it was answered; 0 when the connection was cut. */
  status: number;
}

/** How the collector answers: a status (without a body), `cut` (the connection dies) or `no-cors` (202 that the page may not read). */
type Answer = number | "cut" | "no-cors" | { status: number; retryAfter?: string; body?: object };

export interface Collector extends Running {
  readonly received: Received[];
  /** What was asked for at all, by method and path: also what the tracker has no business with. */
  readonly log: string[];
  /** Answers of the next requests; afterwards every request is answered with `otherwise` (202 unless set). */
  plan(next: Answer[], otherwise?: Answer): void;
  /** Serves a page of its own at `path`. */
  put(path: string, html: string): void;
  /** Events of the requests that were answered 202 (readably or not). */
  accepted(): WireEvent[];
}

/** The collecting side, as strict as a foreign origin is: it serves the script, and CORS headers only where told to. */
export async function startCollector(scriptNamed: (file: string) => string | undefined): Promise<Collector> {
  const received: Received[] = [];
  const log: string[] = [];
  const pages = new Map<string, string>();
  let planned: Answer[] = [];
  let fallback: Answer = 202;

  async function collect(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const content = Buffer.concat(chunks);
    const answer = planned.shift() ?? fallback;
    const status =
      answer === "cut" ? 0 : answer === "no-cors" ? 202 : typeof answer === "number" ? answer : answer.status;
    const text = content.toString();
    received.push({
      method: request.method ?? "",
      headers: request.headers,
      bytes: content.length,
      text,
      body: JSON.parse(text) as Body,
      status,
    });
    if (answer === "cut") return void request.socket.destroy();
    if (answer !== "no-cors") response.setHeader("Access-Control-Allow-Origin", "*");
    if (typeof answer === "object" && answer.retryAfter) {
      response.setHeader("Access-Control-Expose-Headers", "Retry-After").setHeader("Retry-After", answer.retryAfter);
    }
    const said = typeof answer === "object" && answer.body;
    response.writeHead(status).end(said ? JSON.stringify(said) : undefined);
  }

  const running = await serve((request, response) => {
    log.push(`${request.method} ${request.url}`);
    const script = request.method === "GET" && scriptNamed(request.url?.split("/").at(-1) ?? "");
    if (script) {
      response.setHeader("Access-Control-Allow-Origin", "*");
      response.setHeader("Content-Type", "text/javascript").end(script);
    } else if (pages.has(request.url ?? "")) {
      response.setHeader("Content-Type", "text/html; charset=utf-8").end(pages.get(request.url ?? ""));
    } else if (request.method === "POST") void collect(request, response);
    else response.writeHead(405).end();
  });
  return {
    ...running,
    received,
    log,
    put: (path, html) => void pages.set(path, html),
    plan(next, otherwise = 202) {
      planned = next;
      fallback = otherwise;
    },
    accepted: () => received.filter((request) => request.status === 202).flatMap((request) => request.body.e),
  };
}
