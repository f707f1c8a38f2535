import { MillraceError, span, type RunOptions } from "@millrace/core";
import type { OpenConnection } from "./connection.ts";
import { failureOf } from "./failure.ts";
import type { Answer, Request } from "./request.ts";
import { ResponseError, TimeoutError } from "./transport.ts";

export interface Driver {
  /**
   * Sends one request, once.
   * @throws NoAnswer when the server did not answer in time or not at all: it may have done what was asked
   */
  send(request: Request, options?: RunOptions): Promise<Answer>;
  /**
   * As `send`, for requests where anything but success is a failure. `ignore` names statuses that are no failure.
   * @throws MillraceError of {@link failureOf}, `ServiceUnavailable` or `QueryTimeout` without an answer, or the signal's reason
   */
  ask<T>(request: Request, options?: RunOptions & { readonly ignore?: readonly number[] }): Promise<T>;
  close(): Promise<void>;
}

/** The server gave no answer. */
export class NoAnswer extends Error {
  override readonly name = "NoAnswer";
  readonly timedOut: boolean;
  constructor(message: string, timedOut: boolean, cause: unknown) {
    super(message, { cause });
    this.timedOut = timedOut;
  }
}

/** Keen's limit for a query, and far above any other request's need. */
const DEFAULT_TIMEOUT_MS = 300_000;

export function createDriver(connection: OpenConnection): Driver {
  const send: Driver["send"] = async (request, { timeoutMs = DEFAULT_TIMEOUT_MS, signal } = {}) => {
    signal?.throwIfAborted();
    const requestTimeout = Math.max(1, Math.ceil(timeoutMs));
    const pending = connection.transport.request(
      {
        method: request.method,
        path: request.path,
        ...(request.query && { querystring: { ...request.query } }),
        ...(request.body !== undefined && { body: request.body }),
        ...(request.lines !== undefined && { bulkBody: request.lines }),
      },
      { requestTimeout, maxRetries: 0 },
    );
    // Closing the connection is also how the server learns that nobody waits for a search any more.
    const abort = (): void => {
      pending.abort();
    };
    signal?.addEventListener("abort", abort, { once: true });
    // The client's own time limit ends with the first byte of the answer; one that breaks off in the middle would hang for ever.
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      abort();
    }, requestTimeout);
    try {
      const { statusCode, body } = await pending;
      return { status: statusCode ?? 0, body };
    } catch (thrown) {
      if (signal?.aborted) throw signal.reason;
      if (thrown instanceof ResponseError) return { status: thrown.statusCode, body: thrown.body };
      const timedOut = late || thrown instanceof TimeoutError;
      throw new NoAnswer(thrown instanceof Error ? thrown.message : "No answer.", timedOut, thrown);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
    }
  };

  return {
    send,
    ask: async <T>(request: Request, options: RunOptions & { readonly ignore?: readonly number[] } = {}) => {
      const { ignore = [], ...run } = options;
      const answer = await span("opensearch.request", { path: spanPath(request) }, () =>
        send(request, run).catch((thrown: unknown) => {
          throw thrown instanceof NoAnswer ? unanswered(thrown, run.timeoutMs ?? DEFAULT_TIMEOUT_MS) : thrown;
        }),
      );
      if (answer.status >= 400 && !ignore.includes(answer.status)) throw failureOf(answer);
      return answer.body as T;
    },
    close: () => connection.close(),
  };
}

function unanswered(cause: NoAnswer, timeoutMs: number): MillraceError {
  if (cause.timedOut) {
    return new MillraceError("QueryTimeout", `The store took longer than ${Math.round(timeoutMs)} ms.`, { cause });
  }
  return new MillraceError("ServiceUnavailable", "The store cannot be reached. Try again.", { cause });
}

/** Short and the same for every document, so that spans can be counted by it. */
function spanPath({ method, path }: Request): string {
  return `${method} ${path.slice(0, 100)}`;
}
