import { deepStrictEqual as same, ok, rejects } from "node:assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { pythonPrograms } from "../../servers/python.ts";
import { codeOf, type Client } from "../case.ts";
import { COLLECTION, PURCHASES, TIMEFRAME } from "../events.ts";
import { questionCases, type Ask } from "../questions.ts";
import type { Stage } from "../stage.ts";
import { accessKeyCases, datasetCases, savedQueryCases } from "./management.ts";
import { openBridge } from "./bridge.ts";
import { recordingCases } from "./recording.ts";

const fileOf = (name: string) => fileURLToPath(new URL(`../python/${name}`, import.meta.url));

/** Keen's Python client, in a process that calls what it is told to. */
export async function python(stage: Stage, stack: AsyncDisposableStack): Promise<Client> {
  const bin = await pythonPrograms("keen-python", fileOf("requirements.txt"));
  const { project, writeKey, readKey, masterKey } = stage.keys;
  const keys = [project, writeKey, readKey, masterKey];
  const bridge = openBridge(join(bin, "python"), [fileOf("bridge.py"), stage.url, ...keys], stack);

  async function send(request: string): Promise<unknown> {
    const answer = await bridge(request);
    const error = answer.error as { message: string } | undefined;
    if (error) throw Object.assign(new Error(error.message), error);
    return answer.value;
  }
  const call = (method: string, args: unknown[] = [], kwargs: object = {}, keysOf: object = {}) =>
    send(JSON.stringify({ method, args, kwargs, keys: keysOf }));

  const ask: Ask = async (analysis, parameters) => {
    const { event_collection, ...rest } = parameters;
    // The client takes the result out of the answer; a funnel without all_keys too.
    return { result: await call(analysis, event_collection === undefined ? [] : [event_collection], rest) };
  };
  return {
    name: "keen (Python)",
    version: "0.7.0",
    host: "`KeenClient(base_url=…)`, `keen.base_url` or `KEEN_BASE_URL`",
    cases: [
      ...recordingCases(
        stage,
        {
          one: (collection, event) => call("add_event", [collection, event]),
          many: (batch) => call("add_events", [batch]),
        },
        // It sends / in a name as it is, which is another path.
        { odd: ["User posts.new"] },
      ),
      {
        method: "an integer beyond 2^53",
        async run() {
          await send(`{"method":"add_event","args":["ids",{"id":1234567890123456789}],"kwargs":{},"keys":{}}`);
        },
      },
      {
        method: "extracted rows are recorded again",
        async run() {
          const copy = stage.collection("copy");
          const rows = (await call("extraction", [COLLECTION], { timeframe: TIMEFRAME })) as object[];
          await call("add_events", [{ [copy]: rows }]);
          same((await stage.rows(copy, PURCHASES.length)).length, PURCHASES.length);
        },
      },
      {
        method: "a scoped key is made, and refused by name",
        async run() {
          const options = { allowed_operations: ["read"], filters: [] };
          const read_key = await call("scoped_keys.encrypt", [masterKey, options]);
          await rejects(call("count", [COLLECTION], { timeframe: TIMEFRAME }, { read_key }), (error: Error) => {
            ok(/[Ss]coped keys are not supported/.test(error.message), error.message);
            return codeOf(error) === "InvalidApiKeyError";
          });
        },
      },
      // It does not know the one, and takes an object apart as group_by.
      ...questionCases(ask, { without: ["standard_deviation", "group_by with buckets"] }),
      {
        method: "extraction by e-mail",
        run: async () => void (await call("extraction", [COLLECTION], { timeframe: TIMEFRAME, email: "a@b.example" })),
      },
      ...savedQueryCases(
        {
          put: (name, body) => call("saved_queries.create", [name, body]),
          list: () => call("saved_queries.all"),
          get: (name) => call("saved_queries.get", [name]),
          result: (name) => call("saved_queries.results", [name]),
          remove: (name) => call("saved_queries.delete", [name]),
        },
        "saved-python",
      ),
      ...datasetCases(
        {
          put: (name, { query, index_by, display_name }) =>
            call("cached_datasets.create", [name, query, index_by, display_name]),
          list: () => call("cached_datasets.all"),
          results: (name, value, timeframe) => call("cached_datasets.results", [name, value, timeframe]),
          remove: (name) => call("cached_datasets.delete", [name]),
        },
        "dataset-python",
      ),
      ...accessKeyCases({
        create: (body) => call("create_access_key", [], body),
        list: () => call("list_access_keys"),
        get: (key) => call("get_access_key", [key]),
        revoke: (key) => call("revoke_access_key", [key]),
        remove: (key) => call("delete_access_key", [key]),
        count: (read_key) => call("count", [COLLECTION], { timeframe: TIMEFRAME }, { read_key }),
      }),
      {
        method: "delete events by a filter",
        async run() {
          const collection = stage.collection("python-delete");
          await call("add_events", [{ [collection]: [{ n: 1 }, { n: 2 }] }]);
          await stage.rows(collection, 2);
          const filters = [{ property_name: "n", operator: "eq", property_value: 1 }];
          await call("delete_events", [collection], { filters });
          for (let tries = 0; tries < 50 && (await stage.rows(collection, 0)).length > 1; tries++) {
            await new Promise((resolve) => setTimeout(resolve, 100));
          }
          same(
            (await stage.rows(collection, 0)).map(({ n }) => n),
            [2],
          );
        },
      },
      {
        method: "schema",
        run: async () => {
          const all = (await call("get_all_collections")) as { name: string }[];
          ok(all.some(({ name }) => name === COLLECTION));
        },
      },
    ],
  };
}
