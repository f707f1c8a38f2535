import type { Recorded } from "../answers.ts";
import { MillraceClientError } from "../error.ts";
import { send, type Fetch } from "../http.ts";
import { toBody, type Waiting } from "./events.ts";

/** An event that the server will never take, and why. */
export interface Refused {
  readonly collection: string;
  readonly json: string;
  readonly error: MillraceClientError;
}

/** What became of a batch: the server has spoken about all of it, or asks to be asked again. */
export type Delivery =
  | { readonly kind: "settled"; readonly refused: readonly Refused[] }
  | { readonly kind: "retry"; readonly afterMs: number | undefined; readonly error: MillraceClientError };

export interface Recipient {
  readonly url: string;
  readonly writeKey: string;
  readonly fetch: Fetch;
  /** One attempt may take so long. */
  readonly timeoutMs: number;
}

/** Sends one batch once. Too large a one (a proxy may allow less than we do) is sent in halves. */
export async function deliver(to: Recipient, events: readonly Waiting[], stop: AbortSignal): Promise<Delivery> {
  const { body, order } = toBody(events);
  const { url, writeKey: key, fetch, timeoutMs } = to;
  try {
    const answer = await send(fetch, {
      method: "POST",
      url,
      key,
      body,
      signal: AbortSignal.any([stop, AbortSignal.timeout(timeoutMs)]),
    });
    return { kind: "settled", refused: refusedOf(order, answer as Readonly<Record<string, readonly Recorded[]>>) };
  } catch (thrown) {
    const error = asClientError(thrown, timeoutMs);
    if (error.status === 413 && events.length > 1) return inHalves(to, events, stop);
    if (mayPass(error)) {
      const seconds = error.retryAfterSeconds;
      return { kind: "retry", afterMs: seconds === undefined ? undefined : seconds * 1000, error };
    }
    return { kind: "settled", refused: events.map(({ collection, json }) => ({ collection, json, error })) };
  }
}

async function inHalves(to: Recipient, events: readonly Waiting[], stop: AbortSignal): Promise<Delivery> {
  const middle = Math.ceil(events.length / 2);
  const first = await deliver(to, events.slice(0, middle), stop);
  if (first.kind === "retry") return first;
  const second = await deliver(to, events.slice(middle), stop);
  // The first half comes again with the second: its ids are those it had.
  return second.kind === "retry" ? second : { kind: "settled", refused: [...first.refused, ...second.refused] };
}

/** 408 is a connection that was too slow; an answer that is not Millrace's comes from something in between that may go away. */
function mayPass({ retry, status, code }: MillraceClientError): boolean {
  return retry || status === 408 || (code === "UnreadableAnswer" && status !== 413);
}

function refusedOf(
  order: ReadonlyMap<string, readonly Waiting[]>,
  answer: Readonly<Record<string, readonly Recorded[]>>,
): Refused[] {
  return [...order].flatMap(([collection, list]) =>
    list.flatMap(({ json }, index) => {
      const outcome = answer[collection]?.[index];
      if (outcome?.success !== false) return [];
      const { name, description } = outcome.error;
      return [
        { collection, json, error: new MillraceClientError(name as MillraceClientError["code"], 400, description) },
      ];
    }),
  );
}

function asClientError(thrown: unknown, timeoutMs: number): MillraceClientError {
  if (thrown instanceof MillraceClientError) return thrown;
  return new MillraceClientError("NetworkError", 0, `No answer within ${timeoutMs} ms.`, { cause: thrown });
}
