import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { durationBucket, summarize } from "../executions/durations.ts";
import {
  CERTAINTY,
  type Executions,
  type ExecutionSearch,
  type FoundExecution,
  type StoredExecution,
} from "../executions/execution.ts";

export interface ExecutionsContract {
  readonly name: string;
  /** A store of its own for each test, in which what was written is found at once. */
  readonly create: () => Promise<Executions>;
}

/** 2026-11-23T12:00:00Z. */
const NOON = Date.UTC(2026, 10, 23, 12);
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const ALL = { from: NOON - 400 * DAY, to: NOON + DAY };

let made = 0;
function execution(more: Partial<StoredExecution> = {}): StoredExecution {
  const id = more.id ?? `run-${++made}`;
  return {
    id,
    function: "collector",
    startedAt: NOON,
    durationMs: 20,
    status: "ok",
    cold: false,
    trigger: "pubsub",
    memory: 100_000_000,
    fingerprint: null,
    error: null,
    labels: [],
    weight: 1,
    certainty: CERTAINTY.final,
    line: JSON.stringify({ id }),
    ...more,
  };
}

function withoutLine({ line: _line, ...found }: StoredExecution): FoundExecution {
  return found;
}

const FAILED = { status: "failed", fingerprint: "abc123", error: "Error: no" } as const;

