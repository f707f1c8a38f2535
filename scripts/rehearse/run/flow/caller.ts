import type { Stage } from "../platform/stage.ts";

/** What the admin function answers to `create-project`, the only way to a first key. */
export interface Project {
  readonly project: { readonly id: string };
  readonly writeKey: string;
  readonly readKey: string;
  readonly masterKey: string;
}

interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** `Set-Cookie`, one for each. */
  readonly cookies: readonly string[];
  readonly text: string;
}

/** Somebody outside who uses the stage over HTTP, from an address of their own. */
export interface Caller {
  send(method: string, target: string, headers: Record<string, string>, body?: string | Buffer): Promise<Reply>;
  /** Records over Keen's routes; answers the status. */
  record(collection: string, event: object): Promise<Reply>;
  recordMany(events: Readonly<Record<string, readonly object[]>>): Promise<Reply>;
  /** Sends what the tracker would. */
  track(batch: object): Promise<Reply>;
  /** The `result` of a question. @throws Error with the answer when it is none */
  ask(analysis: string, parameters: object): Promise<unknown>;
  read(path: string): Promise<unknown>;
}

const ADDRESS = "203.0.113.77";

export function createCaller(stage: Pick<Stage, "request">, { project, writeKey, readKey }: Project): Caller {
  const root = `/3.0/projects/${project.id}`;
  const json = { "content-type": "application/json" };

  const send: Caller["send"] = async (method, target, headers, body) => {
    const content = body === undefined ? Buffer.alloc(0) : Buffer.from(body);
    const all = {
      host: "stats.example",
      "user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0",
      ...headers,
    };
    const answer = await stage.request({ method, target, headers: all, body: content, sourceIp: ADDRESS });
    return { status: answer.status, headers: answer.headers, cookies: answer.cookies, text: answer.body.toString() };
  };
  const parsed = (what: string, { status, text }: Reply): unknown => {
    if (status !== 200) throw new Error(`${what}: ${status} ${text}`);
    return JSON.parse(text);
  };

  return {
    send,
    record: (collection, event) =>
      send(
        "POST",
        `${root}/events/${encodeURIComponent(collection)}`,
        { ...json, authorization: writeKey },
        JSON.stringify(event),
      ),
    recordMany: (events) =>
      send("POST", `${root}/events`, { ...json, authorization: writeKey }, JSON.stringify(events)),
    track: (batch) =>
      send(
        "POST",
        "/v1/e",
        { "content-type": "text/plain;charset=UTF-8", origin: "https://shop.example" },
        JSON.stringify(batch),
      ),
    async ask(analysis, parameters) {
      const headers = { ...json, authorization: readKey };
      const body = JSON.stringify({ timeframe: "today", ...parameters });
      const reply = await send("POST", `${root}/queries/${analysis}`, headers, body);
      return (parsed(analysis, reply) as { result: unknown }).result;
    },
    read: async (path) => parsed(path, await send("GET", `${root}${path}`, { authorization: readKey })),
  };
}
