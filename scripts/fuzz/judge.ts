/** An answer that no request, however bad, may get. */
const INSIDE = /\bat [^\n]*\(|node_modules|\.ts:\d|file:\/\/|\/packages\/|SQLITE|duckdb/i;

/**
 * What is wrong with an answer; undefined when nothing is. Errors have Keen's shape and tell nothing of the inside.
 * @param status 0 for no answer at all
 * @param isPage whether the route answers people, in a frame or a tab: its errors are pages then, too
 */
export function faultOf(method: string, status: number, text: string, isPage = false): string | undefined {
  if (status === 0) return "no answer";
  if (status >= 500) return `${status} ${text.slice(0, 200)}`;
  if (INSIDE.test(text) && status >= 400) return `tells of the inside: ${text.slice(0, 200)}`;
  if (status < 400 || method === "HEAD" || method === "OPTIONS") return undefined;
  // What Node's own parser turns away never reaches us, and has no body.
  if (text === "" && (status === 400 || status === 431)) return undefined;
  if (isPage && text.startsWith("<!doctype html>")) return undefined;
  return isError(text) ? undefined : `${status} is not an error of the API's: ${text.slice(0, 200)}`;
}

function isError(text: string): boolean {
  try {
    const body = JSON.parse(text.replace(/^\/\*\*\/[\w$.]+\((.*)\);?$/s, "$1")) as {
      message?: unknown;
      error_code?: unknown;
    };
    return typeof body.message === "string" && typeof body.error_code === "string";
  } catch {
    return false;
  }
}
