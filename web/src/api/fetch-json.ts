import { MillraceClientError, type ClientErrorCode } from "@millrace/client";
import { t } from "../language/words.ts";

interface Asked {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: object | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * One request of JSON to this page's own server; `{}` where the answer has no body.
 * @throws MillraceClientError with the server's own words, or `NetworkError` when it cannot be reached
 */
export async function fetchJson<T>(url: string, { method, headers, body, signal }: Asked): Promise<T> {
  let response: Response;
  try {
    response = await fetch(url, {
      method,
      headers: { ...headers, ...(body && { "content-type": "application/json" }) },
      ...(body && { body: JSON.stringify(body) }),
      ...(signal && { signal }),
    });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new MillraceClientError("NetworkError", 0, t("The server cannot be reached."), { cause });
  }
  const text = await response.text();
  const answer: unknown = /^[[{]/.test(text) ? JSON.parse(text) : {};
  if (response.ok) return answer as T;
  const { message, error_code: code } = answer as { message?: string; error_code?: ClientErrorCode };
  throw new MillraceClientError(
    code ?? "UnreadableAnswer",
    response.status,
    message ?? t("The server answered with {status}.", { status: response.status }),
  );
}
