import { deepStrictEqual as same, ok } from "node:assert";
import type { Case } from "../case.ts";
import type { Stage } from "../stage.ts";

/** A client's ways to record. Each answers what the client gives, and rejects with what it reports as an error. */
export interface Recorder {
  readonly one: (collection: string, event: object) => Promise<unknown>;
  readonly many?: (batch: Readonly<Record<string, readonly object[]>>) => Promise<unknown>;
}

const ODD_NAMES = ["User posts.new", "a/b", "a+b & c"];

/** What every client that records is tried with. @param odd names of collections that this client can send */
export function recordingCases(
  stage: Stage,
  { one, many }: Recorder,
  { odd = ODD_NAMES }: { odd?: readonly string[] } = {},
): Case[] {
  const rowOf = async (collection: string) => (await stage.rows(collection, 1))[0] ?? {};
  const cases: Case[] = [
    {
      method: "one event",
      async run() {
        const collection = stage.collection("one");
        await one(collection, { n: 1, text: "€😀", nested: { list: [1, "a"] } });
        const { n, text, nested } = await rowOf(collection);
        same([n, text, nested], [1, "€😀", { list: [1, "a"] }]);
      },
    },
    {
      method: "a bad event is an error",
      async run() {
        const outcome = await one(stage.collection("bad"), { "a.b": 1 }).then(
          () => "taken",
          () => "refused",
        );
        same(outcome, "refused");
      },
    },
    {
      method: "collections with odd names",
      async run() {
        for (const name of odd) {
          const collection = `${name} ${stage.collection("odd")}`;
          await one(collection, { n: 1 });
          same((await rowOf(collection))["n"], 1, collection);
        }
      },
    },
    {
      method: "keen.timestamp",
      async run() {
        const collection = stage.collection("time");
        await one(collection, { keen: { timestamp: "2012-05-04T10:11:12.345+02:00" } });
        same(timeOf(await rowOf(collection)), "2012-05-04T08:11:12.345Z");
      },
    },
    {
      method: "keen.uniqueness_token",
      async run() {
        const collection = stage.collection("token");
        for (const n of [1, 2]) await one(collection, { n, keen: { uniqueness_token: "order-7" } });
        await one(collection, { n: 3 });
        const rows = await stage.rows(collection, 2);
        same(numbersOf(rows), [1, 3]);
      },
    },
    {
      method: "add-ons",
      async run() {
        const collection = stage.collection("addons");
        await one(collection, {
          url: "https://shop.example/a?b=1",
          agent:
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15",
          ip: "8.8.8.8",
          keen: {
            addons: [
              { name: "keen:url_parser", input: { url: "url" }, output: "parsed" },
              { name: "keen:ua_parser", input: { ua_string: "agent" }, output: "tech" },
              { name: "keen:ip_to_geo", input: { ip: "ip" }, output: "geo" },
              { name: "keen:date_time_parser", input: { date_time: "keen.timestamp" }, output: "time" },
            ],
          },
        });
        const { parsed, tech, geo, time } = await rowOf(collection);
        same((parsed as { domain: string }).domain, "shop.example");
        same((tech as { os: { family: string } }).os.family, "Mac OS X");
        same((geo as { country: string }).country, "United States");
        ok((time as { year: number }).year >= 2026);
      },
    },
    {
      method: "an add-on without its input is an error",
      async run() {
        const collection = stage.collection("missing");
        const addons = [{ name: "keen:url_parser", input: { url: "gone" }, output: "o" }];
        const outcome = await one(collection, { n: 1, keen: { addons } }).then(
          () => "taken",
          () => "refused",
        );
        same(outcome, "refused");
      },
    },
  ];
  if (!many) return cases;
  return [
    ...cases,
    {
      method: "many events, one of them bad",
      async run() {
        const [good, mixed] = [stage.collection("good"), stage.collection("mixed")];
        const answer = (await many({ [good]: [{ n: 1 }], [mixed]: [{ n: 2 }, { "a.b": 1 }, { n: 3 }] })) as Record<
          string,
          { success: boolean; error?: { name: string } }[]
        >;
        same(answer[good]?.[0]?.success, true);
        same(
          answer[mixed]?.map(({ success }) => success),
          [true, false, true],
        );
        same(answer[mixed]?.[1]?.error?.name, "InvalidPropertyNameError");
        same(numbersOf(await stage.rows(mixed, 2)), [2, 3]);
      },
    },
  ];
}

/** Their `n`, in order. */
export function numbersOf(rows: readonly Record<string, unknown>[]): number[] {
  return rows.map(({ n }) => Number(n)).toSorted((a, b) => a - b);
}

function timeOf(row: Record<string, unknown>): string {
  return (row["keen"] as { timestamp: string }).timestamp;
}
