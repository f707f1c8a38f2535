import { MillraceClientError, type ClientErrorCode } from "./error.ts";

/** The part of `fetch` that the client needs. */
export type Fetch = (
  url: string,
  init: {
    readonly method: string;
    readonly headers: Record<string, string>;
    readonly credentials: "omit";
    readonly body?: string;
    readonly signal?: AbortSignal;
  },
) => Response | Promise<Response>;

export interface Call {
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly key: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** What a call gives back that named what it has (`If-None-Match`) and has the newest. */
export const NOT_MODIFIED = Symbol("not modified");

/**
 * One call: the key in the header, never a cookie, JSON both ways.
 * @throws MillraceClientError for anything but a 2xx answer with JSON; an aborted call rejects with the signal's own reason
 */
export async function send(fetch: Fetch, { method, url, key, body, signal, headers: own }: Call): Promise<unknown> {
  const headers: Record<string, string> = { ...own, Authorization: key };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, {
      method,
      headers,
      credentials: "omit",
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(signal && { signal }),
    });
    text = await response.text();
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new MillraceClientError("NetworkError", 0, "The server cannot be reached.", { cause });
  }
  if (response.status === 304) return NOT_MODIFIED;
  const answer = read(text);
  if (response.ok && answer !== undefined) return answer;
  throw errorOf(response.status, answer);
}

function read(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function errorOf(status: number, answer: unknown): MillraceClientError {
  const { message, error_code: code } = (answer ?? {}) as { message?: unknown; error_code?: unknown };
  if (typeof message === "string" && typeof code === "string") {
    return new MillraceClientError(code as ClientErrorCode, status, message);
  }
  return new MillraceClientError("UnreadableAnswer", status, `The answer (status ${status}) is not one of Millrace's.`);
}
