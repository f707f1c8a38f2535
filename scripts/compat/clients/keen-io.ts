import { called, type Client } from "../case.ts";
import { questionCases, type Ask } from "../questions.ts";
import type { Stage } from "../stage.ts";
import type { NpmClients } from "./npm.ts";
import { recordingCases } from "./recording.ts";

type Done = (error: unknown, value: unknown) => void;

interface KeenIo {
  configure(options: object): {
    addEvent(collection: string, event: object, done: Done): void;
    addEvents(batch: object, done: Done): void;
    run(query: object, done: Done): void;
    readonly projects: { list(done: Done): void };
    readonly collections: { remove(project: string, collection: string, done: Done): void };
  };
  readonly Query: new (analysis: string, parameters: object) => object;
}

/** keen.io, the oldest of the Node clients. */
export async function keenIo(stage: Stage, npm: NpmClients): Promise<Client> {
  const Keen = npm.load("keen.io") as KeenIo;
  const { project, writeKey, readKey, masterKey } = stage.keys;
  const client = Keen.configure({ projectId: project, writeKey, readKey, masterKey, baseUrl: `${stage.url}/` });
  const ask: Ask = (analysis, parameters) => called((done) => client.run(new Keen.Query(analysis, parameters), done));
  return {
    name: "keen.io",
    version: await npm.version("keen.io"),
    host: "`baseUrl: 'http://HOST:PORT/'`, which its documentation does not have",
    cases: [
      ...recordingCases(
        stage,
        {
          one: (collection, event) => called((done) => client.addEvent(collection, event, done)),
          many: (batch) => called((done) => client.addEvents(batch, done)),
        },
        { odd: ["User posts.new"] },
      ),
      ...questionCases(ask),
      {
        method: "list of projects",
        run: async () => {
          await called((done) => client.projects.list(done));
        },
      },
    ],
  };
}
