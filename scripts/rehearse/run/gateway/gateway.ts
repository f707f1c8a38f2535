import { request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { callOf, serviceAt } from "../calls/call-of.ts";
import { UnknownCall, type Account, type Call, type Incoming } from "../calls/call.ts";
import { roleOf, type Authorize } from "./authorize.ts";
import type { Session, Sessions } from "../platform/credentials.ts";
import { SignatureRefused, verify } from "../sigv4/verify.ts";
import type { Certificate } from "./certificate.ts";
import type { Mails } from "../platform/mails.ts";
import type { Meter } from "./meter.ts";
import { refusal } from "./refusal.ts";
import type { Usage } from "./usage.ts";

export interface GatewayParts {
  readonly certificate: Certificate;
  readonly account: Account;
  readonly sessions: Sessions;
  readonly authorize: Authorize;
  readonly usage: Usage;
  readonly meter: Meter;
  readonly mails: Pick<Mails, "note">;
  /** Where calls go that may be made, without a slash at the end. */
  readonly emulator: string;
  readonly openSearch: string;
  /** Hosts that are no part of AWS, such as Slack's, and who answers for them. */
  readonly others: ReadonlyMap<string, (request: IncomingMessage, body: Buffer, response: ServerResponse) => void>;
}

export interface Gateway {
  readonly port: number;
  close(): Promise<void>;
}

/** What belongs to one hop, or is made anew for the next. */
const HOP = new Set(["connection", "keep-alive", "transfer-encoding", "expect", "content-length"]);

/**
 * Stands where all of AWS's hosts are. For each call: who signed it, what it needs, whether the role and the resource's policy give
 * that; then it is passed on to the emulator, or to a real OpenSearch. Whatever is not known is denied and noted.
 */
export async function startGateway(parts: GatewayParts): Promise<Gateway> {
  const { certificate, others } = parts;
  const server = createServer({ key: certificate.key, cert: certificate.cert }, (request, response) => {
    void buffer(request)
      .then(async (body) => {
        const host = (request.headers.host ?? "").replace(/:\d+$/, "");
        const other = others.get(host);
        if (other) other(request, body, response);
        else await answer(parts, host, request, body, response);
      })
      .catch((error: unknown) => response.destroy(error as Error));
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      server.closeAllConnections();
      await new Promise<void>((closed) => server.close(() => closed()));
    },
  };
}

async function answer(
  parts: GatewayParts,
  host: string,
  request: IncomingMessage,
  body: Buffer,
  response: ServerResponse,
): Promise<void> {
  const { method = "GET", url = "/" } = request;
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
  const incoming: Incoming = { method, host, target: url, headers, body };
  const judged = judge(parts, incoming);
  if ("refused" in judged) {
    const { status, type, body: text } = refusal(judged.service, judged.refused);
    response.writeHead(status, { "content-type": type }).end(text);
    return;
  }
  const { call, session } = judged;
  const sent = await pass(call.service === "es" ? parts.openSearch : parts.emulator, incoming);
  parts.meter.count(session.actor, call, incoming, sent.body.length);
  parts.mails.note(call, incoming, sent.status);
  // A HEAD says how long its answer would be, and sends none of it.
  response.writeHead(sent.status, {
    ...sent.headers,
    // AWS's clients set their clocks by it.
    date: new Date(Date.now() + session.aheadMs).toUTCString(),
    ...(method !== "HEAD" && { "content-length": sent.body.length }),
  });
  response.end(sent.body);
}

type Judged =
  { readonly call: Call; readonly session: Session } | { readonly service: string; readonly refused: string };

/** Whether a call may be made. Every no is noted with who, what and where. */
function judge(parts: GatewayParts, incoming: Incoming): Judged {
  const { sessions, account, usage } = parts;
  const service = serviceAt(incoming.host, account);
  let actor = "nobody";
  const refuse = (action: string, resource: string, why: string): Judged => {
    usage.denied({ actor, action, resource, why });
    return { service, refused: `${actor}: ${why}` };
  };
  const at = `${incoming.method} ${incoming.host}${incoming.target.split("?")[0]}`;
  try {
    const claimed = /Credential=([^/]+)\//.exec(incoming.headers["authorization"] ?? "")?.[1] ?? "";
    const claimant = sessions.get(claimed);
    actor = claimant?.actor ?? actor;
    const now = Date.now() + (claimant?.aheadMs ?? 0);
    const { keys: session, scope } = verify(incoming, (id) => sessions.get(id), now);
    const call = callOf(incoming, account);
    if (scope.service !== call.service || scope.region !== account.region)
      return refuse(call.operation, call.target, `it is signed for ${scope.service} in ${scope.region}`);
    for (const need of call.needs) {
      const who = { actor, statements: session.statements, principal: roleOf(session, account) };
      const why = parts.authorize(who, need, now);
      if (why !== undefined)
        return { service, refused: `${actor} is not authorized to perform ${need.action}: ${why}` };
    }
    return { call, session };
  } catch (error) {
    if (error instanceof SignatureRefused) return refuse(at, incoming.host, `signature: ${error.message}`);
    if (error instanceof UnknownCall) return refuse(at, incoming.host, `unknown call: ${error.message}`);
    throw error;
  }
}

interface Passed {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: Buffer;
}

async function pass(to: string, { method, target, headers, body }: Incoming): Promise<Passed> {
  const { hostname, port } = new URL(to);
  const sent = Object.entries(headers).filter(([name]) => !HOP.has(name));
  return new Promise((resolve, reject) => {
    const out = httpRequest(
      { hostname, port, method, path: target, headers: Object.fromEntries(sent) as never },
      (reply) => {
        buffer(reply).then((content) => {
          const kept = Object.entries(reply.headers).filter(([name, value]) => !HOP.has(name) && value !== undefined);
          resolve({
            status: reply.statusCode ?? 502,
            headers: Object.fromEntries(kept) as Record<string, string | string[]>,
            body: content,
          });
        }, reject);
      },
    );
    out.on("error", reject);
    out.setHeader("content-length", body.length);
    out.end(body);
  });
}
