import { askJson } from "./json.ts";

/** The console of this page's own server. */
export interface Console {
  get<T>(path: string, signal?: AbortSignal): Promise<T>;
  /** Changes something. @throws MillraceClientError with the console's own words */
  send<T>(method: "POST" | "PUT" | "DELETE", path: string, body?: object): Promise<T>;
}

/** @param csrf of the session; whoever has none yet sends the header all the same, which no other page can */
export function consoleOf(csrf = "none"): Console {
  const ask = <T>(method: string, path: string, body?: object, signal?: AbortSignal): Promise<T> =>
    askJson(`/console${path}`, {
      method,
      headers: { "x-millrace-csrf": csrf, ...(body && { "content-type": "application/json" }) },
      ...(body && { body: JSON.stringify(body) }),
      ...(signal && { signal }),
    });
  return {
    get: (path, signal) => ask("GET", path, undefined, signal),
    send: (method, path, body) => ask(method, path, body),
  };
}
