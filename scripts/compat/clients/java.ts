import { deepStrictEqual as same, match } from "node:assert";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { findJava } from "../../servers/java.ts";
import { mavenFolder } from "../../servers/maven.ts";
import type { Client } from "../case.ts";
import type { Stage } from "../stage.ts";
import { openBridge } from "./bridge.ts";
import { numbersOf, recordingCases } from "./recording.ts";

const VERSION = "5.6.0";
const fileOf = (name: string) => fileURLToPath(new URL(`../java/${name}`, import.meta.url));

/** Keen's Java client that records, the newest there is on Maven Central. */
export async function java(stage: Stage, stack: AsyncDisposableStack): Promise<Client> {
  const runtime = await findJava(17);
  const jars = await mavenFolder({
    name: `keen-client-api-java-${VERSION}`,
    group: "io.keen",
    artifact: "keen-client-api-java",
    version: VERSION,
    type: "jar",
    checksums: await readFile(fileOf("client.sha256"), "utf8"),
  });
  const { project, writeKey, readKey, masterKey } = stage.keys;
  const program = ["-cp", join(jars, "*"), fileOf("Bridge.java"), stage.url, project, writeKey, readKey, masterKey];
  const bridge = openBridge(runtime.command, program, stack);
  const send = async (request: string) => {
    const { value, error } = await bridge(request);
    if (error === undefined) return value;
    // The client hands on the server's answer as a text.
    const text = typeof error === "string" ? error : JSON.stringify(error);
    throw Object.assign(new Error(text), { error_code: /"error_code":\s*"(\w+)"/.exec(text)?.[1] });
  };
  const call = (request: object) => send(JSON.stringify(request));
  return {
    name: "keen-client-api-java",
    version: VERSION,
    host: "`client.setBaseUrl(…)`",
    cases: [
      ...recordingCases(
        stage,
        {
          // What belongs under keen is given beside the event.
          one: (collection, event) => {
            const { keen, ...own } = event as { keen?: object };
            return call({ call: "addEvent", collection, event: { n: 1, ...own }, keen });
          },
        },
        // It sends / in a name as it is, which is another path.
        { odd: ["User posts.new", "a+b & c"] },
      ),
      {
        method: "queued events, one of them bad",
        async run() {
          const collection = stage.collection("queued");
          const addons = [{ name: "keen:url_parser", input: { url: "gone" }, output: "o" }];
          const events = [{ n: 1 }, { n: 2, keen: { addons } }, { n: 3 }];
          await call({ call: "queueEvents", collection, events });
          // Of a bad event it is told for good: nothing is left to be sent once more.
          await call({ call: "sendQueuedEvents" });
          const rows = await stage.rows(collection, 2);
          same(numbersOf(rows), [1, 3]);
        },
      },
      {
        method: "an integer beyond 2^53",
        run: async () => {
          await send(`{"call":"addEvent","collection":"ids","event":{"id":1234567890123456789}}`);
        },
      },
      {
        method: "a scoped key is made",
        run: async () => match(String(await call({ call: "scopedKey" })), /^[0-9A-F]{96,}$/i),
      },
    ],
  };
}
