// `npm run schemathesis`: requests made from our own OpenAPI document against the whole product. No answer may be a 5xx,
// and none may have a status, a content type or a body that the document does not tell of.
import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { numberOf, readCommand } from "./command.ts";
import { createProduct } from "./product/server-process.ts";
import { createProjects } from "./product/tenants.ts";
import { pythonPrograms } from "./servers/python.ts";
import { freePort } from "./servers/server.ts";

const USAGE = `npm run schemathesis   requests made from our OpenAPI document: no status and no body that it does not tell of

  --seconds N          for so long. Default: 150
  --seed N             other requests. Default: 1, the same in each run, so that CI does not fail by luck
  --help`;

const { seconds, seed } = readCommand(
  USAGE,
  { options: { seconds: { type: "string", default: "150" }, seed: { type: "string", default: "1" } } },
  ({ values }) => ({
    seconds: numberOf("seconds", values.seconds, { least: 1, whole: true }),
    seed: numberOf("seed", values.seed, { whole: true }),
  }),
);
const CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance";
/** Addresses beyond 32 KiB are cut off by Node in mid-request, which the tool takes for a broken server; a POST asks the same. */
const TOO_LONG = "GET /3.0/projects/{project}/queries/extraction";

process.exit(await run());

async function run(): Promise<number> {
  await using stack = new AsyncDisposableStack();
  const bin = await pythonPrograms(
    "schemathesis",
    fileURLToPath(new URL("schemathesis/requirements.txt", import.meta.url)),
  );
  const folder = await mkdtemp(join(tmpdir(), "millrace-schemathesis-"));
  stack.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }));
  const data = join(folder, "data");
  const [keys] = await createProjects(data, ["fuzzed"]);
  if (!keys) throw new Error("There is no project.");
  const product = createProduct({ folder: data, port: await freePort(), logFile: join(folder, "log") });
  await product.start();
  stack.defer(() => product.kill());
  // The examples of the document ask for these.
  await fetch(`${product.url}/3.0/projects/${keys.project}/events/pageviews`, {
    method: "POST",
    headers: { authorization: keys.masterKey },
    body: JSON.stringify({ price: 9.5, name: "a", tags: ["x"] }),
  });
  const parameters = { project: keys.project, collection: "pageviews", property: "price" };
  const lines = Object.entries(parameters).map(([name, value]) => `"path.${name}" = ${JSON.stringify(value)}\n`);
  await writeFile(join(folder, "schemathesis.toml"), `[parameters]\n${lines.join("")}`);

  const flags = {
    header: `Authorization: ${keys.masterKey}`,
    checks: CHECKS,
    phases: "examples,coverage,fuzzing",
    "max-time": String(seconds),
    "exclude-name": TOO_LONG,
    "suppress-health-check": "all",
    "generation-database": "none",
    warnings: "off",
    seed: String(seed),
    "request-timeout": "60",
  };
  const options = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value]);
  const st = [join(bin, "st"), "run", `${product.url}/openapi.json`, "--continue-on-failure", "--no-color", ...options];
  const code = await call(join(bin, "python"), st, folder);
  for (const crash of product.crashes()) console.log(`The process ended by itself: ${crash}`);
  return code === 0 && product.crashes().length === 0 ? 0 : 1;
}

function call(command: string, args: readonly string[], cwd: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, stdio: ["ignore", "inherit", "inherit"] });
    process.once("SIGINT", () => child.kill("SIGINT"));
    child.once("error", reject);
    child.once("exit", (status) => resolve(status ?? 1));
  });
}
