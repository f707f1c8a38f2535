import type { ErrorCode } from "@millrace/core";

/** `NetworkError`: no answer came. `UnreadableAnswer`: something other than Millrace answered. The rest are the API's own. */
export type ClientErrorCode = ErrorCode | "NetworkError" | "UnreadableAnswer";

/** A call that failed. `message` is for people. */
export class MillraceClientError extends Error {
  readonly code: ClientErrorCode;
  /** HTTP status; 0 when no answer came, or when the call was not even sent. */
  readonly status: number;

  /** When the server says that a repeat may succeed. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: ClientErrorCode,
    status: number,
    message: string,
    options: { cause?: unknown; retryAfterSeconds?: number | undefined } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "MillraceClientError";
    this.code = code;
    this.status = status;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }

  /**
   * True when the same call may succeed later. Recording by a call of one's own once more stores the events once only under the same
   * `idempotencyKey`.
   */
  get retry(): boolean {
    return this.code === "NetworkError" || this.status === 429 || this.status >= 500;
  }
}
