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
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  readonly url: string;
  readonly key: string;
  /** JSON text. */
  readonly body?: string;
  readonly signal?: AbortSignal | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** What a call gives back that named what it has (`If-None-Match`) and has the newest. */
export const NOT_MODIFIED = Symbol("not modified");

/**
 * One call: the key in the header, never a cookie, JSON both ways. Undefined for an answer without content.
 * @throws MillraceClientError for anything but a 2xx answer with JSON; an aborted call rejects with the signal's own reason
 */
export async function send(fetch: Fetch, call: Call): Promise<unknown> {
  const { response, content: text } = await request(fetch, call, (answer) => answer.text());
  if (response.status === 304) return NOT_MODIFIED;
  if (response.status === 204) return undefined;
  const answer = read(text);
  if (response.ok && answer !== undefined) return answer;
  throw errorOf(response, answer);
}

/** One call whose answer is a file. @throws MillraceClientError as {@link send} */
export async function download(fetch: Fetch, call: Call): Promise<Blob> {
  const { response, content: file } = await request(fetch, call, (answer) => answer.blob());
  if (response.ok) return file;
  throw errorOf(response, read(await file.text()));
}

/** Sends, and reads the whole answer. @throws MillraceClientError when either is cut off */
async function request<T>(
  fetch: Fetch,
  { method, url, key, body, signal, headers: own }: Call,
  contentOf: (answer: Response) => Promise<T>,
): Promise<{ readonly response: Response; readonly content: T }> {
  const headers: Record<string, string> = { ...own, Authorization: key };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  try {
    const response = await fetch(url, {
      method,
      headers,
      credentials: "omit",
      ...(body !== undefined && { body }),
      ...(signal && { signal }),
    });
    return { response, content: await contentOf(response) };
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new MillraceClientError("NetworkError", 0, "The server cannot be reached.", { cause });
  }
}

function read(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function errorOf({ status, headers }: Response, answer: unknown): MillraceClientError {
  const retryAfterSeconds = readRetryAfter(headers.get("retry-after"));
  const { message, error_code: code } = (answer ?? {}) as { message?: unknown; error_code?: unknown };
  if (typeof message === "string" && typeof code === "string") {
    return new MillraceClientError(code as ClientErrorCode, status, message, { retryAfterSeconds });
  }
  const said = `The answer (status ${status}) is not one of Millrace's.`;
  return new MillraceClientError("UnreadableAnswer", status, said, { retryAfterSeconds });
}

/** Seconds; the header may also be a date, as proxies send it (RFC 9110 section 10.2.3). */
function readRetryAfter(header: string | null): number | undefined {
  if (header === null) return undefined;
  const seconds = /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - Date.now()) / 1000;
  return Number.isNaN(seconds) ? undefined : Math.max(seconds, 0);
}
