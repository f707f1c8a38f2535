// The hostile project's thread: see neighbours.ts.
import { workerData } from "node:worker_threads";
import { gzipSync } from "node:zlib";
import { seededRandom, type Random } from "../../../bench/simulation/random.ts";
import { call, type Reply } from "../../product/api.ts";
import type { ProjectKeys } from "../../product/tenants.ts";
import { busy, oneOf } from "./busy.ts";

/** What the thread is told. */
export interface Orders {
  readonly base: string;
  readonly keys: ProjectKeys;
  readonly seed: number;
  readonly seconds: number;
}

const WIDTH = 3;

const { base, keys, seed, seconds } = workerData as Orders;
const random = seededRandom(seed);
const attacks = [
  () => names(base, keys, random),
  () => sizes(base, keys, random),
  () => tokens(base, keys, random),
  () => addons(base, keys),
];
await Promise.all([
  busy(seconds, WIDTH, () => oneOf(random, attacks)()),
  busy(seconds, WIDTH, () => questions(base, keys)),
]);

/** Names of collections and properties that nobody has used before. */
function names(base: string, { project, masterKey }: ProjectKeys, random: Random): Promise<Reply> {
  const word = () => Math.floor(random.uniform() * 2 ** 40).toString(36);
  const event = Object.fromEntries(
    Array.from({ length: 300 }, () => [`${word()}_${"x".repeat(200)}`, random.uniform()]),
  );
  const body = JSON.stringify(Object.fromEntries(Array.from({ length: 5 }, () => [`c-${word()}`, [event]])));
  return call(`${base}/3.0/projects/${project}/events`, { key: masterKey, body });
}

/** A small request that unpacks to a large one, long texts in everything that all of its events share. */
function sizes(base: string, { writeKey }: ProjectKeys, random: Random): Promise<Reply> {
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
function addons(base: string, { project, masterKey }: ProjectKeys): Promise<Reply> {
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

function tokens(base: string, { project, masterKey }: ProjectKeys, random: Random): Promise<Reply> {
  const events = Array.from({ length: 2_000 }, (_, at) => ({
    at,
    keen: { uniqueness_token: `${Math.floor(random.uniform() * 2 ** 40)}-${at}` },
  }));
  const body = JSON.stringify({ tokens: events });
  return call(`${base}/3.0/projects/${project}/events`, { key: masterKey, body });
}

/**
 * As many groups and measures as one question may have, over everything there is. The answer is not read as JSON: it shares the
 * processors with what is measured, which another machine's would not.
 */
function questions(base: string, { project, readKey }: ProjectKeys): Promise<Reply> {
  const analyses = Object.fromEntries(
    Array.from({ length: 10 }, (_, at) => [
      `m${at}`,
      { analysis_type: at % 2 ? "count_unique" : "median", target_property: at % 2 ? "keen.id" : "at" },
    ]),
  );
  const parameters = { event_collection: ["tokens", "clicks", "steps"], analyses, group_by: ["keen.id", "at"] };
  return call(`${base}/3.0/projects/${project}/queries/multi_analysis`, {
    key: readKey,
    body: JSON.stringify(parameters),
    timeoutMs: 15_000,
  });
}
