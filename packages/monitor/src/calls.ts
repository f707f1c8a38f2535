import { unnamedExecution, type OpenSpan, type SpanAttributes } from "@millrace/core/execution";
import { subscribe } from "node:diagnostics_channel";
import type { ClientRequest, IncomingMessage } from "node:http";

/** What undici, and with it `fetch`, tells of a request. https://github.com/nodejs/undici/blob/main/docs/docs/api/DiagnosticsChannel.md */
interface UndiciRequest {
  readonly method: string;
  readonly origin: string | URL;
  /** Names and values in turn. */
  readonly headers: readonly unknown[];
}

type Told<Request, Response = never> = {
  readonly request: Request;
  readonly response: Response;
  readonly error: unknown;
};

let watching = false;

/**
 * From now on every outgoing call of this process by `fetch`, `http` or `https`, and so by the AWS SDK and most clients, is a span of the
 * execution it was made in. Host and method are kept, never path, query or headers: those hold names and keys.
 */
export function watchCalls(): void {
  if (watching) return;
  watching = true;
  const spans = new WeakMap<object, OpenSpan>();
  const answered = (request: object, status: number) => {
    spans.get(request)?.end(status >= 400 ? String(status) : undefined, { "http.response.status_code": status });
  };
  const failed = ({ request, error }: Told<object>) => spans.get(request)?.end(nameOf(error));
  const begin = (request: object, method: string, host: string, target: unknown) => {
    const execution = unnamedExecution();
    if (!execution) return;
    const attributes: SpanAttributes = { "http.request.method": method, "server.address": host };
    spans.set(request, execution.startSpan(operationOf(target) ?? `${method} ${host}`, attributes));
  };

  on<UndiciRequest>("undici:request:create", ({ request }) => {
    const at = request.headers.findIndex((name) => String(name).toLowerCase() === TARGET);
    begin(request, request.method, new URL(request.origin).host, at < 0 ? undefined : request.headers[at + 1]);
  });
  on<UndiciRequest, { statusCode: number }>("undici:request:headers", ({ request, response }) =>
    answered(request, response.statusCode),
  );
  on<UndiciRequest>("undici:request:trailers", ({ request }) => spans.get(request)?.end());
  on<UndiciRequest>("undici:request:error", failed);

  on<ClientRequest>("http.client.request.created", ({ request }) =>
    begin(request, request.method, String(request.getHeader("host") ?? request.host), request.getHeader(TARGET)),
  );
  on<ClientRequest, IncomingMessage>("http.client.response.finish", ({ request, response }) => {
    answered(request, response.statusCode ?? 0);
    // The head is here; the body may take longer.
    if (spans.has(request)) response.once("close", () => spans.get(request)?.end());
  });
  on<ClientRequest>("http.client.request.error", failed);
}

/** Observing must not harm: an error thrown in a subscriber would end the process. */
function on<Request, Response = never>(channel: string, tell: (told: Told<Request, Response>) => void): void {
  subscribe(channel, (message) => {
    try {
      tell(message as Told<Request, Response>);
    } catch {
      // A call without its span.
    }
  });
}

/** Header in which the AWS services that speak JSON name what is asked: `DynamoDB_20120810.GetItem`, `AmazonSQS.SendMessage`. */
const TARGET = "x-amz-target";

function operationOf(target: unknown): string | undefined {
  const [, service, operation] = /^(?:Amazon)?([A-Za-z]+)[^.]*\.(\w+)$/.exec(String(target)) ?? [];
  return service === undefined ? undefined : `${service.toLowerCase()}.${operation}`;
}

function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  return "code" in error ? String(error.code) : error.name;
}
