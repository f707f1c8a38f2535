import { isObject } from "@millrace/core";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** Asks a path below `/ops/`. @throws Error for people */
export type Asker = <T>(path: string) => Promise<T>;

/** An installation and somebody's key to it. */
export interface Installation {
  readonly url: string;
  readonly key: string;
  /** Of the key, where it is the server's own. */
  readonly project?: string;
}

/**
 * Whom to ask: the server of the data folder with its own key, or another one with the token in MILLRACE_KEY.
 * @throws Error for people, saying what is missing
 */
export async function askerOf(url: string | undefined): Promise<Asker> {
  const target = await installation(url);
  return (path) => send(target, "GET", `/ops/${path}`);
}

/** @throws Error for people, saying what is missing */
export async function installation(url: string | undefined): Promise<Installation> {
  if (url === undefined) return ownServer();
  const key = process.env["MILLRACE_KEY"] ?? "";
  if (key === "") throw new Error("MILLRACE_KEY is not set: the token of somebody who operates all projects.");
  return { url: url.replace(/\/+$/, ""), key };
}

/** Sends a request, and answers what came of it. @throws Error for people */
export async function send<T>(
  { url, key }: Installation,
  method: "GET" | "POST",
  path: string,
  body?: object,
): Promise<T> {
  const headers = { authorization: key, ...(body && { "content-type": "application/json" }) };
  const answer = await fetch(url + path, { method, headers, ...(body && { body: JSON.stringify(body) }) }).catch(
    (cause: unknown) => {
      throw new Error(`Nothing answers at ${url}.`, { cause });
    },
  );
  const said: unknown = await answer.json().catch(() => undefined);
  if (answer.ok) return said as T;
  const message = isObject(said) && typeof said["message"] === "string" ? said["message"] : "no reason was given";
  throw new Error(`${url} answered ${answer.status}: ${message}`);
}

async function ownServer(): Promise<Installation> {
  const file = join(process.env["MILLRACE_DATA"] ?? ".millrace", "demo.json");
  const demo: unknown = JSON.parse(
    await readFile(file, "utf8").catch(() => {
      throw new Error(`There is no ${file}. Start the server first, or name another installation by --url.`);
    }),
  );
  if (!isObject(demo) || typeof demo["url"] !== "string" || typeof demo["masterKey"] !== "string")
    throw new Error(`${file} does not say where the server is.`);
  const project = demo["project"];
  return { url: demo["url"], key: demo["masterKey"], ...(typeof project === "string" && { project }) };
}
