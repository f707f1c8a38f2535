/** One request to the server. */
export interface Request {
  readonly method: "GET" | "PUT" | "POST" | "DELETE" | "HEAD";
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean>>;
  readonly body?: object;
  /** Lines of JSON, each with its line break. */
  readonly lines?: string;
}

/** An answer with any status: what a status means differs by request. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}
