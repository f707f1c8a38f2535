import { execFile } from "node:child_process";
import { tmpdir } from "node:os";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";

/** Everything a function may ask for before its first event. Nothing is contacted: no address here leads anywhere. */
const ENVIRONMENT: Readonly<Record<string, string>> = {
  AWS_REGION: "us-east-1",
  AWS_ACCESS_KEY_ID: "none",
  AWS_SECRET_ACCESS_KEY: "none",
  AWS_SESSION_TOKEN: "none",
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "512",
  REGISTRY_TABLE: "none",
  SQS_QUEUE_URL: "http://127.0.0.1:1/000000000000/none",
  SQS_DEAD_LETTER_URL: "http://127.0.0.1:1/000000000000/none",
  OPENSEARCH_URL: "https://none.us-east-1.es.amazonaws.com",
  OPENSEARCH_SHARDS: "1",
  OPENSEARCH_REPLICAS: "0",
  OPENSEARCH_REFRESH_SECONDS: "1",
  OPENSEARCH_BULK_BYTES: "4194304",
  RETENTION_MONTHS: "12",
  ORIGIN_CHECK: "on",
  SST_RESOURCE_App: JSON.stringify({ name: "millrace", stage: "none" }),
  SST_RESOURCE_OriginSecret: JSON.stringify({ value: "none" }),
  SST_RESOURCE_SlackWebhook: JSON.stringify({ value: "off" }),
};

export interface ColdImport {
  /** Milliseconds from the first line of the process to the loaded handler. */
  readonly wallMs: number;
  /** Processor time of that, all threads: steadier where other work shares the machine. */
  readonly cpuMs: number;
}

/**
 * How long new processes take to load a bundle, each figure the median of `runs`. It is the part of a cold start that this code
 * decides; Lambda adds its own. Differs between machines, so it is shown and never asserted.
 * @throws Error with the process's output when the bundle cannot be loaded or has no handler
 */
export async function coldImport(file: string, runs: number): Promise<ColdImport> {
  const script = `
    const started = performance.now();
    const before = process.cpuUsage();
    const { handler } = await import(${JSON.stringify(pathToFileURL(file).href)});
    if (typeof handler !== "function") throw new Error("no handler");
    const { user, system } = process.cpuUsage(before);
    console.log(JSON.stringify({ wallMs: performance.now() - started, cpuMs: (user + system) / 1000 }));
    process.exit(0);`;
  const imports: ColdImport[] = [];
  for (let run = 0; run < runs; run++) {
    // One after the other, or they would take each other's core; from a folder without node_modules, as on Lambda.
    const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script], {
      cwd: tmpdir(),
      env: { ...ENVIRONMENT },
    });
    imports.push(JSON.parse(stdout) as ColdImport);
  }
  return { wallMs: median(imports.map(({ wallMs }) => wallMs)), cpuMs: median(imports.map(({ cpuMs }) => cpuMs)) };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
