import { gzipSync } from "node:zlib";
import type { Random } from "../../../bench/simulation/random.ts";
import { ask, call, type Reply } from "../../product/api.ts";
import type { Actor, Campaign } from "../campaign.ts";
import type { Tenant } from "../tenants.ts";

/** Repeats `act` in `width` loops for so many seconds. */
async function busy(campaign: Campaign, seconds: number, width: number, act: () => Promise<unknown>): Promise<void> {
  const until = Date.now() + seconds * 1_000;
  const loop = async () => {
    while (Date.now() < until && !campaign.signal.aborted) await act();
  };
  await Promise.all(Array.from({ length: width }, loop));
}

/** Bytes, half JSON, lengths that lie: with the keys of good projects, who must not be harmed by what comes in their name. */
export const garbage: Actor = async (campaign, { seconds }) => {
  const { tenants, product, random } = campaign;
  await busy(campaign, seconds, 2, async () => {
    const tenant = tenants[Math.floor(random.uniform() * tenants.length)];
    if (!tenant) return;
    const [path, body] = oneOf(random, rubbish(tenant, random));
    await call(product.url + path, { key: tenant.writeKey, body, timeoutMs: 5_000 });
  });
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

const WIDTH = 3;

/**
 * Everything a key may do, as often and as large as it lets itself be done. Its own events need only be accounted for; what
 * matters is that its neighbours do not feel it.
 */
export const hostile: Actor = async (campaign, { seconds }) => {
  const { product, hostile: tenant, random } = campaign;
  const attacks = [
    () => names(product.url, tenant, random),
    () => sizes(product.url, tenant, random),
    () => tokens(product.url, tenant, random),
    () => addons(product.url, tenant),
  ];
  await Promise.all([
    busy(campaign, seconds, WIDTH, () => oneOf(random, attacks)()),
    busy(campaign, seconds, WIDTH, () => questions(product.url, tenant)),
  ]);
};

/** Names of collections and properties that nobody has used before. */
function names(base: string, { project, masterKey }: Tenant, random: Random): Promise<Reply> {
  const word = () => Math.floor(random.uniform() * 2 ** 40).toString(36);
  const event = Object.fromEntries(
    Array.from({ length: 300 }, () => [`${word()}_${"x".repeat(200)}`, random.uniform()]),
  );
  const body = JSON.stringify(Object.fromEntries(Array.from({ length: 5 }, () => [`c-${word()}`, [event]])));
  return call(`${base}/3.0/projects/${project}/events`, { key: masterKey, body });
}

/** A small request that unpacks to a large one, long texts in everything that all of its events share. */
function sizes(base: string, { writeKey }: Tenant, random: Random): Promise<Reply> {
  const long = "x".repeat(9_999);
  const hex = Date.now().toString(16).padStart(12, "0");
  const body = {
    v: 1,
    k: writeKey,
    i: `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-${Math.floor(random.uniform() * 2 ** 47)
      .toString(16)
      .padStart(12, "0")}`,
    s: Date.now(),
    a: 0,
    c: { l: long, z: long, r: `https://example.com/${long}` },
    d: { id: long },
    e: Array.from({ length: 500 }, (_, q) => ({
      q,
      n: "clicks",
      t: 0,
      g: 0,
      ...(q === 0 && { u: "https://example.com/", T: long }),
    })),
  };
  return call(`${base}/v1/e`, {
    body: new Uint8Array(gzipSync(JSON.stringify(body))),
    headers: { "content-encoding": "gzip", "content-type": "text/plain" },
  });
}

/** Events of which each text is read by as many add-ons as there may be, and becomes nine times as long in each. */
function addons(base: string, { project, masterKey }: Tenant): Promise<Reply> {
  const list = Array.from({ length: 50 }, (_, at) => ({
    name: "keen:url_parser",
    input: { url: "url" },
    output: `${"o".repeat(200)}.${at}`,
  }));
  const event = { url: `http://a/${"\u5b57".repeat(1_000)}?${"&".repeat(100)}`, keen: { addons: list } };
  const body = JSON.stringify({ addons: Array.from({ length: 150 }, () => event) });
  return call(`${base}/3.0/projects/${project}/events`, {
    key: masterKey,
    body: new Uint8Array(gzipSync(body)),
    headers: { "content-encoding": "gzip", "content-type": "application/json" },
  });
}

function tokens(base: string, { project, masterKey }: Tenant, random: Random): Promise<Reply> {
  const events = Array.from({ length: 2_000 }, (_, at) => ({
    at,
    keen: { uniqueness_token: `${Math.floor(random.uniform() * 2 ** 40)}-${at}` },
  }));
  const body = JSON.stringify({ tokens: events });
  return call(`${base}/3.0/projects/${project}/events`, { key: masterKey, body });
}

/** As many groups and measures as one question may have, over everything there is. */
function questions(base: string, tenant: Tenant): Promise<unknown> {
  const analyses = Object.fromEntries(
    Array.from({ length: 10 }, (_, at) => [
      `m${at}`,
      { analysis_type: at % 2 ? "count_unique" : "median", target_property: at % 2 ? "keen.id" : "at" },
    ]),
  );
  const parameters = { event_collection: ["tokens", "clicks", "steps"], analyses, group_by: ["keen.id", "at"] };
  return ask(base, tenant, "multi_analysis", parameters, 15_000);
}

function oneOf<T>(random: Random, items: readonly T[]): T {
  const item = items[Math.floor(random.uniform() * items.length)];
  if (item === undefined) throw new RangeError("nothing to choose from");
  return item;
}
