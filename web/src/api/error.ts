/** A failed call, in words a reader can act on. */
export class ApiError extends Error {
  /** HTTP status; 0 when no answer came. */
  readonly status: number;
  /** Keen's `error_code`, or `NetworkError`. */
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.code = code;
  }

  /** True when the same call may succeed later. */
  get retry(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}
