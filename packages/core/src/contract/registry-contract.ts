import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Clock } from "../ports/ambient.ts";
import type { Registry } from "../ports/registry.ts";

export interface RegistryContract {
  readonly name: string;
  /** An empty registry of one test that tells the time by `clock`. */
  create(clock: Clock): Promise<Registry>;
}

const START = 1_700_000_000_000;
const MINUTE = 60_000;
const RACERS = 8;

/** What every registry promises: small items, versions, expiry by the clock and not by when somebody tidies up. */
export function describeRegistryContract(contract: RegistryContract): void {
  describe(`${contract.name} as a registry`, () => {
    let now: number;
    let registry: Registry;
    const key = { partition: "p", sort: "s" };

    beforeEach(async () => {
      now = START;
      registry = await contract.create({ now: () => now });
    });
    afterEach(() => registry.close());

    test("answers nothing for a key nobody wrote", async () => {
      expect(await registry.get(key)).toBeUndefined();
      expect(await registry.list("p")).toEqual([]);
    });

    test("gives back any JSON value as it was, with its key and version 1", async () => {
      const value = {
        text: "ß €😀\0\u2028",
        empty: "",
        list: [1, null, true, { deep: [] }],
        number: 0.1,
        big: 2 ** 53,
      };
      expect(await registry.put(key, value)).toBe(true);
      expect(await registry.get(key)).toEqual({ key, value, version: 1 });
    });

    test("a property called __proto__ is a property", async () => {
      const value: unknown = JSON.parse('{"__proto__":{"polluted":1}}');
      await registry.put(key, value);
      expect(JSON.stringify((await registry.get(key))?.value)).toBe('{"__proto__":{"polluted":1}}');
      expect({}).not.toHaveProperty("polluted");
    });

    test("overwrites and counts the version up", async () => {
      await registry.put(key, "a");
      expect(await registry.put(key, "b")).toBe(true);
      expect(await registry.get(key)).toMatchObject({ value: "b", version: 2 });
    });

    test("'absent' writes a new item and never an existing one", async () => {
      expect(await registry.put(key, "first", { if: "absent" })).toBe(true);
      expect(await registry.put(key, "second", { if: "absent" })).toBe(false);
      expect(await registry.get(key)).toMatchObject({ value: "first", version: 1 });
    });

    test("a version writes over exactly that version", async () => {
      await registry.put(key, "a");
      expect(await registry.put(key, "b", { if: 1 })).toBe(true);
      expect(await registry.put(key, "c", { if: 1 })).toBe(false);
      expect(await registry.put(key, "d", { if: 3 })).toBe(false);
      expect(await registry.get(key)).toMatchObject({ value: "b", version: 2 });
      expect(await registry.put({ partition: "p", sort: "other" }, "x", { if: 1 })).toBe(false);
    });

    test("of many who write at once over one version, one wins", async () => {
      await registry.put(key, "start");
      const attempts = Array.from({ length: RACERS }, (_, i) => registry.put(key, i, { if: 1 }));
      const wins = (await Promise.all(attempts)).map((won, i) => (won ? i : -1)).filter((i) => i >= 0);
      expect(wins).toHaveLength(1);
      expect(await registry.get(key)).toMatchObject({ value: wins[0], version: 2 });
    });

    test("an expired item is gone for every reader and counts as absent for every writer", async () => {
      await registry.put(key, "old", { expiresAt: START + MINUTE });
      await registry.put({ partition: "p", sort: "stays" }, "stays");
      expect(await registry.get(key)).toMatchObject({ value: "old", expiresAt: START + MINUTE });
      now = START + MINUTE;
      expect(await registry.get(key)).toBeUndefined();
      expect((await registry.list("p")).map((item) => item.key.sort)).toEqual(["stays"]);
      expect(await registry.put(key, "over", { if: 1 })).toBe(false);
      expect(await registry.put(key, "new", { if: "absent" })).toBe(true);
      expect(await registry.get(key)).toEqual({ key, value: "new", version: 1 });
    });

    test("a later put decides anew when the item expires", async () => {
      await registry.put(key, "a", { expiresAt: START + MINUTE });
      await registry.put(key, "b");
      now = START + 2 * MINUTE;
      expect(await registry.get(key)).toMatchObject({ value: "b" });
      await registry.put(key, "c", { expiresAt: START + 3 * MINUTE });
      now = START + 3 * MINUTE;
      expect(await registry.get(key)).toBeUndefined();
    });

    test("lists one partition by prefix, in the order of UTF-8 bytes, wildcards meaning themselves", async () => {
      const sorts = ["b%1", "b_2", "bx", "a", "b", "c", "b\u{1F600}", "b\uFF5E"];
      for (const sort of sorts) await registry.put({ partition: "p", sort }, sort);
      await registry.put({ partition: "p2", sort: "b" }, "elsewhere");
      const list = async (prefix?: string) => (await registry.list<string>("p", prefix)).map((item) => item.value);
      expect(await list("b")).toEqual(["b", "b%1", "b_2", "bx", "b\uFF5E", "b\u{1F600}"]);
      expect(await list("b_")).toEqual(["b_2"]);
      expect(await list("b%")).toEqual(["b%1"]);
      expect(await list()).toHaveLength(sorts.length);
    });

    test("lists from a sort key on, that one included", async () => {
      for (const sort of ["a", "b", "b1", "c"]) await registry.put({ partition: "p", sort }, sort);
      await registry.put({ partition: "q", sort: "z" }, "z");
      const from = async (sort: string) => (await registry.listFrom<string>("p", sort)).map((item) => item.value);
      expect(await from("b")).toEqual(["b", "b1", "c"]);
      expect(await from("b2")).toEqual(["c"]);
      expect(await from("d")).toEqual([]);
      expect(await from("")).toEqual(["a", "b", "b1", "c"]);
    });

    test("lists only so many, live ones, where it is told how many", async () => {
      const late = { expiresAt: START + MINUTE };
      for (const sort of ["a", "b", "c", "d"])
        await registry.put({ partition: "p", sort }, sort, sort < "c" ? late : {});
      const first = async (from: string, limit: number) =>
        (await registry.listFrom<string>("p", from, limit)).map((item) => item.value);
      expect(await first("", 2)).toEqual(["a", "b"]);
      expect(await first("b", 2)).toEqual(["b", "c"]);
      expect(await first("b", 9)).toEqual(["b", "c", "d"]);
      now = START + MINUTE;
      // Also where those that are over still lie in the way.
      expect(await first("", 1)).toEqual(["c"]);
    });

    test("lists more than one page holds", async () => {
      // DynamoDB answers at most 1 MB at a time.
      const large = "x".repeat(200_000);
      for (let i = 0; i < 8; i++) await registry.put({ partition: "pages", sort: String(i) }, large);
      expect((await registry.list("pages")).map((item) => item.key.sort).join("")).toBe("01234567");
    });

    describe("claims many at once", () => {
      const claim = (sort: string, value: string) => ({
        key: { partition: "p", sort },
        value,
        expiresAt: now + MINUTE,
      });

      test("writes what is absent and answers who has it, the first of equal keys before the others", async () => {
        await registry.put({ partition: "p", sort: "taken" }, "before");
        const owners = await registry.claimMany([
          claim("taken", "a"),
          claim("new", "b"),
          claim("new", "c"),
          claim("other", "d"),
        ]);
        expect(owners).toEqual(["before", "b", "b", "d"]);
        expect(await registry.get({ partition: "p", sort: "taken" })).toMatchObject({ value: "before", version: 1 });
        const { key, value, expiresAt } = claim("new", "b");
        expect(await registry.get(key)).toEqual({ key, value, version: 1, expiresAt });
        expect(await registry.claimMany([])).toEqual([]);
      });

      test("an expired item is free again", async () => {
        await registry.claimMany([claim("s", "old")]);
        now += MINUTE - 1;
        expect(await registry.claimMany([claim("s", "early")])).toEqual(["old"]);
        now += 1;
        expect(await registry.claimMany([claim("s", "new")])).toEqual(["new"]);
        expect(await registry.get({ partition: "p", sort: "s" })).toMatchObject({ value: "new", version: 1 });
      });

      test("more than go at a time; of several who claim the same at once, one has each", async () => {
        const sorts = Array.from({ length: 60 }, (_, at) => `s${at}`);
        const rivals = await Promise.all(
          ["a", "b"].map((who) => registry.claimMany(sorts.map((sort) => claim(sort, who)))),
        );
        const kept = (await registry.list<string>("p")).map((item) => [item.key.sort, item.value]);
        expect(kept).toHaveLength(sorts.length);
        for (const owners of rivals)
          expect(Object.fromEntries(kept)).toEqual(Object.fromEntries(sorts.map((sort, at) => [sort, owners[at]])));
      });

      test("what cannot be written leaves the registry usable", async () => {
        const circle: Record<string, unknown> = {};
        circle["self"] = circle;
        const { key, expiresAt } = claim("bad", "");
        await expect(registry.claimMany([{ key, value: circle, expiresAt }])).rejects.toThrow(TypeError);
        expect(await registry.claimMany([claim("good", "a")])).toEqual(["a"]);
      });
    });

    test("deletes, and a deleted item starts again at version 1", async () => {
      await registry.put(key, "a");
      await registry.put(key, "b");
      await registry.delete(key);
      await registry.delete(key);
      expect(await registry.get(key)).toBeUndefined();
      expect(await registry.put(key, "c", { if: "absent" })).toBe(true);
      expect(await registry.get(key)).toMatchObject({ value: "c", version: 1 });
    });
  });
}
