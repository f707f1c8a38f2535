import type { ErrorCode } from "@millrace/core";

/** `NetworkError`: no answer came. `UnreadableAnswer`: something other than Millrace answered. The rest are the API's own. */
export type ClientErrorCode = ErrorCode | "NetworkError" | "UnreadableAnswer";

/** A call that failed. `message` is for people. */
export class MillraceClientError extends Error {
  readonly code: ClientErrorCode;
  /** HTTP status; 0 when no answer came, or when the call was not even sent. */
  readonly status: number;

  constructor(code: ClientErrorCode, status: number, message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.name = "MillraceClientError";
    this.code = code;
    this.status = status;
  }

  /** True when the same call may succeed later. Recording again is safe only for events that carry a uniqueness token or an id. */
  get retry(): boolean {
    return this.code === "NetworkError" || this.status === 429 || this.status >= 500;
  }
}
