import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A Java runtime that answered. */
export interface Java {
  /** What to export as `JAVA_HOME`. */
  readonly home: string;
  readonly command: string;
  readonly major: number;
}

export interface JavaSearch {
  readonly env?: NodeJS.ProcessEnv;
  /** Folder with one JVM per entry. Default: Debian's `/usr/lib/jvm`. */
  readonly jvmFolder?: string;
}

/**
 * The first Java of at least `minimum` in `OPENSEARCH_JAVA_HOME`, `JAVA_HOME`, `java` on the PATH, and Debian's JVM folder.
 * One that is too old or does not start is passed over: machines often keep an old default beside a newer one.
 * @throws with all that was tried and what to install.
 */
export async function findJava(minimum: number, search: JavaSearch = {}): Promise<Java> {
  const env = search.env ?? process.env;
  const tried: string[] = [];
  for (const { source, command } of candidates(env, search.jvmFolder ?? "/usr/lib/jvm")) {
    const found = await probe(command, env);
    if (found && found.major >= minimum) return found;
    tried.push(`${source}: ${found ? `Java ${found.major} is too old` : `${command} does not start`}`);
  }
  throw new Error(
    `Java ${minimum} or newer is needed. Install one (for example Temurin) and set OPENSEARCH_JAVA_HOME or JAVA_HOME to its folder.` +
      `\nTried:\n${tried.map((line) => `  ${line}`).join("\n")}`,
  );
}

/** The major version in what `java -version` prints (`17.0.15`, `25`, and `1.8.0_402` for 8); undefined if there is none. */
export function javaMajor(output: string): number | undefined {
  const [, first, second] = /version "(\d+)(?:\.(\d+))?/.exec(output) ?? [];
  if (first === undefined) return undefined;
  return Number(first === "1" && second !== undefined ? second : first);
}

function* candidates(env: NodeJS.ProcessEnv, jvmFolder: string): Generator<{ source: string; command: string }> {
  for (const name of ["OPENSEARCH_JAVA_HOME", "JAVA_HOME"]) {
    const home = env[name];
    if (home) yield { source: name, command: join(home, "bin", "java") };
  }
  yield { source: "java on the PATH", command: "java" };
  for (const name of listFolder(jvmFolder)) yield { source: name, command: join(jvmFolder, name, "bin", "java") };
}

async function probe(command: string, env: NodeJS.ProcessEnv): Promise<Java | undefined> {
  try {
    const { stdout, stderr } = await run(command, ["-XshowSettings:properties", "-version"], { env, timeout: 30_000 });
    const output = stderr + stdout;
    const major = javaMajor(output);
    if (major === undefined) return undefined;
    const home = /^\s*java\.home = (.+)$/m.exec(output)?.[1] ?? dirname(dirname(command));
    return { home, command: join(home, "bin", "java"), major };
  } catch {
    return undefined;
  }
}

function listFolder(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}
