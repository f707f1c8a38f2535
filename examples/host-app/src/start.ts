// `npm run example`: Millrace on this machine with the usage of two customers, and a company's web app that shows each of them theirs.
import { buildAssets, createLocalServer, readConfig } from "@millrace/local";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildScript } from "./build.ts";
import { CUSTOMERS } from "./customers.ts";
import { makeSecret, recordTraffic } from "./prepare.ts";
import { serveHostApp } from "./serve.ts";

const PORT = Number(process.env["HOST_APP_PORT"] ?? 4000);
const DAYS = 60;

const folder = await mkdtemp(join(tmpdir(), "millrace-example-"));
const assets = await buildAssets(console.log);
const server = await createLocalServer(readConfig({ PORT: "0", MILLRACE_DATA: folder }), { assets });
await recordTraffic(server.demo, CUSTOMERS, DAYS);
const host = await serveHostApp(PORT, {
  millraceUrl: server.demo.url,
  embedSecret: await makeSecret(server.demo),
  script: await buildScript(),
});
console.log(`Two customers side by side: ${host.url}`);
for (const { id, name } of CUSTOMERS) console.log(`${name}: ${host.url}/accounts/${id}`);
console.log(`The company's own view: ${server.link()}`);

process.once("SIGINT", () => {
  host.close();
  void server.close().then(() => rm(folder, { recursive: true, force: true }));
});
