import { transform } from "esbuild";
import { join } from "node:path";
import { coldImport } from "../../bundles/cold-import.ts";
import { MAX_BYTES } from "../../bundles/gate.ts";
import { startFiles } from "../../bundles/start-files.ts";
import { PROVIDERS_KEY, type Call } from "../emulator/emulator.ts";
import type { DeployedFunction } from "../run/deployed/deployment.ts";

/** What is wrong, in words; empty when nothing is. */
export type Findings = readonly string[];

/** Of the calls of a deploy: what AWS would take and then not do what is meant. */
export function callFindings(calls: readonly Call[]): Findings {
  const cors = calls.filter(
    ({ action, input }) => ["CreateApi", "UpdateApi"].includes(action) && input["CorsConfiguration"] !== undefined,
  );
  const unnamed = calls.filter(({ action }) => action === "?");
  return [
    ...cors.map(
      ({ action, input }) =>
        `${action} gives the gateway a CORS configuration (${JSON.stringify(input["CorsConfiguration"])}): AWS then answers OPTIONS ` +
        `itself and drops the CORS headers of the functions`,
    ),
    ...unnamed.map(
      ({ service, input }) => `no model of ${service} knows ${String(input["method"])} ${String(input["path"])}`,
    ),
  ];
}

/** A module that shrinks to less than this part of itself was not minified. */
const MINIFIED = 0.9;

/** Of what is deployed, not of what a build beside it made: its size, and whether it starts under the settings that it got. */
export async function functionFindings(
  functions: readonly Pick<DeployedFunction, "name" | "environment" | "folder" | "handler">[],
): Promise<Findings> {
  const found: string[] = [];
  for (const { name, environment, folder, handler } of functions) {
    const file = join(folder, `${handler.replace(/\.[^.]+$/, "")}.mjs`);
    const code = [...(await startFiles(file)).values()];
    const bytes = sizeOf(code);
    if (bytes > MAX_BYTES) found.push(`${name}: the zip's code has ${bytes} bytes; at most ${MAX_BYTES} are allowed`);
    const enough = sizeOf(await Promise.all(code.map(minify)));
    if (enough < bytes * MINIFIED)
      found.push(`${name}: the zip's code is not minified (${bytes} bytes, ${enough} are enough)`);
    try {
      await coldImport(file, { ...LAMBDA, ...environment }, 1);
    } catch (error) {
      const reason = /^\w*Error: (?!Command failed).*$/m.exec(String(error))?.[0] ?? String(error).slice(0, 1_000);
      found.push(`${name}: does not start under its own settings: ${reason}`);
    }
  }
  return found;
}

function sizeOf(code: readonly string[]): number {
  return code.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
}

async function minify(code: string): Promise<string> {
  return (await transform(code, { minify: true, format: "esm", target: "es2024" })).code;
}

/** What Lambda itself adds to a function's environment. */
const LAMBDA = {
  AWS_REGION: "us-east-1",
  AWS_ACCESS_KEY_ID: "rehearsal",
  AWS_SECRET_ACCESS_KEY: "rehearsal",
  AWS_SESSION_TOKEN: "rehearsal",
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "512",
};

const READING = /^(Get|List|Describe|Head)/;
/** The site is built and uploaded anew in each deploy. */
const SITE = /::Web[A-Za-z]*$/;

/** Of a second deploy of the same tree: what it changed besides the site. */
export function changes(calls: readonly Call[]): Findings {
  return calls
    .filter(({ key, action, actor }) => key === PROVIDERS_KEY && !READING.test(action) && !SITE.test(actor))
    .map(({ action, actor }) => `${action} for ${actor.split("::").at(-1)}`);
}
