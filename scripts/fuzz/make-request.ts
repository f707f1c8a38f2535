import { gzipSync } from "node:zlib";
import type { Random } from "../../bench/simulation/random.ts";
import type { Sample } from "./samples.ts";
import { pick, spoilText, spoilValue } from "./spoil.ts";

/** A request as it goes over the wire. */
export interface WireRequest {
  readonly method: string;
  /** Path and query; only characters that HTTP lets through. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer;
}

const KEYS = ["", "x", "Bearer abc", "A".repeat(300), "null"];
const TYPES = [
  "application/json",
  "text/plain",
  "application/x-www-form-urlencoded",
  "multipart/form-data",
  "application/json; charset=utf-16",
  "",
];

/** Longer ones are cut off by Node in mid-request, so that it depends on the network's mood whether the 431 is seen. */
const TARGET_CHARS = 30_000;

/** Spoils a good request in one to three places: its value, its text, its address, its key, its headers. */
export function makeRequest(sample: Sample, random: Random): WireRequest {
  let { path, key, query = {}, body } = sample;
  let method: string = sample.method;
  let text: string | undefined;
  const headers: Record<string, string> = { "content-type": "application/json" };
  let bytes: Buffer | undefined;
  const times = 1 + Math.floor(random.uniform() * 3);
  for (let i = 0; i < times; i++) {
    const draw = random.uniform();
    if (draw < 0.6) {
      if (body === undefined) query = spoilValue(query, random) as Record<string, unknown>;
      else body = spoilValue(body, random);
    } else if (draw < 0.75) text = spoilText(text ?? JSON.stringify(body) ?? "", random);
    else if (draw < 0.83) path = spoilPath(path, random);
    else if (draw < 0.88) key = pick(random, KEYS);
    else if (draw < 0.92) headers["content-type"] = pick(random, TYPES);
    else if (draw < 0.95) headers["content-encoding"] = pick(random, ["gzip", "deflate", "br", "identity", "x"]);
    else if (draw < 0.97) bytes = gzipSync(JSON.stringify(body) ?? "");
    else method = pick(random, ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"]);
  }
  if (bytes) headers["content-encoding"] = "gzip";
  if (key !== "") headers["authorization"] = key;
  const content = bytes ?? text ?? JSON.stringify(body);
  return {
    method,
    target: (path + queryText(query)).slice(0, TARGET_CHARS),
    headers,
    ...(content !== undefined && method !== "GET" && method !== "HEAD" && { body: Buffer.from(content) }),
  };
}

function spoilPath(path: string, random: Random): string {
  const parts = path.split("/");
  const at = 1 + Math.floor(random.uniform() * (parts.length - 1));
  const spoilt = spoilText(parts[at] ?? "", random).toWellFormed();
  parts[at] = pick(random, [encodeURIComponent(spoilt), "%00", "%ff%fe", "%", "..", "x".repeat(1_500), ""]);
  return parts.join("/");
}

function queryText(query: unknown): string {
  if (typeof query !== "object" || query === null) return `?${encodeURIComponent(String(query).toWellFormed())}`;
  const pairs = Object.entries(query).map(([name, value]) => {
    const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "");
    return `${encodeURIComponent(name.toWellFormed())}=${encodeURIComponent(text.slice(0, 4_000).toWellFormed())}`;
  });
  return pairs.length > 0 ? `?${pairs.join("&")}` : "";
}
