import { expect, test } from "vitest";
import { describeError, scrub } from "./scrub.ts";

function jsonError(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (thrown) {
    return thrown;
  }
}

test("what a JSON parser quotes of somebody's event does not reach the log, in message, stack or causes", () => {
  const secret = "ada lovelace";
  const cause = jsonError(`{"name": ${secret}}`);
  const inner = describeError(cause);
  const outer = describeError(new Error("The message is not an envelope.", { cause }));
  expect(inner.message).toContain("[input]");
  expect(JSON.stringify([inner, outer])).not.toContain("lovelace");
});

test.each([
  ["GET /3.0/x?api_key=SECRET&b=1 failed", "GET /3.0/x?[query] failed"],
  ["no user ada@example.com here", "no user [e-mail] here"],
  ["refused by 203.0.113.9:443", "refused by [address]:443"],
  ["connect ECONNREFUSED 127.0.0.1:9200", "connect ECONNREFUSED 127.0.0.1:9200"],
  ["10.0.3.4 and 192.168.1.1 stay", "10.0.3.4 and 192.168.1.1 stay"],
])("%s", (text, expected) => expect(scrub(text)).toBe(expected));

test("anything can be thrown", () => {
  expect(describeError("text")).toMatchObject({ name: "string", message: "text", stack: "", causes: [] });
  expect(describeError(undefined).name).toBe("undefined");
});

test("a cause that points at itself ends", () => {
  const error = new Error("loop");
  error.cause = error;
  expect(describeError(error).causes).toHaveLength(4);
});

test("failures of one kind have one fingerprint, whatever their ids and numbers; another kind or another cause has another", () => {
  const fingerprint = (error: Error) => describeError(error).fingerprint;
  const first = fingerprint(new Error('Project "a1" took 250 ms (0193f1c2-77aa-7000-8000-000000000001)'));
  expect(first).toMatch(/^[0-9a-f]{12}$/);
  expect(fingerprint(new Error('Project "b" took 31.5 ms (0193f1c2-77aa-7000-8000-0000000000ff)'))).toBe(first);
  expect(fingerprint(new TypeError('Project "a1" took 250 ms (0193f1c2-77aa-7000-8000-000000000001)'))).not.toBe(first);
  expect(fingerprint(new Error("The store is down.", { cause: new Error("ECONNREFUSED") }))).not.toBe(
    fingerprint(new Error("The store is down.", { cause: new Error("No space left") })),
  );
});
