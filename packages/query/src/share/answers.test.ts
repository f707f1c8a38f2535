import type { Version } from "@millrace/core";
import { expect, test } from "vitest";
import { createAnswers } from "./answers.ts";

const settled = (value: string): Version => ({ value, settled: true });
const here = new AbortController().signal;

/** Answers over a clock that is moved by hand, and how often each key was computed. */
function setup(maxBytes?: number) {
  let now = 1_000_000;
  const computed = new Map<string, number>();
  const answers = createAnswers({ clock: { now: () => now }, ...(maxBytes !== undefined && { maxBytes }) });
  return {
    computed,
    pass: (ms: number) => (now += ms),
    ask: async (key: string, version?: Version, maxAgeMs = 0, value: unknown = key) =>
      answers.get(key, { version, maxAgeMs, signal: here }, async () => {
        computed.set(key, (computed.get(key) ?? 0) + 1);
        return value;
      }),
    answers,
  };
}

test("the same version means the same answer; another version a new one", async () => {
  const { ask, computed } = setup();
  await ask("q", settled("1"));
  expect(await ask("q", settled("1"))).toEqual({ value: "q", ageMs: 0 });
  expect(computed.get("q")).toBe(1);
  await ask("q", settled("2"));
  expect(computed.get("q")).toBe(2);
});

test("without a version, or while events come in, only who lets it be old gets an old one", async () => {
  const { ask, pass, computed } = setup();
  const moving = { value: "7+", settled: false };
  await ask("q", moving);
  await ask("q", moving);
  await ask("q");
  expect(computed.get("q")).toBe(3);
  pass(4_000);
  expect(await ask("q", settled("8"), 5_000)).toEqual({ value: "q", ageMs: 4_000 });
  pass(2_000);
  expect(await ask("q", settled("8"), 5_000)).toEqual({ value: "q", ageMs: 0 });
  expect(computed.get("q")).toBe(4);
});

test("nothing is begun for who is gone already", async () => {
  const { answers } = setup();
  const gone = new Error("gone");
  let begun = 0;
  const compute = () => Promise.resolve(++begun);
  for (const alone of [true, false]) {
    const asked = answers.get(
      "q",
      { version: settled("1"), maxAgeMs: 0, signal: AbortSignal.abort(gone), alone },
      compute,
    );
    await expect(asked).rejects.toBe(gone);
  }
  expect(begun).toBe(0);
});

test("nothing is kept for more than a minute, whatever the version says", async () => {
  const { ask, pass, computed } = setup();
  await ask("q", settled("1"));
  pass(60_001);
  await ask("q", settled("1"), 300_000);
  expect(computed.get("q")).toBe(2);
});

test("equal questions at the same moment are computed once", async () => {
  const { ask, computed } = setup();
  await Promise.all([ask("q", settled("1")), ask("q", settled("1")), ask("other", settled("1"))]);
  expect(Object.fromEntries(computed)).toEqual({ q: 1, other: 1 });
});

test("one who gives up ends nothing for the others; the last one stops the work", async () => {
  const { answers } = setup();
  const [first, second] = [new AbortController(), new AbortController()];
  let stopped = false;
  const endless = (signal: AbortSignal) =>
    new Promise<never>((_, reject) => {
      signal.addEventListener("abort", () => {
        stopped = true;
        reject(signal.reason as Error);
      });
    });
  const ask = (signal: AbortSignal) => answers.get("q", { version: settled("1"), maxAgeMs: 0, signal }, endless);
  const both = [ask(first.signal), ask(second.signal)];
  first.abort(new Error("first is gone"));
  await expect(both[0]).rejects.toThrow("first is gone");
  expect(stopped).toBe(false);
  second.abort(new Error("second is gone"));
  await expect(both[1]).rejects.toThrow("second is gone");
  expect(stopped).toBe(true);
});

test("a failure is kept for nobody", async () => {
  const { answers, ask } = setup();
  const failing = answers.get("q", { version: settled("1"), maxAgeMs: 0, signal: here }, async () => {
    throw new Error("down");
  });
  await expect(failing).rejects.toThrow("down");
  expect((await ask("q", settled("1"))).value).toBe("q");
});

test("all answers together stay within their bytes: the oldest go, one that is too large is not kept", async () => {
  const { ask, computed } = setup(8_000);
  await ask("huge", settled("1"), 0, "x".repeat(2_000));
  await ask("huge", settled("1"));
  expect(computed.get("huge")).toBe(2);
  for (let i = 0; i < 20; i++) await ask(`q${i}`, settled("1"), 0, "x".repeat(900));
  await ask("q19", settled("1"));
  await ask("q0", settled("1"));
  expect([computed.get("q19"), computed.get("q0")]).toEqual([1, 2]);
});

test("who waits for the answer of somebody who goes away asks for it themselves", async () => {
  const { answers } = setup();
  const [first, second] = [new AbortController(), new AbortController()];
  const options = (signal: AbortSignal) => ({ version: undefined, maxAgeMs: 5_000, signal });
  // As a whole batch does: it is computed with the means of who began it.
  const began = answers.get("batch", options(first.signal), () => {
    return new Promise((_, reject) =>
      first.signal.addEventListener("abort", () => reject(first.signal.reason as Error)),
    );
  });
  const other = answers.get("batch", options(second.signal), () => Promise.resolve("theirs"));
  first.abort(new Error("gone"));
  await expect(began).rejects.toThrow("gone");
  expect(await other).toEqual({ value: "theirs", ageMs: 0 });
});
