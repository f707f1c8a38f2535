import { MillraceClientError, type ClientErrorCode } from "@millrace/client";

/** The console of this page's own server. */
export interface Console {
  get<T>(path: string, signal?: AbortSignal): Promise<T>;
  /** Changes something. @throws MillraceClientError with the console's own words */
  send<T>(method: "POST" | "PUT" | "DELETE", path: string, body?: object): Promise<T>;
}

/** @param csrf of the session; whoever has none yet sends the header all the same, which no other page can */
export function consoleOf(csrf = "none"): Console {
  const ask = async <T>(method: string, path: string, body?: object, signal?: AbortSignal): Promise<T> => {
    let response: Response;
    try {
      response = await fetch(`/console${path}`, {
        method,
        headers: { "x-millrace-csrf": csrf, ...(body && { "content-type": "application/json" }) },
        ...(body && { body: JSON.stringify(body) }),
        ...(signal && { signal }),
      });
    } catch (cause) {
      if (signal?.aborted) throw cause;
      throw new MillraceClientError("NetworkError", 0, "The server cannot be reached.", { cause });
    }
    const text = await response.text();
    const answer: unknown = text.startsWith("{") ? JSON.parse(text) : {};
    if (response.ok) return answer as T;
    const { message, error_code: code } = answer as { message?: string; error_code?: ClientErrorCode };
    throw new MillraceClientError(
      code ?? "UnreadableAnswer",
      response.status,
      message ?? `The server answered with ${response.status}.`,
    );
  };
  return {
    get: (path, signal) => ask("GET", path, undefined, signal),
    send: (method, path, body) => ask(method, path, body),
  };
}
