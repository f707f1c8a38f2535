import { ok, rejects } from "node:assert";
import { called, codeOf, type Client } from "../case.ts";
import { questionCases, type Ask } from "../questions.ts";
import type { Stage } from "../stage.ts";
import { savedQueryCases } from "./management.ts";
import type { NpmClients } from "./npm.ts";
import { recordingCases } from "./recording.ts";

type Done = (error: unknown, value: unknown) => void;

interface KeenJs {
  new (options: object): KeenJsClient;
  readonly Query: new (analysis: string, parameters: object) => object;
  readonly utils: { encryptScopedKey(masterKey: string, options: object): string };
}

interface KeenJsClient {
  addEvent(collection: string, event: object, done: Done): void;
  addEvents(batch: object, done: Done): void;
  run(query: object | string, done: Done): void;
  savedQueries(): {
    create(name: string, body: object, done: Done): void;
    all(done: Done): void;
    get(name: string, done: Done): void;
    destroy(name: string, done: Done): void;
  };
}

/** keen-js 3 in Node; the version of the API is a part of its host. */
export async function keenJs(stage: Stage, npm: NpmClients): Promise<Client> {
  const Keen = npm.load("keen-js") as KeenJs;
  const { project, writeKey, readKey, masterKey } = stage.keys;
  const host = `127.0.0.1:${stage.port}/3.0`;
  const open = (keys: object = {}) =>
    new Keen({ projectId: project, writeKey, readKey, masterKey, host, protocol: "http", ...keys });
  const client = open();
  const ask: Ask = (analysis, parameters) => called((done) => client.run(new Keen.Query(analysis, parameters), done));
  const saved = client.savedQueries();
  return {
    name: "keen-js, Node",
    version: await npm.version("keen-js"),
    host: "`host: 'HOST:PORT/3.0'`, `protocol`",
    cases: [
      ...recordingCases(stage, {
        one: (collection, event) => called((done) => client.addEvent(collection, event, done)),
        many: (batch) => called((done) => client.addEvents(batch, done)),
      }),
      ...questionCases(ask),
      {
        method: "a scoped key is made, and refused by name",
        async run() {
          const scoped = Keen.utils.encryptScopedKey(masterKey, { allowed_operations: ["read"], filters: [] });
          const asking = called((done) =>
            open({ readKey: scoped }).run(new Keen.Query("count", { event_collection: "purchases" }), done),
          );
          await rejects(asking, (error) => {
            ok(/[Ss]coped keys are not supported/.test(String((error as Error).message)), String(error));
            return codeOf(error) === "InvalidApiKeyError";
          });
        },
      },
      ...savedQueryCases(
        {
          put: (name, body) => called((done) => saved.create(name, body, done)),
          list: () => called((done) => saved.all(done)),
          get: (name) => called((done) => saved.get(name, done)),
          result: (name) => called((done) => client.run(name, done)),
          remove: (name) => called((done) => saved.destroy(name, done)),
        },
        "saved-keen-js",
      ),
    ],
  };
}
