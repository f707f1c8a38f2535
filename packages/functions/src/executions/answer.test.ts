import type { LogLine } from "@millrace/ops";
import { expect, test, vi } from "vitest";
import { gzipSync } from "node:zlib";
import { answerExecutions, type ExecutionsParts } from "./answer.ts";

function parts(refused: (lines: readonly LogLine[]) => boolean = () => false) {
  const forwarded: LogLine[] = [];
  const of: ExecutionsParts = {
    forward: async (lines) => {
      if (refused(lines)) throw new Error("The store is away.");
      forwarded.push(...lines);
      return { kept: lines.length };
    },
    ask: async ({ ops }) => ({ status: 200, body: { asked: ops } }),
  };
  return { of, forwarded };
}

const batch = (messages: readonly string[], more: object = {}) => ({
  awslogs: {
    data: gzipSync(
      JSON.stringify({
        messageType: "DATA_MESSAGE",
        owner: "123456789012",
        logGroup: "/millrace/production/collector",
        logStream: "2026/11/29/[$LATEST]0123",
        subscriptionFilters: ["executions"],
        logEvents: messages.map((message, i) => ({ id: String(i), timestamp: 1_000 + i, message })),
        ...more,
      }),
    ).toString("base64"),
  },
});

/** As Lambda leaves an event whose tries failed. */
const late = (messageId: string, requestPayload: unknown) => ({
  messageId,
  body: JSON.stringify({ version: "1.0", requestContext: { condition: "RetriesExhausted" }, requestPayload }),
});

test("a batch of a log is forwarded with its times and the name of its group", async () => {
  const { of, forwarded } = parts();
  await answerExecutions(of, batch(["one\n", "two\n"]));
  expect(forwarded).toEqual([
    { text: "one", at: 1_000, function: "collector" },
    { text: "two", at: 1_001, function: "collector" },
  ]);
});

test("the message by which CloudWatch tries its way holds no lines", async () => {
  const { of, forwarded } = parts();
  await answerExecutions(of, batch(["CWL CONTROL MESSAGE: Checking health"], { messageType: "CONTROL_MESSAGE" }));
  expect(forwarded).toEqual([]);
});

test("a batch that cannot be kept fails, so that Lambda brings it again; one that is none fails by name", async () => {
  const { of } = parts(() => true);
  await expect(answerExecutions(of, batch(["one"]))).rejects.toThrow("The store is away.");
  await expect(answerExecutions(parts().of, { awslogs: { data: "bm8=" } })).rejects.toThrow();
  await expect(answerExecutions(parts().of, { detail: 5 })).rejects.toThrow("neither");
});

test("of the batches that wait those that cannot be kept stay, and what is none is said and let go", async () => {
  const said = vi.spyOn(console, "error").mockImplementation(() => {});
  const { of, forwarded } = parts((lines) => lines.some(({ text }) => text === "two"));
  const Records = [late("a", batch(["one"])), late("b", batch(["two"])), { messageId: "c", body: "nonsense" }];
  const answer = await answerExecutions(of, { Records });
  expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: "b" }] });
  expect(forwarded.map(({ text }) => text)).toEqual(["one"]);
  expect(said).toHaveBeenCalledWith(expect.stringContaining("c"));
  said.mockRestore();
  await expect(answerExecutions(parts(() => true).of, { Records: [late("a", batch(["one"]))] })).rejects.toThrow(
    "away",
  );
});

test("an operator's question is answered as the API would", async () => {
  expect(await answerExecutions(parts().of, { ops: "executions?since=1h" })).toEqual({
    status: 200,
    body: { asked: "executions?since=1h" },
  });
});
