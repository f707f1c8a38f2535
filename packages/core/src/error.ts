/**
 * The error family of the whole product: every failure a caller may see is one of these codes, and each code has one HTTP
 * status and one answer to "may I retry?". The codes are Keen's (`error_code`), so that Keen's clients understand them.
 */
const CODES = {
  InvalidJSONError: { status: 400, retry: false },
  InvalidEventError: { status: 400, retry: false },
  InvalidBatchError: { status: 400, retry: false },
  InvalidCollectionNameError: { status: 400, retry: false },
  InvalidPropertyNameError: { status: 400, retry: false },
  InvalidPropertyValueError: { status: 400, retry: false },
  InvalidKeenNamespaceProperty: { status: 400, retry: false },
  InvalidPropertyNameForGeoFilter: { status: 400, retry: false },
  MissingParameterError: { status: 400, retry: false },
  InvalidParameterError: { status: 400, retry: false },
  InvalidFilterError: { status: 400, retry: false },
  InvalidTimeframeError: { status: 400, retry: false },
  InvalidIntervalError: { status: 400, retry: false },
  UnsupportedQueryError: { status: 400, retry: false },
  TooManyResultsError: { status: 400, retry: false },
  InvalidApiKeyError: { status: 401, retry: false },
  PasswordRequired: { status: 401, retry: false },
  NotPermitted: { status: 403, retry: false },
  ResourceNotFoundError: { status: 404, retry: false },
  MethodNotAllowed: { status: 405, retry: false },
  RequestEntityTooLarge: { status: 413, retry: false },
  AnswerTooLarge: { status: 413, retry: false },
  RateLimitExceeded: { status: 429, retry: true },
  InternalServerError: { status: 500, retry: true },
  ServiceUnavailable: { status: 503, retry: true },
  QueryTimeout: { status: 504, retry: true },
} as const satisfies Record<string, { status: number; retry: boolean }>;

export type ErrorCode = keyof typeof CODES;

/** A failure with a code a caller can act on. `message` is for people and must not repeat secrets or whole inputs. */
export class MillraceError extends Error {
  readonly code: ErrorCode;
  /** Facts for the log (ids, sizes, names); never sent to the caller. */
  readonly context: Readonly<Record<string, unknown>>;
  /** When a repeat may succeed, where that is known. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    options: { cause?: unknown; context?: Record<string, unknown>; retryAfterSeconds?: number } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = code;
    this.code = code;
    this.context = options.context ?? {};
    this.retryAfterSeconds = options.retryAfterSeconds;
  }

  /** The HTTP status of this code. */
  get status(): number {
    return CODES[this.code].status;
  }

  /** True when the same request may succeed later. */
  get retry(): boolean {
    return CODES[this.code].retry;
  }

  /** The body every API answer with an error has: Keen's shape. */
  toBody(): { message: string; error_code: ErrorCode } {
    return { message: this.message, error_code: this.code };
  }
}

/** Wraps anything thrown into the family; what is not ours is an `InternalServerError` whose cause stays in the log. */
export function asMillraceError(thrown: unknown): MillraceError {
  if (thrown instanceof MillraceError) return thrown;
  return new MillraceError("InternalServerError", "Something went wrong on our side. The request can be retried.", {
    cause: thrown,
  });
}
