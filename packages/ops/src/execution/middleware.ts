import type { Executions, HttpSource, RunExecutionOptions } from "@millrace/monitor";
import type { Context, MiddlewareHandler } from "hono";
import { routePath } from "hono/route";

export interface ExecutionMiddlewareOptions {
  /** What the platform knows of the run; default: nothing, each execution mints an id. */
  readonly invocation?: (c: Context) => RunExecutionOptions;
}

/**
 * Runs each request in an execution. Mount it first, so that everything else is inside. Answers of 500 and above are recorded
 * with the error behind them; the answer itself is what the app's error handler made of it.
 */
export function executionMiddleware(
  executions: Executions,
  options: ExecutionMiddlewareOptions = {},
): MiddlewareHandler {
  return async (c, next) => {
    const source: HttpSource = { kind: "http", method: c.req.method, route: "", bytes: contentLength(c) };
    let reported: Error | undefined;
    try {
      await executions.run(
        source,
        async (execution) => {
          await next();
          source.route = routePath(c, -1);
          execution.label("http.response.status_code", c.res.status);
          if (!c.error || c.res.status < 500) return;
          // Hono has already answered; throwing is only how this execution learns of its error.
          reported = c.error;
          throw c.error;
        },
        { ...options.invocation?.(c), traceparent: c.req.header("traceparent") },
      );
    } catch (thrown) {
      if (thrown !== reported) throw thrown;
    }
  };
}

function contentLength(c: Context): number | null {
  const text = c.req.header("content-length");
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : null;
}