/** What every adapter of the port of executions does. */
export function describeExecutionsContract({ name, create }: ExecutionsContract): void {
  describe(`executions in ${name}`, () => {
    let executions: Executions;
    beforeEach(async () => {
      executions = await create();
    });
    afterEach(() => executions.close());
    const ids = async (
      search: Partial<ExecutionSearch>,
      order: "newest" | "slowest" | "largest" = "newest",
      limit = 10,
    ) => (await executions.find({ ...ALL, ...search }, order, limit)).map(({ id }) => id);

    test("what is put is found whole, by its id and by a search", async () => {
      const whole = execution({ ...FAILED, cold: true, labels: ["project=p1", "events=3"], weight: 100, memory: null });
      await executions.put([whole]);
      expect(await executions.get(whole.id)).toEqual(whole);
      expect(await executions.find(ALL, "newest", 10)).toEqual([withoutLine(whole)]);
      expect(await executions.get("none")).toBeUndefined();
    });

    test("nothing was put: nothing is found, and nothing fails", async () => {
      await executions.put([]);
      expect(await ids({})).toEqual([]);
      expect(await executions.durations(ALL, [ALL.from, ALL.to])).toEqual([]);
      expect(await executions.groups(ALL, "function", 10)).toEqual([]);
      await executions.expire({ before: NOON, maxBytes: 1 });
    });

    test("a line read twice is one execution, also within one call; the later of two equals holds", async () => {
      const first = execution({ durationMs: 1 });
      const second = { ...first, durationMs: 2 };
      await executions.put([first, second]);
      await executions.put([second]);
      expect(await executions.find(ALL, "newest", 10)).toEqual([withoutLine(second)]);
    });

    test("a less certain line never replaces a more certain one, in whatever order they come", async () => {
      const final = execution({ id: "r" });
      const early = execution({ id: "r", status: "timeout", certainty: CERTAINTY.early });
      const platform = execution({ id: "r", status: "timeout", certainty: CERTAINTY.platform, startedAt: NOON - 3 });
      await executions.put([platform]);
      expect((await executions.get("r"))?.certainty).toBe(CERTAINTY.platform);
      await executions.put([final, early]);
      await executions.put([platform]);
      expect(await executions.find(ALL, "newest", 10)).toEqual([withoutLine(final)]);
      expect(await executions.get("r")).toEqual(final);
    });

    test("each condition of a search, and all of them together", async () => {
      const ordinary = execution({ id: "ordinary", startedAt: NOON - MINUTE });
      const odd = execution({
        id: "odd",
        function: "query",
        ...FAILED,
        trigger: "http",
        cold: true,
        durationMs: 900,
        memory: 400_000_000,
        labels: ["project=p1", 'sign=" \\'],
      });
      const ended = execution({ id: "ended", status: "timeout", startedAt: NOON + MINUTE, labels: ["project=p10"] });
      await executions.put([ordinary, odd, ended]);
      const conditions: Partial<ExecutionSearch>[] = [
        { from: NOON, to: NOON + 1 },
        { function: "query" },
        { status: "failed" },
        { fingerprint: "abc123" },
        { trigger: "http" },
        { cold: true },
        { minDurationMs: 900 },
        { minMemory: 400_000_000 },
        { labels: ["project=p1"] },
        { labels: ['sign=" \\', "project=p1"] },
      ];
      for (const condition of conditions) expect(await ids(condition), JSON.stringify(condition)).toEqual(["odd"]);
      expect(await ids(Object.assign({}, ...conditions) as ExecutionSearch)).toEqual(["odd"]);
      expect(await ids({ status: "any-failure" })).toEqual(["ended", "odd"]);
      expect(await ids({ cold: false })).toEqual(["ended", "ordinary"]);
      expect(await ids({ labels: ["project=p1", "project=p10"] })).toEqual([]);
      expect(await ids({ to: NOON })).toEqual(["ordinary"]);
    });

    test("orders and limit", async () => {
      await executions.put([
        execution({ id: "a", startedAt: NOON, durationMs: 5, memory: 1 }),
        execution({ id: "b", startedAt: NOON + 1, durationMs: 9, memory: null }),
        execution({ id: "c", startedAt: NOON + 2, durationMs: 7, memory: 3 }),
      ]);
      expect(await ids({}, "newest")).toEqual(["c", "b", "a"]);
      expect(await ids({}, "slowest")).toEqual(["b", "c", "a"]);
      expect(await ids({}, "largest")).toEqual(["c", "a", "b"]);
      expect(await ids({}, "slowest", 1)).toEqual(["b"]);
    });

    test("spans of different lengths", async () => {
      await executions.put([
        execution({ startedAt: NOON }),
        execution({ startedAt: NOON + 5 }),
        execution({ startedAt: NOON + 59 }),
      ]);
      const counts = await executions.durations(ALL, [NOON, NOON + 5, NOON + 50, NOON + 60]);
      expect(counts.map(({ span }) => span).toSorted((a, b) => a - b)).toEqual([0, 1, 2]);
    });

    test("counts by time and duration: a run that stands for more counts as more", async () => {
      await executions.put([
        execution({ startedAt: NOON, durationMs: 10, weight: 100 }),
        execution({ startedAt: NOON + 1, durationMs: 10, cold: true, memory: 7 }),
        execution({ startedAt: NOON + MINUTE, durationMs: 3_000, ...FAILED, memory: null }),
        execution({ startedAt: NOON + 2 * MINUTE, durationMs: 10 }),
      ]);
      const counts = await executions.durations(ALL, [NOON, NOON + MINUTE, NOON + 2 * MINUTE]);
      expect(counts.toSorted((a, b) => a.span - b.span)).toEqual([
        { span: 0, bucket: durationBucket(10), count: 101, failed: 0, cold: 1, maxMemory: 100_000_000 },
        { span: 1, bucket: durationBucket(3_000), count: 1, failed: 1, cold: 0, maxMemory: 0 },
      ]);
      expect(summarize(counts)).toMatchObject({ count: 102, failed: 1, cold: 1 });
    });

    test("counts over hours are those of the executions, whatever came late, was replaced by a surer line or is gone", async () => {
      const HOUR = 60 * MINUTE;
      const from = NOON - 6 * HOUR;
      const many = Array.from({ length: 60 }, (_, i) =>
        execution({
          id: `many-${i}`,
          startedAt: from + i * 6 * MINUTE,
          durationMs: 1 + (i % 7) * 40,
          function: i % 3 === 0 ? "query" : "collector",
          cold: i % 5 === 0,
          memory: i % 4 === 0 ? null : i,
          weight: i % 10 === 0 ? 100 : 1,
          ...(i % 8 === 0 && { ...FAILED, fingerprint: `kind-${i % 3}` }),
        }),
      );
      await executions.put(many);
      // Into an hour that was over; and one that was told of too late by the platform, an hour before it really began.
      await executions.put([execution({ id: "late", startedAt: from + HOUR + 1, durationMs: 999 })]);
      await executions.put([
        execution({ id: "moved", startedAt: from + 2 * HOUR, status: "timeout", certainty: CERTAINTY.platform }),
      ]);
      await executions.put([execution({ id: "moved", startedAt: from + 3 * HOUR + 1 })]);
      await executions.expire({ before: from + HOUR, maxBytes: Number.MAX_SAFE_INTEGER });
      const spans = [from, from + HOUR / 2, from + 2 * HOUR, from + 2 * HOUR + 1, from + 5 * HOUR + 7, NOON + HOUR];
      for (const which of [
        {},
        { function: "query" },
        { status: "any-failure" },
        { cold: true },
        { minMemory: 20 },
      ] as const) {
        const search = { from: from + 10 * MINUTE, to: NOON + 30 * MINUTE, ...which };
        const found = await executions.find(search, "newest", 1_000);
        const counts = await executions.durations(search, spans);
        for (const [span, to] of spans.slice(1).entries()) {
          const inside = found.filter(({ startedAt }) => startedAt >= (spans[span] ?? 0) && startedAt < to);
          const those = counts.filter((each) => each.span === span);
          const sum = (of: readonly number[]) => of.reduce((total, each) => total + each, 0);
          const what = `${JSON.stringify(which)}, span ${span}`;
          expect(sum(those.map(({ count }) => count)), what).toBe(sum(inside.map(({ weight }) => weight)));
          expect(sum(those.map(({ failed }) => failed)), what).toBe(
            sum(inside.map(({ status, weight }) => (status === "ok" ? 0 : weight))),
          );
          expect(Math.max(0, ...those.map(({ maxMemory }) => maxMemory)), what).toBe(
            Math.max(0, ...inside.map(({ memory }) => memory ?? 0)),
          );
        }
        for (const { value, count, lastAt } of await executions.groups(search, "fingerprint", 10)) {
          const those = found.filter(({ fingerprint }) => fingerprint === value);
          expect(count).toBe(those.reduce((total, { weight }) => total + weight, 0));
          expect(lastAt).toBe(Math.max(...those.map(({ startedAt }) => startedAt)));
        }
      }
    });

    test("groups: most first, failures with their fingerprint, those without one left out", async () => {
      await executions.put([
        execution({ function: "ingest", weight: 100 }),
        execution({ ...FAILED, startedAt: NOON + 1 }),
        execution({ ...FAILED, startedAt: NOON + 5 }),
        execution({ ...FAILED, fingerprint: "other" }),
      ]);
      expect(await executions.groups(ALL, "function", 10)).toEqual([
        { value: "ingest", count: 100, failed: 0, lastAt: NOON },
        { value: "collector", count: 3, failed: 3, lastAt: NOON + 5 },
      ]);
      expect(await executions.groups(ALL, "fingerprint", 1)).toEqual([
        { value: "abc123", count: 2, failed: 2, lastAt: NOON + 5 },
      ]);
    });

    test("what is older goes, and the oldest of what is too much; the newest stay", async () => {
      await executions.put([
        execution({ id: "ancient", startedAt: NOON - 100 * DAY }),
        execution({ id: "old", startedAt: NOON - 40 * DAY, line: JSON.stringify({ text: "x".repeat(1_000) }) }),
        execution({ id: "new", startedAt: NOON }),
      ]);
      await executions.expire({ before: NOON - 60 * DAY, maxBytes: Number.MAX_SAFE_INTEGER });
      expect(await ids({})).toEqual(["new", "old"]);
      await executions.expire({ before: 0, maxBytes: 500 });
      expect(await ids({})).toEqual(["new"]);
    });
  });
}
