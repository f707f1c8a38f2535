import { spawn, type ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

/** One execution environment of a function: a process of its own that runs the bundle, fed through Lambda's Runtime API. */
export interface Lambda {
  /** @throws Error with the function's own error, as Lambda reports it, also when the code could not even be loaded */
  invoke<T>(event: unknown): Promise<T>;
  /** Everything the function wrote to its log so far. */
  log(): string;
  /** True once its process has ended, or could not begin: it runs nothing any more. */
  isOver(): boolean;
  stop(): Promise<void>;
}

export interface LambdaOptions {
  /** Where the function's zip was unpacked; the process starts there. */
  readonly folder: string;
  /** Module and export, as the function is configured. Default `bundle.handler`. */
  readonly handler?: string;
  /** The function's environment. Nothing else is inherited but the path. */
  readonly env: Readonly<Record<string, string>>;
  /** What a run may take, milliseconds; one that takes longer ends the process, as Lambda does. Default 30,000. */
  readonly timeoutMs?: number;
  /** A module that the process loads before anything else. */
  readonly preload?: string;
}

interface Invocation {
  readonly id: string;
  readonly event: string;
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
}

/** What Lambda takes in one call, and gives back. */
const MAX_EVENT_BYTES = 6_291_456;
const MAX_ANSWER_BYTES = MAX_EVENT_BYTES + 100;

/** Thrown for an event or an answer that Lambda does not carry. */
export class PayloadTooLarge extends Error {
  override readonly name = "PayloadTooLarge";
  readonly side: "event" | "answer";

  constructor(side: "event" | "answer", bytes: number) {
    super(`The ${side} has ${bytes} bytes; Lambda carries 6 MiB.`);
    this.side = side;
  }
}

export async function startLambda(options: LambdaOptions): Promise<Lambda> {
  const { folder, handler = "bundle.handler", env, timeoutMs = 30_000, preload } = options;
  const waiting: Invocation[] = [];
  const running = new Map<string, Invocation>();
  let asking: ServerResponse | undefined;
  let failure: Error | undefined;
  let timer: NodeJS.Timeout | undefined;
  let log = "";

  /** What Lambda itself writes at system level WARN of a run that it ended. https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html */
  function say(requestId: string, report: object): void {
    const record = { requestId, ...report };
    log += `${JSON.stringify({ time: new Date().toISOString(), type: "platform.report", record })}\n`;
  }

  function fail(error: Error): void {
    failure = error;
    for (const { reject } of [...waiting, ...running.values()]) reject(error);
  }

  function hand(): void {
    const next = waiting[0];
    if (!asking || !next) return;
    waiting.shift();
    running.set(next.id, next);
    timer = setTimeout(() => {
      say(next.id, { status: "timeout", metrics: { durationMs: timeoutMs } });
      fail(new Error(`Task timed out after ${timeoutMs / 1000} seconds.\n${log.slice(-2_000)}`));
      running.clear();
      child.kill("SIGKILL");
    }, timeoutMs);
    asking.writeHead(200, {
      "lambda-runtime-aws-request-id": next.id,
      "lambda-runtime-deadline-ms": String(Date.now() + timeoutMs),
      "lambda-runtime-invoked-function-arn": "arn:aws:lambda:us-east-1:123456789012:function:test",
    });
    asking.end(next.event);
    asking = undefined;
  }

  function finish(id: string, kind: "response" | "error", body: string): void {
    clearTimeout(timer);
    const invocation = running.get(id);
    running.delete(id);
    const bytes = Buffer.byteLength(body);
    if (kind === "error") invocation?.reject(new Error(body));
    else if (bytes > MAX_ANSWER_BYTES) invocation?.reject(new PayloadTooLarge("answer", bytes));
    else invocation?.resolve(JSON.parse(body) as never);
  }

  const server = createServer((request, response) => {
    if (request.url?.endsWith("/invocation/next")) {
      asking = response;
      return hand();
    }
    let body = "";
    request.setEncoding("utf8");
    request.on("data", (chunk) => (body += String(chunk)));
    request.on("end", () => {
      response.writeHead(202).end();
      const [, id = "", kind] = /\/invocation\/([^/]+)\/(response|error)$/.exec(request.url ?? "") ?? [];
      if (kind === "response" || kind === "error") finish(id, kind, body);
      else fail(new Error(`The function could not be loaded: ${body}`));
    });
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));

  const load = preload === undefined ? [] : ["--import", preload];
  const child: ChildProcess = spawn(process.execPath, [...load, join(import.meta.dirname, "runtime.mjs")], {
    cwd: folder,
    env: {
      PATH: process.env["PATH"],
      ...env,
      LAMBDA_TASK_ROOT: folder,
      AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${(server.address() as AddressInfo).port}`,
      _HANDLER: handler,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => (log += String(chunk)));
  const exited = new Promise<void>((done) => child.on("exit", () => done()));
  child.on("exit", () => {
    for (const id of running.keys())
      say(id, { status: "error", errorType: "Runtime.ExitError", metrics: { durationMs: 0 } });
  });
  child.on("exit", (code) => fail(failure ?? new Error(`The function's process ended with ${String(code)}.\n${log}`)));

  return {
    invoke: <T>(event: unknown) =>
      new Promise<T>((resolve, reject) => {
        if (failure) return reject(failure);
        const text = JSON.stringify(event);
        const bytes = Buffer.byteLength(text);
        if (bytes > MAX_EVENT_BYTES) return reject(new PayloadTooLarge("event", bytes));
        waiting.push({ id: randomUUID(), event: text, resolve, reject });
        return hand();
      }),
    log: () => log,
    isOver: () => failure !== undefined,
    async stop() {
      clearTimeout(timer);
      child.kill("SIGKILL");
      await exited;
      server.closeAllConnections();
      await new Promise<void>((closed) => server.close(() => closed()));
    },
  };
}
