import { expect, test } from "vitest";
import { currentExecution, runInExecution, span, unnamedExecution, type Execution } from "./span.ts";

/** Writes down what is done with it. */
function recording(): { execution: Execution; calls: string[] } {
  const calls: string[] = [];
  const execution: Execution = {
    id: "run-1",
    coldStart: false,
    label: () => {},
    metric: () => {},
    startSpan: (name, attributes) => {
      calls.push(`start ${name} ${JSON.stringify(attributes)}`);
      return { end: (error) => void calls.push(`end ${name}${error === undefined ? "" : ` ${error}`}`) };
    },
  };
  return { execution, calls };
}

test("outside of an execution there is none, and a span only runs its work", async () => {
  expect(currentExecution()).toBeUndefined();
  expect(unnamedExecution()).toBeUndefined();
  await expect(span("sqs.send", undefined, async () => 7)).resolves.toBe(7);
  await expect(span("sqs.send", undefined, () => Promise.reject(new Error("refused")))).rejects.toThrow("refused");
});

test("a span begins before its work and ends after it, and its result is the work's", async () => {
  const { execution, calls } = recording();
  const result = await runInExecution(execution, () =>
    span("sqs.send", { messages: 2 }, async () => {
      calls.push("work");
      return currentExecution()?.id;
    }),
  );
  expect(result).toBe("run-1");
  expect(calls).toEqual(['start sqs.send {"messages":2}', "work", "end sqs.send"]);
});

test.each([
  [new TypeError("no"), "TypeError"],
  ["a text", "unknown"],
])("work that fails ends its span by the error's name, and the error goes on as it is: %s", async (thrown, name) => {
  const { execution, calls } = recording();
  const failing = runInExecution(execution, () =>
    span("sqs.send", undefined, () => {
      // A library may throw anything.
      const { promise, reject } = Promise.withResolvers<never>();
      reject(thrown);
      return promise;
    }),
  );
  await expect(failing).rejects.toBe(thrown);
  expect(calls).toEqual(["start sqs.send undefined", `end sqs.send ${name}`]);
});

test("a call inside a span is the span's time: nothing else times it", async () => {
  const { execution } = recording();
  await runInExecution(execution, async () => {
    expect(unnamedExecution()).toBe(execution);
    await span("duckdb.append", undefined, async () => {
      expect(unnamedExecution()).toBeUndefined();
      expect(currentExecution()).toBe(execution);
    });
    expect(unnamedExecution()).toBe(execution);
  });
});
