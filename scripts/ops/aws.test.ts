import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test, vi } from "vitest";
import { openAwsStage } from "./aws.ts";

/** Lambda's API as far as the commands ask it; what AWS itself answers the rehearsal knows. */
async function lambda(answers: Readonly<Record<string, unknown>>) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    void Array.fromAsync(request as AsyncIterable<Buffer>).then((chunks) => {
      const what = `${request.method} ${decodeURIComponent(request.url ?? "")}`;
      asked.push(`${what} ${Buffer.concat(chunks).toString()}`.trim());
      const answer = answers[what];
      const failed = typeof answer === "string";
      response.writeHead(answer === undefined ? 404 : 200, {
        "content-type": "application/json",
        ...(failed && { "x-amz-function-error": "Unhandled" }),
      });
      response.end(JSON.stringify(failed ? { errorMessage: answer } : (answer ?? { Message: "no such function" })));
    });
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  onTestFinished(() => void server.close());
  vi.stubEnv("LAMBDA_URL", `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  vi.stubEnv("AWS_ACCESS_KEY_ID", "test");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "test");
  const stage = openAwsStage("production");
  onTestFinished(() => stage.close());
  return { asked, stage };
}

const LIST = "GET /2015-03-31/event-source-mappings?FunctionName=millrace-production-collector";

test("the mapping between queue and collector is switched off and on", async () => {
  const update = "PUT /2015-03-31/event-source-mappings/u1";
  const { asked, stage } = await lambda({
    [LIST]: { EventSourceMappings: [{ UUID: "u1", State: "Enabled" }] },
    [update]: { UUID: "u1", State: "Disabling" },
  });
  expect(await stage.feed(false)).toEqual({ was: "Enabled" });
  await stage.feed(true);
  expect(asked.filter((each) => each.startsWith("PUT"))).toEqual([
    `${update} {"Enabled":false}`,
    `${update} {"Enabled":true}`,
  ]);
});

test("where nothing feeds the collector, or the function says what is wrong, that is the error", async () => {
  const invoke = "POST /2015-03-31/functions/millrace-production-admin/invocations";
  const { asked, stage } = await lambda({ [LIST]: { EventSourceMappings: [] }, [invoke]: "There is no such project." });
  await expect(stage.feed(false)).rejects.toThrow("fed by 0 queues");
  await expect(stage.invoke("admin", { action: "collecting" })).rejects.toThrow("There is no such project.");
  expect(asked.at(-1)).toBe(`${invoke} {"action":"collecting"}`);
});
