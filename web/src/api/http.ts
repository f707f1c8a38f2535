import { ApiError } from "./error.ts";

export interface CallOptions {
  readonly key?: string | undefined;
  /** Sent as JSON by POST; absent: GET. */
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The one function that talks to the server: same origin, no cookies, Keen's way of authorising and of reporting errors.
 * @throws ApiError for anything but a 2xx with a JSON body. An aborted call rejects with the browser's AbortError.
 */
export async function call(path: string, options: CallOptions = {}): Promise<unknown> {
  const response = await send(path, options);
  const text = await response.text();
  const body = readJson(text);
  if (response.ok && body !== undefined) return body;
  const fields = (body ?? {}) as { message?: unknown; error_code?: unknown };
  throw new ApiError(
    response.status,
    typeof fields.error_code === "string" ? fields.error_code : `HTTP ${response.status}`,
    typeof fields.message === "string" ? fields.message : `The server answered with status ${response.status}.`,
  );
}

async function send(path: string, { key, body, signal }: CallOptions): Promise<Response> {
  const headers: Record<string, string> = {};
  if (key !== undefined) headers["authorization"] = key;
  if (body !== undefined) headers["content-type"] = "application/json";
  try {
    return await fetch(path, {
      method: body === undefined ? "GET" : "POST",
      headers,
      credentials: "same-origin",
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal ? { signal } : {}),
    });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new ApiError(0, "NetworkError", "The server cannot be reached.");
  }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
