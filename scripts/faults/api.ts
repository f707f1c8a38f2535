import type { LedgerRow } from "./reconcile.ts";
import type { Tenant } from "./tenants.ts";

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
  { project, readKey }: Pick<Tenant, "project" | "readKey">,
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

export interface LedgerAnswer {
  readonly result: readonly LedgerRow[];
  readonly balanced: boolean;
}

export async function readLedger(base: string, { project, masterKey }: Tenant): Promise<LedgerAnswer | undefined> {
  const reply = await call(`${base}/3.0/projects/${project}/ledger?timeframe=this_2_days`, {
    key: masterKey,
    timeoutMs: 60_000,
  });
  return reply !== "no answer" && reply.status === 200 ? (JSON.parse(reply.text) as LedgerAnswer) : undefined;
}

/** How many numbers are asked for at a time: far below what an extraction may hold, so that doubled events fit too. */
const CHUNK = 20_000;

/** The number of every event of a tenant's collection that the store has, each as often as it is there. */
export async function storedNumbers(base: string, tenant: Tenant, collection: string): Promise<number[]> {
  const numbers: number[] = [];
  for (let from = 0; from < tenant.book.made(); from += CHUNK) {
    const filter = (operator: string, property_value: number) => ({ property_name: "n", operator, property_value });
    const parameters = {
      event_collection: collection,
      property_names: "n",
      filters: [filter("gte", from), filter("lt", from + CHUNK)],
    };
    const events = await insist(
      `extraction of ${tenant.name}`,
      async () => (await ask(base, tenant, "extraction", parameters, 120_000)) as { n: number }[] | undefined,
      180_000,
    );
    for (const { n } of events) numbers.push(n);
  }
  return numbers;
}
