import { describe, expect, test } from "vitest";
import type { PathsQuery } from "../../query/paths/query.ts";
import { shapePaths } from "../../query/paths/shape.ts";
import { newProject, NOON, pathsPlan, storedEvent } from "../fixtures.ts";
import type { Subject } from "../subject.ts";

export function pathCases(use: () => Subject): void {
  /** One session a text, one page a letter, a second apart. */
  const load = async (...sessions: string[]): Promise<string> => {
    const project = newProject();
    await use().load(
      sessions.flatMap((pages, session) =>
        Array.from(pages, (page, i) =>
          storedEvent({
            project,
            timestamp: NOON + session * 100_000 + i * 1_000,
            context: { visit_id: `v${session}`, page_path: page },
          }),
        ),
      ),
    );
    return project;
  };
  /** Links as text: `1 a>b 2`. */
  const ask = async (project: string, input: Partial<PathsQuery> = {}): Promise<string[]> => {
    const { result } = shapePaths(await use().store.paths(pathsPlan(project, input)));
    const place = (at: Record<string, unknown>) => {
      const [name = "", value] = Object.entries(at)[0] ?? [];
      return typeof value === "string" ? value : name;
    };
    return (result as { step: number; from: object; to: object; result: number }[]).map(
      ({ step, from, to, result: count }) => `${step} ${place({ ...from })}>${place({ ...to })} ${count}`,
    );
  };

  describe("paths", () => {
    test("from the start of sessions, as far as asked, and where they end", async () => {
      const project = await load("abc", "ab", "ac");
      expect(await ask(project, { depth: 2 })).toEqual(["1 a>b 2", "1 a>c 1", "2 b>c 1", "2 b>ended 1", "2 c>ended 1"]);
      expect(await ask(project, { depth: 1 })).toEqual(["1 a>b 2", "1 a>c 1"]);
    });

    test("from a place on, and what led to it; sessions without it are not counted", async () => {
      const project = await load("xabab", "yab", "b", "xyz");
      expect(await ask(project, { anchor: "a", depth: 2 })).toEqual(["1 a>b 2", "2 b>a 1", "2 b>ended 1"]);
      expect(await ask(project, { anchor: "a", direction: "previous", depth: 2 })).toEqual([
        "1 a>x 1",
        "1 a>y 1",
        "2 x>ended 1",
        "2 y>ended 1",
      ]);
      expect(await ask(project, { anchor: "never" })).toEqual([]);
    });

    test("before the end of sessions", async () => {
      const project = await load("abc", "bbc", "c");
      expect(await ask(project, { direction: "previous", depth: 1 })).toEqual(["1 c>b 2", "1 c>ended 1"]);
    });

    test("of visits that began in the time asked, whole: not cut off at its end", async () => {
      const project = newProject();
      const page = (visit: string, begun: number, at: number, path: string) =>
        storedEvent({ project, timestamp: at, context: { visit_id: visit, visit_start: begun, page_path: path } });
      await use().load([
        page("v1", NOON, NOON, "a"),
        page("v1", NOON, NOON + 2_000, "b"),
        page("v2", NOON - 1_000, NOON - 1_000, "c"),
        page("v2", NOON - 1_000, NOON, "d"),
      ]);
      const timeframe = { kind: "absolute", start: NOON, end: NOON + 1_000 } as const;
      const asked = { direction: "previous", depth: 1, timeframe } as const;
      expect(await ask(project, asked)).toEqual(["1 a>ended 1", "1 d>ended 1"]);
      expect(await ask(project, { ...asked, time: "visit_start" })).toEqual(["1 b>a 1"]);
    });

    test("repeats are one step, or many, as asked", async () => {
      const project = await load("aab");
      expect(await ask(project, { depth: 2 })).toEqual(["1 a>b 1", "2 b>ended 1"]);
      expect(await ask(project, { depth: 2, collapse: false })).toEqual(["1 a>a 1", "2 a>b 1"]);
    });

    test("of each step the most frequent values are named, the first of equal ones; the rest are others", async () => {
      const project = await load("ab", "ab", "ac", "ad", "eb");
      expect(await ask(project, { depth: 1, top: 1 })).toEqual(["1 a>b 2", "1 a>other 2", "1 other>b 1"]);
      expect(await ask(project, { depth: 1, top: 2 })).toEqual(["1 a>b 2", "1 a>c 1", "1 a>other 1", "1 e>b 1"]);
    });

    test("the steps of one millisecond are in the order of their values", async () => {
      const project = newProject();
      const context = (page_path: string) => ({ visit_id: "v", page_path });
      await use().load(["b", "a", "b"].map((page) => storedEvent({ project, context: context(page) })));
      expect(await ask(project, { depth: 3, collapse: false })).toEqual(["1 a>b 1", "2 b>b 1", "3 b>ended 1"]);
    });
  });
}
