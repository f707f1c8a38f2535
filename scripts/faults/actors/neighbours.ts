import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { Random } from "../../../bench/simulation/random.ts";
import { call } from "../../product/api.ts";
import type { Actor } from "../campaign.ts";
import type { Tenant } from "../tenants.ts";
import { busy, oneOf } from "./busy.ts";
import type { Orders } from "./hostile.ts";

/** Bytes, half JSON, lengths that lie: with the keys of good projects, who must not be harmed by what comes in their name. */
export const garbage: Actor = async (campaign, { seconds }) => {
  const { tenants, product, random } = campaign;
  const send = async () => {
    const tenant = tenants[Math.floor(random.uniform() * tenants.length)];
    if (!tenant) return;
    const [path, body] = oneOf(random, rubbish(tenant, random));
    await call(product.url + path, { key: tenant.writeKey, body, timeoutMs: 5_000 });
  };
  await busy(seconds, 2, send, campaign.signal);
};

function rubbish(
  { project, writeKey }: Tenant,
  random: Random,
): [path: string, body: string | Uint8Array<ArrayBuffer>][] {
  const events = `/3.0/projects/${project}/events`;
  const noise = Uint8Array.from({ length: 1 + Math.floor(random.uniform() * 2_000) }, () => random.uniform() * 256);
  const half = JSON.stringify({ steps: [{ n: 1 }, { n: 2 }] });
  return [
    [`${events}/steps`, noise],
    [events, half.slice(0, Math.floor(random.uniform() * half.length))],
    [`${events}/steps`, "[".repeat(50_000)],
    [`${events}/steps`, '{"n":1e999}'],
    [`${events}/${encodeURIComponent("\u0000\ud83d".toWellFormed())}`, "{}"],
    [`/3.0/projects/${"x".repeat(2_000)}/events/steps`, "{}"],
    ["/v1/e", JSON.stringify({ v: 1, k: writeKey, i: "no-uuid", s: 0, c: {}, e: [{}] })],
    ["/v1/e", noise],
  ];
}

/**
 * Everything a key may do, as often and as large as it lets itself be done. Its own events need only be accounted for; what
 * matters is that its neighbours do not feel it: so it has a thread of its own, or they would wait for what it makes and is answered.
 */
export const hostile: Actor = async ({ product, hostile: tenant, random, signal }, { seconds }) => {
  const { book: _, ...keys } = tenant;
  const orders: Orders = { base: product.url, keys, seed: Math.floor(random.uniform() * 2 ** 31), seconds };
  const worker = new Worker(new URL("./hostile.ts", import.meta.url), { workerData: orders });
  const stop = () => void worker.terminate();
  signal.addEventListener("abort", stop, { once: true });
  await once(worker, "exit");
  signal.removeEventListener("abort", stop);
};
