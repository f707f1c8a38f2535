import { createAccess, createSqliteRegistry, systemClock } from "@millrace/access";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { Demo } from "../src/demo.ts";

/** An answer as the other end saw it. */
export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
}

/** One HTTP request to the server of `demo`. A body makes it a POST unless `method` says otherwise. */
export async function request(
  demo: Pick<Demo, "url">,
  path: string,
  {
    key,
    body,
    method,
    headers = {},
  }: { key?: string; body?: unknown; method?: string; headers?: Readonly<Record<string, string>> } = {},
): Promise<Answer> {
  const response = await fetch(demo.url + path, {
    method: method ?? (body === undefined ? "GET" : "POST"),
    headers: { ...(key !== undefined && { authorization: key }), ...headers },
    ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  return { status: response.status, text: await response.text(), headers: response.headers };
}

/** Path of a project's part of the API. */
export const inProject = ({ project }: Pick<Demo, "project">, rest: string) => `/3.0/projects/${project}${rest}`;

/** Adds a project with keys of its own to a data folder that no server uses. */
export async function addTenant(folder: string, name: string): Promise<Omit<Demo, "url">> {
  const registry = createSqliteRegistry({ path: join(folder, "registry.sqlite") });
  const access = createAccess({ registry, clock: systemClock, random: (count) => new Uint8Array(randomBytes(count)) });
  const { id } = await access.projects.create({ name });
  const [writeKey, readKey, masterKey] = [
    await access.keys.create(id, "write"),
    await access.keys.create(id, "read"),
    await access.keys.create(id, "master"),
  ];
  await registry.close();
  return { project: id, writeKey, readKey, masterKey };
}

/** The id of a document load: a UUIDv7, as the tracker makes it. */
export function loadId(at: number): string {
  const hex = at.toString(16).padStart(12, "0") + randomBytes(10).toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
}

export interface BatchOptions {
  readonly load: string;
  /** Numbers of the events in their load. */
  readonly sequences: readonly number[];
  /** The client's clock when it sends. Default: the right time. */
  readonly sentAt?: number;
  readonly collection?: string;
  /** How long ago each event happened, ms. Default 0. */
  readonly age?: number;
}

/** A request body of the tracker. */
export function trackerBatch(writeKey: string, options: BatchOptions) {
  const { load, sequences, sentAt = Date.now(), collection = "pageviews", age = 0 } = options;
  return {
    v: 1,
    k: writeKey,
    i: load,
    s: sentAt,
    a: 0,
    c: { l: "en", z: "Europe/Paris", w: [800, 600, 800, 600] },
    d: {},
    e: sequences.map((q) => ({ q, n: collection, t: age, g: 1, u: "https://example.com/start", T: "Start" })),
  };
}
