import { isObject } from "@millrace/core";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** Asks a path below `/ops/`. @throws Error for people */
export type Asker = <T>(path: string) => Promise<T>;

/**
 * Whom to ask: the server of the data folder with its own key, or another one with the token in MILLRACE_KEY.
 * @throws Error for people, saying what is missing
 */
export async function askerOf(url: string | undefined): Promise<Asker> {
  const target =
    url === undefined ? await ownServer() : { url: url.replace(/\/+$/, ""), key: process.env["MILLRACE_KEY"] ?? "" };
  if (target.key === "") throw new Error("MILLRACE_KEY is not set: the token of somebody who operates all projects.");
  return async <T>(path: string) => {
    const answer = await fetch(`${target.url}/ops/${path}`, { headers: { authorization: target.key } }).catch(
      (cause: unknown) => {
        throw new Error(`Nothing answers at ${target.url}.`, { cause });
      },
    );
    const body: unknown = await answer.json().catch(() => undefined);
    if (answer.ok) return body as T;
    const said = isObject(body) && typeof body["message"] === "string" ? body["message"] : "no reason was given";
    throw new Error(`${target.url} answered ${answer.status}: ${said}`);
  };
}

async function ownServer(): Promise<{ url: string; key: string }> {
  const file = join(process.env["MILLRACE_DATA"] ?? ".millrace", "demo.json");
  const demo: unknown = JSON.parse(
    await readFile(file, "utf8").catch(() => {
      throw new Error(`There is no ${file}. Start the server first, or name another installation by --url.`);
    }),
  );
  if (!isObject(demo) || typeof demo["url"] !== "string" || typeof demo["masterKey"] !== "string")
    throw new Error(`${file} does not say where the server is.`);
  return { url: demo["url"], key: demo["masterKey"] };
}
