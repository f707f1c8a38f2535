import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { freePort, launch, type RunningServer } from "../../servers/server.ts";
import { callerOf } from "../providers/call.ts";
import type { Aws } from "../providers/kind.ts";

/** One call that reached the emulator, whoever made it. */
export interface Call {
  /** Seconds since 1970. */
  readonly at: number;
  /** The access key that signed it. */
  readonly key: string;
  /** The resource's URN where a provider called, else the caller's user agent. */
  readonly actor: string;
  /** The name it was signed for, which is IAM's prefix for nearly all: `apigateway`, `es`, `lambda`, `s3`. */
  readonly service: string;
  /** Such as `CreateFunction`. */
  readonly action: string;
  /** In AWS's names; without bodies of files. */
  readonly input: Readonly<Record<string, unknown>>;
  /** Of HTTP. 400 with no other trace: AWS's own model refused the input. */
  readonly status: number;
}

/** What the stand-ins for Pulumi's providers sign with; the `sst` command signs with another one. */
export const PROVIDERS_KEY = "AKIAREHEARSALPROVIDER";

/** An AWS account on loopback, empty at first. */
export interface Emulator {
  /** An address, not a name: S3's clients then put the bucket into the path. */
  readonly url: string;
  readonly port: number;
  /** The record of calls: a line of JSON each. */
  readonly record: string;
  /** Calls AWS as ourselves; recorded under the name given. */
  as(actor: string): Aws;
  calls(): Promise<Call[]>;
  stop(): Promise<void>;
}

/** @param folder gets the log and the record @throws Error with the log's end when it does not start */
export async function startEmulator(python: string, folder: string, signal?: AbortSignal): Promise<Emulator> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const record = join(folder, "calls.jsonl");
  const server: RunningServer = await launch({
    name: "The emulator of AWS",
    command: python,
    args: [join(import.meta.dirname, "serve.py"), String(port), record],
    env: { AWS_EC2_METADATA_DISABLED: "true", PYTHONDONTWRITEBYTECODE: "1" },
    logFile: join(folder, "emulator.log"),
    url,
    ready: async (within) => (await fetch(`${url}/moto-api/`, { signal: within })).ok,
    signal,
  });
  return {
    url,
    port,
    record,
    as: callerOf(url),
    calls: async () => {
      const lines = (await readFile(record, "utf8")).split("\n").filter((line) => line !== "");
      return lines.map((line) => JSON.parse(line) as Call);
    },
    stop: () => server.stop(),
  };
}
