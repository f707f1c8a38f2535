import { fetchJson } from "./fetch-json.ts";

/** The console of this page's own server. */
export interface Console {
  get<T>(path: string, signal?: AbortSignal): Promise<T>;
  /** Changes something. @throws MillraceClientError with the console's own words */
  send<T>(method: "POST" | "PUT" | "DELETE", path: string, body?: object): Promise<T>;
}

/** @param csrf of the session; whoever has none yet sends the header all the same, which no other page can */
export function consoleOf(csrf = "none"): Console {
  const headers = { "x-millrace-csrf": csrf };
  return {
    get: (path, signal) => fetchJson(`/console${path}`, { method: "GET", headers, signal }),
    send: (method, path, body) => fetchJson(`/console${path}`, { method, headers, body }),
  };
}
