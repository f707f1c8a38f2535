// `npm run fuzz`: malformed requests against every route of the whole product, made from good ones by spoiling them in a few places.
// No answer may be a 5xx, the process may not end, its memory may not grow. `--help` says the rest.
import { mkdtemp, rm } from "node:fs/promises";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { seededRandom } from "../bench/simulation/random.ts";
import { numberOf, readCommand } from "./command.ts";
import { faultOf } from "./fuzz/judge.ts";
import { makeRequest, type WireRequest } from "./fuzz/make-request.ts";
import { pageRoutesOf, samplesOf } from "./fuzz/samples.ts";
import { pick } from "./fuzz/spoil.ts";
import { residentMiB } from "./product/memory.ts";
import { createProduct } from "./product/server-process.ts";
import { createProjects } from "./product/tenants.ts";
import { trendOf } from "./product/trend.ts";
import { freePort } from "./servers/server.ts";

const USAGE = `npm run fuzz           malformed requests against every route

  --long               1,000,000 requests. Default: 20,000
  --requests N         so many
  --seed N             the same requests again. Default: a new one, printed
  --help`;

const { total, seed } = readCommand(
  USAGE,
  {
    options: {
      long: { type: "boolean", default: false },
      requests: { type: "string" },
      seed: { type: "string", default: String(Math.floor(Math.random() * 1_000_000)) },
    },
  },
  ({ values }) => ({
    total: numberOf("requests", values.requests ?? (values.long ? "1000000" : "20000"), { least: 1 }),
    seed: numberOf("seed", values.seed),
  }),
);
const CONNECTIONS = 8;
const PATIENCE_MS = 60_000;
const MOST_KINDS_SHOWN = 20;
const MEMORY_SAMPLES = 200;
/** A process may keep this much more than it did, MiB: pages of a file that grew, a cache that filled. */
const MEMORY = { growth: 1.3, slack: 64 };

const stopping = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => stopping.abort());
process.exit((await run()) ? 0 : 1);

interface Answer {
  readonly status: number;
  readonly text: string;
}

async function run(): Promise<boolean> {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "millrace-fuzz-"));
  stack.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }));
  const [keys] = await createProjects(join(folder, "data"), ["fuzzed"]);
  if (!keys) throw new Error("There is no project.");
  const product = createProduct({ folder: join(folder, "data"), port: await freePort(), logFile: join(folder, "log") });
  await product.start();
  stack.defer(() => product.kill());

  const document = (await (await fetch(`${product.url}/openapi.json`)).json()) as Parameters<typeof samplesOf>[0];
  const samples = samplesOf(document, keys);
  const pages = pageRoutesOf(document);
  console.log(`Seed ${seed}: ${total} requests, spoilt from ${samples.length} good ones.`);

  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  stack.defer(() => agent.destroy());
  const byStatus = new Map<number, number>();
  const faults = new Map<string, { count: number; first: WireRequest }>();
  const memory: (number | undefined)[] = [];
  const random = seededRandom(seed);
  let sent = 0;
  const one = async (): Promise<void> => {
    // Drawn here, before anything is waited for: the order of the draws does not depend on the answers.
    const wire = makeRequest(pick(random, samples), random);
    if (sent++ % Math.ceil(total / MEMORY_SAMPLES) === 0) memory.push(residentMiB(product.pid()));
    if (sent % Math.ceil(total / 10) === 0) console.log(`${sent} sent, ${Math.round(memory.at(-1) ?? Number.NaN)} MiB`);
    const { status, text } = await send(agent, product.url, wire);
    byStatus.set(status, (byStatus.get(status) ?? 0) + 1);
    const isPage = pages.has(`${wire.method} ${wire.target.replace(/\?.*/s, "")}`);
    const fault = faultOf(wire.method, status, text, isPage);
    if (fault === undefined) return;
    const known = faults.get(fault);
    if (known) known.count++;
    else faults.set(fault, { count: 1, first: wire });
  };
  const loop = async () => {
    while (sent < total && !stopping.signal.aborted && product.crashes().length === 0) await one();
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, loop));

  const { holds: flat, before, after } = trendOf(memory, MEMORY);
  for (const [fault, { count, first }] of [...faults].slice(0, MOST_KINDS_SHOWN)) {
    const { method, target, headers, body } = first;
    console.log(
      `\nFAILED  ${fault}  (${count} times)\n  ${method} ${target.slice(0, 500)}\n  ${JSON.stringify(headers)}\n  ${body?.toString().slice(0, 1_000) ?? ""}`,
    );
  }
  for (const crash of product.crashes()) console.log(`The process ended by itself: ${crash}`);
  const count = (from: number, to: number) =>
    [...byStatus].reduce((sum, [status, times]) => (status >= from && status < to ? sum + times : sum), 0);
  console.table(Object.fromEntries([...byStatus].sort(([a], [b]) => a - b).map(([status, times]) => [status, times])));
  console.log(
    `\n${sent} requests: ${count(500, 600)} answers 5xx, ${count(0, 1)} without an answer, ${faults.size} kinds of fault, ` +
      `${product.crashes().length} crashes; memory ${Math.round(before)} -> ${Math.round(after)} MiB, ${flat ? "flat" : "GROWING, or not known"}`,
  );
  return faults.size === 0 && product.crashes().length === 0 && flat && !stopping.signal.aborted;
}

function send(agent: Agent, base: string, wire: WireRequest, isRepeat = false): Promise<Answer> {
  const { method, target, headers, body } = wire;
  return new Promise((resolve) => {
    const gone = () => resolve({ status: 0, text: "" });
    const { hostname, port } = new URL(base);
    // Node frames no body of a DELETE by itself: it would be read as the next request on the connection.
    const framed = body === undefined ? headers : { "content-length": String(Buffer.byteLength(body)), ...headers };
    const call = request(
      { agent, hostname, port, method, path: target, headers: framed, timeout: PATIENCE_MS },
      (answer) => {
        let text = "";
        answer.setEncoding("utf8");
        answer.on("data", (piece: string) => {
          if (text.length < 10_000) text += piece;
        });
        answer.on("end", () => resolve({ status: answer.statusCode ?? 0, text }));
        answer.on("error", gone);
      },
    );
    call.on("timeout", () => call.destroy());
    // The server may close an idle connection in the moment it is used again, or one whose request it has answered before all of
    // it came: HTTP's own races, and any client repeats then.
    call.on("error", () => {
      if (!isRepeat) resolve(send(agent, base, wire, true));
      else gone();
    });
    call.end(body);
  });
}
