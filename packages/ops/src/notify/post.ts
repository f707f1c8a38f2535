import { TIME_BUDGETS } from "@millrace/core";
import { lookup, type LookupAddress } from "node:dns";
import { request as plainRequest, type IncomingMessage, type RequestOptions } from "node:http";
import { request as secureRequest } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import type { Delivered } from "./delivered.ts";
import { isPublicAddress } from "./public-address.ts";

export interface PostOptions {
  /** Receivers in one's own network, and without TLS: for whoever says so of a machine that is their own. Default false. */
  readonly allowPrivate?: boolean;
}

const MAX_ANSWER_CHARS = 200;
const MAX_RETRY_AFTER_S = 3_600;

/**
 * Posts JSON to a webhook: by https, to a public address (looked at after the name was resolved, so that no name leads inside), following
 * no redirect. The address is a secret: no result and no error holds it.
 */
export async function postJson(
  webhook: string,
  body: object,
  { allowPrivate = false }: PostOptions = {},
): Promise<Delivered> {
  const url = URL.canParse(webhook) ? new URL(webhook) : undefined;
  if (!url || !(url.protocol === "https:" || (allowPrivate && url.protocol === "http:")))
    return { kind: "refused", reason: "The webhook is no https address." };
  const host = url.hostname.replace(/^\[|\]$/g, "");
  if (!allowPrivate && isIP(host) !== 0 && !isPublicAddress(host)) return PRIVATE;
  try {
    const { status, text, retryAfter } = await send(url, JSON.stringify(body), allowPrivate);
    if (status >= 200 && status < 300) return { kind: "sent" };
    const reason = `It answered ${status}${text === "" ? "" : ` (${text})`}.`;
    if (status !== 429 && status < 500) return { kind: "refused", reason };
    const seconds = Number(retryAfter);
    const retryAfterMs = seconds > 0 ? Math.min(seconds, MAX_RETRY_AFTER_S) * 1000 : undefined;
    return { kind: "unavailable", reason, retryAfterMs };
  } catch (thrown) {
    if (thrown instanceof PrivateAddress) return PRIVATE;
    const code = thrown instanceof Error && "code" in thrown ? ` (${String(thrown.code)})` : "";
    return { kind: "unavailable", reason: `It could not be reached${code}.`, retryAfterMs: undefined };
  }
}

const PRIVATE = { kind: "refused", reason: "The webhook leads into a private network." } as const;

class PrivateAddress extends Error {}

/** Resolves a name, and refuses it when one of its addresses is inside. The connection is made to what was looked at. */
const publicLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, found: LookupAddress[]) => {
    if (error) return callback(error, "", 0);
    const [first] = found;
    if (!first || !found.every(({ address }) => isPublicAddress(address))) return callback(new PrivateAddress(), "", 0);
    return options.all ? callback(null, found) : callback(null, first.address, first.family);
  });
};

function send(url: URL, body: string, allowPrivate: boolean) {
  const options: RequestOptions = {
    method: "POST",
    headers: { "content-type": "application/json", "content-length": Buffer.byteLength(body) },
    signal: AbortSignal.timeout(TIME_BUDGETS.chat),
    ...(!allowPrivate && { lookup: publicLookup }),
  };
  return new Promise<{ status: number; text: string; retryAfter: string | undefined }>((resolve, reject) => {
    const request = (url.protocol === "https:" ? secureRequest : plainRequest)(
      url,
      options,
      (answer: IncomingMessage) => {
        let text = "";
        answer.setEncoding("utf8");
        answer.on("data", (piece: string) => {
          if (text.length < MAX_ANSWER_CHARS) text += piece;
        });
        answer.on("error", reject);
        answer.on("end", () =>
          resolve({
            status: answer.statusCode ?? 0,
            text: text.slice(0, MAX_ANSWER_CHARS),
            retryAfter: answer.headers["retry-after"],
          }),
        );
      },
    );
    request.on("error", reject);
    request.end(body);
  });
}
