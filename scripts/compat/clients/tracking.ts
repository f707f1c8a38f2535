import { deepStrictEqual as same, rejects } from "node:assert";
import { codeOf, type Case, type Client } from "../case.ts";
import type { Stage } from "../stage.ts";
import type { NpmClients } from "./npm.ts";
import { recordingCases } from "./recording.ts";

interface Tracking {
  recordEvent(collection: string, event: object): Promise<unknown>;
  recordEvents(batch: object): Promise<unknown>;
  deferEvent(collection: string, event: object): void;
  recordDeferredEvents(): Promise<unknown>;
  extendEvents(properties: object | (() => object)): void;
}

/** keen-tracking in Node. It passes `host` to Node's http as it is, so a port needs `nodeRequestConfig`. */
export async function tracking(stage: Stage, npm: NpmClients): Promise<Client> {
  const Keen = npm.load("keen-tracking") as new (options: object) => Tracking;
  const open = (writeKey = stage.keys.writeKey) =>
    new Keen({
      projectId: stage.keys.project,
      writeKey,
      protocol: "http",
      nodeRequestConfig: { host: "127.0.0.1", port: stage.port },
      retry: { limit: 0 },
    });
  const cases: Case[] = [
    ...recordingCases(stage, {
      one: (collection, event) => open().recordEvent(collection, event),
      many: (batch) => open().recordEvents(batch),
    }),
    {
      method: "a wrong key is an error",
      run: () => rejects(open("BAD").recordEvent("c", {}), (error) => codeOf(error) === "InvalidApiKeyError"),
    },
    {
      method: "deferred events",
      async run() {
        const [client, collection] = [open(), stage.collection("deferred")];
        client.deferEvent(collection, { n: 1 });
        client.deferEvent(collection, { n: 2 });
        await client.recordDeferredEvents();
        same((await stage.rows(collection, 2)).length, 2);
      },
    },
    {
      method: "global properties",
      async run() {
        const [client, collection] = [open(), stage.collection("global")];
        client.extendEvents({ page: { title: "T" } });
        await client.recordEvent(collection, { n: 1 });
        same((await stage.rows(collection, 1))[0]?.["page"], { title: "T" });
      },
    },
  ];
  return {
    name: "keen-tracking, Node",
    version: await npm.version("keen-tracking"),
    host: "`host`; with a port `nodeRequestConfig: { host, port }`; `protocol: 'http'` without TLS",
    cases,
  };
}
