import { deepStrictEqual as same } from "node:assert";
import type { Case, Client } from "../case.ts";
import { byCountry, byDay, COLLECTION, count, PURCHASES, TIMEFRAME } from "../events.ts";
import type { Stage } from "../stage.ts";
import type { NpmClients } from "./npm.ts";

interface KeenQuery {
  setConfig(config: object): void;
  build(query: string): { print(style: "raw"): Promise<{ result: unknown }> };
}

const WITHIN = `absTime(${TIMEFRAME.start},${TIMEFRAME.end})`;

/** The Financial Times' keen-query: questions written as text. Its command has no option for a host. */
export async function keenQuery(stage: Stage, npm: NpmClients): Promise<Client> {
  const Query = npm.load("keen-query") as KeenQuery;
  const { project, readKey } = stage.keys;
  Query.setConfig({ KEEN_PROJECT_ID: project, KEEN_READ_KEY: readKey, KEEN_HOST: `${stage.url}/3.0` });
  const prices = PURCHASES.map(({ price }) => price);
  const asked = (method: string, functions: string, expected: unknown): Case => ({
    method,
    async run() {
      const { result } = await Query.build(`${COLLECTION}->${functions}->${WITHIN}`).print("raw");
      same(result, expected);
    },
  });
  return {
    name: "keen-query",
    version: await npm.version("keen-query"),
    host: "`KeenQuery.setConfig({ KEEN_HOST: 'http://HOST:PORT/3.0' })`; its command `kq` has none",
    cases: [
      asked("count", "count()", PURCHASES.length),
      asked("count_unique", "count(user)", 11),
      asked("minimum", "min(price)", Math.min(...prices)),
      asked("maximum", "max(price)", Math.max(...prices)),
      asked(
        "sum",
        "sum(price)",
        prices.reduce((total, price) => total + price, 0),
      ),
      // It calls a bucket's value its result.
      asked(
        "interval",
        "count()->interval(d)",
        byDay((of) => of.length).map(({ value, timeframe }) => ({ result: value, timeframe })),
      ),
      asked(
        "group_by",
        "count()->group(country)",
        byCountry(PURCHASES, (of) => of.length),
      ),
      asked(
        "filters",
        "count()->filter(country=PL)->filter(price>=5)",
        count(({ country, price }) => country === "PL" && price >= 5),
      ),
    ],
  };
}
