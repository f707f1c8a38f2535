import type { ProjectKeys } from "./tenants.ts";

/** What came back, or that nothing did: a cut line, a refused one, or silence beyond the time limit. */
export type Reply = { readonly status: number; readonly text: string; readonly retryAfterMs: number } | "no answer";

export interface Call {
  readonly key?: string;
  readonly body?: string | Uint8Array<ArrayBuffer>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
}

const PATIENCE_MS = 10_000;

/** One HTTP request; a body makes it a POST. Never throws. */
export async function call(url: string, { key, body, headers = {}, timeoutMs = PATIENCE_MS }: Call): Promise<Reply> {
  try {
    const answer = await fetch(url, {
      method: body === undefined ? "GET" : "POST",
      headers: { ...(key !== undefined && { authorization: key }), ...headers },
      ...(body !== undefined && { body }),
      signal: AbortSignal.timeout(timeoutMs),
    });
    const text = await answer.text();
    return { status: answer.status, text, retryAfterMs: (Number(answer.headers.get("retry-after")) || 0) * 1_000 };
  } catch {
    return "no answer";
  }
}

/** @returns the result, or undefined when there was none */
export async function ask(
  base: string,
  { project, readKey }: Pick<ProjectKeys, "project" | "readKey">,
  analysis: string,
  parameters: object,
  timeoutMs = PATIENCE_MS,
): Promise<unknown> {
  const body = JSON.stringify(parameters);
  const url = `${base}/3.0/projects/${project}/queries/${analysis}`;
  const reply = await call(url, { key: readKey, body, timeoutMs });
  if (reply === "no answer" || reply.status !== 200) return undefined;
  return (JSON.parse(reply.text) as { result: unknown }).result;
}

/** Asks until there is an answer. @throws Error with the last one when there is none in time */
export async function insist<T>(what: string, once: () => Promise<T | undefined>, withinMs: number): Promise<T> {
  const until = Date.now() + withinMs;
  for (;;) {
    const answer = await once();
    if (answer !== undefined) return answer;
    if (Date.now() > until) throw new Error(`${what}: no answer in ${withinMs / 1_000} s.`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
