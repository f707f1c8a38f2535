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
  stop(): Promise<void>;
}

interface Invocation {
  readonly id: string;
  readonly event: unknown;
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
}

const TIMEOUT_MS = 30_000;

/** @param env the function's environment; nothing else is inherited but the path */
export async function startLambda(file: string, env: Readonly<Record<string, string>>): Promise<Lambda> {
  const waiting: Invocation[] = [];
  const running = new Map<string, Invocation>();
  let asking: ServerResponse | undefined;
  let failure: Error | undefined;
  let log = "";

  function fail(error: Error): void {
    failure = error;
    for (const { reject } of [...waiting, ...running.values()]) reject(error);
  }

  function hand(): void {
    const next = waiting[0];
    if (!asking || !next) return;
    waiting.shift();
    running.set(next.id, next);
    asking.writeHead(200, {
      "lambda-runtime-aws-request-id": next.id,
      "lambda-runtime-deadline-ms": String(Date.now() + TIMEOUT_MS),
      "lambda-runtime-invoked-function-arn": "arn:aws:lambda:us-east-1:123456789012:function:test",
    });
    asking.end(JSON.stringify(next.event));
    asking = undefined;
  }

  const server = createServer((request, response) => {
    if (request.url?.endsWith("/invocation/next")) {
      asking = response;
      return hand();
    }
    let body = "";
    request.on("data", (chunk) => (body += String(chunk)));
    request.on("end", () => {
      response.writeHead(202).end();
      const [, id = "", kind] = /\/invocation\/([^/]+)\/(response|error)$/.exec(request.url ?? "") ?? [];
      if (kind === undefined) return fail(new Error(`The function could not be loaded: ${body}`));
      const invocation = running.get(id);
      running.delete(id);
      if (kind === "response") invocation?.resolve(JSON.parse(body) as never);
      else invocation?.reject(new Error(body));
    });
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));

  const child: ChildProcess = spawn(process.execPath, [join(import.meta.dirname, "runtime.mjs")], {
    env: {
      PATH: process.env["PATH"],
      AWS_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "512",
      SST_RESOURCE_App: JSON.stringify({ name: "millrace", stage: "test" }),
      ...env,
      AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${(server.address() as AddressInfo).port}`,
      _HANDLER: `${file}#handler`,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => (log += String(chunk)));
  const exited = new Promise<void>((done) => child.on("exit", () => done()));
  child.on("exit", (code) => fail(failure ?? new Error(`The function's process ended with ${String(code)}.\n${log}`)));

  return {
    invoke: <T>(event: unknown) =>
      new Promise<T>((resolve, reject) => {
        if (failure) return reject(failure);
        waiting.push({ id: randomUUID(), event, resolve, reject });
        return hand();
      }),
    log: () => log,
    async stop() {
      child.kill("SIGKILL");
      await exited;
      server.closeAllConnections();
      await new Promise<void>((closed) => server.close(() => closed()));
    },
  };
}
