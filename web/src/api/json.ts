import { MillraceClientError, type ClientErrorCode } from "@millrace/client";
import { t } from "../language/words.ts";

/**
 * Asks this page's own server for JSON.
 * @throws MillraceClientError with the server's own words; the signal's reason when the reader moved on
 */
export async function askJson<T>(url: string, init: RequestInit): Promise<T> {
  let response: Response;
  try {
    response = await fetch(url, init);
  } catch (cause) {
    if (init.signal?.aborted) throw cause;
    throw new MillraceClientError("NetworkError", 0, t("The server cannot be reached."), { cause });
  }
  const text = await response.text();
  const isJson = text.startsWith("{");
  const answer: unknown = isJson ? JSON.parse(text) : {};
  // A page where an API was asked for: there is none behind this address.
  if (response.ok && (isJson || text === "")) return answer as T;
  const { message, error_code: code } = answer as { message?: string; error_code?: ClientErrorCode };
  throw new MillraceClientError(
    code ?? "UnreadableAnswer",
    response.status,
    message ?? t("The server answered with {status}.", { status: response.status }),
  );
}
