import { deepStrictEqual as same, ok, rejects } from "node:assert";
import https from "node:https";
import { connect } from "node:tls";
import { codeOf, type Case, type Client } from "../case.ts";
import { COLLECTION, count, PURCHASES, TIMEFRAME } from "../events.ts";
import { questionCases, type Ask } from "../questions.ts";
import { TLS_HOST, type Stage } from "../stage.ts";
import { accessKeyCases, datasetCases, savedQueryCases } from "./management.ts";
import type { NpmClients } from "./npm.ts";

export interface Analysis {
  query(parameters: object): Promise<unknown>;
  url(...path: string[]): string;
  get(request: Request): Promise<unknown>;
  put(request: Request): Promise<unknown>;
  post(request: Request): Promise<unknown>;
  del(request: Request): Promise<unknown>;
}

interface Request {
  readonly url: string;
  readonly api_key?: string;
  readonly params?: object;
  readonly [parameter: string]: unknown;
}

/** keen-analysis in Node knows nothing but https on port 443: here every such connection ends at the proxy. */
export async function analysis(stage: Stage, npm: NpmClients): Promise<Client> {
  https.globalAgent = agentTo(stage);
  const Keen = npm.load("keen-analysis") as new (options: object) => Analysis;
  const open = (keys: object = {}) => new Keen({ ...optionsOf(stage), host: TLS_HOST, ...keys });
  return {
    name: "keen-analysis, Node",
    version: await npm.version("keen-analysis"),
    host: "`host`; always https on port 443",
    cases: analysisCases(stage, open, "node"),
  };
}

export function optionsOf({ keys: { project, readKey, masterKey } }: Stage) {
  return { projectId: project, readKey, masterKey };
}

/** What keen-analysis does in Node and in browsers alike. @param tag tells apart what the two save */
export function analysisCases(stage: Stage, open: (keys?: object) => Analysis, tag: string): Case[] {
  const api_key = stage.keys.masterKey;
  const client = open();
  const ask: Ask = (analysis_type, parameters) => client.query({ analysis_type, ...parameters });
  const at = (...path: string[]) => client.url(...path);
  return [
    ...questionCases(ask, { metadata: true }),
    {
      method: "an unknown collection is an error",
      run: () =>
        rejects(ask("count", { event_collection: "nothing" }), (error) => codeOf(error) === "ResourceNotFoundError"),
    },
    ...savedQueryCases(
      {
        put: (name, params) => client.put({ url: at("queries", "saved", name), api_key, params }),
        list: () => client.get({ url: at("queries", "saved"), api_key }),
        get: (name) => client.get({ url: at("queries", "saved", name), api_key }),
        result: (name) => client.query({ saved_query_name: name }),
        remove: (name) => client.del({ url: at("queries", "saved", name), api_key }),
      },
      `saved-${tag}`,
    ),
    ...datasetCases(
      {
        put: (name, params) => client.put({ url: at("datasets", name), api_key, params }),
        list: () => client.get({ url: at("datasets"), api_key }),
        results: (name, value, timeframe) =>
          client.query({ dataset_name: name, index_by: { country: value }, timeframe }),
        remove: (name) => client.del({ url: at("datasets", name), api_key }),
      },
      `dataset-${tag}`,
    ),
    ...accessKeyCases({
      create: (params) => client.post({ url: at("projectId", "keys"), api_key, params }),
      list: () => client.get({ url: at("projectId", "keys"), api_key }),
      get: (key) => client.get({ url: at("projectId", "keys", key), api_key }),
      revoke: (key) => client.post({ url: at("projectId", "keys", key, "revoke"), api_key }),
      remove: (key) => client.del({ url: at("projectId", "keys", key), api_key }),
      async count(readKey) {
        const request = { analysis_type: "count", event_collection: COLLECTION, timeframe: TIMEFRAME };
        return ((await open({ readKey }).query(request)) as { result: unknown }).result;
      },
    }),
    {
      method: "delete events by a filter",
      async run() {
        const collection = await recorded(stage, "delete");
        const filters = [{ property_name: "country", operator: "eq", property_value: "PL" }];
        await client.del({ url: at("events", collection), api_key, filters, timeframe: TIMEFRAME });
        const expected = count(({ country }) => country !== "PL");
        same((await shrunk(stage, collection, expected)).length, expected);
      },
    },
    {
      method: "delete a collection",
      async run() {
        const collection = await recorded(stage, "drop");
        await client.del({ url: at("events", collection), api_key });
        same((await shrunk(stage, collection, 0)).length, 0);
      },
    },
    {
      method: "delete a property",
      async run() {
        const collection = await recorded(stage, "property");
        await client.del({ url: at("events", collection, "properties", "plan"), api_key });
        const schema = (await client.get({ url: at("events", collection), api_key })) as { properties: object };
        ok(!("plan" in schema.properties));
      },
    },
    {
      method: "schema",
      async run() {
        const { properties } = (await client.get({ url: at("events", COLLECTION), api_key })) as {
          properties: Record<string, string>;
        };
        const own = Object.keys(properties).filter((name) => !name.startsWith("keen."));
        same(own.toSorted(), ["country", "isNew", "plan", "price", "user"]);
        same(
          [properties["price"], properties["isNew"], properties["keen.location.coordinates"]],
          ["num", "bool", "geo"],
        );
      },
    },
    {
      method: "list of projects",
      async run() {
        const url = client.url("projectId").replace(/\/[^/]+$/, "");
        const projects = (await client.get({ url, api_key })) as { id: string }[];
        ok(projects.some(({ id }) => id === stage.keys.project));
      },
    },
    {
      method: "organization-usage",
      async run() {
        ok(await client.get({ url: `${client.url("projectId")}/organization-usage`, api_key }));
      },
    },
  ];
}

/** A collection of its own with the purchases in it. */
async function recorded(stage: Stage, what: string): Promise<string> {
  const collection = stage.collection(what);
  await fetch(`${stage.url}/3.0/projects/${stage.keys.project}/events`, {
    method: "POST",
    headers: { authorization: stage.keys.writeKey },
    body: JSON.stringify({ [collection]: PURCHASES }),
  });
  await stage.rows(collection, PURCHASES.length);
  return collection;
}

/** The rows of a collection once there are no more than `most`. */
async function shrunk(stage: Stage, collection: string, most: number): Promise<unknown[]> {
  for (let tries = 0; ; tries++) {
    const rows = await stage.rows(collection, 0);
    if (rows.length <= most || tries === 50) return rows;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function agentTo({ tls: { port, cert } }: Stage): https.Agent {
  const agent = new https.Agent({ ca: cert });
  agent.createConnection = () => connect({ host: "127.0.0.1", port, servername: TLS_HOST, ca: cert });
  return agent;
}
