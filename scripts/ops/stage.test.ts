import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { json } from "node:stream/consumers";
import { createExecutions, executionLine } from "@millrace/monitor";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { askerOfLog, askerOfStage } from "./stage.ts";

// The AWS command line is a program of the operator's machine; here one that answers as it does, and notes how it was called.
let folder: string;
const path = process.env["PATH"] ?? "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "millrace-aws-"));
  process.env["PATH"] = `${folder}${delimiter}${path}`;
});
afterEach(async () => {
  process.env["PATH"] = path;
  await rm(folder, { recursive: true, force: true });
});

async function awsThatKnows(groups: Readonly<Record<string, readonly string[]>>): Promise<() => Promise<string>> {
  const at = Date.now();
  const events = (lines: readonly string[]) => ({
    events: lines.map((message) => ({ timestamp: at, message: `${message}\n` })),
  });
  for (const [group, lines] of Object.entries(groups))
    await writeFile(join(folder, group.replaceAll("/", "_")), JSON.stringify(events(lines)));
  const script = `#!/bin/sh
echo "$@" >> ${join(folder, "calls")}
file="${folder}/$(echo "$4" | tr / _)"
[ -f "$file" ] && cat "$file" && exit 0
echo "An error occurred (ResourceNotFoundException): $4" >&2
exit 254
`;
  await writeFile(join(folder, "aws"), script);
  await chmod(join(folder, "aws"), 0o755);
  return () => readFile(join(folder, "calls"), "utf8");
}

async function lineOf(name: string, id: string, work: () => Promise<void>): Promise<string> {
  let line = "";
  const executions = createExecutions({ function: name, sink: (record) => void (line = executionLine(record)) });
  await executions.run({ kind: "command", name: "test" }, work, { requestId: id }).catch(() => {});
  return line;
}

test("a stage is searched through the log of its functions, also for what the platform ended", async () => {
  const failed = await lineOf("collector", "failed", () => Promise.reject(new Error("disk full")));
  const ordinary = await lineOf("ingest", "ordinary", async () => {});
  const report = JSON.stringify({
    type: "platform.report",
    record: { requestId: "ended", status: "timeout", metrics: { durationMs: 60_000 } },
  });
  const calls = await awsThatKnows({
    "/millrace/production/collector": [failed, report, "text"],
    "/millrace/production/ingest": [ordinary],
  });
  const ask = askerOfLog("production");
  const { executions } = await ask<{ executions: { id: string }[] }>("executions?since=2h&status=any-failure");
  expect(executions.map(({ id }) => id).sort()).toEqual(["ended", "failed"]);
  expect(await ask("executions/ordinary")).toMatchObject({ execution: { function: "ingest", stands_for: 1 } });
  expect(await ask("executions/summary?since=2h&function=ingest")).toMatchObject({ total: { count: 1, failed: 0 } });
  expect((await calls()).split("\n").filter((line) => line.includes("/production/ingest"))).toHaveLength(3);
});

test("a stage answers what its forwarder keeps, to whom AWS lets call it", async () => {
  const asked: { path: string | undefined; event: unknown }[] = [];
  const lambda = createServer((request, response) => {
    void json(request).then((event) => {
      asked.push({ path: request.url, event });
      const refused = { status: 400, body: { message: "limit: too big." } };
      response.end(JSON.stringify(asked.length === 1 ? { status: 200, body: { executions: [] } } : refused));
    });
  });
  await new Promise<void>((ready) => lambda.listen(0, "127.0.0.1", ready));
  vi.stubEnv("LAMBDA_URL", `http://127.0.0.1:${(lambda.address() as AddressInfo).port}`);
  vi.stubEnv("AWS_ACCESS_KEY_ID", "test");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "test");
  const ask = askerOfStage("production");
  expect(await ask("executions?since=2h")).toEqual({ executions: [] });
  expect(asked[0]?.path).toContain("/millrace-production-executions/invocations");
  expect(asked[0]?.event).toEqual({ ops: "executions?since=2h" });
  await expect(ask("executions?limit=5000")).rejects.toThrow("answered 400: limit: too big.");
  // Health and cost are for the function that looks at the stage.
  for (const path of ["health", "cost?nodes=3"]) await expect(ask(path)).rejects.toThrow("answered 400");
  expect(asked.slice(2).map(({ path = "" }) => /production-(\w+)/.exec(path)?.[1])).toEqual(["health", "health"]);
  vi.unstubAllEnvs();
  lambda.close();
});

test("what the command line says of rights is passed on; without it that is said", async () => {
  await writeFile(join(folder, "aws"), "#!/bin/sh\necho AccessDeniedException >&2\nexit 254\n", { mode: 0o755 });
  await expect(askerOfLog("production")("executions?since=1h")).rejects.toThrow(/AccessDenied/);
  process.env["PATH"] = folder;
  await rm(join(folder, "aws"));
  await expect(askerOfLog("production")("executions?since=1h")).rejects.toThrow(/not installed/);
});
