import { TIME_BUDGETS } from "@millrace/core";

/** Told apart by what helps: `refused` will be refused again (a deleted webhook), `unavailable` may work later. */
export type PostResult = { readonly kind: "sent" } | { readonly kind: "refused"; readonly status: number };

/** Thrown for what may work later; SNS then calls the function again. */
export class SlackUnavailable extends Error {
  override readonly name = "SlackUnavailable";
}

/**
 * Posts to an incoming webhook. The address is a secret: no error and no log line may hold it.
 * @throws SlackUnavailable for no connection, 429 and 5xx
 */
export async function postToSlack(webhook: string, text: string, request: typeof fetch = fetch): Promise<PostResult> {
  let response: Response;
  try {
    response = await request(webhook, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ text }),
      redirect: "error",
      signal: AbortSignal.timeout(TIME_BUDGETS.chat),
    });
  } catch {
    // The cause may name the address, so it is not passed on.
    throw new SlackUnavailable("Slack could not be reached.");
  }
  if (response.ok) return { kind: "sent" };
  if (response.status === 429 || response.status >= 500)
    throw new SlackUnavailable(`Slack answered ${response.status}.`);
  return { kind: "refused", status: response.status };
}
